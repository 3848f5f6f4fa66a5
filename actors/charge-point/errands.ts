import type { Decision, Effect } from '#actors/decision.ts';
import { errandLine } from './command-lines.ts';
import { learnt } from './configuration.ts';
import { commandOf } from './kept-commands.ts';
import type { CommandView } from './messages.ts';
import { withOutcome, wordOn } from './outcomes.ts';
import { clearingHeard, compositeHeard, profileHeard, type Said } from './profile-climb.ts';
import { pieceHeard } from './reading.ts';
import { withLive, type Alarm, type ChargePointState } from './state.ts';
import type { Errand } from './under-way.ts';

/** What a charger made of an errand: its answer, why there is none that can be read, or nothing within the time. */
export type Heard = Said;

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

type AfterErrand = {
  readonly state: ChargePointState;
  /** The command that it was about, as it is now; null for none. */
  readonly command: CommandView | null;
  readonly effects?: readonly Effect[];
};

/** The errand in flight has come to an end. */
export function errandHeard(
  before: ChargePointState,
  { call, commandId }: Errand,
  heard: Heard,
  atMs: number,
): AfterErrand {
  const state = withLive(before, { errand: null });
  const asker = commandId === undefined ? null : commandOf(state, commandId);
  switch (call.action) {
    case 'SetChargingProfile':
      return asker === null || asker.ended
        ? { state, command: null }
        : (profileHeard(state, asker, heard, atMs) ?? { state, command: null });
    case 'GetCompositeSchedule':
      return asker === null || asker.ended ? { state, command: null } : compositeHeard(state, asker, heard, atMs);
    case 'ClearChargingProfile':
      return { state: clearingHeard(state, call.id, heard), command: null };
    case 'TriggerMessage':
      return { state, command: null };
    case 'GetConfiguration':
    case 'ChangeConfiguration':
  }
  if (call.action === 'GetConfiguration') {
    if (heard.type !== 'answer')
      return pieceHeard(state, call.key ?? [], heard.type === 'silence' ? 'silence' : [], atMs);
    const keys = heard.answer.action === 'GetConfiguration' ? heard.answer.configurationKey : [];
    return pieceHeard(learnt(state, call, heard.answer), call.key ?? [], keys, atMs);
  }
  switch (heard.type) {
    case 'answer':
      return { state: wordOn(learnt(state, call, heard.answer), call, heard.answer, atMs), command: null };
    case 'fault':
      return { state: withOutcome(state, call, { phase: 'refused', detail: heard.detail, atMs }), command: null };
    case 'silence': {
      const mute = withOutcome(state, call, { phase: 'no-answer', detail: null, atMs });
      // A charger that does not answer one would let each of the others block the way as long.
      const errands = mute.live.errands.filter((one) => one.call.action !== 'ChangeConfiguration');
      return { state: withLive(mute, { errands }), command: null };
    }
  }
}
