import type { Effect } from '#actors/decision.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { reached } from './command-steps.ts';
import type { CommandCause, CommandView } from './messages.ts';
import type { Alarm } from './state.ts';

/** How long a promise may take to come true: the driver has to walk up and plug in (field-32). */
export const OUTCOME_MS = 180_000;
/** A firmware may wait until the last charge has ended, and is installed after that (OCPP 1.6 §5.19). */
export const FIRMWARE_OUTCOME_MS = 24 * 3_600_000;
/** A log of months over a mobile link. */
export const LOG_OUTCOME_MS = 2 * 3_600_000;

/** Does it move a file? It then outlives a lost link, and a restart of ours. */
export function movesFile(call: CallToChargePoint): boolean {
  return isFirmware(call) || call.action === 'GetDiagnostics' || call.action === 'GetLog';
}

export function isFirmware(call: CallToChargePoint): boolean {
  return call.action === 'UpdateFirmware' || call.action === 'SignedUpdateFirmware';
}

/** Rings when nothing has come of the command; `sinceMs` null takes the alarm back. */
export function outcomeAlarm({ commandId, call }: CommandView, sinceMs: number | null): Effect {
  const key = `no-outcome/${commandId}`;
  const kept = movesFile(call) ? {} : ({ volatile: true } as const);
  if (sinceMs === null) return { type: 'wake', key, atMs: null, ...kept };
  const alarm: Alarm = { type: 'no-outcome', commandId, atMs: startOf(call, sinceMs) + patienceMs(call) };
  return { type: 'wake', key, atMs: alarm.atMs, message: alarm, ...kept };
}

/** What is said of a command whose time is over. */
export function brokenPromise(command: CommandView): CommandCause {
  if (movesFile(command.call)) return 'no-news';
  if (command.call.action === 'RemoteStopTransaction') return 'not-stopped';
  return reached(command, 'plugged') ? 'not-started' : 'not-plugged';
}

function patienceMs(call: CallToChargePoint): number {
  if (isFirmware(call)) return FIRMWARE_OUTCOME_MS;
  return movesFile(call) ? LOG_OUTCOME_MS : OUTCOME_MS;
}

/** A firmware may be asked for now and fetched at night. */
function startOf(call: CallToChargePoint, sinceMs: number): number {
  const told =
    call.action === 'UpdateFirmware'
      ? call.retrieveDate
      : call.action === 'SignedUpdateFirmware'
        ? (call.firmware.installDateTime ?? call.firmware.retrieveDateTime)
        : null;
  const toldMs = told === null ? Number.NaN : Date.parse(told);
  return Number.isNaN(toldMs) ? sinceMs : Math.max(sinceMs, toldMs);
}
