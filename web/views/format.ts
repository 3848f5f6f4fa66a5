import type { Cents } from '#src/domain/money.ts';
import type { Translate } from '#web/i18n/t.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const LOCALES = { fr: 'fr-FR', en: 'en-GB' } as const;
/** By reader, one for each language and zone; building an Intl object costs some thirty times what using it does. */
const kept = new Map<Translate, ReturnType<typeof build>>();

/** Wire times are UTC; screens show the clocks of the reader's zone (field-21). */
function formatsFor(t: Translate): ReturnType<typeof build> {
  const known = kept.get(t);
  if (known !== undefined) return known;
  const made = build(LOCALES[t.language], t.timeZone);
  kept.set(t, made);
  return made;
}

function build(locale: string, timeZone: string) {
  const date = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const time = { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return {
    whole: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
    tenth: new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    thousandth: new Intl.NumberFormat(locale, { maximumFractionDigits: 3, useGrouping: false }),
    euros: new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }),
    unitPrice: new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR', maximumFractionDigits: 3 }),
    dateTime: new Intl.DateTimeFormat(locale, { ...date, ...time }),
    dateAndMinute: new Intl.DateTimeFormat(locale, { ...date, timeZone, hour: '2-digit', minute: '2-digit' }),
    time: new Intl.DateTimeFormat(locale, time),
    day: new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    // Swedish dates are ISO dates.
    dayKey: new Intl.DateTimeFormat('sv-SE', { timeZone }),
  };
}

export function whole(t: Translate, value: number): string {
  return formatsFor(t).whole.format(value);
}

/** `5,3`. */
export function tenths(t: Translate, value: number): string {
  return formatsFor(t).tenth.format(value);
}

/** `1,2 Mo`: decimal units, as people and disks count. */
export function bytes(t: Translate, count: number): string {
  if (count < 1_000) return t('bytes.B', whole(t, count));
  if (count < 1_000_000) return t('bytes.kB', whole(t, count / 1_000));
  return t('bytes.MB', tenths(t, count / 1_000_000));
}

/** `12,4 kWh`, from Wh. */
export function energy(t: Translate, energyWh: number): string {
  return `${formatsFor(t).tenth.format(energyWh / 1000)}\u00a0kWh`;
}

/** `12,4`, from Wh: kWh to the Wh, as a field holds them. */
export function kilowattHours(t: Translate, energyWh: number): string {
  return formatsFor(t).thousandth.format(energyWh / 1000);
}

/** `1 000 Wh`: a register as it was told. */
export function register(t: Translate, registerWh: number): string {
  return `${formatsFor(t).whole.format(registerWh)}\u00a0Wh`;
}

/** `7,2 kW`, from W. */
export function power(t: Translate, powerW: number): string {
  return `${formatsFor(t).tenth.format(powerW / 1000)}\u00a0kW`;
}

export function euros(t: Translate, amount: Cents): string {
  return formatsFor(t).euros.format(amount / 100);
}

/** `0,35 €`, from mills. */
export function unitPrice(t: Translate, mills: number): string {
  return formatsFor(t).unitPrice.format(mills / 1000);
}

/** `12 s`, `45 min`, `1 h 05`, `3 j 4 h`. `web/public/app.js` counts on in the same words. */
export function duration(t: Translate, elapsedMs: number): string {
  const [s = '', min = '', h = '', d = ''] = t('units.short').split(',');
  const ms = Math.max(0, elapsedMs);
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)}\u00a0${s}`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}\u00a0${min}`;
  const minutes = String(Math.floor((ms % HOUR_MS) / MINUTE_MS)).padStart(2, '0');
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)}\u00a0${h}\u00a0${minutes}`;
  return `${Math.floor(ms / DAY_MS)}\u00a0${d}\u00a0${Math.floor((ms % DAY_MS) / HOUR_MS)}\u00a0${h}`;
}

/** `+6 min`, `−2 h 10`: how far a clock is ahead or behind. */
export function signedDuration(t: Translate, offsetMs: number): string {
  if (Math.abs(offsetMs) < SECOND_MS) return `< ${duration(t, SECOND_MS)}`;
  return `${offsetMs < 0 ? '−' : '+'}${duration(t, Math.abs(offsetMs))}`;
}

export function dateTime(t: Translate, atMs: number): string {
  return formatsFor(t).dateTime.format(atMs);
}

/** `26/11/2026 21:44`: where nobody counts seconds. */
export function dateAndMinute(t: Translate, atMs: number): string {
  return formatsFor(t).dateAndMinute.format(atMs);
}

/** A day that is kept as `2026-03-01`: `01/03/2026` in French, as it is kept in English. */
export function writtenDay(t: Translate, day: string): string {
  return t.language === 'fr' ? day.split('-').toReversed().join('/') : day;
}

export function timeOfDay(t: Translate, atMs: number): string {
  return formatsFor(t).time.format(atMs);
}

/** `jeudi 12 mars 2026`. */
export function dayName(t: Translate, atMs: number): string {
  return formatsFor(t).day.format(atMs);
}

/** `2026-03-12` in the reader's zone: what a date field holds and what groups a journal. */
export function dayKey(t: Translate, atMs: number): string {
  return formatsFor(t).dayKey.format(atMs);
}

/** The first millisecond there of a day written as `2026-03-12`, or null when it is no day. Right across the hour change. */
export function dayStartMs(day: string, timeZone: string, plusDays = 0): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  try {
    return Temporal.PlainDate.from(day).add({ days: plusDays }).toZonedDateTime(timeZone).epochMilliseconds;
  } catch (error) {
    // A day that the calendar lacks, such as 31 February.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** `2026-11-26T14:30`, as a field for date and time holds it, on the clocks of a zone; null for anything else. */
export function localTimeMs(text: string, timeZone: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/.test(text)) return null;
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
