import { expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { readConfig } from '#src/config.ts';
import { ALERTS_KEPT_MS, BIN_KEPT_MS, journalKeptOf, MESSAGES_KEPT_MS, startPurge } from '#src/purge.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { databasePath } from '../storage/files.ts';
import { allLevels, anAlert, anEvent } from '../storage/rows.ts';

const NOW_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const log = { warn: () => expect.fail('the purge failed') };

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

  // The purge sleeps between bites; here each sleep is over at once, until it rests for longer than a bite.
  const sleeps: (() => void)[] = [];
  let rested: (() => void) | null = null;
  const resting = new Promise<void>((resolve) => (rested = resolve));
  startPurge({
    registry: storage.registry,
    office: storage.office,
    post: storage.post,
    alerts: storage.alerts,
    journalKept: kept,
    log,
    now: () => NOW_MS,
    wakeIn(ms, run) {
      if (ms > 60_000) rested?.();
      else setImmediate(run);
      sleeps.push(run);
      return () => undefined;
    },
  });
  await resting;

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
