import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { FIRMWARE_OUTCOME_MS } from '#actors/charge-point/promises.ts';
import { chargePointActorId } from '#actors/charge-point/state.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { FIRMWARE_KEY_MS, LOG_KEY_MS } from '#src/drop/drop.ts';
import { Folder } from '#src/drop/folder.ts';
import type { Charger } from '../fixtures/charger.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

const CONTENT = Buffer.alloc(300_000, 'firmware ');

async function offer(
  server: TestServer,
  commandId: string,
  firmwareId: string,
  chargePointId = 'CP1',
): Promise<string> {
  const { calledAs } = await server.detail(chargePointId);
  const of = { commandId, chargePointId, firmwareId, calledAs, protocol: 'http' } as const;
  const location = await server.files.offerFirmware(of);
  if (location === null) throw new Error('there is no such software');
  return location;
}

async function offerLog(server: TestServer, commandId: string, chargePointId = 'CP1'): Promise<string> {
  const { calledAs } = await server.detail(chargePointId);
  return server.files.offerLog({ commandId, chargePointId, calledAs, protocol: 'http', fromMs: null, toMs: null });
}

/** Orders a software, and answers the call as a charger does. */
async function order(server: TestServer, charger: Charger, commandId: string, location: string): Promise<string> {
  await server.command(commandId, { action: 'UpdateFirmware', location, retrieveDate: new Date().toISOString() });
  const call = await charger.nextCall();
  charger.reply(call.id, {});
  await server.commandIn(commandId, 'accepted');
  return String(call.payload['location']);
}

const tell = (charger: Charger, status: string) => charger.call('FirmwareStatusNotification', { status });

test('field-40: a charger fetches its software from the name it calls us by, and the command follows it to the end', async () => {
  const server = await startServer();
  const firmware = await server.firmware(CONTENT);
  const charger = await server.booted('CP1');
  const location = await order(server, charger, 'load', await offer(server, 'load', firmware));
  expect(new URL(location).hostname).toBe('127.0.0.1');
  await tell(charger, 'Downloading');
  const fetched = await fetch(location);
  expect(Buffer.from(await fetched.arrayBuffer()).equals(CONTENT)).toBe(true);
  await until('all of it to be seen', async () => {
    const [command] = (await server.detail()).commands;
    return command?.transfer?.bytes === CONTENT.length && command.phase === 'transferred';
  });
  await tell(charger, 'Downloaded');
  await tell(charger, 'Installing');
  await charger.boot({ firmwareVersion: '2.0.1' });
  await tell(charger, 'Installed');
  const done = await server.commandIn('load', 'done');
  expect(done.steps.map((step) => step.phase)).toEqual([
    'queued',
    'sent',
    'accepted',
    'transferring',
    'transferred',
    'installing',
    'done',
  ]);
});

test('field-40: a charger that only boots with another version after a download has installed it', async () => {
  const server = await startServer();
  const charger = await server.dial('CP1');
  await charger.boot({ firmwareVersion: '1.0' });
  await order(server, charger, 'load', await offer(server, 'load', await server.firmware(CONTENT)));
  await charger.boot({ firmwareVersion: '1.0' });
  expect((await server.detail()).commands[0]?.phase).toBe('accepted');
  await charger.boot({ firmwareVersion: '2.0.1' });
  expect(await server.commandIn('load', 'done')).toMatchObject({ detail: '2.0.1' });
});

test.each([
  ['DownloadFailed', 'download-failed'],
  ['InstallationFailed', 'installation-failed'],
])('field-40: %s ends the command with its cause', async (status, cause) => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  await order(server, charger, 'load', 'https://maker.example/duo.bin');
  await tell(charger, status);
  expect(await server.commandIn('load', 'failed')).toMatchObject({ cause, detail: status });
});

test('field-40: the key of a transfer is in the call alone: neither the journal, the command nor the disk has it', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  const offered = await offer(server, 'load', await server.firmware(CONTENT));
  const location = await order(server, charger, 'load', offered);
  expect(location).toBe(offered);
  const secret = /\.([\w-]{32})\//.exec(location)?.[1] ?? 'none';
  const frame = await server.event('UpdateFirmware');
  expect(frame.request).toContain('load.***');
  const stored = JSON.stringify([
    await server.detail(),
    await server.storage.reader.command('load'),
    await server.storage.reader.events({ levels: ['debug', 'info', 'problem', 'critical'], limit: 500 }),
    await server.storage.actors.claimMany([chargePointActorId('CP1')]),
  ]);
  expect(secret).toHaveLength(32);
  expect(stored).not.toContain(secret);
});

