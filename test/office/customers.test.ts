import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { cents } from '#src/domain/money.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import { openSqlite, type SqliteStorage } from '#src/storage/sqlite/open.ts';
import { databasePath } from '../storage/files.ts';
import { anEntry, aSession, storeRows } from '../storage/rows.ts';
import { aRecord } from './arbitraries.ts';

const { company, station, customer, 'public-customer': publicCustomer } = ENTITIES;
const CARD = '04A2B6F23C5D80';

let storage: SqliteStorage;
let office: Office;
beforeEach(async () => {
  storage = await openSqlite({ path: await databasePath(), node: 'test' });
  office = storage.office;
  onTestFinished(() => storage.close());
  await office.write([
    put(company, 'c1', { name: 'Port', number: 1 }),
    put(company, 'c2', { name: 'Halles', number: 2 }),
    put(company, 'n1', { name: 'Voisin', number: 1 }, { subscriberId: 's2' }),
    aStation('quai', 'c1', { publicCustomers: true }),
    aStation('halles', 'c2', { access: 'private', publicCustomers: true }),
    aStation('gare', 'c2'),
    aStation('voisin', 'n1', { publicCustomers: true }, { subscriberId: 's2' }),
  ]);
});

function put(entity: Entity, id: string, values: Values, change: Partial<RecordRow> = {}): OfficeWrite {
  return { type: 'put', entity, record: aRecord(entity, { id, ...change, values }) };
}

function aStation(id: string, of: string, more: Values = {}, change: Partial<RecordRow> = {}): OfficeWrite {
  return put(station, id, { company: of, name: id, access: 'public', identity: id.toUpperCase(), ...more }, change);
}

function anne(more: Values = {}, change: Partial<RecordRow> = {}): OfficeWrite {
  return put(customer, 'anne', { name: 'Anne', company: 'c1', badge1Value: CARD, ...more }, change);
}

function everybody(more: Values = {}): OfficeWrite {
  return put(publicCustomer, 'paul', { name: 'Paul', badge1Value: CARD, ...more }, { subscriberId: null });
}

const badge = (stationId: string | null, key = CARD) => storage.reader.idToken(key, stationId);
const holders = async (stationIds: readonly string[]) =>
  Promise.all(stationIds.map(async (id) => (await badge(id))?.walletId ?? null));

