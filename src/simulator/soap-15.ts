import type { Fields } from '#src/wire/ocpp-soap/descriptions.ts';

/** A charger of OCPP 1.5, which thinks in the words of 1.6: what it says and hears in its own. */

/** Something is plugged in, or a badge was shown: 1.5 says no more. */
const OCCUPIED: ReadonlySet<unknown> = new Set(['Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing']);
/** What its meter may speak of. */
const MEASURED: ReadonlySet<unknown> = new Set([
  'Energy.Active.Import.Register',
  'Power.Active.Import',
  'Current.Import',
  'Voltage',
]);
const UNITS: ReadonlyMap<unknown, string> = new Map([
  ['A', 'Amp'],
  ['V', 'Volt'],
]);

export function callTo15(action: string, payload: Fields): Fields {
  switch (action) {
    case 'StatusNotification': {
      const { status, errorCode } = payload;
      return {
        ...payload,
        status: OCCUPIED.has(status) ? 'Occupied' : status,
        errorCode: errorCode === 'EVCommunicationError' ? 'Mode3Error' : errorCode,
      };
    }
    case 'MeterValues':
      return { ...payload, values: listOf(payload['meterValue']).map(values15) };
    case 'StopTransaction': {
      const samples = listOf(payload['transactionData']);
      return { ...payload, transactionData: samples.length === 0 ? undefined : [{ values: samples.map(values15) }] };
    }
    default:
      return payload;
  }
}

export function answerFrom15(action: string, fields: Fields): Fields {
  return action === 'BootNotification' ? { ...fields, interval: fields['heartbeatInterval'] } : fields;
}

export function callFrom15(action: string, fields: Fields): Fields {
  if (action === 'ChangeConfiguration') return { ...fields, key: keyOf16(fields['key']) };
  return action === 'GetConfiguration' ? { ...fields, key: listOf(fields['key']).map(keyOf16) } : fields;
}

export function answerTo15(action: string, payload: Fields): Fields {
  switch (action) {
    case 'UnlockConnector':
      return { status: payload['status'] === 'Unlocked' ? 'Accepted' : 'Rejected' };
    case 'ChangeConfiguration':
      return { status: payload['status'] === 'RebootRequired' ? 'Accepted' : payload['status'] };
    default:
      return payload;
  }
}

/** A value's text with what it is in its attributes, as the package writes them. */
function values15(meterValue: unknown): Fields {
  const { timestamp, sampledValue } = meterValue as Fields;
  const value = listOf(sampledValue).flatMap((sampled) => {
    const { value: text, measurand, unit, context } = sampled as Fields;
    if (measurand !== undefined && !MEASURED.has(measurand)) return [];
    const attributes = { measurand, unit: UNITS.get(unit) ?? unit, context };
    const told = Object.entries(attributes).filter(([, word]) => word !== undefined);
    return [{ attributes: Object.fromEntries(told), $value: text }];
  });
  return { timestamp, value };
}

function keyOf16(key: unknown): unknown {
  return key === 'HeartBeatInterval' ? 'HeartbeatInterval' : key;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
