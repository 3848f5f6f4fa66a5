import { describe, expect, test } from 'vitest';
import { COMMANDS_WAITING_MAX } from '#actors/charge-point/kept-commands.ts';
import { ANSWER_MS, SLOW_ANSWER_MS } from '#actors/charge-point/patience.ts';
import { seededChance } from '#src/simulator/chance.ts';
import { startServer } from '../fixtures/server.ts';
import { VirtualClock } from '../simulation/clock.ts';

const START = { action: 'RemoteStartTransaction', idTag: 'FREE', connectorId: 1 } as const;

describe('a remote start', () => {
  test('field-32: it goes from sent to accepted, authorised, plugged and started, each step with its time', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    expect(await server.command('c1', START)).toMatchObject({ phase: 'sent', ended: false });
    const { id, action, payload } = await charger.nextCall();
    expect({ id, action, payload }).toEqual({
      id: 'c1',
      action: 'RemoteStartTransaction',
      payload: { connectorId: 1, idTag: 'FREE' },
    });
    charger.reply(id, { status: 'Accepted' });
    await server.commandIn('c1', 'accepted');
    await charger.call('Authorize', { idTag: 'FREE' });
    await charger.status(1, 'Preparing');
    await charger.start({ idTag: 'FREE' });
    const command = await server.commandIn('c1', 'started');
    expect(command.steps.map((step) => step.phase)).toEqual([
      'queued',
      'sent',
      'accepted',
      'authorised',
      'plugged',
      'started',
    ]);
    expect(command).toMatchObject({ ended: true, cause: null, requestedBy: 'operator' });
  });

  test.each([
    { signs: [], cause: 'not-plugged' },
    { signs: ['Authorize'], cause: 'not-plugged' },
    { signs: ['Preparing'], cause: 'not-started' },
    { signs: ['Preparing', 'Authorize'], cause: 'not-started' },
  ])(
    'field-32: promised, and after $signs nothing more: it fails in time with the cause $cause',
    async ({ signs, cause }) => {
      const server = await startServer();
      const charger = await server.booted('CP1');
      await server.command('c1', START);
      charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
      await server.commandIn('c1', 'accepted');
      for (const sign of signs)
        await (sign === 'Authorize' ? charger.call('Authorize', { idTag: 'FREE' }) : charger.status(1, sign));
      server.ring('charge-point/CP1', { type: 'no-outcome', commandId: 'c1', atMs: Date.now() });
      expect(await server.commandIn('c1', 'failed')).toMatchObject({ cause, ended: true });
    },
  );

  test('field-32: a badge that may not charge ends it, with the cause', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { ...START, idTag: 'BLOCKED' });
    charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
    await server.commandIn('c1', 'accepted');
    await charger.call('Authorize', { idTag: 'BLOCKED' });
    expect(await server.commandIn('c1', 'failed')).toMatchObject({ cause: 'not-authorised' });
  });

  test('field-32: refused by the charger, it says so in the charger’s own word', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', START);
    charger.reply((await charger.nextCall()).id, { status: 'Rejected' });
    expect(await server.commandIn('c1', 'refused')).toMatchObject({
      cause: 'rejected',
      detail: 'Rejected',
      ended: true,
    });
  });

  test('field-14: a charger that starts before it answers is understood, and the next command still leaves', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', START);
    await server.command('c2', { action: 'ClearCache' });
    const { id } = await charger.nextCall();
    await charger.start({ idTag: 'FREE' });
    expect(await server.commandIn('c1', 'started')).toMatchObject({ ended: true });
    charger.reply(id, { status: 'Accepted' });
    expect(await charger.nextCall()).toMatchObject({ id: 'c2', action: 'ClearCache' });
  });

  test('field-14: a charger that stops before it answers is understood, and the next command still leaves', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ idTag: 'FREE' });
    await server.command('c1', { action: 'RemoteStopTransaction', transactionId });
    await server.command('c2', { action: 'ClearCache' });
    const { id } = await charger.nextCall();
    await charger.stop(transactionId, { meterStop: 1_001, reason: 'Remote' });
    expect(await server.commandIn('c1', 'done')).toMatchObject({ ended: true });
    charger.reply(id, { status: 'Accepted' });
    expect(await charger.nextCall()).toMatchObject({ id: 'c2' });
  });
});

