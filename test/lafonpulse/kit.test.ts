import { expect, test } from 'vitest';
import { REAL_CLOCK } from '#src/simulator/fleet.ts';
import { readKitKeys } from '#src/simulator/kit/keys.ts';
import { KitMemory, LIST_ENTRIES_MAX, RECHARGES_KEPT_MAX } from '#src/simulator/kit/memory.ts';
import { KIT, startKitServer, TestKit, wholeKit } from '../fixtures/kit.ts';
import { KIT_KEY } from '../fixtures/kit-key.ts';
import { until } from '../fixtures/until.ts';

test(
  'a kit that was written from the document alone boots, charges and frees its point',
  { timeout: 20_000 },
  async () => {
    const server = await startKitServer();
    const kit = wholeKit(server);
    kit.start();
    await server.viewWhen((view) => view.state === 'free', KIT);
    kit.happen({ type: 'driver-came', connectorId: 1, idTag: 'FREE' });
    await until('the charge to begin', async () => (await server.sessions(KIT)).length === 1, 10_000);
    kit.happen({ type: 'driver-stopped', connectorId: 1 });
    kit.happen({ type: 'driver-unplugged', connectorId: 1 });
    await until('the recharge to be whole', async () => (await server.sessions(KIT))[0]?.closing === 'final');
    await server.viewWhen((view) => view.connectors[0]?.status === 'Available', KIT);
    expect((await server.detail(KIT)).told).toHaveProperty(['point/1']);
    expect(await server.reviews()).toEqual([]);
  },
);

test('REC-13: a recharge that the longest parking has stopped is recorded only once the vehicle is unplugged', async () => {
  const none = { minutes: null, wh: null };
  const alerts = { before: null, after: null, parked: null };
  const set = {
    power: 22_000,
    more: null,
    unlock: null,
    max: { ...none, parked: 1 },
    alerts,
    language: 'fr',
    text: null,
  };
  const server = await startKitServer({ set });
  const kit = wholeKit(server);
  kit.start();
  await server.viewWhen((view) => view.state === 'free', KIT);
  kit.happen({ type: 'driver-came', connectorId: 1, idTag: 'FREE' });
  await until('the socket to be unlocked', async () => {
    const told = (await server.detail(KIT)).told['point/1'] ?? '';
    return told.includes('"lock":false') && told.includes('"plug":true');
  });
  const [running] = await server.sessions(KIT);
  expect(running).toMatchObject({ closing: 'open', stoppedAtMs: null, price: null });
  kit.happen({ type: 'driver-unplugged', connectorId: 1 });
  await until('the recharge to be recorded', async () => (await server.sessions(KIT))[0]?.closing === 'final');
  const recharge = await until('the vehicle to have left', async () => {
    const found = await server.storage.recharges.find(running?.transactionId ?? 0);
    return found?.unpluggedAtMs === null ? null : found;
  });
  expect(recharge).toMatchObject({ stopReason: 'Local' });
  expect(recharge.unpluggedAtMs ?? 0).toBeGreaterThanOrEqual(recharge.stoppedAtMs ?? Infinity);
  expect(await server.reviews()).toEqual([]);
});

test('OCP-18: a configuration that does not fit one datagram is read page by page, and is one answer', async () => {
  const server = await startKitServer();
  wholeKit(server).start();
  await server.viewWhen((view) => view.linked, KIT);
  await server.command('c1', { action: 'GetConfiguration' }, KIT);
  await server.commandIn('c1', 'done');
  const { configuration } = await server.detail(KIT);
  expect(configuration.length).toBeGreaterThan(30);
  expect(new Set(configuration.map(({ key }) => key)).size).toBe(configuration.length);
  expect(configuration).toContainEqual({ key: 'ListMode', value: 'active', readonly: false });
});

/** A whole kit that is free, and how the server's files are offered to it. */
async function maintained() {
  const server = await startKitServer();
  wholeKit(server).start();
  await server.viewWhen((view) => view.state === 'free', KIT);
  const { calledAs } = await server.detail(KIT);
  const offer = { chargePointId: KIT, calledAs, protocol: 'http' } as const;
  const order = (commandId: string, location: string) => {
    const retrieveDate = new Date().toISOString();
    return server.command(commandId, { action: 'UpdateFirmware', location, retrieveDate }, KIT);
  };
  const software = async (commandId: string) => {
    const firmwareId = await server.firmware('software', 'KIPA1B205A.bin');
    return (await server.files.offerFirmware({ ...offer, commandId, firmwareId })) ?? 'none';
  };
  return { server, offer, order, software };
}

