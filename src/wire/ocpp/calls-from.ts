import type {
  Authorize,
  BootNotification,
  CallFromChargePoint,
  DataTransfer,
  DiagnosticsStatusNotification,
  FirmwareStatusNotification,
  Heartbeat,
  MeterValues,
  StartTransaction,
  StatusNotification,
  StopTransaction,
  Tolerance,
  WireFault,
} from './messages.ts';
import { readMeterSamples } from './meter.ts';
import { Reading, TEXT_CHARACTERS_MAX, type Fields, type ReadMode } from './reading.ts';
import type { CallReader, Draft } from './call-reader.ts';
import { SECURITY_READERS } from './security-calls-from.ts';
import { DIAGNOSTICS_STATUSES, ERROR_CODES, FIRMWARE_STATUSES, STATUSES, STOP_REASONS } from './vocabulary.ts';

/** `fault` goes back in a CALLERROR. A call that was read is never answered with one, whatever was forgiven. */
export type ReadCall =
  | { readonly ok: true; readonly call: CallFromChargePoint; readonly tolerated: readonly Tolerance[] }
  | { readonly ok: false; readonly fault: WireFault };

/**
 * A charge point's call, from the action and the payload of its frame. Never throws. In tolerant mode, which is for
 * the field, only what cannot be used at all is refused: a start or a reading without its connector or its register,
 * a badge to authorise without a badge. In strict mode everything the standard forbids is refused, with its code.
 */
export function readCall(action: string, payload: unknown, mode: ReadMode): ReadCall {
  const reader = READERS.get(action);
  if (reader === undefined) return { ok: false, fault: unreadableAction(action) };
  const reading = new Reading(mode);
  const fields = reading.fields(payload);
  if (fields !== null) {
    reading.onlyKnown(fields, reader.properties);
    const call = reader.read(fields, reading);
    if (reading.fault === null) return { ok: true, call, tolerated: reading.tolerated };
  }
  return { ok: false, fault: reading.fault ?? { code: 'InternalError', detail: 'the payload was not read' } };
}

const HEARTBEAT: Heartbeat = Object.freeze({ action: 'Heartbeat' });

function readBootNotification(fields: Fields, reading: Reading): BootNotification {
  const vendor = reading.text(fields.chargePointVendor, 'chargePointVendor', 20);
  const model = reading.text(fields.chargePointModel, 'chargePointModel', 20);
  const chargePointSerialNumber = reading.text(fields.chargePointSerialNumber, 'chargePointSerialNumber', 25);
  const chargeBoxSerialNumber = reading.text(fields.chargeBoxSerialNumber, 'chargeBoxSerialNumber', 25);
  const firmwareVersion = reading.text(fields.firmwareVersion, 'firmwareVersion', 50);
  const iccid = reading.text(fields.iccid, 'iccid', 20);
  const imsi = reading.text(fields.imsi, 'imsi', 20);
  const meterType = reading.text(fields.meterType, 'meterType', 25);
  const meterSerialNumber = reading.text(fields.meterSerialNumber, 'meterSerialNumber', 25);
  const call: Draft<BootNotification> = {
    action: 'BootNotification',
    chargePointVendor: reading.wanted(vendor, 'chargePointVendor', ''),
    chargePointModel: reading.wanted(model, 'chargePointModel', ''),
  };
  if (chargePointSerialNumber !== undefined) call.chargePointSerialNumber = chargePointSerialNumber;
  if (chargeBoxSerialNumber !== undefined) call.chargeBoxSerialNumber = chargeBoxSerialNumber;
  if (firmwareVersion !== undefined) call.firmwareVersion = firmwareVersion;
  if (iccid !== undefined) call.iccid = iccid;
  if (imsi !== undefined) call.imsi = imsi;
  if (meterType !== undefined) call.meterType = meterType;
  if (meterSerialNumber !== undefined) call.meterSerialNumber = meterSerialNumber;
  return call;
}

/**
 * A status that nobody knows is read as `Unavailable`: it must not promise a free connector to a driver, nor send a
 * fault alert to a maintainer. Its word, as that of an unknown error code, is added to `info` for people to read.
 */
