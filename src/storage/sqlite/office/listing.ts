import { sql, type RawBuilder } from 'kysely';
import type { Entity } from '#src/domain/office/entity.ts';
import type { RecordQuery } from '../../office-port.ts';
import { rows, type Database } from './database.ts';
import type { Kept } from './kept.ts';
import { holds, isIndexed, narrowed, ordered, phrases, sortKey, wordsOf } from './query.ts';
import { columnOf, RECORD_COLUMNS, tableOf, type Cells } from './table.ts';
import type { Layout } from './layout.ts';

type Part = RawBuilder<unknown>;

/** Up to here the records of a scope are read and sorted, one by one: about 2 ms. */
const READ_MAX = 2_000;
/** Up to here the records that hold some words are: about 4 ms. */
const MATCHED_MAX = 5_000;
/** So far a search is counted that more records hold, among so many of them: about 1 ms. */
const COUNTED_MAX = 500;
const COUNTED_AMONG = 1_000;

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
    const read = columnsRead(query.fields);
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
    const inOrder = (conditions: readonly Part[], limit = query.limit): readonly Cells[] => {
      const cut = sql`limit ${limit ?? -1} offset ${query.offset}`;
      return this.#rows(sql`select ${read} ${live(conditions)} ${ordered(key, query.descending)} ${cut}`);
    };
    const sorted = (conditions: readonly Part[]): Found => {
      const ordering = sql`select rowid as at ${live(conditions)} ${ordered(sql`+${key}`, query.descending)}`;
      // Who turns the pages of what was found asks for the same order again. What is derived changes without a write.
      const isKept = query.limit !== null && entity.derived?.includes(query.sort) !== true;
      const rowids = isKept ? this.#kept.answer(ordering, rowidsOf) : rowidsOf(this.#rows(ordering));
      return this.#sorted(query, { table, read, rowids });
    };

    const isShort = total <= READ_MAX || query.limit === null;
    if (words.length === 0) {
      // As most lists are opened: an index of a subscriber's records is in the order of their names.
      const isByName = query.sort === entity.label && query.scope.length === 1;
      if (isShort && !isByName) return sorted([inScope]);
      return { cells: inOrder([isShort ? inScope : walked]), found: total, isMore: false };
    }
    if (isShort) return sorted([inScope, ...words.map(holds)]);
    // One more than the page tells whether there is another.
    const walk = (fits: Part, isAll: boolean): Found =>
      this.#walked(query, inOrder([walked, ...words.map(holds)], (query.limit ?? 0) + 1), { fits, isAll });
    const known = words.filter(isIndexed);
    if (index === null || known.length === 0) return walk(live([walked, ...words.map(holds)]), true);
    const matching = sql`select rowid from ${sql.table(index)} where ${sql.ref(index)} match ${phrases(known)}`;
    const { isMany, found } = this.#matched(matching);
    const others = words.filter((word) => !isIndexed(word)).map(holds);
    if (!isMany) return sorted([sql`rowid in (select value from json_each(${found}))`, walked, ...others]);
    return walk(live([sql`rowid in (${matching} limit ${COUNTED_AMONG})`, walked, ...others]), false);
  }

  /** A page of `cells`, found in the order of the list, and one more. `fits` is all that fits, or some of it. */
  #walked(
    { offset, limit }: RecordQuery,
    found: readonly Cells[],
    { fits, isAll }: { readonly fits: Part; readonly isAll: boolean },
  ): Found {
    const cells = found.slice(0, limit ?? undefined);
    const shown = offset + cells.length;
    if (cells.length === found.length && (cells.length > 0 || offset === 0))
      return { cells, found: shown, isMore: false };
    const [row] = this.#rows(sql`select count(*) as found from (select 1 ${fits} limit ${COUNTED_MAX + 1})`);
    const counted = Number(row?.['found']);
    if (isAll && counted <= COUNTED_MAX) return { cells, found: counted, isMore: false };
    return { cells, found: Math.max(counted - 1, cells.length === 0 ? 0 : shown), isMore: true };
  }

  /** Of everything that was found, sorted by its key alone, the rows of the page: one look at each record. */
  #sorted(
    { offset, limit }: RecordQuery,
    of: { readonly table: Part; readonly read: Part; readonly rowids: readonly number[] },
  ): Found {
    const shown = of.rowids.slice(offset, limit === null ? undefined : offset + limit);
    const these = sql`(select value from json_each(${JSON.stringify(shown)}))`;
    const cells = this.#rows(sql`select ${of.read}, rowid as at from ${of.table} where rowid in ${these}`);
    const byRow = new Map(cells.map((row) => [Number(row['at']), row]));
    const inOrder = shown.map((at) => byRow.get(at)).filter((row) => row !== undefined);
    return { cells: inOrder, found: of.rowids.length, isMore: false };
  }

  #rows(query: Part): readonly Cells[] {
    return rows(this.#database, query) as readonly Cells[];
  }

  /** The rows that the index finds, as JSON: whoever sorts what he found asks for the same again. */
  #matched(matching: Part): { readonly isMany: boolean; readonly found: string } {
    return this.#kept.answer(sql`select rowid as at from (${matching} limit ${MATCHED_MAX + 1})`, (found) => {
      return { isMany: found.length > MATCHED_MAX, found: JSON.stringify(rowidsOf(found)) };
    });
  }
}

function rowidsOf(found: readonly Readonly<Record<string, unknown>>[]): readonly number[] {
  return found.map((row) => Number(row['at']));
}

/** Of a record and of these fields; a list shows ten of sixty. */
function columnsRead(fields: RecordQuery['fields']): Part {
  if (fields === undefined) return sql`*`;
  return sql.join([...RECORD_COLUMNS, ...fields.map(columnOf)].map((column) => sql.ref(column)));
}
