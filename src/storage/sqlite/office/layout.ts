import type { Entity } from '#src/domain/office/entity.ts';
import type { Connection } from '../connection.ts';
import { tableOf } from './table.ts';

/** What migrations gave to the table of an entity beyond the columns of its fields, which long lists need and short ones do not. */
export type Layout = {
  readonly columns: ReadonlySet<string>;
  /** The index of trigrams over what is searched, by rowid; null where there is none. */
  readonly words: string | null;
};

/** Reads layouts as they are asked for; the schema does not change while a file is open. */
export function layoutsOf(connection: Connection): (entity: Entity) => Layout {
  const columnsOf = connection.prepare('select name from pragma_table_info(+?)').pluck();
  const known = new Map<string, Layout>();
  return (entity) => {
    const table = tableOf(entity);
    const words = `${table}_words`;
    const layout = known.get(table) ?? {
      columns: new Set(columnsOf.all(table) as string[]),
      words: columnsOf.get(words) === undefined ? null : words,
    };
    known.set(table, layout);
    return layout;
  };
}

/**
 * Fills again every index of trigrams whose last row is not that of its table: a file that was dumped and read back has
 * other rowids than the ones which the index names.
 */
export function mendWords(connection: Connection): void {
  const tables = connection
    .prepare("select name from sqlite_master where name like 'office\\_%\\_words' escape '\\' and type = 'table'")
    .pluck()
    .all() as string[];
  for (const words of tables) {
    const table = words.slice(0, -'_words'.length);
    const live = `select max(rowid) from ${table} where deletion_id is null`;
    const isWhole = connection.prepare(`select (${live}) is (select max(id) from ${words}_docsize)`).pluck().get();
    if (isWhole === 1) continue;
    connection.exec(`insert into ${words} (${words}) values ('delete-all');
      insert into ${words} (rowid, search) select rowid, search from ${table} where deletion_id is null order by rowid`);
  }
}
