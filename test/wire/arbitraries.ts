import fc from 'fast-check';
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

/** Every call that the server can make, within the lengths of the standard. */
export const callsToChargePoint: fc.Arbitrary<CallToChargePoint> = fc.oneof(
  fc.record(
    { action: fc.constant('RemoteStartTransaction'), idTag: text(20), connectorId },
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
    ),
  }),
) as fc.Arbitrary<AnswerToChargePoint>;
