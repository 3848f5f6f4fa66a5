/**
 * What a charge point and its central system say to each other, after the codec: the shapes of OCPP 1.6, with
 * units and times normalised. OCPP 1.5 is converted up to these, so that each rule is written once.
 * Field names are the standard's; a field that the codec had to interpret says so in its type.
 */

import type { ChargingProfile, CompositeScheduleAnswer, SmartChargingCall } from './charging-profile.ts';
import type { ManagementAnswer, ManagementCall } from './management-messages.ts';
import type { SecurityAnswer, SecurityCall, SecurityCallFromChargePoint } from './security-messages.ts';
import type { IdTagInfo, Timestamp } from './values.ts';

export type { IdTagInfo, Timestamp } from './values.ts';

/** OCPP 1.6 §7.7 */
export type ChargePointStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEVSE'
  | 'SuspendedEV'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

/** OCPP 1.6 §7.6. An unknown code on the wire is read as `OtherError`, its text kept in `info` (field-19). */
export type ChargePointErrorCode =
  | 'ConnectorLockFailure'
  | 'EVCommunicationError'
  | 'GroundFailure'
  | 'HighTemperature'
  | 'InternalError'
  | 'LocalListConflict'
  | 'NoError'
  | 'OtherError'
  | 'OverCurrentFailure'
  | 'OverVoltage'
  | 'PowerMeterFailure'
  | 'PowerSwitchFailure'
  | 'ReaderFailure'
  | 'ResetFailure'
  | 'UnderVoltage'
  | 'WeakSignal';

/** OCPP 1.6 §7.36. An unknown reason is read as `Other` (field-19). */
export type StopReason =
  | 'DeAuthorized'
  | 'EmergencyStop'
  | 'EVDisconnected'
  | 'HardReset'
  | 'Local'
  | 'Other'
  | 'PowerLoss'
  | 'Reboot'
  | 'Remote'
  | 'SoftReset'
  | 'UnlockCommand';

/**
 * One MeterValue element reduced to what Vigie uses: per-phase values summed (energy, power) or the largest taken
 * (current), kilo-units converted, absent measurands absent (field-23). Energy is the import register in Wh,
 * power in W, current in mA, state of charge in percent.
 */
export type MeterSample = {
  readonly timestamp: Timestamp;
  /** `Transaction.Begin`, `Transaction.End`, `Sample.Periodic`...; kept as written. */
  readonly context: string;
  readonly energyWh?: number;
  readonly powerW?: number;
  readonly currentMa?: number;
  readonly socPercent?: number;
};

export type BootNotification = {
  readonly action: 'BootNotification';
  readonly chargePointVendor: string;
  readonly chargePointModel: string;
  readonly chargePointSerialNumber?: string;
  readonly chargeBoxSerialNumber?: string;
  readonly firmwareVersion?: string;
  readonly iccid?: string;
  readonly imsi?: string;
  readonly meterType?: string;
  readonly meterSerialNumber?: string;
};
export type Heartbeat = { readonly action: 'Heartbeat' };
export type StatusNotification = {
  readonly action: 'StatusNotification';
  /** 0 is the charge point itself. */
  readonly connectorId: number;
  readonly status: ChargePointStatus;
  readonly errorCode: ChargePointErrorCode;
  readonly info?: string;
  readonly timestamp?: Timestamp;
  readonly vendorId?: string;
  readonly vendorErrorCode?: string;
  /** It may have been kept while there was no link: its time measures no clock. */
  readonly kept?: true;
};
export type Authorize = { readonly action: 'Authorize'; readonly idTag: string };
export type StartTransaction = {
  readonly action: 'StartTransaction';
  readonly connectorId: number;
  readonly idTag: string;
  /** Wh on the connector's register. */
  readonly meterStart: number;
  readonly timestamp: Timestamp;
  readonly reservationId?: number;
};
export type MeterValues = {
  readonly action: 'MeterValues';
  readonly connectorId: number;
  /** `null` when absent, or not an id that this server can have given: 0, -1, too wide, empty (field-04). */
  readonly transactionId: number | null;
  readonly samples: readonly MeterSample[];
};
export type StopTransaction = {
  readonly action: 'StopTransaction';
  /** As in `MeterValues`. */
  readonly transactionId: number | null;
  readonly idTag?: string;
  /** Wh on the connector's register. */
  readonly meterStop: number;
  readonly timestamp: Timestamp;
  readonly reason: StopReason;
  readonly samples: readonly MeterSample[];
};
export type DataTransfer = {
  readonly action: 'DataTransfer';
  readonly vendorId: string;
  readonly messageId?: string;
  readonly data?: string;
};
export type FirmwareStatusNotification = { readonly action: 'FirmwareStatusNotification'; readonly status: string };
export type DiagnosticsStatusNotification = {
  readonly action: 'DiagnosticsStatusNotification';
  readonly status: string;
};

/** Every call that a charge point may make. */
export type CallFromChargePoint =
  | BootNotification
  | Heartbeat
  | StatusNotification
  | Authorize
  | StartTransaction
  | MeterValues
  | StopTransaction
  | DataTransfer
  | FirmwareStatusNotification
  | DiagnosticsStatusNotification
  | SecurityCallFromChargePoint;