test('field-40: a download that was cut goes on where it was', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  const location = await order(server, charger, 'load', await offer(server, 'load', await server.firmware(CONTENT)));
  const first = await fetch(location, { headers: { range: 'bytes=0-99999' } });
  const rest = await fetch(location, { headers: { range: 'bytes=100000-' } });
  expect([first.status, rest.status]).toEqual([206, 206]);
  expect(rest.headers.get('content-range')).toBe('bytes 100000-299999/300000');
  const both = Buffer.concat([Buffer.from(await first.arrayBuffer()), Buffer.from(await rest.arrayBuffer())]);
  expect(both.equals(CONTENT)).toBe(true);
  expect((await fetch(location, { headers: { range: 'bytes=300000-' } })).status).toBe(416);
  await server.commandIn('load', 'transferred');
});

test('field-40: another charger, a guessed key, an old key and the wrong way get nothing, and each is told of once', async () => {
  let nowMs = Date.now();
  const server = await startServer({ now: () => nowMs });
  await server.booted('CP1');
  const location = await offer(server, 'load', await server.firmware(CONTENT));
  const asCp2 = location.replace('/drop/CP1/', '/drop/CP2/');
  expect((await fetch(asCp2)).status).toBe(404);
  expect((await fetch(asCp2)).status).toBe(404);
  expect((await fetch(location.replace(/\.[\w-]{32}/, '.guessed'))).status).toBe(404);
  expect((await fetch(location, { method: 'PUT', body: 'x' })).status).toBe(405);
  nowMs += FIRMWARE_KEY_MS + 1;
  expect((await fetch(location)).status).toBe(410);
  const refused = await until('four lines', async () => {
    const events = await server.storage.reader.events({ levels: ['problem'], limit: 100 });
    const lines = events.filter((event) => event.kind === 'refused');
    return lines.length === 4 ? lines : null;
  });
  expect(new Set(refused.map((event) => event.note?.split(' ')[0]))).toEqual(
    new Set(['drop-expired', 'drop-other-charger', 'drop-unknown', 'drop-wrong-way']),
  );
});

test('field-40: the key of a software to be fetched in some days is good then, and a newer key replaces the older', async () => {
  let nowMs = Date.now();
  const server = await startServer({ now: () => nowMs });
  const firmwareId = await server.firmware(CONTENT);
  const charger = await server.booted('CP1');
  const retrieveDate = new Date(nowMs + 3 * FIRMWARE_KEY_MS).toISOString();
  const file = { kind: 'firmware', firmwareId, protocol: 'http' } as const;
  await server.ask('later', { action: 'UpdateFirmware', location: 'Duo', retrieveDate }, { file });
  const location = String((await charger.nextCall()).payload['location']);
  const older = await offer(server, 'twice', firmwareId);
  const newer = await offer(server, 'twice', firmwareId);
  expect([(await fetch(older)).status, (await fetch(newer)).status]).toEqual([404, 200]);
  nowMs += 3 * FIRMWARE_KEY_MS + 3_600_000;
  expect([(await fetch(location)).status, (await fetch(newer)).status]).toEqual([200, 410]);
});

test('field-40: a software whose file has vanished is not there, and that is told of', async () => {
  const server = await startServer();
  await server.booted('CP1');
  const location = await offer(server, 'load', await server.firmware(CONTENT));
  await rm(join(server.folder, 'files', 'firmware'), { recursive: true });
  expect((await fetch(location)).status).toBe(404);
  expect((await server.event('CP1')).note).toContain('drop-file-gone');
});

