import { expect, test } from 'vitest';
import { openMemory } from '#src/storage/memory/open.ts';
import { aCommit, claimed } from './rows.ts';

test('engine rule 2: a commit that fails before writing and one that fails after look alike to their writer', async () => {
  const storage = openMemory({ now: () => 5 });
  const claim = await claimed(storage, 'a/1');
  storage.failNextCommits(1, 'before');
  await expect(storage.actors.commit(aCommit(claim, 'lost'))).rejects.toMatchObject({ kind: 'outcome-unknown' });
  expect(await claimed(storage, 'a/1')).toMatchObject({ version: 0, state: null });
  storage.failNextCommits(1, 'after');
  await expect(storage.actors.commit(aCommit(claim, 'kept'))).rejects.toMatchObject({ kind: 'outcome-unknown' });
  expect(storage.actors.health()).toMatchObject({ writable: false, failedSinceMs: 5 });
  expect(await claimed(storage, 'a/1')).toMatchObject({ version: 1, state: 'kept' });
  expect(await storage.actors.commit(aCommit(await claimed(storage, 'a/1'), 'next'))).toBe('ok');
  expect(storage.actors.health()).toMatchObject({ writable: true, lastError: null });
});

test('what another process opens on the same disk has its rows, its epoch, and none of its failures to come', async () => {
  const storage = openMemory({ now: () => 5 });
  await storage.actors.commit(aCommit(await claimed(storage, 'a/1'), { kept: true }));
  storage.failNextCommits(9, 'before');
  const next = storage.reopen();
  expect(await claimed(next, 'a/1')).toMatchObject({ epoch: 2, version: 1, state: { kept: true } });
  expect(await next.actors.commit(aCommit(await claimed(next, 'a/1'), 2))).toBe('ok');
});