function readStatusNotification(fields: Fields, reading: Reading): StatusNotification {
  const errorCode = reading.word(fields.errorCode, 'errorCode', ERROR_CODES, 'OtherError');
  const status = reading.word(fields.status, 'status', STATUSES, 'Unavailable');
  const info = withWords(reading.text(fields.info, 'info', 50), reading.unknownWords);
  const timestamp = reading.timestamp(fields.timestamp);
  const vendorId = reading.text(fields.vendorId, 'vendorId', 255);
  const vendorErrorCode = reading.text(fields.vendorErrorCode, 'vendorErrorCode', 50);
  const call: Draft<StatusNotification> = {
    action: 'StatusNotification',
    connectorId: reading.vital(reading.connectorId(fields.connectorId), 'connectorId', 0),
    status: reading.vital(status, 'status', 'Unavailable'),
    errorCode: reading.wanted(errorCode, 'errorCode', 'NoError'),
  };
  if (info !== undefined) call.info = info;
  if (timestamp !== undefined) call.timestamp = timestamp;
  if (vendorId !== undefined) call.vendorId = vendorId;
  if (vendorErrorCode !== undefined) call.vendorErrorCode = vendorErrorCode;
  return call;
}

function withWords(info: string | undefined, words: readonly string[]): string | undefined {
  if (words.length === 0) return info;
  return [...(info === undefined || info === '' ? [] : [info]), ...words].join('; ').slice(0, TEXT_CHARACTERS_MAX);
}

function readAuthorize(fields: Fields, reading: Reading): Authorize {
  return { action: 'Authorize', idTag: reading.vital(reading.text(fields.idTag, 'idTag', 20), 'idTag', '') };
}

/**
 * Energy may already be flowing, so a start without badge or time is read: the badge will be found invalid. One on
 * connector 0, which the standard forbids, is read too: a box with a single connector means that one.
 */
function readStartTransaction(fields: Fields, reading: Reading): StartTransaction {
  const connectorId = reading.vital(reading.connectorId(fields.connectorId), 'connectorId', 0);
  if (connectorId === 0) {
    reading.forgive('odd-value', 'PropertyConstraintViolation', 'a transaction is not on connector 0');
  }
  const reservationId = reading.integer(fields.reservationId, 'reservationId');
  const call: Draft<StartTransaction> = {
    action: 'StartTransaction',
    connectorId,
    idTag: reading.wanted(reading.text(fields.idTag, 'idTag', 20), 'idTag', ''),
    meterStart: reading.vital(reading.meterWh(fields.meterStart, 'meterStart'), 'meterStart', 0),
    timestamp: reading.wantedTimestamp(fields.timestamp),
  };
  if (reservationId !== undefined) call.reservationId = reservationId;
  return call;
}

function readStopTransaction(fields: Fields, reading: Reading): StopTransaction {
  reading.wanted(fields.transactionId, 'transactionId', null);
  const idTag = reading.text(fields.idTag, 'idTag', 20);
  const call: Draft<StopTransaction> = {
    action: 'StopTransaction',
    transactionId: reading.transactionId(fields.transactionId),
    meterStop: reading.vital(reading.meterWh(fields.meterStop, 'meterStop'), 'meterStop', 0),
    timestamp: reading.wantedTimestamp(fields.timestamp),
    // The standard's own default (OCPP 1.6 §6.49), so its absence is nothing to forgive.
    reason: reading.word(fields.reason, 'reason', STOP_REASONS, 'Other') ?? 'Local',
    samples: readMeterSamples(fields.transactionData, 'transactionData', reading),
  };
  if (idTag !== undefined) call.idTag = idTag;
  return call;
}

/** Without its connector, a reading still belongs to its transaction; 0 then stands for "not said". */
function readMeterValues(fields: Fields, reading: Reading): MeterValues {
  const transactionId = reading.transactionId(fields.transactionId);
  const connectorId = reading.connectorId(fields.connectorId);
  const meterValue = reading.wanted(fields.meterValue, 'meterValue', []);
  return {
    action: 'MeterValues',
    connectorId:
      transactionId === null
        ? reading.vital(connectorId, 'connectorId', 0)
        : reading.wanted(connectorId, 'connectorId', 0),
    transactionId,
    samples: readMeterSamples(meterValue, 'meterValue', reading),
  };
}