describe('any command', () => {
  test.each([
    { call: { action: 'Reset', type: 'Soft' }, status: 'Accepted', phase: 'done', cause: null },
    { call: { action: 'UnlockConnector', connectorId: 1 }, status: 'Unlocked', phase: 'done', cause: null },
    {
      call: { action: 'UnlockConnector', connectorId: 1 },
      status: 'UnlockFailed',
      phase: 'refused',
      cause: 'rejected',
    },
    {
      call: { action: 'UnlockConnector', connectorId: 1 },
      status: 'NotSupported',
      phase: 'refused',
      cause: 'not-supported',
    },
    {
      call: { action: 'ChangeAvailability', connectorId: 0, type: 'Inoperative' },
      status: 'Scheduled',
      phase: 'done',
      cause: null,
    },
    {
      call: { action: 'ChangeConfiguration', key: 'k', value: 'v' },
      status: 'RebootRequired',
      phase: 'done',
      cause: null,
    },
    {
      call: { action: 'ChangeConfiguration', key: 'k', value: 'v' },
      status: 'NotSupported',
      phase: 'refused',
      cause: 'unknown-key',
    },
    {
      call: { action: 'TriggerMessage', requestedMessage: 'Heartbeat' },
      status: 'NotImplemented',
      phase: 'refused',
      cause: 'not-supported',
    },
    {
      call: { action: 'DataTransfer', vendorId: 'v' },
      status: 'UnknownVendorId',
      phase: 'refused',
      cause: 'unknown-vendor',
    },
    {
      call: { action: 'DataTransfer', vendorId: 'v', messageId: 'm' },
      status: 'UnknownMessageId',
      phase: 'refused',
      cause: 'unknown-message',
    },
    { call: { action: 'ClearCache' }, status: 'Whatever', phase: 'refused', cause: 'rejected' },
  ] as const)('field-32: $call.action answered $status is $phase', async ({ call, status, phase, cause }) => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', call);
    charger.reply((await charger.nextCall()).id, { status });
    expect(await server.commandIn('c1', phase)).toMatchObject({ cause, detail: status, ended: true });
  });

  test('field-32: a CALLERROR is told with its code and its words', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'ClearCache' });
    charger.send(`[4,"${(await charger.nextCall()).id}","NotSupported","no cache here",{}]`);
    expect(await server.commandIn('c1', 'refused')).toMatchObject({
      cause: 'not-supported',
      detail: 'NotSupported: no cache here',
    });
    await server.command('c2', { action: 'ClearCache' });
    charger.send(`[4,"${(await charger.nextCall()).id}","InternalError","",{}]`);
    expect(await server.commandIn('c2', 'refused')).toMatchObject({ cause: 'call-error', detail: 'InternalError' });
  });

  test('field-32: an answer that cannot be read is told, and does not hold up the next command', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'ClearCache' });
    await server.command('c2', { action: 'ClearCache' });
    charger.send(`[3,"${(await charger.nextCall()).id}",`);
    expect(await server.commandIn('c1', 'refused')).toMatchObject({ cause: 'call-error' });
    expect((await charger.nextCall()).id).toBe('c2');
    charger.reply('c2', { stat: 4 });
    expect(await server.commandIn('c2', 'refused')).toMatchObject({ cause: 'unreadable-answer' });
  });

  test('field-32: to a charger that is not linked it fails at once', async () => {
    const server = await startServer();
    expect(await server.command('c1', { action: 'ClearCache' })).toMatchObject({
      phase: 'failed',
      cause: 'no-link',
      ended: true,
    });
  });

  test('field-32: one call at a time is on the wire, in the order they were asked for', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    for (const id of ['c1', 'c2', 'c3']) await server.command(id, { action: 'ClearCache' });
    for (const id of ['c1', 'c2', 'c3']) {
      const call = await charger.nextCall();
      await charger.call('Heartbeat', {});
      expect(call.id).toBe(id);
      expect(charger.callsWaiting).toBe(0);
      charger.reply(id, { status: 'Accepted' });
    }
    await server.commandIn('c3', 'done');
  });

  test('field-32: so many may wait, one more is refused, and none that waits is forgotten', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('first', { action: 'ClearCache' });
    const waiting = Array.from({ length: COMMANDS_WAITING_MAX }, (_, index) => `w${index}`);
    for (const id of waiting)
      expect(await server.command(id, { action: 'ClearCache' })).toMatchObject({ phase: 'queued' });
    for (let index = 0; index < 30; index++) {
      expect(await server.command(`over${index}`, { action: 'ClearCache' })).toMatchObject({
        phase: 'failed',
        cause: 'too-many-waiting',
      });
    }
    for (const id of ['first', ...waiting]) {
      expect((await charger.nextCall()).id).toBe(id);
      charger.reply(id, { status: 'Accepted' });
      await server.commandIn(id, 'done');
    }
  });
});

