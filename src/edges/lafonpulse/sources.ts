/** Places that datagrams come from which are remembered; beyond, the one that has been known longest is forgotten. */
export const SOURCES_MAX = 20_000;

/** So many in a second, and a burst of twice as many. What is beyond is not looked at. */
export class RateLimit {
  readonly #perSecond: number;
  #tokens: number;
  #atMs = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond * 2;
  }

  /** May one more be read? */
  allows(atMs: number): boolean {
    const earned = ((atMs - this.#atMs) * this.#perSecond) / 1_000;
    if (earned > 0) this.#tokens = Math.min(this.#perSecond * 2, this.#tokens + earned);
    this.#atMs = atMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** How much is read of each source. */
export class SourceLimits {
  readonly #perSecond: number;
  readonly #limits = new Map<string, RateLimit>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** May one more of this source be read? */
  allows(source: string, atMs: number): boolean {
    const known = this.#limits.get(source);
    if (known !== undefined) return known.allows(atMs);
    const [oldest] = this.#limits.size >= SOURCES_MAX ? this.#limits.keys() : [];
    if (oldest !== undefined) this.#limits.delete(oldest);
    const limit = new RateLimit(this.#perSecond);
    this.#limits.set(source, limit);
    return limit.allows(atMs);
  }
}
