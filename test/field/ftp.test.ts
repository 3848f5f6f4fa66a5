import { connect } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { Client } from 'basic-ftp';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

const CONTENT = Buffer.alloc(200_000, 'firmware ');

async function offered(server: TestServer, kind: 'firmware' | 'log'): Promise<URL> {
  const { calledAs } = await server.detail();
  const of = { commandId: 'c1', chargePointId: 'CP1', calledAs, protocol: 'ftp' } as const;
  const location =
    kind === 'log'
      ? await server.files.offerLog({ ...of, fromMs: null, toMs: null })
      : await server.files.offerFirmware({ ...of, firmwareId: await server.firmware(CONTENT) });
  return new URL(location ?? 'none:');
}

/** A client that nobody here wrote. */
async function client(at: URL, password = at.password): Promise<Client> {
  const ftp = new Client(5_000);
  onTestFinished(() => ftp.close());
  await ftp.access({ host: at.hostname, port: Number(at.port), user: at.username, password });
  return ftp;
}

async function downloaded(ftp: Client, path: string, from = 0): Promise<Buffer> {
  const sink = new PassThrough();
  const chunks: Buffer[] = [];
  sink.on('data', (chunk: Buffer) => chunks.push(chunk));
  await ftp.downloadTo(sink, path, from);
  return Buffer.concat(chunks);
}

test('field-40: a charger that knows only FTP fetches its software, and goes on where it was cut', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  const at = await offered(server, 'firmware');
  await server.command('c1', { action: 'UpdateFirmware', location: at.href, retrieveDate: new Date().toISOString() });
  const call = await charger.nextCall();
  expect(call.payload['location']).toBe(at.href);
  charger.reply(call.id, {});
  const ftp = await client(at);
  expect(await ftp.size(at.pathname)).toBe(CONTENT.length);
  expect((await downloaded(ftp, at.pathname)).equals(CONTENT)).toBe(true);
  expect((await downloaded(ftp, at.pathname, 150_000)).equals(CONTENT.subarray(150_000))).toBe(true);
  await server.commandIn('c1', 'transferred');
  expect(JSON.stringify(await server.detail())).not.toContain(at.password);
});

test('field-40: a charger leaves its log by FTP once; a wrong key, another charger and the wrong way get nothing', async () => {
  const server = await startServer();
  await server.booted('CP1');
  const at = await offered(server, 'log');
  await expect((await client(at, 'guessed')).uploadFrom(Readable.from(['x']), '/CP1/a.log')).rejects.toThrow('530');
  await expect((await client(at)).uploadFrom(Readable.from(['x']), '/CP2/a.log')).rejects.toThrow('550');
  await expect(downloaded(await client(at), '/CP1/a.log')).rejects.toThrow('550');
  await (await client(at)).uploadFrom(Readable.from(['what happened']), '/CP1/diag.log');
  await until('the log', async () => (await server.files.log('c1'))?.bytes === 13);
  await expect((await client(at)).uploadFrom(Readable.from(['again']), '/CP1/b.log')).rejects.toThrow('550');
});

test('no text at all makes the FTP drop fall, or answer without a code', async () => {
  const server = await startServer();
  const port = server.side.drop?.ftpPort ?? 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ maxLength: 40 }), { maxLength: 10 }), async (lines) => {
      const socket = connect(port, '127.0.0.1');
      const heard: string[] = [];
      socket.on('data', (data) => heard.push(String(data)));
      socket.on('error', () => undefined);
      socket.end(`${lines.join('\r\n')}\r\nQUIT\r\n`);
      await new Promise((resolve) => socket.once('close', resolve));
      for (const line of heard.join('').split('\r\n').filter(Boolean)) expect(line).toMatch(/^(?:\d{3}[ -]| )/);
    }),
    { numRuns: 30 },
  );
  expect(server.errors).toEqual([]);
});
