import { expect, test } from 'vitest';
import { folded } from '#src/domain/office/field.ts';
import {
  isAbnormalEnd,
  parkedMs,
  rechargeMark,
  RECHARGE_SORTS,
  RECHARGE_STATES,
  type RechargeMark,
} from '#src/domain/recharge.ts';
import type { RechargeQuery, RechargeRow } from '#src/storage/recharge-port.ts';
import type { Connection } from '#src/storage/sqlite/connection.ts';
import { READ_MAX } from '#src/storage/sqlite/recharges.ts';
import { databasePath, openedStorage } from './files.ts';
import { aChargePoint, aSession, aStation, storeRows } from './rows.ts';

const STATIONS = 7;
const DRIVERS = [null, 'Zoé Kervella', 'Ali Benali'];
const REASONS = ['Local', 'EVDisconnected', 'EmergencyStop', 'Remote'];
const HOUR_MS = 3_600_000;

/** Many begin in the same second; the first station has nearly all of them, the last one a few, and some have none. */
function aRecharge(n: number): RechargeRow {
  const startedAtMs = 1_000 * Math.floor(n / 3) + HOUR_MS;
  const closing = n % 41 === 0 ? 'open' : n % 97 === 0 ? 'provisional' : 'final';
  const stoppedAtMs = closing === 'open' ? null : startedAtMs + ((n * 7_919) % 90) * 60_000;
  return {
    ...aSession({
      transactionId: n,
      idTag: `04AB${n % 60}`,
      driver: DRIVERS[n % 3] ?? null,
      walletId: n % 3 === 1 ? `zoe-${n % 50 === 1 ? 'often' : 'always'}` : null,
      freeService: n % 60 === 5,
      startedAtMs,
      closing,
      stoppedAtMs,
      energyWh: closing === 'open' ? 0 : (n * 104_729) % 40_000,
      stopReason: closing === 'final' ? (REASONS[n % 50 === 0 ? 2 + (n % 2) : n % 2] ?? null) : null,
      chargedMs: n % 5 === 0 ? null : (n * 31) % HOUR_MS,
    }),
    stationId: n % 11 === 0 ? null : `s${n % 500 === 0 ? STATIONS : n % 13 === 0 ? 2 : 1}`,
    unpluggedAtMs: stoppedAtMs !== null && n % 4 === 0 ? stoppedAtMs + 60_000 : null,
  };
}

function fill(connection: Connection, rows: readonly RechargeRow[]): void {
  const session = connection.prepare(
    `insert into charging_session (transaction_id, charge_point_id, connector_id, start_key, id_tag, driver, wallet_id, verdict,
      free_service, energy_price_mills_per_kwh, power_max_w, started_at_ms, meter_start_wh, closing, stopped_at_ms,
      energy_wh, stop_reason, charged_ms, station_id, unplugged_at_ms, badge_id)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
      (select id from session_badge where id_tag = ? and driver = ?))`,
  );
  const badge = connection.prepare('insert or ignore into session_badge (id_tag, driver, search) values (?, ?, ?)');
  connection.transaction(() => {
    for (const one of rows) {
      const { idTag, driver } = one;
      badge.run(idTag, driver ?? '', folded(`${idTag} ${driver ?? ''}`));
      session.run(
        one.transactionId,
        one.chargePointId,
        one.connectorId,
        one.startKey,
        idTag,
        driver,
        one.walletId,
        one.verdict,
        one.freeService ? 1 : 0,
        one.energyPriceMillsPerKwh,
        one.powerMaxW,
        one.startedAtMs,
        one.meterStartWh,
        one.closing,
        one.stoppedAtMs,
        one.energyWh,
        one.stopReason,
        one.chargedMs,
        one.stationId,
        one.unpluggedAtMs,
        idTag,
        driver ?? '',
      );
    }
  })();
}

/** Stations of others: beside so many, those that somebody finds are looked at one by one. */
function besideManyStations(connection: Connection): void {
  const station = connection.prepare(`insert into office_station
    (id, version, inactive, created_at_ms, changed_at_ms, changed_by, search, sort_name, custom)
    values (?, 1, 0, 0, 0, '', '', '', '{}')`);
  connection.transaction(() => Array.from({ length: 200 }, (_, n) => station.run(`other-${n}`)))();
}

const EVERYTHING: RechargeQuery = {
  among: null,
  customers: null,
  fromMs: null,
  toMs: null,
  text: '',
  state: null,
  sort: 'start',
  descending: true,
  offset: 0,
  limit: 50,
  mark: null,
};

