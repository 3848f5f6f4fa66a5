import { sql, type RawBuilder } from 'kysely';
import type { Entity } from '#src/domain/office/entity.ts';
import type { RecordQuery } from '../../office-port.ts';
import { rows, type Database } from './database.ts';
import type { Kept } from './kept.ts';
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

type Found = { readonly cells: readonly Cells[]; readonly found: number; readonly isMore: boolean };

/**
 * Finds one page of a list. Which way is quick depends on how much there is, and only we know that: the records of a
 * small scope are read; words that few records hold are looked up; else the list is walked in its order until the page
 * is full, which is soon when nearly everything fits.
 */
export class Listing {
  readonly #database: Database;
  readonly #layoutOf: (entity: Entity) => Layout;
  readonly #kept: Kept;

  constructor(of: { database: Database; layoutOf: (entity: Entity) => Layout; kept: Kept }) {
    this.#database = of.database;
    this.#layoutOf = of.layoutOf;
    this.#kept = of.kept;
  }

  page(entity: Entity, query: RecordQuery): Found {
    const table = sql.table(tableOf(entity));
    const { columns, words: index } = this.#layoutOf(entity);
    const words = wordsOf(query.text);
    const inScope = narrowed(entity, query);
    // A plus keeps SQLite from an index: of the scope where the order is walked, of the order where what is found is sorted.
    const walked = sql`+(${inScope})`;
    const key = sortKey(entity, query.sort, columns);
    const live = (conditions: readonly Part[]): Part =>
      sql`from ${table} where deletion_id is null and ${sql.join(conditions, sql` and `)}`;
    const total = this.#kept.answer(sql`select count(*) as found ${live([inScope])}`, ([row]) =>
      Number(row?.['found']),
    );
    const cut = sql`limit ${query.limit ?? -1} offset ${query.offset}`;
    const inOrder = (conditions: readonly Part[], by: Part): readonly Cells[] =>
      this.#rows(sql`select * ${live(conditions)} ${ordered(by, query.descending)} ${cut}`);
    const sorted = (conditions: readonly Part[]): Found => this.#sorted(query, { table, live, conditions, key });

    if (words.length === 0) {
      const isShort = total <= READ_MAX || query.limit === null;
      // As most lists are opened: an index of a subscriber's records is in the order of their names.
      const isByName = query.sort === entity.label && query.scope.length === 1;
      const cells = isShort ? inOrder([inScope], isByName ? key : sql`+${key}`) : inOrder([walked], key);
      return { cells, found: total, isMore: false };
    }
    if (total <= READ_MAX || query.limit === null) return sorted([inScope, ...words.map(holds)]);
    const known = index === null ? [] : words.filter((word) => word.length >= TRIGRAM);
    if (index !== null && known.length > 0) {
      const matching = sql`from ${sql.table(index)} where ${sql.ref(index)} match ${phrases(known)}`;
      if (!this.#upTo(matching).isMore) {
        const others = words.filter((word) => word.length < TRIGRAM).map(holds);
        return sorted([sql`rowid in (select rowid ${matching})`, walked, ...others]);
      }
    }
    const fitting = [walked, ...words.map(holds)];
    return { cells: inOrder(fitting, key), ...this.#upTo(live(fitting)) };
  }

  /** Everything that is found, sorted by its key alone, and then the rows of the page: one look at each record. */
  #sorted(
    { descending, offset, limit }: RecordQuery,
    of: { table: Part; live: (conditions: readonly Part[]) => Part; conditions: readonly Part[]; key: Part },
  ): Found {
    const order = ordered(sql`+${of.key}`, descending);
    const all = this.#rows(sql`select rowid as at ${of.live(of.conditions)} ${order}`).map((row) => Number(row['at']));
    const shown = all.slice(offset, limit === null ? undefined : offset + limit);
    const these = sql`(select value from json_each(${JSON.stringify(shown)}))`;
    const cells = this.#rows(sql`select *, rowid as at from ${of.table} where rowid in ${these}`);
    const byRow = new Map(cells.map((row) => [Number(row['at']), row]));
    const inOrder = shown.map((at) => byRow.get(at)).filter((row) => row !== undefined);
    return { cells: inOrder, found: all.length, isMore: false };
  }

  #rows(query: Part): readonly Cells[] {
    return rows(this.#database, query) as readonly Cells[];
  }

  #upTo(from: Part): { found: number; isMore: boolean } {
    const [row] = rows(this.#database, sql`select count(*) as found from (select 1 ${from} limit ${MATCHED_MAX + 1})`);
    const found = Number(row?.['found']);
    return { found: Math.min(found, MATCHED_MAX), isMore: found > MATCHED_MAX };
  }
}

/** All of these words, each anywhere. */
function phrases(words: readonly string[]): string {
  return words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' ');
}
