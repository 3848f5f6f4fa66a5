import type { ChargePointErrorCode, ChargePointStatus, StopReason } from './messages.ts';

/** The words a field may hold: found as written, or, when a firmware spells them its own way, by `near`. */
export type Vocabulary<T extends string> = {
  readonly exact: ReadonlyMap<unknown, T>;
  /** The word meant by another spelling or by an older name; `undefined` when nobody can tell. */
  readonly near: (written: string) => T | undefined;
};

/** `aliases` are in small letters and digits only; letter case, blanks, dashes and underscores never matter. */
export function vocabulary<T extends string>(words: readonly T[], aliases: readonly [string, T][] = []): Vocabulary<T> {
  const exact = new Map<unknown, T>(words.map((word) => [word, word]));
  const folded = new Map<string, T>([...aliases, ...words.map((word): [string, T] => [fold(word), word])]);
  return { exact, near: (written) => folded.get(fold(written)) };
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/**
 * `Occupied` is OCPP 1.5 and 2.0: a vehicle is there, and no more is said. `Preparing` claims exactly that; whether
 * the vehicle charges is known from the transaction.
 */
export const STATUSES = vocabulary<ChargePointStatus>(
  [
    'Available',
    'Preparing',
    'Charging',
    'SuspendedEVSE',
    'SuspendedEV',
    'Finishing',
    'Reserved',
    'Unavailable',
    'Faulted',
  ],
  [
    ['occupied', 'Preparing'],
    ['free', 'Available'],
    ['idle', 'Available'],
    ['ready', 'Available'],
    ['operative', 'Available'],
    ['inoperative', 'Unavailable'],
    ['outofservice', 'Unavailable'],
    ['outoforder', 'Unavailable'],
    ['offline', 'Unavailable'],
    ['suspended', 'SuspendedEVSE'],
    ['finished', 'Finishing'],
    ['fault', 'Faulted'],
    ['error', 'Faulted'],
  ],
);

/** `Mode3Error` is OCPP 1.5's name for EVCommunicationError. */
export const ERROR_CODES = vocabulary<ChargePointErrorCode>(
  [
    'NoError',
    'ConnectorLockFailure',
    'EVCommunicationError',
    'GroundFailure',
    'HighTemperature',
    'InternalError',
    'LocalListConflict',
    'OtherError',
    'OverCurrentFailure',
    'OverVoltage',
    'PowerMeterFailure',
    'PowerSwitchFailure',
    'ReaderFailure',
    'ResetFailure',
    'UnderVoltage',
    'WeakSignal',
  ],
  [
    ['mode3error', 'EVCommunicationError'],
    ['none', 'NoError'],
    ['noerrors', 'NoError'],
    ['ok', 'NoError'],
    ['0', 'NoError'],
    ['overvoltagefailure', 'OverVoltage'],
    ['undervoltagefailure', 'UnderVoltage'],
    ['overcurrent', 'OverCurrentFailure'],
    ['groundfault', 'GroundFailure'],
    ['overtemperature', 'HighTemperature'],
  ],
);

export const STOP_REASONS = vocabulary<StopReason>(
  [
    'Local',
    'Remote',
    'EVDisconnected',
    'DeAuthorized',
    'EmergencyStop',
    'HardReset',
    'Other',
    'PowerLoss',
    'Reboot',
    'SoftReset',
    'UnlockCommand',
  ],
  [
    ['evdisconnect', 'EVDisconnected'],
    ['deauthorised', 'DeAuthorized'],
  ],
);

export const FIRMWARE_STATUSES = vocabulary<string>([
  'Downloaded',
  'DownloadFailed',
  'Downloading',
  'Idle',
  'InstallationFailed',
  'Installing',
  'Installed',
]);

export const DIAGNOSTICS_STATUSES = vocabulary<string>(['Idle', 'Uploaded', 'UploadFailed', 'Uploading']);

export const SIGNED_FIRMWARE_STATUSES = vocabulary<string>([
  'Downloaded',
  'DownloadFailed',
  'Downloading',
  'DownloadScheduled',
  'DownloadPaused',
  'Idle',
  'InstallationFailed',
  'Installing',
  'Installed',
  'InstallRebooting',
  'InstallScheduled',
  'InstallVerificationFailed',
  'InvalidSignature',
  'SignatureVerified',
]);

export const LOG_STATUSES = vocabulary<string>([
  'BadMessage',
  'Idle',
  'NotSupportedOperation',
  'PermissionDenied',
  'Uploaded',
  'UploadFailure',
  'Uploading',
]);
