import type { Decision } from '#actors/decision.ts';
import type { AnswerFromChargePoint } from '#src/wire/ocpp/messages.ts';
import { errandLine } from './command-lines.ts';
import { learnt } from './configuration.ts';
import type { CommandView } from './messages.ts';
import { withOutcome, wordOn } from './outcomes.ts';
import { pieceHeard } from './reading.ts';
import { withLive, type Alarm, type ChargePointState, type Errand } from './state.ts';

/** What a charger made of an errand: its answer, why there is none that can be read, or nothing within the time. */
export type Heard =
  | { readonly type: 'answer'; readonly answer: AnswerFromChargePoint }
  | { readonly type: 'fault'; readonly detail: string }
  | { readonly type: 'silence'; readonly why: 'no-answer' | 'unreachable' };

/** The next errand leaves. The link is ready, and nothing of ours is in flight on it. */
export function sendErrand(
  state: ChargePointState,
  of: { readonly linkId: number; readonly atMs: number; readonly answerMs: number },
): Decision<ChargePointState> {
  const [errand, ...errands] = state.live.errands;
  if (errand === undefined) return { state, effects: [] };
  const { linkId, atMs, answerMs } = of;
  const { callId, call } = errand;
  const draft = errandLine(state, errand, { atMs, level: 'info', kind: 'frame-out', answer: null });
  const alarm: Alarm = { type: 'no-answer', commandId: callId, atMs: atMs + answerMs };
  return {
    state: withLive(state, { errands, errand, inFlight: callId }),
    effects: [
      { type: 'call', linkId, callId, call, draft },
      { type: 'wake', key: `no-answer/${callId}`, atMs: alarm.atMs, message: alarm, volatile: true },
    ],
  };
}

/** The errand in flight has come to an end; `ended` is a command that was read for, and now has its outcome. */
export function errandHeard(
  before: ChargePointState,
  { call }: Errand,
  heard: Heard,
  atMs: number,
): { readonly state: ChargePointState; readonly ended: CommandView | null } {
  const state = withLive(before, { errand: null });
  if (call.action === 'GetConfiguration') {
    if (heard.type !== 'answer')
      return pieceHeard(state, call.key ?? [], heard.type === 'silence' ? 'silence' : [], atMs);
    const keys = heard.answer.action === 'GetConfiguration' ? heard.answer.configurationKey : [];
    return pieceHeard(learnt(state, call, heard.answer), call.key ?? [], keys, atMs);
  }
  switch (heard.type) {
    case 'answer':
      return { state: wordOn(learnt(state, call, heard.answer), call, heard.answer, atMs), ended: null };
    case 'fault':
      return { state: withOutcome(state, call, { phase: 'refused', detail: heard.detail, atMs }), ended: null };
    case 'silence': {
      const mute = withOutcome(state, call, { phase: 'no-answer', detail: null, atMs });
      // A charger that does not answer one would let each of the others block the way as long.
      const errands = mute.live.errands.filter((one) => one.call.action !== 'ChangeConfiguration');
      return { state: withLive(mute, { errands }), ended: null };
    }
  }
}
