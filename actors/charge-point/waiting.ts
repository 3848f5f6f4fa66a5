import { replyWith, type Decision, type Effect } from '#actors/decision.ts';
import { saveFailed } from './command-lines.ts';
import { advanced } from './command-steps.ts';
import { commandOf, remember } from './kept-commands.ts';
import type { CommandView, WithdrawRequest } from './messages.ts';
import { withLive, type Alarm, type ChargePointState } from './state.ts';

type Decided = Decision<ChargePointState>;

/** The alarm of a command that may wait for an absent charger: on disk, so that it rings after a restart too. */
export function expiry(command: CommandView): Effect[] {
  const { commandId, expiresAtMs } = command;
  if (expiresAtMs === undefined) return [];
  const message: Alarm = { type: 'expired', commandId, atMs: expiresAtMs };
  return [{ type: 'wake', key: alarmKey(commandId), atMs: expiresAtMs, message }];
}

/** It waits no longer. */
export function expiryGone({ commandId, expiresAtMs }: CommandView): Effect[] {
  return expiresAtMs === undefined ? [] : [{ type: 'wake', key: alarmKey(commandId), atMs: null }];
}

/** The charger did not come back in time. */
export function onExpired(state: ChargePointState, alarm: { commandId: string; atMs: number }): Decided {
  const command = commandOf(state, alarm.commandId);
  if (command?.phase !== 'queued') return { state, effects: [] };
  return letGo(state, advanced(command, 'failed', alarm.atMs, { cause: 'expired' }), alarm.atMs);
}

/** Whoever may command may take a command back for as long as it has not left. */
export function onWithdraw(state: ChargePointState, request: WithdrawRequest): Decided {
  const { commandId, by, atMs, replyTo } = request;
  const command = commandOf(state, commandId);
  if (command?.phase !== 'queued') return { state, effects: [replyWith(replyTo, command)] };
  const withdrawn = advanced(command, 'failed', atMs, { cause: 'withdrawn', detail: by });
  const gone = letGo(state, withdrawn, atMs);
  return {
    state: gone.state,
    effects: [...gone.effects, ...expiryGone(command), replyWith(replyTo, withdrawn)],
  };
}

/** Fails a command that was waiting, and takes it out of the queue. */
export function letGo(state: ChargePointState, failed: CommandView, atMs: number): Decided {
  const waiting = state.live.waiting.filter((one) => one !== failed.commandId);
  return { state: withLive(remember(state, failed), { waiting }), effects: saveFailed(state, failed, atMs) };
}

function alarmKey(commandId: string): string {
  return `expired/${commandId}`;
}
