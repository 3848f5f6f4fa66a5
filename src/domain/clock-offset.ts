/** A charger's clock is believed as it is within this distance of ours. */
export const CLOCK_TOLERANCE_MS = 60_000;
/** From here on a person is told (field-20). */
export const CLOCK_WARNING_MS = 300_000;
/** No charger of today was charging before 2020: an earlier time is a clock that was never set. */
const FIRST_BELIEVABLE_MS = Date.UTC(2020, 0, 1);

/**
 * When something happened, by our clock (field-20): the charger's time less its clock's offset, or the time of
 * reception when the charger's time is unreadable, of a clock never set, or still in the future after correction.
 * `offsetMs` is the charger's clock minus ours, null when not measured.
 */
export function correctedMs(times: {
  chargerMs: number | null;
  offsetMs: number | null;
  receivedAtMs: number;
}): number {
  const { chargerMs, receivedAtMs } = times;
  if (!isBelievable(chargerMs)) return receivedAtMs;
  const offsetMs = times.offsetMs !== null && Math.abs(times.offsetMs) > CLOCK_TOLERANCE_MS ? times.offsetMs : 0;
  const atMs = chargerMs - offsetMs;
  return atMs > receivedAtMs + CLOCK_TOLERANCE_MS ? receivedAtMs : atMs;
}

/** So many latest measures count: a clock that was set right is believed after as many messages. */
const MEASURES_KEPT = 3;
/** Measures as near to each other are the same. */
const STEADY_MS = 1_000;

/** Can this time be meant? */
export function isBelievable(chargerMs: number | null): chargerMs is number {
  return chargerMs !== null && chargerMs >= FIRST_BELIEVABLE_MS;
}

/** The latest measures after one more live message, oldest first; the same array when it tells nothing new. */
export function measuredOffsets(
  measuresMs: readonly number[],
  chargerMs: number | null,
  receivedAtMs: number,
): readonly number[] {
  if (chargerMs === null) return measuresMs;
  const measuredMs = chargerMs - receivedAtMs;
  const steady =
    measuresMs.length === MEASURES_KEPT && measuresMs.every((one) => Math.abs(one - measuredMs) < STEADY_MS);
  return steady ? measuresMs : [...measuresMs, measuredMs].slice(-MEASURES_KEPT);
}

/** Delay on the way only ever makes a clock look slow, so the largest measure is the best. Null for none. */
export function offsetOf(measuresMs: readonly number[]): number | null {
  return measuresMs.length === 0 ? null : Math.max(...measuresMs);
}
