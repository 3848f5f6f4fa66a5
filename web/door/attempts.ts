/** Wrong passwords for one name from one address before the pause. */
export const ATTEMPTS_MAX = 5;
/** Wrong passwords from one address, whatever the names. */
export const ATTEMPTS_PER_ADDRESS_MAX = 30;
/**
 * Wrong passwords for one name, wherever they come from (AUT-07). Far more than one person types: else a stranger could
 * keep anybody out by typing his name.
 */
export const ATTEMPTS_PER_NAME_MAX = 50;
/** Wrong codes for one name, wherever they come from: whoever is asked for one has shown the password. */
export const CODE_ATTEMPTS_MAX = 5;
/** Links asked for one mail address, and from one address of the network, whatever the mail addresses. */
export const LINKS_MAX = 3;
export const LINKS_PER_ADDRESS_MAX = 10;
export const LOCK_MS = 15 * 60_000;
/** Names and addresses remembered; past it the oldest is forgotten. */
export const REMEMBERED_MAX = 10_000;

type Count = { readonly failures: number; readonly untilMs: number };
/** What is counted of an attempt, and up to how many failures. A success forgives all that is its `own`. */
type Limit = { readonly key: string; readonly max: number; readonly own: boolean };
type Limits = (name: string, address: string) => readonly Limit[];

const passwordLimits: Limits = (name, address) => [
  { key: `at ${address} as ${name.toLowerCase()}`, max: ATTEMPTS_MAX, own: true },
  { key: `as ${name.toLowerCase()}`, max: ATTEMPTS_PER_NAME_MAX, own: true },
  { key: `at ${address}`, max: ATTEMPTS_PER_ADDRESS_MAX, own: false },
];
const codeLimits: Limits = (name) => [{ key: `as ${name.toLowerCase()}`, max: CODE_ATTEMPTS_MAX, own: true }];
const linkLimits: Limits = (email, address) => [
  { key: `to ${email}`, max: LINKS_MAX, own: true },
  { key: `at ${address}`, max: LINKS_PER_ADDRESS_MAX, own: false },
];
const LIMITS = { passwords: passwordLimits, codes: codeLimits, links: linkLimits } as const;

/**
 * Counts failures at the door by name and address and locks for `LOCK_MS` after too many. In memory: a restart
 * forgives, which costs an attacker more than it gives.
 */
export class LoginAttempts {
  readonly #counts = new Map<string, Count>();
  readonly #limits: Limits;

  constructor(of: keyof typeof LIMITS = 'passwords') {
    this.#limits = LIMITS[of];
  }

  /** How long this name must still wait at this address, in ms; 0 when it may try. */
  lockedMs(username: string, address: string, nowMs: number): number {
    const waits = this.#limits(username, address).map(({ key, max }) => {
      const count = this.#counts.get(key);
      return count !== undefined && count.failures >= max ? count.untilMs - nowMs : 0;
    });
    return Math.max(0, ...waits);
  }

  /** Counted before it is known whether it is right, so that a hundred at once are not a hundred for the price of one. */
  begun(username: string, address: string, nowMs: number): void {
    for (const { key } of this.#limits(username, address)) {
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

  /** Takes the attempt back. */
  succeeded(username: string, address: string): void {
    for (const { key, own } of this.#limits(username, address)) {
      const count = this.#counts.get(key);
      if (own) this.#counts.delete(key);
      else if (count !== undefined) this.#counts.set(key, { ...count, failures: Math.max(0, count.failures - 1) });
    }
  }
}
