import { once } from 'node:events';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { CommandView } from '#actors/charge-point/messages.ts';
import { HELD_BACK_MS } from '#actors/charge-point/way.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { emptyOf } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import { listenOcppSoap, type SoapEdge } from '#src/edges/ocpp-soap/server.ts';
import { ServerCertificates } from '#src/edges/server-certificates.ts';
import { localCertificate } from '../fixtures/certificate.ts';
import { SoapCharger } from '../fixtures/soap-charger.ts';
import { startListener } from '../fixtures/soap-edge.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';
import { envelope } from '../wire/soap/envelopes.ts';

async function post(url: string, body: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/soap+xml' };
  const response = await fetch(url, { method: 'POST', body, headers });
  return { status: response.status, text: await response.text() };
}

const BOOT =
  '<c:bootNotificationRequest><c:chargePointVendor>Atelier</c:chargePointVendor>' +
  '<c:chargePointModel>Duo</c:chargePointModel></c:bootNotificationRequest>';

async function booted(server: TestServer, from: string): Promise<void> {
  await post(server.soapUrl('1.6'), envelope({ from, body: BOOT }));
}

describe('the journal of a charger behind SOAP', () => {
  test('has what it sent and what it was answered, to the letter', async () => {
    const server = await startServer();
    const sent = envelope({ body: BOOT });
    const { text } = await post(server.soapUrl('1.6'), sent);
    expect(text).toContain('<o:interval>900</o:interval>');
    expect(await server.event('BootNotification')).toMatchObject({ chargePointId: 'CP1', request: sent, answer: text });
    expect(await server.event('link-up')).toMatchObject({ chargePointId: 'CP1', note: '127.0.0.1' });
  });

  test('field-28: counts what was forgiven', async () => {
    const server = await startServer();
    await post(server.soapUrl('1.6'), envelope({ action: '', messageId: '', body: '<heartbeatRequest/>' }));
    expect((await server.detail()).tolerated).toEqual({ 'missing-header': 1, 'odd-namespace': 1 });
  });

  test.each([
    ['a call that cannot be read', envelope({ body: '<c:authorizeRequest/>' }), 'bad-frame', /idTag is missing/],
    ['an unknown identity', envelope({ identity: 'NOBODY' }), 'NOBODY', /^unknown-identity 127/],
    ['malformed XML', envelope().slice(0, -4), '/ModuleOCPP16.svc', /^malformed-xml/],
    ['a document type', `<!DOCTYPE a>${envelope()}`, '/ModuleOCPP16.svc', /document type/],
    ['another version', envelope({ version: '1.5' }), 'CP1', /^wrong-namespace/],
  ])('has one line for %s, which is answered with a fault and stored nowhere else', async (_what, text, name, note) => {
    const server = await startServer();
    const answered = await post(server.soapUrl('1.6'), text);
    expect(answered.text).toContain('<s:Fault>');
    expect(await server.event(name)).toMatchObject({ level: 'problem', note: expect.stringMatching(note) });
    expect(await server.events(name)).toHaveLength(1);
    expect(await server.sessions()).toEqual([]);
  });
});

