import { expect, test } from 'vitest';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { databasePath } from '../storage/files.ts';
import { anAlert } from '../storage/rows.ts';

test('an alert is kept as it was last written, and listed where it happened, newest first', async () => {
  const path = await databasePath();
  const first = await openSqlite({ path, node: 'test' });
  const [claim] = await first.actors.claimMany(['alert/CP1']);
  if (claim === undefined) throw new Error('nothing was claimed');
  const told = { userId: 'u', subscriberId: 's', name: 'Anne', channel: 'mail', step: 'opened', atMs: 5 } as const;
  const written = [
    anAlert({ alertId: '1', openedAtMs: 1 }),
    anAlert({ alertId: '2', openedAtMs: 2, stationId: 's2', endedAtMs: 9 }),
    anAlert({ alertId: '3', openedAtMs: 3 }),
    anAlert({
      alertId: '1',
      openedAtMs: 1,
      parts: [1, 2],
      times: 4,
      acknowledged: { by: 'Anne', atMs: 6 },
      told: [told],
    }),
  ];
  const rows = written.map((alert) => ({ type: 'alert', alert }) as const);
  expect(await first.actors.commit({ fence: claim, snapshot: { schema: 1, state: {} }, rows })).toBe('ok');
  await first.close();
  const { alerts, close } = await openSqlite({ path, node: 'test' });
  const idsOf = async (query: object) =>
    (await alerts.list({ open: true, offset: 0, limit: 9, ...query })).rows.map(({ alertId }) => alertId);
  expect(await idsOf({})).toEqual(['3', '1']);
  expect(await idsOf({ open: false })).toEqual(['2']);
  expect(await idsOf({ open: false, among: ['s1'] })).toEqual([]);
  expect(await idsOf({ among: ['s1', 's3'], offset: 1 })).toEqual(['1']);
  expect(await alerts.find('1')).toEqual(written[3]);
  expect(await alerts.find('nothing')).toBeNull();
  await close();
});
