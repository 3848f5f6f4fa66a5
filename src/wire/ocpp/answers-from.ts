import type { AnswerFromChargePoint, CallToChargePoint, ConfigurationKey, Tolerance, WireFault } from './messages.ts';
import { readCertificateIds, readComposite, readDiagnostics, readListVersion, readLog } from './other-answers-from.ts';
import { isObject, Reading, type Fields } from './reading.ts';
import { vocabulary, type Vocabulary } from './vocabulary.ts';

/** `fault` is for the journal and the page of the command; no CALLERROR answers an answer. */
export type ReadAnswer =
  | { readonly ok: true; readonly answer: AnswerFromChargePoint; readonly tolerated: readonly Tolerance[] }
  | { readonly ok: false; readonly fault: WireFault };

/** More keys than any box has; those beyond it are passed over. */
export const CONFIGURATION_KEYS_MAX = 1_000;
/** What is kept of one configuration value; the standard allows 500 characters, boxes send more (field-18). */
export const CONFIGURATION_VALUE_CHARACTERS_MAX = 2_000;

type StatusAction = Exclude<CallToChargePoint['action'], WithoutStatus>;
type WithoutStatus = 'GetConfiguration' | 'UpdateFirmware' | 'GetDiagnostics' | 'GetLocalListVersion';

/** 1.5 unlocks with `Accepted` and `Rejected`, which 1.6 boxes still answer. */
const STATUSES: Readonly<Record<StatusAction, Vocabulary<string>>> = {
  RemoteStartTransaction: vocabulary<string>(['Accepted', 'Rejected']),
  RemoteStopTransaction: vocabulary<string>(['Accepted', 'Rejected']),
  Reset: vocabulary<string>(['Accepted', 'Rejected']),
  ClearCache: vocabulary<string>(['Accepted', 'Rejected']),
  UnlockConnector: vocabulary<string>(
    ['Unlocked', 'UnlockFailed', 'NotSupported'],
    [
      ['accepted', 'Unlocked'],
      ['rejected', 'UnlockFailed'],
    ],
  ),
  ChangeAvailability: vocabulary<string>(['Accepted', 'Rejected', 'Scheduled']),
  ChangeConfiguration: vocabulary<string>(['Accepted', 'Rejected', 'RebootRequired', 'NotSupported']),
  TriggerMessage: vocabulary<string>(['Accepted', 'Rejected', 'NotImplemented']),
  DataTransfer: vocabulary<string>(['Accepted', 'Rejected', 'UnknownMessageId', 'UnknownVendorId']),
  SendLocalList: vocabulary<string>(
    ['Accepted', 'Failed', 'NotSupported', 'VersionMismatch'],
    [['hasherror', 'Failed']],
  ),
  ReserveNow: vocabulary<string>(['Accepted', 'Faulted', 'Occupied', 'Rejected', 'Unavailable']),
  CancelReservation: vocabulary<string>(['Accepted', 'Rejected']),
  SetChargingProfile: vocabulary<string>(['Accepted', 'Rejected', 'NotSupported']),
  ClearChargingProfile: vocabulary<string>(['Accepted', 'Unknown']),
  GetCompositeSchedule: vocabulary<string>(['Accepted', 'Rejected']),
  CertificateSigned: vocabulary<string>(['Accepted', 'Rejected']),
  DeleteCertificate: vocabulary<string>(['Accepted', 'Failed', 'NotFound']),
  ExtendedTriggerMessage: vocabulary<string>(['Accepted', 'Rejected', 'NotImplemented']),
  GetInstalledCertificateIds: vocabulary<string>(['Accepted', 'NotFound']),
  InstallCertificate: vocabulary<string>(['Accepted', 'Failed', 'Rejected']),
  GetLog: vocabulary<string>(['Accepted', 'Rejected', 'AcceptedCanceled']),
  SignedUpdateFirmware: vocabulary<string>([
    'Accepted',
    'Rejected',
    'AcceptedCanceled',
    'InvalidCertificate',
    'RevokedCertificate',
  ]),
};

const STATUS_PROPERTIES = new Set(['status']);
const DATA_TRANSFER_PROPERTIES = new Set(['status', 'data']);
const CONFIGURATION_PROPERTIES = new Set(['configurationKey', 'unknownKey']);
const KEY_PROPERTIES = new Set(['key', 'readonly', 'value']);
const NO_PROPERTIES = new Set<string>();

