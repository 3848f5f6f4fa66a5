import { expect, test } from 'vitest';
import type { EventQuery, Storage } from '#src/storage/ports.ts';
import type { Connection } from '#src/storage/sqlite/connection.ts';
import { databasePath, openedStorage, until } from './files.ts';
import { allLevels, anEvent, storeRows } from './rows.ts';

const EVENTS = 70_000;
const CHARGE_POINTS = 7;

/** Event `id` happened at `id` hours and belongs to the charge point `id % 7`; every 1,000th is a problem. */
function fillJournal(connection: Connection): void {
  const insert = connection.prepare(
    `insert into event (id, at_ms, charge_point_id, level, kind, name) values (?, ?, ?, ?, 'frame-in', 'Heartbeat')`,
  );
  connection.transaction(() => {
    for (let id = 1; id <= EVENTS; id += 1) {
      insert.run(id, id * 3_600_000, `CP${id % CHARGE_POINTS}`, id % 1_000 === 0 ? 'problem' : 'info');
    }
  })();
}

const runsOnDisk = (connection: Connection) =>
  connection.prepare(`select run from event_posting where charge_point_id = '' order by run`).pluck().all();

const idsOf = async (storage: Storage, query: Partial<EventQuery>) =>
  (await storage.reader.events({ levels: allLevels, limit: 99_999, ...query })).map(({ id }) => id);

const expected = (of: number, from = 1, to = EVENTS) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((id) => id % CHARGE_POINTS === of);

test('field-34: a charger has all its events, in memory or on disk, before and after a restart', async () => {
  const path = await databasePath();
  const { storage, connection } = await openedStorage(path);
  fillJournal(connection);
  expect(await idsOf(storage, { chargePointId: 'CP3', afterId: 0 })).toEqual(expected(3));
  await until(() => runsOnDisk(connection).length === 2);
  expect(await idsOf(storage, { chargePointId: 'CP3' })).toEqual(expected(3).toReversed());

  const { storage: next } = await openedStorage(path);
  expect(await idsOf(next, { chargePointId: 'CP3', afterId: 0 })).toEqual(expected(3));
  expect(await idsOf(next, { chargePointId: 'CP0', beforeId: 40_000, limit: 3 })).toEqual(
    expected(0, 1, 39_999).toReversed().slice(0, 3),
  );
  expect(
    await idsOf(next, { chargePointId: 'CP1', fromMs: 32_760 * 3_600_000, toMs: 32_775 * 3_600_000, afterId: 0 }),
  ).toEqual(expected(1, 32_760, 32_774));
  expect(await idsOf(next, { chargePointId: 'CP1', levels: ['problem'], afterId: 0 })).toEqual(
    expected(1).filter((id) => id % 1_000 === 0),
  );
  await storeRows(next, { type: 'event', event: anEvent({ chargePointId: 'CP1', name: 'latest' }) });
  expect(await next.reader.events({ levels: allLevels, chargePointId: 'CP1', limit: 1 })).toMatchObject([
    { name: 'latest' },
  ]);
});

test('a run whose writing was cut short by a crash is written again', async () => {
  const path = await databasePath();
  const { storage, connection } = await openedStorage(path);
  fillJournal(connection);
  await idsOf(storage, { chargePointId: 'CP3' });
  await until(() => runsOnDisk(connection).length === 2);
  await storage.actors.drain();
  connection.exec(`delete from event_posting where run = 1 and charge_point_id in ('', 'CP3')`);
  const { storage: next, connection: nextConnection } = await openedStorage(path);
  expect(await idsOf(next, { chargePointId: 'CP3', afterId: 0 })).toEqual(expected(3));
  await until(() => runsOnDisk(nextConnection).length === 2);
});

test('PRC-09: what was purged leaves its postings as well', async () => {
  const { storage, connection } = await openedStorage(await databasePath());
  fillJournal(connection);
  await idsOf(storage, { chargePointId: 'CP3' });
  await until(() => runsOnDisk(connection).length === 2);
  const cutMs = 60_000 * 3_600_000;
  const cut = { debugBeforeMs: cutMs, otherBeforeMs: cutMs, limit: 10_000 };
  while ((await storage.registry.purgeEvents(cut)) > 0);
  expect(runsOnDisk(connection)).toEqual([1]);
  expect(await idsOf(storage, { chargePointId: 'CP3', afterId: 0 })).toEqual(expected(3, 60_000));
});

test('PRC-09: a bite of the purge rides on a commit of chargers, and is one of its own when none comes', async () => {
  const { storage } = await openedStorage(await databasePath());
  for (let n = 1; n <= 300; n += 1) storage.note(anEvent({ atMs: n }));
  await storage.actors.drain();
  const commits = () => storage.actors.health().groups;
  const bite = () => storage.registry.purgeEvents({ debugBeforeMs: 1_000, otherBeforeMs: 1_000, limit: 100 });
  const before = commits();
  const [went] = await Promise.all([bite(), storage.actors.heard(new Map([['CP1', 1]]))]);
  expect([went, commits() - before]).toEqual([100, 1]);
  expect([await bite(), commits() - before]).toEqual([100, 2]);
});
