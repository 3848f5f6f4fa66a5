import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connect, type Connection } from '#src/storage/sqlite/connection.ts';
import { openStorage, type SqliteOptions, type SqliteStorage } from '#src/storage/sqlite/open.ts';
import { putEmptyDatabase } from '../fixtures/empty-database.ts';

/** A path for a database that is to be made with its folder; it all goes when the test ends. */
export async function freshPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-storage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'data', 'vigie.sqlite');
}

/** The path of an empty database of today's schema. */
export async function databasePath(): Promise<string> {
  const path = await freshPath();
  await putEmptyDatabase(path);
  return path;
}

/** A storage with the connection under it, through which a test makes the disk refuse. */
export async function openedStorage(
  path: string,
  options: Partial<SqliteOptions> = {},
): Promise<{ readonly storage: SqliteStorage; readonly connection: Connection }> {
  const connection = connect(path);
  const storage = await openStorage(connection, { node: 'test', now: () => 77, ...options });
  onTestFinished(() => storage.close());
  return { storage, connection };
}

const DEADLINE_MS = 10_000;
const POLL_MS = 10;

/** Polls until `holds`, which must come true in time. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A connection, and the text of each statement that is prepared through it from now on. */
export function recording(path: string): { readonly connection: Connection; readonly texts: readonly string[] } {
  const connection = connect(path);
  const texts: string[] = [];
  const prepare = connection.prepare.bind(connection);
  connection.prepare = (text: string) => {
    texts.push(text);
    return prepare(text);
  };
  return { connection, texts };
}
