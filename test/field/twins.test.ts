import { expect, test } from 'vitest';
import { LEARNT_AFTER_MS, TAKEOVER_WINDOW_MS } from '#actors/charge-point/boxes.ts';
import { startServer } from '../fixtures/server.ts';

test('field-10: without a declared serial number, the box that had the link for a day keeps it, and its replacement gets it', async () => {
  let nowMs = Date.now();
  const first = await startServer({ now: () => nowMs });
  const boot = async (from: string, chargePointSerialNumber: string, server = first) => {
    nowMs += 5_000;
    const charger = await server.dial('CP1', { from });
    return (await charger.boot({ chargePointSerialNumber }))['status'];
  };
  expect(await boot('127.0.0.1', 'OLD-1')).toBe('Accepted');
  first.crash();
  nowMs += LEARNT_AFTER_MS;
  const server = await startServer({ now: () => nowMs, folder: first.folder });
  const fight: unknown[] = [];
  for (let round = 0; round < 3; round++)
    fight.push(await boot('127.0.0.2', 'CLONE-2', server), await boot('127.0.0.1', 'OLD-1', server));
  expect(fight).toEqual(['Accepted', 'Accepted', 'Rejected', 'Accepted', 'Rejected', 'Accepted']);
  expect((await server.events('duplicate-identity'))[0]?.note).toContain('OLD-1');
  nowMs += TAKEOVER_WINDOW_MS;
  expect(await boot('127.0.0.2', 'CLONE-2', server)).toBe('Accepted');
});
