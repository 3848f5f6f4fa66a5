import { sql, type RawBuilder } from 'kysely';
import type { Entity } from '#src/domain/office/entity.ts';
import { rows, type Database } from './database.ts';
import type { Kept } from './kept.ts';
import { columnNamed } from './query.ts';
import { tableOf } from './table.ts';

const NAMES_KEPT = 20_000;

/** What records are called, by entity and id: lists refer to the same few companies, roles and stations page after page. */
export class KnownNames {
  readonly #database: Database;
  readonly #kept: Pick<Kept, 'writes'>;
  readonly #names = new Map<string, string>();
  #readAt = 0;

  constructor(database: Database, kept: Pick<Kept, 'writes'>) {
    this.#database = database;
    this.#kept = kept;
  }

  /** Of those that there are, in the bin or not. */
  of(entity: Entity, ids: readonly string[]): ReadonlyMap<string, string> {
    const { writes } = this.#kept;
    if (this.#readAt !== writes || this.#names.size >= NAMES_KEPT) this.#names.clear();
    this.#readAt = writes;
    const keyOf = (id: string): string => `${entity.name} ${id}`;
    const unknown = ids.filter((id) => !this.#names.has(keyOf(id)));
    if (unknown.length > 0) {
      const these = sql`id in (select value from json_each(${JSON.stringify(unknown)}))`;
      const found = sql`select ${labelled(entity)} from ${sql.table(tableOf(entity))} where ${these}`;
      for (const { id, name } of named(rows(this.#database, found))) this.#names.set(keyOf(id), name);
    }
    return new Map(
      ids.flatMap((id) => {
        const name = this.#names.get(keyOf(id));
        return name === undefined ? [] : [[id, name] as const];
      }),
    );
  }
}

/** Columns `id` and `name`; what has no name is called by its id. */
export function labelled(entity: Entity): RawBuilder<unknown> {
  return sql`id, coalesce(${columnNamed(entity, entity.label)}, id) as name`;
}

export function named(found: readonly Readonly<Record<string, unknown>>[]) {
  return found.map((row) => ({ id: String(row['id']), name: String(row['name']) }));
}
