import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { freshPath, until } from './files.ts';

const KILLS = 3;
const ACKS_BEFORE_KILL = 400;

function startWriter(path: string): { readonly child: ChildProcess; readonly lines: string[] } {
  const script = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { child, lines };
}

/** The highest version that was acknowledged to each actor. */
function acknowledged(lines: readonly string[]): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  for (const line of lines) {
    const [word, actorId, version] = line.split(' ');
    if (word === 'ack' && actorId !== undefined) highest.set(actorId, Number(version));
  }
  return highest;
}

test(
  'field-06: killing the process during its commits loses nothing that was acknowledged',
  { timeout: 60_000 },
  async () => {
    const path = await freshPath();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, lines } = startWriter(path);
      await until(() => lines.length > ACKS_BEFORE_KILL * (kill + 1));
      child.kill('SIGKILL');
      await once(child, 'close');
      const storage = await openSqlite({ path, node: 'test' });
      for (const [actorId, version] of acknowledged(lines)) {
        const [claim] = await storage.actors.claimMany([actorId]);
        expect(claim!.version).toBeGreaterThanOrEqual(version);
        expect(claim!.state).toEqual({ version: claim!.version });
        // One entry per version, no more and no less: a commit is there as a whole.
        expect(await storage.reader.ledger(actorId, 1_000_000)).toHaveLength(claim!.version);
      }
      await storage.close();
    }
  },
);

test(
  'a process whose file is opened by another one stops writing, and the other reads what it had',
  { timeout: 30_000 },
  async () => {
    const path = await freshPath();
    const { child, lines } = startWriter(path);
    const closed = once(child, 'close');
    await until(() => lines.length > 50);
    const storage = await openSqlite({ path, node: 'test' });
    onTestFinished(() => storage.close());
    const claims = await storage.actors.claimAll('a/');
    const [code] = (await closed) as [number];
    expect(code).toBe(0);
    await until(() => lines.filter((line) => line === 'fenced').length === 20);
    expect(lines.every((line) => line === 'fenced' || line.startsWith('ack '))).toBe(true);
    expect(await storage.actors.claimAll('a/')).toEqual(claims);
    for (const { actorId, version } of claims)
      expect(version).toBeGreaterThanOrEqual(acknowledged(lines).get(actorId) ?? 0);
  },
);
