import type { Decision, Effect } from '#actors/decision.ts';
import { connectorActorId } from '#actors/connector/state.ts';
import { failAll } from './commands.ts';
import { keysLater } from './forced-keys.ts';
import type { HeldBy } from './messages.ts';
import { freshDurable, freshLive, withDurable, withLive, type ChargePointState, type LiveLink } from './state.ts';

/** Private use (RFC 6455 §7.4.2): the charger now belongs to another station, and boots anew. */
const HANDED_OVER = 4003;

/** Private use: its station forgives less since it dialled, and it would not have been let in like this. */
const DIAL_AGAIN = 4004;

/** Would the handshake of this link be refused now (field-25)? */
function isForgivenTooMuch({ forgiven = [] }: LiveLink, { leniency }: HeldBy): boolean {
  if (leniency === 'strict') return forgiven.length > 0;
  return leniency === 'tolerant' && forgiven.includes('unsupported-subprotocol');
}

/** Does what is known under this identity belong to another station than `holder` says? */
export function isAnothers(state: ChargePointState, holder: Pick<HeldBy, 'stationId' | 'historySinceMs'>): boolean {
  const { stationId } = state.durable;
  return stationId === null ? holder.historySinceMs > 0 : stationId !== holder.stationId;
}

/** Its first station takes it as it is; the next one gets a charger that has everything still to tell. */
export function onHeldBy(state: ChargePointState, message: HeldBy): Decision<ChargePointState> {
  const { stationId, atMs } = message;
  const { link } = state.live;
  if (!isAnothers(state, message)) {
    const held = state.durable.stationId === null ? withDurable(state, { stationId }) : state;
    if (link === null) return { state: held, effects: [] };
    const { linkId } = link;
    if (isForgivenTooMuch(link, message))
      return {
        state: held,
        effects: [{ type: 'close-link', linkId, code: DIAL_AGAIN, why: 'its handshake is not forgiven any more' }],
      };
    // What its form says of the charger may be another by now, its power (OCP-12) for one.
    return { state: held, effects: [keysLater({ linkId, booted: false, atMs })] };
  }
  const failed = failAll(state, atMs, false);
  const cut: Effect[] =
    link === null
      ? []
      : [{ type: 'close-link', linkId: link.linkId, code: HANDED_OVER, why: 'the charger has another station' }];
  const connectors = state.durable.connectors.map((connectorId): Effect => {
    const to = connectorActorId(state.chargePointId, connectorId);
    const envelope = { key: `handed-over/${to}/${atMs}`, to, atMs, message: { type: 'handed-over', atMs } };
    return { type: 'post', envelope };
  });
  const fresh = { ...state, durable: { ...freshDurable(), stationId }, live: freshLive() };
  return { state: withLive(fresh, { link }), effects: [...failed.effects, ...connectors, ...cut] };
}
