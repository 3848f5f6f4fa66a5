import { connect } from 'node:net';
import { gzipSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { SILENT_CLOSE_MS, SPELLINGS_MAX } from '#src/edges/ocpp-soap/links.ts';
import { CENTRAL_SYSTEM } from '#src/wire/ocpp-soap/descriptions.ts';
import { SWEEP_MS } from '#src/edges/ocpp-soap/server.ts';
import { startSoapEdge } from '../fixtures/soap-edge.ts';
import { until } from '../fixtures/until.ts';
import { envelope } from '../wire/soap/envelopes.ts';

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
