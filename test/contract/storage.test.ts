import { describe, expect, test } from 'vitest';
import { cents } from '#src/domain/money.ts';
import { StorageFailure } from '#src/storage/failure.ts';
import {
  aChargePoint,
  aCommit,
  aSession,
  aStation,
  allLevels,
  anEntry,
  anEvent,
  claimed,
  storeRows,
} from '../storage/rows.ts';
import { STORAGES } from './implementations.ts';

describe.each(STORAGES)('storage on $name', ({ open }) => {
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

  describe('sessions, ledger, commands', () => {
    test('a session is replaced by its transaction id', async () => {
      const { storage } = await open();
      const closed = aSession({ closing: 'final', stoppedAtMs: 9_000, meterStopWh: 7, energyWh: 7, price: cents(12) });
      await storeRows(storage, { type: 'session', session: aSession() });
      await storeRows(storage, { type: 'session', session: closed });
      expect(await storage.reader.sessionByTransaction(1)).toEqual(closed);
      expect(await storage.reader.sessionByStartKey('start-1')).toEqual(closed);
      expect(await storage.reader.sessionByTransaction(2)).toBeNull();
    });

    test('field-02: a second session with the same start key is a duplicate', async () => {
      const { storage } = await open();
      await storeRows(storage, { type: 'session', session: aSession() });
      const again = aSession({ transactionId: 2, startKey: 'start-1' });
      expect(await storeRows(storage, { type: 'session', session: again })).toBe('duplicate');
      expect(await storage.reader.sessionByTransaction(2)).toBeNull();
    });

    test('sessions are listed newest first, by charge point and by closing, page after page', async () => {
      const { storage } = await open();
      const sessions = [1, 2, 3, 4, 5].map((transactionId) =>
        aSession({
          transactionId,
          chargePointId: transactionId % 2 ? 'CP1' : 'CP2',
          closing: transactionId < 4 ? 'final' : 'open',
        }),
      );
      await storeRows(storage, ...sessions.map((session) => ({ type: 'session', session }) as const));
      const ids = async (query: Parameters<typeof storage.reader.sessions>[0]) =>
        (await storage.reader.sessions(query)).map(({ transactionId }) => transactionId);
      expect(await ids({ limit: 2 })).toEqual([5, 4]);
      expect(await ids({ limit: 9, beforeTransactionId: 4 })).toEqual([3, 2, 1]);
      expect(await ids({ limit: 9, chargePointId: 'CP1' })).toEqual([5, 3, 1]);
      expect(await ids({ limit: 9, closing: 'final' })).toEqual([3, 2, 1]);
      expect(await ids({ limit: 1, chargePointId: 'CP1', closing: 'final', beforeTransactionId: 3 })).toEqual([1]);
    });

    test('the ledger of a wallet is read newest first', async () => {
      const { storage } = await open();
      const entries = [anEntry({ key: 'a', atMs: 2 }), anEntry({ key: 'b', atMs: 3 }), anEntry({ key: 'c', atMs: 1 })];
      await storeRows(storage, ...entries.map((entry) => ({ type: 'ledger-entry', entry }) as const));
      await storeRows(storage, { type: 'ledger-entry', entry: anEntry({ key: 'd', walletId: 'w2' }) });
      expect(await storage.reader.ledger('w1', 2)).toEqual([entries[1], entries[0]]);
    });

    test('field-32: a command is replaced by its id and listed newest first', async () => {
      const { storage } = await open();
      const command = {
        commandId: 'c1',
        chargePointId: 'CP1',
        connectorId: null,
        name: 'Reset',
        state: { phase: 'sent' },
        requestedBy: 'ada',
        requestedAtMs: 5,
        batchId: null,
      };
      await storeRows(storage, { type: 'command', command });
      await storeRows(storage, { type: 'command', command: { ...command, commandId: 'c2', requestedAtMs: 6 } });
      await storeRows(storage, { type: 'command', command: { ...command, state: { phase: 'accepted' } } });
      expect(await storage.reader.command('c1')).toEqual({ ...command, state: { phase: 'accepted' } });
      expect((await storage.reader.commands('CP1', 9)).map(({ commandId }) => commandId)).toEqual(['c2', 'c1']);
      expect(await storage.reader.command('c3')).toBeNull();
    });

    test('commands that were asked together are found together, in the order of their chargers', async () => {
      const { storage } = await open();
      const command = {
        commandId: 'c1',
        chargePointId: 'CP2',
        connectorId: null,
        name: 'Reset',
        state: { phase: 'sent' },
        requestedBy: 'ada',
        requestedAtMs: 5,
        batchId: 'b1',
      };
      const first = { ...command, commandId: 'c2', chargePointId: 'CP1' };
      const alone = { ...command, commandId: 'c3', batchId: null };
      await storeRows(storage, ...[command, first, alone].map((one) => ({ type: 'command', command: one }) as const));
      expect(await storage.reader.batch('b1')).toEqual([first, command]);
      expect(await storage.reader.batch('b2')).toEqual([]);
    });

    test('OCP-20: a forced value stays with its station, whatever charger stands there, until it is let go of', async () => {
      const { storage } = await open();
      const { registry, reader } = storage;
      await registry.putStation(aStation());
      await registry.putChargePoint(aChargePoint());
      const forced = { stationId: 's1', key: 'LightIntensity', value: '80', by: 'ada', atMs: 5 };
      await storeRows(storage, { type: 'forced-key', forced });
      const dimmer = { ...forced, key: 'lightintensity', value: '20', by: 'bo', atMs: 6 };
      await storeRows(storage, { type: 'forced-key', forced: dimmer });
      await registry.declareForcedKey({ ...forced, value: '99' });
      await registry.declareForcedKey({ ...forced, key: 'Delay', value: '3' });
      const { key } = aChargePoint();
      expect((await reader.stationKeys(key))?.forced).toEqual([{ ...forced, key: 'Delay', value: '3' }, dimmer]);
      const swapped = aChargePoint({ chargePointId: 'CP9', key: 'cp9' });
      await registry.putChargePoint(swapped);
      expect((await reader.stationKeys('cp9'))?.forced).toHaveLength(2);
      await storeRows(storage, { type: 'forced-key-gone', stationId: 's1', key: 'LIGHTINTENSITY' });
      expect((await reader.stationKeys(key))?.forced.map((one) => one.key)).toEqual(['Delay']);
      expect(await reader.stationKeys('nowhere')).toBeNull();
    });
  });

  describe('envelopes and timers', () => {
    test('engine rule 4: an envelope waits until it is taken, in the order of its time', async () => {
      const { storage } = await open();
      const envelope = { key: 'debit/1', to: 'wallet/w1', atMs: 10, message: { type: 'debit', amount: 5 } };
      const earlier = { ...envelope, key: 'debit/0', atMs: 9 };
      await storeRows(storage, { type: 'envelope', envelope }, { type: 'envelope', envelope: earlier });
      expect(await storage.actors.staleOutbox(10, 9)).toEqual([earlier]);
      expect(await storage.actors.staleOutbox(11, 9)).toEqual([earlier, envelope]);
      expect(await storage.actors.staleOutbox(11, 1)).toEqual([earlier]);
      expect(await storeRows(storage, { type: 'envelope-taken', key: 'debit/0' })).toBe('ok');
      expect(await storage.actors.staleOutbox(11, 9)).toEqual([envelope]);
    });

    test('engine rule 4: an envelope is taken once; who takes it again writes nothing', async () => {
      const { storage } = await open();
      const envelope = { key: 'debit/1', to: 'wallet/w1', atMs: 10, message: null };
      await storeRows(storage, { type: 'envelope', envelope });
      const take = (actorId: string, key: string) =>
        claimed(storage, actorId).then((claim) =>
          storage.actors.commit(
            aCommit(claim, actorId, [
              { type: 'ledger-entry', entry: anEntry({ key }) },
              { type: 'envelope-taken', key: 'debit/1' },
            ]),
          ),
        );
      expect(await Promise.all([take('wallet/w1', 'x'), take('wallet/w2', 'y')])).toEqual(['ok', 'duplicate']);
      expect(await storage.reader.ledger('w1', 9)).toHaveLength(1);
      expect(await claimed(storage, 'wallet/w2')).toMatchObject({ version: 0 });
    });

    test('an envelope whose key is waiting already is a duplicate', async () => {
      const { storage } = await open();
      const envelope = { key: 'debit/1', to: 'wallet/w1', atMs: 10, message: null };
      await storeRows(storage, { type: 'envelope', envelope });
      expect(await storeRows(storage, { type: 'envelope', envelope })).toBe('duplicate');
    });

    test('engine rule 7: a timer is set, moved, due and cancelled by actor and key', async () => {
      const { storage } = await open();
      const timer = { actorId: 'a/1', key: 'wake', atMs: 10, message: { type: 'wake' } };
      const other = { ...timer, actorId: 'a/2', atMs: 20 };
      await storeRows(storage, { type: 'timer', timer: { ...timer, atMs: 30 } }, { type: 'timer', timer: other });
      await storeRows(storage, { type: 'timer', timer });
      expect(await storage.actors.dueTimers(9, 9)).toEqual([]);
      expect(await storage.actors.dueTimers(10, 9)).toEqual([timer]);
      expect(await storage.actors.dueTimers(20, 1)).toEqual([timer]);
      expect(await storage.actors.pendingTimers()).toEqual([timer, other]);
      await storeRows(storage, { type: 'timer-cancelled', actorId: 'a/1', key: 'wake' });
      expect(await storeRows(storage, { type: 'timer-cancelled', actorId: 'a/1', key: 'wake' })).toBe('ok');
      expect(await storage.actors.pendingTimers()).toEqual([other]);
    });
  });

  describe('transaction ids', () => {
    test('field-38: no id is given twice, to concurrent calls or after a restart', async () => {
      const { storage, openAgain } = await open();
      const counts = [1, 3, 1, 150, 2, 1];
      const ranges = await Promise.all(counts.map((count) => storage.actors.transactionIds(count)));
      for (let turn = 0; turn < 150; turn += 1) ranges.push(await storage.actors.transactionIds(1));
      const next = await openAgain();
      ranges.push(...(await Promise.all(counts.map((count) => next.actors.transactionIds(count)))));
      const ids = ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength(158 + 150 + 158);
      expect(Math.min(...ids)).toBeGreaterThan(0);
    });

    test('a count below one is refused', async () => {
      const { storage } = await open();
      await expect(storage.actors.transactionIds(0)).rejects.toThrow(RangeError);
    });
  });
});
