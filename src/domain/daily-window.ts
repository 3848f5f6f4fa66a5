import { isTimeZone } from './office/field.ts';
import { FRANCE } from './time-zone.ts';

/** From one instant to another, epoch ms. */
export type Window = { readonly fromMs: number; readonly toMs: number };

/**
 * The window of every day, `HH:MM` to `HH:MM` by the clocks of a zone, that is open at `nowMs`, or else the next one. One
 * that ends before it begins ends on the day after.
 */
export function windowAround(daily: { from: string; to: string; timeZone: string }, nowMs: number): Window {
  const zone = isTimeZone(daily.timeZone) ? daily.timeZone : FRANCE;
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).toPlainDate();
  const instant = (days: number, time: string) =>
    today.add({ days }).toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
  const nights = daily.to <= daily.from ? 1 : 0;
  for (const day of [-1, 0]) {
    const window = { fromMs: instant(day, daily.from), toMs: instant(day + nights, daily.to) };
    if (nowMs < window.toMs) return window;
  }
  return { fromMs: instant(1, daily.from), toMs: instant(1 + nights, daily.to) };
}
