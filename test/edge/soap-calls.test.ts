import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ENVELOPE_BYTES_MAX } from '#src/edges/ocpp-soap/body.ts';
import { post } from '#src/edges/ocpp-soap/caller.ts';
import { addressOf, isLocal, type ReachSettings } from '#src/edges/ocpp-soap/reach.ts';
import { SOAP_WIRES } from '#src/wire/ocpp-soap/wire.ts';
import { startListener, startSoapEdge, type Heard, type TestSoapEdge } from '../fixtures/soap-edge.ts';
import { until } from '../fixtures/until.ts';
import { envelope } from '../wire/soap/envelopes.ts';

const RESET = SOAP_WIRES['ocpp-1.6-soap'].call('c1', { action: 'Reset', type: 'Soft' }, 'CP1');
const UNSET: ReachSettings = { wsAddressing: false, chargerUrl: null, rememberAddress: false, chargerPort: null };
const ACCEPTED = envelope({
  namespace: 'urn://Ocpp/Cp/2015/10/',
  identity: '',
  body: '<c:resetResponse><c:status>Accepted</c:status></c:resetResponse>',
});

/** A charger that was heard, and says that it listens there; one that says nothing has an empty `from`. */
async function heard(from: string, reach: Partial<ReachSettings> | null = null): Promise<TestSoapEdge> {
  const edge = await startSoapEdge();
  edge.reach = reach === null ? null : { ...UNSET, ...reach };
  await edge.post(envelope({ from }));
  return edge;
}

function call(edge: TestSoapEdge): void {
  edge.edge.call(edge.of('link-up')[0]?.linkId ?? 0, 'c1', RESET);
}

/** What the edge made of something that answers so. */
async function outcomeOf(answer: (heard: Heard) => void) {
  const { url } = await startListener(answer);
  const edge = await heard(url);
  call(edge);
  return until('an outcome', () => edge.delivered.find((one) => /^(result|call-error|unreachable)$/.test(one.type)));
}

describe('the three ways to a charger', () => {
  const FROM = { remoteAddress: '192.0.2.7', from: 'http://10.0.0.1:8080/ocpp' };
  test.each<[string, Partial<ReachSettings>, string]>([
    ['OCP-08: the address in its messages', { wsAddressing: true }, 'http://10.0.0.1:8080/ocpp'],
    ['OCP-09: a fixed address', { chargerUrl: 'https://cp1.example/x' }, 'https://cp1.example/x'],
    ['OCP-10: where its last message came from', { rememberAddress: true }, 'http://192.0.2.7/'],
    ['OCP-10: there, at a port', { rememberAddress: true, chargerPort: 8_080 }, 'http://192.0.2.7:8080/'],
    [
      'OCP-10: there, at a port and a path',
      { rememberAddress: true, chargerUrl: '/ocpp/cp', chargerPort: 81 },
      'http://192.0.2.7:81/ocpp/cp',
    ],
    ['a station that says nothing of it', {}, 'http://10.0.0.1:8080/ocpp'],
  ])('%s', (_way, settings, url) => {
    expect(addressOf({ ...UNSET, ...settings }, FROM)).toEqual({ ok: true, url: new URL(url) });
  });

  test('OCP-10: an IPv6 address is an address', () => {
    const settings = { ...UNSET, rememberAddress: true, chargerPort: 81 };
    expect(addressOf(settings, { remoteAddress: '2001:db8::7', from: null })).toMatchObject({
      url: new URL('http://[2001:db8::7]:81/'),
    });
  });

  test.each([
    ['nothing', null, 'no-address'],
    ['a word', 'charger', 'bad-address'],
    ['a file', 'file:///etc/passwd', 'bad-address'],
    ['a password', 'http://a:b@192.0.2.7/', 'bad-address'],
  ])('field-28: %s is no address', (_what, from, why) => {
    expect(addressOf({ ...UNSET, wsAddressing: true }, { remoteAddress: '192.0.2.7', from })).toEqual({
      ok: false,
      why,
    });
  });

  test('the last message counts, and one that says nothing changes nothing', async () => {
    const calls: string[] = [];
    const { url } = await startListener(({ request, response }) => {
      calls.push(request.url ?? '');
      response.end(ACCEPTED);
    });
    const edge = await heard('http://127.0.0.1:9/');
    await edge.post(envelope({ from: url }));
    await edge.post(envelope());
    call(edge);
    await edge.told('result');
    expect(calls).toEqual(['/ocpp']);
  });
});

