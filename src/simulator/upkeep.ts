import { NO_FIRMWARE, type FirmwareWork } from './firmware-work.ts';
import { paced } from './pace.ts';
import type { Payload } from './payload.ts';
import { follow, stay, type Charger, type Effect, type Moment, type Step } from './state.ts';

/** Seconds of a charger's life: between an order and the first byte, and what an installation takes. */
const DOWNLOAD_AFTER_S = 5;
const INSTALL_AFTER_S = 20;
const INSTALL_TAKES_S = 60;
/** Free again, or asked once more. */
const WAIT_FOR_CHARGE_S = 60;
const REBOOTS_AFTER_MS_MIN = 500;

type Answer = (payload: Payload, step?: Step) => Step;

/** The order is taken, and the download begins at its date. */
export function updateFirmware(charger: Charger, payload: Payload, moment: Moment, answer: Answer): Step {
  const work: FirmwareWork = { ...NO_FIRMWARE, phase: 'waiting', location: String(payload['location']) };
  return answer({}, waiting(charger, work, payload['retrieveDate'], moment));
}

export function signedUpdateFirmware(charger: Charger, payload: Payload, moment: Moment, answer: Answer): Step {
  const firmware = recordOf(payload['firmware']);
  const work: FirmwareWork = {
    ...NO_FIRMWARE,
    phase: 'waiting',
    location: String(firmware['location']),
    requestId: Number(payload['requestId']),
    signed: {
      certificate: String(firmware['signingCertificate']),
      signature: String(firmware['signature']),
    },
  };
  const before = charger.firmware.phase === 'idle' ? 'Accepted' : 'AcceptedCanceled';
  return answer({ status: before }, waiting(charger, work, firmware['retrieveDateTime'], moment));
}

function waiting(charger: Charger, work: FirmwareWork, at: unknown, { nowMs }: Moment): Step {
  const afterMs = Math.max(paced(charger, DOWNLOAD_AFTER_S), Date.parse(String(at)) - nowMs || 0);
  return { charger: { ...charger, firmware: work }, effects: [{ type: 'wake', wake: { kind: 'download' }, afterMs }] };
}

/** Time to fetch the software. */
export function download(charger: Charger): Step {
  const { phase, location, signed } = charger.firmware;
  if (phase !== 'waiting') return stay(charger);
  const told = tellFirmware(charger, 'downloading', 'Downloading');
  return { charger: told.charger, effects: [...told.effects, { type: 'fetch', location, signed }] };
}

/** The software is here, or is not; `version` is what its file says of itself. */
export function fetched(
  charger: Charger,
  result: { readonly ok: boolean; readonly genuine: boolean; readonly version: string | null },
): Step {
  if (charger.firmware.phase !== 'downloading') return stay(charger);
  if (!result.ok) return tellFirmware(charger, 'idle', 'DownloadFailed');
  const { signed } = charger.firmware;
  if (signed !== null && !result.genuine) return tellFirmware(charger, 'idle', 'InvalidSignature');
  const here = tellFirmware(charger, 'downloaded', 'Downloaded');
  const verified = signed === null ? here : follow(here, (now) => tellFirmware(now, 'downloaded', 'SignatureVerified'));
  const { nameplate } = verified.charger;
  const version = result.version ?? `${nameplate.firmwareVersion}+1`;
  return {
    charger: { ...verified.charger, nextFirmware: version },
    effects: [
      ...verified.effects,
      { type: 'wake', wake: { kind: 'install' }, afterMs: paced(charger, INSTALL_AFTER_S) },
    ],
  };
}

/** Not while somebody charges. */
export function install(charger: Charger): Step {
  const { phase } = charger.firmware;
  if (phase === 'installing') return reboot(charger);
  if (phase !== 'downloaded') return stay(charger);
  const again = (afterS: number): Effect => ({
    type: 'wake',
    wake: { kind: 'install' },
    afterMs: paced(charger, afterS),
  });
  if (charger.connectors.some((connector) => connector.phase.name === 'charging')) {
    return { charger, effects: [again(WAIT_FOR_CHARGE_S)] };
  }
  const told = tellFirmware(charger, 'installing', 'Installing');
  return { charger: told.charger, effects: [...told.effects, again(INSTALL_TAKES_S)] };
}

