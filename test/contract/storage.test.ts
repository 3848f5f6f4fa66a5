import { describe, expect, test } from 'vitest';
import { cents } from '#src/domain/money.ts';
import { StorageFailure } from '#src/storage/failure.ts';
import type { Storage } from '#src/storage/ports.ts';
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
      expect(await storage.actors.commitLazily(commit('alone'))).toBe('ok');
      const both = [storage.actors.commitLazily(commit('before')), storage.actors.commit(commit('waited for'))];
      expect(await Promise.all(both)).toEqual(['ok', 'ok']);
      void storage.actors.commitLazily(commit('at a drain'));
      await storage.actors.drain();
      const events = await storage.reader.events({ levels: allLevels, limit: 9 });
      expect(events.map(({ name }) => name)).toEqual(['at a drain', 'waited for', 'before', 'alone']);
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

  describe('last heard', () => {
    test('engine rule 6: marks are written in bulk, and an earlier one never wins', async () => {
      const { storage } = await open();
      await storage.registry.putStation(aStation());
      await storage.registry.putChargePoint(aChargePoint());
      await storage.actors.heard(new Map(Array.from({ length: 2_500 }, (_, index) => [`cp${index}`, 1_000 + index])));
      await storage.actors.heard(new Map([['cp1', 5]]));
      expect(await storage.reader.rosterEntry('cp1')).toMatchObject({ heardAtMs: 1_001 });
      await storage.actors.heard(new Map([['cp1', 7_000]]));
      expect(await storage.reader.roster()).toMatchObject([{ heardAtMs: 7_000 }]);
    });
  });

  describe('the event journal', () => {
    async function journal(storage: Storage) {
      const events = [
        anEvent({ atMs: 1, level: 'debug', name: 'Heartbeat' }),
        anEvent({ atMs: 2, level: 'info', name: 'BootNotification', request: '{"model":"100%_ACME"}' }),
        anEvent({ atMs: 3, level: 'problem', chargePointId: 'CP2', name: 'clock-skew', note: 'Éteint back\\slash' }),
        anEvent({ atMs: 4, level: 'critical', chargePointId: null, name: 'refused', answer: 'NotImplemented' }),
        anEvent({ atMs: 5, level: 'info', chargePointId: 'CP2', name: 'StatusNotification' }),
      ];
      await storeRows(storage, ...events.map((event) => ({ type: 'event', event }) as const));
      return async (query: Partial<Parameters<typeof storage.reader.events>[0]>) =>
        (await storage.reader.events({ levels: allLevels, limit: 99, ...query })).map(({ atMs }) => atMs);
    }

    test('is read newest first, by charge point, level and time', async () => {
      const { storage } = await open();
      const found = await journal(storage);
      expect(await found({})).toEqual([5, 4, 3, 2, 1]);
      expect(await found({ limit: 2 })).toEqual([5, 4]);
      expect(await found({ chargePointId: 'CP2' })).toEqual([5, 3]);
      expect(await found({ chargePointId: 'CP9' })).toEqual([]);
      expect(await found({ levels: ['problem', 'critical'] })).toEqual([4, 3]);
      expect(await found({ levels: ['critical'] })).toEqual([4]);
      expect(await found({ levels: ['problem'], chargePointId: 'CP2' })).toEqual([3]);
      expect(await found({ levels: ['debug', 'info'], chargePointId: 'CP1' })).toEqual([2, 1]);
      expect(await found({ levels: [] })).toEqual([]);
      expect(await found({ fromMs: 2, toMs: 4 })).toEqual([3, 2]);
      expect(await found({ fromMs: 9_000_000_000 })).toEqual([]);
    });

    test('is searched for a text as it is written, with its wildcards and without letter case', async () => {
      const { storage } = await open();
      const found = await journal(storage);
      expect(await found({ text: '100%_acme' })).toEqual([2]);
      expect(await found({ text: '%' })).toEqual([2]);
      expect(await found({ text: '_' })).toEqual([2]);
      expect(await found({ text: 'BACK\\SLASH' })).toEqual([3]);
      expect(await found({ text: 'Éteint' })).toEqual([3]);
      expect(await found({ text: 'notimplemented' })).toEqual([4]);
      expect(await found({ text: 'notification', levels: ['info'] })).toEqual([5, 2]);
      expect(await found({ text: 'notification', chargePointId: 'CP2' })).toEqual([5]);
      expect(await found({ text: 'nowhere' })).toEqual([]);
    });

    test('is paged back from an id, and followed forward from one', async () => {
      const { storage } = await open();
      const found = await journal(storage);
      const [, , third] = await storage.reader.events({ levels: allLevels, limit: 9 });
      expect(await found({ beforeId: third!.id })).toEqual([2, 1]);
      expect(await found({ beforeId: third!.id, chargePointId: 'CP2' })).toEqual([]);
      expect(await found({ afterId: third!.id })).toEqual([4, 5]);
      expect(await found({ afterId: third!.id, limit: 1 })).toEqual([4]);
      expect(await found({ afterId: third!.id + 2 })).toEqual([]);
    });

    test('finds one event among thousands, slice after slice, in both directions', async () => {
      const { storage } = await open();
      const events = Array.from({ length: 9_000 }, (_, index) =>
        anEvent({
          atMs: index * 10_000,
          name: index % 4_000 === 1 ? 'needle' : 'hay',
          chargePointId: `CP${index % 2}`,
        }),
      );
      for (let from = 0; from < events.length; from += 1_000) {
        const rows = events.slice(from, from + 1_000).map((event) => ({ type: 'event', event }) as const);
        await storeRows(storage, ...rows);
      }
      const atMs = async (query: Partial<Parameters<typeof storage.reader.events>[0]>) =>
        (await storage.reader.events({ levels: allLevels, text: 'needle', limit: 9, ...query })).map(
          (event) => event.atMs,
        );
      expect(await atMs({})).toEqual([80_010_000, 40_010_000, 10_000]);
      expect(await atMs({ afterId: 0 })).toEqual([10_000, 40_010_000, 80_010_000]);
      expect(await atMs({ chargePointId: 'CP1', limit: 2 })).toEqual([80_010_000, 40_010_000]);
      expect(await atMs({ chargePointId: 'CP0' })).toEqual([]);
      expect(await atMs({ fromMs: 40_000_000, toMs: 41_000_000 })).toEqual([40_010_000]);
      expect(await atMs({ fromMs: 40_010_000, toMs: 40_010_001 })).toEqual([40_010_000]);
    });

    test('takes notes that nobody waits for, and has them after a drain', async () => {
      const { storage } = await open();
      storage.note(anEvent({ chargePointId: null, name: 'refused-handshake' }));
      await storage.actors.drain();
      expect(await storage.reader.events({ levels: allLevels, limit: 9 })).toMatchObject([
        { name: 'refused-handshake' },
      ]);
    });

    test('PRC-09: is purged by level, in bites, until nothing is past its time', async () => {
      const { storage } = await open();
      const events = Array.from({ length: 3_000 }, (_, index) =>
        anEvent({ atMs: index, level: index % 3 === 0 ? 'info' : 'debug' }),
      );
      await storeRows(storage, ...events.map((event) => ({ type: 'event', event }) as const));
      const cut = { debugBeforeMs: 2_100, otherBeforeMs: 900, limit: 800 };
      const went: number[] = [];
      do went.push(await storage.registry.purgeEvents(cut));
      while (went.at(-1)! > 0);
      expect(Math.max(...went)).toBeLessThanOrEqual(800);
      expect(went.reduce((sum, count) => sum + count, 0)).toBe(1_400 + 300);
      const left = await storage.reader.events({ levels: allLevels, limit: 9_999 });
      expect(left).toHaveLength(1_300);
      expect(left.every(({ level, atMs }) => atMs >= (level === 'debug' ? 2_100 : 900))).toBe(true);
      expect(await storage.registry.purgeEvents({ ...cut, otherBeforeMs: 903 })).toBe(1);
    });

    test('never gives the id of a purged event again', async () => {
      const { storage, openAgain } = await open();
      await storeRows(storage, { type: 'event', event: anEvent() }, { type: 'event', event: anEvent() });
      const [last] = await storage.reader.events({ levels: allLevels, limit: 1 });
      await storage.registry.purgeEvents({ debugBeforeMs: 9_999, otherBeforeMs: 9_999, limit: 99 });
      const next = await openAgain();
      await storeRows(next, { type: 'event', event: anEvent() });
      const [later] = await next.reader.events({ levels: allLevels, limit: 1 });
      expect(later!.id).toBeGreaterThan(last!.id);
    });
  });

  describe('the registry', () => {
    test('keeps stations and chargers, replaces them, and lists them with their station', async () => {
      const { storage } = await open();
      await storage.registry.putStation(aStation());
      await storage.registry.putChargePoint(aChargePoint());
      await storage.registry.putChargePoint(aChargePoint({ chargePointId: 'a', key: 'A', inactive: true }));
      await storage.registry.putStation(aStation({ name: 'Parking de la gare' }));
      await storage.registry.putChargePoint(aChargePoint({ serialNumber: 'SN1' }));
      const station = aStation({ name: 'Parking de la gare' });
      const first = aChargePoint({ serialNumber: 'SN1' });
      expect(await storage.reader.chargePoint('CP1')).toEqual(first);
      expect(await storage.reader.rosterEntry('cp1')).toEqual({
        ...first,
        historySinceMs: 0,
        station,
        heardAtMs: null,
      });
      expect((await storage.reader.roster()).map(({ chargePointId }) => chargePointId)).toEqual(['a', 'cp1']);
      expect(await storage.reader.chargePoint('cp1')).toBeNull();
      expect(await storage.reader.rosterEntry('CP1')).toBeNull();
    });

    test('field-24: refuses a charger whose station was never put, and one named as another', async () => {
      const { storage } = await open();
      await expect(storage.registry.putChargePoint(aChargePoint())).rejects.toThrow();
      await storage.registry.putStation(aStation());
      await storage.registry.putChargePoint(aChargePoint());
      await expect(storage.registry.putChargePoint(aChargePoint({ key: 'OTHER' }))).rejects.toThrow();
      expect(await storage.reader.roster()).toHaveLength(1);
    });

    test('keeps badges', async () => {
      const { storage } = await open();
      const token = {
        key: 'TAG1',
        idTag: 'tag1',
        blocked: false,
        expiresAtMs: null,
        walletId: null,
        driver: 'Ada',
        freeService: true,
      };
      await storage.registry.putIdToken(token);
      expect(await storage.reader.idToken('TAG1', null)).toEqual(token);
      await storage.registry.putIdToken({ ...token, blocked: true, expiresAtMs: 5, walletId: 'w1' });
      expect(await storage.reader.idToken('TAG1', null)).toEqual({
        ...token,
        blocked: true,
        expiresAtMs: 5,
        walletId: 'w1',
      });
      expect(await storage.reader.idToken('tag1', null)).toBeNull();
    });

    test('keeps users, logins and API tokens, and forgets the logins that expired', async () => {
      const { storage } = await open();
      const user = { username: 'ada', passwordHash: 'x', displayName: 'Ada', createdAtMs: 1 };
      const came = { address: '203.0.113.9', browser: 'Firefox', enteredId: null };
      const login = { tokenHash: 't1', username: 'ada', userId: 'u1', createdAtMs: 1, expiresAtMs: 10, ...came };
      await storage.registry.putUser(user);
      await storage.registry.putUser({ ...user, displayName: 'Ada L.' });
      await storage.registry.putLogin(login);
      await storage.registry.putLogin({ ...login, tokenHash: 't2', expiresAtMs: 20 });
      await storage.registry.putLogin({ ...login, tokenHash: 't3', createdAtMs: 2, expiresAtMs: 20, enteredId: 'a' });
      await storage.registry.putLogin({ ...login, tokenHash: 't4', userId: null, expiresAtMs: 20 });
      expect(await storage.registry.user('ada')).toEqual({ ...user, displayName: 'Ada L.' });
      expect(await storage.registry.user('bob')).toBeNull();
      await storage.registry.deleteExpiredLogins(10);
      const hashesOf = async (userId: string | null) =>
        (await storage.registry.loginsOf(userId, 'ada')).map(({ tokenHash }) => tokenHash);
      expect([await hashesOf('u1'), await hashesOf(null), await hashesOf('u2')]).toEqual([['t3', 't2'], ['t4'], []]);
      await storage.registry.deleteLogin('t3');
      expect(await Promise.all(['t1', 't2', 't3'].map((hash) => storage.registry.login(hash)))).toEqual([
        null,
        { ...login, tokenHash: 't2', expiresAtMs: 20 },
        null,
      ]);
      await storage.registry.putApiToken({ tokenHash: 'h', label: 'billing', createdAtMs: 1 });
      expect(await storage.registry.apiToken('h')).toEqual({ label: 'billing' });
      expect(await storage.registry.apiToken('i')).toBeNull();
    });
  });
});
