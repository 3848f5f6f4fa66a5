import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { Vigie } from '#src/vigie.ts';
import { selfSigned } from '../fixtures/certificates.ts';
import { OPERATOR, startOfficeServer } from '../fixtures/office-server.ts';
import { startServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

/** What a supervisor of processes may wait for. */
const STOP_MS_MAX = 2_000;

function open(kind: 'TCPServerWrap' | 'TCPSocketWrap'): number {
  return process.getActiveResourcesInfo().filter((one) => one === kind).length;
}

/** Every TCP port of a server, those of TLS last. */
function portsOf({ webPort, chargers }: Vigie) {
  const { drop, edges, tlsPort } = chargers;
  const soap = ['ocpp-1.5-soap', 'ocpp-1.6-soap'].map((protocol) => edges.get(protocol as 'ocpp-1.5-soap'));
  const twins = soap.map((edge) => (edge !== undefined && 'tlsPort' in edge ? Number(edge.tlsPort) : 0));
  return {
    json: chargers.portOf('ocpp-1.6-json'),
    ftp: drop?.ftpPort ?? 0,
    plain: [webPort, chargers.portOf('ocpp-1.6-json'), ...soap.map((edge) => edge?.port ?? 0), drop?.httpPort ?? 0],
    tls: [tlsPort ?? 0, ...twins],
  };
}

/** A client that never hangs up by itself, and what it has heard. */
class Stubborn {
  readonly socket: Socket;
  heard = '';

  constructor(socket: Socket, says = '') {
    this.socket = socket;
    socket.on('data', (chunk) => (this.heard += String(chunk)));
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.destroy());
    if (says !== '') socket.write(says);
    onTestFinished(() => void socket.destroy());
  }

  static at(port: number, says = ''): Stubborn {
    return new Stubborn(connect({ port, host: '127.0.0.1', allowHalfOpen: true }), says);
  }

  hears(wanted: RegExp): Promise<RegExpExecArray> {
    return until(String(wanted), () => wanted.exec(this.heard));
  }
}

function upgrade(path: string, subprotocol: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: vigie',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${subprotocol}`,
    '\r\n',
  ].join('\r\n');
}

test('what listened for chargers listens no more once the server has stopped', async () => {
  const before = open('TCPServerWrap');
  const server = await startServer({ certificate: await selfSigned() });
  // OCPP-J, SOAP 1.5 and 1.6 with their TLS twins; the drop by HTTP and by FTP.
  expect(open('TCPServerWrap') - before).toBe(8);
  await server.stop();
  expect(open('TCPServerWrap')).toBe(before);
});

test('a server stops within two seconds, whoever holds on to it and wherever', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-stop-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { cert, key } = await selfSigned();
  const [tlsCertificate, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(tlsCertificate, cert);
  await writeFile(tlsKey, key);
  const before = [open('TCPServerWrap'), open('TCPSocketWrap')];
  const server = await startOfficeServer({
    tlsCertificate,
    tlsKey,
    ocppJsonTlsPort: 0,
    ocppSoap15TlsPort: 0,
    ocppSoap16TlsPort: 0,
    welcomeStrangers: false,
  });
  const { json, ftp, plain, tls } = portsOf(server.vigie);
  const everywhere = [...plain, ...tls, ftp];
  expect(new Set(everywhere.filter((port) => port > 0)).size).toBe(9);

  const clients = [
    // Says nothing; on a port of TLS its handshake never begins.
    ...everywhere.map((port) => Stubborn.at(port)),
    ...tls.map((port) => new Stubborn(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }))),
    ...plain.map((port) => Stubborn.at(port, 'POST /x HTTP/1.1\r\nHost: vigie\r\nContent-Length: 100\r\n\r\nhalf')),
  ];
  const refused = Stubborn.at(json, upgrade('/NOBODY', 'ocpp1.6'));
  await refused.hears(/^HTTP\/1.1 404/);
  const sentAway = Stubborn.at(json, upgrade('/PON-1', 'ocpp2.0.1'));
  await sentAway.hears(/^HTTP\/1.1 101/);
  const charger = Stubborn.at(json, upgrade('/PON-1', 'ocpp1.6'));
  await charger.hears(/^HTTP\/1.1 101/);
  const page = Stubborn.at(
    server.vigie.webPort,
    `GET /fleet/PON-1/live HTTP/1.1\r\nHost: vigie\r\nCookie: ${await server.cookie(OPERATOR)}\r\n\r\n`,
  );
  await page.hears(/text\/event-stream/);

  const of = { commandId: 'c1', chargePointId: 'PON-1', calledAs: '127.0.0.1', protocol: 'ftp' } as const;
  const address = new URL(
    (await server.vigie.chargers.drop?.files.offerLog({ ...of, fromMs: null, toMs: null })) ?? '',
  );
  const control = Stubborn.at(ftp, `USER ${address.username}\r\nPASS ${address.password}\r\nEPSV\r\n`);
  const [, dataPort] = await control.hears(/\|\|\|(\d+)\|/);
  const data = Stubborn.at(Number(dataPort), 'the first half of a log');
  control.socket.write(`STOR ${address.pathname}\r\n`);
  await control.hears(/^150/m);

  const startedMs = performance.now();
  await server.stop();
  expect(performance.now() - startedMs).toBeLessThan(STOP_MS_MAX);
  const all = [...clients, refused, sentAway, charger, page, control, data];
  await until('every client is cut off', () => all.every(({ socket }) => socket.destroyed));
  await until('nothing is open', () => open('TCPServerWrap') === before[0] && open('TCPSocketWrap') === before[1]);
});
