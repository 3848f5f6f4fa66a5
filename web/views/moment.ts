/** A local time as `datetime-local` sends it, with or without seconds. */
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SECOND_MS = 1_000;

/**
 * The moment that an address names, in epoch ms: `at` is a local time there or epoch ms, or `second` counts into `day`.
 * Null where it names none. An hour that comes twice is the first.
 */
export function readMoment(search: URLSearchParams, timeZone: string): number | null {
  const at = search.get('at') ?? '';
  if (/^\d{10,15}$/.test(at)) return Number(at);
  try {
    if (LOCAL.test(at)) return Temporal.PlainDateTime.from(at).toZonedDateTime(timeZone).epochMilliseconds;
    const [day, second] = [search.get('day') ?? '', search.get('second') ?? ''];
    if (!DAY.test(day) || !/^\d{1,6}$/.test(second)) return null;
    return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds + Number(second) * SECOND_MS;
  } catch (error) {
    // A day that the calendar lacks, such as 31 February.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** `2026-03-12T08:05:09`, as `datetime-local` holds it. */
export function localMoment(atMs: number, timeZone: string): string {
  return zoned(atMs, timeZone).toPlainDateTime().toString({ smallestUnit: 'second' });
}

/** Where a moment stands in its day there; `seconds` is how long that day is, which is not always 86,400. */
export function placeInDay(
  atMs: number,
  timeZone: string,
): { readonly day: string; readonly second: number; readonly seconds: number } {
  const date = zoned(atMs, timeZone).toPlainDate();
  const startMs = date.toZonedDateTime(timeZone).epochMilliseconds;
  const endMs = date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
  return {
    day: date.toString(),
    second: Math.floor((atMs - startMs) / SECOND_MS),
    seconds: (endMs - startMs) / SECOND_MS,
  };
}

function zoned(atMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
}
