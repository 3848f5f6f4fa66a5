import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CALM, WEATHER_LIMITS, WEATHER_NAMES, weatherFrom, type Weather } from '#src/domain/weather.ts';
import { seededChance } from '#src/simulator/chance.ts';
import { arrivalsOf, Passage } from '#src/simulator/passage.ts';

/** What was sent, as it arrives, on a clock that only moves when something is due. */
function carried(weather: Weather, count: number, seed: number): { arrived: number[]; fates: string[] } {
  let nowMs = 0;
  const due: { atMs: number; run: () => void }[] = [];
  const fates: string[] = [];
  const passage = new Passage({
    weather: () => weather,
    chance: seededChance(seed),
    now: () => nowMs,
    later: (afterMs, run) => void due.push({ atMs: nowMs + afterMs, run }),
    seen: (fate) => void fates.push(fate),
  });
  const arrived: number[] = [];
  for (let sent = 0; sent < count; sent += 1) passage.carry(() => void arrived.push(sent));
  while (due.length > 0) {
    const next = due.toSorted((a, b) => a.atMs - b.atMs)[0];
    if (next === undefined) break;
    due.splice(due.indexOf(next), 1);
    nowMs = next.atMs;
    next.run();
  }
  return { arrived, fates };
}

test('in calm weather every message arrives at once, in order', () => {
  expect(carried(CALM, 5, 1)).toEqual({ arrived: [0, 1, 2, 3, 4], fates: [] });
});

test('delay alone changes no order, whatever is drawn', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), fc.nat(), (delayMs, seed) => {
      const { arrived } = carried({ ...CALM, delayMs }, 20, seed);
      expect(arrived).toEqual(Array.from({ length: 20 }, (_, index) => index));
    }),
  );
});

test('each fate comes about as often as it was asked for, and is counted', () => {
  const { arrived, fates } = carried({ ...CALM, lossPercent: 10, duplicatesPercent: 20 }, 2_000, 7);
  const lost = fates.filter((fate) => fate === 'lost').length;
  const doubled = fates.filter((fate) => fate === 'doubled').length;
  expect(lost).toBeGreaterThan(140);
  expect(lost).toBeLessThan(260);
  expect(doubled).toBeGreaterThan(290);
  expect(doubled).toBeLessThan(430);
  expect(arrived).toHaveLength(2_000 - lost + doubled);
});

test('what is overtaken arrives after what was sent later', () => {
  const { arrived, fates } = carried({ ...CALM, reorderPercent: 30 }, 50, 3);
  expect(fates).toContain('overtaken');
  expect(arrived).not.toEqual(arrived.toSorted((a, b) => a - b));
  expect(arrived.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
});

test('calm draws nothing, so that a seed gives the fleet that it always gave', () => {
  expect(arrivalsOf(CALM, () => expect.fail('nothing is to be drawn'))).toEqual([{ afterMs: 0, inOrder: true }]);
});

test('weather is read within its limits, and nothing else', () => {
  expect(weatherFrom({})).toEqual(CALM);
  expect(weatherFrom({ lossPercent: '2.5', skewSeconds: '-90' })).toEqual({
    ...CALM,
    lossPercent: 2.5,
    skewSeconds: -90,
  });
  for (const name of WEATHER_NAMES) {
    const { min, max } = WEATHER_LIMITS[name];
    for (const text of [String(min - 1), String(max + 1), 'NaN', '', '1e3', ' 1', '--1'])
      expect(weatherFrom({ [name]: text }), `${name} ${text}`).toBeNull();
  }
});
