import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { CommandView } from './messages.ts';
import { withDurable, type ChargePointState } from './state.ts';

/** Commands of people and programs that wait for one charger; one more is refused. */
export const COMMANDS_WAITING_MAX = 20;
const STANDING = 'standing-';
/** Commands that a charge point remembers; older ones are on disk. */
const COMMANDS_KEPT = COMMANDS_WAITING_MAX + 4;

export function commandOf(state: ChargePointState, commandId: string): CommandView | null {
  return state.durable.commands.find((one) => one.commandId === commandId) ?? null;
}

/** Unlike that of any other charger which boots in the same millisecond: commands are one table. */
export function standingId(of: { readonly linkId: number; readonly atMs: number; readonly index: number }): string {
  return `${STANDING}${of.atMs.toString(36)}-${of.linkId.toString(36)}-${of.index}`;
}

/** May it wait beside those that do? What is laid down after a boot is as much as was laid down before, and no more. */
export function hasRoomFor({ live }: ChargePointState, commandId: string): boolean {
  const asked = live.waiting.filter((id) => !id.startsWith(STANDING));
  return commandId.startsWith(STANDING) || asked.length < COMMANDS_WAITING_MAX;
}

/** Those that wait to be laid down. */
export function standingCalls(state: ChargePointState): readonly CallToChargePoint[] {
  return state.live.waiting.flatMap((id) => (id.startsWith(STANDING) ? (commandOf(state, id)?.call ?? []) : []));
}

/** Which call of ours has this id on the wire? Null for one that we never made. */
export function callOf(state: ChargePointState, callId: string): CallToChargePoint | null {
  const { errand, climbs } = state.live;
  if (errand?.callId === callId) return errand.call;
  // The first way of asking for a limit need not be the one that was asked for.
  return climbs[callId]?.ladder[0] ?? commandOf(state, callId)?.call ?? null;
}

/** With the command as it is now. */
export function remember(state: ChargePointState, command: CommandView): ChargePointState {
  const { commands } = state.durable;
  // A whole configuration is kept once, as the charger's, not with every command that read it.
  const slim = command.answer?.action === 'GetConfiguration' ? { ...command, answer: null } : command;
  const at = commands.findIndex((one) => one.commandId === command.commandId);
  return withDurable(state, { commands: at < 0 ? latest([slim, ...commands]) : commands.with(at, slim) });
}

/** Oldest first, what has ended is forgotten, then promises; never what is on its way, for its answer must find it. */
function latest(commands: readonly CommandView[]): readonly CommandView[] {
  const ended = commands.findLastIndex((one) => one.ended);
  const forgotten =
    ended >= 0 ? ended : commands.findLastIndex((one) => one.phase !== 'queued' && one.phase !== 'sent');
  return commands.length <= COMMANDS_KEPT || forgotten < 0 ? commands : commands.toSpliced(forgotten, 1);
}
