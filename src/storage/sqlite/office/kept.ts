import type { RawBuilder } from 'kysely';
import { rows, type Database } from './database.ts';

const ANSWERS_KEPT = 5_000;
/** Rows of all answers together: some 16 MB. */
const ROWS_KEPT = 1_000_000;

/** Answers that hold until something is written: how many there are, what may be chosen. Every page asks for them again. */
export class Kept {
  readonly #database: Database;
  readonly #answers = new Map<string, unknown>();
  #rows = 0;
  #writes = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `read` makes of the rows what is kept; a query is always read in the same way. */
  answer<T>(query: RawBuilder<unknown>, read: (found: ReturnType<typeof rows>) => T): T {
    const { sql, parameters } = query.compile(this.#database.build);
    const key = JSON.stringify([sql, parameters]);
    if (this.#answers.has(key)) return this.#answers.get(key) as T;
    const found = rows(this.#database, query);
    const answer = read(found);
    if (this.#answers.size >= ANSWERS_KEPT || this.#rows + found.length > ROWS_KEPT) this.#clear();
    this.#answers.set(key, answer);
    this.#rows += found.length;
    return answer;
  }

  /** How often something was written. */
  get writes(): number {
    return this.#writes;
  }

  /** Something was written. */
  forget(): void {
    this.#writes += 1;
    this.#clear();
  }

  #clear(): void {
    this.#answers.clear();
    this.#rows = 0;
  }
}
