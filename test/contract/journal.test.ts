import { describe, expect, test } from 'vitest';
import type { Storage } from '#src/storage/ports.ts';
import { allLevels, anEvent, storeRows } from '../storage/rows.ts';
import { STORAGES } from './implementations.ts';

describe.each(STORAGES)('storage on $name', ({ open }) => {
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
});
