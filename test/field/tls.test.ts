import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { RadarView } from '#actors/radar/messages.ts';
import { openAuthority, type Authority } from '#src/charger-security/authority.ts';
import { CHARGER_CERTIFICATE_MS } from '#src/charger-security/signing.ts';
import { REQUESTS_PER_HOUR_MAX } from '#src/charger-security/certifier.ts';
import { chargerSecurityOver } from '#src/charger-security/security.ts';
import type { SoapEdge } from '#src/edges/ocpp-soap/server.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import { ServerCertificates } from '#src/edges/server-certificates.ts';
import { followCertificates, LOOK_MS, type CertificatePaths } from '#src/charger-security/certificate-files.ts';
import { certificateRequest, selfSigned, type Pem } from '../fixtures/certificates.ts';
import { dial, knock, type Charger } from '../fixtures/charger.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

const KEY = '00112233445566778899aabbccddeeff';

async function authorityIn(folder?: string): Promise<Authority> {
  const path = folder ?? (await mkdtemp(join(tmpdir(), 'vigie-authority-')));
  if (folder === undefined) onTestFinished(() => rm(path, { recursive: true, force: true }));
  return openAuthority(path, Date.now());
}

async function setUp(now?: () => number, certificate?: ServerCertificates) {
  const own = await selfSigned();
  const authority = await authorityIn();
  const server = await startServer({
    certificate: certificate ?? own,
    authority,
    chargePoints: [{}, { chargePointId: 'CP2', stationId: 'elsewhere' }],
    ...(now !== undefined && { now }),
  });
  const security = chargerSecurityOver(server.storage.credentials, Date.now);
  const setPassword = (chargePointId: string) =>
    server.storage.reader
      .chargePoint(chargePointId)
      .then((row) => security.setPassword({ stationId: row?.stationId ?? '', typed: KEY, by: 'installer' }));
  const url = (identity: string) => `wss://127.0.0.1:${server.side.tlsPort}/${identity}`;
  return { own, authority, server, setPassword, url };
}

const withKey = (identity: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${identity}:${KEY}`).toString('base64')}` },
});

/** A charger asks for a certificate, and is given it. */
async function certified(charger: Charger, name: string): Promise<{ readonly cert: string; readonly key: string }> {
  const { csr, key } = await certificateRequest(name);
  expect(await charger.call('SignCertificate', { csr })).toEqual({ status: 'Accepted' });
  const call = await charger.nextCall();
  expect(call.action).toBe('CertificateSigned');
  charger.reply(call.id, { status: 'Accepted' });
  return { cert: String(call.payload['certificateChain']), key };
}

const radarOf = (server: TestServer): Promise<RadarView> =>
  server.side.supervision.directory.radar(platformViewer('operator')).ask((replyTo) => ({ type: 'radar', replyTo }));

test('without a certificate there is no TLS port', async () => {
  const server = await startServer();
  expect(server.side.tlsPort).toBeNull();
});

test('profile 2: over TLS a charger comes by its password, and one without it stays out', async () => {
  const { own, server, setPassword, url } = await setUp();
  await setPassword('CP1');
  expect(await knock(url('CP1'), { tls: { ca: own.cert } })).toMatchObject({ ok: false, status: 401 });
  // field-25: what is forgiven in a handshake is forgiven over TLS too.
  const charger = await dial(url('CP1'), { tls: { ca: own.cert }, forgetsConnection: true, ...withKey('CP1') });
  await charger.boot();
  const { transactionId } = await charger.start();
  await charger.stop(transactionId);
  expect((await server.detail()).security).toBe(2);
});

