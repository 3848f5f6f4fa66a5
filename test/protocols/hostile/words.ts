import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';

type Payload = { readonly [name: string]: unknown };

export const AT = '2026-11-26T08:00:00Z';
const SAMPLE = {
  timestamp: AT,
  sampledValue: [
    { value: '1500', measurand: 'Energy.Active.Import.Register', unit: 'Wh', context: 'Sample.Clock', phase: 'L1' },
    { value: '16.5', measurand: 'Current.Import', unit: 'A', location: 'Outlet', format: 'Raw' },
  ],
};

/** What a charger says, in the shapes of OCPP 1.6; the last three are not of SOAP. */
export const CALLS: readonly (readonly [action: string, payload: Payload])[] = [
  [
    'BootNotification',
    { chargePointVendor: 'Atelier', chargePointModel: 'Duo', firmwareVersion: '2.0', iccid: '8933' },
  ],
  ['Heartbeat', {}],
  ['Authorize', { idTag: 'ALICE' }],
  ['StatusNotification', { connectorId: 1, status: 'Faulted', errorCode: 'OtherError', info: 'door', timestamp: AT }],
  ['StartTransaction', { connectorId: 1, idTag: 'FREE', meterStart: 1_000, timestamp: AT, reservationId: 4 }],
  ['StartTransaction', { connectorId: 2, idTag: 'ALICE', meterStart: 2_000, timestamp: AT }],
  ['MeterValues', { connectorId: 1, transactionId: 1, meterValue: [SAMPLE] }],
  [
    'StopTransaction',
    { transactionId: 1, idTag: 'FREE', meterStop: 4_000, timestamp: AT, reason: 'Local', transactionData: [SAMPLE] },
  ],
  ['DataTransfer', { vendorId: 'v', messageId: 'm', data: '{"a":[1,2]}' }],
  ['FirmwareStatusNotification', { status: 'Downloading' }],
  ['SecurityEventNotification', { type: 'TamperDetectionActivated', timestamp: AT, techInfo: 'lid' }],
  ['SignCertificate', { csr: '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----' }],
  ['LogStatusNotification', { status: 'Uploading', requestId: 3 }],
];

/** What it answers to these calls of ours. */
export const ANSWERS: readonly (readonly [call: CallToChargePoint, payload: Payload])[] = [
  [{ action: 'ClearCache' }, { status: 'Accepted' }],
  [{ action: 'GetConfiguration' }, { configurationKey: [{ key: 'A', readonly: true, value: '1' }], unknownKey: ['B'] }],
  [{ action: 'GetDiagnostics', location: 'http://127.0.0.1/' }, { fileName: 'diag.log' }],
  [
    { action: 'DataTransfer', vendorId: 'v' },
    { status: 'Accepted', data: 'x' },
  ],
  [{ action: 'GetLocalListVersion' }, { listVersion: 3 }],
  [
    { action: 'GetCompositeSchedule', connectorId: 1, duration: 60 },
    {
      status: 'Accepted',
      connectorId: 1,
      scheduleStart: AT,
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
    },
  ],
  [
    { action: 'GetInstalledCertificateIds', certificateType: 'ManufacturerRootCertificate' },
    {
      status: 'Accepted',
      certificateHashData: [{ hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '1' }],
    },
  ],
  [{ action: 'ChangeConfiguration', key: 'A', value: '1' }, { status: 'RebootRequired' }],
];