describe('an answer', () => {
  test('is the body of its envelope; what was posted is what the journal has', async () => {
    const requests: Heard[] = [];
    const outcome = await outcomeOf((one) => {
      requests.push(one);
      one.response.end(ACCEPTED);
    });
    expect(outcome).toMatchObject({
      type: 'result',
      callId: 'c1',
      frame: ACCEPTED,
      payload: { name: 'resetResponse' },
    });
    expect(requests[0]?.text).toBe(RESET);
    expect(requests[0]?.request.headers['content-type']).toBe('application/soap+xml; charset=utf-8; action="/Reset"');
  });

  test('field-15: a charger may take a minute, and its answer still counts', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const waiting: Heard[] = [];
    const { url } = await startListener((one) => waiting.push(one));
    const edge = await heard(url);
    call(edge);
    await turnsUntil(() => waiting.length === 1);
    vi.advanceTimersByTime(60_000);
    await turns(20);
    expect(edge.of('unreachable')).toEqual([]);
    waiting[0]?.response.end(ACCEPTED);
    await turnsUntil(() => edge.of('result').length === 1);
  });

  test('a fault in any word is what the charger said', async () => {
    const fault = `<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>c:NotSupported</s:Value></s:Subcode></s:Code>
      <s:Reason><s:Text xml:lang="en">no reset here</s:Text></s:Reason></s:Fault>`;
    const outcome = await outcomeOf(({ response }) => {
      response.statusCode = 500;
      response.end(envelope({ identity: '', body: fault }));
    });
    expect(outcome).toMatchObject({ type: 'call-error', code: 'NotSupported', description: 'no reset here' });
  });

  test('a broken envelope is a broken answer of the charger', async () => {
    const outcome = await outcomeOf(({ response }) => response.end(ACCEPTED.slice(0, -20)));
    expect(outcome).toMatchObject({ type: 'call-error', code: 'FormationViolation' });
  });

  test('an empty one is an answer without a body', async () => {
    expect(await outcomeOf(({ response }) => response.end())).toMatchObject({ type: 'result', payload: null });
  });

  test('one that comes after the link has gone is nobody’s', async () => {
    const waiting: Heard[] = [];
    const { url } = await startListener((one) => waiting.push(one));
    const edge = await heard(url);
    call(edge);
    await until('the call', () => waiting[0]);
    edge.edge.closeChargePoint('CP1', 4002, 'no longer declared');
    waiting[0]?.response.end(ACCEPTED);
    await edge.edge.stop();
    expect(edge.delivered.map((one) => one.type)).toEqual(['link-up', 'call', 'link-down']);
  });
});

describe('a charger that cannot be reached', () => {
  test.each<[string, (heard: Heard) => void]>([
    ['a page of a proxy', ({ response }) => response.end('<!DOCTYPE html><html><body>Login</body></html>')],
    ['a page that is well formed', ({ response }) => response.end('<html><body>Login</body></html>')],
    ['a status without a word', ({ response }) => response.writeHead(502).end()],
    ['another page', ({ response }) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    [
      'what cannot be unpacked',
      ({ response }) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
    ],
    ['more than any answer', ({ response }) => response.end('x'.repeat(ENVELOPE_BYTES_MAX + 1))],
  ])('field-28: %s is not its answer', async (_what, answer) => {
    expect(await outcomeOf(answer)).toMatchObject({
      type: 'unreachable',
      callId: 'c1',
      why: 'not-soap',
      address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/ocpp$/),
    });
  });

  test('who hangs up was not reached', async () => {
    const outcome = await outcomeOf(({ request }) => request.socket.destroy());
    expect(outcome).toMatchObject({ type: 'unreachable', why: 'hung-up' });
  });

  test('where nobody listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const edge = await heard(`http://127.0.0.1:${port}/`);
    call(edge);
    expect(await edge.told('unreachable')).toMatchObject({
      why: 'connection-refused',
      address: `http://127.0.0.1:${port}/`,
    });
  });

  test('field-28: one that says nothing of where it is', async () => {
    const edge = await heard('');
    call(edge);
    expect(await edge.told('unreachable')).toMatchObject({ why: 'no-address', address: null });
  });

  test('OCP-10: the remembered address is called, whatever the charger says of itself behind its router', async () => {
    const { port } = await startListener(({ response }) => response.end(ACCEPTED));
    const edge = await heard('http://192.168.0.2/', { rememberAddress: true, chargerPort: port });
    call(edge);
    await edge.told('result');
  });

  test('a call that its version does not have comes back at once', async () => {
    const edge = await heard('');
    edge.edge.call(edge.of('link-up')[0]?.linkId ?? 0, 'c1', '');
    expect(await edge.told('call-error')).toMatchObject({ code: 'NotSupported', frame: null });
  });
});

describe('a charger that would have us call ourselves', () => {
  test.each([
    ['127.0.0.1', true],
    ['[::1]', true],
    ['::ffff:127.0.0.1', true],
    ['169.254.169.254', true],
    ['0.0.0.0', true],
    ['[fe80::1]', true],
    ['239.1.1.1', true],
    ['10.0.0.1', false],
    ['192.168.1.1', false],
    ['2001:db8::1', false],
    ['charger.example', false],
  ])('%s is this machine or its link: %s', (address, local) => {
    expect(isLocal(address)).toBe(local);
  });

  test('is not obeyed, by address or by name; one that is on this machine itself is', async () => {
    const calls: string[] = [];
    const { port } = await startListener(({ text, response }) => {
      calls.push(text);
      response.end(ACCEPTED);
    });
    const { signal } = new AbortController();
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])
      expect(await post(new URL(`http://${host}:${port}/`), RESET, { mayBeLocal: false, signal })).toEqual({
        ok: false,
        why: 'forbidden-address',
      });
    expect(calls).toEqual([]);
    expect(await post(new URL(`http://127.0.0.1:${port}/`), RESET, { mayBeLocal: true, signal })).toMatchObject({
      ok: true,
    });
  });
});

/** Turns of the event loop, which no timer drives. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function turnsUntil(look: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !look(); turn++) await turns(1);
  expect(look()).toBe(true);
}