describe('« injoignable »', () => {
  test('is clear on the charger and on the command, with where it was looked for, until a call gets through', async () => {
    const server = await startServer();
    await booted(server, 'http://127.0.0.1:9/');
    await server.command('c1', { action: 'ClearCache' });
    expect(await server.commandIn('c1', 'failed')).toMatchObject({
      cause: 'unreachable',
      detail: 'connection-refused http://127.0.0.1:9/',
      ended: true,
    });
    const { unreachable } = await server.detail();
    expect(unreachable).toEqual({
      sinceMs: expect.any(Number),
      why: 'connection-refused',
      address: 'http://127.0.0.1:9/',
    });

    const answer = envelope({
      namespace: 'urn://Ocpp/Cp/2015/10/',
      identity: '',
      body: '<c:clearCacheResponse><c:status>Accepted</c:status></c:clearCacheResponse>',
    });
    const { url } = await startListener(({ response }) => response.end(answer));
    await post(server.soapUrl('1.6'), envelope({ from: url }));
    await server.command('c2', { action: 'ClearCache' });
    await server.commandIn('c2', 'done');
    expect((await server.detail()).unreachable).toBeNull();
  });

  test('ends no command that may wait: it is tried again minutes after, when the charger speaks, or once it has booted', async () => {
    let nowMs = Date.now();
    let tries = 0;
    let isThere = false;
    const server = await startServer({ now: () => nowMs });
    const answer = envelope({
      namespace: 'urn://Ocpp/Cp/2015/10/',
      identity: '',
      body: '<c:clearCacheResponse><c:status>Accepted</c:status></c:clearCacheResponse>',
    });
    const { url } = await startListener(({ response }) => {
      tries++;
      if (isThere) response.end(answer);
      else response.destroy();
    });
    const speak = () => post(server.soapUrl('1.6'), envelope({ from: url }));
    const missed = (times: number) =>
      until(`it to be missed ${times} times`, async () => {
        const { commands, unreachable } = await server.detail();
        const isQueued = commands.some(({ commandId, phase }) => commandId === 'c1' && phase === 'queued');
        return tries === times && isQueued && unreachable?.heldAtMs !== undefined;
      });
    await booted(server, url);
    await server.ask('c1', { action: 'ClearCache' }, { expiresAtMs: nowMs + 3_600_000 });
    await missed(1);
    await speak();
    await missed(1);
    // Whoever asks for something now wants to know now.
    await server.command('c2', { action: 'UnlockConnector', connectorId: 1 });
    expect(await server.commandIn('c2', 'failed')).toMatchObject({ cause: 'unreachable' });
    await missed(2);
    nowMs += HELD_BACK_MS;
    await speak();
    await missed(3);
    isThere = true;
    await booted(server, url);
    const { steps } = await server.commandIn('c1', 'done');
    expect(steps.map(({ phase }) => phase)).toEqual(['queued', 'sent', 'done']);
  });

  test('a page of a proxy in its place is told as what it is', async () => {
    const server = await startServer();
    const { url } = await startListener(({ response }) => response.end('<html><body>Wi-Fi</body></html>'));
    await booted(server, url);
    await server.command('c1', { action: 'ClearCache' });
    expect((await server.commandIn('c1', 'failed')).detail).toBe(`not-soap ${url}`);
  });

  test('an address that is none is told as such', async () => {
    const server = await startServer();
    await booted(server, 'http://127.0.0.1:undefined/');
    await server.command('c1', { action: 'ClearCache' });
    expect((await server.commandIn('c1', 'failed')).detail).toBe('bad-address');
  });

  test('the next command is tried all the same', async () => {
    const server = await startServer();
    await booted(server, '');
    await server.command('c1', { action: 'ClearCache' });
    await server.command('c2', { action: 'Reset', type: 'Soft' });
    expect(await server.commandIn('c1', 'failed')).toMatchObject({ detail: 'no-address' });
    expect(await server.commandIn('c2', 'failed')).toMatchObject({ detail: 'no-address' });
  });
});