describe('whose a badge is', () => {
  test('SOC-02: a customer charges on every station of his merchant, whatever the company, and on no other', async () => {
    await office.write([anne()]);
    expect(await holders(['quai', 'halles', 'gare', 'voisin'])).toEqual(['anne', 'anne', 'anne', null]);
    expect(await badge('gare')).toMatchObject({ driver: 'Anne', walletId: 'anne', blocked: false, expiresAtMs: null });
  });

  test('MOD-12, MOD-11: a public customer charges where public customers are accepted, and on no private station', async () => {
    await office.write([everybody()]);
    expect(await holders(['quai', 'halles', 'gare', 'voisin'])).toEqual(['paul', null, null, 'paul']);
    const refuses = aStation('quai', 'c1', { publicCustomers: false }, { version: 2 });
    await office.write([refuses]);
    expect(await badge('quai')).toBeNull();
  });

  test('SOC-09: a badge that is nobody’s has so many charges at the stations of a company, where public customers may charge', async () => {
    const lets = (id: string, of: string, more: Values, change: Partial<RecordRow> = {}) =>
      aStation(id, of, { publicCustomers: true, chargesBeforeRegistration: 2, ...more }, change);
    await office.write([
      lets('un', 'c1', {}),
      lets('deux', 'c1', { chargesBeforeRegistration: 3 }),
      lets('fermee', 'c1', { access: 'private' }),
      lets('siens', 'c1', { publicCustomers: false }),
      lets('ailleurs', 'n1', {}, { subscriberId: 's2' }),
    ]);
    const left = async (stationId: string) => (await storage.reader.allowance(CARD, stationId))?.left ?? null;
    const everywhere = () => Promise.all(['un', 'deux', 'fermee', 'siens', 'quai', 'ailleurs'].map(left));
    expect(await everywhere()).toEqual([2, 3, null, null, null, 2]);
    const charge = { type: 'unregistered-charge', companyId: 'c1', key: CARD } as const;
    await storeRows(storage, charge);
    await storeRows(storage, charge);
    expect(await everywhere()).toEqual([0, 1, null, null, null, 2]);
    await storeRows(storage, charge, charge);
    expect(await everywhere()).toEqual([0, 0, null, null, null, 2]);
    expect(await storage.reader.allowance('ANOTHER', 'un')).toEqual({ companyId: 'c1', left: 2 });
  });

  test('MOD-18: one card may be that of a customer of two merchants and of a public customer: each knows his own', async () => {
    const there = put(customer, 'anne-2', { name: 'Anne', company: 'n1', badge1Value: CARD }, { subscriberId: 's2' });
    expect(await office.write([anne(), there, everybody()])).toBe('ok');
    expect(await holders(['quai', 'voisin'])).toEqual(['anne', 'anne-2']);
  });

  test('a forbidden customer does not get in as a public one: his merchant goes first', async () => {
    await office.write([anne({}, { inactive: true }), everybody()]);
    expect(await badge('quai')).toMatchObject({ walletId: 'anne', blocked: true });
    expect(await badge('voisin')).toMatchObject({ walletId: 'paul', blocked: false });
  });

  test('MOD-15, CLI-09: each of his badges is his, of whatever kind; one that is taken away is nobody’s', async () => {
    const badges = { badge2Kind: 'sms', badge2Value: '+33612345678', badge4Kind: 'barcode', badge4Value: '12345' };
    await office.write([anne(badges)]);
    for (const key of [CARD, '+33612345678', '12345'])
      expect(await badge('gare', key)).toMatchObject({ walletId: 'anne' });
    await office.write([anne({ ...badges, badge1Value: null }, { version: 2 })]);
    expect(await badge('gare')).toBeNull();
    expect(await badge('gare', '12345')).toMatchObject({ walletId: 'anne' });
  });

  test('a badge is unique among the customers of a merchant', async () => {
    await office.write([anne()]);
    const asked = { value: CARD, exceptId: null };
    expect(await office.isBadgeTaken({ ...asked, subscriberId: 's1' })).toBe(true);
    expect(await office.isBadgeTaken({ ...asked, subscriberId: 's1', exceptId: 'anne' })).toBe(false);
    expect(await office.isBadgeTaken({ ...asked, subscriberId: 's2' })).toBe(false);
    expect(await office.isBadgeTaken({ ...asked, subscriberId: null })).toBe(false);
    const second = put(customer, 'bob', { name: 'Bob', company: 'c2', badge3Value: CARD });
    expect(await office.write([second])).toBe('taken');
    expect(await office.find(customer, 'bob', [{}])).toBeNull();
  });

  test('a badge without a customer is good everywhere, and leaves a public customer’s as it is', async () => {
    const free = { idTag: 'X', blocked: false, expiresAtMs: null, walletId: null, driver: 'Libre', freeService: true };
    await storage.registry.putIdToken({ ...free, key: 'X' });
    expect(await badge('halles', 'X')).toMatchObject({ driver: 'Libre' });
    await office.write([everybody()]);
    await storage.registry.putIdToken({ ...free, key: CARD });
    expect(await badge('quai')).toMatchObject({ driver: 'Paul' });
    expect(await badge('halles')).toBeNull();
  });

  test('MOD-06: customers of an inactive company are refused until it is active again, but for who is inactive himself', async () => {
    const bob = put(customer, 'bob', { name: 'Bob', company: 'c1', badge1Value: 'B0B' }, { inactive: true });
    await office.write([anne(), bob]);
    const blocked = async () => [(await badge('gare'))?.blocked, (await badge('gare', 'B0B'))?.blocked];
    await office.write([put(company, 'c1', { name: 'Port', number: 1 }, { version: 2, inactive: true })]);
    expect(await blocked()).toEqual([true, true]);
    await office.write([put(company, 'c1', { name: 'Port', number: 1 }, { version: 3 })]);
    expect(await blocked()).toEqual([false, true]);
  });
});

