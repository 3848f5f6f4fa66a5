import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RadarBoard, BLIPS_MAX, BLIPS_OF_ADDRESS_MAX } from '#actors/radar/board.ts';
import type { RadarView } from '#actors/radar/messages.ts';
import { chargePointActorId } from '#actors/charge-point/state.ts';
import { keysPresented, keyTyped } from '#src/domain/charger-security.ts';
import { hashKey, keyCheck } from '#src/charger-security/keys.ts';
import { chargerSecurityOver } from '#src/charger-security/security.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import { knock } from '../fixtures/charger.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

const HEX = '00112233445566778899aabbccddeeff3a3a0a0d';
const OTHER = 'ffeeddccbbaa99887766554433221100ffeeddcc';

/** A charger of another station. */
const ELSEWHERE = { chargePointId: 'CP2', stationId: 'elsewhere' };

const basic = (identity: string, password: Buffer | string) => ({
  authorization: `Basic ${Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(password)]).toString('base64')}`,
});

async function withPassword(server: TestServer, typed: string): Promise<void> {
  const security = chargerSecurityOver(server.storage.credentials, Date.now);
  const row = await server.storage.reader.chargePoint('CP1');
  const stationId = row?.stationId ?? 'none';
  expect(await security.setPassword({ stationId, typed, by: 'installer' })).toBe(true);
}

async function status(server: TestServer, headers: Record<string, string>, identity = 'CP1'): Promise<number> {
  const dialled = await knock(server.url(identity), { headers });
  if (!dialled.ok) return dialled.status;
  await dialled.charger.boot();
  await dialled.charger.close();
  return 101;
}

test('field-26: a key typed in hex is right as its bytes and as its hex; a text as it is; nothing else is', async () => {
  const server = await startServer({ chargePoints: [{}, ELSEWHERE] });
  expect(await status(server, {})).toBe(101);
  await withPassword(server, HEX);
  const asBytes = basic('CP1', Buffer.from(HEX, 'hex'));
  const answers = [
    asBytes,
    basic('CP1', HEX),
    basic('cp1', HEX.toUpperCase()),
    basic('CP1', OTHER),
    basic('CP2', HEX),
    {},
  ];
  const statuses: number[] = [];
  for (const headers of answers) statuses.push(await status(server, headers));
  expect(statuses).toEqual([101, 101, 101, 401, 401, 401]);
  await withPassword(server, 'une phrase: avec ses deux-points');
  expect(await status(server, basic('CP1', 'une phrase: avec ses deux-points'))).toBe(101);
  expect(await status(server, asBytes)).toBe(401);
  // A charger without a password is as before.
  expect(await status(server, {}, 'CP2')).toBe(101);
});

test('field-26: whatever the key, its bytes, its hex and its text are the same key, and no other one is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 20 }), async (bytes) => {
      const hex = Buffer.from(bytes).toString('hex');
      expect(keyTyped(hex)).toBe(hex);
      expect(keysPresented(bytes)).toContain(hex);
      expect(keysPresented(Buffer.from(hex.toUpperCase()))).toContain(hex);
    }),
  );
  const check = keyCheck();
  const hash = await hashKey(HEX);
  expect(await check(Buffer.from(HEX, 'hex'), hash)).toBe(true);
  expect(await check(Buffer.from(HEX, 'hex'), hash)).toBe(true);
  expect(await check(Buffer.from(OTHER), hash)).toBe(false);
  expect(await check(Buffer.from(HEX), 'not a hash')).toBe(false);
  expect([keyTyped('short'), keyTyped('x'.repeat(41)), keyTyped('x'.repeat(16))]).toEqual([
    null,
    null,
    '78'.repeat(16),
  ]);
});

test('field-26: no password is on disk, in the journal or on a page: only its hash', async () => {
  const server = await startServer();
  await withPassword(server, HEX);
  const charger = await server.booted('CP1', { headers: basic('CP1', HEX) });
  expect((await server.detail()).security).toBe(1);
  const security = chargerSecurityOver(server.storage.credentials, Date.now);
  const call = { action: 'ChangeConfiguration', key: 'AuthorizationKey', value: OTHER } as const;
  const passwordHash = await security.hashOf(OTHER);
  await server.command('rotate', call, 'CP1', passwordHash ?? '');
  const heard = await charger.nextCall();
  expect(heard.payload).toEqual({ key: 'AuthorizationKey', value: OTHER });
  charger.reply(heard.id, { status: 'Accepted' });
  await server.commandIn('rotate', 'done');
  const stored = JSON.stringify([
    await server.detail(),
    await server.storage.reader.command('rotate'),
    await server.storage.reader.events({ levels: ['debug', 'info', 'problem', 'critical'], limit: 500 }),
    await server.storage.actors.claimMany([chargePointActorId('CP1')]),
    await server.storage.credentials.of('CP1'),
  ]);
  expect(stored).not.toContain(OTHER);
  expect(stored).not.toContain(HEX);
});

