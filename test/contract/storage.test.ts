import { describe, expect, test } from 'vitest';
import { cents } from '#src/domain/money.ts';
import { aChargePoint, aCommit, aSession, aStation, anEntry, claimed, storeRows } from '../storage/rows.ts';
import { STORAGES } from './implementations.ts';

describe.each(STORAGES)('storage on $name', ({ open }) => {
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
