import type { ChargePointErrorCode, ChargePointStatus, StopReason } from '../ocpp/messages.ts';

/** The words of LafonPulse (docs/protocols/lafonpulse.md, section 6), as the rest of the server knows them. */

export const STATES: ReadonlyMap<string, ChargePointStatus> = new Map<string, ChargePointStatus>([
  ['free', 'Available'],
  ['parked', 'Preparing'],
  ['charging', 'Charging'],
  ['paused-vehicle', 'SuspendedEV'],
  ['paused-kit', 'SuspendedEVSE'],
  ['finished', 'Finishing'],
  ['reserved', 'Reserved'],
  ['out', 'Unavailable'],
  ['fault', 'Faulted'],
]);

export const FAULTS: ReadonlyMap<string, ChargePointErrorCode> = new Map<string, ChargePointErrorCode>([
  ['none', 'NoError'],
  ['lock', 'ConnectorLockFailure'],
  ['vehicle', 'EVCommunicationError'],
  ['earth', 'GroundFailure'],
  ['heat', 'HighTemperature'],
  ['inside', 'InternalError'],
  ['current', 'OverCurrentFailure'],
  ['over-voltage', 'OverVoltage'],
  ['under-voltage', 'UnderVoltage'],
  ['meter', 'PowerMeterFailure'],
  ['relay', 'PowerSwitchFailure'],
  ['reader', 'ReaderFailure'],
  ['modem', 'WeakSignal'],
  ['flap', 'OtherError'],
  ['other', 'OtherError'],
]);

/** A full battery and a limit that was set are ends as usual as the driver's own. */
export const ENDS: ReadonlyMap<string, StopReason> = new Map<string, StopReason>([
  ['user', 'Local'],
  ['full', 'Local'],
  ['unplugged', 'EVDisconnected'],
  ['time', 'Local'],
  ['value', 'Local'],
  ['order', 'Remote'],
  ['unlock', 'UnlockCommand'],
  ['refused', 'DeAuthorized'],
  ['fault', 'Other'],
  ['power', 'PowerLoss'],
  ['reset', 'Reboot'],
  ['emergency', 'EmergencyStop'],
  ['other', 'Other'],
]);

/** What a kit is told when a badge may not charge. */
export const REFUSALS: Readonly<Record<string, string>> = {
  Blocked: 'blocked',
  Expired: 'expired',
  Invalid: 'unknown',
  ConcurrentTx: 'busy',
};

export const FIRMWARE_STATES: ReadonlyMap<string, string> = new Map([
  ['idle', 'Idle'],
  ['downloading', 'Downloading'],
  ['downloaded', 'Downloaded'],
  ['download-failed', 'DownloadFailed'],
  ['installing', 'Installing'],
  ['installed', 'Installed'],
  ['install-failed', 'InstallationFailed'],
]);

export const DIAGNOSTICS_STATES: ReadonlyMap<string, string> = new Map([
  ['idle', 'Idle'],
  ['uploading', 'Uploading'],
  ['uploaded', 'Uploaded'],
  ['failed', 'UploadFailed'],
]);

/** Under this name the facts that OCPP has no words for travel as DataTransfer: of the kit, and of its points. */
export const VENDOR = 'LafonPulse';

/** The badge of a charge that nobody had to ask leave for; the roster knows it as the kit's free-service badge. */
export const FREE_BADGE = 'LIBRE-SERVICE';
