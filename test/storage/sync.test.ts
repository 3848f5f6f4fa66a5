import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { seededChance } from '#src/simulator/chance.ts';

import { databasePath, openedStorage } from './files.ts';
import { aCommit, anEvent, claimed } from './rows.ts';

const COMMITS = 60;

/** What a disk has of a database: its files as they were when it was asked for the last time that it said yes. */
function diskOf(path: string) {
  const kept = join(dirname(path), 'kept.sqlite');
  let copies = 0;
  let latest: string | null = null;
  return {
    async sync(takesMs: number): Promise<void> {
      const copy = `${kept}-${++copies}`;
      copyFileSync(path, copy);
      copyFileSync(`${path}-wal`, `${copy}-wal`);
      await pause(takesMs);
      latest = copy;
    },
    /** The names of the events that are there after a power cut. */
    afterPowerCut(): readonly unknown[] {
      if (latest === null) return [];
      const file = new Database(latest);
      try {
        return file.prepare('select name from event').pluck().all();
      } finally {
        file.close();
      }
    },
  };
}

test('field-06: whatever was answered is there after a power cut, and the snapshots with it', async () => {
  const path = await databasePath();
  const disk = diskOf(path);
  const chance = seededChance(7);
  const { storage } = await openedStorage(path, { syncFile: () => disk.sync(Math.floor(chance() * 8)) });
  const fence = await claimed(storage, 'a/1');
  const commits = Array.from({ length: COMMITS }, async (_, n) => {
    await pause(Math.floor(chance() * 60));
    const rows = [{ type: 'event', event: anEvent({ name: `word-${n}` }) }] as const;
    expect(await storage.actors.commit({ fence, snapshot: null, rows })).toBe('ok');
    expect(disk.afterPowerCut()).toContain(`word-${n}`);
  });
  await Promise.all(commits);
  expect(storage.actors.health().groups).toBeLessThan(COMMITS);
});

test('a disk that takes its time is waited for by who is told of it alone, and then takes all that came meanwhile', async () => {
  let yes: (() => void) | null = null;
  const slow = () => new Promise<void>((resolve) => (yes = resolve));
  const { storage } = await openedStorage(await databasePath(), { syncFile: slow });
  const claims = await storage.actors.claimMany(['a/1', 'a/2', 'a/3']);
  const [first, ...others] = claims;
  if (first === undefined) throw new Error('three were claimed');
  const told: string[] = [];
  const commit = (claim: (typeof claims)[number]) =>
    storage.actors.commit(aCommit(claim, 'state')).then(() => void told.push(claim.actorId));
  const begun = commit(first);
  await expect.poll(() => yes).not.toBeNull();
  const rest = others.map(commit);
  // Pages read on meanwhile.
  expect(await claimed(storage, 'a/1')).toMatchObject({ state: 'state' });
  expect(told).toEqual([]);
  const finish = async (all: Promise<unknown>) => {
    const done = all.then(() => true);
    while (!(await Promise.race([done, pause(1, false)]))) yes?.();
  };
  await finish(begun);
  expect(told).toEqual(['a/1']);
  await finish(Promise.all(rest));
  expect(storage.actors.health()).toMatchObject({ commits: 3, groups: 2 });
  await finish(storage.close());
});

test('field-06: what a disk refuses to take is refused, and nothing is written until it has all of that', async () => {
  let refusing = true;
  const refused = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
  const failures: string[] = [];
  const { storage, connection } = await openedStorage(await databasePath(), {
    onFailure: ({ code }) => failures.push(code),
    syncFile: (file) => (refusing ? Promise.reject(refused) : file.datasync()),
  });
  const claim = await claimed(storage, 'a/1');
  await expect(storage.actors.commit(aCommit(claim, 'one'))).rejects.toMatchObject({
    kind: 'outcome-unknown',
    code: 'EIO',
  });
  expect(failures).toEqual(['EIO']);
  expect(storage.actors.health()).toMatchObject({ writable: false, groups: 0 });
  refusing = false;
  // Somebody who reads holds the log: it cannot be emptied, and what it has is not known to be on the disk.
  const reader = new Database(connection.name, { readonly: true });
  onTestFinished(() => void reader.close());
  reader.exec('begin');
  reader.prepare('select count(*) from event').get();
  const again = await claimed(storage, 'a/1');
  await expect(storage.actors.commit(aCommit(again, 'two'))).rejects.toMatchObject({ kind: 'outcome-unknown' });
  reader.exec('commit');
  await expect.poll(() => storage.actors.health().writable, { timeout: 5_000 }).toBe(true);
  expect(await storage.actors.commit(aCommit(await claimed(storage, 'a/1'), 'three'))).toBe('ok');
});
