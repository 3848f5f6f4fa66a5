import type { AnswerFromChargePoint, CallToChargePoint, TriggerableMessage } from '../ocpp/messages.ts';
import type { ReadAnswer } from '../wire.ts';
import { isObject, objectOf } from './fields.ts';
import { VENDOR } from './words.ts';

/** What the server orders of a kit (docs/protocols/lafonpulse.md, section 9). */
export type Order = { readonly do: string; readonly [member: string]: unknown };

const TELLABLE: Readonly<Record<TriggerableMessage, string>> = {
  BootNotification: 'start',
  Heartbeat: 'beat',
  StatusNotification: 'state',
  MeterValues: 'meter',
  FirmwareStatusNotification: 'firmware',
  DiagnosticsStatusNotification: 'diagnostics',
};

/** Orders whose answers come in pages, and the member that holds the list. */
export const PAGED: ReadonlyMap<string, 'keys' | 'entries'> = new Map([
  ['read', 'keys'],
  ['list', 'entries'],
]);

/** The order that says the same as this call; null for what a kit cannot be told. */
export function orderOf(call: CallToChargePoint): Order | null {
  switch (call.action) {
    case 'RemoteStartTransaction':
      return { do: 'charge', point: call.connectorId, by: { kind: 'remote', value: call.idTag } };
    case 'RemoteStopTransaction':
      return { do: 'stop', number: call.transactionId };
    case 'Reset':
      return { do: 'reset', hard: call.type === 'Hard' };
    case 'UnlockConnector':
      return { do: 'unlock', point: call.connectorId };
    case 'ChangeAvailability':
      return { do: 'serve', point: call.connectorId, on: call.type === 'Operative' };
    case 'GetConfiguration':
      return { do: 'read', keys: call.key?.length === 0 ? undefined : call.key, from: 0 };
    case 'ChangeConfiguration':
      return { do: 'write', key: call.key, value: call.value };
    case 'ClearCache':
      return { do: 'forget' };
    case 'TriggerMessage':
      return { do: 'tell', what: TELLABLE[call.requestedMessage], point: call.connectorId };
    case 'UpdateFirmware':
      return { do: 'firmware', url: call.location, at: call.retrieveDate };
    case 'GetDiagnostics':
      return { do: 'diagnostics', url: call.location, from: call.startTime, to: call.stopTime };
    case 'DataTransfer':
      return extraOf(call);
    default:
      return null;
  }
}

/** What kits can do beyond OCPP goes by DataTransfer, as elsewhere. */
function extraOf({ vendorId, messageId, data }: Extract<CallToChargePoint, { action: 'DataTransfer' }>): Order | null {
  if (vendorId !== VENDOR) return null;
  if (messageId === 'list') return { do: 'list', from: 0 };
  if (messageId === 'show') return showOf(data ?? '');
  return null;
}

/** `data` is the JSON of texts by language and of seconds; any other text is the same in all languages. */
function showOf(data: string): Order {
  const message = objectOf(data);
  if (message === null || !isObject(message['texts'])) return { do: 'show', text: data };
  const { texts, seconds } = message;
  return { do: 'show', texts, seconds: typeof seconds === 'number' ? seconds : undefined };
}

/** A kit's words for what came of an order, in the standard's. */
const STATUSES: ReadonlyMap<string, string> = new Map([
  ['accepted', 'Accepted'],
  ['refused', 'Rejected'],
  ['scheduled', 'Scheduled'],
  ['restart', 'RebootRequired'],
  ['unlocked', 'Unlocked'],
  ['failed', 'UnlockFailed'],
]);

/** What a kit says to an order that it does not have, or about what it does not know. */
const UNKNOWN: Readonly<Partial<Record<CallToChargePoint['action'], string>>> = {
  UnlockConnector: 'NotSupported',
  ChangeConfiguration: 'NotSupported',
  TriggerMessage: 'NotImplemented',
  DataTransfer: 'UnknownMessageId',
};

/** Reads what a kit answered to the order of this call. */
export function readDone(call: CallToChargePoint, done: unknown): ReadAnswer {
  if (!isObject(done)) return unreadable('the answer is no object');
  const answer = answerOf(call, done);
  return answer === null
    ? unreadable(`the kit will not: ${textOf(done['status'])}`)
    : { ok: true, answer, tolerated: [] };
}

function answerOf(call: CallToChargePoint, done: Readonly<Record<string, unknown>>): AnswerFromChargePoint | null {
  const { action } = call;
  const said = done['status'];
  if (action === 'GetConfiguration' && Array.isArray(done['keys'])) {
    const unknown: readonly unknown[] = Array.isArray(done['unknown']) ? done['unknown'] : [];
    return {
      action,
      configurationKey: done['keys'].filter(Array.isArray).map(([key, value, isWritable]: readonly unknown[]) => ({
        key: textOf(key),
        value: textOf(value ?? ''),
        readonly: isWritable !== true,
      })),
      unknownKey: unknown.map(textOf),
    };
  }
  if (action === 'DataTransfer' && Array.isArray(done['entries']))
    return { action, status: 'Accepted', data: JSON.stringify({ mode: done['mode'], entries: done['entries'] }) };
  if (typeof said !== 'string') return null;
  // OCPP has no word for a kit that will not.
  if (action === 'UpdateFirmware') return said === 'accepted' ? { action } : null;
  if (action === 'GetDiagnostics') {
    const { file } = done;
    return said === 'accepted' ? { action, fileName: typeof file === 'string' ? file : null } : null;
  }
  const status = said === 'unknown' ? (UNKNOWN[action] ?? 'Rejected') : (STATUSES.get(said) ?? said);
  return { action, status } as AnswerFromChargePoint;
}

/** What stands where a text should, as its JSON: an object may well refuse to be written as a text. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function unreadable(detail: string): ReadAnswer {
  return { ok: false, fault: { code: 'FormationViolation', detail } };
}
