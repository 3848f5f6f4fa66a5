import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RAW_TIMESTAMP_CHARACTERS_MAX, readTimestamp, writeTimestamp } from '#src/wire/ocpp/timestamp.ts';

const EIGHT_FIFTEEN_MS = Date.UTC(2026, 2, 2, 8, 15, 0);

test.each([
  ['2026-03-02T08:15:00Z', 0],
  ['2026-03-02T08:15:00.000Z', 0],
  ['2026-03-02T08:15:00.123Z', 123],
  ['2026-03-02T08:15:00.1Z', 100],
  ['2026-03-02T08:15:00.123456Z', 123],
  ['2026-03-02T08:15:00.123456789Z', 123],
  ['2026-03-02T09:15:00+01:00', 0],
  ['2026-03-02T00:15:00-08:00', 0],
  ['2026-03-02T13:45:00.000+05:30', 0],
])('%s is as the standard has it', (raw, extraMs) => {
  expect(readTimestamp(raw)).toEqual({ timestamp: { raw, ms: EIGHT_FIFTEEN_MS + extraMs }, oddity: null });
});

test.each([
  ['without zone', '2026-03-02T08:15:00', 0],
  ['without zone, with decimals', '2026-03-02T08:15:00.5', 500],
  ['with +02', '2026-03-02T10:15:00+02', 0],
  ['with +0200', '2026-03-02T10:15:00+0200', 0],
  ['with -0330', '2026-03-02T04:45:00-0330', 0],
  ['with a blank before its zone', '2026-03-02T10:15:00 +02:00', 0],
  ['with two zones', '2026-03-02T10:15:00+02:00Z', 0],
  ['with a space for the T', '2026-03-02 08:15:00Z', 0],
  ['with a space for the T and no zone', '2026-03-02 08:15:00', 0],
  ['with a comma for the point', '2026-03-02T08:15:00,250Z', 250],
  ['in small letters', '2026-03-02t08:15:00z', 0],
  ['ending in UTC', '2026-03-02 08:15:00 UTC', 0],
  ['without seconds', '2026-03-02T08:15Z', 0],
  ['with slashes', '2026/03/02 08:15:00', 0],
  ['in the basic form', '20260302T081500Z', 0],
  ['padded', ' 2026-03-02T08:15:00Z ', 0],
  ['in seconds since 1970', String(EIGHT_FIFTEEN_MS / 1000), 0],
  ['in milliseconds since 1970', String(EIGHT_FIFTEEN_MS), 0],
])('field-20: a time %s is read and tagged', (_form, raw, extraMs) => {
  expect(readTimestamp(raw)).toEqual({ timestamp: { raw, ms: EIGHT_FIFTEEN_MS + extraMs }, oddity: 'form' });
});

test('field-20: a bare date is its midnight in UTC', () => {
  expect(readTimestamp('2026-03-02').timestamp.ms).toBe(Date.UTC(2026, 2, 2));
});

test('field-20: a number is a clock that counts from 1970', () => {
  const timestamp = { raw: String(EIGHT_FIFTEEN_MS / 1000), ms: EIGHT_FIFTEEN_MS };
  expect(readTimestamp(EIGHT_FIFTEEN_MS / 1000)).toEqual({ timestamp, oddity: 'form' });
  expect(readTimestamp(EIGHT_FIFTEEN_MS).timestamp.ms).toBe(EIGHT_FIFTEEN_MS);
});

test('field-20: 1970 is read, and told as a clock that is not set; a year before it is no time at all', () => {
  expect(readTimestamp('1970-01-01T00:00:12Z')).toMatchObject({ timestamp: { ms: 12_000 }, oddity: 'clock' });
  expect(readTimestamp('0001-01-01T00:00:00Z')).toMatchObject({ timestamp: { ms: null }, oddity: 'clock' });
});

