import type { Kysely, RawBuilder } from 'kysely';
import { builder, type Connection, type Statement } from '../connection.ts';
import type { Tables } from '../schema.ts';

/**
 * SQL that is built as it is asked for: a back office asks for too many shapes to compile each once, and no charger
 * waits for it. Statements are kept by their text, for lists are asked for again and again.
 */
export type Database = { readonly connection: Connection; readonly build: Kysely<Tables> };
type Row = Readonly<Record<string, unknown>>;

const STATEMENTS_KEPT = 500;
const kept = new WeakMap<Connection, Map<string, Statement<unknown>>>();

export function databaseOver(connection: Connection): Database {
  return { connection, build: builder(connection) };
}

export function execute(database: Database, query: RawBuilder<unknown>): void {
  changesOf(database, query);
}

export function changesOf(database: Database, query: RawBuilder<unknown>): number {
  const { sql, parameters } = query.compile(database.build);
  return prepared(database.connection, sql).run(...parameters).changes;
}

export function rows(database: Database, query: RawBuilder<unknown>): readonly Row[] {
  const { sql, parameters } = query.compile(database.build);
  return prepared(database.connection, sql).all(...parameters) as Row[];
}

function prepared(connection: Connection, text: string): Statement<unknown> {
  let statements = kept.get(connection);
  if (statements === undefined) kept.set(connection, (statements = new Map()));
  let statement = statements.get(text);
  if (statement === undefined) {
    statement = connection.prepare(text);
    const [oldest] = statements.keys();
    if (statements.size >= STATEMENTS_KEPT && oldest !== undefined) statements.delete(oldest);
    statements.set(text, statement);
  }
  return statement;
}