/** It comes back with the new version. */
function reboot(charger: Charger): Step {
  const nameplate = {
    ...charger.nameplate,
    firmwareVersion: charger.nextFirmware ?? charger.nameplate.firmwareVersion,
  };
  const forMs = Math.max(REBOOTS_AFTER_MS_MIN, paced(charger, INSTALL_TAKES_S));
  return {
    charger: { ...charger, nameplate, nextFirmware: null, accepted: false },
    effects: [{ type: 'drop-link', forMs, flush: true }],
  };
}

/** Booted with the new software: the last word of an update. */
export function installed(charger: Charger): Step {
  const isDone = charger.firmware.phase === 'installing' && charger.nextFirmware === null;
  return isDone ? tellFirmware(charger, 'idle', 'Installed') : stay(charger);
}

function tellFirmware(charger: Charger, phase: FirmwareWork['phase'], status: string): Step {
  const firmware = { ...charger.firmware, phase, status };
  return { charger: { ...charger, firmware }, effects: [firmwareStatus(firmware)] };
}

/** Also what `TriggerMessage` asks for. */
export function firmwareStatus({ status, requestId }: FirmwareWork): Effect {
  const call =
    requestId === null
      ? ({ action: 'FirmwareStatusNotification', payload: { status } } as const)
      : ({ action: 'SignedFirmwareStatusNotification', payload: { status, requestId } } as const);
  return { type: 'call', call: { ...call, keep: false } };
}

/** One file with what this charger remembers, left where it is told. */
export function getDiagnostics(charger: Charger, payload: Payload, moment: Moment, answer: Answer): Step {
  const { identity } = charger.nameplate;
  const fileName = `${identity}-${new Date(moment.nowMs).toISOString().slice(0, 10)}.log`;
  return answer({ fileName }, leaving(charger, { location: String(payload['location']), fileName, requestId: null }));
}

export function getLog(charger: Charger, payload: Payload, moment: Moment, answer: Answer): Step {
  const { identity } = charger.nameplate;
  const kind = payload['logType'] === 'SecurityLog' ? 'security' : 'diagnostics';
  const filename = `${identity}-${kind}-${new Date(moment.nowMs).toISOString().slice(0, 10)}.log`;
  const location = String(recordOf(payload['log'])['remoteLocation']);
  const requestId = Number(payload['requestId']);
  return answer({ status: 'Accepted', filename }, leaving(charger, { location, fileName: filename, requestId }));
}

function leaving(
  charger: Charger,
  file: { readonly location: string; readonly fileName: string; readonly requestId: number | null },
): Step {
  const { location, fileName, requestId } = file;
  const log = { status: 'Uploading', requestId };
  return {
    charger: { ...charger, log },
    effects: [logStatus(log), { type: 'upload', location, fileName }],
  };
}

export function uploaded(charger: Charger, ok: boolean): Step {
  const { requestId } = charger.log;
  const status = ok ? 'Uploaded' : requestId === null ? 'UploadFailed' : 'UploadFailure';
  return { charger: { ...charger, log: { status: 'Idle', requestId } }, effects: [logStatus({ status, requestId })] };
}

export function logStatus({ status, requestId }: Charger['log']): Effect {
  const call =
    requestId === null
      ? ({ action: 'DiagnosticsStatusNotification', payload: { status } } as const)
      : ({ action: 'LogStatusNotification', payload: { status, requestId } } as const);
  return { type: 'call', call: { ...call, keep: false } };
}

function recordOf(value: unknown): Payload {
  return typeof value === 'object' && value !== null ? (value as Payload) : {};
}
