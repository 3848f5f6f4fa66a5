import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { KIT_KEY } from '../fixtures/kit-key.ts';
import { startServer } from '../fixtures/server.ts';

const ENTRY = fileURLToPath(new URL('../../src/simulator/main.ts', import.meta.url));

async function simulate(args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [ENTRY, ...args]);
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += String(data)));
  child.stderr.on('data', (data: Buffer) => (said += String(data)));
  const [code] = (await once(child, 'exit')) as [number];
  return { code, said };
}

test('npm run simulate drives chargers and Pulse kits against a server in bad weather, and sums it up', async () => {
  const server = await startServer({ welcomeStrangers: true });
  const kits = join(server.folder, 'kits.txt');
  await writeFile(
    kits,
    ['# two of them', ...['K-1', 'K-2'].map((one) => `${one} ${KIT_KEY.toString('hex')}`)].join('\n'),
  );
  const weather = { for: '6', delay: '20', skew: '600', duplicates: '30', speed: '60' };
  const fleets = [
    { url: `ws://127.0.0.1:${server.port}`, chargers: '4', prefix: 'STORM-' },
    { protocol: 'lafonpulse', url: `udp://127.0.0.1:${server.side.portOf('lafonpulse')}`, kits },
  ];
  const runs = await Promise.all(
    fleets.map((fleet) =>
      simulate(Object.entries({ ...fleet, ...weather }).map(([name, value]) => `--${name}=${value}`)),
    ),
  );
  for (const { code, said } of runs) {
    expect(code).toBe(0);
    expect(said).toMatch(/links +opened [1-9]/);
    expect(said).toMatch(/calls +sent \d+, answered [1-9]/);
    expect(said).toMatch(/doubled [1-9]/);
  }
  expect(runs[1]?.said).toContain('2 chargers dial');
  // Their clocks are ten minutes ahead, and the server has found out.
  for (const name of ['clock-skew', 'BootNotification']) {
    const ids = (await server.events(name)).map(({ chargePointId }) => chargePointId);
    expect(ids).toEqual(expect.arrayContaining(['STORM-1', 'K-1']));
  }
}, 60_000);

test('it says what it does, and what is wrong with a command line', async () => {
  expect(await simulate(['--help'])).toMatchObject({ code: 0, said: expect.stringContaining('--duplicates') });
  for (const wrong of [
    '--loss=80',
    '--protocol=telegraph',
    '--nonsense',
    '--chargers=0',
    '--url=nowhere',
    '--protocol=lafonpulse',
  ]) {
    const { code, said } = await simulate([wrong]);
    expect({ wrong, code }).toEqual({ wrong, code: 2 });
    expect(said).toContain('npm run simulate -- [options]');
  }
}, 60_000);
