import { describe, expect, test } from 'vitest';
import type { CommandView } from '#actors/charge-point/messages.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function ask(server: TestServer, commandId: string, expiresAtMs = Date.now() + HOUR_MS): Promise<CommandView> {
  return server.ask(commandId, { action: 'ClearCache' }, { expiresAtMs });
}

function withdraw(server: TestServer, commandId: string): Promise<CommandView | null> {
  return server
    .actor()
    .ask<CommandView | null>((replyTo) => ({ type: 'withdraw', commandId, by: 'ada', atMs: Date.now(), replyTo }));
}

const timers = async (server: TestServer) => (await server.storage.actors.pendingTimers()).map(({ key }) => key);

describe('a command that may wait for an absent charger', () => {
  test('leaves once the charger is back and its boot was answered', async () => {
    const server = await startServer();
    expect(await ask(server, 'c1')).toMatchObject({ phase: 'queued', ended: false });
    expect(await timers(server)).toEqual(['expired/c1']);
    const charger = await server.dial('CP1');
    expect(charger.callsWaiting).toBe(0);
    await charger.boot();
    const { id } = await charger.nextCall();
    expect(id).toBe('c1');
    expect(await timers(server)).toEqual([]);
    charger.reply(id, { status: 'Accepted' });
    await server.commandIn('c1', 'done');
  });

  test('survives a restart, in the order in which it was asked', async () => {
    const server = await startServer();
    await ask(server, 'c1');
    await ask(server, 'c2');
    server.crash();
    const again = await startServer({ folder: server.folder });
    const charger = await again.booted('CP1');
    for (const id of ['c1', 'c2']) {
      expect((await charger.nextCall()).id).toBe(id);
      charger.reply(id, { status: 'Accepted' });
      await again.commandIn(id, 'done');
    }
  });

  test('goes on waiting when the link is lost before it could leave', async () => {
    const server = await startServer();
    const charger = await server.dial('CP1');
    await ask(server, 'c1');
    await server.command('c2', { action: 'ClearCache' });
    await charger.close();
    await server.commandIn('c2', 'failed');
    expect((await server.storage.reader.command('c1'))?.state).toMatchObject({ phase: 'queued', ended: false });
    expect((await (await server.booted('CP1')).nextCall()).id).toBe('c1');
  });

  test('expires with a clear cause, and never leaves after its time', async () => {
    const server = await startServer();
    await ask(server, 'c1');
    server.ring('charge-point/CP1', { type: 'expired', commandId: 'c1', atMs: Date.now() });
    expect(await server.commandIn('c1', 'failed')).toMatchObject({ cause: 'expired', ended: true });
    expect((await server.event('ClearCache')).note).toBe('expired,by operator');
    await ask(server, 'c2', Date.now());
    await server.booted('CP1');
    expect(await server.commandIn('c2', 'failed')).toMatchObject({ cause: 'expired', ended: true });
  });

  test('is withdrawn while it waits, and no longer once it has left', async () => {
    const server = await startServer();
    await ask(server, 'c1');
    expect(await withdraw(server, 'c1')).toMatchObject({ phase: 'failed', cause: 'withdrawn', detail: 'ada' });
    expect(await timers(server)).toEqual([]);
    const charger = await server.booted('CP1');
    await ask(server, 'c2');
    expect((await charger.nextCall()).id).toBe('c2');
    expect(await withdraw(server, 'c2')).toMatchObject({ phase: 'sent', ended: false });
    expect(await withdraw(server, 'c9')).toBeNull();
  });

  test('field-40, PRC-10, PRC-12: files are asked for days before an absent charger returns and over a restart, and move one at a time', async () => {
    let nowMs = Date.now();
    const server = await startServer({ now: () => nowMs });
    const week = { expiresAtMs: nowMs + 7 * DAY_MS };
    const firmwareId = await server.firmware('software');
    const update = { action: 'UpdateFirmware', location: 'Duo', retrieveDate: new Date(nowMs).toISOString() } as const;
    const diagnostics = { action: 'GetDiagnostics', location: '' } as const;
    const period = { fromMs: nowMs - DAY_MS, toMs: nowMs + 30 * DAY_MS };
    await server.ask('load', update, { ...week, file: { kind: 'firmware', firmwareId, protocol: 'http' } });
    await server.ask('unlock', { action: 'UnlockConnector', connectorId: 1 }, week);
    await server.ask('log', diagnostics, { ...week, file: { kind: 'log', protocol: 'http', ...period } });
    server.crash();
    nowMs += 3 * DAY_MS;

    const again = await startServer({ folder: server.folder, now: () => nowMs });
    const charger = await again.booted('CP1');
    const load = await charger.nextCall();
    expect(load.id).toBe('load');
    expect(await (await fetch(String(load.payload['location']))).text()).toBe('software');
    expect(charger.callsWaiting).toBe(0);
    charger.reply(load.id, {});
    const log = await charger.nextCall();
    expect(log).toMatchObject({ id: 'log', payload: { stopTime: new Date(nowMs).toISOString() } });
    charger.reply(log.id, { fileName: 'diag.log' });
    await fetch(`${String(log.payload['location'])}diag.log`, { method: 'PUT', body: 'worn' });
    await again.commandIn('log', 'done');
    // Whoever stood at the plug has gone for days.
    expect(await again.commandIn('unlock', 'failed')).toMatchObject({ cause: 'expired' });
    expect((await again.event('UnlockConnector')).note).toBe('expired,by operator');
  });

  test('PRC-19: without an expiry it is refused at once, as ever', async () => {
    const server = await startServer();
    expect(await server.command('c1', { action: 'ClearCache' })).toMatchObject({ phase: 'failed', cause: 'no-link' });
  });
});
