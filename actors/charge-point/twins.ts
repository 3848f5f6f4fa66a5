import { connectorActorId } from '#actors/connector/state.ts';
import type { Resolved } from '#actors/connector/messages.ts';
import { replyWith, store, type Decision, type Effect } from '#actors/decision.ts';
import type { EventLevel, ReviewResolution } from '#src/storage/ports.ts';
import { fighters, TAKEOVER_WINDOW_MS } from './boxes.ts';
import { withDurable, type ChargePointState, type ReadyResolve } from './state.ts';

export const TAKEOVERS_MAX = 3;
/** How long a fight that a person has seen may go on before it is told again. */
export const SEEN_FOR_MS = 24 * 3_600_000;

type Decided = Decision<ChargePointState>;

/** Two boxes use one identity: one alert, and one thing for a person to resolve, until it was seen (field-10). */
export function duplicateIdentity(state: ChargePointState, atMs: number): Decided {
  const { chargePointId } = state;
  const { twins } = state.durable;
  const alert = linkEvent(state, {
    name: 'duplicate-identity',
    level: 'critical',
    atMs,
    note: [`${state.live.takeovers.length} takeovers`, ...fighters(state.durable.boxes, atMs)].join(' · '),
  });
  if (twins !== null && (twins.seenAtMs === null || atMs < twins.seenAtMs + SEEN_FOR_MS)) {
    return { state, effects: [alert] };
  }
  const key = `duplicate-identity/${chargePointId}/${atMs}`;
  const none = { connectorId: null, transactionId: null, frame: null, stop: null } as const;
  const review = { ...none, key, kind: 'duplicate-identity', chargePointId, atMs } as const;
  return {
    state: withDurable(state, { twins: { key, seenAtMs: null } }),
    effects: [store({ type: 'review', review }), alert],
  };
}

/** A person's decision: what is about a session goes to the connector that owns it, the rest is decided here. */
export function onResolve(state: ChargePointState, message: ReadyResolve): Decided {
  const { review, connectorId, choice, by, atMs, replyTo } = message;
  const reply = (value: Resolved): Decided => ({ state, effects: [replyWith(replyTo, value)] });
  if (review === null || review.chargePointId !== state.chargePointId) return reply({ ok: false, why: 'unknown' });
  if (review.kind !== 'duplicate-identity') {
    const { type, key } = message;
    const to = connectorActorId(state.chargePointId, connectorId ?? 1);
    return { state, effects: [{ type: 'tell', to, message: { type, key, choice, by, atMs, replyTo } }] };
  }
  if (review.resolution !== null) return reply({ ok: false, why: 'already', resolution: review.resolution });
  if (choice.type !== 'seen') return reply({ ok: false, why: 'not-offered' });
  const resolution: ReviewResolution = { outcome: 'seen', atMs, by, changes: null };
  return {
    state: withDurable(state, { twins: { key: review.key, seenAtMs: atMs } }),
    effects: [
      store({ type: 'review-resolved', key: review.key, resolution }),
      linkEvent(state, { name: 'review-seen', level: 'info', atMs, note: by }),
      replyWith<Resolved>(replyTo, { ok: true, resolution }),
    ],
  };
}

/** Those of `TAKEOVER_WINDOW_MS`: what happened before is no fight any more. */
export function recentTakeovers(state: ChargePointState, atMs: number): readonly number[] {
  const { takeovers } = state.live;
  const recent = takeovers.filter((at) => at > atMs - TAKEOVER_WINDOW_MS);
  return recent.length === takeovers.length ? takeovers : recent;
}

export function oneMoreTakeover(state: ChargePointState, atMs: number): readonly number[] {
  return [...recentTakeovers(state, atMs), atMs].slice(-TAKEOVERS_MAX);
}

export function linkEvent(
  state: ChargePointState,
  event: { name: string; level: EventLevel; atMs: number; note: string | null },
): Effect {
  const { chargePointId } = state;
  return store({
    type: 'event',
    event: { ...event, chargePointId, connectorId: null, kind: 'link', request: null, answer: null },
  });
}
