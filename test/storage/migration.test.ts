import { describe, expect, onTestFinished, test } from 'vitest';
import { Migrator } from 'kysely/migration';
import { migrations } from '#migrations/all.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Entity } from '#src/domain/office/entity.ts';
import { builder, connect, type Connection } from '#src/storage/sqlite/connection.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { freshPath, openedStorage } from './files.ts';

const STOP = '[2,"a","StopTransaction",{"transactionId":7,"meterStop":5000,"reason":"Remote","timestamp":"x"}]';

test('reviews of the first schema can be resolved: their stop is read from its frame, answered doubts are closed', async () => {
  const path = await freshPath();
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

test('an upgrade that fails on its way leaves the file as it was, and is made good by the next start', async () => {
  const path = await freshPath();
  const connection = connect(path);
  await migrateUpTo(connection, '2026-11-26');
  const tables = () => connection.prepare('select name, sql from sqlite_master order by name').all();
  connection.exec('create table office_customer (in_the_way integer)');
  const before = tables();

  await expect(openSqlite({ path, node: 'test' })).rejects.toThrow('office_customer');
  expect(tables()).toEqual(before);

  connection.exec('drop table office_customer');
  connection.close();
  const { close } = await openSqlite({ path, node: 'test' });
  await close();
});

test('STA-24: a charger or a model of an earlier release gets the points that it was said to have, unless it is in the bin', async () => {
  const path = await freshPath();
  const connection = connect(path);
  await migrateUpTo(connection, '2026-11-26');
  const insert = recordInserter(connection);
  insert('office_station', { id: 'a', name: 'A', identity: 'CP-A', evses: 2 });
  insert('office_station', { id: 'b', name: 'B', identity: null, evses: 2 });
  insert('office_station', { id: 'c', name: 'C', identity: 'CP-C', evses: 3, deletion_id: 'gone' });
  insert('office_charger_model', { id: 'm', name: 'M', evses: 1 });
  connection.close();

  const { office, close } = await openSqlite({ path, node: 'test' });
  onTestFinished(close);
  const found = async (entity: Entity) => {
    const query = { text: '', sort: 'number', descending: false, filters: [], offset: 0, limit: null };
    const { rows } = await office.list(entity, { ...query, scope: [{}] });
    return rows.map(({ id, values }) => [id, values['connectorId'], values['outlet1Type']]);
  };
  expect(await found(ENTITIES.evse)).toEqual([
    ['a-evse-1', 1, 'type-2'],
    ['a-evse-2', 2, 'type-2'],
  ]);
  expect(await found(ENTITIES['model-evse'])).toEqual([['m-evse-1', 1, 'type-2']]);
});

test('field-25: a charger of an earlier release that was forgiven nothing is forgiven nothing, another as before', async () => {
  const path = await freshPath();
  const connection = connect(path);
  await migrateUpTo(connection, '2026-11-26-2000');
  const insert = recordInserter(connection);
  for (const [id, strict] of [
    ['a', 1],
    ['b', 0],
    ['c', null],
  ] as const) {
    const protocol = id === 'b' ? 'lafon-pulse' : 'ocpp';
    insert('office_station', {
      id,
      name: id,
      identity: `CP-${id}`,
      evses: 1,
      strict,
      protocol,
      charge_minutes_max: 90,
    });
    connection.exec(`insert into station (station_id, name, address, postcode, city, merchant, access)
      values ('${id}', '${id}', '', '', '', '', 'public')`);
    connection.exec(`insert into charge_point (key, charge_point_id, station_id, connectors, power_max_w,
      energy_price_mills_per_kwh, strict, inactive) values ('CP-${id}', 'CP-${id}', '${id}', 1, 0, 0, ${strict ?? 0}, 0)`);
  }
  connection.close();
  const { office, reader, close } = await openSqlite({ path, node: 'test' });
  onTestFinished(close);
  for (const [id, leniency] of [
    ['a', 'strict'],
    ['b', 'tolerant'],
    ['c', 'tolerant'],
  ] as const) {
    expect((await office.find(ENTITIES.station, id, [{}]))?.values['leniency']).toBe(leniency);
    const row = await reader.chargePoint(`CP-${id}`);
    expect(row?.leniency).toBe(leniency);
    // OCP-13: its longest charge holds from now on, except for a kit, which holds to it by itself.
    expect(row?.limits.chargeMinutes).toBe(id === 'b' ? null : 90);
  }
});

test('REC-02: the recharges of an earlier release are found by a part of a badge or of a name, however short', async () => {
  const path = await freshPath();
  const connection = connect(path);
  await migrateUpTo(connection, '2026-11-26-2000');
  const session =
    connection.prepare(`insert into charging_session (transaction_id, charge_point_id, connector_id, start_key,
    id_tag, driver, verdict, free_service, energy_price_mills_per_kwh, power_max_w, started_at_ms, meter_start_wh, closing,
    energy_wh, station_id) values (?, 'CP1', 1, ?, '04A1B2', ?, 'Accepted', 0, 0, 0, 1, 0, 'final', 0, 's1')`);
  const badge = connection.prepare('insert into session_badge (id_tag, driver, search) values (?, ?, ?)');
  for (const [id, driver] of [null, 'Zoé Kervella'].entries()) {
    session.run(id + 1, `start-${id}`, driver);
    badge.run('04A1B2', driver ?? '', `04a1b2 ${driver === null ? '' : 'zoe kervella'}`);
  }
  connection.close();
  const { recharges, close } = await openSqlite({ path, node: 'test' });
  onTestFinished(close);
  const all = { among: ['s1'], customers: null, fromMs: null, toMs: null, state: null, mark: null } as const;
  const found = async (text: string) => {
    const page = await recharges.page({ ...all, text, sort: 'start', descending: false, offset: 0, limit: 9 });
    return page.rows.map(({ transactionId }) => transactionId);
  };
  expect(await found('zo')).toEqual([2]);
  expect(await found('kervella')).toEqual([2]);
  expect(await found('a1')).toEqual([1, 2]);
});

describe('a badge of an earlier release', () => {
  type Merchant = readonly [id: string, more: Readonly<Record<string, string>>];
  async function opened(merchants: readonly Merchant[]) {
    const path = await freshPath();
    const connection = connect(path);
    await migrateUpTo(connection, '2026-11-26-12');
    const insert = recordInserter(connection);
    for (const [id, more] of merchants) {
      insert('office_subscriber', { id, name: id, kind: 'merchant', subscriber_id: null, ...more });
      insert('office_company', { id: `${id}-1`, name: id, number: 1, subscriber_id: id });
    }
    const token = connection.prepare('insert into id_token values (?, ?, ?, ?, ?, ?, ?)');
    token.run('AA01', 'aa01', 0, null, 'w1', 'Zoé Le Goff', 0);
    token.run('AA02', 'aa02', 0, null, 'w1', 'Zoé Le Goff', 0);
    token.run('AA03', 'aa03', 1, null, 'w1', 'Zoé Le Goff', 0);
    token.run('BB01', 'bb01', 0, 1_798_758_000_000, 'w2', 'Zoé Le Goff', 0);
    token.run('FREE', 'free', 0, null, null, 'Agent', 1);
    connection
      .prepare("insert into ledger_entry (key, wallet_id, at_ms, amount_cents) values ('k', 'w1', 1, 950)")
      .run();
    connection.close();
    const storage = await openSqlite({ path, node: 'test' });
    onTestFinished(() => storage.close());
    return storage;
  }
  const ALL = { text: '', sort: 'name', descending: false, filters: [], offset: 0, limit: null, scope: [{}] } as const;

  test('whose wallet it has is a customer of the one merchant that there is, with what is in it', async () => {
    const { office, reader } = await opened([
      ['s1', {}],
      ['s1-test', { test_of: 's9' }],
    ]);
    const { rows } = await office.list(ENTITIES.customer, ALL);
    expect(rows).toMatchObject([
      {
        id: 'w1',
        subscriberId: 's1',
        values: { name: 'Zoé Le Goff', company: 's1-1', balance: 950, badge2Value: 'AA02' },
      },
      { id: 'w2', values: { name: 'Zoé Le Goff (2)', expiresOn: '2026-12-31', expiresAtMs: 1_798_758_000_000 } },
    ]);
    expect((await office.list(ENTITIES.customer, { ...ALL, text: 'aa02' })).found).toBe(1);
    // What fits no record is as good as before, everywhere.
    expect(await reader.idToken('AA03', null)).toMatchObject({ blocked: true, walletId: 'w1' });
    expect(await reader.idToken('FREE', null)).toMatchObject({ driver: 'Agent', freeService: true });
    expect(await reader.idToken('AA01', null)).toBeNull();
  });

  test('where there are several merchants, or none, he is a public customer', async () => {
    const { office } = await opened([
      ['s1', {}],
      ['s2', {}],
    ]);
    expect((await office.list(ENTITIES['public-customer'], ALL)).rows.map(({ id }) => id)).toEqual(['w1', 'w2']);
    expect((await office.list(ENTITIES.customer, ALL)).rows).toEqual([]);
  });
});

/** As a release left it whose migrations are all named before. */
async function migrateUpTo(connection: Connection, before: string): Promise<void> {
  const known = Object.entries(migrations).filter(([name]) => name < before);
  const provider = { getMigrations: async () => Object.fromEntries(known) };
  await new Migrator({ db: builder(connection), provider }).migrateToLatest();
}

function recordInserter(connection: Connection) {
  return (table: string, values: Readonly<Record<string, string | number | null>>): void => {
    const row = { version: 1, inactive: 0, created_at_ms: 1, changed_at_ms: 2, changed_by: 'a', custom: '{}' };
    const all = { ...row, search: '', sort_name: '', subscriber_id: 's1', ...values };
    const marks = Object.keys(all).map(() => '?');
    connection
      .prepare(`insert into ${table} (${Object.keys(all).join(', ')}) values (${marks.join(', ')})`)
      .run(...Object.values(all));
  };
}