/** What is found, said plainly. */
function expected(rows: readonly RechargeRow[], query: RechargeQuery): readonly RechargeRow[] {
  const { among, customers, fromMs, toMs, state, sort, descending } = query;
  const words = folded(query.text).split(' ').filter(Boolean);
  const keys = {
    start: (one: RechargeRow) => one.startedAtMs,
    energy: (one: RechargeRow) => one.energyWh,
    charging: (one: RechargeRow) => one.chargedMs ?? -1,
    parking: (one: RechargeRow) => (one.closing === 'open' ? -1 : parkedMs(one, 0)),
  };
  const states = {
    running: (one: RechargeRow) => one.closing === 'open',
    ended: (one: RechargeRow) => one.closing !== 'open',
    abnormal: isAbnormalEnd,
    'free-service': (one: RechargeRow) => one.freeService,
  };
  return rows
    .filter((one) => among === null || (one.stationId !== null && among.includes(one.stationId)))
    .filter((one) => customers === null || (one.walletId !== null && customers.includes(one.walletId)))
    .filter((one) => one.startedAtMs >= (fromMs ?? 0) && one.startedAtMs < (toMs ?? Infinity))
    .filter((one) => words.every((word) => folded(`${one.idTag} ${one.driver ?? ''}`).includes(word)))
    .filter((one) => state === null || states[state](one))
    .toSorted((a, b) => {
      const order = keys[sort](a) - keys[sort](b) || a.transactionId - b.transactionId;
      return descending ? -order : order;
    });
}

const ids = (rows: readonly RechargeRow[]) => rows.map((one) => one.transactionId);
/** The first station alone has more than are read. */
const all = Array.from({ length: READ_MAX + 1_500 }, (_, index) => aRecharge(index + 1));
const stationSets = [null, ['s1'], ['s2'], ['s1', 's2', 's3', 's7'], ['s7', 's3'], []] as const;
const texts = ['', 'ZOE', 'zo', '04ab7 ali', 'nobody'];
const periods = [{}, { fromMs: HOUR_MS + 500_000, toMs: HOUR_MS + 900_000 }, { fromMs: HOUR_MS + 1_000_000 }] as const;

test.each([
  ['of few stations', false],
  ['beside many stations of others', true],
])(
  'REC-02: a page holds what its filters find, in the order of starts, however many there are: %s',
  async (_, areMany) => {
    const { storage, connection } = await openedStorage(await databasePath());
    fill(connection, all);
    if (areMany) besideManyStations(connection);
    for (const among of stationSets) {
      for (const text of texts) {
        for (const state of [null, ...RECHARGE_STATES]) {
          for (const period of periods) {
            for (const descending of [true, false]) {
              const query = { ...EVERYTHING, ...period, among, text, state, descending };
              const what = JSON.stringify(query);
              const wanted = expected(all, query);
              const { rows, totals, isMore, lookedTo } = await storage.recharges.page(query);
              expect(ids(rows), what).toEqual(ids(wanted.slice(0, 50)));
              expect(isMore, what).toBe(totals === null && wanted.length > 50);
              expect(lookedTo, what).toBeNull();
              if (totals !== null) expect(totals.count, what).toBe(wanted.length);
            }
          }
        }
      }
    }
  },
);

test.each([
  ['all there are', {}],
  ['those of some stations', { among: ['s1', 's2', 's3', 's7'] }],
  ['those with a word that many have', { text: 'zoe' }],
  ['those of some stations with such a word', { among: ['s1', 's2'], text: 'zoe' }],
  ['few enough to count them', { among: ['s2'] }],
  ['those of a customer', { customers: ['zoe-often'] }],
] as const)('LST-05: page after page there is each once, and back again: %s', async (_of, more) => {
  const { storage, connection } = await openedStorage(await databasePath());
  fill(connection, all);
  besideManyStations(connection);
  for (const descending of [true, false]) {
    const query = { ...EVERYTHING, ...more, descending, limit: 200 };
    const wanted = ids(expected(all, query));
    const pages: (readonly RechargeRow[])[] = [];
    let mark: RechargeMark | null = null;
    for (;;) {
      const { rows } = await storage.recharges.page({ ...query, mark });
      const last = rows.at(-1);
      if (last === undefined) break;
      pages.push(rows);
      mark = rechargeMark(last, 'after');
    }
    expect(ids(pages.flat())).toEqual(wanted);
    for (const [index, page] of pages.entries()) {
      const [first] = page;
      const before = pages[index - 1];
      if (first === undefined || before === undefined) continue;
      const back = await storage.recharges.page({ ...query, mark: rechargeMark(first, 'before') });
      expect(ids(back.rows)).toEqual(ids(before));
    }
  }
});

