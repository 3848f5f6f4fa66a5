import { connect as dialTcp } from 'node:net';
import { once } from 'node:events';
import { get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { BOOT_WAIT_MS } from '#actors/charge-point/links.ts';
import { SILENCE_MS } from '#actors/fleet/view.ts';
import { seededChance } from '#src/simulator/chance.ts';
import { knock } from '../fixtures/charger.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';
import { VirtualClock } from '../simulation/clock.ts';

/** The status line and headers of a handshake written by hand. */
async function rawHandshake(server: TestServer, lines: readonly string[]): Promise<string> {
  const socket = dialTcp(server.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (data) => (heard += String(data)));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await until('a status line', () => heard.includes('\r\n\r\n'));
  socket.destroy();
  return heard;
}

function refusals(server: TestServer) {
  return until('a refusal in the journal', async () => {
    const events = await server.storage.reader.events({ levels: ['problem'], limit: 50 });
    const refused = events.filter((event) => event.kind === 'refused');
    return refused.length > 0 ? refused : null;
  });
}

describe('who may connect', () => {
  test('an unknown identity gets 404 and no socket, and the refusal can be read', async () => {
    const server = await startServer();
    expect(await knock(server.url('NOBODY'))).toEqual({ ok: false, status: 404 });
    expect(await refusals(server)).toMatchObject([
      { name: 'NOBODY', note: 'unknown-identity 127.0.0.1', request: '/NOBODY' },
    ]);
  });

  test('field-37: a box that is refused again and again leaves one line in the journal', async () => {
    const server = await startServer();
    for (let knocked = 0; knocked < 20; knocked++) await knock(server.url('NOBODY'));
    await knock(server.url('SOMEBODY'));
    const names = await until('both', async () => {
      const found = (await refusals(server)).map((event) => event.name);
      return found.includes('SOMEBODY') ? found : null;
    });
    expect(names).toEqual(['SOMEBODY', 'NOBODY']);
  });

  test('garbage after a refused sub-protocol harms nobody', async () => {
    const server = await startServer();
    const charger = await server.booted('CP2');
    const socket = dialTcp(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const key = Buffer.from('sixteen bytes ok').toString('base64');
    socket.write(
      `GET /CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ocpp2.0.1\r\n\r\n`,
    );
    await once(socket, 'data');
    // A frame with reserved bits set, then noise.
    socket.write(Buffer.from([0xf1, 0x85, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xff, 0xff]));
    await once(socket, 'close');
    expect(await charger.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('an inactive charger gets 404, as if it did not exist', async () => {
    const server = await startServer({ chargePoints: [{ inactive: true }] });
    expect(await knock(server.url('CP1'))).toEqual({ ok: false, status: 404 });
    expect(await refusals(server)).toMatchObject([{ name: 'CP1', note: 'inactive 127.0.0.1' }]);
  });

  test('field-24: identity and badge are compared without letter case, and shown as first written', async () => {
    const server = await startServer({ chargePoints: [{ chargePointId: 'Borne-Quai-7' }] });
    const charger = await server.booted('BORNE-quai-7');
    const { transactionId, verdict } = await charger.start({ idTag: 'aLiCe' });
    expect(verdict).toBe('Accepted');
    expect(await server.session(transactionId)).toMatchObject({
      chargePointId: 'Borne-Quai-7',
      idTag: 'aLiCe',
      walletId: 'alice',
    });
    await server.viewWhen((view) => view.linked, 'Borne-Quai-7');
  });

  test('field-24: two spellings of one identity are one charger: the newest wins', async () => {
    const server = await startServer();
    const first = await server.booted('CP1');
    const second = await server.booted('cp1');
    await first.closed;
    await second.boot();
    expect(server.side.links()).toBe(1);
  });

  test.each([
    { what: 'a trailing slash', path: 'CP1/' },
    { what: 'the identity twice', path: 'CP1/CP1' },
    { what: 'a long path before it', path: 'ocpp/1.6/CP1' },
    { what: 'percent-encoding', path: '%43%50%31' },
    { what: 'a query', path: 'CP1?token=x' },
  ])('field-25: $what is no reason to refuse', async ({ path }) => {
    const server = await startServer();
    expect(await (await server.dial(path)).boot()).toMatchObject({ status: 'Accepted' });
  });

  test('field-25: without a sub-protocol 1.6 is assumed, and the journal says so', async () => {
    const server = await startServer();
    const charger = await server.dial('CP1', { protocols: [] });
    expect(charger.socket.protocol).toBe('');
    expect(await charger.boot()).toMatchObject({ status: 'Accepted' });
    expect(await server.event('link-up')).toMatchObject({ note: '127.0.0.1 no-subprotocol' });
    expect((await server.detail()).tolerated).toEqual({ 'no-subprotocol': 1 });
  });

  test('field-25: a handshake without Connection: Upgrade, in one piece or byte by byte, opens a link all the same', async () => {
    const server = await startServer();
    const charger = await server.dial('CP1', { forgetsConnection: true });
    expect(await charger.boot()).toMatchObject({ status: 'Accepted' });
    expect(await server.event('link-up')).toMatchObject({ note: '127.0.0.1 no-connection-upgrade' });
    expect((await server.detail()).tolerated).toEqual({ 'no-connection-upgrade': 1 });
    const socket = dialTcp({ port: server.port, host: '127.0.0.1', noDelay: true });
    let heard = '';
    socket.on('data', (data) => (heard += String(data)));
    await once(socket, 'connect');
    const key = Buffer.from('sixteen bytes ok').toString('base64');
    for (const letter of `GET /CP2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp1.6\r\nSec-WebSocket-Key: ${key}\r\n\r\n`)
      await new Promise((sent) => socket.write(letter, sent));
    await until('an answer', () => heard.includes('\r\n\r\n'));
    expect(heard).toMatch(/^HTTP\/1.1 101 /);
    socket.destroy();
  });

  test('field-25: where OCPP 1.6 is to be assumed, a box that offers another sub-protocol is taken at its own name for it', async () => {
    const server = await startServer({ chargePoints: [{ leniency: 'assume-1.6' }, { chargePointId: 'CP2' }] });
    const charger = await server.dial('CP1', { protocols: ['ocpp1.6j', 'json'] });
    expect(charger.socket.protocol).toBe('ocpp1.6j');
    expect(await charger.boot()).toMatchObject({ status: 'Accepted' });
    expect((await server.detail()).tolerated).toEqual({ 'unsupported-subprotocol': 1 });
    await expect(knock(server.url('CP2'), { protocols: ['ocpp1.6j'] })).rejects.toThrow('subprotocol');
  });

  test('field-25: among several sub-protocols the one we speak is chosen', async () => {
    const server = await startServer();
    expect((await server.dial('CP1', { protocols: ['ocpp2.0.1', 'ocpp1.6'] })).socket.protocol).toBe('ocpp1.6');
  });

  test('field-25: an unsupported sub-protocol completes the handshake without it, is closed at once, and can be read', async () => {
    const server = await startServer();
    const lines = [
      'GET /CP1 HTTP/1.1',
      'Host: h',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
    ];
    const heard = await rawHandshake(server, [
      ...lines,
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: ocpp2.0.1',
    ]);
    expect(heard).toContain('101 Switching Protocols');
    expect(heard.toLowerCase()).not.toContain('sec-websocket-protocol');
    expect(await refusals(server)).toMatchObject([
      { name: 'CP1', note: 'unsupported-subprotocol: ocpp2.0.1 127.0.0.1' },
    ]);
    expect(server.side.links()).toBe(0);
  });

  test('field-33: a stranger that speaks another sub-protocol is refused, and never adopted', async () => {
    const server = await startServer({ welcomeStrangers: true });
    await expect(knock(server.url('PHANTOM'), { protocols: ['ocpp2.0.1'] })).rejects.toThrow('subprotocol');
    expect(await refusals(server)).toMatchObject([{ name: 'PHANTOM', chargePointId: null }]);
    expect(await server.storage.reader.chargePoint('PHANTOM')).toBeNull();
    await server.booted('PHANTOM');
    expect(await server.storage.reader.chargePoint('PHANTOM')).toMatchObject({ chargePointId: 'PHANTOM' });
  });

  test('field-25: the refusal of a charger that is known leads to it, however it spells its name', async () => {
    const server = await startServer();
    await expect(knock(server.url('cp1'), { protocols: ['ocpp2.0.1'] })).rejects.toThrow('subprotocol');
    expect(await refusals(server)).toMatchObject([{ name: 'cp1', chargePointId: 'CP1' }]);
  });

  test('field-25: a request without Connection: Upgrade is told what this port is, and can be read', async () => {
    const server = await startServer();
    const request = get(`http://127.0.0.1:${server.port}/CP1`);
    const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(426);
    expect(await refusals(server)).toMatchObject([{ name: '/CP1', note: 'not-a-websocket 127.0.0.1' }]);
  });

  test('field-25: a path without an identity, or with one that cannot be used, is refused and can be read', async () => {
    const server = await startServer();
    expect(await knock(server.url(''))).toEqual({ ok: false, status: 404 });
    expect(await knock(server.url('%FF'))).toEqual({ ok: false, status: 400 });
    const notes = (
      await until('both', async () => ((await refusals(server)).length === 2 ? refusals(server) : null))
    ).map((event) => event.note);
    expect(notes).toHaveLength(2);
    expect(notes).toEqual(expect.arrayContaining(['identity-malformed 127.0.0.1', 'identity-missing 127.0.0.1']));
  });
});

describe('a link that is replaced or lost', () => {
  test('field-09: the newest socket wins at once, though the older one still looks alive', async () => {
    const server = await startServer();
    const older = await server.booted('CP1');
    // Half-open: the box is gone, and its side of the network will never say so.
    older.socket.pause();
    const newer = await server.dial('CP1');
    expect(await newer.call('Heartbeat', {})).toHaveProperty('currentTime');
    await until('one link', () => server.side.links() === 1);
    const view = await server.viewWhen((one) => one.linked);
    expect(view.linked).toBe(true);
  });

  test('field-09: the close of the older socket, however late, does not make the newer one look lost', async () => {
    const server = await startServer();
    const older = await server.booted('CP1');
    const newer = await server.booted('CP1');
    await older.closed;
    await newer.status(1, 'Available');
    expect((await server.detail()).linkedSinceMs).not.toBeNull();
    expect(await server.events('link-down')).toEqual([]);
    expect(await server.events('link-up')).toHaveLength(2);
  });

  test('field-09: calls under way on the older socket fail at once, and those that waited with them', async () => {
    const server = await startServer();
    const older = await server.booted('CP1');
    await server.command('c1', { action: 'ClearCache' });
    await server.command('c2', { action: 'Reset', type: 'Soft' });
    await older.nextCall();
    await server.dial('CP1');
    for (const id of ['c1', 'c2'])
      expect(await server.commandIn(id, 'failed')).toMatchObject({ cause: 'link-lost', ended: true });
  });

  test('field-09: what the older box still says after the takeover is not heard', async () => {
    const server = await startServer();
    const older = await server.booted('CP1');
    const newer = await server.dial('CP1');
    older.socket.send(
      '[2,"ghost","StatusNotification",{"connectorId":2,"status":"Faulted","errorCode":"GroundFailure"}]',
      () => undefined,
    );
    await older.closed;
    await newer.status(1, 'Available');
    const view = await server.viewWhen((one) => one.connectors[0]?.status === 'Available');
    expect(view.connectors[1]?.status).toBeNull();
  });

  test('field-10: two boxes that kick each other out give one thing to look at, and the registered serial number keeps the link', async () => {
    const server = await startServer({ chargePoints: [{ serialNumber: 'TRUE-1' }] });
    const boxes = [
      { from: '127.0.0.1', chargePointSerialNumber: 'TRUE-1' },
      { from: '127.0.0.2', chargePointSerialNumber: 'CLONE-2' },
    ];
    const verdicts: unknown[] = [];
    for (let round = 0; round < 6; round++) {
      const box = boxes[round % 2];
      if (box === undefined) throw new Error('two boxes');
      const charger = await server.dial('CP1', { from: box.from });
      verdicts.push((await charger.boot({ chargePointSerialNumber: box.chargePointSerialNumber }))['status']);
      if (verdicts.at(-1) === 'Rejected') expect((await charger.closed).code).toBe(4001);
    }
    expect(verdicts[0]).toBe('Accepted');
    expect(verdicts.filter((_verdict, round) => round % 2 === 0)).not.toContain('Rejected');
    expect(verdicts[5]).toBe('Rejected');
    expect(await server.reviews()).toMatchObject([{ kind: 'duplicate-identity', chargePointId: 'CP1' }]);
    expect((await server.events('duplicate-identity'))[0]).toMatchObject({ level: 'critical' });
  });

  test('field-10: one box that comes back from the same place is no twin of itself', async () => {
    const server = await startServer();
    for (let round = 0; round < 8; round++) await (await server.dial('CP1')).boot({ chargePointSerialNumber: 'S1' });
    expect(await server.reviews()).toEqual([]);
  });
});

describe('what a charger says before or without its boot', () => {
  test('field-12: our calls wait until the boot is answered, and follow the answer', async () => {
    const server = await startServer();
    const charger = await server.dial('CP1');
    await charger.call('Heartbeat', {});
    expect(await server.command('c1', { action: 'ClearCache' })).toMatchObject({ phase: 'queued' });
    await charger.call('Heartbeat', {});
    expect(charger.callsWaiting).toBe(0);
    await charger.boot();
    expect(await charger.nextCall()).toMatchObject({ action: 'ClearCache' });
    const order = charger.heard.map((frame) =>
      frame[0] === 2 ? 'our call' : Object.keys(frame[2] as object).length === 3 ? 'boot answered' : 'beat',
    );
    expect(order).toEqual(['beat', 'beat', 'boot answered', 'our call']);
  });

  test('field-12: a charger that never boots is called after 30 s all the same', async () => {
    const clock = new VirtualClock(Date.now(), seededChance(1));
    const server = await startServer({ clock });
    const charger = await server.dial('CP1');
    await server.command('c1', { action: 'ClearCache' });
    clock.pass(BOOT_WAIT_MS - 1);
    await charger.call('Heartbeat', {});
    expect(charger.callsWaiting).toBe(0);
    clock.pass(1);
    expect(await charger.nextCall()).toMatchObject({ action: 'ClearCache' });
  });

  test('field-13: status and heartbeat are accepted without a boot', async () => {
    const server = await startServer();
    const charger = await server.dial('CP1');
    expect(await charger.status(1, 'Available')).toEqual({});
    expect(await charger.call('Heartbeat', {})).toHaveProperty('currentTime');
    expect((await server.viewWhen((one) => one.state === 'free')).linked).toBe(true);
  });

  test('field-13: after a reconnection without boot or status, what was known still holds', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await charger.status(1, 'Available');
    await charger.close();
    const returned = await server.dial('CP1');
    await returned.call('Heartbeat', {});
    const view = await server.viewWhen((one) => one.linked && one.state === 'free');
    expect(view).toMatchObject({
      vendor: 'Atelier',
      model: 'Duo',
      connectors: [{ status: 'Available' }, { status: null }],
    });
  });

  test('field-14: both sides may call at the same moment, and a box may send several calls at once', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'TriggerMessage', requestedMessage: 'Heartbeat' });
    const ours = await charger.nextCall();
    const ids = Array.from({ length: 25 }, (_, index) => `p${index}`);
    const answers = ids.map((id) => charger.answerTo(id));
    for (const [index, id] of ids.entries()) {
      charger.send(
        index % 2 === 0
          ? `[2,"${id}","Heartbeat",{}]`
          : `[2,"${id}","StatusNotification",{"connectorId":1,"status":"Available","errorCode":"NoError"}]`,
      );
    }
    charger.reply(ours.id, { status: 'Accepted' });
    expect((await Promise.all(answers)).every((frame) => frame[0] === 3)).toBe(true);
    await server.commandIn('c1', 'done');
  });

  test('field-14: a start and its stop sent without waiting are decided in the order they came', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const timestamp = new Date(Date.now() - 60_000).toISOString();
    const started = charger.start({ timestamp });
    const sampled = charger.meter(1, null, 1_500);
    const stopped = charger.stop(null, { meterStop: 1_700 });
    const { transactionId } = await started;
    await Promise.all([sampled, stopped]);
    expect(await server.session(transactionId)).toMatchObject({ closing: 'final', energyWh: 700 });
  });
});

