import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FLOOD_CALLS_MAX } from '#src/edges/flood.ts';
import { ENVELOPE_BYTES_MAX } from '#src/edges/ocpp-soap/body.ts';
import { REQUESTS_WAITING_MAX } from '#src/edges/ocpp-soap/link.ts';
import { ServerCertificates } from '#src/edges/server-certificates.ts';
import { selfSigned } from '../fixtures/certificates.ts';
import { startSoapEdge } from '../fixtures/soap-edge.ts';
import { until } from '../fixtures/until.ts';
import { envelope, SOAP_1_1, SOAP_1_2 } from '../wire/soap/envelopes.ts';

const FAULT = (subcode: string) => new RegExp(`<s:Subcode><s:Value>o:${subcode}</s:Value></s:Subcode>`);

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
    const { status, text } = await edge.post(envelope(), {}, edge.url.replace('OCPP16', 'OCPP12'));
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
