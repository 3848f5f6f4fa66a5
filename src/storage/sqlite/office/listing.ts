import { sql, type RawBuilder } from 'kysely';
import type { Scope } from '#src/domain/office/access.ts';
import type { Entity } from '#src/domain/office/entity.ts';
import type { RecordQuery } from '../../office-port.ts';
import { rows, type Database } from './database.ts';
import { holds, narrowed, ordered, sortKey, wordsOf } from './query.ts';
import { tableOf, type Cells } from './table.ts';
import type { Layout } from './layout.ts';

type Part = RawBuilder<unknown>;

/** Up to here the records of a scope are read and sorted, one by one: about 2 ms. */
const READ_MAX = 2_000;
/** Up to here the records that hold some words are, and counted: about 15 ms. */
const MATCHED_MAX = 10_000;
/** An index of trigrams knows no shorter word. */
const TRIGRAM = 3;
const COUNTS_KEPT = 1_000;

/**
 * Finds one page of a list. Which way is quick depends on how much there is, and only we know that: the records of a
 * small scope are read; words that few records hold are looked up; else the list is walked in its order until the page
 * is full, which is soon when nearly everything fits.
 */
export class Listing {
  readonly #database: Database;
  readonly #layoutOf: (entity: Entity) => Layout;
  readonly #counts = new Map<string, number>();

  constructor(database: Database, layoutOf: (entity: Entity) => Layout) {
    this.#database = database;
    this.#layoutOf = layoutOf;
  }

  /** Something was written: what was counted may be wrong. */
  forget(): void {
    this.#counts.clear();
  }

  page(entity: Entity, query: RecordQuery): { cells: readonly Cells[]; found: number; isMore: boolean } {
    const table = sql.table(tableOf(entity));
    const { columns, words: index } = this.#layoutOf(entity);
    const words = wordsOf(query.text);
    const known = index === null ? [] : words.filter((word) => word.length >= TRIGRAM);
    const inScope = narrowed(entity, query);
    const total = this.#counted(sql`from ${table} where deletion_id is null and ${inScope}`);
    const key = sortKey(entity, query.sort, columns);
    const page = (conditions: readonly Part[], by: Part): readonly Cells[] => {
      const found = sql.join([sql`deletion_id is null`, ...conditions], sql` and `);
      const order = ordered(by, query.descending);
      const cut = sql`limit ${query.limit ?? -1} offset ${query.offset}`;
      return rows(this.#database, sql`select * from ${table} where ${found} ${order} ${cut}`) as readonly Cells[];
    };
    const some = (conditions: readonly Part[]): { found: number; isMore: boolean } => {
      const found = sql.join([sql`deletion_id is null`, ...conditions], sql` and `);
      return this.#upTo(sql`from ${table} where ${found}`);
    };
    // A plus keeps SQLite from an index: from that of the order where what is found is sorted, from that of the scope
    // where the order is walked.
    const walked = sql`+(${inScope})`;
    if (total <= READ_MAX || query.limit === null) {
      const all = [inScope, ...words.map(holds)];
      const count = words.length === 0 ? { found: total, isMore: false } : some(all);
      return { cells: page(all, sql`+${key}`), ...count };
    }
    if (words.length === 0) return { cells: page([walked], key), found: total, isMore: false };
    if (index !== null && known.length > 0) {
      const looked = lookedUp(index, known);
      const matched = this.#upTo(sql`from ${sql.table(index)} where ${sql.ref(index)} match ${phrases(known)}`);
      if (!matched.isMore) {
        const all = [looked, walked, ...words.filter((word) => word.length < TRIGRAM).map(holds)];
        const isAll = isEverything(query.scope) && query.filters.length === 0 && known.length === words.length;
        return { cells: page(all, sql`+${key}`), ...(isAll ? matched : some(all)) };
      }
    }
    const all = [walked, ...words.map(holds)];
    return { cells: page(all, key), ...some(all) };
  }

  /** All of them, kept until something is written. */
  #counted(from: Part): number {
    const { sql: text, parameters } = from.compile(this.#database.build);
    const name = JSON.stringify([text, parameters]);
    const kept = this.#counts.get(name);
    if (kept !== undefined) return kept;
    const [row] = rows(this.#database, sql`select count(*) as found ${from}`);
    const found = Number(row?.['found']);
    if (this.#counts.size >= COUNTS_KEPT) this.#counts.clear();
    this.#counts.set(name, found);
    return found;
  }

  #upTo(from: Part): { found: number; isMore: boolean } {
    const [row] = rows(this.#database, sql`select count(*) as found from (select 1 ${from} limit ${MATCHED_MAX + 1})`);
    const found = Number(row?.['found']);
    return { found: Math.min(found, MATCHED_MAX), isMore: found > MATCHED_MAX };
  }
}

function lookedUp(index: string, words: readonly string[]): Part {
  return sql`rowid in (select rowid from ${sql.table(index)} where ${sql.ref(index)} match ${phrases(words)})`;
}

/** All of these words, each anywhere. */
function phrases(words: readonly string[]): string {
  return words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' ');
}

function isEverything(scope: Scope): boolean {
  return scope.length === 1 && Object.keys(scope[0] ?? {}).length === 0;
}
