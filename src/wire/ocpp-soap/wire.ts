import { readAnswer } from '../ocpp/answers-from.ts';
import type { Protocol } from '../protocol.ts';
import type { ReadAnswer, Wire } from '../wire.ts';
import { CENTRAL_SYSTEM, CHARGE_POINT, type Service, type SoapVersion } from './descriptions.ts';
import { envelopeOf } from './envelope.ts';
import { faultEnvelope } from './faults.ts';
import { fieldsOf } from './fields.ts';
import { rereadEnvelopes } from './reread.ts';
import { answerOf15, answerOf16, callOf15 } from './version-15.ts';
import type { XmlElement } from './xml.ts';

/** What `call` writes of a call that the version does not have: nothing can be sent, and the edge says so. */
export const NOT_IN_THIS_VERSION = '';
/** Begins the id that we give to a call that came without one: no answer relates to it. */
const UNNAMED = 'unnamed/';

/** An id for a call without one; `serial` counts. */
export function unnamed(serial: number): string {
  return UNNAMED + serial;
}

/** OCPP over SOAP in one of its versions: answers and calls as whole envelopes. */
function soapWire(version: SoapVersion): Wire {
  const central = CENTRAL_SYSTEM[version];
  const point = CHARGE_POINT[version];
  const is15 = version === '1.5';
  return {
    protocol: is15 ? 'ocpp-1.5-soap' : 'ocpp-1.6-soap',
    result(messageId, { action, ...fields }) {
      const body = central.write(`${elementOf(action)}Response`, is15 ? answerOf15(action, fields) : fields);
      const none = { identity: null, messageId: null };
      const relatesTo = relatedTo(messageId);
      return envelopeOf({ ...none, namespace: central.namespace, action: `/${action}Response`, relatesTo, body });
    },
    error: (messageId, fault) => faultEnvelope(fault, central.namespace, relatedTo(messageId)),
    call(callId, { action, ...fields }, chargePointId) {
      const element = `${elementOf(action)}Request`;
      if (point.shapeOf(element) === undefined) return NOT_IN_THIS_VERSION;
      return envelopeOf({
        namespace: point.namespace,
        identity: chargePointId,
        action: `/${action}`,
        messageId: callId,
        relatesTo: null,
        body: point.write(element, is15 ? callOf15(action, fields) : fields),
      });
    },
    reread: (request, answer) => rereadEnvelopes(request, answer, version),
    readAnswer: (call, payload) => readBody(call, payload as XmlElement | null, point, is15),
  };
}

export const SOAP_WIRES = {
  'ocpp-1.5-soap': soapWire('1.5'),
  'ocpp-1.6-soap': soapWire('1.6'),
} as const satisfies Partial<Record<Protocol, Wire>>;

function readBody(
  call: Parameters<Wire['readAnswer']>[0],
  body: XmlElement | null,
  point: Service,
  is15: boolean,
): ReadAnswer {
  const element = `${elementOf(call.action)}Response`;
  if (body === null || body.name.toLowerCase() !== element.toLowerCase()) {
    const detail = `${body === null ? 'an empty body' : `<${body.name}>`} is no answer to ${call.action}`;
    return { ok: false, fault: { code: 'FormationViolation', detail: detail.slice(0, 200) } };
  }
  const fields = fieldsOf(body, point.shapeOf(element));
  return readAnswer(call, is15 ? answerOf16(call.action, fields) : fields);
}

function elementOf(action: string): string {
  return action.charAt(0).toLowerCase() + action.slice(1);
}

function relatedTo(messageId: string): string | null {
  return messageId.startsWith(UNNAMED) ? null : messageId;
}
