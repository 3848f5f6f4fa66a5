import { describe, expect, test } from 'vitest';
import { FRAME_BYTES_MAX } from '#src/wire/ocpp/frame.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import type { Charger } from '../fixtures/charger.ts';

const MEBIBYTE = 1_048_576;

/** A CALLERROR without the words that explain it. */
function refused(id: string, code: string): unknown {
  return [4, id, code, expect.any(String), {}];
}

async function bootedPair(): Promise<{ server: TestServer; charger: Charger }> {
  const server = await startServer();
  return { server, charger: await server.booted('CP1') };
}

/** It still answers on the same link: nothing that came before closed it. */
async function stillServes(charger: Charger): Promise<void> {
  expect(await charger.call('Heartbeat', {})).toHaveProperty('currentTime');
}

describe('text that is not a frame', () => {
  test.each([
    { what: 'not JSON', text: 'hello, this is not JSON', id: '-1' },
    {
      what: 'broken JSON whose id can be made out',
      text: '[2,"half","StatusNotification",{"connectorId":1,',
      id: 'half',
    },
    { what: 'not an array', text: '{"messageTypeId":2}', id: '-1' },
    { what: 'a text in place of the array', text: '"Heartbeat"', id: '-1' },
    { what: 'an array that begins with no number', text: '["CALL","x1","Heartbeat",{}]', id: '-1' },
    { what: 'a call without an action', text: '[2,"x2"]', id: 'x2' },
    { what: 'an action that is no text', text: '[2,"x3",{},{}]', id: 'x3' },
    { what: 'a payload that is no object', text: '[2,"x4","Heartbeat",[1,2]]', id: 'x4' },
    { what: 'an empty frame', text: '', id: '-1' },
  ])('field-16: $what is answered with FormationViolation and the link goes on', async ({ text, id }) => {
    const { server, charger } = await bootedPair();
    const answer = await charger.ask(id, text);
    expect(answer).toEqual(refused(id, 'FormationViolation'));
    await stillServes(charger);
    expect(await server.event('bad-frame')).toMatchObject({ level: 'problem', chargePointId: 'CP1', request: text });
    expect((await server.detail()).tolerated['bad-frame']).toBe(1);
  });

  test('field-16: a frame above 64 KiB is answered and the link goes on', async () => {
    const { server, charger } = await bootedPair();
    const text = `[2,"big","DataTransfer",{"vendorId":"v","data":"${'x'.repeat(FRAME_BYTES_MAX)}"}]`;
    expect(await charger.ask('big', text)).toEqual(refused('big', 'FormationViolation'));
    await stillServes(charger);
    expect((await server.event('bad-frame')).request?.length).toBeLessThan(3_000);
  });

  test('field-16: a frame above 1 MiB closes the link with 1009', async () => {
    const { charger } = await bootedPair();
    charger.send(`[2,"huge","DataTransfer",{"vendorId":"v","data":"${'x'.repeat(MEBIBYTE)}"}]`);
    expect((await charger.closed).code).toBe(1009);
  });

  test('field-16: an unknown message type is ignored, kept in the journal, and the link goes on', async () => {
    const { server, charger } = await bootedPair();
    charger.send('[1,"x","Hello",{}]');
    charger.send('[77,"y",{}]');
    await stillServes(charger);
    expect(charger.heard.filter((frame) => frame[1] === 'x' || frame[1] === 'y')).toEqual([]);
    expect(await server.event('ignored-frame')).toMatchObject({ note: 'unknown-message-type', level: 'problem' });
  });

  test('field-16: an answer to a call we never made is kept in the journal and not answered', async () => {
    const { server, charger } = await bootedPair();
    charger.send('[3,"never-asked",{}]');
    charger.send('[4,"never-asked-either","InternalError","",{}]');
    charger.send('[3,"never-asked-and-broken",{');
    await stillServes(charger);
    expect(charger.heard).toHaveLength(2);
    expect(await server.events('unexpected-answer')).toHaveLength(3);
  });

  test('field-16: bytes that are not UTF-8 are read as they can be, and the link goes on', async () => {
    const { charger } = await bootedPair();
    const text = Buffer.concat([
      Buffer.from('[2,"utf","Authorize",{"idTag":"A'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}]'),
    ]);
    const answer = charger.answerTo('utf');
    charger.socket.send(text, { binary: false });
    expect(await answer).toMatchObject([3, 'utf', { idTagInfo: { status: 'Invalid' } }]);
    await stillServes(charger);
  });
});

describe('text that can be repaired', () => {
  test.each([
    { what: 'a leading comma', text: '[2,"r1","Heartbeat",,{}]', id: 'r1' },
    {
      what: 'an empty value',
      text: '[2,"r2","StatusNotification",{"connectorId":1,"status":"Available","errorCode":"NoError","info":}]',
      id: 'r2',
    },
    { what: 'a NUL byte at the end', text: '[2,"r3","Heartbeat",{}]\u0000', id: 'r3' },
    { what: 'a last bracket that is missing', text: '[2,"r4","Heartbeat",{}', id: 'r4' },
  ])('field-16: $what is repaired, answered and tagged', async ({ text, id }) => {
    const { server, charger } = await bootedPair();
    expect(await charger.ask(id, text)).toMatchObject([3, id, {}]);
    expect((await server.detail()).tolerated['repaired-json']).toBe(1);
  });

  test('field-16: a numeric message id comes back as the text that the charger can compare', async () => {
    const { charger } = await bootedPair();
    expect(await charger.ask('42', '[2,42,"Heartbeat",{}]')).toMatchObject([
      3,
      '42',
      { currentTime: expect.any(String) },
    ]);
  });
});