test('a charger that was told to change its password comes back with either until it has answered; then with the new one alone', async () => {
  const server = await startServer();
  await withPassword(server, HEX);
  const security = chargerSecurityOver(server.storage.credentials, Date.now);
  const call = { action: 'ChangeConfiguration', key: 'AuthorizationKey', value: OTHER } as const;
  const rotate = async (id: string) => server.command(id, call, 'CP1', (await security.hashOf(OTHER)) ?? '');

  const first = await server.booted('CP1', { headers: basic('CP1', HEX) });
  await rotate('refused');
  first.reply((await first.nextCall()).id, { status: 'Rejected' });
  await server.commandIn('refused', 'refused');
  expect(await status(server, basic('CP1', OTHER))).toBe(401);

  const second = await server.booted('CP1', { headers: basic('CP1', HEX) });
  await rotate('silent');
  await second.nextCall();
  await second.close();
  expect(await status(server, basic('CP1', HEX))).toBe(101);
  expect(await status(server, basic('CP1', OTHER))).toBe(101);
  // It has shown that it took it: the one before is void.
  expect(await status(server, basic('CP1', HEX))).toBe(401);
});

test('security whitepaper, section 3: an event that an operator must hear of is critical, one of every boot is not', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  for (const type of ['TamperDetectionActivated', 'ResetOrReboot', 'FailedToAuthenticateAtCsms']) {
    const timestamp = new Date().toISOString();
    expect(await charger.call('SecurityEventNotification', { type, timestamp })).toEqual({});
  }
  const events = await server.events('SecurityEventNotification');
  expect(events.map(({ level }) => level)).toEqual(['problem', 'info', 'critical']);
});

test('field-25: each refused or half-made connection is on the radar once, with its reason, and is over when the charger comes in', async () => {
  const server = await startServer({ chargePoints: [{}, ELSEWHERE] });
  await withPassword(server, HEX);
  await knock(server.url('STRANGER'));
  await knock(server.url('STRANGER'));
  await knock(server.url('CP2'), { protocols: ['ocpp2.0.1'] }).catch(() => undefined);
  await knock(server.url('CP1'));
  expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(426);
  const silent = await server.dial('CP2');
  await silent.close();

  const radar = (): Promise<RadarView> =>
    server.side.supervision.directory.radar(platformViewer('operator')).ask((replyTo) => ({ type: 'radar', replyTo }));
  const blips = await until('five blips', async () => {
    const view = await radar();
    return view.blips.length === 5 ? view.blips : null;
  });
  const found = Object.fromEntries(blips.map((blip) => [blip.why.replace(/:.*/, ''), blip]));
  expect(found['unknown-identity']).toMatchObject({ identity: 'STRANGER', chargePointId: null, count: 2 });
  expect(found['unsupported-subprotocol']).toMatchObject({ chargePointId: 'CP2' });
  expect(found['password-missing']).toMatchObject({ chargePointId: 'CP1', solvedAtMs: null });
  expect(found['said-nothing']).toMatchObject({ chargePointId: 'CP2' });
  expect(found).toHaveProperty('not-a-websocket');

  expect(await status(server, basic('CP1', HEX))).toBe(101);
  await until('the password to be solved', async () =>
    (await radar()).blips.some((blip) => blip.why === 'password-missing' && blip.solvedAtMs !== null),
  );
});

test('the radar holds so many callers, and so many of one address, that a scanner hides nobody', async () => {
  const board = new RadarBoard();
  const nobody = async () => null;
  const knocked = (remoteAddress: string, identity: string) =>
    board.noticed({ atMs: 1, identity, remoteAddress, path: `/${identity}`, why: 'unknown-identity' }, nobody);
  await knocked('192.0.2.1', 'INSTALLED-NOW');
  for (let index = 0; index < BLIPS_MAX; index++) await knocked('203.0.113.9', `SCAN-${index}`);
  expect(board.blips().filter((blip) => blip.remoteAddress === '203.0.113.9')).toHaveLength(BLIPS_OF_ADDRESS_MAX);
  expect(board.blips().at(-1)?.identity).toBe('INSTALLED-NOW');
  for (let index = 0; index < 2 * BLIPS_MAX; index++) await knocked(`198.51.100.${index}`, 'ONE');
  expect(board.blips()).toHaveLength(BLIPS_MAX);
});