test.each([
  '',
  'now',
  '2026-13-02T08:15:00Z',
  '2026-00-02T08:15:00Z',
  '2026-02-29T08:15:00Z',
  '2026-04-31T08:15:00Z',
  '2026-03-02T25:15:00Z',
  '2026-03-02T24:00:01Z',
  '2026-03-02T08:60:00Z',
  '2026-03-02T08:15:61Z',
  '2026-03-02T08:1a:00Z',
  '2026-03-0:T08:15:00Z',
  '2026-03-02T08:15:00.1x3Z',
  '2026-03-02T08:15:00+99',
  '2026-03-02T08:15:00 CET',
  '02/03/2026 08:15',
])('field-20: %j is kept as it is written, without a time', (raw) => {
  expect(readTimestamp(raw)).toEqual({ timestamp: { raw, ms: null }, oddity: 'form' });
});

test('29 February, a leap second and the midnight that ends a day are times', () => {
  expect(readTimestamp('2028-02-29T00:00:00Z').timestamp.ms).toBe(Date.UTC(2028, 1, 29));
  expect(readTimestamp('2026-12-31T23:59:60Z').timestamp.ms).toBe(Date.UTC(2027, 0, 1));
  expect(readTimestamp('2026-12-31T24:00:00Z').timestamp.ms).toBe(Date.UTC(2027, 0, 1));
});

test('a text too long to be a time is cut', () => {
  const { timestamp } = readTimestamp(`2026-03-02T08:15:00.${'1'.repeat(1_000)}Z`);
  expect(timestamp.raw).toHaveLength(RAW_TIMESTAMP_CHARACTERS_MAX);
  expect(timestamp.ms).toBeNull();
});

test('every moment from 2000 to 2999 reads back as it was written, and agrees with the calendar of the platform', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2999, 11, 31) }), (ms) => {
      const raw = writeTimestamp(ms);
      expect(readTimestamp(raw)).toEqual({ timestamp: { raw, ms }, oddity: null });
      const whole = `${raw.slice(0, 19)}Z`;
      expect(readTimestamp(whole).timestamp.ms).toBe(Date.parse(whole));
    }),
    { numRuns: 2_000 },
  );
});

test('every day of four centuries is where the platform has it', () => {
  for (let day = Date.UTC(2000, 0, 1); day < Date.UTC(2400, 0, 1); day += 86_400_000) {
    const { ms } = readTimestamp(writeTimestamp(day)).timestamp;
    if (ms !== day) expect.fail(`${writeTimestamp(day)} is read as ${ms}`);
  }
});

test('field-20: an offset moves the time, never the text', () => {
  fc.assert(
    fc.property(fc.integer({ min: -23, max: 23 }), fc.constantFrom('', ':00', '00', ':30', '45'), (hours, minutes) => {
      const sign = hours < 0 ? '-' : '+';
      const raw = `2026-03-02T08:15:00${sign}${String(Math.abs(hours)).padStart(2, '0')}${minutes}`;
      const offsetMinutes = Math.abs(hours) * 60 + Number(minutes.replace(':', ''));
      const ms = EIGHT_FIFTEEN_MS + (sign === '-' ? 1 : -1) * offsetMinutes * 60_000;
      expect(readTimestamp(raw).timestamp).toEqual({ raw, ms });
    }),
  );
});

test('field-21: a time is written in UTC with a final Z, on the night the clocks change too', () => {
  expect(writeTimestamp(Date.UTC(2026, 2, 29, 0, 59, 59))).toBe('2026-03-29T00:59:59.000Z');
  expect(writeTimestamp(Date.UTC(2026, 2, 29, 1, 0, 0))).toBe('2026-03-29T01:00:00.000Z');
});

test('nothing makes readTimestamp throw', () => {
  const nearly = fc.tuple(fc.nat({ max: 24 }), fc.string({ maxLength: 3 })).map(([at, extra]) => {
    const raw = '2026-03-02T08:15:00.123Z';
    return raw.slice(0, at) + extra + raw.slice(at + extra.length);
  });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.double(), fc.string(), nearly), (raw) => {
      const { timestamp } = readTimestamp(raw);
      expect(timestamp.ms === null || Number.isSafeInteger(timestamp.ms)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
