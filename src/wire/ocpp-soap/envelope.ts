import type { Tolerance, WireFault } from '../ocpp/messages.ts';
import { MESSAGE_ID_CHARACTERS_TOLERATED_MAX } from '../ocpp/frame.ts';
import { escaped, readXml, type XmlElement } from './xml.ts';

export const SOAP_1_2 = 'http://www.w3.org/2003/05/soap-envelope';
export const SOAP_1_1 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
/** WS-Addressing 1.0 §2.1: the answer goes back where the question came from. */
const ANONYMOUS = `${ADDRESSING}/anonymous`;
/** An identity has 48 characters at most, an address of a charger 300. */
const HEADER_CHARACTERS_MAX = 300;

/** What an envelope says, whoever wrote it; null for a header that it does not have. */
export type Envelope = {
  readonly identity: string | null;
  /** `BootNotification`, whether it came as a path, an URL or a word. */
  readonly action: string | null;
  readonly messageId: string | null;
  /** Where the sender listens, by its own word: From, or ReplyTo when that is an address. */
  readonly from: string | null;
  /** The one element of the body; null when it is empty. */
  readonly body: XmlElement | null;
};
export type ReadEnvelope =
  | { readonly ok: true; readonly envelope: Envelope }
  /** `malformed`: no XML. `version`: of SOAP 1.1, or of no SOAP at all. */
  | { readonly ok: false; readonly why: 'malformed' | 'version' | 'not-soap'; readonly fault: WireFault };

/** Reads headers by their local name alone: firmwares put them in many namespaces, or in none (field-28). Never throws. */
export function readEnvelope(text: string): ReadEnvelope {
  const xml = readXml(text);
  if (!xml.ok) return { ok: false, why: 'malformed', fault: { code: 'FormationViolation', detail: xml.detail } };
  const { root } = xml;
  if (root.name !== 'Envelope') {
    return { ok: false, why: 'not-soap', fault: { code: 'FormationViolation', detail: `<${root.name}> is no SOAP` } };
  }
  if (root.namespace !== SOAP_1_2) {
    const detail = root.namespace === SOAP_1_1 ? 'this is SOAP 1.1' : 'the envelope is not of SOAP 1.2';
    return { ok: false, why: 'version', fault: { code: 'ProtocolError', detail: `${detail}: OCPP speaks SOAP 1.2` } };
  }
  const headers = childOf(root, 'header')?.children ?? [];
  const from = addressIn(headers, 'from') ?? addressIn(headers, 'replyto');
  const messageId = textIn(headers, 'messageid');
  const envelope: Envelope = {
    identity: textIn(headers, 'chargeboxidentity'),
    action: actionOf(textIn(headers, 'action')),
    messageId: messageId === null || messageId.length > MESSAGE_ID_CHARACTERS_TOLERATED_MAX ? null : messageId,
    from: from === null || from.startsWith(`${ADDRESSING}/`) ? null : from,
    body: childOf(root, 'body')?.children[0] ?? null,
  };
  return { ok: true, envelope };
}

/** Headers that the standard wants of a request and that were not there. */
export function missingHeaders({ action, messageId }: Envelope): readonly Tolerance[] {
  return action === null || messageId === null ? ['missing-header'] : [];
}

function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name.toLowerCase() === name);
}

function textIn(headers: readonly XmlElement[], name: string): string | null {
  const text = headers.find((header) => header.name.toLowerCase() === name)?.text.trim() ?? '';
  return text === '' ? null : text;
}

function addressIn(headers: readonly XmlElement[], name: string): string | null {
  const header = headers.find((one) => one.name.toLowerCase() === name);
  const address = header === undefined ? '' : (childOf(header, 'address')?.text ?? header.text).trim();
  return address === '' || address.length > HEADER_CHARACTERS_MAX ? null : address;
}

/** The last step of a path, an URL or an URN; of a longer one than any, what ends it: a pattern goes back and forth. */
function actionOf(written: string | null): string | null {
  return /(\w+)\/?$/.exec(written?.slice(-HEADER_CHARACTERS_MAX) ?? '')?.[1] ?? null;
}

/** An envelope around the XML of a body; what is null is left out. Every prefix is declared. */
export function envelopeOf(of: {
  readonly namespace: string;
  readonly identity: string | null;
  readonly action: string;
  readonly messageId: string | null;
  readonly relatesTo: string | null;
  /** Where the sender listens; a server says nothing of it. */
  readonly from?: string;
  readonly body: string;
}): string {
  const { identity, messageId, relatesTo, from } = of;
  // A charger that sent no addressing may know nothing of it: of an answer it must understand the body alone.
  const isAnswer = messageId === null;
  const headers = [
    identity === null ? '' : `<o:chargeBoxIdentity s:mustUnderstand="true">${escaped(identity)}</o:chargeBoxIdentity>`,
    `<w:Action${isAnswer ? '' : ' s:mustUnderstand="true"'}>${escaped(of.action)}</w:Action>`,
    isAnswer ? '' : `<w:MessageID>${escaped(messageId)}</w:MessageID>`,
    from === undefined ? '' : `<w:From><w:Address>${escaped(from)}</w:Address></w:From>`,
    isAnswer ? '' : `<w:ReplyTo><w:Address>${ANONYMOUS}</w:Address></w:ReplyTo>`,
    relatesTo === null ? '' : `<w:RelatesTo>${escaped(relatesTo)}</w:RelatesTo>`,
  ];
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<s:Envelope xmlns:s="${SOAP_1_2}" xmlns:w="${ADDRESSING}" xmlns:o="${of.namespace}">` +
    `<s:Header>${headers.join('')}</s:Header><s:Body>${of.body}</s:Body></s:Envelope>`
  );
}
