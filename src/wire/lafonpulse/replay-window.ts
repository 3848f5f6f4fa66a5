/** How far behind the newest a datagram may come (docs/protocols/lafonpulse.md, section 4). */
export const COUNTER_WINDOW = 64;

export type Freshness = 'newest' | 'late' | 'replayed';

/**
 * Which counters of one session came already: the highest, and which of the 63 below it. It is told only of datagrams
 * whose signature is right, or a stranger could move it.
 */
export class ReplayWindow {
  #highest = 0;
  /** Bit n: `#highest - n` came. Two halves, for bits of a number are 32. */
  #near = 0;
  #far = 0;

  /** Takes note of a counter. `newest`: above all before; `late`: below the highest, for the first time. */
  take(counter: number): Freshness {
    const ahead = counter - this.#highest;
    if (counter < 1 || -ahead >= COUNTER_WINDOW) return 'replayed';
    if (ahead > 0) {
      this.#shift(ahead);
      this.#highest = counter;
      this.#near |= 1;
      return 'newest';
    }
    const behind = -ahead;
    const bit = 1 << (behind & 31);
    if (((behind < 32 ? this.#near : this.#far) & bit) !== 0) return 'replayed';
    if (behind < 32) this.#near |= bit;
    else this.#far |= bit;
    return 'late';
  }

  #shift(by: number): void {
    if (by >= COUNTER_WINDOW) {
      this.#near = this.#far = 0;
    } else if (by >= 32) {
      // A shift by 32 is none in this language.
      this.#far = by === 32 ? this.#near : this.#near << (by - 32);
      this.#near = 0;
    } else {
      this.#far = (this.#far << by) | (this.#near >>> (32 - by));
      this.#near <<= by;
    }
  }
}
