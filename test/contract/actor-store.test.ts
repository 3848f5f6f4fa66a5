import { describe, expect, test } from 'vitest';
import { StorageFailure } from '#src/storage/failure.ts';
import { aCommit, aStation, allLevels, anEntry, anEvent, claimed, storeRows } from '../storage/rows.ts';
import { STORAGES } from './implementations.ts';

describe.each(STORAGES)('the store of actors on $name', ({ open }) => {
  describe('snapshots and versions', () => {
    test('an actor that never stored anything is claimed at version 0 without a state', async () => {
      const { storage } = await open();
      const claims = await storage.actors.claimMany(['a/1', 'a/2']);
      expect(claims.map(({ actorId, version, schema, state }) => ({ actorId, version, schema, state }))).toEqual([
        { actorId: 'a/1', version: 0, schema: 0, state: null },
        { actorId: 'a/2', version: 0, schema: 0, state: null },
      ]);
    });

    test('each commit of a snapshot adds one to the version and keeps the latest state', async () => {
      const { storage } = await open();
      const claim = await claimed(storage, 'a/1');
      expect(await storage.actors.commit(aCommit(claim, { step: 1 }))).toBe('ok');
      expect(await storage.actors.commit(aCommit({ ...claim, version: 1 }, { step: 2, deep: ['é', null] }))).toBe('ok');
      expect(await claimed(storage, 'a/1')).toMatchObject({
        version: 2,
        schema: 1,
        state: { step: 2, deep: ['é', null] },
      });
    });

    test('a commit at a version that the actor has left is fenced and writes none of its rows', async () => {
      const { storage } = await open();
      const claim = await claimed(storage, 'a/1');
      const event = { type: 'event', event: anEvent() } as const;
      const results = await Promise.all([
        storage.actors.commit(aCommit(claim, 'first', [event])),
        storage.actors.commit(aCommit(claim, 'second', [event])),
        storage.actors.commit(aCommit({ ...claim, version: 7 }, 'third', [event])),
        storage.actors.commit(aCommit({ ...claim, actorId: 'a/2', version: 3 }, 'never stored', [event])),
      ]);
      expect(results).toEqual(['ok', 'fenced', 'fenced', 'fenced']);
      expect(await claimed(storage, 'a/1')).toMatchObject({ version: 1, state: 'first' });
      expect(await storage.reader.events({ levels: allLevels, limit: 9 })).toHaveLength(1);
    });

    test('a commit without a snapshot leaves the version and asks only for the epoch', async () => {
      const { storage } = await open();
      const claim = await claimed(storage, 'a/1');
      await storage.actors.commit(aCommit(claim, 'state'));
      const rows = [{ type: 'event', event: anEvent() }] as const;
      expect(await storage.actors.commit({ fence: claim, snapshot: null, rows })).toBe('ok');
      expect(await storage.actors.commit({ fence: { ...claim, epoch: claim.epoch - 1 }, snapshot: null, rows })).toBe(
        'fenced',
      );
      expect(await claimed(storage, 'a/1')).toMatchObject({ version: 1 });
    });

    test('what nobody waits for is written by itself, or with the next commit, in the order in which it came', async () => {
      const { storage } = await open();
      const fence = await claimed(storage, 'a/1');
      const commit = (name: string) =>
        ({ fence, snapshot: null, rows: [{ type: 'event', event: anEvent({ name }) }] }) as const;
      const failures: unknown[] = [];
      const lazily = (name: string) => storage.actors.commitLazily(commit(name), (error) => failures.push(error));
      const written = async () =>
        (await storage.reader.events({ levels: allLevels, limit: 9 })).map(({ name }) => name);
      lazily('alone');
      await expect.poll(written).toEqual(['alone']);
      lazily('before');
      expect(await storage.actors.commit(commit('waited for'))).toBe('ok');
      expect(await written()).toEqual(['waited for', 'before', 'alone']);
      lazily('at a drain');
      await storage.actors.drain();
      expect(await written()).toEqual(['at a drain', 'waited for', 'before', 'alone']);
      expect(failures).toEqual([]);
    });

    test('what nobody waits for tells when it cannot be written', async () => {
      const { storage } = await open();
      const fence = await claimed(storage, 'a/1');
      await storage.close();
      await expect(
        new Promise((_, failed) => storage.actors.commitLazily({ fence, snapshot: null, rows: [] }, failed)),
      ).rejects.toMatchObject({ name: 'StorageFailure', kind: 'closed' });
    });

    test('a state is a copy: what is changed after its commit, or in what was read, stays outside', async () => {
      const { storage } = await open();
      const claim = await claimed(storage, 'a/1');
      const state = { list: [1] };
      await storage.actors.commit(aCommit(claim, state));
      state.list.push(2);
      const read = await claimed(storage, 'a/1');
      (read.state as typeof state).list.push(3);
      expect((await claimed(storage, 'a/1')).state).toEqual({ list: [1] });
    });

    test('all actors of a prefix are claimed in order, and no others', async () => {
      const { storage } = await open();
      for (const id of [
        'connector/CP1/2',
        'connector/CP1/1',
        'connector/CP10/1',
        'connector0',
        'charge-point/CP1',
        'connector/É/1',
      ]) {
        await storage.actors.commit(aCommit(await claimed(storage, id), id));
      }
      const ids = async (prefix: string) => (await storage.actors.claimAll(prefix)).map(({ actorId }) => actorId);
      expect(await ids('connector/')).toEqual([
        'connector/CP1/1',
        'connector/CP1/2',
        'connector/CP10/1',
        'connector/É/1',
      ]);
      expect(await ids('connector/CP1/')).toEqual(['connector/CP1/1', 'connector/CP1/2']);
      expect(await ids('nobody/')).toEqual([]);
      expect(await storage.actors.claimAll('charge-point/')).toMatchObject([
        { version: 1, schema: 1, state: 'charge-point/CP1' },
      ]);
    });
  });

  describe('fencing by another process', () => {
    test('who opens the file takes its epoch, and whoever had it writes nothing any more', async () => {
      const { storage, openAgain } = await open();
      const claim = await claimed(storage, 'a/1');
      await storage.actors.commit(aCommit(claim, 'mine'));
      expect(await storage.actors.verify({ ...claim, version: 1 })).toBe(true);
      const next = await openAgain();
      expect(await storage.actors.verify({ ...claim, version: 1 })).toBe(false);
      const rows = [{ type: 'event', event: anEvent() }] as const;
      expect(await storage.actors.commit(aCommit({ ...claim, version: 1 }, 'late', rows))).toBe('fenced');
      expect(await storage.actors.commit({ fence: claim, snapshot: null, rows })).toBe('fenced');
      storage.note(anEvent());
      await storage.actors.drain();
      expect(storage.actors.health()).toMatchObject({ fenced: true, writable: false });
      expect(await claimed(next, 'a/1')).toMatchObject({ version: 1, state: 'mine', epoch: claim.epoch + 1 });
      expect(await next.reader.events({ levels: allLevels, limit: 9 })).toEqual([]);
    });

    test('a fenced process claims nothing, declares nothing and hands out no ids', async () => {
      const { storage, openAgain } = await open();
      await openAgain();
      await expect(storage.actors.claimMany(['a/1'])).rejects.toThrow(StorageFailure);
      await expect(storage.actors.claimAll('a/')).rejects.toMatchObject({ kind: 'fenced' });
      await expect(storage.registry.putStation(aStation())).rejects.toMatchObject({ kind: 'fenced' });
      await expect(storage.actors.heard(new Map([['cp1', 1]]))).rejects.toMatchObject({ kind: 'fenced' });
      await expect(storage.actors.transactionIds(1)).rejects.toMatchObject({ kind: 'fenced' });
    });

    test('a claim of an earlier opening is worth nothing to a later one', async () => {
      const { storage, openAgain } = await open();
      const claim = await claimed(storage, 'a/1');
      await storage.actors.commit(aCommit(claim, 'old'));
      const next = await openAgain();
      expect(await next.actors.commit(aCommit({ ...claim, version: 1 }, 'stale'))).toBe('fenced');
      expect(await next.actors.verify({ ...claim, version: 1 })).toBe(false);
      expect(await next.actors.commit(aCommit(await claimed(next, 'a/1'), 'new'))).toBe('ok');
    });

    test('a commit after closing is rejected', async () => {
      const { storage } = await open();
      const claim = await claimed(storage, 'a/1');
      await storage.close();
      await expect(storage.actors.commit(aCommit(claim, 1))).rejects.toMatchObject({ kind: 'closed' });
    });
  });

  describe('groups', () => {
    test('engine rule 5: a duplicate inside a group is told alone, the others of its group are on disk', async () => {
      const { storage } = await open();
      const [a, b, c] = await storage.actors.claimMany(['a/1', 'a/2', 'a/3']);
      const entry = { type: 'ledger-entry', entry: anEntry() } as const;
      const results = await Promise.all([
        storage.actors.commit(aCommit(a!, 'a', [entry])),
        storage.actors.commit(aCommit(b!, 'b', [{ type: 'event', event: anEvent() }, entry])),
        storage.actors.commit(aCommit(c!, 'c', [{ type: 'ledger-entry', entry: anEntry({ key: 'top-up/2' }) }])),
      ]);
      expect(results).toEqual(['ok', 'duplicate', 'ok']);
      const versions = (await storage.actors.claimMany(['a/1', 'a/2', 'a/3'])).map(({ version }) => version);
      expect(versions).toEqual([1, 0, 1]);
      expect(await storage.reader.events({ levels: allLevels, limit: 9 })).toEqual([]);
      expect((await storage.reader.ledger('w1', 9)).map(({ key }) => key)).toEqual(['top-up/2', 'top-up/1']);
    });

    test('a commit that no disk could take is rejected alone', async () => {
      const { storage } = await open();
      const [a, b] = await storage.actors.claimMany(['a/1', 'a/2']);
      const half = { type: 'event', event: anEvent({ atMs: 0.5 }) } as const;
      const [bad, good] = await Promise.allSettled([
        storage.actors.commit(aCommit(a!, 'a', [half])),
        storage.actors.commit(aCommit(b!, 'b')),
      ]);
      expect(bad.status).toBe('rejected');
      expect(good).toEqual({ status: 'fulfilled', value: 'ok' });
      expect(await claimed(storage, 'a/1')).toMatchObject({ version: 0 });
      expect(storage.actors.health()).toMatchObject({ writable: true, lastError: null });
    });

    test('the events of one commit keep the order of its rows, and ids only grow', async () => {
      const { storage } = await open();
      const names = Array.from({ length: 20 }, (_, index) => `event-${index}`);
      await storeRows(storage, ...names.map((name) => ({ type: 'event', event: anEvent({ name }) }) as const));
      const found = await storage.reader.events({ levels: allLevels, afterId: 0, limit: 100 });
      expect(found.map(({ name }) => name)).toEqual(names);
      expect(found.every((event, index) => index === 0 || event.id > found[index - 1]!.id)).toBe(true);
    });

    test('a thousand commits at once are all told and all there', async () => {
      const { storage } = await open();
      const ids = Array.from({ length: 1_000 }, (_, index) => `a/${index}`);
      const claims = await storage.actors.claimMany(ids);
      const results = await Promise.all(claims.map((claim) => storage.actors.commit(aCommit(claim, claim.actorId))));
      expect(new Set(results)).toEqual(new Set(['ok']));
      expect(await storage.actors.claimAll('a/')).toHaveLength(1_000);
      expect(storage.actors.health().commits).toBe(1_000);
    });
  });
});
