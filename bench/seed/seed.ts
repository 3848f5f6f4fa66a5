import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { migrations } from '#migrations/all.ts';
import { identityOf } from '#bench/load/charger.ts';
import { newWorkplace, type Workplace } from '#bench/server.ts';
import { connect, type Connection } from '#src/storage/sqlite/connection.ts';
import { openStorage, type SqliteStorage } from '#src/storage/sqlite/open.ts';
import { RUN_IDS } from '#src/storage/sqlite/event-runs.ts';
import { WORD_PAGES } from '#src/storage/sqlite/event-words.ts';
import { seedHistory } from './history.ts';
import { seedOffice } from './office.ts';
import type { Sizes } from './sizes.ts';

const POLL_MS = 50;
/** Indexes are filled in no order: they stay in memory until they are whole. */
const CACHE_KIB = 512 * 1024;
const FILES = ['sizes', 'words', 'logins', 'office', 'history'] as const;

/**
 * A copy of a database of that size, to be measured on and thrown away. The original is made once, in minutes, and kept
 * in `VIGIE_BENCH_FOLDER` or the system's temporary folder until its recipe changes: sizes, schema, or these files.
 */
export async function seededWorkplace(sizes: Sizes, say: (line: string) => void): Promise<Workplace> {
  const folder = process.env['VIGIE_BENCH_FOLDER'] ?? join(tmpdir(), 'vigie-bench-seeds');
  const original = join(folder, `${recipeOf(sizes)}.sqlite`);
  if (!existsSync(original)) {
    const startedMs = performance.now();
    mkdirSync(folder, { recursive: true });
    await seed(`${original}.part`, sizes, say);
    renameSync(`${original}.part`, original);
    say(`seeded in ${((performance.now() - startedMs) / 1000).toFixed(0)} s: ${original}`);
  }
  const workplace = newWorkplace();
  mkdirSync(dirname(workplace.database), { recursive: true });
  copyFileSync(original, workplace.database);
  return workplace;
}

/** Makes a database of that size. `say` is told how far it is. */
export async function seed(path: string, sizes: Sizes, say: (line: string) => void): Promise<void> {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  const connection = connect(path);
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  // Nobody depends on a file that is half made: a power cut begins it again.
  const storage = await openStorage(connection, { node: 'seed', syncFile: async () => undefined });
  connection.pragma('synchronous = OFF');
  await seedOffice(storage, connection, sizes);
  say('the office is seeded');
  seedHistory(connection, sizes);
  say('the history is seeded');
  await sealPostings(storage, connection);
  await sealWords(connection);
  connection.pragma('wal_checkpoint(TRUNCATE)');
  await storage.close();
}

/** The journal's postings follow it by themselves, as on a server that has run for months. */
async function sealPostings(storage: SqliteStorage, connection: Connection): Promise<void> {
  await storage.reader.events({ chargePointId: identityOf(0), levels: ['info'], limit: 1 });
  const lastId = connection.prepare('select max(id) from event').pluck().get() as number;
  const sealed = connection.prepare("select 1 from event_posting where run = ? and charge_point_id = ''");
  const lastFullRun = Math.floor(lastId / RUN_IDS) - 1;
  for (let isDone = lastFullRun < 0; !isDone; isDone = sealed.get(lastFullRun) !== undefined) await wait(POLL_MS);
}

/** The same of its words. */
async function sealWords(connection: Connection): Promise<void> {
  const lastId = connection.prepare('select max(id) from event').pluck().get() as number;
  const pages = connection.prepare('select count(*) from event_words').pluck();
  const whole = Math.floor(lastId / RUN_IDS) * WORD_PAGES;
  while ((pages.get() as number) < whole) await wait(POLL_MS);
}

function recipeOf(sizes: Sizes): string {
  const hash = createHash('sha256').update(JSON.stringify([sizes, Object.keys(migrations)]));
  for (const file of FILES) hash.update(readFileSync(fileURLToPath(new URL(`./${file}.ts`, import.meta.url))));
  return hash.digest('hex').slice(0, 16);
}
