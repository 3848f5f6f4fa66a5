import { expect, test } from 'vitest';
import { World } from './world.ts';

const SEEDS_PER_TEST = 125;
/** Generous: the machine of a test run is shared. */
const TIME_LIMIT_MS = 180_000;
/** `VIGIE_SEED=12 npx vitest run test/simulation` runs that one world and says all that happens in it. */
const asked = process.env['VIGIE_SEED'];

/** Holds the laws over the worlds of a range of seeds, some at a time so that a report shows where it is. */
export function holdTheLaws(range: { readonly from: number; readonly count: number }): void {
  const { from, count } = range;
  if (asked !== undefined) {
    const seed = Number(asked);
    test.runIf(seed >= from && (seed < from + count || from > 0))(
      `the laws hold over seed ${seed}`,
      () => holds(seed, true),
      TIME_LIMIT_MS,
    );
    return;
  }
  for (let first = from; first < from + count; first += SEEDS_PER_TEST) {
    const last = Math.min(first + SEEDS_PER_TEST, from + count) - 1;
    test(
      `no energy lost, no transaction lost or doubled, one open at a time, wallets equal their ledgers: seeds ${first} to ${last}`,
      async () => {
        let limitsTold = 0;
        for (let seed = first; seed <= last; seed++) limitsTold += await holds(seed, false);
        // OCP-13: a law about what never happens would hold anyway.
        expect(limitsTold).toBeGreaterThan(0);
      },
      TIME_LIMIT_MS,
    );
  }
}

/** One world from its beginning to its end; how many limits its chargers were told of. */
export async function holds(seed: number, aloud: boolean): Promise<number> {
  const { broken, sessions, limitsTold } = await new World(seed, aloud ? (line) => console.log(line) : null).run();
  expect(broken, `seed ${seed}; to see it happen: VIGIE_SEED=${seed} npx vitest run test/simulation`).toEqual([]);
  if (aloud) console.log(`${sessions} sessions`);
  return limitsTold;
}
