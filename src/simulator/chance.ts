/** A number in [0, 1), drawn by whoever owns the seed: the simulator's decisions never draw their own. */
export type Chance = () => number;

/** The same seed always gives the same sequence (mulberry32). */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A waiting time around `mean`, never longer than four times it, so that a demonstration is never left empty. */
export function around(mean: number, chance: Chance): number {
  return Math.min(4 * mean, -Math.log(1 - chance()) * mean);
}

export function between(low: number, high: number, chance: Chance): number {
  return low + (high - low) * chance();
}

/** `undefined` only for an empty list. */
export function oneOf<T>(choices: readonly T[], chance: Chance): T | undefined {
  return choices[Math.floor(chance() * choices.length)];
}