describe('a charger that was not heard since our start, and whose station says where it listens', () => {
  const ANSWER = envelope({
    namespace: 'urn://Ocpp/Cp/2015/10/',
    identity: '',
    body: '<c:clearCacheResponse><c:status>Accepted</c:status></c:clearCacheResponse>',
  });
  const WAY = { wsAddressing: false, chargerUrl: null, rememberAddress: false, chargerPort: null };

  /** A server that had heard the charger, and is another one since. */
  async function restarted(reach: Partial<Record<keyof typeof WAY, string | number | boolean | null>>) {
    const first = await startServer();
    await declareStation(first, 'SAVON', { ...WAY, ...reach });
    await post(first.soapUrl('1.6'), envelope({ identity: 'SAVON', from: 'http://127.0.0.1:9/', body: BOOT }));
    await first.stop();
    const again = await startServer({ folder: first.folder });
    await again.viewWhen(() => true, 'SAVON');
    return again;
  }

  test('OCP-09: is called at its fixed address at once, and is linked when it answers', async () => {
    const { url } = await startListener(({ response }) => response.end(ANSWER));
    const server = await restarted({ chargerUrl: url });
    expect(await server.view('SAVON')).toMatchObject({ linked: false });
    expect(await server.detail('SAVON')).toMatchObject({ callable: true, linkedSinceMs: null });
    await server.command('c1', { action: 'ClearCache' }, 'SAVON');
    await server.commandIn('c1', 'done');
    await server.viewWhen((view) => view.linked, 'SAVON');
    await server.command('c2', { action: 'ClearCache' }, 'SAVON');
    await server.commandIn('c2', 'done');
    await post(server.soapUrl('1.6'), envelope({ identity: 'SAVON' }));
    expect(server.side.links()).toBe(1);
    expect(await server.events('link-up')).toHaveLength(2);
  });

  test('OCP-10: is called where it was last heard from', async () => {
    const { port } = await startListener(({ response }) => response.end(ANSWER));
    const server = await restarted({ rememberAddress: true, chargerPort: port });
    await server.command('c1', { action: 'ClearCache' }, 'SAVON');
    await server.commandIn('c1', 'done');
  });

  test('OCP-08: is not called before it has said where it listens', async () => {
    const server = await restarted({ wsAddressing: true });
    expect(await server.command('c1', { action: 'ClearCache' }, 'SAVON')).toMatchObject({ cause: 'no-link' });
  });

  test('may speak before it answers: the command under way goes on', async () => {
    const speaking = Promise.withResolvers<string>();
    const { url } = await startListener(async ({ response }) => {
      await post(await speaking.promise, envelope({ identity: 'SAVON' }));
      response.end(ANSWER);
    });
    const server = await restarted({ chargerUrl: url });
    await server.command('c1', { action: 'ClearCache' }, 'SAVON');
    speaking.resolve(server.soapUrl('1.6'));
    await server.commandIn('c1', 'done');
    expect(server.side.links()).toBe(1);
  });

  test('that is not there is absent: what may wait for it waits, and the rest comes to nothing', async () => {
    const server = await restarted({ chargerUrl: 'http://127.0.0.1:9/' });
    const patient = { action: 'ClearCache' } as const;
    const asked = await server.actor('SAVON').ask<CommandView>((replyTo) => ({
      type: 'command',
      commandId: 'c1',
      call: patient,
      requestedBy: 'operator',
      atMs: Date.now(),
      expiresAtMs: Date.now() + 60_000,
      replyTo,
    }));
    expect(asked.ended).toBe(false);
    await server.command('c2', { action: 'UnlockConnector', connectorId: 1 }, 'SAVON');
    expect(await server.commandIn('c2', 'failed')).toMatchObject({
      cause: 'unreachable',
      detail: 'connection-refused http://127.0.0.1:9/',
    });
    expect(await server.commandIn('c1', 'queued')).toMatchObject({ ended: false });
    expect((await server.detail('SAVON')).unreachable).toMatchObject({ why: 'connection-refused' });
    expect(await server.view('SAVON')).toMatchObject({ linked: false });
  });

  test('field-40: that is not there gets the address of its file when it returns: the one that it did not hear of is worth nothing', async () => {
    const told: string[] = [];
    let isThere = false;
    const answer = envelope({
      namespace: 'urn://Ocpp/Cp/2015/10/',
      identity: '',
      body: '<c:getDiagnosticsResponse><c:fileName>diag.log</c:fileName></c:getDiagnosticsResponse>',
    });
    const { url } = await startListener(({ text, response }) => {
      told.push(/location>([^<]+)</.exec(text)?.[1] ?? 'none');
      if (isThere) response.end(answer);
      else response.destroy();
    });
    const server = await restarted({ chargerUrl: url });
    const file = { kind: 'log', protocol: 'http', fromMs: null, toMs: null } as const;
    const expiresAtMs = Date.now() + 60_000;
    await server.ask('log', { action: 'GetDiagnostics', location: '' }, { chargePointId: 'SAVON', file, expiresAtMs });
    await until('it to be missed', async () => {
      const [command] = (await server.detail('SAVON')).commands;
      return told.length === 1 && command?.phase === 'queued';
    });
    isThere = true;
    await post(server.soapUrl('1.6'), envelope({ identity: 'SAVON', body: BOOT }));
    await server.commandIn('log', 'accepted');
    const [lost = '', heard = ''] = told;
    const leave = async (place: string) => (await fetch(`${place}diag.log`, { method: 'PUT', body: 'worn' })).status;
    expect(new URL(lost).hostname).toBe('127.0.0.1');
    expect([await leave(lost), await leave(heard)]).toEqual([404, 201]);
    await server.commandIn('log', 'done');
  });

  test('is not called at an address of this machine unless it was heard from there', async () => {
    const heard: string[] = [];
    const { url } = await startListener(({ text, response }) => {
      heard.push(text);
      response.end(ANSWER);
    });
    const first = await startServer();
    await declareStation(first, 'SAVON', { ...WAY, chargerUrl: url });
    await first.command('c1', { action: 'ClearCache' }, 'SAVON');
    expect(await first.commandIn('c1', 'failed')).toMatchObject({ detail: `forbidden-address ${url}` });
    expect(heard).toEqual([]);
  });
});

