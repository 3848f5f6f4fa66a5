import fc from 'fast-check';
import type { ChargingProfile } from '#src/wire/ocpp/charging-profile.ts';
import type { AnswerToChargePoint, CallToChargePoint, IdTagInfo } from '#src/wire/ocpp/messages.ts';
import { dateTime } from './official-schemas.ts';

const text = (maxLength: number) => fc.string({ maxLength });
const connectorId = fc.nat({ max: 255 });
const transactionId = fc.integer({ min: 1 });

const idTagInfo: fc.Arbitrary<IdTagInfo> = fc.record(
  {
    status: fc.constantFrom('Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'),
    expiryDate: dateTime,
    parentIdTag: text(20),
  },
  { requiredKeys: ['status'] },
);

/** One decimal, as the standard wants of every limit. */
const tenth = fc.nat({ max: 1_000_000 }).map((value) => value / 10);

const chargingProfile: fc.Arbitrary<ChargingProfile> = fc.record(
  {
    chargingProfileId: fc.nat(),
    transactionId,
    stackLevel: fc.nat({ max: 99 }),
    chargingProfilePurpose: fc.constantFrom('ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile'),
    chargingProfileKind: fc.constantFrom('Absolute', 'Recurring', 'Relative'),
    recurrencyKind: fc.constantFrom('Daily', 'Weekly'),
    validFrom: dateTime,
    validTo: dateTime,
    chargingSchedule: fc.record(
      {
        duration: fc.nat(),
        startSchedule: dateTime,
        chargingRateUnit: fc.constantFrom('A', 'W'),
        chargingSchedulePeriod: fc.array(
          fc.record(
            { startPeriod: fc.nat(), limit: tenth, numberPhases: fc.integer({ min: 1, max: 3 }) },
            { requiredKeys: ['startPeriod', 'limit'] },
          ),
          { minLength: 1, maxLength: 5 },
        ),
        minChargingRate: tenth,
      },
      { requiredKeys: ['chargingRateUnit', 'chargingSchedulePeriod'] },
    ),
  },
  {
    requiredKeys: [
      'chargingProfileId',
      'stackLevel',
      'chargingProfilePurpose',
      'chargingProfileKind',
      'chargingSchedule',
    ],
  },
);
const retries = { retries: fc.nat({ max: 9 }), retryInterval: fc.nat({ max: 9_999 }) };
const certificateType = fc.constantFrom('CentralSystemRootCertificate', 'ManufacturerRootCertificate');

const managementCalls: fc.Arbitrary<CallToChargePoint> = fc.oneof(
  fc.record(
    { action: fc.constant('UpdateFirmware'), location: fc.webUrl(), retrieveDate: dateTime, ...retries },
    { requiredKeys: ['action', 'location', 'retrieveDate'] },
  ),
  fc.record(
    {
      action: fc.constant('GetDiagnostics'),
      location: fc.webUrl(),
      startTime: dateTime,
      stopTime: dateTime,
      ...retries,
    },
    { requiredKeys: ['action', 'location'] },
  ),
  fc.record({ action: fc.constant('GetLocalListVersion') }),
  fc.record(
    {
      action: fc.constant('SendLocalList'),
      listVersion: fc.nat(),
      updateType: fc.constantFrom('Differential', 'Full'),
      localAuthorizationList: fc.array(fc.record({ idTag: text(20), idTagInfo }, { requiredKeys: ['idTag'] }), {
        maxLength: 5,
      }),
    },
    { requiredKeys: ['action', 'listVersion', 'updateType'] },
  ),
  fc.record(
    {
      action: fc.constant('ReserveNow'),
      connectorId,
      expiryDate: dateTime,
      idTag: text(20),
      parentIdTag: text(20),
      reservationId: fc.nat(),
    },
    { requiredKeys: ['action', 'connectorId', 'expiryDate', 'idTag', 'reservationId'] },
  ),
  fc.record({ action: fc.constant('CancelReservation'), reservationId: fc.nat() }),
  fc.record({ action: fc.constant('SetChargingProfile'), connectorId, csChargingProfiles: chargingProfile }),
  fc.record(
    {
      action: fc.constant('ClearChargingProfile'),
      id: fc.nat(),
      connectorId,
      chargingProfilePurpose: fc.constantFrom('ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile'),
      stackLevel: fc.nat({ max: 99 }),
    },
    { requiredKeys: ['action'] },
  ),
  fc.record(
    {
      action: fc.constant('GetCompositeSchedule'),
      connectorId,
      duration: fc.nat(),
      chargingRateUnit: fc.constantFrom('A', 'W'),
    },
    { requiredKeys: ['action', 'connectorId', 'duration'] },
  ),
) as fc.Arbitrary<CallToChargePoint>;

