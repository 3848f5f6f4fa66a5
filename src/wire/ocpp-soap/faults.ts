import type { CallErrorCode, WireFault } from '../ocpp/messages.ts';
import { envelopeOf, SOAP_1_1, SOAP_1_2 } from './envelope.ts';
import { escaped, type XmlElement } from './xml.ts';

/** Those of OCPP-S 1.6 that a central system has a use for; whose fault each is decides the HTTP status. */
type Subcode = 'SecurityError' | 'ProtocolError' | 'InternalError' | 'NotSupported';

/** WS-Addressing 1.0, SOAP binding §6. */
const FAULT_ACTION = 'http://www.w3.org/2005/08/addressing/soap/fault';
const SENDER_FAULT = '<s:Fault><s:Code><s:Value>s:Sender';
const FAULT_CHARACTERS_MAX = 255;

/** A fault as OCPP-S has it, in one of its words. */
export function faultEnvelope(fault: WireFault, namespace: string, relatesTo: string | null): string {
  const subcode = subcodeOf(fault.code);
  const isSenders = subcode !== 'InternalError' && subcode !== 'NotSupported';
  const body =
    `${isSenders ? SENDER_FAULT : '<s:Fault><s:Code><s:Value>s:Receiver'}</s:Value>` +
    `<s:Subcode><s:Value>o:${subcode}</s:Value></s:Subcode></s:Code>` +
    `<s:Reason><s:Text xml:lang="en">${escaped(fault.detail)}</s:Text></s:Reason></s:Fault>`;
  return envelopeOf({ namespace, identity: null, action: FAULT_ACTION, messageId: null, relatesTo, body });
}

/** SOAP 1.2 Part 1, appendix A: what a speaker of SOAP 1.1 can read, with the version that it should speak. */
export function versionMismatch(fault: WireFault): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="${SOAP_1_1}"><s:Header>` +
    `<v:Upgrade xmlns:v="${SOAP_1_2}"><v:SupportedEnvelope qname="v:Envelope"/></v:Upgrade></s:Header>` +
    `<s:Body><s:Fault><faultcode>s:VersionMismatch</faultcode>` +
    `<faultstring>${escaped(fault.detail)}</faultstring></s:Fault></s:Body></s:Envelope>`
  );
}

/** SOAP 1.2 Part 2 §7.5.2.2, of an envelope that we wrote. Nothing that a charger sent can be taken for a tag in it. */
export function httpStatusOf(envelope: string): 200 | 400 | 500 {
  if (!envelope.includes('<s:Fault>')) return 200;
  return envelope.includes(SENDER_FAULT) ? 400 : 500;
}

/** The word of a fault and its text, from either version of SOAP; null when the element is no fault. */
export function readFault(body: XmlElement | null): { readonly code: string; readonly text: string } | null {
  if (body === null || body.name !== 'Fault') return null;
  const code =
    first(body, ['Code', 'Subcode', 'Value']) ?? first(body, ['Code', 'Value']) ?? first(body, ['faultcode']);
  const text = first(body, ['Reason', 'Text']) ?? first(body, ['faultstring']);
  const word = (code ?? '').trim();
  return {
    code: word.slice(word.lastIndexOf(':') + 1, FAULT_CHARACTERS_MAX) || 'GenericError',
    text: (text ?? '').trim().slice(0, FAULT_CHARACTERS_MAX),
  };
}

function first(element: XmlElement, path: readonly string[]): string | undefined {
  let at: XmlElement | undefined = element;
  for (const name of path) at = at?.children.find((child) => child.name === name);
  return at?.text;
}

function subcodeOf(code: CallErrorCode): Subcode {
  switch (code) {
    case 'SecurityError':
      return 'SecurityError';
    case 'NotImplemented':
    case 'NotSupported':
      return 'NotSupported';
    case 'InternalError':
    case 'GenericError':
      return 'InternalError';
    default:
      return 'ProtocolError';
  }
}
