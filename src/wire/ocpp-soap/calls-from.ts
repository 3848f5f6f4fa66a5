import { readCall, type ReadCall } from '../ocpp/calls-from.ts';
import type { Tolerance, WireFault } from '../ocpp/messages.ts';
import { CENTRAL_SYSTEM, type SoapVersion } from './descriptions.ts';
import { missingHeaders, type Envelope } from './envelope.ts';
import { fieldsOf } from './fields.ts';
import type { ReadMode } from '../ocpp/reading.ts';
import { callOf16 } from './version-15.ts';
import type { XmlElement } from './xml.ts';

const REQUEST = /^(\w+)Request$/i;

/**
 * The call in an envelope, in the shapes of OCPP 1.6. The body says what is asked, and its namespace in which version;
 * the Action header is believed only where the body is empty, as some firmwares send a heartbeat. Never throws. `mode` as in `readCall`.
 */
export function readSoapCall(envelope: Envelope, version: SoapVersion, mode: ReadMode): ReadCall {
  const service = CENTRAL_SYSTEM[version];
  const { body } = envelope;
  const action = body === null ? envelope.action : actionOf(body);
  if (action === null) {
    return { ok: false, fault: { code: 'ProtocolError', detail: 'neither the body nor a header says what is asked' } };
  }
  const element = `${action.charAt(0).toLowerCase()}${action.slice(1)}Request`;
  const shape = service.shapeOf(element);
  if (shape === undefined) {
    // Also what JSON alone has: certificates are not for chargers that no password proves.
    const detail = `${action.slice(0, 50)} is not a call of OCPP ${version} over SOAP`;
    return { ok: false, fault: { code: 'NotSupported', detail } };
  }
  const fields = body === null ? {} : fieldsOf(body, shape);
  const read = readCall(action, version === '1.5' ? callOf16(action, fields) : fields, mode);
  const odd = read.ok ? oddities(envelope, service.namespace) : [];
  if (odd.length > 0 && mode === 'strict') {
    return { ok: false, fault: { code: 'ProtocolError', detail: `the envelope is not conform: ${odd.join(', ')}` } };
  }
  return read.ok && odd.length > 0 ? { ...read, tolerated: [...odd, ...read.tolerated] } : read;
}

/** `BootNotification` of `bootNotificationRequest`, whatever its letter case. */
function actionOf(body: XmlElement): string {
  const name = REQUEST.exec(body.name)?.[1] ?? body.name;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * What to answer to a body of another version; null when it may be read as one of this. A body of no namespace is
 * taken for one of ours.
 */
export function versionFault({ body }: Envelope, version: SoapVersion): WireFault | null {
  const { namespace } = CENTRAL_SYSTEM[version];
  if (body === null || body.namespace === '' || isSame(body.namespace, namespace)) return null;
  const detail = `${body.namespace.slice(0, 100)} is not OCPP ${version}, which is ${namespace} and spoken here`;
  return { code: 'ProtocolError', detail };
}

function oddities(envelope: Envelope, namespace: string): readonly Tolerance[] {
  const { body } = envelope;
  const isOdd = body !== null && [body, ...body.children].some((one) => one.namespace !== namespace);
  return [...missingHeaders(envelope), ...(isOdd ? (['odd-namespace'] as const) : [])];
}

/** But for the slash at the end, which the text of the standard leaves out, and the letter case. */
function isSame(written: string, namespace: string): boolean {
  return written.replace(/\/$/, '').toLowerCase() === namespace.slice(0, -1).toLowerCase();
}
