import Database from 'better-sqlite3';
import { writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { StorageFailure } from '#src/storage/failure.ts';
import type { Storage } from '#src/storage/ports.ts';
import { connect, type Connection } from '#src/storage/sqlite/connection.ts';
import { RUN_IDS } from '#src/storage/sqlite/event-runs.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { databasePath, openedStorage, until } from './files.ts';
import { aCommit, allLevels, anEvent, claimed } from './rows.ts';

const large = 'x'.repeat(50_000);

/** SQLite refuses every page above this count with SQLITE_FULL, as it does on a disk without room. */
function fill(connection: Connection): void {
  const pages = connection.pragma('page_count', { simple: true }) as number;
  connection.pragma(`max_page_count = ${pages}`);
}

function makeRoom(connection: Connection): void {
  connection.pragma('max_page_count = 1000000');
}

async function commits(storage: Storage, ids: readonly string[], state: unknown) {
  const claims = await storage.actors.claimMany(ids);
  const event = { type: 'event', event: anEvent({ request: large }) } as const;
  return Promise.allSettled(claims.map((claim) => storage.actors.commit(aCommit(claim, state, [event]))));
}

describe('a full disk', () => {
  test('field-06: rejects every commit of the group, says so, and accepts the same commits once there is room', async () => {
    const failures: string[] = [];
    const { storage, connection } = await openedStorage(await databasePath(), {
      onFailure: ({ code }) => failures.push(code),
    });
    const ids = Array.from({ length: 20 }, (_, index) => `a/${index}`);
    expect(await commits(storage, ids, 'first')).toEqual(ids.map(() => ({ status: 'fulfilled', value: 'ok' })));
    fill(connection);

    for (let turn = 0; turn < 3; turn += 1) {
      const refused = await commits(storage, ids, 'second');
      for (const outcome of refused) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'outcome-unknown', code: 'SQLITE_FULL' } });
        expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(StorageFailure);
      }
    }
    expect(failures).toEqual(['SQLITE_FULL']);
    expect(storage.actors.health()).toMatchObject({ writable: false, failedSinceMs: 77, fenced: false });
    expect(storage.actors.health().lastError).toMatch(/full/);
    const kept = await storage.actors.claimMany(ids);
    expect(kept.every(({ version, state }) => version === 1 && state === 'first')).toBe(true);
    expect(await storage.reader.events({ levels: allLevels, limit: 99 })).toHaveLength(20);

    makeRoom(connection);
    expect(await commits(storage, ids, 'third')).toEqual(ids.map(() => ({ status: 'fulfilled', value: 'ok' })));
    expect(storage.actors.health()).toMatchObject({ writable: true, lastError: null, failedSinceMs: null });
    expect(await storage.reader.events({ levels: allLevels, limit: 99 })).toHaveLength(40);
  });

  test('is writable again by itself once there is room, with the notes that waited', async () => {
    const { storage, connection } = await openedStorage(await databasePath());
    await commits(storage, ['a/1'], 'first');
    fill(connection);
    await commits(storage, ['a/1'], 'second');
    for (let index = 0; index < 300; index += 1)
      storage.note(anEvent({ name: `note-${index}`, request: large.slice(0, 500) }));
    await storage.actors.drain();
    expect(storage.actors.health().writable).toBe(false);
    expect(await storage.reader.events({ levels: allLevels, text: 'note-', limit: 9 })).toEqual([]);
    makeRoom(connection);
    await until(() => storage.actors.health().writable);
    await storage.actors.drain();
    const names = (await storage.reader.events({ levels: allLevels, text: 'note-', limit: 999, afterId: 0 })).map(
      ({ name }) => name,
    );
    expect(names).toEqual(Array.from({ length: 300 }, (_, index) => `note-${index}`));
  });

  test('forgets the oldest notes when too many wait, and counts them', async () => {
    const { storage, connection } = await openedStorage(await databasePath());
    fill(connection);
    for (let index = 0; index < 10_050; index += 1) storage.note(anEvent({ name: `note-${index}` }));
    await storage.actors.drain();
    expect(storage.actors.health()).toMatchObject({ notesDropped: 50, writable: false });
    makeRoom(connection);
    await storage.actors.drain();
    const [oldest] = await storage.reader.events({ levels: allLevels, limit: 1, afterId: 0 });
    expect(oldest).toMatchObject({ name: 'note-50' });
  });

  test('takes nothing from what waits behind it: the ids of transactions stay unique', async () => {
    const { storage, connection } = await openedStorage(await databasePath());
    const first = await storage.actors.transactionIds(1);
    connection.pragma('query_only = 1');
    await expect(storage.actors.transactionIds(500)).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
    connection.pragma('query_only = 0');
    const next = await storage.actors.transactionIds(500);
    expect(next.from).toBeGreaterThan(first.to);
  });
});

