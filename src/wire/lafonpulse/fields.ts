import { readTimestamp } from '../ocpp/timestamp.ts';
import type { CallErrorCode, Timestamp, WireFault } from '../ocpp/messages.ts';

/** What a JSON object of a kit says, member by member; the first that is wrong is told, and the whole is refused. */
export class Members {
  readonly #of: Readonly<Record<string, unknown>>;
  #fault: WireFault | null = null;

  constructor(of: Readonly<Record<string, unknown>>) {
    this.#of = of;
  }

  get fault(): WireFault | null {
    return this.#fault;
  }

  text(name: string, max: number): string {
    const value = this.#of[name];
    if (typeof value !== 'string') return this.#refuse(name, value, 'a text') ?? '';
    if (value.length > max) this.refuse('PropertyConstraintViolation', `${name}: longer than ${max}`);
    return value;
  }

  /** Undefined where it is absent, null or empty. */
  textOrNone(name: string, max: number): string | undefined {
    const value = this.#of[name];
    return value === undefined || value === null || value === '' ? undefined : this.text(name, max);
  }

  whole(name: string, min: number, max: number): number {
    const value = this.#of[name];
    if (typeof value !== 'number') return this.#refuse(name, value, 'a number') ?? min;
    if (!Number.isInteger(value) || value < min || value > max)
      this.refuse('PropertyConstraintViolation', `${name}: a whole number from ${min} to ${max}`);
    return value;
  }

  wholeOrNone(name: string, min: number, max: number): number | undefined {
    return this.#of[name] === undefined || this.#of[name] === null ? undefined : this.whole(name, min, max);
  }

  /** One of the words, as the server knows it. */
  word<T>(name: string, words: ReadonlyMap<string, T>, fallback: T): T {
    const found = words.get(this.text(name, 40));
    if (found === undefined)
      this.refuse('PropertyConstraintViolation', `${name}: none of ${[...words.keys()].join(', ')}`);
    return found ?? fallback;
  }

  at(): Timestamp {
    const read = readTimestamp(this.text('at', 40));
    if (read.timestamp.ms === null) this.refuse('PropertyConstraintViolation', 'at: no time of ISO 8601');
    return read.timestamp;
  }

  atOrNone(): Timestamp | undefined {
    return this.textOrNone('at', 40) === undefined ? undefined : this.at();
  }

  within(name: string): Members {
    const value = this.#of[name];
    if (isObject(value)) return new Members(value);
    this.#refuse(name, value, 'an object');
    return new Members({});
  }

  refuse(code: CallErrorCode, detail: string): void {
    this.#fault ??= { code, detail };
  }

  #refuse(name: string, value: unknown, expected: string): undefined {
    if (value === undefined) this.refuse('OccurenceConstraintViolation', `${name} is missing`);
    else this.refuse('TypeConstraintViolation', `${name}: ${expected} was expected`);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a body is; null for what is not JSON, or no object. */
export function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
