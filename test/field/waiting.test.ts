import { describe, expect, test } from 'vitest';
import type { CommandView } from '#actors/charge-point/messages.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';

const HOUR_MS = 3_600_000;

function ask(server: TestServer, commandId: string, expiresAtMs = Date.now() + HOUR_MS): Promise<CommandView> {
  return server.actor().ask<CommandView>((replyTo) => ({
    type: 'command',
    commandId,
    call: { action: 'ClearCache' },
    requestedBy: 'operator',
    expiresAtMs,
    atMs: Date.now(),
    replyTo,
  }));
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

  test('PRC-19: without an expiry it is refused at once, as ever', async () => {
    const server = await startServer();
    expect(await server.command('c1', { action: 'ClearCache' })).toMatchObject({ phase: 'failed', cause: 'no-link' });
  });
});