const securityCalls: fc.Arbitrary<CallToChargePoint> = fc.oneof(
  fc.record({ action: fc.constant('CertificateSigned'), certificateChain: text(10_000) }),
  fc.record({
    action: fc.constant('DeleteCertificate'),
    certificateHashData: fc.record({
      hashAlgorithm: fc.constantFrom('SHA256', 'SHA384', 'SHA512'),
      issuerNameHash: text(128),
      issuerKeyHash: text(128),
      serialNumber: text(40),
    }),
  }),
  fc.record(
    {
      action: fc.constant('ExtendedTriggerMessage'),
      requestedMessage: fc.constantFrom(
        'BootNotification',
        'LogStatusNotification',
        'FirmwareStatusNotification',
        'Heartbeat',
        'MeterValues',
        'SignChargePointCertificate',
        'StatusNotification',
      ),
      connectorId: fc.integer({ min: 1, max: 255 }),
    },
    { requiredKeys: ['action', 'requestedMessage'] },
  ),
  fc.record({ action: fc.constant('GetInstalledCertificateIds'), certificateType }),
  fc.record({ action: fc.constant('InstallCertificate'), certificateType, certificate: text(5_500) }),
  fc.record(
    {
      action: fc.constant('GetLog'),
      logType: fc.constantFrom('DiagnosticsLog', 'SecurityLog'),
      requestId: fc.nat(),
      log: fc.record(
        { remoteLocation: text(512), oldestTimestamp: dateTime, latestTimestamp: dateTime },
        { requiredKeys: ['remoteLocation'] },
      ),
      ...retries,
    },
    { requiredKeys: ['action', 'logType', 'requestId', 'log'] },
  ),
  fc.record(
    {
      action: fc.constant('SignedUpdateFirmware'),
      requestId: fc.nat(),
      firmware: fc.record(
        {
          location: text(512),
          retrieveDateTime: dateTime,
          installDateTime: dateTime,
          signingCertificate: text(5_500),
          signature: text(800),
        },
        { requiredKeys: ['location', 'retrieveDateTime', 'signingCertificate', 'signature'] },
      ),
      ...retries,
    },
    { requiredKeys: ['action', 'requestId', 'firmware'] },
  ),
) as fc.Arbitrary<CallToChargePoint>;

/** Every call that the server can make, within the lengths of the standard. */
export const callsToChargePoint: fc.Arbitrary<CallToChargePoint> = fc.oneof(
  managementCalls,
  securityCalls,
  fc.record(
    { action: fc.constant('RemoteStartTransaction'), idTag: text(20), connectorId, chargingProfile },
    { requiredKeys: ['action', 'idTag'] },
  ),
  fc.record({ action: fc.constant('RemoteStopTransaction'), transactionId }),
  fc.record({ action: fc.constant('Reset'), type: fc.constantFrom('Hard', 'Soft') }),
  fc.record({ action: fc.constant('UnlockConnector'), connectorId }),
  fc.record({
    action: fc.constant('ChangeAvailability'),
    connectorId,
    type: fc.constantFrom('Operative', 'Inoperative'),
  }),
  fc.record({ action: fc.constant('GetConfiguration'), key: fc.array(text(50)) }, { requiredKeys: ['action'] }),
  fc.record({ action: fc.constant('ChangeConfiguration'), key: text(50), value: text(500) }),
  fc.record({ action: fc.constant('ClearCache') }),
  fc.record(
    {
      action: fc.constant('TriggerMessage'),
      requestedMessage: fc.constantFrom(
        'BootNotification',
        'DiagnosticsStatusNotification',
        'FirmwareStatusNotification',
        'Heartbeat',
        'MeterValues',
        'StatusNotification',
      ),
      connectorId: fc.integer({ min: 1, max: 255 }),
    },
    { requiredKeys: ['action', 'requestedMessage'] },
  ),
  fc.record(
    { action: fc.constant('DataTransfer'), vendorId: text(255), messageId: text(50), data: fc.string() },
    { requiredKeys: ['action', 'vendorId'] },
  ),
);

/** Every answer that the server can give, within the lengths of the standard. */
export const answersToChargePoint: fc.Arbitrary<AnswerToChargePoint> = fc.oneof(
  fc.record({
    action: fc.constant('BootNotification'),
    status: fc.constantFrom('Accepted', 'Pending', 'Rejected'),
    currentTime: dateTime,
    interval: fc.nat(),
  }),
  fc.record({ action: fc.constant('Heartbeat'), currentTime: dateTime }),
  fc.record({ action: fc.constant('Authorize'), idTagInfo }),
  fc.record({ action: fc.constant('StartTransaction'), transactionId, idTagInfo }),
  fc.record({ action: fc.constant('StopTransaction'), idTagInfo }, { requiredKeys: ['action'] }),
  fc.record(
    {
      action: fc.constant('DataTransfer'),
      status: fc.constantFrom('Accepted', 'Rejected', 'UnknownMessageId', 'UnknownVendorId'),
      data: fc.string(),
    },
    { requiredKeys: ['action', 'status'] },
  ),
  fc.record({
    action: fc.constantFrom(
      'StatusNotification',
      'MeterValues',
      'FirmwareStatusNotification',
      'DiagnosticsStatusNotification',
      'SecurityEventNotification',
      'LogStatusNotification',
      'SignedFirmwareStatusNotification',
    ),
  }),
  fc.record({ action: fc.constant('SignCertificate'), status: fc.constantFrom('Accepted', 'Rejected') }),
) as fc.Arbitrary<AnswerToChargePoint>;