describe('answers that are late, or never come', () => {
  test('field-15: after its time the command has failed, the next one leaves, a late answer is still recorded, and the charger gets more time', async () => {
    const clock = new VirtualClock(Date.now(), seededChance(1));
    const server = await startServer({ clock });
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'UnlockConnector', connectorId: 1 });
    await server.command('c2', { action: 'ClearCache' });
    expect((await charger.nextCall()).id).toBe('c1');
    clock.pass(ANSWER_MS['ocpp-1.6-json'] - 1);
    await charger.call('Heartbeat', {});
    expect(charger.callsWaiting).toBe(0);
    clock.pass(1);
    expect(await server.commandIn('c1', 'failed')).toMatchObject({ cause: 'no-answer' });
    expect((await charger.nextCall()).id).toBe('c2');
    charger.reply('c1', { status: 'Unlocked' });
    charger.reply('c2', { status: 'Accepted' });
    expect(await server.commandIn('c1', 'done')).toMatchObject({
      cause: 'late-answer',
      detail: 'Unlocked',
      ended: true,
    });
    await server.commandIn('c2', 'done');
    await server.command('c3', { action: 'ClearCache' });
    // A key that is to be in force was due in the meantime.
    charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
    expect((await charger.nextCall()).id).toBe('c3');
    clock.pass(SLOW_ANSWER_MS - 1);
    charger.reply('c3', { status: 'Accepted' });
    expect(await server.commandIn('c3', 'done')).toMatchObject({ cause: null });
  });

  test('field-15: a configuration that comes late is learnt all the same', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'GetConfiguration' });
    await charger.nextCall();
    server.ring('charge-point/CP1', { type: 'no-answer', commandId: 'c1', atMs: Date.now() });
    const { id } = await charger.nextCall();
    server.ring('charge-point/CP1', { type: 'no-answer', commandId: id, atMs: Date.now() });
    await server.commandIn('c1', 'failed');
    charger.reply('c1', { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '900' }] });
    await server.commandIn('c1', 'done');
    expect((await server.detail()).configuration).toEqual([
      { key: 'HeartbeatInterval', readonly: false, value: '900' },
    ]);
  });

  test('field-32: commands that a restart cut off say so with the next link, and the link is free for others', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'ClearCache' });
    await server.command('c2', { action: 'ClearCache' });
    await charger.nextCall();
    server.crash();
    const again = await startServer({ folder: server.folder });
    const returned = await again.booted('CP1');
    for (const id of ['c1', 'c2'])
      expect(await again.commandIn(id, 'failed')).toMatchObject({ cause: 'restart', ended: true });
    await again.command('c3', { action: 'ClearCache' });
    expect((await returned.nextCall()).id).toBe('c3');
    expect((await again.detail()).commands.map((one) => [one.commandId, one.cause])).toEqual([
      ['c3', null],
      ['c2', 'restart'],
      ['c1', 'restart'],
    ]);
  });
});