/** What answers each of them, in the standard's own field names. Times are UTC with a final Z (field-21). */
export type AnswerToChargePoint =
  | {
      readonly action: 'BootNotification';
      readonly status: 'Accepted' | 'Pending' | 'Rejected';
      readonly currentTime: string;
      readonly interval: number;
    }
  | { readonly action: 'Heartbeat'; readonly currentTime: string }
  | { readonly action: 'Authorize'; readonly idTagInfo: IdTagInfo }
  | { readonly action: 'StartTransaction'; readonly transactionId: number; readonly idTagInfo: IdTagInfo }
  | { readonly action: 'StopTransaction'; readonly idTagInfo?: IdTagInfo }
  | {
      readonly action: 'DataTransfer';
      readonly status: 'Accepted' | 'Rejected' | 'UnknownMessageId' | 'UnknownVendorId';
      readonly data?: string;
    }
  | {
      readonly action:
        | 'StatusNotification'
        | 'MeterValues'
        | 'FirmwareStatusNotification'
        | 'DiagnosticsStatusNotification'
        | 'SecurityEventNotification'
        | 'LogStatusNotification'
        | 'SignedFirmwareStatusNotification';
    }
  | { readonly action: 'SignCertificate'; readonly status: 'Accepted' | 'Rejected' };

export type AvailabilityType = 'Operative' | 'Inoperative';
export type ResetType = 'Hard' | 'Soft';
export type TriggerableMessage =
  | 'BootNotification'
  | 'DiagnosticsStatusNotification'
  | 'FirmwareStatusNotification'
  | 'Heartbeat'
  | 'MeterValues'
  | 'StatusNotification';

/** Every call that the server makes to a charge point: every profile of OCPP 1.6, and its security extension. */
export type CallToChargePoint =
  | {
      readonly action: 'RemoteStartTransaction';
      readonly idTag: string;
      readonly connectorId?: number;
      /** A `TxProfile` without a transaction (OCPP 1.6 §5.11). */
      readonly chargingProfile?: ChargingProfile;
    }
  | { readonly action: 'RemoteStopTransaction'; readonly transactionId: number }
  | { readonly action: 'Reset'; readonly type: ResetType }
  | { readonly action: 'UnlockConnector'; readonly connectorId: number }
  | { readonly action: 'ChangeAvailability'; readonly connectorId: number; readonly type: AvailabilityType }
  | { readonly action: 'GetConfiguration'; readonly key?: readonly string[] }
  | { readonly action: 'ChangeConfiguration'; readonly key: string; readonly value: string }
  | { readonly action: 'ClearCache' }
  | {
      readonly action: 'TriggerMessage';
      readonly requestedMessage: TriggerableMessage;
      readonly connectorId?: number;
    }
  | {
      readonly action: 'DataTransfer';
      readonly vendorId: string;
      readonly messageId?: string;
      readonly data?: string;
    }
  | ManagementCall
  | SmartChargingCall
  | SecurityCall;

export type ConfigurationKey = { readonly key: string; readonly readonly: boolean; readonly value?: string };

/** Calls whose answer is a status and nothing else. */
type StatusOnly = Exclude<
  CallToChargePoint['action'],
  | 'GetConfiguration'
  | 'DataTransfer'
  | 'UpdateFirmware'
  | 'GetDiagnostics'
  | 'GetLocalListVersion'
  | 'GetCompositeSchedule'
  | 'GetLog'
  | 'GetInstalledCertificateIds'
>;

/** What a charge point answers, read leniently: `status` is kept as written when it is not of the standard (field-19). */
export type AnswerFromChargePoint =
  | { readonly action: StatusOnly; readonly status: string }
  | {
      readonly action: 'GetConfiguration';
      readonly configurationKey: readonly ConfigurationKey[];
      readonly unknownKey: readonly string[];
    }
  | { readonly action: 'DataTransfer'; readonly status: string; readonly data?: string }
  | ManagementAnswer
  | CompositeScheduleAnswer
  | SecurityAnswer;

/** OCPP-J 1.6 §4.2.3, spelled as on the wire. */
export type CallErrorCode =
  | 'NotImplemented'
  | 'NotSupported'
  | 'InternalError'
  | 'ProtocolError'
  | 'SecurityError'
  | 'FormationViolation'
  | 'PropertyConstraintViolation'
  | 'OccurenceConstraintViolation'
  | 'TypeConstraintViolation'
  | 'GenericError';

/** A call that could not be read: what goes into the CALLERROR. `detail` is English, for the person who debugs the charger. */
export type WireFault = { readonly code: CallErrorCode; readonly detail: string };

/** What is odd about the way in which a charger dials (field-25). */
export type HandshakeOddity =
  /** None was offered: 1.6 was assumed. */
  | 'no-subprotocol'
  /** Others than `ocpp1.6` were, and 1.6 was assumed. */
  | 'unsupported-subprotocol'
  /** It asks for a WebSocket and lacks `Connection: Upgrade` (RFC 6455 §4.1). */
  | 'no-connection-upgrade'
  /** A slash after its identity, or its identity twice (OCPP-J 1.6 §3.1.1). */
  | 'odd-path';

/** What was forgiven to a charger, counted and shown to the maintainer (field-16..20, field-25). */
export type Tolerance =
  | 'repaired-json'
  | 'message-id-not-text'
  /** Of an earlier call of the same link with another content (field-35). */
  | 'message-id-reused'
  | 'null-payload'
  | 'coerced-type'
  | 'over-long'
  | 'padded-text'
  | 'unknown-enum'
  | 'extra-property'
  | 'missing-property'
  | 'odd-timestamp'
  | 'odd-transaction-id'
  | 'odd-unit'
  | 'odd-value'
  | 'unknown-message-type'
  | HandshakeOddity
  /** Of SOAP: no Action or no MessageID came with the call (field-28). */
  | 'missing-header'
  /** Of SOAP: an element of another namespace than its description's, or of none (field-28). */
  | 'odd-namespace'
  /** A frame that could not be read as a call: answered with its fault, the link kept (field-16). */
  | 'bad-frame';