test('profile 3: a charger asks for a certificate, comes in by it alone, and no other charger can', async () => {
  const { own, server, setPassword, url } = await setUp();
  await setPassword('CP1');
  await setPassword('CP2');
  const tls = { ca: own.cert };
  const charger = await dial(url('CP1'), { tls, ...withKey('CP1') });
  await charger.boot();
  const pem = await certified(charger, 'CN=cp1, O=Syndicat');
  await charger.close();
  const again = await dial(url('CP1'), { tls: { ...tls, ...pem } });
  await again.boot();
  expect((await server.detail()).security).toBe(3);
  expect(await knock(url('CP2'), { tls: { ...tls, ...pem } })).toMatchObject({ ok: false, status: 401 });
  // A maker's certificate proves nothing, and does no harm.
  const makers = await selfSigned('CN=CP1');
  expect(await knock(url('CP1'), { tls: { ...tls, ...makers } })).toMatchObject({ ok: false, status: 401 });
  expect(await knock(url('CP1'), { tls: { ...tls, ...makers }, ...withKey('CP1') })).toMatchObject({ ok: true });
  const radar = await radarOf(server);
  expect(radar.blips.map((blip) => blip.why)).toContain('certificate-other');
  expect(radar.certificates.map(({ chargePointId }) => chargePointId)).toEqual([null, 'CP1']);
});

test('field-27: a charger whose certificate is over is told so, and renews it by its password', async () => {
  let laterMs = 0;
  const { own, server, setPassword, url } = await setUp(() => Date.now() + laterMs);
  await setPassword('CP1');
  const tls = { ca: own.cert };
  const first = await dial(url('CP1'), { tls, ...withKey('CP1') });
  await first.boot();
  const pem = await certified(first, 'CN=CP1');
  laterMs = CHARGER_CERTIFICATE_MS + 1_000;
  expect(await knock(url('CP1'), { tls: { ...tls, ...pem } })).toMatchObject({ ok: false, status: 401 });
  expect((await radarOf(server)).blips[0]?.why).toBe('certificate-expired');
  const second = await dial(url('CP1'), { tls: { ...tls, ...pem }, ...withKey('CP1') });
  await second.boot();
  await certified(second, 'CN=CP1');
});

test('field-27: a handshake that fails is on the radar with the reason of TLS, and the end of our certificate is told', async () => {
  const { server, url } = await setUp();
  const { port } = new URL(url('CP1'));
  // A charger that does not trust us says so in an alert and goes.
  await new Promise((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port: Number(port), ca: [], rejectUnauthorized: true });
    socket.on('error', resolve);
  });
  await knock(url('CP1'), { tls: { maxVersion: 'TLSv1.1' } }).catch(() => undefined);
  const blip = await until('a blip', async () => (await radarOf(server)).blips.find(({ path }) => path === 'tls'));
  expect(blip.why).toMatch(/^tls-failed: \w+/);
  const [own] = (await radarOf(server)).certificates;
  expect(own).toMatchObject({ chargePointId: null, subject: 'CN=vigie.example' });
  expect(own?.expiresAtMs).toBeGreaterThan(Date.now());
});

test('a certificate is refused in another name, without the key, for what is no request, too often, and without a password', async () => {
  const { own, server, setPassword, url } = await setUp();
  const open = await dial(url('CP2'), { tls: { ca: own.cert } });
  await open.boot();
  const { csr } = await certificateRequest('CN=CP2');
  expect(await open.call('SignCertificate', { csr })).toEqual({ status: 'Rejected' });
  await setPassword('CP1');
  const charger = await dial(url('CP1'), { tls: { ca: own.cert }, ...withKey('CP1') });
  await charger.boot();
  const ask = (request: string) => charger.call('SignCertificate', { csr: request });
  const another = await certificateRequest('CN=CP2');
  const twice = await certificateRequest('CN=CP2, CN=CP1');
  for (const request of [another.csr, twice.csr, 'hello', another.csr.replace(/[A-Za-z]{8}/, 'AAAAAAAA')])
    expect(await ask(request)).toEqual({ status: 'Rejected' });
  for (let more = 4; more < REQUESTS_PER_HOUR_MAX; more++) await ask('again');
  const right = await certificateRequest('CN=CP1');
  expect(await ask(right.csr)).toEqual({ status: 'Rejected' });
  const notes = (await server.events('SignCertificate')).map((event) => event.note);
  expect(new Set(notes)).toEqual(new Set(['not-secured', 'wrong-name', 'malformed', 'too-often']));
});

