import type { Commit, Fence, Row } from '#src/storage/ports.ts';
import type { AnswerToChargePoint, CallToChargePoint, WireFault } from '#src/wire/ocpp/messages.ts';
import type { Behaviour } from './behaviour.ts';
import type { Decision, Effect } from './decision.ts';
import type { Delivery } from './mailbox.ts';

/** How answers and calls are written on the wire. */
export interface Frames {
  result(messageId: string, answer: AnswerToChargePoint): string;
  error(messageId: string, fault: WireFault): string;
  call(callId: string, call: CallToChargePoint): string;
}

/** What a decision means for the disk: null when nothing is to be written. */
export type Plan = {
  readonly commit: Commit | null;
  /** False when only lazy rows are written: then nothing waits for the disk. */
  readonly mustWait: boolean;
  /** The frames that leave after the commit, each at the index of its effect; built once, for journal and wire alike. */
  readonly frames: readonly string[];
};

/** Works out what must be on disk before the effects of a decision are carried out. Pure. */
export function planOf(of: {
  behaviour: Behaviour<unknown, unknown, unknown>;
  before: unknown;
  decision: Decision<unknown>;
  delivery: Delivery;
  fence: Fence;
  frames: Frames;
}): Plan {
  const { behaviour, decision, delivery, fence } = of;
  const { actorId } = fence;
  const { effects, state } = decision;
  const changed = behaviour.durable(state) !== behaviour.durable(of.before);
  const ticked = delivery.envelopeKey !== undefined || delivery.timerKey !== undefined;
  const rows: Row[] = [];
  const frames: string[] = [];
  let mustWait = changed || ticked;
  // The alarm that rang goes first: the decision may set it again.
  if (delivery.timerKey !== undefined) rows.push({ type: 'timer-cancelled', actorId, key: delivery.timerKey });
  for (const [index, effect] of effects.entries()) {
    switch (effect.type) {
      case 'answer': {
        const frame = effect.to === null ? '' : of.frames.result(effect.to.messageId, effect.answer);
        frames[index] = frame;
        if (effect.draft !== null) rows.push({ type: 'event', event: { ...effect.draft, answer: frame } });
        break;
      }
      case 'refuse-call': {
        const frame = of.frames.error(effect.to.messageId, effect.fault);
        frames[index] = frame;
        rows.push({ type: 'event', event: { ...effect.draft, answer: frame } });
        break;
      }
      case 'call': {
        const frame = of.frames.call(effect.callId, effect.call);
        frames[index] = frame;
        rows.push({ type: 'event', event: { ...effect.draft, request: frame } });
        break;
      }
      case 'store':
        rows.push(effect.row);
        break;
      case 'post':
        rows.push({ type: 'envelope', envelope: effect.envelope });
        break;
      case 'wake': {
        const { key, atMs } = effect;
        if (effect.volatile === true) break;
        if (atMs === null) rows.push({ type: 'timer-cancelled', actorId, key });
        else rows.push({ type: 'timer', timer: { actorId, key, atMs, message: effect.message } });
        break;
      }
    }
    mustWait ||= owes(effect);
  }
  if (delivery.envelopeKey !== undefined) rows.push({ type: 'envelope-taken', key: delivery.envelopeKey });
  if (rows.length === 0 && !changed) return { commit: null, mustWait: false, frames };
  const snapshot = changed ? { schema: behaviour.schema, state: behaviour.snapshot(state) } : null;
  return { commit: { fence, snapshot, rows }, mustWait, frames };
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
