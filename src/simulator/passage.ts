import type { Weather } from '#src/domain/weather.ts';
import { around, type Chance } from './chance.ts';

/** One arrival of a message. `inOrder`: not before what was sent before it. */
export type Arrival = { readonly afterMs: number; readonly inOrder: boolean };

/** How long later messages have to overtake one, in ms, beyond the usual delay. */
const OVERTAKEN_MS = 400;

/** When, and how often, a message arrives; never, when it is lost. */
export function arrivalsOf(
  { lossPercent, delayMs, duplicatesPercent, reorderPercent }: Weather,
  chance: Chance,
): readonly Arrival[] {
  const happens = (percent: number): boolean => percent > 0 && chance() * 100 < percent;
  if (happens(lossPercent)) return [];
  const late = (): number => (delayMs === 0 ? 0 : around(delayMs, chance));
  const first: Arrival = happens(reorderPercent)
    ? { afterMs: late() + OVERTAKEN_MS, inOrder: false }
    : { afterMs: late(), inOrder: true };
  return happens(duplicatesPercent) ? [first, { afterMs: first.afterMs + late() + 1, inOrder: false }] : [first];
}

/** One direction of a link: messages go through the weather of the moment. */
export class Passage {
  readonly #weather: () => Weather;
  readonly #chance: Chance;
  readonly #now: () => number;
  readonly #later: (afterMs: number, run: () => void) => void;
  readonly #seen: (fate: 'lost' | 'doubled' | 'overtaken') => void;
  #lastInOrderMs = 0;

  constructor(of: {
    readonly weather: () => Weather;
    readonly chance: Chance;
    readonly now: () => number;
    readonly later: (afterMs: number, run: () => void) => void;
    readonly seen: (fate: 'lost' | 'doubled' | 'overtaken') => void;
  }) {
    this.#weather = of.weather;
    this.#chance = of.chance;
    this.#now = of.now;
    this.#later = of.later;
    this.#seen = of.seen;
  }

  /** In good weather the message arrives before this returns. */
  carry(arrive: () => void): void {
    const arrivals = arrivalsOf(this.#weather(), this.#chance);
    if (arrivals.length === 0) this.#seen('lost');
    if (arrivals.length > 1) this.#seen('doubled');
    if (arrivals[0]?.inOrder === false) this.#seen('overtaken');
    for (const { afterMs, inOrder } of arrivals) {
      const nowMs = this.#now();
      const dueMs = inOrder ? Math.max(nowMs + afterMs, this.#lastInOrderMs) : nowMs + afterMs;
      if (inOrder) this.#lastInOrderMs = dueMs;
      if (dueMs <= nowMs) arrive();
      else this.#later(dueMs - nowMs, arrive);
    }
  }
}