describe('calls that cannot be used', () => {
  test('an unknown action is answered NotImplemented, a known one that is not for us NotSupported', async () => {
    const { server, charger } = await bootedPair();
    expect(await charger.ask('u1', '[2,"u1","MakeCoffee",{}]')).toEqual(refused('u1', 'NotImplemented'));
    expect(await charger.ask('u2', '[2,"u2","GetLog",{"logType":"x"}]')).toEqual(refused('u2', 'NotSupported'));
    expect((await server.events('bad-frame')).map((event) => event.note?.split(':')[0])).toEqual([
      'NotSupported',
      'NotImplemented',
    ]);
  });

  test.each([
    { action: 'StartTransaction', payload: '{}', code: 'OccurenceConstraintViolation' },
    {
      action: 'StartTransaction',
      payload: '{"connectorId":"one","idTag":"A","meterStart":0,"timestamp":"2026-01-01T00:00:00Z"}',
      code: 'TypeConstraintViolation',
    },
    {
      action: 'StopTransaction',
      payload: '{"transactionId":1,"timestamp":"2026-01-01T00:00:00Z"}',
      code: 'OccurenceConstraintViolation',
    },
    { action: 'Authorize', payload: '{}', code: 'OccurenceConstraintViolation' },
    {
      action: 'StatusNotification',
      payload: '{"connectorId":-4,"status":"Available","errorCode":"NoError"}',
      code: 'PropertyConstraintViolation',
    },
  ])('$action of $payload is answered $code', async ({ action, payload, code }) => {
    const { charger } = await bootedPair();
    expect(await charger.ask('w', `[2,"w","${action}",${payload}]`)).toEqual(refused('w', code));
    await stillServes(charger);
  });
});

describe('values of another type than the standard has', () => {
  test('field-17: numbers as text, text as numbers and numeric samples are read, and counted as tolerated', async () => {
    const { server, charger } = await bootedPair();
    const { transactionId } = await charger.start({ connectorId: '1', meterStart: '1000', idTag: 4711 });
    const sampledValue = [{ value: 1_750, measurand: 'Energy.Active.Import.Register' }];
    const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
    await charger.call('MeterValues', { connectorId: 1, transactionId: String(transactionId), meterValue });
    await server.viewWhen((view) => view.connectors[0]?.session?.energyWh === 750);
    expect(await server.session(transactionId)).toMatchObject({ idTag: '4711', meterStartWh: 1_000 });
    expect((await server.detail()).tolerated['coerced-type']).toBe(2);
    expect((await server.events('MeterValues'))[0]?.note).toContain('coerced-type');
  });

  test('field-17: a configuration whose readonly is a text and whose values are numbers is understood', async () => {
    const { server, charger } = await bootedPair();
    await server.command('c1', { action: 'GetConfiguration' });
    const { id } = await charger.nextCall();
    charger.reply(id, {
      configurationKey: [
        { key: 'HeartbeatInterval', readonly: 'true', value: 900 },
        { key: 'Quiet', readonly: false, value: true },
      ],
    });
    await server.commandIn('c1', 'done');
    expect((await server.detail()).configuration).toEqual([
      { key: 'HeartbeatInterval', readonly: true, value: '900' },
      { key: 'Quiet', readonly: false, value: 'true' },
    ]);
  });

  test('field-18: a padded badge is the same badge, and over-long fields are no reason to refuse', async () => {
    const { server, charger } = await bootedPair();
    const { verdict } = await charger.start({ idTag: '  ALICE\u0000\u0000 ' });
    expect(verdict).toBe('Accepted');
    expect(await charger.call('Authorize', { idTag: 'A'.repeat(40) })).toMatchObject({
      idTagInfo: { status: 'Invalid' },
    });
    await charger.boot({ chargePointVendor: 'A vendor whose name is far too long', firmwareVersion: 'f'.repeat(80) });
    const { tolerated } = await server.detail();
    expect(tolerated['padded-text']).toBe(1);
    expect(tolerated['over-long']).toBe(2);
  });

  test('field-18: a configuration value above 500 characters is kept', async () => {
    const { server, charger } = await bootedPair();
    await server.command('c1', { action: 'GetConfiguration' });
    const { id } = await charger.nextCall();
    charger.reply(id, { configurationKey: [{ key: 'Long', readonly: false, value: 'v'.repeat(700) }] });
    await server.commandIn('c1', 'done');
    expect((await server.detail()).configuration[0]?.key).toBe('Long');
  });

  test('field-19: unknown words and properties are accepted, mapped to other, and shown as written', async () => {
    const { server, charger } = await bootedPair();
    await charger.status(1, 'Available', { errorCode: 'DoorOpen', colour: 'blue' });
    await charger.status(2, 'Dreaming');
    const view = await server.viewWhen((one) => one.connectors[1]?.status !== null);
    expect(view.connectors[0]).toMatchObject({ status: 'Available', errorCode: 'OtherError', info: 'DoorOpen' });
    expect(view.connectors[1]).toMatchObject({ status: 'Unavailable', info: 'Dreaming' });
    const { tolerated } = await server.detail();
    expect(tolerated['unknown-enum']).toBe(2);
    expect(tolerated['extra-property']).toBe(1);
    expect((await server.events('StatusNotification')).at(-1)?.request).toContain('DoorOpen');
  });

  test('field-19: a stop with an unknown reason ends its session', async () => {
    const { server, charger } = await bootedPair();
    const { transactionId } = await charger.start();
    await charger.stop(transactionId, { meterStop: 1_100, reason: 'Bored' });
    expect(await server.session(transactionId)).toMatchObject({ closing: 'final', stopReason: 'Other' });
  });
});