describe('what is in a wallet', () => {
  const found = async () => (await office.find(customer, 'anne', [{}]))?.values['balance'];

  test('CPT-15: the balance follows the ledger, and no save of the form writes it', async () => {
    await office.write([anne()]);
    await storeRows(storage, {
      type: 'ledger-entry',
      entry: anEntry({ walletId: 'anne', key: 'a', amount: cents(2_000) }),
    });
    await storeRows(storage, {
      type: 'ledger-entry',
      entry: anEntry({ walletId: 'anne', key: 'b', amount: cents(-650) }),
    });
    expect(await found()).toBe(1_350);
    await office.write([anne({ balance: 9 }, { version: 2 })]);
    expect(await found()).toBe(1_350);
  });

  test('a customer who takes over a wallet begins with what is in it', async () => {
    await storeRows(storage, {
      type: 'ledger-entry',
      entry: anEntry({ walletId: 'anne', key: 'a', amount: cents(700) }),
    });
    await office.write([anne()]);
    expect(await found()).toBe(700);
  });
});

describe('a customer who is deleted', () => {
  const deletion = { deletionId: 'd', subscriberId: 's1', entity: 'customer', label: 'Anne', atMs: 5_000, by: 'x' };
  const session = async () => storage.reader.sessionByTransaction(1);
  beforeEach(async () => {
    await office.write([anne()]);
    const charged = aSession({ walletId: 'anne', driver: 'Anne', idTag: CARD });
    await storeRows(storage, { type: 'session', session: charged });
    await storeRows(storage, {
      type: 'ledger-entry',
      entry: anEntry({ walletId: 'anne', key: 'a', amount: cents(-90) }),
    });
  });

  test('CPT-10: his sessions are counted before, and lose his name; his badge is unknown; the ledger stays', async () => {
    expect(await office.dependants(customer, 'anne')).toEqual({ session: 1 });
    await office.write([{ type: 'delete', entity: customer, id: 'anne', deletion }]);
    expect(await badge('quai')).toBeNull();
    expect(await session()).toMatchObject({ driver: null, walletId: 'anne' });
    expect(await storage.reader.ledger('anne', 9)).toHaveLength(1);
  });

  test('he comes back from the bin with his badge and his name, unless the badge is another’s by now', async () => {
    await office.write([{ type: 'delete', entity: customer, id: 'anne', deletion }]);
    await office.write([{ type: 'restore', deletionId: 'd', atMs: 9 }]);
    expect(await badge('quai')).toMatchObject({ walletId: 'anne' });
    expect(await session()).toMatchObject({ driver: 'Anne' });
    await office.write([{ type: 'delete', entity: customer, id: 'anne', deletion }]);
    await office.write([put(customer, 'bob', { name: 'Bob', company: 'c1', badge1Value: CARD })]);
    expect(await office.write([{ type: 'restore', deletionId: 'd', atMs: 9 }])).toBe('taken');
    expect(await badge('quai')).toMatchObject({ walletId: 'bob' });
  });

  test('a search of recharges finds him by his name until he is deleted, and again once he is back', async () => {
    const filter = { among: null, customers: null, fromMs: null, toMs: null, state: null };
    const order = { sort: 'start', descending: true, offset: 0, limit: 9, mark: null } as const;
    const found = async (text: string) => (await storage.recharges.page({ ...filter, ...order, text })).rows.length;
    expect([await found('anne'), await found('04a2')]).toEqual([1, 1]);
    await office.write([{ type: 'delete', entity: customer, id: 'anne', deletion }]);
    expect([await found('anne'), await found('04a2')]).toEqual([0, 1]);
    await office.write([{ type: 'restore', deletionId: 'd', atMs: 9 }]);
    expect([await found('anne'), await found('04a2')]).toEqual([1, 1]);
    await office.write([{ type: 'delete', entity: customer, id: 'anne', deletion }]);
    await office.purgeDeleted(6_000, 9);
    expect([await found('anne'), await found('04a2')]).toEqual([0, 0]);
  });

  test('once he is purged nothing of his person is left on his sessions', async () => {
    await office.write([{ type: 'delete', entity: customer, id: 'anne', deletion }]);
    await office.purgeDeleted(6_000, 9);
    expect(await session()).toMatchObject({ driver: null, idTag: '' });
    expect(await storage.reader.ledger('anne', 9)).toHaveLength(1);
  });

  test('SOC-04: the customers of a company go with it', async () => {
    expect(await office.dependants(company, 'c1')).toMatchObject({ customer: 1 });
    await office.write([{ type: 'delete', entity: company, id: 'c1', deletion: { ...deletion, entity: 'company' } }]);
    expect(await badge('gare')).toBeNull();
    expect(await session()).toMatchObject({ driver: null });
  });
});
