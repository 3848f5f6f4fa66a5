import type { ActorId, Commit, EventRow, Fence, Row } from '#src/storage/ports.ts';
import type { Wire } from '#src/wire/wire.ts';
import type { Behaviour } from './behaviour.ts';
import type { Decision, Draft, Effect } from './decision.ts';
import type { Delivery } from './mailbox.ts';

/** How one writes on a link: each speaks a protocol of its own. */
export type WireOf = (linkId: number) => Wire;

/** What a decision means for the disk: null when nothing is to be written. */
export type Plan = {
  readonly commit: Commit | null;
  /** False when only lazy rows are written: then nothing waits for the disk. */
  readonly mustWait: boolean;
  /** The frames that leave after the commit, each at the index of its effect, empty for an effect that sends none. */
  readonly frames: readonly string[];
};

/** Works out what must be on disk before the effects of a decision are carried out. Pure. */
export function planOf(of: {
  behaviour: Behaviour<unknown, unknown, unknown>;
  before: unknown;
  decision: Decision<unknown>;
  delivery: Delivery;
  fence: Fence;
  wireOf: WireOf;
}): Plan {
  const { behaviour, decision, delivery, fence } = of;
  const { actorId } = fence;
  const { effects, state } = decision;
  const changed = behaviour.durable(state) !== behaviour.durable(of.before);
  const ticked = delivery.envelopeKey !== undefined || delivery.timerKey !== undefined;
  const frames = effects.map((effect) => frameOf(effect, of.wireOf));
  const rows: Row[] = [];
  let mustWait = changed || ticked;
  // The alarm that rang goes first: the decision may set it again.
  if (delivery.timerKey !== undefined) rows.push({ type: 'timer-cancelled', actorId, key: delivery.timerKey });
  for (let index = 0; index < effects.length; index++) {
    const effect = effects[index] as Effect;
    const row = rowOf(effect, journalFrame(effect, frames[index] ?? '', of.wireOf), actorId);
    if (row !== null) rows.push(row);
    mustWait ||= owes(effect);
  }
  if (delivery.envelopeKey !== undefined) rows.push({ type: 'envelope-taken', key: delivery.envelopeKey });
  if (rows.length === 0 && !changed) return { commit: null, mustWait: false, frames };
  const snapshot = changed ? { schema: behaviour.schema, state: behaviour.snapshot(state) } : null;
  return { commit: { fence, snapshot, rows }, mustWait, frames };
}

function frameOf(effect: Effect, wireOf: WireOf): string {
  switch (effect.type) {
    case 'answer':
      return effect.to === null ? '' : wireOf(effect.to.linkId).result(effect.to.messageId, effect.answer);
    case 'refuse-call':
      return wireOf(effect.to.linkId).error(effect.to.messageId, effect.fault);
    case 'call':
      return wireOf(effect.linkId).call(effect.callId, effect.call, effect.draft.chargePointId ?? '');
    default:
      return '';
  }
}

/** A secret leaves, and is not written down. */
function journalFrame(effect: Effect, frame: string, wireOf: WireOf): string {
  if (effect.type !== 'call' || effect.shown === undefined || effect.shown === effect.call) return frame;
  return wireOf(effect.linkId).call(effect.callId, effect.shown, effect.draft.chargePointId ?? '');
}

function rowOf(effect: Effect, frame: string, actorId: ActorId): Row | null {
  switch (effect.type) {
    case 'answer':
      return effect.draft === null ? null : { type: 'event', event: journalled(effect.draft, frame) };
    case 'refuse-call':
      return { type: 'event', event: journalled(effect.draft, frame) };
    case 'call':
      return { type: 'event', event: { ...effect.draft, request: frame } };
    case 'store':
      return effect.row;
    case 'post':
      return { type: 'envelope', envelope: effect.envelope };
    case 'wake': {
      const { key, atMs } = effect;
      if (effect.volatile === true) return null;
      if (atMs === null) return { type: 'timer-cancelled', actorId, key };
      return { type: 'timer', timer: { actorId, key, atMs, message: effect.message } };
    }
    default:
      return null;
  }
}

/** Field by field: with every call of every charger, a spread would cost three times as much. */
function journalled(draft: Draft, answer: string): EventRow {
  const { atMs, chargePointId, connectorId, level, kind, name, request, note } = draft;
  return { atMs, chargePointId, connectorId, level, kind, name, request, answer, note };
}

/** Must the disk have this before anything leaves? */
function owes(effect: Effect): boolean {
  switch (effect.type) {
    case 'answer':
    case 'store':
      return effect.lazy !== true;
    case 'refuse-call':
    case 'call':
    case 'post':
      return true;
    case 'wake':
      return effect.volatile !== true;
    default:
      return false;
  }
}
