import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localMoment, placeInDay, readMoment } from '#web/views/moment.ts';

const PARIS = 'Europe/Paris';
const at = (text: string, zone = PARIS) => readMoment(new URLSearchParams({ at: text }), zone);

test('a moment is a local time there, with or without seconds, or epoch ms', () => {
  expect(at('2026-03-12T08:05:09')).toBe(Date.UTC(2026, 2, 12, 7, 5, 9));
  expect(at('2026-07-12T08:05')).toBe(Date.UTC(2026, 6, 12, 6, 5));
  expect(at('1800000000000')).toBe(1_800_000_000_000);
});

test('seconds count into a day, also into one that is an hour shorter', () => {
  const dayOfChange = new URLSearchParams({ day: '2026-03-29', second: '7200' });
  expect(localMoment(readMoment(dayOfChange, PARIS) ?? 0, PARIS)).toBe('2026-03-29T03:00:00');
  expect(placeInDay(Date.UTC(2026, 2, 29, 10), PARIS)).toEqual({ day: '2026-03-29', second: 39_600, seconds: 82_800 });
});

test.each(['', 'yesterday', '12', '2026-02-31T10:00', '2026-03-12', '2026-03-12T25:00', '9'.repeat(40)])(
  '%o is no moment: the page of now is shown',
  (text) => {
    expect(at(text)).toBeNull();
  },
);

test('what the field shows is the second that was asked for, in any zone', () => {
  const zones = fc.constantFrom('Europe/Paris', 'America/Cayenne', 'Indian/Reunion', 'Pacific/Noumea');
  fc.assert(
    fc.property(fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }), zones, (seconds, zone) => {
      const { day, second } = placeInDay(seconds * 1_000, zone);
      expect(readMoment(new URLSearchParams({ day, second: String(second) }), zone)).toBe(seconds * 1_000);
      const shown = localMoment(seconds * 1_000, zone);
      expect(localMoment(at(shown, zone) ?? 0, zone)).toBe(shown);
    }),
  );
});
