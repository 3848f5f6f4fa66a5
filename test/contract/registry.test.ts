import { describe, expect, test } from 'vitest';
import { aChargePoint, aStation } from '../storage/rows.ts';
import { STORAGES } from './implementations.ts';

describe.each(STORAGES)('storage on $name', ({ open }) => {
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
