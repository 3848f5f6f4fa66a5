import { expect, test } from 'vitest';
import { DETAILS_MS_MAX, sweepDetails, SWEEP_STATIONS } from '#actors/notice/details.ts';
import { chargeDetail, isTold } from '#src/domain/charge-detail.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { paidSession } from '../fixtures/paid-session.ts';
import { ALL } from '../fixtures/post.ts';
import { databasePath } from '../storage/files.ts';
import { storeRows } from '../storage/rows.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 12);
const HOUR_MS = 3_600_000;
const session = (transactionId: number, chargePointId: string, startedAtMs = NOW_MS - 10 * HOUR_MS) =>
  paidSession({ transactionId, chargePointId, startKey: String(transactionId), startedAtMs });
const record = (id: string, values: RecordRow['values']): RecordRow => ({
  id,
  subscriberId: 'ponant',
  version: 1,
  inactive: false,
  values,
  custom: {},
  createdAtMs: 1,
  changedAtMs: 1,
  changedBy: 'anne',
});

test('STA-26: Girève is told of a recharge what it was, and nothing of who charged', () => {
  const points = [record('p', { number: 2, connectorId: 1 })];
  const text = chargeDetail({
    station: record('pon-1', { name: 'Quai Nord' }),
    cpoId: 'FR*PON',
    points,
    session: session(7, 'PON-1'),
    atMs: NOW_MS,
  });
  expect(JSON.parse(text)).toMatchObject({
    type: 'charge-detail',
    operator: 'FR*PON',
    charge: { id: '7', evse: expect.stringMatching(/^FRPONE[\dA-F]{12}2$/) as string, energyWh: 22_400 },
  });
  expect(text).not.toMatch(/Claire|04A2B3C4/);
});

test('STA-26: only what will stay is told', () => {
  const ended = session(7, 'PON-1');
  expect(isTold(ended, NOW_MS)).toBe(true);
  expect(isTold({ ...ended, closing: 'open', stoppedAtMs: null }, NOW_MS)).toBe(false);
  expect(isTold({ ...ended, review: 'implausible-energy' }, NOW_MS)).toBe(false);
  const provisional = { ...ended, closing: 'provisional', stoppedAtMs: NOW_MS - 6 * HOUR_MS } as const;
  expect(isTold(provisional, NOW_MS)).toBe(true);
  expect(isTold(provisional, NOW_MS - 1)).toBe(false);
});

test('STA-26: what a restart made it forget is found by looking again, of each station with the box, each recharge once', async () => {
  const storage = await openSqlite({ path: await databasePath(), node: 'test' });
  const { office, recharges, post } = storage;
  const stations = Array.from({ length: SWEEP_STATIONS + 2 }, (_, n) =>
    record(`s${n}`, { name: `Station ${n}`, identity: `CP-${n}`, gireveAdvenir: n !== 3, access: 'public' }),
  );
  await office.write(stations.map((one) => ({ type: 'put', entity: ENTITIES.station, record: one })));
  const rows = [
    ...stations.map((_, n) => session(n + 1, `CP-${n}`)),
    session(90, 'CP-0', NOW_MS - DETAILS_MS_MAX - 1),
    session(91, 'CP-0', NOW_MS - DETAILS_MS_MAX),
  ];
  await storeRows(storage, ...rows.map((one) => ({ type: 'session', session: one }) as const));
  const told = async () => (await post.list({ ...ALL, limit: 50 })).rows.map(({ key }) => key).toSorted();
  const next = await sweepDetails({ office, recharges }, null, NOW_MS);
  expect(next?.id).toBe('s5');
  expect(await sweepDetails({ office, recharges }, next, NOW_MS)).toBeNull();
  const once = ['CP-0/1', 'CP-0/91', 'CP-1/2', 'CP-2/3', 'CP-4/5', 'CP-5/6', 'CP-6/7'];
  expect(await told()).toEqual(once.map((one) => `gireve-charge/${one}`));
  await sweepDetails({ office, recharges }, null, NOW_MS);
  expect(await told()).toHaveLength(once.length);
  await storage.close();
});