/**
 * What a charge point answered to `call`. Always lenient, for a command has been carried out whatever its answer looks
 * like; only an answer that says nothing is a fault. Never throws.
 */
export function readAnswer(call: CallToChargePoint, payload: unknown): ReadAnswer {
  const reading = new Reading('tolerant');
  const fields = reading.fields(payload);
  if (fields !== null) {
    const answer = readFields(call, fields, reading);
    if (reading.fault === null) return { ok: true, answer, tolerated: reading.tolerated };
  }
  return { ok: false, fault: reading.fault ?? { code: 'InternalError', detail: 'the answer was not read' } };
}

function readFields(call: CallToChargePoint, fields: Fields, reading: Reading): AnswerFromChargePoint {
  switch (call.action) {
    case 'GetConfiguration':
      return readConfiguration(fields, reading);
    case 'UpdateFirmware':
      reading.onlyKnown(fields, NO_PROPERTIES);
      return { action: call.action };
    case 'GetDiagnostics':
      return readDiagnostics(fields, reading);
    case 'GetLocalListVersion':
      return readListVersion(fields, reading);
  }
  const status = reading.vital(reading.openWord(fields.status, 'status', STATUSES[call.action]), 'status', '');
  switch (call.action) {
    case 'GetCompositeSchedule':
      return readComposite(fields, reading, status);
    case 'GetLog':
      return readLog(fields, reading, status);
    case 'GetInstalledCertificateIds':
      return readCertificateIds(fields, reading, status);
    case 'DataTransfer': {
      reading.onlyKnown(fields, DATA_TRANSFER_PROPERTIES);
      const data = reading.rawText(fields.data, 'data');
      return data === undefined ? { action: call.action, status } : { action: call.action, status, data };
    }
    default:
      reading.onlyKnown(fields, STATUS_PROPERTIES);
      return { action: call.action, status };
  }
}

/** Both lists may be absent (field-29). */
function readConfiguration(fields: Fields, reading: Reading): AnswerFromChargePoint {
  reading.onlyKnown(fields, CONFIGURATION_PROPERTIES);
  const configurationKey: ConfigurationKey[] = [];
  for (const element of reading.list(fields.configurationKey, 'configurationKey', CONFIGURATION_KEYS_MAX)) {
    const key = readKey(element, reading);
    if (key !== null) configurationKey.push(key);
  }
  const unknownKey: string[] = [];
  for (const element of reading.list(fields.unknownKey, 'unknownKey', CONFIGURATION_KEYS_MAX)) {
    if (typeof element === 'object') reading.note('coerced-type');
    else unknownKey.push(reading.text(element, 'unknownKey', 50) ?? '');
  }
  return { action: 'GetConfiguration', configurationKey, unknownKey };
}

/** `null` for an entry without a name. One that does not say whether it is read-only is tried as if it were not. */
function readKey(element: unknown, reading: Reading): ConfigurationKey | null {
  const key = isObject(element) && typeof element.key === 'string' ? reading.text(element.key, 'key', 50) : undefined;
  if (!isObject(element) || key === undefined || key === '') {
    reading.note('missing-property');
    return null;
  }
  reading.onlyKnown(element, KEY_PROPERTIES);
  const readonly = readBoolean(element.readonly, reading);
  const value = readValue(element.value, reading);
  return value === undefined ? { key, readonly } : { key, readonly, value };
}

function readBoolean(value: unknown, reading: Reading): boolean {
  if (typeof value === 'boolean') return value;
  reading.note(value === undefined ? 'missing-property' : 'coerced-type');
  return value === 1 || (typeof value === 'string' && /^\s*(?:true|1|yes)\s*$/i.test(value));
}

/** Numbers and booleans become the text they stand for (field-17); a list becomes the standard's comma list. */
function readValue(value: unknown, reading: Reading): string | undefined {
  const text = Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.join(',') : value;
  if (text !== value) reading.note('coerced-type');
  const raw = reading.rawText(text, 'value');
  if (raw === undefined || raw.length <= 500) return raw;
  reading.note('over-long');
  return raw.slice(0, CONFIGURATION_VALUE_CHARACTERS_MAX);
}
