import { replyWith, type Decision } from '#actors/decision.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import { isSameHabit, NO_HABIT, type Habit } from './habit.ts';
import type { EditionMessage } from './messages.ts';

/** What is known of one make, model and firmware; `by` and `atMs`: which charger showed it last, and when. */
export type EditionState = {
  readonly habit: Habit;
  readonly by: ChargePointId | null;
  readonly atMs: number | null;
};

/** Before the first charger has shown anything. */
export const UNKNOWN_EDITION: EditionState = { habit: NO_HABIT, by: null, atMs: null };

/** What an edition does with one message. Pure. */
export function decide(edition: EditionState, message: EditionMessage): Decision<EditionState> {
  switch (message.type) {
    case 'learn': {
      const { habit, by, atMs } = message;
      const isKnown = isSameHabit(habit, edition.habit);
      return { state: isKnown ? edition : { habit, by, atMs }, effects: [] };
    }
    case 'view':
      return { state: edition, effects: [replyWith(message.replyTo, edition.habit)] };
  }
}
