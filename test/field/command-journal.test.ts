import { describe, expect, test } from 'vitest';
import { startServer } from '../fixtures/server.ts';

const START = { action: 'RemoteStartTransaction', idTag: 'FREE', connectorId: 1 } as const;

describe('the journal of commands', () => {
  test('field-32: a command that leaves has a line, and its answer one with both frames', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'Reset', type: 'Soft' });
    charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
    await server.commandIn('c1', 'done');
    const request = '[2,"c1","Reset",{"type":"Soft"}]';
    const [answered, sent] = await server.events('Reset');
    expect(sent).toMatchObject({ kind: 'frame-out', level: 'info', request, answer: null, note: 'by operator' });
    expect(answered).toMatchObject({
      kind: 'command',
      level: 'info',
      request,
      answer: '[3,"c1",{"status":"Accepted"}]',
    });
  });

  test.each(['[3,"c1",{"status":"Rejected"}]', '[4,"c1","InternalError","",{}]', '[3,"c1",{"stat":4}]'])(
    'field-32: answered %s, the line is a problem',
    async (frame) => {
      const server = await startServer();
      const charger = await server.booted('CP1');
      await server.command('c1', { action: 'ClearCache' });
      await charger.nextCall();
      charger.send(frame);
      await server.commandIn('c1', 'refused');
      expect((await server.events('ClearCache'))[0]).toMatchObject({
        kind: 'command',
        level: 'problem',
        answer: frame,
      });
    },
  );

  test('field-32: a command that was never sent, was cut off or not answered leaves a line with the cause', async () => {
    const server = await startServer();
    await server.command('c0', { action: 'ClearCache' });
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'ClearCache' });
    await charger.nextCall();
    server.ring('charge-point/CP1', { type: 'no-answer', commandId: 'c1', atMs: Date.now() });
    await server.commandIn('c1', 'failed');
    await server.command('c2', { action: 'ClearCache' });
    await server.command('c3', { action: 'ClearCache' });
    await charger.close();
    await server.commandIn('c3', 'failed');
    const lines = (await server.events('ClearCache')).filter((event) => event.kind === 'command');
    expect(lines.map(({ note, level, answer }) => [note, level, answer])).toEqual(
      ['link-lost', 'link-lost', 'no-answer', 'no-link'].map((cause) => [`${cause},by operator`, 'problem', null]),
    );
  });

  test('field-32: what a restart cut off is told once, however often the server starts again', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'ClearCache' });
    await charger.nextCall();
    server.crash();
    const second = await startServer({ folder: server.folder });
    await second.booted('CP1');
    await second.commandIn('c1', 'failed');
    await second.stop();
    const third = await startServer({ folder: server.folder });
    await third.booted('CP1');
    await third.event('link-up');
    const notes = (await third.events('ClearCache')).map(({ note }) => note);
    expect(notes).toEqual(['restart,by operator', 'by operator']);
  });

  test('field-32: a promise that does not come true leaves a line', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', START);
    charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
    await server.commandIn('c1', 'accepted');
    server.ring('charge-point/CP1', { type: 'no-outcome', commandId: 'c1', atMs: Date.now() });
    await server.commandIn('c1', 'failed');
    expect((await server.events('RemoteStartTransaction'))[0]).toMatchObject({
      kind: 'command',
      level: 'problem',
      note: 'not-plugged,by operator',
    });
  });
});

describe('a key that was changed', () => {
  const change = { action: 'ChangeConfiguration', key: 'heartbeatinterval', value: '60' } as const;

  async function changed(status: string) {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'GetConfiguration' });
    charger.reply((await charger.nextCall()).id, {
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '900' }],
    });
    await server.commandIn('c1', 'done');
    await server.command('c2', change);
    charger.reply((await charger.nextCall()).id, { status });
    await server.commandIn('c2', status === 'Rejected' ? 'refused' : 'done');
    return { server, charger, keys: async () => (await server.detail()).configuration };
  }

  test('field-32: is known with its new value once the charger accepted it', async () => {
    const { keys } = await changed('Accepted');
    expect(await keys()).toEqual([{ key: 'HeartbeatInterval', readonly: false, value: '60' }]);
  });

  test('field-32: that needs a reboot is marked until the charger has booted', async () => {
    const { keys, charger } = await changed('RebootRequired');
    expect(await keys()).toEqual([{ key: 'HeartbeatInterval', readonly: false, value: '60', afterReboot: true }]);
    await charger.boot();
    expect(await keys()).toEqual([{ key: 'HeartbeatInterval', readonly: false, value: '60' }]);
  });

  test('field-32: keeps its value when the charger refused', async () => {
    const { keys } = await changed('Rejected');
    expect(await keys()).toEqual([{ key: 'HeartbeatInterval', readonly: false, value: '900' }]);
  });

  test('a secret that was sent is not shown again', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { ...change, key: 'AuthorizationKey' });
    charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
    await server.commandIn('c1', 'done');
    expect((await server.detail()).configuration).toEqual([]);
  });
});