describe('presence', () => {
  test('field-36: after a restart nobody is linked until a socket is open', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await charger.status(1, 'Available');
    await server.viewWhen((one) => one.linked && one.state === 'free');
    server.crash();
    const again = await startServer({ folder: server.folder });
    const before = await again.viewWhen((one) => one.connectors[0]?.status === 'Available');
    expect(before).toMatchObject({ linked: false });
    expect(await again.command('c1', { action: 'ClearCache' })).toMatchObject({ phase: 'failed', cause: 'no-link' });
    await again.dial('CP1');
    expect(await again.viewWhen((one) => one.linked)).toMatchObject({ linked: true });
  });

  test('field-36: the first connection of all, and its end, are seen', async () => {
    const server = await startServer();
    const charger = await server.dial('CP1');
    await server.viewWhen((one) => one.linked);
    await charger.close();
    const view = await server.viewWhen((one) => !one.linked);
    expect(view.heardAtMs).toBeGreaterThan(Date.now() - SILENCE_MS);
  });

  test('field-36: each opening of the file takes a new epoch', async () => {
    const server = await startServer();
    const first = server.storage.actors.health().epoch;
    await server.stop();
    const again = await startServer({ folder: server.folder });
    expect(again.storage.actors.health().epoch).toBe(first + 1);
  });
});
