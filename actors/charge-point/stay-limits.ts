import { connectorActorId } from '#actors/connector/state.ts';
import type { LimitTold } from '#actors/connector/messages.ts';
import type { Decision, Effect } from '#actors/decision.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { enqueued } from './commands.ts';
import type { CommandCause, CommandView, LimitReached } from './messages.ts';
import { SLOW_ANSWER_MS } from './patience.ts';
import { withLive, type ChargePointState, type WithWay } from './state.ts';

/** In whose name the server asks by itself. */
const SERVER = 'Vigie';
/** Commands for one limit of one session, each after one that nobody heard. */
export const LIMIT_TRIES_MAX = 3;
/** Between one of them and the next. */
const PATIENCE_MS = 2 * SLOW_ANSWER_MS;
/** A charger that comes back tells within this time what has become of its connectors, which a socket must wait for. */
export const STATUSES_MS = 60_000;
/** Nobody heard it, as far as we know. */
export const UNHEARD: ReadonlySet<CommandCause | null> = new Set<CommandCause | null>([
  'no-link',
  'link-lost',
  'no-answer',
  'unreachable',
  'restart',
  'too-many-waiting',
]);

/**
 * A limit of the station is exceeded (OCP-13): the charge is stopped, or the socket unlocked, by a command like any
 * other. Its connector asks until it is told that the charger has answered. While the charger is absent there is no
 * command: what is due hours later is for the connector to say then.
 */
export function onLimitReached(
  known: ChargePointState,
  { connectorId, transactionId, limit, atMs, way = null }: WithWay<LimitReached>,
): Decision<ChargePointState> {
  const id = `stay-${transactionId}-${limit}`;
  const asked = known.durable.commands.filter(({ commandId }) => commandId.startsWith(id));
  const message: LimitTold = { type: 'limit-told', transactionId, limit, atMs };
  const told: Effect = { type: 'tell', to: connectorActorId(known.chargePointId, connectorId), message };
  const [last] = asked;
  if (last !== undefined && !isUnheard(last)) return { state: known, effects: last.ended ? [told] : [] };
  // It may yet answer.
  if (last !== undefined && atMs - last.requestedAtMs < PATIENCE_MS) return { state: known, effects: [] };
  if (asked.length >= LIMIT_TRIES_MAX) return { state: known, effects: [told] };
  if (!isThere(known, { limit, way, atMs })) return { state: known, effects: [] };
  const call: CallToChargePoint =
    limit === 'parking-time'
      ? { action: 'UnlockConnector', connectorId }
      : { action: 'RemoteStopTransaction', transactionId };
  const state = way === null || known.live.link !== null ? known : withLive(known, { way });
  const commandId = `${id}.${asked.length + 1}`;
  const { command: _, ...decided } = enqueued(state, { commandId, call, limit, requestedBy: SERVER, atMs });
  return decided;
}

function isUnheard({ phase, cause }: CommandView): boolean {
  return phase === 'failed' && UNHEARD.has(cause);
}

/** A stop names its transaction; a socket would be unlocked for whoever stands there by now. */
function isThere(
  { live: { link } }: ChargePointState,
  { limit, way, atMs }: { limit: LimitReached['limit']; way: number | null; atMs: number },
): boolean {
  const isUnlock = limit === 'parking-time';
  if (link === null) return way !== null && !isUnlock;
  return link.ready && (!isUnlock || atMs - link.sinceMs >= STATUSES_MS);
}