test('LST-03: what can be counted is sorted by any figure, page by page, and added up', async () => {
  const { storage, connection } = await openedStorage(await databasePath());
  fill(connection, all);
  for (const sort of RECHARGE_SORTS) {
    for (const descending of [true, false]) {
      const query = { ...EVERYTHING, among: ['s2', 's7'], sort, descending, offset: 50 };
      const wanted = expected(all, query);
      const { rows, totals } = await storage.recharges.page(query);
      expect(ids(rows), sort).toEqual(ids(wanted.slice(50, 100)));
      const ended = wanted.filter((one) => one.closing !== 'open');
      expect(totals).toEqual({
        count: wanted.length,
        running: wanted.length - ended.length,
        energyWh: ended.reduce((sum, one) => sum + one.energyWh, 0),
        parkedMs: ended.reduce((sum, one) => sum + parkedMs(one, 0), 0),
        chargedMs: ended.reduce((sum, one) => sum + (one.chargedMs ?? 0), 0),
        amount: ended.reduce((sum, one) => sum + (one.price ?? 0), 0),
      });
    }
  }
});

test('REC-02: a recharge stays with the station at which it began, whoever has the charger later', async () => {
  const { storage } = await openedStorage(await databasePath());
  for (const stationId of ['s1', 's2']) await storage.registry.putStation(aStation({ stationId }));
  const charger = aChargePoint({ chargePointId: 'CP1', key: 'CP1', stationId: 's1' });
  await storage.registry.putChargePoint(charger);
  const session = aSession({ transactionId: 1, chargePointId: 'CP1' });
  await storeRows(storage, { type: 'session', session });
  await storage.registry.putChargePoint({ ...charger, stationId: 's2' });
  await storeRows(storage, { type: 'session', session: { ...session, closing: 'final', stoppedAtMs: 9_000 } });
  await storeRows(storage, { type: 'unplugged', transactionId: 1, atMs: 20_000 });
  await storeRows(storage, { type: 'unplugged', transactionId: 1, atMs: 10_000 });
  expect(await storage.recharges.find(1)).toMatchObject({ stationId: 's1', closing: 'final', unpluggedAtMs: 20_000 });
  expect(await storage.recharges.find(2)).toBeNull();
  const page = await storage.recharges.page({ ...EVERYTHING, among: ['s2'] });
  expect(page.rows).toEqual([]);
});

test('what few recharges have is looked for so far, and then from there on', async () => {
  const { storage, connection } = await openedStorage(await databasePath());
  const many = Array.from({ length: 6_500 }, (_, index) => ({
    ...aRecharge(index + 1),
    stationId: 's1',
    closing: index === 0 ? ('final' as const) : ('open' as const),
  }));
  fill(connection, many);
  besideManyStations(connection);
  const query = { ...EVERYTHING, among: ['s1'], state: 'ended' } as const;
  const first = await storage.recharges.page(query);
  expect(first).toMatchObject({ rows: [], isMore: false, lookedTo: { way: 'after' } });
  const second = await storage.recharges.page({ ...query, mark: first.lookedTo });
  expect(ids(second.rows)).toEqual([1]);
  expect(second.lookedTo).toBeNull();
});

test('USR-14: whoever sees some customers alone finds theirs, whatever else narrows the list', async () => {
  const { storage, connection } = await openedStorage(await databasePath());
  fill(connection, all);
  for (const customers of [['zoe-often'], ['zoe-often', 'zoe-always', 'nobody'], ['nobody'], []]) {
    for (const among of [null, ['s1'], ['s2', 's7']]) {
      for (const state of [null, 'abnormal', 'running'] as const) {
        const query = { ...EVERYTHING, customers, among, state };
        const { rows } = await storage.recharges.page(query);
        expect(ids(rows), JSON.stringify(query)).toEqual(ids(expected(all, query).slice(0, 50)));
      }
    }
  }
});

test('REC-02: a badge is found from the moment it charges, by any part of it or of its driver’s name', async () => {
  const { storage } = await openedStorage(await databasePath());
  const session = aSession({ transactionId: 1, idTag: '04A1B2', driver: 'Zoé Kervella' });
  await storeRows(storage, { type: 'session', session });
  const found = async (text: string) => ids((await storage.recharges.page({ ...EVERYTHING, text })).rows);
  expect(await found('a1b')).toEqual([1]);
  expect(await found('zoe KERV')).toEqual([1]);
  expect(await found('zoe 999')).toEqual([]);
  expect(await found('100%_')).toEqual([]);
  expect(await found('zo 04')).toEqual([1]);
  expect(await found('0%')).toEqual([]);
});