test('field-40, PRC-12: a kit that was absent fetches a software from its server, installs it, and comes back with its new name', async () => {
  const server = await startKitServer();
  const firmwareId = await server.firmware('software', 'KIPA1B205A.bin');
  const retrieveDate = new Date().toISOString();
  const file = { kind: 'firmware', firmwareId, protocol: 'http' } as const;
  const more = { chargePointId: KIT, file, expiresAtMs: Date.now() + 3_600_000 };
  const asked = await server.ask('load', { action: 'UpdateFirmware', location: 'KIPA1B205A', retrieveDate }, more);
  expect(asked).toMatchObject({ phase: 'queued', ended: false });
  wholeKit(server).start();
  const { steps, call } = await server.commandIn('load', 'done');
  expect(call.action === 'UpdateFirmware' && call.location).toMatch(
    /^http:\/\/localhost:\d+\/drop\/kit%3AK7\/load\.\*{3}\/KIPA1B205A\.bin#sha256=[\da-f]{64}$/,
  );
  const phases = ['accepted', 'transferred', 'installing', 'done'];
  expect(steps.map(({ phase }) => phase).filter((phase) => phases.includes(phase))).toEqual(phases);
  await server.viewWhen((view) => view.firmwareVersion === 'KIPA1B205A', KIT);
});

test('field-40: a kit installs no software but the one that its signed order names', async () => {
  const { server, order, software } = await maintained();
  await order('other', (await software('other')).replace(/[\da-f]{64}$/, '0'.repeat(64)));
  expect(await server.commandIn('other', 'failed')).toMatchObject({ cause: 'download-failed' });
  await order('ftp', 'ftp://job:key@localhost/kit%3AK7/KIPA1B205A.bin');
  await server.commandIn('ftp', 'refused');
  await server.viewWhen((view) => view.firmwareVersion === 'KIPA1B204A', KIT);
});

test('field-40, PRC-10: a kit leaves its log with its server, and tells how it stands with files when it is asked', async () => {
  const { server, offer } = await maintained();
  const location = await server.files.offerLog({ ...offer, commandId: 'log', fromMs: null, toMs: null });
  await server.command('log', { action: 'GetDiagnostics', location }, KIT);
  await server.commandIn('log', 'done');
  const log = await server.files.log('log');
  expect(log?.fileName).toMatch(/^K7-[\d-]+\.log$/);
  expect(String(await log?.read().toArray())).toContain('Atelier Pulse 22 KIPA1B204A');
  const requestedMessage = 'FirmwareStatusNotification';
  await server.command('ask', { action: 'TriggerMessage', requestedMessage }, KIT);
  await server.commandIn('ask', 'done');
  await until('its word', async () => (await server.events(requestedMessage))[0]?.request?.includes('"idle"'));
});

test('a kit that is told to restart says that it will, and then does', async () => {
  const { server } = await maintained();
  await server.command('reset', { action: 'Reset', type: 'Soft' }, KIT);
  await server.commandIn('reset', 'done');
  expect((await server.events('Reset'))[0]?.answer).toBe('{"status":"accepted"}');
  await until('its start', async () => (await server.events('BootNotification')).length === 2);
});

test('a file of kits is read line by line, and the first that is none is named', () => {
  const key = KIT_KEY.toString('hex');
  const kits = readKitKeys(`# of the workshop\n\nK7 ${key}\r\n00138;${key.toUpperCase()}\n`);
  expect(kits).toEqual(['K7', '00138'].map((serial) => ({ serial, key: KIT_KEY })));
  expect(readKitKeys('')).toEqual([]);
  for (const wrong of ['K7', `K7 ${key}0`, `K/7 ${key}`, `k7,${key}`, key])
    expect(readKitKeys(`K7 ${key}\n${wrong}`)).toBe(2);
});