function readDataTransfer(fields: Fields, reading: Reading): DataTransfer {
  const messageId = reading.text(fields.messageId, 'messageId', 50);
  const data = reading.rawText(fields.data, 'data');
  const call: Draft<DataTransfer> = {
    action: 'DataTransfer',
    vendorId: reading.wanted(reading.text(fields.vendorId, 'vendorId', 255), 'vendorId', ''),
  };
  if (messageId !== undefined) call.messageId = messageId;
  if (data !== undefined) call.data = data;
  return call;
}

function readFirmwareStatus(fields: Fields, reading: Reading): FirmwareStatusNotification {
  const status = reading.openWord(fields.status, 'status', FIRMWARE_STATUSES);
  return { action: 'FirmwareStatusNotification', status: reading.vital(status, 'status', '') };
}

function readDiagnosticsStatus(fields: Fields, reading: Reading): DiagnosticsStatusNotification {
  const status = reading.openWord(fields.status, 'status', DIAGNOSTICS_STATUSES);
  return { action: 'DiagnosticsStatusNotification', status: reading.vital(status, 'status', '') };
}

const READERS: ReadonlyMap<string, CallReader> = new Map<string, CallReader>([
  ['Heartbeat', { properties: new Set(), read: () => HEARTBEAT }],
  ['MeterValues', { properties: new Set(['connectorId', 'transactionId', 'meterValue']), read: readMeterValues }],
  [
    'StatusNotification',
    {
      properties: new Set(['connectorId', 'errorCode', 'info', 'status', 'timestamp', 'vendorId', 'vendorErrorCode']),
      read: readStatusNotification,
    },
  ],
  [
    'BootNotification',
    {
      properties: new Set([
        'chargePointVendor',
        'chargePointModel',
        'chargePointSerialNumber',
        'chargeBoxSerialNumber',
        'firmwareVersion',
        'iccid',
        'imsi',
        'meterType',
        'meterSerialNumber',
      ]),
      read: readBootNotification,
    },
  ],
  ['Authorize', { properties: new Set(['idTag']), read: readAuthorize }],
  [
    'StartTransaction',
    {
      properties: new Set(['connectorId', 'idTag', 'meterStart', 'reservationId', 'timestamp']),
      read: readStartTransaction,
    },
  ],
  [
    'StopTransaction',
    {
      properties: new Set(['idTag', 'meterStop', 'timestamp', 'transactionId', 'reason', 'transactionData']),
      read: readStopTransaction,
    },
  ],
  ['DataTransfer', { properties: new Set(['vendorId', 'messageId', 'data']), read: readDataTransfer }],
  ['FirmwareStatusNotification', { properties: new Set(['status']), read: readFirmwareStatus }],
  ['DiagnosticsStatusNotification', { properties: new Set(['status']), read: readDiagnosticsStatus }],
  ...SECURITY_READERS,
]);

/** Of the standard and its security whitepaper, but not for us: what only a server may ask. */
const KNOWN_ACTIONS: ReadonlySet<string> = new Set([
  'CancelReservation',
  'ChangeAvailability',
  'ChangeConfiguration',
  'ClearCache',
  'ClearChargingProfile',
  'GetCompositeSchedule',
  'GetConfiguration',
  'GetDiagnostics',
  'GetLocalListVersion',
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'ReserveNow',
  'Reset',
  'SendLocalList',
  'SetChargingProfile',
  'TriggerMessage',
  'UnlockConnector',
  'UpdateFirmware',
  'CertificateSigned',
  'DeleteCertificate',
  'ExtendedTriggerMessage',
  'GetInstalledCertificateIds',
  'GetLog',
  'InstallCertificate',
  'SignedUpdateFirmware',
]);

function unreadableAction(action: string): WireFault {
  const name = JSON.stringify(action.slice(0, 50));
  return KNOWN_ACTIONS.has(action)
    ? { code: 'NotSupported', detail: `${name} is not supported from a charge point` }
    : { code: 'NotImplemented', detail: `${name} is not an action of OCPP 1.6` };
}
