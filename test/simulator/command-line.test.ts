import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
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

test('npm run simulate drives chargers against a server in bad weather, and sums it up', async () => {
  const server = await startServer({ welcomeStrangers: true });
  const url = `ws://127.0.0.1:${server.port}`;
  const options = {
    chargers: '4',
    prefix: 'STORM-',
    for: '6',
    delay: '20',
    skew: '600',
    duplicates: '30',
    speed: '60',
  };
  const args = Object.entries({ url, ...options }).map(([name, value]) => `--${name}=${value}`);
  const { code, said } = await simulate(args);
  expect(code).toBe(0);
  const [, opened = '0'] = /links +opened (\d+)/.exec(said) ?? [];
  expect(Number(opened)).toBeGreaterThan(0);
  expect(said).toMatch(/calls +sent \d+, answered [1-9]/);
  expect(said).toMatch(/doubled [1-9]/);
  // Its clock is ten minutes ahead, and the server has found out.
  expect((await server.events('clock-skew')).length).toBeGreaterThan(0);
  expect((await server.events('BootNotification')).length).toBeGreaterThan(0);
}, 60_000);

test('it says what it does, and what is wrong with a command line', async () => {
  expect(await simulate(['--help'])).toMatchObject({ code: 0, said: expect.stringContaining('--duplicates') });
  for (const wrong of ['--loss=80', '--protocol=telegraph', '--nonsense', '--chargers=0', '--url=nowhere']) {
    const { code, said } = await simulate([wrong]);
    expect({ wrong, code }).toEqual({ wrong, code: 2 });
    expect(said).toContain('npm run simulate -- [options]');
  }
}, 60_000);
