import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, SqliteQueryCompiler, sql, type CompiledQuery, type QueryCompiler } from 'kysely';
import { Migrator } from 'kysely/migration';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { migrations } from '#migrations/all.ts';
import { StorageFailure } from '../failure.ts';
import type { Tables } from './schema.ts';

export type Connection = Database.Database;
export type Statement<Row> = Database.Statement<unknown[], Row>;

/** While opening we may wait for another process; later a lock is waited for outside SQLite, which would stall us. */
const OPENING_BUSY_MS = 5000;
const RUNNING_BUSY_MS = 5;
/** Each commit walks this cache once more, and what it does not hold is read through the map. */
const CACHE_KIB = 16 * 1024;
const MMAP_BYTES = 256 * 1024 * 1024;

/**
 * Opens or creates the file and its folder. `synchronous=FULL` makes what is written true after a power cut, until
 * `startRunning`.
 */
export function connect(path: string): Connection {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const connection = new Database(path, { timeout: OPENING_BUSY_MS });
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    connection.pragma('trusted_schema = OFF');
    connection.pragma('temp_store = MEMORY');
    connection.pragma(`cache_size = -${CACHE_KIB}`);
    connection.pragma(`mmap_size = ${MMAP_BYTES}`);
    return connection;
  } catch (error) {
    throw storageFailure(error);
  }
}

/**
 * Brings the schema up to date, in one transaction: whatever ends it half-way, a power cut too, leaves the file as the
 * release before left it. @throws StorageFailure when the file refuses, or is newer than this program.
 */
export async function migrate(connection: Connection): Promise<void> {
  const migrator = new Migrator({
    db: builder(connection),
    provider: { getMigrations: async () => ({ ...migrations }) },
  });
  try {
    // Kysely offers none here: it takes SQLite for a database whose changes of schema cannot be taken back.
    connection.exec('begin immediate');
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
    connection.exec('commit');
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw storageFailure(error);
  }
}

/**
 * From here on a lock held by another process is answered at once, and waited for by the group committer, as the disk
 * is: COMMIT no longer waits for it (`WalFile`).
 */
export function startRunning(connection: Connection): void {
  connection.pragma('synchronous = NORMAL');
  connection.pragma(`busy_timeout = ${RUNNING_BUSY_MS}`);
}

/** Builds SQL that the compiler checks against `schema.ts`; nothing is executed through it once the file is open. */
export function builder(connection: Connection): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new Dialect({ database: connection }) });
}

/**
 * SQLite plans a statement anew at each run when its plan could depend on a bound value: on every `LIMIT ?`, and on an
 * `ORDER BY` beside `column = ?`. That costs some 3 to 60 µs, where the run itself costs one. It does not look behind a
 * unary plus, which changes nothing else of a value (decision 0032).
 */
const PLACEHOLDER = '+?';

/** Where a value is bound when a prepared statement runs, in the order in which the SQL names them. */
export const slot = sql<never>`${sql.raw(PLACEHOLDER)}`;

class Compiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return PLACEHOLDER;
  }
}

class Dialect extends SqliteDialect {
  override createQueryCompiler(): QueryCompiler {
    return new Compiler();
  }
}

/** Builds the SQL once: building it at each call costs eight times the call itself. */
export function prepare<Row>(connection: Connection, query: { compile(): CompiledQuery<Row> }): Statement<Row> {
  return connection.prepare(query.compile().sql) as Statement<Row>;
}

/** The same for a query of one column, whose value is what a row is. */
export function prepareValue<Row>(
  connection: Connection,
  query: { compile(): CompiledQuery<Row> },
): Statement<Row[keyof Row]> {
  return connection.prepare(query.compile().sql).pluck() as unknown as Statement<Row[keyof Row]>;
}

/** The number itself in the SQL: a plain 1 would become one more slot. */
export const one = sql.lit(1);

/** SQLite's own word for what happened, or null when the error is not SQLite's. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Database.SqliteError ? error.code : null;
}

/** The disk or the file refuses, whatever is asked of it: the whole group fails, not one of its commits. */
export function isDiskRefusal(code: string): boolean {
  return /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PERM|PROTOCOL|NOLFS|AUTH)/.test(code);
}

export function isUniqueViolation(code: string): boolean {
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

export function storageFailure(error: unknown): StorageFailure {
  if (error instanceof StorageFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StorageFailure('outcome-unknown', codeOf(error), message, { cause: error });
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'UNKNOWN';
}
