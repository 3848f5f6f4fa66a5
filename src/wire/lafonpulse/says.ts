import type { CallFromChargePoint, MeterSample, StatusNotification, WireFault } from '../ocpp/messages.ts';
import { isObject, Members, objectOf } from './fields.ts';
import { DIAGNOSTICS_STATES, ENDS, FAULTS, FIRMWARE_STATES, FREE_BADGE, STATES, VENDOR } from './words.ts';

export type ReadSay =
  | { readonly ok: true; readonly call: CallFromChargePoint }
  | { readonly ok: false; readonly fault: WireFault };

/** What kits say most, as they write it: known without being parsed. */
const BEAT = '{"say":"beat"}';
const READ_BEAT: ReadSay = { ok: true, call: { action: 'Heartbeat' } };
const POINT_MAX = 4;
const METER_WH_MAX = 1_000_000_000_000;
const POWER_W_MAX = 1_000_000;
const CURRENT_MA_MAX = 1_000_000;
const NUMBER_MAX = 2_147_483_647;
const VALUE_CHARACTERS_MAX = 36;

/**
 * What a kit says (docs/protocols/lafonpulse.md, section 6), in the shapes of OCPP 1.6. Strict: the protocol is ours, so
 * what is not of it is a fault, which a kit is told.
 */
export function readSay(text: string, serial: string): ReadSay {
  if (text === BEAT) return READ_BEAT;
  const object = objectOf(text);
  if (object === null)
    return { ok: false, fault: { code: 'FormationViolation', detail: 'the body is no JSON object' } };
  const said = new Members(object);
  const call = callOf(said.text('say', 20), said, { serial, text, object });
  if (said.fault !== null) return { ok: false, fault: said.fault };
  if (call === null) return { ok: false, fault: { code: 'NotImplemented', detail: 'nothing that a kit can say' } };
  return { ok: true, call };
}

type Of = { readonly serial: string; readonly text: string; readonly object: Readonly<Record<string, unknown>> };

function callOf(say: string, said: Members, of: Of): CallFromChargePoint | null {
  switch (say) {
    case 'beat':
      return { action: 'Heartbeat' };
    case 'meter':
      return meterOf(said);
    case 'state':
      return stateOf(said);
    case 'may':
      return { action: 'Authorize', idTag: badgeOf(said) };
    case 'parked':
      return statusAt(said, 'Preparing');
    case 'began':
      return {
        action: 'StartTransaction',
        connectorId: pointOf(said),
        idTag: badgeOf(said),
        meterStart: said.whole('meter', 0, METER_WH_MAX),
        timestamp: said.at(),
      };
    case 'ended': {
      const number = said.whole('number', 0, NUMBER_MAX);
      return {
        action: 'StopTransaction',
        transactionId: number === 0 ? null : number,
        meterStop: said.whole('meter', 0, METER_WH_MAX),
        timestamp: said.at(),
        reason: said.word('why', ENDS, 'Other'),
        samples: [],
        ...(isObject(of.object['by']) && { idTag: badgeOf(said) }),
      };
    }
    case 'left':
      return statusAt(said, 'Available');
    case 'start':
      return startOf(said, of.serial);
    case 'kit':
      return { action: 'DataTransfer', vendorId: VENDOR, messageId: 'kit', data: of.text };
    case 'sensors':
      return { action: 'DataTransfer', vendorId: VENDOR, messageId: `point/${pointOf(said)}`, data: of.text };
    case 'firmware':
      return { action: 'FirmwareStatusNotification', status: said.word('state', FIRMWARE_STATES, 'Idle') };
    case 'diagnostics':
      return { action: 'DiagnosticsStatusNotification', status: said.word('state', DIAGNOSTICS_STATES, 'Idle') };
    default:
      return null;
  }
}

function startOf(said: Members, serial: string): CallFromChargePoint {
  const soft = said.textOrNone('soft', 50);
  const iccid = said.textOrNone('iccid', 22);
  const imsi = said.textOrNone('imsi', 20);
  return {
    action: 'BootNotification',
    chargePointVendor: said.textOrNone('make', 50) ?? 'Pulse',
    chargePointModel: said.textOrNone('model', 50) ?? 'Kit',
    chargePointSerialNumber: serial,
    ...(soft !== undefined && { firmwareVersion: soft }),
    ...(iccid !== undefined && { iccid }),
    ...(imsi !== undefined && { imsi }),
  };
}

function stateOf(said: Members): StatusNotification {
  const timestamp = said.atOrNone();
  const fault = said.textOrNone('fault', 40) === undefined ? 'NoError' : said.word('fault', FAULTS, 'OtherError');
  const code = said.textOrNone('code', 50);
  const info = said.textOrNone('text', 50);
  return {
    action: 'StatusNotification',
    connectorId: said.whole('point', 0, POINT_MAX),
    status: said.word('state', STATES, 'Available'),
    errorCode: fault,
    ...(timestamp !== undefined && { timestamp }),
    ...(code !== undefined && { vendorErrorCode: code }),
    ...(info !== undefined && { info }),
  };
}

/** A vehicle came, or left: a fact that was kept has the time at which it was so. */
function statusAt(said: Members, status: 'Preparing' | 'Available'): StatusNotification {
  const fact = { action: 'StatusNotification', connectorId: pointOf(said), status, errorCode: 'NoError' } as const;
  return { ...fact, timestamp: said.at(), kept: true };
}

function meterOf(said: Members): CallFromChargePoint {
  const energyWh = said.wholeOrNone('meter', 0, METER_WH_MAX);
  const powerW = said.wholeOrNone('power', 0, POWER_W_MAX);
  const currentMa = said.wholeOrNone('current', 0, CURRENT_MA_MAX);
  const socPercent = said.wholeOrNone('charge', 0, 100);
  const number = said.wholeOrNone('number', 0, NUMBER_MAX) ?? 0;
  const sample: MeterSample = {
    timestamp: said.at(),
    context: 'Sample.Periodic',
    ...(energyWh !== undefined && { energyWh }),
    ...(powerW !== undefined && { powerW }),
    ...(currentMa !== undefined && { currentMa }),
    ...(socPercent !== undefined && { socPercent }),
  };
  return {
    action: 'MeterValues',
    connectorId: pointOf(said),
    transactionId: number === 0 ? null : number,
    samples: [sample],
  };
}

function pointOf(said: Members): number {
  return said.whole('point', 1, POINT_MAX);
}

/** The value alone: whoever keeps badges knows their kinds. A charge that nobody asked leave for has none. */
function badgeOf(said: Members): string {
  const by = said.within('by');
  const kind = by.word('kind', KINDS, 'rfid');
  const value = kind === 'free' ? FREE_BADGE : by.text('value', VALUE_CHARACTERS_MAX).trim();
  if (value === '') by.refuse('PropertyConstraintViolation', 'by.value is empty');
  if (kind === 'sms' && !PHONE.test(value))
    by.refuse('PropertyConstraintViolation', 'by.value: a telephone number in international form');
  if (by.fault !== null) said.refuse(by.fault.code, by.fault.detail);
  return value;
}

/** By which the number of a telephone is told from that of a badge (SOC-10). */
const PHONE = /^\+\d{6,15}$/;

/** How somebody identifies himself at a kit. */
const KINDS: ReadonlyMap<string, string> = new Map(
  ['rfid', 'barcode', 'sms', 'code', 'remote', 'free'].map((kind) => [kind, kind]),
);
