import { store, type Effect } from '#actors/decision.ts';
import type { CommandRequest, CommandView } from './messages.ts';
import type { ChargePointState } from './state.ts';

/**
 * A charger that is told to change its password may take it without our hearing of it. So both are right from the moment
 * the call leaves until the charger answers, or comes back with the new one (security whitepaper, section 2.3).
 */

/** The hashes that wait for their commands, with this one's. */
export function withPassword(
  state: ChargePointState,
  request: Pick<CommandRequest, 'commandId' | 'passwordHash'>,
): Readonly<Record<string, string>> {
  const { passwords } = state.live;
  if (request.passwordHash === undefined) return passwords;
  const known = new Set(state.durable.commands.map((one) => one.commandId));
  const kept = Object.entries(passwords).filter(([id]) => known.has(id));
  return Object.fromEntries([...kept, [request.commandId, request.passwordHash]]);
}

/** What the door must know of a password that this command carries; nothing for a command without. */
export function passwordRow(
  state: ChargePointState,
  { commandId, requestedBy: by }: CommandView,
  what: 'told' | 'taken' | 'refused',
  atMs: number,
): Effect[] {
  const hash = state.live.passwords[commandId];
  const { chargePointId } = state;
  return hash === undefined ? [] : [store({ type: 'charger-password', chargePointId, state: what, hash, atMs, by })];
}

/** The charger has answered: it has the new one, or keeps the old one. */
export function passwordOutcome(state: ChargePointState, answered: CommandView, atMs: number): Effect[] {
  return passwordRow(state, answered, answered.phase === 'done' ? 'taken' : 'refused', atMs);
}
