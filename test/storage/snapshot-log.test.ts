import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { Storage } from '#src/storage/ports.ts';
import { connect, type Connection } from '#src/storage/sqlite/connection.ts';
import { openStorage } from '#src/storage/sqlite/open.ts';
import { databasePath, openedStorage, until } from './files.ts';
import { aCommit, claimed, storeRows } from './rows.ts';

const logRows = (connection: Connection) => connection.prepare('select count(*) from snapshot_log').pluck().get();
const inTable = (connection: Connection) =>
  connection.prepare('select actor_id, version, state from actor_snapshot order by actor_id').raw().all();

async function step(storage: Storage, actorId: string, state: unknown) {
  return storage.actors.commit(aCommit(await claimed(storage, actorId), state));
}

/** A storage whose disk says that a COMMIT failed, `before` it wrote anything or `after` all was written. */
async function forgetfulStorage(): Promise<{ storage: Storage; failNextCommit: (when: 'before' | 'after') => void }> {
  const connection = connect(await databasePath());
  let failing: 'before' | 'after' | null = null;
  const prepare = connection.prepare.bind(connection);
  connection.prepare = ((sql: string) => {
    const statement = prepare(sql);
    if (sql !== 'commit') return statement;
    const run = statement.run.bind(statement);
    statement.run = () => {
      const when = failing;
      failing = null;
      const result = when === 'before' ? null : run();
      if (when !== null) throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
      return result!;
    };
    return statement;
  }) as typeof connection.prepare;
  const storage = await openStorage(connection, { node: 'test', now: () => 1 });
  onTestFinished(() => storage.close());
  return { storage, failNextCommit: (when) => (failing = when) };
}

test('a snapshot is read from the log until it is in its table, and closing leaves nothing in the log', async () => {
  const path = await databasePath();
  const { storage, connection } = await openedStorage(path);
  for (const state of ['a', 'b', 'c']) expect(await step(storage, 'a/1', state)).toBe('ok');
  expect(inTable(connection)).toEqual([]);
  expect(logRows(connection)).toBe(3);
  expect(await claimed(storage, 'a/1')).toMatchObject({ version: 3, state: 'c' });
  await storage.close();

  const file = new Database(path);
  onTestFinished(() => void file.close());
  expect(inTable(file)).toEqual([['a/1', 3, '"c"']]);
  expect(logRows(file)).toBe(0);
});

test('field-06: a process that was killed leaves its log, and the next one has it in the table before it serves', async () => {
  const path = await databasePath();
  const { storage } = await openedStorage(path);
  await step(storage, 'a/2', 'early');
  await storage.close();
  const { storage: killed } = await openedStorage(path);
  await step(killed, 'a/1', { last: ['é', null] });
  await step(killed, 'a/2', 'late');
  await step(killed, 'a/2', 'latest');

  const { storage: next, connection } = await openedStorage(path);
  expect(logRows(connection)).toBe(0);
  expect(inTable(connection)).toEqual([
    ['a/1', 1, '{"last":["é",null]}'],
    ['a/2', 3, '"latest"'],
  ]);
  expect(await step(next, 'a/2', 'after')).toBe('ok');
  expect(await claimed(next, 'a/2')).toMatchObject({ version: 4, state: 'after' });
});

test('a log that has grown is folded while commits go on, and every read stays right', async () => {
  const { storage, connection } = await openedStorage(await databasePath());
  const ids = Array.from({ length: 600 }, (_, index) => `a/${index}`);
  const large = 'x'.repeat(30_000);
  const claims = await storage.actors.claimMany(ids);
  for (let version = 0; version < 4; version += 1) {
    const commits = claims.map((claim) => aCommit({ ...claim, version }, { step: version + 1, large }));
    const results = await Promise.all(commits.map((commit) => storage.actors.commit(commit)));
    expect(new Set(results)).toEqual(new Set(['ok']));
    const read = await storage.actors.claimAll('a/');
    expect(read.map((claim) => claim.version)).toEqual(ids.map(() => version + 1));
    expect(read.every(({ state }) => (state as { step: number }).step === version + 1)).toBe(true);
    expect(read.map(({ actorId }) => actorId)).toEqual(ids.toSorted());
  }
  await until(() => inTable(connection).length === ids.length);
  expect((await storage.actors.claimMany(ids)).every(({ version }) => version === 4)).toBe(true);
});

test('a refused COMMIT that had not reached the disk leaves each actor where it was', async () => {
  const { storage, failNextCommit } = await forgetfulStorage();
  await step(storage, 'a/1', 'first');
  failNextCommit('before');
  await expect(step(storage, 'a/1', 'second')).rejects.toMatchObject({ kind: 'outcome-unknown' });
  await storeRows(storage);
  expect(await claimed(storage, 'a/1')).toMatchObject({ version: 1, state: 'first' });
  expect(await step(storage, 'a/1', 'third')).toBe('ok');
  expect(await claimed(storage, 'a/1')).toMatchObject({ version: 2, state: 'third' });
});

test('engine rule 2: a refused COMMIT that had reached the disk is what the actor is found to be', async () => {
  const { storage, failNextCommit } = await forgetfulStorage();
  await step(storage, 'a/1', 'first');
  failNextCommit('after');
  await expect(step(storage, 'a/1', 'second')).rejects.toMatchObject({ kind: 'outcome-unknown' });
  await storeRows(storage);
  expect(await claimed(storage, 'a/1')).toMatchObject({ version: 2, state: 'second' });
  expect(await step(storage, 'a/1', 'third')).toBe('ok');
});
