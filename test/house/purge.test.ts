import { expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { readConfig } from '#src/config.ts';
import { ALERTS_KEPT_MS, BIN_KEPT_MS, journalKeptOf, MESSAGES_KEPT_MS, startPurge } from '#src/purge.ts';
import type { Entity } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import { cents } from '#src/domain/money.ts';
import type { Row } from '#src/storage/ports.ts';
import { openSqlite, type SqliteStorage } from '#src/storage/sqlite/open.ts';
import { aRecord } from '../office/arbitraries.ts';
import { databasePath, openedStorage } from '../storage/files.ts';
import { allLevels, anAlert, anEntry, anEvent, aReview, aSession, claimed, storeRows } from '../storage/rows.ts';

const NOW_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const log = { warn: () => expect.fail('the purge failed') };

/** The purge sleeps between bites; here each sleep is over at once, until it rests for longer than a bite. */
function onePass(storage: SqliteStorage): Promise<void> {
  return new Promise((rest) => {
    startPurge({
      ...storage,
      drop: null,
      journalKept: journalKeptOf(readConfig({})),
      log,
      now: () => NOW_MS,
      wakeIn(ms, run) {
        if (ms > 60_000) rest();
        else setImmediate(run);
        return () => undefined;
      },
    });
  });
}

test('PRC-09: one pass purges all that is past its time, however it is mixed with what stays, the bin too', async () => {
  const storage = await openSqlite({ path: await databasePath(), node: 'test' });
  const kept = journalKeptOf(readConfig({}));
  const ages = [kept.othersMs + DAY_MS, kept.debugMs + DAY_MS, DAY_MS];
  for (const age of ages) {
    for (let index = 0; index < 2_000; index++) {
      const level = index % 3 === 0 ? 'info' : 'debug';
      storage.note(anEvent({ atMs: NOW_MS - age, level }));
    }
    await storage.actors.drain();
  }

  for (const [id, age] of [
    ['old', BIN_KEPT_MS + 1],
    ['new', BIN_KEPT_MS - DAY_MS],
  ] as const) {
    const changed = { createdAtMs: 1, changedAtMs: 1, changedBy: 'anne' };
    const values = { name: id, administration: 'none', rights: [], isAdministrator: false };
    const record = { id, subscriberId: 's1', version: 1, inactive: false, values, custom: {}, ...changed };
    const deletion = { deletionId: `gone-${id}`, subscriberId: 's1', entity: 'role', label: id, by: 'anne' };
    await storage.office.write([
      { type: 'put', entity: ENTITIES.role, record },
      { type: 'delete', entity: ENTITIES.role, id, deletion: { ...deletion, atMs: NOW_MS - age } },
    ]);
  }

  for (const [key, age] of [
    ['old', MESSAGES_KEPT_MS + 1],
    ['new', MESSAGES_KEPT_MS - DAY_MS],
  ] as const) {
    const to = { channel: 'mail', to: `${key}@vigie.example`, subject: key, text: key, secret: null } as const;
    await storage.post.queue({ key, ...to, subscriberId: null, createdAtMs: NOW_MS - age });
    await storage.post.tried(key, { state: 'sent', atMs: NOW_MS - age });
  }

  const [claim] = await storage.actors.claimMany(['alert/CP1']);
  if (claim === undefined) throw new Error('nothing was claimed');
  const rows = [ALERTS_KEPT_MS + 1, ALERTS_KEPT_MS - DAY_MS].map((age) => {
    const alert = anAlert({ alertId: `alert/${age}`, endedAtMs: NOW_MS - age });
    return { type: 'alert', alert } as const;
  });
  await storage.actors.commit({ fence: claim, snapshot: null, rows });

  await onePass(storage);

  const left = await storage.reader.events({ levels: allLevels, limit: 10_000 });
  const older = (ms: number) => left.filter((event) => event.atMs < NOW_MS - ms);
  expect(older(kept.othersMs)).toEqual([]);
  expect(older(kept.debugMs).filter((event) => event.level === 'debug')).toEqual([]);
  expect(left).toHaveLength(667 + 2_000);
  const messages = await storage.post.list({ state: null, channel: null, search: '', offset: 0, limit: 9 });
  expect(messages.rows.map(({ key }) => key)).toEqual(['new']);
  const { rows: alerts } = await storage.alerts.list({ open: false, offset: 0, limit: 9 });
  expect(alerts.map(({ alertId }) => alertId)).toEqual([`alert/${ALERTS_KEPT_MS - DAY_MS}`]);
  const bin = await storage.office.deletions('s1', 9);
  expect(bin.map(({ label }) => label)).toEqual(['new']);
  await storage.close();
});

test('STA-07, SOC-04: recharges go for good with their station, whenever the server stops, and the money stays', async () => {
  const path = await databasePath();
  const first = await openSqlite({ path, node: 'test' });
  const put = (entity: Entity, id: string, values: Values) => ({
    type: 'put' as const,
    entity,
    record: aRecord(entity, { id, values }),
  });
  await first.office.write([
    put(ENTITIES.company, 'c1', { name: 'Le port', number: 1 }),
    put(ENTITIES.station, 'gone', { company: 'c1', name: 'Quai', identity: 'CP1' }),
    put(ENTITIES.station, 'kept', { company: 'c1', name: 'Parvis', identity: 'CP2' }),
  ]);
  const claim = await claimed(first, 'connector/CP1/1');
  const rows: Row[] = [];
  for (let transactionId = 1; transactionId <= 150; transactionId++) {
    const tag = { idTag: transactionId === 3 ? 'ONCE' : 'OFTEN', driver: 'Zoé' };
    rows.push({ type: 'session', session: aSession({ transactionId, chargePointId: 'CP1', ...tag }) });
    if (transactionId === 150) continue;
    const ended = { closing: 'final', stoppedAtMs: 2_000, energyWh: 1_000, price: cents(35) } as const;
    rows.push({ type: 'session', session: aSession({ transactionId, chargePointId: 'CP1', ...tag, ...ended }) });
  }
  const other = aSession({ transactionId: 200, chargePointId: 'CP2', idTag: 'OFTEN', driver: 'Zoé' });
  rows.push({ type: 'session', session: other });
  rows.push({ type: 'ledger-entry', entry: anEntry({ key: 'session/1', transactionId: 1, amount: cents(-35) }) });
  rows.push({ type: 'review', review: aReview({ key: 'implausible-energy/2', transactionId: 2 }) });
  await first.actors.commit({ fence: claim, snapshot: null, rows });
  const deletion = { deletionId: 'd1', subscriberId: 's1', entity: 'station', label: 'Quai', by: 'anne' };
  const atMs = NOW_MS - BIN_KEPT_MS - 1;
  await first.office.write([{ type: 'delete', entity: ENTITIES.station, id: 'gone', deletion: { ...deletion, atMs } }]);

  // A bite, and the server stops. Whatever is left of it is not brought back.
  expect(await first.office.purgeDeleted(NOW_MS - BIN_KEPT_MS, 60)).toBe(60);
  expect(await first.office.deletions('s1', 9)).toEqual([]);
  expect(await first.office.write([{ type: 'restore', deletionId: 'd1', atMs: NOW_MS }])).toBe('stale');
  await first.close();

  const { storage, connection } = await openedStorage(path);
  await onePass(storage);
  const column = (sql: string) => connection.prepare(sql).pluck().all();
  expect(column('select transaction_id from charging_session')).toEqual([200]);
  expect(column('select id_tag from session_badge')).toEqual(['OFTEN']);
  expect(column('select name from office_station')).toEqual(['Parvis']);
  expect(await storage.reader.reviews({ limit: 9 })).toEqual([]);
  expect(column('select amount_cents from ledger_entry')).toEqual([-35]);

  // Its connector still believes that it runs, and closes it when somebody else has the charger.
  const late = aSession({ transactionId: 150, chargePointId: 'CP1', idTag: 'OFTEN', closing: 'provisional' });
  await storeRows(storage, { type: 'session', session: late });
  expect(column('select transaction_id from charging_session')).toEqual([200]);

  // SOC-04: the same of a company, with what is counted by it.
  await storeRows(storage, { type: 'unregistered-charge', companyId: 'c1', key: 'OFTEN' });
  const company = { ...deletion, deletionId: 'd2', entity: 'company', label: 'Le port', atMs };
  await storage.office.write([{ type: 'delete', entity: ENTITIES.company, id: 'c1', deletion: company }]);
  await onePass(storage);
  for (const table of ['charging_session', 'session_badge', 'office_station', 'office_company', 'unregistered_charge'])
    expect(column(`select count(*) from ${table}`), table).toEqual([0]);
  expect(column('select amount_cents from ledger_entry')).toEqual([-35]);
});

test('PRC-09: Debug is kept for 3 months and the rest for 2 years, unless it is configured; Debug never longer than the rest', () => {
  const days = (environment: Readonly<Record<string, string>>) => {
    const { debugMs, othersMs } = journalKeptOf(readConfig(environment));
    return [debugMs / DAY_MS, othersMs / DAY_MS];
  };
  expect(days({})).toEqual([92, 731]);
  expect(days({ VIGIE_JOURNAL_DEBUG_DAYS: '10', VIGIE_JOURNAL_DAYS: '400' })).toEqual([10, 400]);
  expect(days({ VIGIE_JOURNAL_DEBUG_DAYS: '800' })).toEqual([800, 800]);
  expect(() => readConfig({ VIGIE_JOURNAL_DAYS: '0' })).toThrow('VIGIE_JOURNAL_DAYS');
});
