/** Wrong passwords for one name from one address before the pause. */
export const ATTEMPTS_MAX = 5;
/** Wrong passwords from one address, whatever the names. */
export const ATTEMPTS_PER_ADDRESS_MAX = 30;
export const LOCK_MS = 15 * 60_000;
/** Names and addresses remembered; past it the oldest is forgotten. */
export const REMEMBERED_MAX = 10_000;

type Count = { readonly failures: number; readonly untilMs: number };

/**
 * Counts wrong passwords by name and address, and by address alone, and locks for `LOCK_MS` after too many. In memory:
 * a restart forgives, which costs an attacker more than it gives.
 */
export class LoginAttempts {
  readonly #counts = new Map<string, Count>();

  /** How long this name must still wait at this address, in ms; 0 when it may try. */
  lockedMs(username: string, address: string, nowMs: number): number {
    const waits = this.#limits(username, address).map(([key, max]) => {
      const count = this.#counts.get(key);
      return count !== undefined && count.failures >= max ? count.untilMs - nowMs : 0;
    });
    return Math.max(0, ...waits);
  }

  failed(username: string, address: string, nowMs: number): void {
    for (const [key] of this.#limits(username, address)) {
      const count = this.#counts.get(key);
      const before = count !== undefined && count.untilMs > nowMs ? count.failures : 0;
      // Deleted first, so that the map stays in order of the last failure.
      this.#counts.delete(key);
      this.#counts.set(key, { failures: before + 1, untilMs: nowMs + LOCK_MS });
    }
    while (this.#counts.size > REMEMBERED_MAX) {
      const [oldest] = this.#counts.keys();
      if (oldest === undefined) return;
      this.#counts.delete(oldest);
    }
  }

  succeeded(username: string, address: string): void {
    const [own] = this.#limits(username, address);
    if (own !== undefined) this.#counts.delete(own[0]);
  }

  #limits(username: string, address: string): readonly (readonly [key: string, max: number])[] {
    return [
      [`${address} ${username.toLowerCase()}`, ATTEMPTS_MAX],
      [address, ATTEMPTS_PER_ADDRESS_MAX],
    ];
  }
}
