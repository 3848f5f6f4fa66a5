import { expect, test } from 'vitest';
import { at, KIT, startKitServer, TestKit } from '../fixtures/kit.ts';
import { until } from '../fixtures/until.ts';

const MINUTE_MS = 60_000;

test('LAF-01: a kit tells of the vehicle, the charge and its end as facts of their own, from start to unplugging', async () => {
  const server = await startKitServer();
  const kit = new TestKit(server);
  const answer = await kit.start();
  expect(answer).toMatchObject({ ok: true, beat: 900 });
  const nowMs = Date.now();
  const by = { kind: 'rfid', value: 'ALICE' };
  expect(await kit.ask({ say: 'may', point: 1, by })).toMatchObject({ ok: true });
  kit.speaker.keep({ say: 'parked', point: 1, at: at(nowMs - 40 * MINUTE_MS), how: 'sensor' }, 1);
  const began = { say: 'began', point: 1, socket: 1, at: at(nowMs - 30 * MINUTE_MS), by, meter: 1_000, run: 1 };
  kit.speaker.keep(began, 1);
  const end = { say: 'ended', point: 1, at: at(nowMs - 5 * MINUTE_MS), meter: 4_000, run: 1, why: 'user' };
  kit.speaker.keep(end, 1);
  kit.speaker.keep({ say: 'left', point: 1, at: at(nowMs) }, 1);
  await until('every fact to be answered', () => kit.memory.facts.length === 0);
  const [session] = await server.sessions(KIT);
  expect(session).toMatchObject({
    idTag: 'ALICE',
    energyWh: 3_000,
    closing: 'final',
    stopReason: 'Local',
    verdict: 'Accepted',
  });
  expect(session?.startedAtMs).toBe(nowMs - 30 * MINUTE_MS);
  expect((await server.viewWhen((view) => view.state === 'free', KIT)).chargePointId).toBe(KIT);
});

test('LAF-06: an order of the server is done once, and its answer comes back to the command', async () => {
  const server = await startKitServer();
  const kit = new TestKit(server);
  kit.obey = () => ({ status: 'unlocked' });
  await kit.start();
  await server.command('c1', { action: 'UnlockConnector', connectorId: 1 }, KIT);
  expect((await server.commandIn('c1', 'done')).answer).toMatchObject({ status: 'Unlocked' });
  expect(kit.orders).toEqual([{ do: 'unlock', point: 1 }]);
});
