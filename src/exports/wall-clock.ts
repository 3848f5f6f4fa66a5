import type { WallClock } from './sheet.ts';

/** No zone changes its offset in between; asking `Intl` for each row of a file would take half of its time. */
const OFFSET_KEPT_MS = 15 * 60_000;

/** Turns moments into what the clocks of `timeZone` (IANA, `Europe/Paris`) show. @throws RangeError when unknown. */
export function wallClock(timeZone: string): (atMs: number) => WallClock {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();
  const offsetOf = (fromMs: number): number => {
    const part = new Map(format.formatToParts(fromMs).map(({ type, value }) => [type, Number(value)]));
    const of = (name: Intl.DateTimeFormatPartTypes): number => part.get(name) ?? 0;
    const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return shown - fromMs;
  };
  return (atMs) => {
    const fromMs = Math.floor(atMs / OFFSET_KEPT_MS) * OFFSET_KEPT_MS;
    const offset = offsets.get(fromMs) ?? offsetOf(fromMs);
    offsets.set(fromMs, offset);
    return { wallClockMs: atMs + offset };
  };
}