/** A station of the back office whose charger speaks SOAP. */
async function declareStation(server: TestServer, identity: string, reach: Values): Promise<void> {
  const empty = Object.entries(ENTITIES.station.fields).map(([name, field]) => [name, emptyOf(field)] as const);
  const values = { ...Object.fromEntries(empty), name: identity, identity, ocppVersion: '1.6-soap', ...reach };
  const origin = { subscriberId: null, inactive: false, custom: {}, createdAtMs: 1, changedAtMs: 1, changedBy: 'test' };
  const record = { id: `station-${identity}`, version: 1, values, ...origin };
  expect(await server.storage.office.write([{ type: 'put', entity: ENTITIES.station, record }])).toBe('ok');
  const roster = await server.storage.reader.rosterEntry(identity);
  if (roster === null) throw new Error(`${identity} is not on the roster`);
  server.side.supervision.declare(roster);
  await server.viewWhen(() => true, identity);
}

describe('a charger that keeps no connection', () => {
  test('field-12: our calls wait for its boot, which is its own request', async () => {
    const server = await startServer();
    const charger = await SoapCharger.start(server.soapUrl('1.5'), '1.5', 'CP1');
    await charger.call('Heartbeat', {});
    expect(await server.command('c1', { action: 'ClearCache' })).toMatchObject({ phase: 'queued' });
    await charger.call('BootNotification', { chargePointVendor: 'Atelier', chargePointModel: 'Duo' });
    expect(await charger.nextCall()).toMatchObject({ action: 'ClearCache' });
  });

  test('field-24: is one charger, however it spells its identity', async () => {
    const server = await startServer();
    await post(server.soapUrl('1.6'), envelope({ identity: 'cp1', body: BOOT }));
    await post(server.soapUrl('1.6'), envelope({ identity: 'CP1' }));
    expect(await server.events('link-up')).toHaveLength(1);
    await server.viewWhen((view) => view.linked);
  });

  test('field-09: that comes back over JSON has one link, the newest', async () => {
    const server = await startServer();
    await booted(server, '');
    const charger = await server.booted('CP1');
    await until('one link', () => server.side.links() === 1);
    await server.command('c1', { action: 'ClearCache' });
    expect(await charger.nextCall()).toMatchObject({ action: 'ClearCache' });
  });

  test('field-36: its presence is nobody’s after a restart, until it speaks', async () => {
    const server = await startServer();
    await booted(server, '');
    await server.stop();
    const again = await startServer({ folder: server.folder });
    expect(await again.view()).toMatchObject({ linked: false });
    expect(await again.command('c1', { action: 'ClearCache' })).toMatchObject({ phase: 'failed', cause: 'no-link' });
    await post(again.soapUrl('1.6'), envelope());
    await again.viewWhen((view) => view.linked);
  });
});

test('each port has a twin over TLS once there is a certificate', async () => {
  const server = await startServer({ certificate: localCertificate() });
  const edge = server.side.edges.get('ocpp-1.6-soap') as SoapEdge;
  const text = envelope({ body: BOOT });
  const answered = await new Promise<string>((resolve, reject) => {
    const options = { method: 'POST', host: '127.0.0.1', port: edge.tlsPort, path: '/ModuleOCPP16.svc' };
    const sent = request({ ...options, rejectUnauthorized: false }, (response) => {
      let heard = '';
      response.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      response.on('end', () => resolve(heard));
    });
    sent.on('error', reject);
    sent.end(text);
  });
  expect(answered).toContain('<o:status>Accepted</o:status>');
  expect(await server.event('BootNotification')).toMatchObject({ chargePointId: 'CP1' });
});

test('without a certificate no TLS port is opened', async () => {
  const server = await startServer();
  expect((server.side.edges.get('ocpp-1.6-soap') as SoapEdge).tlsPort).toBeNull();
});

test('a port that is taken is told, and its twin is closed again', async () => {
  const taken = await startListener(() => undefined);
  const free = await freePort();
  const tls = { port: taken.port, certificates: new ServerCertificates([localCertificate()]) };
  const handlers = {} as never;
  const options = { version: '1.6', host: '127.0.0.1', port: free, tls, handlers, reachOf: async () => null } as const;
  await expect(listenOcppSoap(options)).rejects.toThrow(/EADDRINUSE/);
  await expect(fetch(`http://127.0.0.1:${free}/`)).rejects.toThrow(/fetch failed/);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
