import { describe, expect, test } from 'vitest';
import { stepOf } from '#src/second-factors.ts';

/** RFC 6238, appendix B, SHA-1: the secret is `12345678901234567890`; of its eight digits we show the last six. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const VECTORS = [
  [59, '94287082', 0x1],
  [1_111_111_109, '07081804', 0x23523ec],
  [1_111_111_111, '14050471', 0x23523ed],
  [1_234_567_890, '89005924', 0x273ef07],
  [2_000_000_000, '69279037', 0x3f940aa],
  [20_000_000_000, '65353130', 0x27bc86aa],
] as const;

describe.each(VECTORS)('RFC 6238: at %i s', (second, digits, step) => {
  const code = digits.slice(-6);

  test(`the code is ${code}`, () => {
    expect(stepOf(SECRET, code, second * 1000)).toBe(step);
    expect(stepOf(SECRET, ` ${code.slice(0, 3)} ${code.slice(3)}`, second * 1000)).toBe(step);
  });

  test('it is taken one step early or late, and not two', () => {
    const startMs = step * 30_000;
    expect(stepOf(SECRET, code, startMs - 1)).toBe(step);
    expect(stepOf(SECRET, code, startMs + 59_999)).toBe(step);
    expect(stepOf(SECRET, code, startMs - 30_001)).toBeNull();
    expect(stepOf(SECRET, code, startMs + 60_000)).toBeNull();
  });
});

test.each(['', '28708', '2870820', '28708a', '-87082', '287082\u0000', '２８７０８２'])('%j is no code', (typed) => {
  expect(stepOf(SECRET, typed, 59_000)).toBeNull();
});
