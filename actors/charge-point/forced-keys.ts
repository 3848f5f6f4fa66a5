import { replyWith, store, type Decision, type Effect } from '#actors/decision.ts';
import { foldedKey, FORCED_KEYS_MAX, sentValue, type WantedKey } from '#src/domain/forced-keys.ts';
import { sendNext } from './sending.ts';
import { linkEvent } from './twins.ts';
import { isInForce, wantedOf, withOutcome } from './outcomes.ts';
import { withLive, type Alarm, type ChargePointState, type ReadyForceKey, type ReadyKeys } from './state.ts';
import type { Errand } from './under-way.ts';

type Decided = Decision<ChargePointState>;

/** After a boot a charger has much to say, and a whole fleet may boot at once: what it is told can wait. */
export const KEYS_AFTER_MS = 10_000;
/** Links of one moment are told over so many seconds. */
const KEYS_SPREAD_S = 50;

/** Asks for `onKeysDue`. */
export function keysLater(of: { linkId: number; booted: boolean; atMs: number }): Effect {
  const atMs = of.atMs + KEYS_AFTER_MS + (of.linkId % KEYS_SPREAD_S) * 1_000;
  const message: Alarm = { type: 'keys-due', linkId: of.linkId, booted: of.booted, atMs };
  return { type: 'wake', key: 'keys-due', atMs, message, volatile: true };
}

/** The charger has had time to settle: what is to be in force leaves, one call after the other (field-31). */
export function onKeysDue(state: ChargePointState, due: ReadyKeys): Decided {
  const { link } = state.live;
  if (link === null || !link.ready || link.linkId !== due.linkId) return { state, effects: [] };
  const wanted = wantedOf(state, due.station).filter((one) => due.booted || !isInForce(state, one));
  return sendNext(withErrands(state, wanted, due.atMs), due.atMs);
}

/** Stored with the station in this very commit, and sent as soon as the charger can be called. */
export function onForceKey(state: ChargePointState, request: ReadyForceKey): Decided {
  const { key, value, by, atMs, station, replyTo } = request;
  if (station === null) return { state, effects: [replyWith(replyTo, { ok: false, why: 'undeclared' })] };
  const known = station.forced.some((one) => foldedKey(one.key) === foldedKey(key));
  if (value !== null && !known && station.forced.length >= FORCED_KEYS_MAX)
    return { state, effects: [replyWith(replyTo, { ok: false, why: 'too-many' })] };
  const { stationId } = station;
  const name = value === null ? 'key-released' : 'key-forced';
  const told: Effect[] = [
    store(
      value === null
        ? { type: 'forced-key-gone', stationId, key }
        : { type: 'forced-key', forced: { stationId, key, value, by, atMs } },
    ),
    linkEvent(state, { name, level: 'info', atMs, note: `${value === null ? key : `${key} = ${value}`},by ${by}` }),
    replyWith(replyTo, { ok: true }),
  ];
  if (value === null) return { state, effects: told };
  const wanted: WantedKey = { key, value: sentValue(station, value), origin: 'person', by };
  const waiting = withOutcome(state, wanted, { phase: 'awaiting', detail: null, atMs });
  if (!request.send || state.live.link?.ready !== true) return { state: waiting, effects: told };
  const sent = sendNext(withErrands(waiting, [wanted], atMs), atMs);
  return { state: sent.state, effects: [...told, ...sent.effects] };
}

/** One errand for each value; an older one about the same key that still waits is let go of. */
function withErrands(state: ChargePointState, wanted: readonly WantedKey[], atMs: number): ChargePointState {
  const folded = new Set(wanted.map(({ key }) => foldedKey(key)));
  const others = state.live.errands.filter(
    ({ call }) => call.action !== 'ChangeConfiguration' || !folded.has(foldedKey(call.key)),
  );
  const { errandsMade } = state.live;
  const errands = wanted.map(({ key, value, by }, index): Errand => {
    const callId = `key-${atMs.toString(36)}-${errandsMade + index}`;
    return { callId, call: { action: 'ChangeConfiguration', key, value }, by };
  });
  return withLive(state, { errands: [...others, ...errands], errandsMade: errandsMade + errands.length });
}