describe('a disk that refuses while a journal of before is read', () => {
  test('what was read of it takes no more memory than a few runs, a charger is still searched, and it is kept later', async () => {
    const RUNS = 14;
    const path = await databasePath();
    const before = connect(path);
    const put = before.prepare(`insert into event values (?, 1, ?, null, 'info', 'link', ?, null, null, null)`);
    for (let run = 1; run <= RUNS; run += 1) put.run(run * RUN_IDS, run % 2 === 0 ? 'CP-EVEN' : 'CP-ODD', `in ${run}`);
    before.close();
    const { storage, connection } = await openedStorage(path);
    connection.pragma('query_only = 1');

    const memoryBefore = process.memoryUsage().arrayBuffers;
    const search = { levels: allLevels, chargePointId: 'CP-EVEN', limit: 99, afterId: 0 };
    const evenIds = Array.from({ length: RUNS / 2 }, (_, n) => (2 * n + 2) * RUN_IDS);
    for (let turn = 0; turn < 3; turn += 1)
      expect((await storage.reader.events(search)).map(({ id }) => id)).toEqual(evenIds);
    const someRunsBytes = 14_000_000;
    expect(process.memoryUsage().arrayBuffers - memoryBefore).toBeLessThan(someRunsBytes);

    connection.pragma('query_only = 0');
    const sealed = connection.prepare(`select count(*) from event_posting where charge_point_id = ''`).pluck();
    await until(() => sealed.get() !== 0);
  });
});

describe('a file that refuses', () => {
  test('a database that turns read-only rejects commits, and takes them again when it is writable', async () => {
    const { storage, connection } = await openedStorage(await databasePath());
    connection.pragma('query_only = 1');
    expect(await commits(storage, ['a/1'], 1)).toMatchObject([
      { status: 'rejected', reason: { code: 'SQLITE_READONLY' } },
    ]);
    expect(storage.actors.health()).toMatchObject({ writable: false });
    connection.pragma('query_only = 0');
    expect(await commits(storage, ['a/1'], 1)).toEqual([{ status: 'fulfilled', value: 'ok' }]);
  });

  test('a path that cannot be opened, and a file that is no database, are refused at the start', async () => {
    const path = await databasePath();
    await writeFile(path, 'this is not a database, whatever its name says. '.repeat(100));
    await expect(openSqlite({ path, node: 'test' })).rejects.toMatchObject({
      name: 'StorageFailure',
      code: 'SQLITE_NOTADB',
    });
    await expect(openSqlite({ path: `${path}/below`, node: 'test' })).rejects.toMatchObject({ name: 'StorageFailure' });
  });

  test('field-33: a lock that another process holds for a while delays commits and fails none', async () => {
    const path = await databasePath();
    const { storage } = await openedStorage(path);
    const other = new Database(path);
    onTestFinished(() => void other.close());
    other.exec('begin immediate');
    let settled = false;
    const waiting = commits(storage, ['a/1', 'a/2'], 1).finally(() => (settled = true));
    const startMs = Date.now();
    await until(() => Date.now() - startMs > 100);
    expect(settled).toBe(false);
    expect(storage.actors.health().writable).toBe(true);
    other.exec('commit');
    expect(await waiting).toEqual([
      { status: 'fulfilled', value: 'ok' },
      { status: 'fulfilled', value: 'ok' },
    ]);
  });
});

test(
  'beyond 200,000 waiting writes a further one is refused at once, and the others are written',
  { timeout: 30_000 },
  async () => {
    const { storage } = await openedStorage(await databasePath());
    const fence = await claimed(storage, 'a/1');
    const waiting = Array.from({ length: 200_000 }, () => storage.actors.commit({ fence, snapshot: null, rows: [] }));
    await expect(storage.actors.commit({ fence, snapshot: null, rows: [] })).rejects.toMatchObject({
      kind: 'queue-full',
    });
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['ok']));
  },
);
