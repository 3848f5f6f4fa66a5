import type { Timestamp } from './messages.ts';

/**
 * `form`: not the date and time of RFC 3339 that the standard asks for. `clock`: well written, but before 2000, so the
 * box has lost the time.
 */
export type TimestampOddity = 'form' | 'clock';
export type ReadTimestamp = { readonly timestamp: Timestamp; readonly oddity: TimestampOddity | null };

/** No time is longer; of a text that is, this much is kept. */
export const RAW_TIMESTAMP_CHARACTERS_MAX = 64;

const YEAR_2000_MS = 946_684_800_000;
const YEAR_3000_MS = 32_503_680_000_000;
/** From 1 March of the year 0. */
const DAYS_TO_1970 = 719_468;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Reads any time a charger is known to write (field-20): no zone or a bare date is UTC; `+02`, `+0200`, a space for
 * the T, a comma for the point, any number of decimals, lower case, a second zone, seconds or milliseconds since 1970.
 * Never throws; `ms` is `null` for what is not a time, and for years before 1970, which only unset clocks tell.
 */
export function readTimestamp(raw: unknown): ReadTimestamp {
  if (typeof raw === 'string') {
    const standardMs = readStandardForm(raw);
    if (standardMs >= YEAR_2000_MS) return { timestamp: { raw, ms: standardMs }, oddity: null };
    return readOtherForm(raw);
  }
  if (typeof raw === 'number') return { timestamp: { raw: String(raw), ms: sinceEpoch(raw) }, oddity: 'form' };
  return { timestamp: { raw: '', ms: null }, oddity: 'form' };
}

/** UTC with a final Z and milliseconds, never a local offset (field-21). Throws a RangeError if `ms` is not a time. */
export function writeTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}

/** `YYYY-MM-DDThh:mm:ss(.fff)Z` and nothing else: what nearly every frame holds. NaN for any other form. */
function readStandardForm(raw: string): number {
  const { length } = raw;
  if (length !== 20 && length !== 24) return NaN;
  if (raw.charCodeAt(length - 1) !== 0x5a || raw.charCodeAt(10) !== 0x54) return NaN;
  if (raw.charCodeAt(4) !== 0x2d || raw.charCodeAt(7) !== 0x2d) return NaN;
  if (raw.charCodeAt(13) !== 0x3a || raw.charCodeAt(16) !== 0x3a) return NaN;
  if (length === 24 && raw.charCodeAt(19) !== 0x2e) return NaN;
  const thousandths = length === 24 ? twoDigits(raw, 20) * 10 + digit(raw, 22) : 0;
  return utcMs({
    year: twoDigits(raw, 0) * 100 + twoDigits(raw, 2),
    month: twoDigits(raw, 5),
    day: twoDigits(raw, 8),
    hour: twoDigits(raw, 11),
    minute: twoDigits(raw, 14),
    second: twoDigits(raw, 17),
    thousandths,
  });
}

/** So far below 0 that no sum of digits brings it back into a range. An integer, unlike NaN, keeps sums fast. */
const NO_DIGIT = -1_000_000;

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 0x30;
  return value >= 0 && value <= 9 ? value : NO_DIGIT;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

type Civil = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly thousandths: number;
};

/** NaN when a part is out of its range; second 60 is a leap second, hour 24 the midnight that ends the day. */
function utcMs({ year, month, day, hour, minute, second, thousandths }: Civil): number {
  const inRange =
    year >= 1970 && month >= 1 && month <= 12 && day >= 1 && hour >= 0 && hour <= 24 && minute >= 0 && minute <= 59;
  if (!inRange || second < 0 || second > 60 || thousandths < 0) return NaN;
  if (day > 28 && day > daysInMonth(year, month)) return NaN;
  if (hour === 24 && (minute > 0 || second > 0 || thousandths > 0)) return NaN;
  return daysSince1970(year, month, day) * DAY_MS + (hour * 60 + minute) * MINUTE_MS + second * 1000 + thousandths;
}

/** Counted in years that begin in March, so that the leap day comes last; several times faster than Date.UTC. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return marchYear * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const DATE = /^(\d{4})[-/]?(\d\d)[-/]?(\d\d)/;
const TIME = /^[Tt\s]\s*(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*/;
const ZONE = /^(?:(?:UTC|GMT|z)?|([+-])(\d\d?)(?::?(\d\d))?z?)$/i;

function readOtherForm(written: string): ReadTimestamp {
  if (written.length > RAW_TIMESTAMP_CHARACTERS_MAX) {
    return { timestamp: { raw: written.slice(0, RAW_TIMESTAMP_CHARACTERS_MAX), ms: null }, oddity: 'form' };
  }
  const text = written.trim();
  const ms = /^\d{10,13}$/.test(text) ? sinceEpoch(Number(text)) : readCivilForm(text);
  return { timestamp: { raw: written, ms }, oddity: oddityOf(written, ms) };
}

function oddityOf(written: string, ms: number | null): TimestampOddity | null {
  if (!RFC_3339.test(written)) return 'form';
  if (ms === null) return Number(written.slice(0, 4)) < 1970 ? 'clock' : 'form';
  return ms < YEAR_2000_MS ? 'clock' : null;
}

function readCivilForm(text: string): number | null {
  const date = DATE.exec(text);
  if (date === null) return null;
  const afterDate = text.slice(date[0].length);
  const time = TIME.exec(afterDate);
  const zone = ZONE.exec(time === null ? afterDate.trim() : afterDate.slice(time[0].length));
  if (zone === null) return null;
  const ms = utcMs({
    year: Number(date[1]),
    month: Number(date[2]),
    day: Number(date[3]),
    hour: Number(time?.[1] ?? 0),
    minute: Number(time?.[2] ?? 0),
    second: Number(time?.[3] ?? 0),
    thousandths: Number((time?.[4] ?? '').padEnd(3, '0').slice(0, 3)),
  });
  const offsetMs = (Number(zone[2] ?? 0) * 60 + Number(zone[3] ?? 0)) * MINUTE_MS;
  if (Number.isNaN(ms) || offsetMs >= DAY_MS) return null;
  return zone[1] === '-' ? ms + offsetMs : ms - offsetMs;
}

/** Some firmwares send their clock as it is: seconds, or milliseconds, since 1970. */
function sinceEpoch(value: number): number | null {
  const ms = value < YEAR_3000_MS / 1000 ? value * 1000 : value;
  return ms >= 0 && ms < YEAR_3000_MS ? Math.floor(ms) : null;
}
