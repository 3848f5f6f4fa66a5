import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readField } from '#src/domain/office/field.ts';
import { nextClockChange, offsetAt, OVERSEAS, TIME_ZONES, zoneOfDepartment } from '#src/domain/time-zone.ts';

const NOVEMBER = Date.UTC(2026, 10, 26, 9);
const JUNE = Date.UTC(2026, 5, 1);
const wall = (text: string) => Date.parse(`${text}:00Z`);

describe('STA-12, STA-13: a time zone', () => {
  test.each([
    ['Europe/Paris', NOVEMBER, '+01:00', '2027-03-28T02:00', '+02:00', 'forward'],
    ['Europe/Paris', JUNE, '+02:00', '2026-10-25T03:00', '+01:00', 'back'],
    ['America/Miquelon', NOVEMBER, '-03:00', '2027-03-14T02:00', '-02:00', 'forward'],
    ['Australia/Sydney', NOVEMBER, '+11:00', '2027-04-04T03:00', '+10:00', 'back'],
    ['Australia/Sydney', JUNE, '+10:00', '2026-10-04T02:00', '+11:00', 'forward'],
    ['Australia/Lord_Howe', NOVEMBER, '+11:00', '2027-04-04T02:00', '+10:30', 'back'],
  ] as const)('%s at %i is UTC%s, until %s', (zone, atMs, offset, change, offsetAfter, way) => {
    expect(offsetAt(zone, atMs)).toBe(offset);
    expect(nextClockChange(zone, atMs)).toEqual({ wallClockMs: wall(change), offsetAfter, way });
  });

  test.each(['Asia/Tokyo', 'America/Guadeloupe', 'Indian/Reunion', 'Asia/Kolkata', 'UTC'])(
    '%s keeps its clocks as they are',
    (zone) => {
      expect(nextClockChange(zone, NOVEMBER)).toBeNull();
    },
  );

  test('of each that is offered, the form takes the name, and the clock does change when it is said to', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TIME_ZONES),
        fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2035, 0) }),
        (zone, nowMs) => {
          const read = readField({ kind: 'text', max: 50, shape: 'time-zone' }, [zone]);
          expect(read).toEqual({ ok: true, value: zone });
          const change = nextClockChange(zone, nowMs);
          if (change === null) return;
          const offsetMs = Temporal.Duration.from({
            nanoseconds: Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).offsetNanoseconds,
          }).total('milliseconds');
          const atMs = change.wallClockMs - offsetMs;
          expect(atMs).toBeGreaterThan(nowMs);
          expect(offsetAt(zone, atMs - 1)).toBe(offsetAt(zone, nowMs));
          expect(offsetAt(zone, atMs)).toBe(change.offsetAfter);
        },
      ),
    );
  });

  test('each department overseas has its own, and the others have that of Paris', () => {
    for (const [department, zone] of Object.entries(OVERSEAS)) {
      expect(zoneOfDepartment(department)).toBe(zone);
      expect(TIME_ZONES).toContain(zone);
    }
    expect(zoneOfDepartment('33')).toBe('Europe/Paris');
    expect(zoneOfDepartment('2A')).toBe('Europe/Paris');
  });
});
