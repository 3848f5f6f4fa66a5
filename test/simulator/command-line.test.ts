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

test('npm run simulate drives chargers of every protocol against a server in bad weather, and sums it up', async () => {
  const server = await startServer({ welcomeStrangers: true });
  const kits = join(server.folder, 'kits.txt');
  await writeFile(
    kits,
    ['# two of them', ...['K-1', 'K-2'].map((one) => `${one} ${KIT_KEY.toString('hex')}`)].join('\n'),
  );
  const protocol = 'ocpp-1.6-json,ocpp-1.6-soap,ocpp-1.5-soap,lafonpulse';
  const url = [
    `ws://127.0.0.1:${server.port}`,
    server.soapUrl('1.6'),
    server.soapUrl('1.5'),
    `udp://127.0.0.1:${server.side.portOf('lafonpulse')}`,
  ].join(',');
  const weather = { for: '7', delay: '20', skew: '600', duplicates: '30', speed: '60' };
  const options = { protocol, url, kits, chargers: '1', prefix: 'STORM-', ...weather };
  const { code, said } = await simulate(Object.entries(options).map(([name, value]) => `--${name}=${value}`));
  expect(code, said).toBe(0);
  expect(said).toContain('4 chargers dial');
  expect(said).toMatch(/links +opened [1-9]/);
  expect(said).toMatch(/calls +sent \d+, answered [1-9]/);
  expect(said).toMatch(/doubled [1-9]/);
  // Their clocks are ten minutes ahead, and the server has found out.
  for (const name of ['clock-skew', 'BootNotification']) {
    const ids = (await server.events(name)).map(({ chargePointId }) => chargePointId);
    expect(ids).toEqual(expect.arrayContaining(['STORM-1', 'STORM-2', 'STORM-3', 'K-1']));
  }
  const spoken = ['STORM-1', 'STORM-2', 'STORM-3', 'K-1'].map(async (id) => (await server.detail(id)).protocol);
  expect(await Promise.all(spoken)).toEqual(protocol.split(','));
}, 60_000);

test('it says what it does, and what is wrong with a command line', async () => {
  expect(await simulate(['--help'])).toMatchObject({ code: 0, said: expect.stringContaining('--duplicates') });
  const wrong = [
    '--loss=80',
    '--protocol=telegraph',
    '--protocol=ocpp-1.6-json,ocpp-1.6-json',
    '--protocol=ocpp-1.6-json,ocpp-1.5-soap --url=ws://localhost',
    '--nonsense',
    '--chargers=0',
    '--url=nowhere',
    '--protocol=lafonpulse',
  ];
  const ends = await Promise.all(wrong.map((line) => simulate(line.split(' '))));
  for (const [index, { code, said }] of ends.entries()) {
    expect({ line: wrong[index], code }).toEqual({ line: wrong[index], code: 2 });
    expect(said).toContain('npm run simulate -- [options]');
  }
}, 60_000);
