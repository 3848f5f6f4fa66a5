import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { gzipSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FLOOD_CALLS_MAX } from '#src/edges/flood.ts';
import { ENVELOPE_BYTES_MAX } from '#src/edges/ocpp-soap/body.ts';
import { REQUESTS_WAITING_MAX } from '#src/edges/ocpp-soap/link.ts';
import { SILENT_CLOSE_MS, SPELLINGS_MAX } from '#src/edges/ocpp-soap/links.ts';
import { CENTRAL_SYSTEM } from '#src/wire/ocpp-soap/descriptions.ts';
import { SWEEP_MS } from '#src/edges/ocpp-soap/server.ts';
import { ServerCertificates } from '#src/edges/server-certificates.ts';
import { selfSigned } from '../fixtures/certificates.ts';
import { startSoapEdge } from '../fixtures/soap-edge.ts';
import { until } from '../fixtures/until.ts';
import { envelope, SOAP_1_1, SOAP_1_2 } from '../wire/soap/envelopes.ts';

const FAULT = (subcode: string) => new RegExp(`<s:Subcode><s:Value>o:${subcode}</s:Value></s:Subcode>`);

describe('what a charger posts', () => {
  test('a call is delivered with its link and its text, and answered on the same connection', async () => {
    const edge = await startSoapEdge();
    const text = envelope();
    const answered = await edge.post(text);
    expect(answered.status).toBe(200);
    expect(answered.text).toContain('<w:RelatesTo>urn:uuid:1</w:RelatesTo>');
    const [up, call] = edge.delivered;
    expect(up).toMatchObject({ type: 'link-up', remoteAddress: '127.0.0.1', note: null });
    expect(call).toMatchObject({ type: 'call', call: { action: 'Heartbeat' }, frame: text, tolerated: [] });
  });

  test('a charger is admitted once, however often it speaks, and again under another spelling', async () => {
    const edge = await startSoapEdge();
    edge.admission = () => ({ ok: true, chargePointId: 'CP1' });
    await edge.post(envelope());
    await edge.post(envelope());
    await edge.post(envelope({ identity: 'cp1' }));
    await edge.post(envelope({ identity: 'cp1' }));
    expect(edge.arrivals.map((one) => one.identity)).toEqual(['CP1', 'cp1']);
    expect(edge.arrivals[0]?.protocol).toBe('ocpp-1.6-soap');
    expect(edge.of('link-up')).toHaveLength(1);
    expect(edge.edge.links()).toBe(1);
  });

  test('a charger that is closed while it is admitted keeps its message, and is admitted anew', async () => {
    const edge = await startSoapEdge();
    const { promise, resolve } = Promise.withResolvers<void>();
    edge.admitting = () => promise;
    const posted = edge.post(envelope());
    await until('an arrival', () => edge.arrivals.length === 1);
    edge.edge.closeChargePoint('CP1', 4002, 'no longer declared');
    resolve();
    await expect(posted).rejects.toThrow();
    expect(edge.delivered).toEqual([]);
    expect((await edge.post(envelope())).status).toBe(200);
    expect(edge.arrivals).toHaveLength(2);
  });

  test('field-24: of one charger so many spellings are remembered and no more', async () => {
    const edge = await startSoapEdge();
    edge.admission = () => ({ ok: true, chargePointId: 'BOX' });
    const spellings = ['BOX', 'BOx', 'BoX', 'Box', 'bOX', 'bOx', 'boX', 'box'];
    expect(spellings.length).toBeGreaterThan(SPELLINGS_MAX);
    for (const identity of spellings) await edge.post(envelope({ identity }));
    await edge.post(envelope({ identity: 'box' }));
    expect(edge.arrivals).toHaveLength(spellings.length);
    await edge.post(envelope({ identity: 'BOX' }));
    expect(edge.arrivals).toHaveLength(spellings.length + 1);
    expect(edge.of('link-up')).toHaveLength(1);
  });

  test('field-06: nothing is answered before the actor has answered, and what is abandoned is closed without a word', async () => {
    const edge = await startSoapEdge();
    edge.answers = false;
    const first = edge.post(envelope({ messageId: 'urn:uuid:1' }));
    const one = await edge.told('call');
    edge.answer(one);
    expect((await first).status).toBe(200);
    const second = edge.post(envelope({ messageId: 'urn:uuid:2' }));
    const other = await until('a second call', () => edge.of('call')[1]);
    edge.edge.abandon(other.from);
    await expect(second).rejects.toThrow();
  });

  test('field-35: a message that is repeated before its answer is answered as often as it came', async () => {
    const edge = await startSoapEdge();
    edge.answers = false;
    const both = [edge.post(envelope()), edge.post(envelope())];
    await until('two calls', () => edge.of('call').length === 2);
    for (const call of edge.of('call')) edge.answer(call);
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('it may be packed by %s', async (encoding, pack) => {
    const edge = await startSoapEdge();
    const { status } = await edge.post(new Uint8Array(pack(envelope())), { 'content-encoding': encoding });
    expect(status).toBe(200);
  });

  test('it may be in the encoding that its header or its declaration names', async () => {
    const edge = await startSoapEdge();
    const text = envelope({ identity: 'Borne Été' });
    const latin = new Uint8Array(Buffer.from(text, 'latin1'));
    await edge.post(latin, { 'content-type': 'application/soap+xml; charset=ISO-8859-1' });
    await edge.post(new Uint8Array(Buffer.from(text.replace('UTF-8', 'iso-8859-1'), 'latin1')), {
      'content-type': 'text/xml',
    });
    await edge.post(text, { 'content-type': 'text/xml; charset=klingon' });
    expect(edge.arrivals.map(({ identity }) => identity)).toEqual(['Borne Été']);
    expect(edge.of('call')).toHaveLength(3);
  });

  test('the path may be written in any letter case, and its description is there to be read', async () => {
    const edge = await startSoapEdge();
    expect((await edge.post(envelope(), {}, edge.url.toLowerCase())).status).toBe(200);
    const described = await fetch(`${edge.url}?wsdl`);
    expect(await described.text()).toBe(CENTRAL_SYSTEM['1.6'].text);
    expect((await fetch(edge.url)).status).toBe(405);
  });
});

describe('what is refused', () => {
  const long = envelope({ body: `<c:heartbeatRequest>${' '.repeat(ENVELOPE_BYTES_MAX)}</c:heartbeatRequest>` });

  test.each([
    ['malformed XML', envelope().slice(0, -5), 400, 'ProtocolError', /^malformed-xml: /],
    [
      'a document type',
      envelope().replace('?>', '?><!DOCTYPE s [<!ENTITY a "b">]>'),
      400,
      'ProtocolError',
      /document type/,
    ],
    ['an entity', envelope({ identity: '&host;' }), 400, 'ProtocolError', /^malformed-xml: &host;/],
    ['JSON', '[2,"1","Heartbeat",{}]', 400, 'ProtocolError', /^malformed-xml: /],
    ['a page', '<html><body>Login</body></html>', 400, 'ProtocolError', /^not-soap: <html>/],
    ['nothing', '', 400, 'ProtocolError', /^malformed-xml: there is no element/],
    [
      'another version of OCPP',
      envelope({ version: '1.5' }),
      400,
      'ProtocolError',
      /^wrong-namespace: urn:\/\/Ocpp\/Cs\/2012/,
    ],
    ['no identity', envelope({ identity: '' }), 400, 'ProtocolError', /^identity-missing$/],
    ['an endless identity', envelope({ identity: 'x'.repeat(49) }), 400, 'ProtocolError', /^identity-too-long$/],
    [
      'an identity that leads elsewhere',
      envelope({ identity: '../CP1' }),
      400,
      'ProtocolError',
      /^identity-malformed$/,
    ],
    ['an envelope over the limit', long, 413, 'ProtocolError', /^envelope-too-large$/],
  ])('%s gets the fault of the protocol, one line, and no link', async (_what, text, status, subcode, why) => {
    const edge = await startSoapEdge();
    const answered = await edge.post(text);
    expect(answered.status).toBe(status);
    expect(answered.text).toMatch(FAULT(subcode));
    expect(edge.refused).toEqual([
      expect.objectContaining({ remoteAddress: '127.0.0.1', why: expect.stringMatching(why) }),
    ]);
    expect(edge.delivered).toEqual([]);
  });

  test('SOAP 1.1 is told in its own version which one to speak', async () => {
    const edge = await startSoapEdge();
    const { status, text } = await edge.post(envelope({ soap: SOAP_1_1 }), { 'content-type': 'text/xml' });
    expect(status).toBe(500);
    expect(text).toContain(`xmlns:s="${SOAP_1_1}"`);
    expect(text).toContain('<faultcode>s:VersionMismatch</faultcode>');
    expect(text).toContain(`<v:Upgrade xmlns:v="${SOAP_1_2}">`);
    expect(edge.refused).toMatchObject([{ why: 'not-soap-1.2: this is SOAP 1.1: OCPP speaks SOAP 1.2' }]);
  });

  test('a body that unpacks to more than the limit is not unpacked', async () => {
    const edge = await startSoapEdge();
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(ENVELOPE_BYTES_MAX * 20, ' ')));
    expect((await edge.post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    const broken = await edge.post('no gzip', { 'content-encoding': 'gzip' });
    expect(broken).toMatchObject({ status: 400, text: expect.stringMatching(FAULT('ProtocolError')) });
    expect(edge.refused.map(({ why }) => why)).toEqual(['envelope-too-large', 'not-unpacked']);
  });

  test('field-25: what is no HTTP is refused as such, and TLS on a port without it is told apart', async () => {
    const edge = await startSoapEdge();
    for (const bytes of [Buffer.from('[2,"1","Heartbeat",{}]\r\n\r\n'), Buffer.from([0x16, 3, 1, 0, 200, 1, 0])]) {
      const socket = connect(edge.edge.port, '127.0.0.1');
      socket.write(bytes);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toContain('400 Bad Request');
    }
    expect(edge.refused.map(({ why }) => why.split(':')[0])).toEqual(['not-http', 'tls-on-plain-port']);
  });

  test('field-27: a handshake that fails on the port over TLS is told with the reason of TLS', async () => {
    const certificates = new ServerCertificates([await selfSigned()]);
    const edge = await startSoapEdge({ tls: { port: 0, certificates } });
    const port = edge.edge.tlsPort ?? 0;
    const plain = connect(port, '127.0.0.1');
    plain.write('POST /ModuleOCPP16.svc HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(plain, 'close');
    // Who says nothing at all has refused nothing.
    const silent = connect(port, '127.0.0.1', () => silent.end());
    await once(silent, 'close');
    const old = connectTls({ port, host: '127.0.0.1', maxVersion: 'TLSv1.1', rejectUnauthorized: false });
    await once(old, 'error');
    await until('two lines', () => edge.refused.length === 2);
    expect(edge.refused.map(({ why, path, remoteAddress }) => [why.split(':')[0], path, remoteAddress])).toEqual([
      ['tls-failed', 'tls', '127.0.0.1'],
      ['tls-failed', 'tls', '127.0.0.1'],
    ]);
    expect(edge.refused[0]?.why).toContain('HTTP_REQUEST');
  });

  test('a path of slashes is compared in no time', async () => {
    const edge = await startSoapEdge();
    const slashes = edge.url.replace('/ModuleOCPP16.svc', `${'/'.repeat(12_000)}x`);
    expect((await edge.post(envelope(), {}, slashes)).status).toBe(404);
    expect((await edge.post(envelope(), {}, `${edge.url}//`)).status).toBe(200);
  });

  test('a body without end is cut off once it is over the limit', async () => {
    const edge = await startSoapEdge();
    const socket = connect(edge.edge.port, '127.0.0.1');
    const closed = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('error', () => resolve(text));
      socket.on('close', () => resolve(text));
    });
    socket.write('POST /ModuleOCPP16.svc HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n');
    const chunk = Buffer.alloc(65_536, ' ');
    const pouring = setInterval(() => socket.writable && socket.write(chunk), 1);
    expect(await closed).toContain('413');
    clearInterval(pouring);
  });

  test('field-25: another path is told the right one, and can be read', async () => {
    const edge = await startSoapEdge();
    const { status, text } = await edge.post(envelope(), {}, edge.url.replace('16', '12'));
    expect(status).toBe(404);
    expect(text).toContain('/ModuleOCPP16.svc');
    expect(edge.refused).toMatchObject([{ path: '/ModuleOCPP12.svc', why: 'unknown-path' }]);
  });

  test.each([
    [404, 'unknown-identity', 400, 'SecurityError'],
    [503, 'storage-failure', 500, 'InternalError'],
  ] as const)('one that is not admitted (%i) gets a fault, each time anew', async (status, why, http, subcode) => {
    const edge = await startSoapEdge();
    edge.admission = () => ({ ok: false, status, why });
    const answered = await edge.post(envelope());
    expect(answered.status).toBe(http);
    expect(answered.text).toMatch(FAULT(subcode));
    await edge.post(envelope());
    expect(edge.refused.map((one) => [one.identity, one.why])).toEqual([
      ['CP1', why],
      ['CP1', why],
    ]);
  });

  test('a failure of ours is not answered', async () => {
    const edge = await startSoapEdge();
    edge.admission = () => {
      throw new Error('a bug');
    };
    await expect(edge.post(envelope())).rejects.toThrow();
    edge.admission = ({ identity }) => ({ ok: true, chargePointId: identity });
    expect((await edge.post(envelope())).status).toBe(200);
  });

  test('a call that cannot be read goes to its charger’s actor, which answers with the fault', async () => {
    const edge = await startSoapEdge();
    const { status, text } = await edge.post(envelope({ body: '<c:authorizeRequest/>' }));
    expect(status).toBe(400);
    expect(text).toContain('idTag is missing');
    expect(edge.of('bad-frame')).toMatchObject([{ fault: { code: 'OccurenceConstraintViolation' } }]);
    expect(edge.refused).toEqual([]);
  });

  test('one more request than may wait is told to come again', async () => {
    const edge = await startSoapEdge();
    edge.answers = false;
    const waiting = Array.from({ length: REQUESTS_WAITING_MAX }, (_, at) =>
      edge.post(envelope({ messageId: `m${at}` })),
    );
    await until('all to wait', () => edge.of('call').length === REQUESTS_WAITING_MAX);
    expect((await edge.post(envelope())).status).toBe(503);
    for (const call of edge.of('call')) edge.answer(call);
    expect((await Promise.all(waiting)).every(({ status }) => status === 200)).toBe(true);
  });

  test(
    'field-37: in a flood only transactions are journalled, and one line tells of it',
    { timeout: 60_000 },
    async () => {
      const edge = await startSoapEdge();
      for (let sent = 0; sent < FLOOD_CALLS_MAX + 20; sent += 20)
        await Promise.all(Array.from({ length: 20 }, () => edge.post(envelope())));
      expect(edge.of('flood')).toHaveLength(1);
      expect(edge.of('call').filter((call) => call.frame === null)).toHaveLength(20);
      const refused = await edge.post(envelope({ body: '<c:teleportRequest/>' }));
      expect(refused.text).toMatch(FAULT('NotSupported'));
      expect(edge.of('bad-frame')).toEqual([]);
    },
  );
});

describe('a link without a connection', () => {
  test('field-11: it goes down after the silence that would close a socket, and comes up with the next message', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const edge = await startSoapEdge();
    await edge.post(envelope());
    edge.nowMs += SILENT_CLOSE_MS;
    vi.advanceTimersByTime(SWEEP_MS);
    expect(edge.of('link-down')).toEqual([]);
    edge.nowMs += 1;
    vi.advanceTimersByTime(SWEEP_MS);
    expect(edge.of('link-down')).toMatchObject([{ code: 1006 }]);
    await edge.post(envelope());
    expect(edge.of('link-up')).toHaveLength(2);
    expect(edge.arrivals).toHaveLength(2);
  });

  test('field-09: heard from elsewhere, it is replaced, and whoever waits on the older one is still answered', async () => {
    const edge = await startSoapEdge({ host: '0.0.0.0' });
    edge.answers = false;
    const first = edge.post(envelope({ messageId: 'urn:uuid:1' }));
    const old = await edge.told('call');
    // The whole of 127.0.0.0/8 is this machine: to us, another place.
    const elsewhere = postFrom('127.0.0.2', edge.edge.port, envelope({ messageId: 'urn:uuid:2' }));
    const young = await until('a second call', () => edge.of('call')[1]);
    expect(edge.of('link-up').map((one) => one.remoteAddress)).toEqual(['127.0.0.1', '127.0.0.2']);
    edge.edge.close(old.from.linkId, 4000, 'replaced by a newer connection');
    edge.answer(old);
    edge.answer(young);
    expect((await first).status).toBe(200);
    expect(await elsewhere).toContain('200 OK');
    expect(edge.edge.links()).toBe(1);
  });

  test('closed by us, it leaves nobody waiting for an answer that will not come', async () => {
    const edge = await startSoapEdge();
    edge.answers = false;
    const waiting = edge.post(envelope());
    await edge.told('call');
    edge.edge.closeChargePoint('CP1', 1011, 'the server cannot store');
    await expect(waiting).rejects.toThrow();
    expect(edge.of('link-down')).toMatchObject([{ code: 1011 }]);
    expect(edge.edge.links()).toBe(0);
  });

  test('one that is admitted only when we have stopped opens no link', async () => {
    const edge = await startSoapEdge();
    const arrivals: (() => void)[] = [];
    edge.admitting = () => new Promise((resolve) => arrivals.push(resolve));
    const waiting = edge.post(envelope());
    const knock = await until('somebody to knock', () => arrivals[0]);
    const refused = expect(waiting).rejects.toThrow();
    await edge.edge.stop();
    knock();
    await refused;
    await new Promise((resolve) => setImmediate(resolve));
    expect(edge.delivered).toEqual([]);
    expect(edge.edge.links()).toBe(0);
  });

  test('stopping answers whoever can still be answered, and tells of every link', async () => {
    const edge = await startSoapEdge();
    edge.answers = false;
    const waiting = edge.post(envelope());
    const call = await edge.told('call');
    const stopped = edge.edge.stop();
    edge.answer(call);
    expect((await waiting).status).toBe(200);
    await stopped;
    expect(edge.of('link-down')).toMatchObject([{ code: 1001 }]);
  });
});

test('whatever is posted gets one answer: a result, a fault, or a closed connection', { timeout: 60_000 }, async () => {
  const edge = await startSoapEdge();
  const whole = envelope({ body: '<c:authorizeRequest><c:idTag>A</c:idTag></c:authorizeRequest>' });
  const bent = fc
    .tuple(fc.nat({ max: whole.length }), fc.nat({ max: 20 }), fc.string({ unit: 'binary', maxLength: 12 }))
    .map(([at, length, text]) => whole.slice(0, at) + text + whole.slice(at + length));
  await fc.assert(
    fc.asyncProperty(bent, async (text) => {
      const before = edge.of('call').length + edge.of('bad-frame').length + edge.refused.length;
      const { status, text: answer } = await edge.post(text);
      const after = edge.of('call').length + edge.of('bad-frame').length + edge.refused.length;
      expect([200, 400, 500]).toContain(status);
      expect(answer).toContain('Envelope>');
      expect(after - before).toBe(1);
    }),
    { numRuns: 200 },
  );
});

/** The answer's text, from another address of this machine. */
function postFrom(localAddress: string, port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
    const head = `POST /ModuleOCPP16.svc HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(text)}`;
    socket.write(`${head}\r\n\r\n${text}`);
  });
}
