import { expect, test } from 'vitest';
import { Migrator } from 'kysely/migration';
import { migrations } from '#migrations/all.ts';
import { builder, connect } from '#src/storage/sqlite/connection.ts';
import { databasePath, openedStorage } from './files.ts';

const STOP = '[2,"a","StopTransaction",{"transactionId":7,"meterStop":5000,"reason":"Remote","timestamp":"x"}]';

test('reviews of the first schema can be resolved: their stop is read from its frame, answered doubts are closed', async () => {
  const path = await databasePath();
  const connection = connect(path);
  const [[first, schema] = []] = Object.entries(migrations);
  if (first === undefined || schema === undefined) throw new Error('there is a first migration');
  const migrator = new Migrator({
    db: builder(connection),
    provider: { getMigrations: async () => ({ [first]: schema }) },
  });
  await migrator.migrateToLatest();
  const insert = connection.prepare(
    'insert into review (key, kind, charge_point_id, connector_id, transaction_id, at_ms, frame) values (?, ?, ?, 1, 7, ?, ?)',
  );
  insert.run('a', 'conflicting-stop', 'CP1', 4, STOP);
  insert.run('b', 'unmatched-stop', 'CP1', 3, 'not JSON');
  insert.run('c', 'implausible-energy', 'CP1', 2, null);
  connection.close();

  const { reader } = (await openedStorage(path)).storage;
  expect(await reader.reviews({ limit: 9 })).toMatchObject([
    {
      key: 'a',
      frame: STOP,
      stop: { stoppedAtMs: 4, meterStopWh: 5_000, registerWh: null, reason: 'Remote', idTag: null },
      resolution: null,
    },
    { key: 'b', stop: null, resolution: null },
    { key: 'c', resolution: { outcome: 'answered-by-stop', by: null, atMs: 2 } },
  ]);
  expect(await reader.openReviews()).toBe(2);
});
