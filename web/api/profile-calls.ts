import { z } from '@hono/zod-openapi';

/** Calls beyond Core as the API takes them: the standard's own fields and bounds, times with a zone. */

const connectorId = z.int().min(0).max(64);
const idTag = z.string().min(1).max(20);
const time = z.iso.datetime({ offset: true });
const id = z.int().min(0).max(2_147_483_647);
const attempts = { retries: z.int().min(0).max(100).optional(), retryInterval: z.int().min(0).max(86_400).optional() };
const address = z.url({ protocol: /^(https?|ftps?)$/ }).max(512);
const purpose = z.enum(['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile']);
const pem = z.string().startsWith('-----BEGIN CERTIFICATE-----');
const certificateType = z.enum(['CentralSystemRootCertificate', 'ManufacturerRootCertificate']);

const limit = z.number().min(0).multipleOf(0.1);
const schedule = z.strictObject({
  duration: z.int().min(0).optional(),
  startSchedule: time.optional(),
  chargingRateUnit: z.enum(['A', 'W']),
  chargingSchedulePeriod: z
    .array(z.strictObject({ startPeriod: z.int().min(0), limit, numberPhases: z.int().min(1).max(3).optional() }))
    .min(1)
    .max(100),
  minChargingRate: limit.optional(),
});
export const ChargingProfile = z.strictObject({
  chargingProfileId: id,
  transactionId: id.optional(),
  stackLevel: z.int().min(0).max(99),
  chargingProfilePurpose: purpose,
  chargingProfileKind: z.enum(['Absolute', 'Recurring', 'Relative']),
  recurrencyKind: z.enum(['Daily', 'Weekly']).optional(),
  validFrom: time.optional(),
  validTo: time.optional(),
  chargingSchedule: schedule,
});
const idTagInfo = z.strictObject({
  status: z.enum(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx']),
  expiryDate: time.optional(),
  parentIdTag: idTag.optional(),
});

export const PROFILE_CALLS = [
  z.strictObject({ action: z.literal('UpdateFirmware'), location: address, retrieveDate: time, ...attempts }),
  z.strictObject({
    action: z.literal('GetDiagnostics'),
    location: address,
    startTime: time.optional(),
    stopTime: time.optional(),
    ...attempts,
  }),
  z.strictObject({ action: z.literal('GetLocalListVersion') }),
  z.strictObject({
    action: z.literal('SendLocalList'),
    listVersion: id,
    updateType: z.enum(['Differential', 'Full']),
    localAuthorizationList: z
      .array(z.strictObject({ idTag, idTagInfo: idTagInfo.optional() }))
      .max(1_000)
      .optional(),
  }),
  z.strictObject({
    action: z.literal('ReserveNow'),
    connectorId,
    expiryDate: time,
    idTag,
    parentIdTag: idTag.optional(),
    reservationId: id,
  }),
  z.strictObject({ action: z.literal('CancelReservation'), reservationId: id }),
  z.strictObject({ action: z.literal('SetChargingProfile'), connectorId, csChargingProfiles: ChargingProfile }),
  z.strictObject({
    action: z.literal('ClearChargingProfile'),
    id: id.optional(),
    connectorId: connectorId.optional(),
    chargingProfilePurpose: purpose.optional(),
    stackLevel: z.int().min(0).max(99).optional(),
  }),
  z.strictObject({
    action: z.literal('GetCompositeSchedule'),
    connectorId,
    duration: z
      .int()
      .min(1)
      .max(7 * 86_400),
    chargingRateUnit: z.enum(['A', 'W']).optional(),
  }),
  z.strictObject({
    action: z.literal('ExtendedTriggerMessage'),
    requestedMessage: z.enum([
      'BootNotification',
      'LogStatusNotification',
      'FirmwareStatusNotification',
      'Heartbeat',
      'MeterValues',
      'SignChargePointCertificate',
      'StatusNotification',
    ]),
    connectorId: connectorId.optional(),
  }),
  z.strictObject({ action: z.literal('GetInstalledCertificateIds'), certificateType }),
  z.strictObject({ action: z.literal('InstallCertificate'), certificateType, certificate: pem.max(5_500) }),
  z.strictObject({ action: z.literal('CertificateSigned'), certificateChain: pem.max(10_000) }),
  z.strictObject({
    action: z.literal('DeleteCertificate'),
    certificateHashData: z.strictObject({
      hashAlgorithm: z.enum(['SHA256', 'SHA384', 'SHA512']),
      issuerNameHash: z.string().max(128),
      issuerKeyHash: z.string().max(128),
      serialNumber: z.string().max(40),
    }),
  }),
  z.strictObject({
    action: z.literal('GetLog'),
    logType: z.enum(['DiagnosticsLog', 'SecurityLog']),
    requestId: id,
    log: z.strictObject({
      remoteLocation: address,
      oldestTimestamp: time.optional(),
      latestTimestamp: time.optional(),
    }),
    ...attempts,
  }),
  z.strictObject({
    action: z.literal('SignedUpdateFirmware'),
    requestId: id,
    firmware: z.strictObject({
      location: address,
      retrieveDateTime: time,
      installDateTime: time.optional(),
      signingCertificate: pem.max(5_500),
      signature: z.base64().max(800),
    }),
    ...attempts,
  }),
] as const;
