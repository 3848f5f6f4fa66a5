/** A first ping after so much silence, until more is known of a box. */
export const PING_AFTER_MS = 120_000;
const PING_AFTER_MIN_MS = 30_000;
const PING_AFTER_MAX_MS = 900_000;

/**
 * How long each box may be silent before it is pinged, learnt from how it takes pings (field-11): a box that ignores
 * them is asked more and more rarely, one whose idle link is dropped on the way more often, so that the link stays in
 * use. Kept for the life of the process, and only for boxes that differ from the rest.
 */
export class PingRhythm {
  readonly #afterMs = new Map<string, number>();

  afterMs(chargePointId: string): number {
    return this.#afterMs.get(chargePointId) ?? PING_AFTER_MS;
  }

  /** It spoke, but not to answer the ping. */
  ignored(chargePointId: string): void {
    this.#afterMs.set(chargePointId, Math.min(this.afterMs(chargePointId) * 2, PING_AFTER_MAX_MS));
  }

  answered(chargePointId: string): void {
    if (this.afterMs(chargePointId) > PING_AFTER_MS) this.#afterMs.delete(chargePointId);
  }

  /** The link broke without a word, after so much silence: some router on the way forgot it. */
  dropped(chargePointId: string, silentMs: number): void {
    if (silentMs < PING_AFTER_MIN_MS) return;
    this.#afterMs.set(chargePointId, Math.max(Math.min(silentMs / 2, this.afterMs(chargePointId)), PING_AFTER_MIN_MS));
  }
}