test('field-40, PRC-10: a charger leaves one log at its address, as it is or in a form, and none after it', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  for (const [commandId, isForm] of [
    ['plain', false],
    ['form', true],
  ] as const) {
    const location = await offerLog(server, commandId);
    await server.command(commandId, { action: 'GetDiagnostics', location });
    charger.reply((await charger.nextCall()).id, { fileName: 'diag.log' });
    const form = new FormData();
    form.set('file', new Blob(['what happened']), 'diag.log');
    const leave = () =>
      isForm
        ? fetch(location, { method: 'POST', body: form })
        : fetch(`${location}diag.log`, { method: 'PUT', body: 'what happened' });
    expect((await leave()).status).toBe(201);
    await server.commandIn(commandId, 'done');
    expect((await leave()).status).toBe(409);
    const log = await server.files.log(commandId);
    expect(log).toMatchObject({ chargePointId: 'CP1', fileName: 'diag.log', bytes: 13 });
    expect(await new Response(Readable.toWeb(log!.read()) as ReadableStream).text()).toBe('what happened');
  }
});

test('field-40: an upload that is too long, or breaks off, leaves nothing behind', async () => {
  const server = await startServer();
  const folder = new Folder(join(server.folder, 'small'));
  const long = Readable.from([Buffer.alloc(60), Buffer.alloc(60)]);
  expect(await folder.put('logs', 'long', long, () => undefined, 100)).toEqual({ ok: false, why: 'too-large' });
  async function* cut() {
    yield Buffer.alloc(10);
    throw new Error('cut');
  }
  expect(await folder.put('logs', 'cut', Readable.from(cut()), () => undefined)).toEqual({ ok: false, why: 'broken' });
  expect([await folder.bytes('logs', 'long'), await folder.bytes('logs', 'cut')]).toEqual([null, null]);
});

test('field-40: a charger without a log of that time ends the command with that', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  await server.command('ask', { action: 'GetDiagnostics', location: await offerLog(server, 'ask') });
  charger.reply((await charger.nextCall()).id, {});
  expect(await server.commandIn('ask', 'done')).toMatchObject({ cause: 'nothing-to-send' });
});

test('field-40: an update goes on over a lost link and a restart of ours, and is given up when nothing more is heard', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  const location = await order(server, charger, 'load', await offer(server, 'load', await server.firmware(CONTENT)));
  await charger.close();
  await server.stop();
  const heir = await startServer({ folder: server.folder });
  const back = await heir.booted('CP1');
  await tell(back, 'Downloading');
  expect((await fetch(location.replace(/:\d+\//, `:${heir.side.drop?.httpPort}/`))).status).toBe(200);
  await heir.commandIn('load', 'transferred');
  heir.ring(chargePointActorId('CP1'), {
    type: 'no-outcome',
    commandId: 'load',
    atMs: Date.now() + FIRMWARE_OUTCOME_MS,
  });
  expect(await heir.commandIn('load', 'failed')).toMatchObject({ cause: 'no-news' });
});

test('field-40: what a charger has left is purged with its job, and not before its time', async () => {
  const server = await startServer();
  await server.booted('CP1');
  const location = await offerLog(server, 'old');
  await fetch(location, { method: 'PUT', body: 'what happened' });
  const drop = server.side.drop;
  expect(await drop?.purge(Date.now(), 10)).toBe(0);
  expect(await server.files.log('old')).not.toBeNull();
  expect(await drop?.purge(Date.now() + LOG_KEY_MS + 1_000, 10)).toBe(1);
  expect(await server.files.log('old')).toBeNull();
  expect(await new Folder(join(server.folder, 'files')).bytes('logs', 'old')).toBeNull();
});

test('the file of a software goes when the software has left the bin for good, and not before', async () => {
  const server = await startServer();
  const { office } = server.storage;
  const [kept, deleted] = [await server.firmware('kept', 'kept.bin'), await server.firmware('old', 'old.bin')];
  const folder = new Folder(join(server.folder, 'files'));
  const origin = { subscriberId: null, entity: 'firmware', label: 'old', by: 'anne', atMs: 1_000 };
  const deletion = { deletionId: 'gone', ...origin };
  expect(await office.write([{ type: 'delete', entity: ENTITIES.firmware, id: deleted, deletion }])).toBe('ok');
  await server.side.drop?.purge(Date.now(), 10);
  expect(await folder.bytes('firmware', deleted)).toBe(3);
  await office.purgeDeleted(2_000, 10);
  expect(await server.side.drop?.purge(Date.now(), 10)).toBe(1);
  expect(await folder.bytes('firmware', deleted)).toBeNull();
  expect(await server.files.firmwareFile(deleted)).toBeNull();
  expect(await folder.bytes('firmware', kept)).toBe(4);
  expect(await server.side.drop?.purge(Date.now(), 10)).toBe(0);
});
