import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceLimits, SOURCES_MAX } from '#src/edges/lafonpulse/sources.ts';

const PER_SECOND = 10;

test('of one source no more is read than a burst and so many in a second, whatever it sends and when', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 }), (pauses) => {
      const limits = new SourceLimits(PER_SECOND);
      let nowMs = 1_000;
      let read = 0;
      for (const pause of pauses) {
        nowMs += pause;
        if (limits.allows('kit', nowMs)) read++;
      }
      expect(read).toBeLessThanOrEqual(2 * PER_SECOND + ((nowMs - 1_000) * PER_SECOND) / 1_000);
    }),
  );
});

test('one source uses up nothing of another’s', () => {
  const limits = new SourceLimits(PER_SECOND);
  for (let n = 0; n < 1_000; n++) limits.allows('flood', 0);
  expect(limits.allows('flood', 0)).toBe(false);
  expect(limits.allows('kit', 0)).toBe(true);
});

test('a clock that is set back gives nobody more', () => {
  const limits = new SourceLimits(PER_SECOND);
  const read = Array.from({ length: 100 }, (_, n) => limits.allows('kit', 1_000 - n)).filter(Boolean);
  expect(read).toHaveLength(2 * PER_SECOND);
});

test('so many sources are remembered and no more: the one that was known longest is forgotten', () => {
  const limits = new SourceLimits(1);
  limits.allows('first', 0);
  limits.allows('first', 0);
  expect(limits.allows('first', 0)).toBe(false);
  for (let n = 0; n < SOURCES_MAX; n++) limits.allows(`source ${n}`, 0);
  expect(limits.allows('first', 0)).toBe(true);
});
