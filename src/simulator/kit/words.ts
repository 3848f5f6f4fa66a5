import type { Payload } from '../payload.ts';
import type { OutgoingCall } from '../state.ts';
import type { Body } from './memory.ts';

/** What the behaviour of a simulated charger says in OCPP, in the words of docs/protocols/lafonpulse.md; and its orders back. */

const STATES: Readonly<Record<string, string>> = {
  Available: 'free',
  Preparing: 'parked',
  Charging: 'charging',
  SuspendedEV: 'paused-vehicle',
  SuspendedEVSE: 'paused-kit',
  Finishing: 'finished',
  Reserved: 'reserved',
  Unavailable: 'out',
  Faulted: 'fault',
};
const FAULTS: Readonly<Record<string, string>> = {
  NoError: 'none',
  ConnectorLockFailure: 'lock',
  EVCommunicationError: 'vehicle',
  GroundFailure: 'earth',
  HighTemperature: 'heat',
  InternalError: 'inside',
  OverCurrentFailure: 'current',
  PowerMeterFailure: 'meter',
  ReaderFailure: 'reader',
};
const ENDS: Readonly<Record<string, string>> = {
  Local: 'user',
  EVDisconnected: 'unplugged',
  Remote: 'order',
  UnlockCommand: 'unlock',
  DeAuthorized: 'refused',
  SoftReset: 'reset',
  HardReset: 'reset',
  PowerLoss: 'power',
  EmergencyStop: 'emergency',
};
/** Measurands, and the member that tells each: value times so much is a whole number of its unit. */
const READINGS: Readonly<Record<string, readonly [member: string, times: number]>> = {
  'Energy.Active.Import.Register': ['meter', 1],
  'Power.Active.Import': ['power', 1],
  'Current.Import': ['current', 1_000],
  SoC: ['charge', 1],
};

export function stateSaid({ payload }: OutgoingCall): Body {
  const fault = FAULTS[String(payload['errorCode'])] ?? 'other';
  return {
    say: 'state',
    point: payload['connectorId'],
    at: payload['timestamp'],
    state: STATES[String(payload['status'])] ?? 'out',
    ...(fault !== 'none' && { fault }),
  };
}

export function meterSaid({ payload }: OutgoingCall, number: number): Body {
  const last = listOf(payload['meterValue']).at(-1) ?? {};
  const readings = listOf(last['sampledValue']).flatMap((sample): [string, number][] => {
    const [member, times] = READINGS[String(sample['measurand'])] ?? [];
    const kilo = String(sample['unit']).startsWith('k') ? 1_000 : 1;
    return member === undefined ? [] : [[member, Math.round(Number(sample['value']) * kilo * (times ?? 1))]];
  });
  return {
    say: 'meter',
    point: payload['connectorId'],
    at: last['timestamp'],
    number,
    ...Object.fromEntries(readings),
  };
}

export function beganSaid({ payload }: OutgoingCall, run: number, leave: string): Body {
  const { connectorId, timestamp, idTag, meterStart } = payload;
  const by = { ...badge(idTag), ...(leave === 'remote' && { kind: 'remote' }) };
  const said = { say: 'began', point: connectorId, socket: 1, at: timestamp, by, meter: meterStart };
  return { ...said, run, leave };
}

export function endedSaid({ payload }: OutgoingCall, point: number, run: number): Body {
  const why = ENDS[String(payload['reason'] ?? 'Local')] ?? 'other';
  return { say: 'ended', point, at: payload['timestamp'], run, meter: payload['meterStop'], why };
}

/** How far it is with a file: `UploadFailed` is `failed`, the others are their words with a hyphen. */
export function fileSaid({ action, payload }: OutgoingCall): Body {
  const status = String(payload['status']);
  if (action === 'DiagnosticsStatusNotification')
    return { say: 'diagnostics', state: status === 'UploadFailed' ? 'failed' : status.toLowerCase() };
  const state = status === 'InstallationFailed' ? 'install-failed' : status.replaceAll(/\B[A-Z]/g, '-$&').toLowerCase();
  return { say: 'firmware', state };
}

export function badge(idTag: unknown): Body {
  return { kind: 'rfid', value: String(idTag) };
}

/** The order as the behaviour knows it; null for what only a kit has. `addressOf`: where the file of an order is for it. */
export function commandOf(
  order: Body,
  addressOf: (url: unknown) => string | null,
): { readonly action: string; readonly payload: Payload } | null {
  const connectorId = order['point'];
  switch (order['do']) {
    case 'charge': {
      const by = (order['by'] ?? {}) as Payload;
      const point = connectorId === undefined ? {} : { connectorId };
      return { action: 'RemoteStartTransaction', payload: { idTag: by['value'], ...point } };
    }
    case 'stop':
      return { action: 'RemoteStopTransaction', payload: { transactionId: order['number'] } };
    case 'unlock':
      return { action: 'UnlockConnector', payload: { connectorId } };
    case 'reset':
      return { action: 'Reset', payload: { type: order['hard'] === true ? 'Hard' : 'Soft' } };
    case 'serve':
      return {
        action: 'ChangeAvailability',
        payload: { connectorId, type: order['on'] === true ? 'Operative' : 'Inoperative' },
      };
    case 'read':
      return { action: 'GetConfiguration', payload: order['keys'] === undefined ? {} : { key: order['keys'] } };
    case 'write':
      return { action: 'ChangeConfiguration', payload: { key: order['key'], value: order['value'] } };
    case 'firmware':
      return { action: 'UpdateFirmware', payload: { location: addressOf(order['url']), retrieveDate: order['at'] } };
    case 'diagnostics':
      return { action: 'GetDiagnostics', payload: { location: addressOf(order['url']) } };
    case 'tell':
      return { action: 'TriggerMessage', payload: { requestedMessage: TELL[String(order['what'])], connectorId } };
    default:
      return null;
  }
}

const TELL: Readonly<Record<string, string>> = {
  start: 'BootNotification',
  beat: 'Heartbeat',
  state: 'StatusNotification',
  meter: 'MeterValues',
  firmware: 'FirmwareStatusNotification',
  diagnostics: 'DiagnosticsStatusNotification',
};
const DONE: Readonly<Record<string, string>> = {
  Accepted: 'accepted',
  Rejected: 'refused',
  Scheduled: 'scheduled',
  RebootRequired: 'restart',
  Unlocked: 'unlocked',
  UnlockFailed: 'failed',
};

/** What became of it: `NotSupported` and its like are `unknown`. A charger answers orders of files without a status. */
export function doneOf(action: string, answer: Payload): Body {
  if (action === 'UpdateFirmware') return { status: 'accepted' };
  if (action === 'GetDiagnostics') return { status: 'accepted', file: answer['fileName'] };
  return { status: DONE[String(answer['status'])] ?? 'unknown' };
}

/** As many of a list as fit a datagram, from there on (section 9). */
export function pageOf<T>(
  all: readonly T[],
  from: number,
  bytesMax: number,
): { readonly some: readonly T[]; readonly more: boolean } {
  const some: T[] = [];
  let bytes = 0;
  for (const one of all.slice(from)) {
    bytes += Buffer.byteLength(JSON.stringify(one)) + 1;
    if (bytes > bytesMax) break;
    some.push(one);
  }
  return { some, more: from + some.length < all.length };
}

function listOf(value: unknown): readonly Payload[] {
  return Array.isArray(value) ? (value as readonly Payload[]) : [];
}
