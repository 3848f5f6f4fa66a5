/** Places that datagrams come from which are remembered; beyond, the one that has been known longest is forgotten. */
export const SOURCES_MAX = 20_000;

type Bucket = { tokens: number; atMs: number };

/** How much is read of each source: so many in a second, and a burst of twice as many. What is beyond is not looked at. */
export class SourceLimits {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** May one more of this source be read? */
  allows(source: string, atMs: number): boolean {
    const bucket = this.#buckets.get(source);
    if (bucket === undefined) {
      const [oldest] = this.#buckets.size >= SOURCES_MAX ? this.#buckets.keys() : [];
      if (oldest !== undefined) this.#buckets.delete(oldest);
      this.#buckets.set(source, { tokens: this.#perSecond * 2 - 1, atMs });
      return true;
    }
    const earned = ((atMs - bucket.atMs) * this.#perSecond) / 1_000;
    bucket.tokens = Math.min(this.#perSecond * 2, bucket.tokens + Math.max(0, earned));
    bucket.atMs = atMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
