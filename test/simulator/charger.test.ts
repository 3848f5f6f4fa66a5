import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { seededChance } from '#src/simulator/chance.ts';
import { createSimulatedCharger, type SimulatedCharger } from '#src/simulator/charger.ts';
import { REAL_CLOCK, startSimulatedFleet } from '#src/simulator/fleet.ts';
import { nameplatesFor } from '#src/simulator/models.ts';

const DEADLINE_MS = 8_000;
type Said = {
  readonly identity: string;
  readonly messageId: string;
  readonly action: string;
  readonly payload: { readonly [field: string]: unknown };
};

/** A server that accepts everything, and may keep silent on one action. */
async function listen(): Promise<{
  url: string;
  said: Said[];
  socket: () => WebSocket;
  ignore: (action: string | null) => void;
  close: () => Promise<void>;
}> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'ocpp1.6' });
  await once(server, 'listening');
  const said: Said[] = [];
  let latest: WebSocket | undefined;
  let ignored: string | null = null;
  server.on('connection', (socket, request) => {
    latest = socket;
    const identity = decodeURIComponent((request.url ?? '').slice(1));
    socket.on('message', (data) => {
      const [kind, messageId, action, payload] = JSON.parse(String(data)) as [number, string, string, Said['payload']];
      if (kind !== 2) return;
      said.push({ identity, messageId, action, payload });
      if (action === ignored) return;
      const idTagInfo = { status: 'Accepted' };
      const boot = { status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 };
      const answer = action === 'BootNotification' ? boot : { idTagInfo, transactionId: 500 + said.length };
      socket.send(JSON.stringify([3, messageId, answer]));
    });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said,
    socket: () => latest!,
    ignore: (action) => (ignored = action),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(
  resendWith: 'same-id' | 'new-id',
): Promise<{ server: Awaited<ReturnType<typeof listen>>; charger: SimulatedCharger }> {
  const server = await listen();
  const charger = createSimulatedCharger({
    url: server.url,
    nameplate: nameplatesFor(['BORNE 1'])[0]!,
    clock: REAL_CLOCK,
    chance: seededChance(3),
    speed: 200,
    autonomous: false,
    registersWh: [10_000, 20_000],
    resendWith,
    pickBadge: () => 'TEST1',
  });
  closing.push(
    () => server.close(),
    () => charger.stop(),
  );
  closing.reverse();
  charger.start();
  await until(() => server.said.length === 4);
  return { server, charger };
}

const until = (holds: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(holds()).toBe(true), { timeout: DEADLINE_MS, interval: 10 });
const saidOf = (said: readonly Said[], action: string): Said[] => said.filter((each) => each.action === action);

for (const resendWith of ['same-id', 'new-id'] as const) {
  test(`a start whose answer is lost is sent again with ${resendWith} and its old timestamp, before its stop`, async () => {
    const { server, charger } = await setUp(resendWith);
    server.ignore('StartTransaction');
    charger.happen({ type: 'driver-came', connectorId: 1, idTag: 'TEST1' });
    await until(() => saidOf(server.said, 'StartTransaction').length === 1);
    charger.dropLink(50);
    charger.happen({ type: 'driver-stopped', connectorId: 1 });
    server.ignore(null);
    await until(() => saidOf(server.said, 'StopTransaction').length === 1 && charger.pending() === 0);
    const [first, second] = saidOf(server.said, 'StartTransaction');
    expect(second?.payload).toEqual(first?.payload);
    expect(second?.messageId === first?.messageId).toBe(resendWith === 'same-id');
    const [stop] = saidOf(server.said, 'StopTransaction');
    expect(stop?.payload['transactionId']).toBeGreaterThan(500);
    expect(saidOf(server.said, 'BootNotification')).toHaveLength(1);
    expect(server.said[0]?.identity).toBe('BORNE 1');
  });
}

test('a reset over the wire is answered, and the charger comes back with a boot', async () => {
  const { server } = await setUp('new-id');
  const answers: unknown[] = [];
  server.socket().on('message', (data) => answers.push(JSON.parse(String(data))));
  server.socket().send(JSON.stringify([2, 'r1', 'Reset', { type: 'Hard' }]));
  await until(() => saidOf(server.said, 'BootNotification').length === 2);
  expect(answers).toContainEqual([3, 'r1', { status: 'Accepted' }]);
});

test('a fleet fills a car park with charges within moments, and stops without a trace', async () => {
  const server = await listen();
  const fleet = startSimulatedFleet({
    url: server.url,
    chargers: nameplatesFor(Array.from({ length: 20 }, (_, index) => `FLEET${index}`)),
    idTags: ['TEST1', 'TEST2', 'TEST3', 'TEST4', 'TEST5', 'TEST6'],
    seed: 11,
    speed: 400,
  });
  closing.push(
    () => fleet.stop(),
    () => server.close(),
  );
  await until(() => saidOf(server.said, 'StartTransaction').length >= 3);
  expect(fleet.chargers).toHaveLength(20);
});
