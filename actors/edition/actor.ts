import type { Behaviour } from '#actors/behaviour.ts';
import type { Edition } from '#actors/charge-point/quirks.ts';
import type { ActorId } from '#src/storage/ports.ts';
import { NO_HABIT } from './habit.ts';
import type { EditionMessage } from './messages.ts';
import { decide, UNKNOWN_EDITION, type EditionState } from './state.ts';

/**
 * The actor that remembers what chargers of this edition take; null for one that has not said what it is. Half a
 * character, as a charger may send it, or as a cut leaves it, cannot be encoded: it becomes U+FFFD.
 */
export function editionActorId({ make, model, firmware }: Edition): ActorId | null {
  if (make === '' && model === '') return null;
  return `edition/${[make, model, firmware].map((text) => encodeURIComponent(text.toWellFormed())).join('/')}`;
}

/** One make, model and firmware: its whole state is durable. */
export const editionBehaviour: Behaviour<EditionState, EditionMessage> = {
  kind: 'edition',
  schema: 1,
  initial: () => UNKNOWN_EDITION,
  restore: (_id, snapshot) => {
    const { habit, by, atMs } = snapshot as EditionState;
    return { habit: { ...NO_HABIT, ...habit }, by, atMs };
  },
  durable: (state) => state,
  snapshot: (state) => state,
  prepare: (_state, message) => message,
  decide,
};
