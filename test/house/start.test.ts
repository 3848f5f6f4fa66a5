import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { knock } from '../fixtures/charger.ts';
import { selfSigned } from '../fixtures/certificates.ts';
import { ANY_PORTS_ENVIRONMENT } from '../fixtures/ports.ts';
import { until } from '../fixtures/until.ts';

type Ready = { readonly webPort: number; readonly ocppJsonPort: number };
type Started = {
  readonly process: ChildProcess;
  readonly ready: Promise<Ready | null>;
  /** The messages of its log after that. */
  readonly said: string[];
};

/** `npm start`, until it says that it is ready; null when it ended without. */
function start(settings: Record<string, string>): Started {
  const server = spawn(process.execPath, ['src/main.ts'], {
    env: { ...process.env, VIGIE_HOST: '127.0.0.1', ...settings },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const said: string[] = [];
  const ready = new Promise<Ready | null>((resolve) => {
    const lines = createInterface({ input: server.stdout });
    lines.on('line', (text) => {
      const line = JSON.parse(text) as Ready & { msg: string };
      said.push(line.msg);
      if (line.msg === 'ready') resolve(line);
    });
    lines.on('close', () => resolve(null));
  });
  return { process: server, ready, said };
}

test(
  'a second start by mistake leaves a running server alone; one on other ports takes the file over',
  { timeout: 40_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vigie-start-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const database = { VIGIE_DATABASE: join(folder, 'vigie.sqlite') };
    const any = ANY_PORTS_ENVIRONMENT;
    const pem = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const [own, renewed] = [await selfSigned(), await selfSigned('CN=renewed')];
    const tls = {
      VIGIE_TLS_CERTIFICATE: await pem('own.crt', own.cert),
      VIGIE_TLS_KEY: await pem('own.key', own.key),
      VIGIE_OCPP_JSON_TLS_PORT: '0',
      VIGIE_OCPP_SOAP15_TLS_PORT: 'off',
      VIGIE_OCPP_SOAP16_TLS_PORT: 'off',
    };
    const first = start({ ...database, ...any, ...tls });
    const ports = await first.ready;
    if (ports === null) throw new Error('the first server did not start');

    // field-27: told so, it looks at its certificates, and goes on.
    await pem('own.crt', renewed.cert);
    await pem('own.key', renewed.key);
    first.process.kill('SIGHUP');
    await until('the certificate to be renewed', () => first.said.includes('certificate-renewed'));

    const mistake = start({
      ...database,
      VIGIE_WEB_PORT: String(ports.webPort),
      VIGIE_OCPP_JSON_PORT: String(ports.ocppJsonPort),
    });
    expect(await mistake.ready).toBeNull();
    expect(mistake.process.exitCode ?? (await once(mistake.process, 'exit'))[0]).not.toBe(0);
    const health = await fetch(`http://127.0.0.1:${ports.webPort}/readyz`);
    expect(health.status).toBe(200);

    const gone = once(first.process, 'exit');
    const heir = start({ ...database, ...any });
    expect(await heir.ready).not.toBeNull();
    // The first one notices at its next word to the disk: here, that a stranger was refused.
    await knock(`ws://127.0.0.1:${ports.ocppJsonPort}/STRANGER`);
    expect((await gone)[0]).toBe(1);
  },
);
