import type { RawBuilder } from 'kysely';
import { rows, type Database } from './database.ts';

const ANSWERS_KEPT = 1_000;

/** Answers that hold until something is written: how many there are, what may be chosen. Every page asks for them again. */
export class Kept {
  readonly #database: Database;
  readonly #answers = new Map<string, unknown>();
  #writes = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `read` makes of the rows what is kept; a query is always read in the same way. */
  answer<T>(query: RawBuilder<unknown>, read: (found: ReturnType<typeof rows>) => T): T {
    const { sql, parameters } = query.compile(this.#database.build);
    const key = JSON.stringify([sql, parameters]);
    if (this.#answers.has(key)) return this.#answers.get(key) as T;
    const answer = read(rows(this.#database, query));
    if (this.#answers.size >= ANSWERS_KEPT) this.#answers.clear();
    this.#answers.set(key, answer);
    return answer;
  }

  /** How often something was written. */
  get writes(): number {
    return this.#writes;
  }

  /** Something was written. */
  forget(): void {
    this.#writes += 1;
    this.#answers.clear();
  }
}
