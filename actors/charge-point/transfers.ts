import type { Decision } from '#actors/decision.ts';
import { advanced, reached } from './command-steps.ts';
import { onProgress } from './commands.ts';
import type { CommandCause, CommandPhase, CommandView, TransferMessage } from './messages.ts';
import { isFirmware, movesFile } from './promises.ts';
import { withDurable, withLive, type ChargePointState } from './state.ts';

type Decided = Decision<ChargePointState>;
type Meaning = { readonly phase: CommandPhase; readonly cause?: CommandCause };

/** `FirmwareStatusNotification`, and what its signed form adds; a word that is not here tells nothing of a command. */
const FIRMWARE: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['DownloadScheduled', { phase: 'accepted' }],
  ['DownloadPaused', { phase: 'transferring' }],
  ['Downloading', { phase: 'transferring' }],
  ['Downloaded', { phase: 'transferred' }],
  ['SignatureVerified', { phase: 'transferred' }],
  ['InstallScheduled', { phase: 'transferred' }],
  ['Installing', { phase: 'installing' }],
  ['InstallRebooting', { phase: 'installing' }],
  ['Installed', { phase: 'done' }],
  ['DownloadFailed', { phase: 'failed', cause: 'download-failed' }],
  ['InvalidSignature', { phase: 'failed', cause: 'invalid-signature' }],
  ['InstallationFailed', { phase: 'failed', cause: 'installation-failed' }],
  ['InstallVerificationFailed', { phase: 'failed', cause: 'installation-failed' }],
]);
/** `DiagnosticsStatusNotification`, and `LogStatusNotification`. */
const LOG: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['Uploading', { phase: 'transferring' }],
  ['Uploaded', { phase: 'done' }],
  ['UploadFailed', { phase: 'failed', cause: 'upload-failed' }],
  ['UploadFailure', { phase: 'failed', cause: 'upload-failed' }],
  ['BadMessage', { phase: 'failed', cause: 'upload-failed' }],
  ['PermissionDenied', { phase: 'failed', cause: 'upload-failed' }],
  ['NotSupportedOperation', { phase: 'failed', cause: 'upload-failed' }],
]);

export type Report = {
  readonly about: 'firmware' | 'log';
  readonly status: string;
  /** The one of the command, by the security extension; without, the newest one is meant. */
  readonly requestId?: number | undefined;
  readonly atMs: number;
};

/** The charger tells how far it is with a file (PRC-11, PRC-12). */
export function onReport(before: ChargePointState, { about, status, requestId, atMs }: Report): Decided {
  const state = withDurable(before, about === 'firmware' ? { firmwareStatus: status } : { diagnosticsStatus: status });
  const meaning = (about === 'firmware' ? FIRMWARE : LOG).get(status);
  const command = state.durable.commands.find(
    (one) =>
      isUnderWay(one) &&
      isFirmware(one.call) === (about === 'firmware') &&
      (requestId === undefined || !('requestId' in one.call) || one.call.requestId === requestId),
  );
  if (meaning === undefined || command === undefined) return { state, effects: [] };
  return stepped(state, command, meaning, { atMs, detail: meaning.phase === 'failed' ? status : null });
}

/** What the drop sees: the first byte is a step, the last one of a log its end; what is between is not stored. */
export function onTransfer(before: ChargePointState, message: TransferMessage): Decided {
  const { commandId, bytes, totalBytes, stage, atMs } = message;
  const command = before.durable.commands.find((one) => one.commandId === commandId);
  if (command === undefined) return { state: before, effects: [] };
  const state = withLive(before, { transfers: kept(before, commandId, { bytes, totalBytes }) });
  if (command.ended || stage === 'broken') return { state, effects: [] };
  if (stage === 'moving') return stepped(state, command, { phase: 'transferring' }, { atMs, detail: null });
  const phase = isFirmware(command.call) ? 'transferred' : 'done';
  return stepped(state, command, { phase }, { atMs, detail: null });
}

/** Another version after a download is the one proof of an installation that every charger gives. */
export function onNewVersion(state: ChargePointState, firmwareVersion: string | undefined, atMs: number): Decided {
  const before = state.durable.boot?.firmwareVersion;
  const command = state.durable.commands.find((one) => isUnderWay(one) && isFirmware(one.call));
  if (command === undefined || firmwareVersion === undefined || firmwareVersion === before) {
    return { state, effects: [] };
  }
  return stepped(state, command, { phase: 'done' }, { atMs, detail: firmwareVersion });
}

function isUnderWay({ call, phase, ended }: CommandView): boolean {
  return !ended && phase !== 'queued' && movesFile(call);
}

/** A step that was made before is no step: chargers repeat themselves, and the drop sees what they tell too. */
function stepped(
  state: ChargePointState,
  command: CommandView,
  { phase, cause }: Meaning,
  { atMs, detail }: { atMs: number; detail: string | null },
): Decided {
  if (reached(command, phase)) return { state, effects: [] };
  const why = { ...(cause === undefined ? {} : { cause }), ...(detail === null ? {} : { detail }) };
  return onProgress(state, advanced(command, phase, atMs, why), atMs);
}

/** Only of commands that are still remembered. */
function kept(state: ChargePointState, commandId: string, transfer: { bytes: number; totalBytes: number | null }) {
  const known = new Set(state.durable.commands.map((one) => one.commandId));
  const others = Object.entries(state.live.transfers).filter(([id]) => known.has(id));
  return Object.fromEntries([...others, [commandId, transfer]]);
}
