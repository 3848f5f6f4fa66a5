/** Frames in one window beyond which only transactions are journalled (field-37). */
export const FLOOD_CALLS_MAX = 1_000;
export const FLOOD_WINDOW_MS = 10_000;

/** Counts what one charger says. */
export class Flood {
  #windowStartMs = 0;
  #calls = 0;
  #told = false;

  /** One more frame: is it part of a flood? `tell` is called when one begins, and once however long it goes on. */
  isFlood(atMs: number, tell: (calls: number) => void): boolean {
    if (atMs - this.#windowStartMs >= FLOOD_WINDOW_MS) {
      this.#told = this.#calls > FLOOD_CALLS_MAX;
      this.#windowStartMs = atMs;
      this.#calls = 0;
    }
    if (++this.#calls <= FLOOD_CALLS_MAX) return false;
    if (!this.#told) tell(this.#calls);
    this.#told = true;
    return true;
  }
}
