import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ANY_PORTS_ENVIRONMENT } from '../fixtures/ports.ts';

type Listed = { readonly chargePoints: readonly { readonly chargePointId: string; readonly linked: boolean }[] };

/** Sixty-four chargers hang up, what they said last is written, and nothing else is waited for. */
const STOP_MS_MAX = 6_000;

/** Everything that the demonstration has said so far, once it says what is looked for. */
async function said(output: NodeJS.ReadableStream, wanted: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of output) {
    text += String(chunk);
    if (wanted.test(text)) return text;
  }
  throw new Error(`the demonstration ended without saying ${wanted}:\n${text}`);
}

test(
  'npm run demo prints its addresses, and sixty chargers arrive by themselves with four kits',
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigie-demo-'));
    const settings = {
      VIGIE_DATABASE: join(folder, 'demo.sqlite'),
      ...ANY_PORTS_ENVIRONMENT,
      VIGIE_HOST: '127.0.0.1',
    };
    const demo = spawn(process.execPath, ['src/demo/main.ts'], {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const text = await said(demo.stdout, /Ctrl-C stops/);
      for (const word of [
        /mainteneur \/ Vigie-demo-2026/,
        /accepted \w+ +blocked \w+ +expired \w+/,
        /ws:\/\/localhost:\d+/,
        /http:\/\/localhost:\d+\/ModuleOCPP15\.svc/,
        /http:\/\/localhost:\d+\/ModuleOCPP16\.svc/,
        /udp:\/\/localhost:\d+/,
      ])
        expect(text).toMatch(word);
      const address = /http:\/\/localhost:(\d+)\/api/.exec(text)?.[1];
      const token = /Bearer (\S+)/.exec(text)?.[1];
      const linked = async () => {
        const answer = await fetch(`http://127.0.0.1:${address}/api/charge-points?size=200`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const { chargePoints } = (await answer.json()) as Listed;
        expect(chargePoints.filter(({ chargePointId }) => chargePointId.startsWith('kit:'))).toHaveLength(4);
        expect(chargePoints).toHaveLength(64);
        return chargePoints.filter((one) => one.linked).length;
      };
      // A few arrive late on purpose.
      await expect.poll(linked, { timeout: 40_000, interval: 500 }).toBeGreaterThan(54);
    } finally {
      const gone = once(demo, 'exit');
      demo.kill('SIGTERM');
      const late = setTimeout(() => demo.kill('SIGKILL'), STOP_MS_MAX);
      expect(await gone, 'ends by itself').toEqual([0, null]);
      clearTimeout(late);
      rmSync(folder, { recursive: true });
    }
  },
);