/** The serial number of the certificate that a charger is shown. */
async function shown(port: number, options: ConnectionOptions = {}): Promise<string> {
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

const printOf = ({ cert }: Pem): string => new X509Certificate(cert).fingerprint256;

test('field-27: a charger is shown the certificate of the name that it calls, of a kind of key that it knows', async () => {
  const host = 'bornes.example';
  const [rsa, ecdsa] = [
    await selfSigned('CN=old', undefined, { kind: 'rsa', host }),
    await selfSigned('CN=new', undefined, { host }),
  ];
  const [ofOther, other] = [
    await selfSigned('CN=young', undefined, { host: 'autre.example' }),
    await selfSigned('CN=other', undefined, { host: 'autre.example', kind: 'rsa' }),
  ];
  const { server } = await setUp(undefined, new ServerCertificates([rsa, ecdsa, ofOther, other]));
  const port = server.side.tlsPort ?? 0;
  const soap = (server.side.edges.get('ocpp-1.6-soap') as SoapEdge).tlsPort ?? 0;
  const old = { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;
  const young = { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;
  for (const at of [port, soap]) {
    expect(await shown(at, { servername: host, ...old })).toBe(printOf(rsa));
    expect(await shown(at, { servername: host, ...young })).toBe(printOf(ecdsa));
    // Of another name only one can be shown, and everybody knows RSA.
    expect(await shown(at, { servername: 'autre.example' })).toBe(printOf(other));
    // Without a name, or by one that nobody certified, the first is meant.
    expect(await shown(at, old)).toBe(printOf(rsa));
    expect(await shown(at, { servername: 'nobody.example', ...young })).toBe(printOf(ecdsa));
  }
  expect((await radarOf(server)).certificates).toHaveLength(4);
});

test('field-27: renewed certificates are shown without a restart, links go on, and half a pair changes nothing', async () => {
  const [first, second] = [await selfSigned(), await selfSigned('CN=renewed', undefined, { host: 'bornes.example' })];
  const folder = await mkdtemp(join(tmpdir(), 'vigie-certificates-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const paths: CertificatePaths = { certs: [join(folder, 'a.crt')], keys: [join(folder, 'a.key')] };
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write('a.crt', first.cert);
  await write('a.key', first.key);
  const certificates = new ServerCertificates([first]);
  const { server, setPassword, url } = await setUp(undefined, certificates);
  await setPassword('CP1');
  const port = server.side.tlsPort ?? 0;
  const told: string[] = [];
  const alarms: (readonly [ms: number, run: () => void])[] = [];
  const follower = followCertificates({
    certificates,
    paths,
    wakeIn: (ms, run) => {
      alarms.push([ms, run]);
      return () => undefined;
    },
    told: (outcome, note) => told.push(`${outcome} ${note}`),
  });
  await follower.look();
  const charger = await dial(url('CP1'), { tls: { ca: first.cert }, ...withKey('CP1') });
  await charger.boot();
  const pem = await certified(charger, 'CN=CP1');

  await write('a.crt', second.cert);
  await follower.look();
  await follower.look();
  expect(told).toEqual([expect.stringMatching(/^certificate-refused .* another’s/)]);
  expect(await shown(port)).toBe(printOf(first));

  await write('a.key', second.key);
  const [ms, look] = alarms[0] ?? [0, () => undefined];
  expect(ms).toBe(LOOK_MS);
  look();
  await follower.look();
  expect(told[1]).toMatch(/^certificate-renewed CN=renewed until 2/);
  expect(await shown(port)).toBe(printOf(second));
  expect(await shown(port, { servername: 'bornes.example' })).toBe(printOf(second));
  expect((await radarOf(server)).certificates[0]?.subject).toBe('CN=renewed');
  await charger.call('Heartbeat', {});
  // Certificates of chargers are asked for and proven as before.
  const again = await dial(url('CP1'), { tls: { ca: second.cert, ...pem } });
  await again.boot();
  expect((await server.detail()).security).toBe(3);

  await rm(join(folder, 'a.crt'));
  await follower.look();
  expect(told[2]).toMatch(/^certificate-refused .*ENOENT/);
  expect(await shown(port)).toBe(printOf(second));
  follower.stop();
});

test('a charger whose certificate was revoked stays out, with its reason on the radar, until it comes without it', async () => {
  const { own, server, setPassword, url } = await setUp();
  await setPassword('CP1');
  const tls = { ca: own.cert };
  const first = await dial(url('CP1'), { tls, ...withKey('CP1') });
  await first.boot();
  const pem = await certified(first, 'CN=CP1');
  const stationId = (await server.storage.reader.chargePoint('CP1'))?.stationId ?? '';
  const revoked: string[] = [];
  const security = chargerSecurityOver(server.storage.credentials, Date.now, ({ chargePointId }, by) =>
    revoked.push(`${chargePointId} ${by}`),
  );
  const [given] = await security.certificates(stationId);
  const fingerprint = given?.fingerprint ?? '';
  expect(await security.revoke({ stationId: 'elsewhere', fingerprint, by: 'mallory' })).toBe(false);
  expect(await knock(url('CP1'), { tls: { ...tls, ...pem } })).toMatchObject({ ok: true });
  expect(await security.revoke({ stationId, fingerprint, by: 'installer' })).toBe(true);
  expect(await security.revoke({ stationId, fingerprint, by: 'again' })).toBe(false);
  expect(revoked).toEqual(['CP1 installer']);
  expect(await security.certificates(stationId)).toMatchObject([{ revokedBy: 'installer' }]);

  expect(await knock(url('CP1'), { tls: { ...tls, ...pem } })).toMatchObject({ ok: false, status: 401 });
  expect(await knock(url('CP1'), { tls: { ...tls, ...pem }, ...withKey('CP1') })).toMatchObject({ ok: false });
  const { blips, certificates } = await radarOf(server);
  expect(blips.map(({ why }) => why)).toContain('certificate-revoked');
  expect(certificates.map(({ chargePointId }) => chargePointId)).toEqual([null]);
  expect(await server.event('CP1')).toMatchObject({
    kind: 'refused',
    note: expect.stringContaining('certificate-revoked'),
  });

  const second = await dial(url('CP1'), { tls, ...withKey('CP1') });
  await second.boot();
  const renewed = await certified(second, 'CN=CP1');
  await second.close();
  const third = await dial(url('CP1'), { tls: { ...tls, ...renewed } });
  await third.boot();
  expect((await server.detail()).security).toBe(3);
});

test('no text at all makes the authority throw, or sign', async () => {
  const authority = await authorityIn();
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.base64String()), async (text) => {
      expect(await authority.sign(text, ['CP1'], Date.now())).toMatchObject({ ok: false });
      const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${text}\n-----END CERTIFICATE REQUEST-----`;
      expect(await authority.sign(pem, ['CP1'], Date.now())).toMatchObject({ ok: false });
    }),
    { numRuns: 50 },
  );
});

test('the root of the authority is made once, and its key is ours alone to read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-root-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const first = await authorityIn(folder);
  const second = await authorityIn(folder);
  expect(second.root).toBe(first.root);
  expect((await stat(join(folder, 'root.key'))).mode & 0o077).toBe(0);
  await expect(readFile(join(folder, 'root.pem'), 'utf8')).resolves.toContain('BEGIN CERTIFICATE');
});
