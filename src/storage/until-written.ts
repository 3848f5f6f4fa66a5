import type { Office } from './office-port.ts';

const KEPT_MAX = 1_000;

/** Keeps what was read of the back office until something is written there: one process writes, and counts it. */
export class UntilWritten<Value extends object> {
  readonly #writes: () => number;
  readonly #values = new Map<string, Value>();
  #readAt = 0;

  constructor({ writes }: Pick<Office, 'writes'>) {
    this.#writes = writes;
  }

  /** `read` is asked again while it finds nothing: names that nobody has would push out the others. */
  async get(key: string, read: () => Promise<Value | null>): Promise<Value | null> {
    const readAt = this.#writes();
    if (this.#readAt !== readAt || this.#values.size >= KEPT_MAX) this.#values.clear();
    this.#readAt = readAt;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = await read();
    // Written meanwhile: part of it may be from before.
    if (value !== null && this.#writes() === readAt) this.#values.set(key, value);
    return value;
  }
}
