import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { knock } from '../fixtures/charger.ts';
import { ANY_PORTS_ENVIRONMENT } from '../fixtures/ports.ts';

type Ready = { readonly webPort: number; readonly ocppJsonPort: number };
type Started = { readonly process: ChildProcess; readonly ready: Promise<Ready | null> };

/** `npm start`, until it says that it is ready; null when it ended without. */
function start(settings: Record<string, string>): Started {
  const server = spawn(process.execPath, ['src/main.ts'], {
    env: { ...process.env, VIGIE_HOST: '127.0.0.1', ...settings },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const ready = (async () => {
    for await (const line of createInterface({ input: server.stdout })) {
      const said = JSON.parse(line) as Ready & { msg: string };
      if (said.msg === 'ready') return said;
    }
    return null;
  })();
  return { process: server, ready };
}

test(
  'a second start by mistake leaves a running server alone; one on other ports takes the file over',
  { timeout: 40_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vigie-start-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const database = { VIGIE_DATABASE: join(folder, 'vigie.sqlite') };
    const any = ANY_PORTS_ENVIRONMENT;
    const first = start({ ...database, ...any });
    const ports = await first.ready;
    if (ports === null) throw new Error('the first server did not start');

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