test('a kit whose power goes leaves nothing that is waited for, whether its questions were answered or not', async () => {
  const server = await startKitServer();
  const waiting = new Set<object>();
  const later = (afterMs: number, run: () => void): (() => void) => {
    const wait = {};
    waiting.add(wait);
    const cancel = REAL_CLOCK.later(afterMs, () => {
      waiting.delete(wait);
      run();
    });
    return () => {
      waiting.delete(wait);
      cancel();
    };
  };
  const { speaker } = new TestKit(server, { clock: { now: Date.now, later }, patience: 1 });
  await speaker.open();
  await until('the greeting', () => speaker.isGreeted);
  expect(
    await speaker.say({ say: 'start', why: 'power', make: 'A', model: 'P', soft: '1' }, 'question'),
  ).not.toBeNull();
  const unanswered = speaker.say({ say: 'start', why: 'power', make: 'A', model: 'P', soft: '1' }, 'question');
  expect(waiting.size).toBeGreaterThan(0);
  await speaker.close();
  expect(await unanswered).toBeNull();
  expect(waiting.size).toBe(0);
  const opening = speaker.open();
  await speaker.close();
  await opening;
  expect(waiting.size).toBe(0);
});

test('an order that a kit does not have, or that no datagram can hold, is refused in words', async () => {
  const server = await startKitServer();
  const kit = new TestKit(server);
  await kit.start();
  await server.command('c1', { action: 'DataTransfer', vendorId: 'Somebody' }, KIT);
  expect(await server.commandIn('c1', 'refused')).toMatchObject({ cause: 'not-supported' });
  await server.command('c2', { action: 'ChangeConfiguration', key: 'Text', value: 'x'.repeat(1_200) }, KIT);
  expect(await server.commandIn('c2', 'refused')).toMatchObject({ cause: 'call-error' });
  expect(kit.orders).toEqual([]);
});

test('WHL-01, WHL-02: the white list holds fifty; the oldest leaves for the newest', () => {
  const memory = new KitMemory();
  for (let n = 0; n <= LIST_ENTRIES_MAX; n++) memory.welcome({ kind: 'rfid', value: `B${n}`, until: '' });
  expect(memory.list).toHaveLength(LIST_ENTRIES_MAX);
  expect(memory.mayAlone({ kind: 'rfid', value: 'B0' }, 0)).toBeNull();
  expect(memory.mayAlone({ kind: 'rfid', value: `B${LIST_ENTRIES_MAX}` }, 0)).toBe('list');
});

test('WHL-03, WHL-06: who is refused leaves the list, and who is beyond his date', () => {
  const memory = new KitMemory();
  const who = { kind: 'rfid', value: 'B1' };
  memory.welcome({ ...who, until: '2026-11-26T12:00:00Z' });
  expect(memory.mayAlone(who, Date.parse('2026-11-26T11:59:00Z'))).toBe('list');
  expect(memory.mayAlone(who, Date.parse('2026-11-26T12:00:00Z'))).toBeNull();
  memory.welcome({ ...who, until: '' });
  memory.refuse(who);
  expect(memory.mayAlone(who, 0)).toBeNull();
});

test('WHL-04: without a server the mode of the list decides', () => {
  const memory = new KitMemory();
  const stranger = { kind: 'rfid', value: 'B9' };
  memory.welcome({ kind: 'rfid', value: 'B1', until: '' });
  expect(memory.mayAlone(stranger, 0)).toBeNull();
  memory.mode = 'open';
  expect(memory.mayAlone(stranger, 0)).toBe('all');
  memory.mode = 'closed';
  expect(memory.mayAlone({ kind: 'rfid', value: 'B1' }, 0)).toBeNull();
});

test('WHL-05: with forty recharges in its memory a kit accepts no other', () => {
  const memory = new KitMemory();
  for (let run = 1; run < RECHARGES_KEPT_MAX; run++)
    memory.facts.push({ body: { say: 'began' }, run }, { body: { say: 'ended' }, run });
  expect(memory.isFull).toBe(false);
  memory.facts.push({ body: { say: 'began' }, run: RECHARGES_KEPT_MAX });
  expect(memory.isFull).toBe(true);
});
