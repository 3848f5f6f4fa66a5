import type { Fields } from './descriptions.ts';

/**
 * Between OCPP 1.5 and the shapes of 1.6, field by field, so that each rule is written once. What 1.5 cannot say is
 * never invented: `Occupied` becomes `Preparing`, which claims no more than that a vehicle or a badge is there.
 */
type Words = ReadonlyMap<unknown, string>;

const STATUSES: Words = new Map([['Occupied', 'Preparing']]);
const ERROR_CODES: Words = new Map([['Mode3Error', 'EVCommunicationError']]);
const UNITS: Words = new Map([
  ['Amp', 'A'],
  ['Volt', 'V'],
]);
const UNLOCKED: Words = new Map([
  ['Accepted', 'Unlocked'],
  ['Rejected', 'UnlockFailed'],
]);
/** Keys that 1.5 spells its own way. */
const KEYS_OF_15: Words = new Map([['HeartbeatInterval', 'HeartBeatInterval']]);
const KEYS_OF_16: Words = inverse(KEYS_OF_15);

/** A call of a charger, as 1.6 would have put it. */
export function callOf16(action: string, fields: Fields): Fields {
  switch (action) {
    case 'StatusNotification':
      return { ...fields, ...worded(fields, 'status', STATUSES), ...worded(fields, 'errorCode', ERROR_CODES) };
    case 'MeterValues': {
      const { values, ...others } = fields;
      return values === undefined ? fields : { ...others, meterValue: listOf(values).map(meterValue) };
    }
    case 'StopTransaction': {
      const { transactionData, ...others } = fields;
      if (transactionData === undefined) return fields;
      const values = listOf(transactionData).flatMap((one) => (isFields(one) ? listOf(one['values']) : []));
      return { ...others, transactionData: values.map(meterValue) };
    }
    default:
      return fields;
  }
}

/** An answer to a charger, as 1.5 puts it: fields and words that it lacks have no place in its description. */
export function answerOf15(action: string, fields: Fields): Fields {
  if (action !== 'BootNotification') return fields;
  const status = fields['status'] === 'Accepted' ? 'Accepted' : 'Rejected';
  return { ...fields, status, heartbeatInterval: fields['interval'] };
}

/** A call to a charger, as 1.5 puts it. */
export function callOf15(action: string, fields: Fields): Fields {
  switch (action) {
    case 'ChangeConfiguration':
      return { ...fields, ...worded(fields, 'key', KEYS_OF_15) };
    case 'GetConfiguration':
      return fields['key'] === undefined ? fields : { key: listOf(fields['key']).map(keyOf15) };
    case 'SendLocalList':
      return { ...fields, localAuthorisationList: fields['localAuthorizationList'] };
    default:
      return fields;
  }
}

/** What a charger answered to a call of ours, as 1.6 would have put it. */
export function answerOf16(action: string, fields: Fields): Fields {
  switch (action) {
    case 'UnlockConnector':
      return { ...fields, ...worded(fields, 'status', UNLOCKED) };
    case 'SendLocalList': {
      const { hash: _unused, ...others } = fields;
      return fields['status'] === 'HashError' ? { ...others, status: 'Failed' } : others;
    }
    case 'GetConfiguration': {
      const keys = fields['configurationKey'];
      if (!Array.isArray(keys)) return fields;
      const configurationKey = keys.map((one: unknown) =>
        isFields(one) ? { ...one, ...worded(one, 'key', KEYS_OF_16) } : one,
      );
      return { ...fields, configurationKey };
    }
    default:
      return fields;
  }
}

/** `{ timestamp, value: ["1200" or { value, unit... }] }` of 1.5. */
function meterValue(element: unknown): unknown {
  if (!isFields(element)) return element;
  const { value, ...others } = element;
  if (value === undefined) return element;
  const sampledValue = listOf(value).map((one) =>
    isFields(one) ? { ...one, ...worded(one, 'unit', UNITS) } : { value: one },
  );
  return { ...others, sampledValue };
}

function keyOf15(key: unknown): unknown {
  return KEYS_OF_15.get(key) ?? key;
}

/** The field in the other version's word; nothing when both say the same. */
function worded(fields: Fields, name: string, words: Words): Fields {
  const word = words.get(fields[name]);
  return word === undefined ? {} : { [name]: word };
}

function inverse(words: Words): Words {
  return new Map([...words].map(([from, to]) => [to, String(from)]));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
