import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import type { Office, OfficeWrite, RecordQuery } from '#src/storage/office-port.ts';
import { openSqlite, type SqliteStorage } from '#src/storage/sqlite/open.ts';
import { databasePath } from '../storage/files.ts';
import { aRecord } from './arbitraries.ts';

const { company, station, evse, user } = ENTITIES;
const ALL: RecordQuery = {
  scope: [{}],
  text: '',
  sort: 'name',
  descending: false,
  filters: [],
  offset: 0,
  limit: null,
};

let storage: SqliteStorage;
let office: Office;
beforeEach(async () => {
  storage = await openSqlite({ path: await databasePath(), node: 'test' });
  office = storage.office;
  onTestFinished(() => storage.close());
});

function put(entity: Entity, id: string, values: Values, change: Partial<RecordRow> = {}): OfficeWrite {
  return { type: 'put', entity, record: aRecord(entity, { id, ...change, values }) };
}

/** A station of company c1 with a charger. */
function aStation(id: string, more: Values = {}, change: Partial<RecordRow> = {}): OfficeWrite {
  return put(
    station,
    id,
    { company: 'c1', name: `Quai ${id}`, access: 'public', identity: `CP-${id}`, ...more },
    change,
  );
}

async function names(query: Partial<RecordQuery>, entity: Entity = station): Promise<readonly unknown[]> {
  return (await office.list(entity, { ...ALL, ...query })).rows.map((row) => row.values['name']);
}

describe('records', () => {
  test('a change must come from the latest version: the second of two users is told, and nothing is lost', async () => {
    await office.write([put(company, 'c1', { name: 'Le port' })]);
    const record = aRecord(company, { id: 'c1', version: 2, values: { name: 'Le grand port' } });
    expect(await office.write([{ type: 'put', entity: company, record }])).toBe('ok');
    expect(await office.write([{ type: 'put', entity: company, record }])).toBe('stale');
    expect(await office.find(company, 'c1', [{}])).toMatchObject({ version: 2, values: { name: 'Le grand port' } });
  });

  test('all writes of one act are on disk together, or none of them', async () => {
    await office.write([put(company, 'c1', { name: 'Le port', number: 1 })]);
    const taken = put(company, 'c2', { name: 'LE PORT', number: 2 });
    expect(await office.write([put(user, 'u1', { name: 'Anne', username: 'anne' }), taken])).toBe('taken');
    expect(await office.find(user, 'u1', [{}])).toBeNull();
  });

  test('a unique value is unique whatever its letter case, within its subscriber or on the whole server', async () => {
    await office.write([put(company, 'c1', { name: 'Le port', number: 1 }), put(user, 'u1', { username: 'anne' })]);
    expect(await office.write([put(company, 'x', { name: 'Le port', number: 1 }, { subscriberId: 's2' })])).toBe('ok');
    expect(await office.write([put(user, 'u2', { username: 'ANNE' }, { subscriberId: 's2' })])).toBe('taken');
    const asked = { entity: company, field: 'name', value: 'le PORT', exceptId: null };
    expect(await office.isTaken({ ...asked, subscriberId: 's1' })).toBe(true);
    expect(await office.isTaken({ ...asked, subscriberId: 's3' })).toBe(false);
  });
});

describe('lists', () => {
  beforeEach(async () => {
    await office.write([
      put(company, 'c1', { name: 'Zénith', number: 1 }),
      put(company, 'c2', { name: 'Atelier', number: 2 }),
      aStation('1', { name: 'École des Mines', city: 'Alès' }),
      aStation('2', { name: 'Eau vive', company: 'c2', city: 'Nîmes' }),
      aStation('3', { name: 'zoo', city: 'Brest', access: 'private' }),
      aStation('4', { name: 'À part' }, { subscriberId: 's2' }),
    ]);
  });

  test('LST-03: names sort without letter case and accents, and the other way round', async () => {
    const scope = [{ subscriberIds: ['s1'] }];
    expect(await names({ scope })).toEqual(['Eau vive', 'École des Mines', 'zoo']);
    expect(await names({ scope, descending: true })).toEqual(['zoo', 'École des Mines', 'Eau vive']);
  });

  test('LST-03: a reference sorts by the name that it stands for', async () => {
    expect(await names({ scope: [{ subscriberIds: ['s1'] }], sort: 'company' })).toEqual([
      'Eau vive',
      'École des Mines',
      'zoo',
    ]);
  });

  test('LST-04: any part of what is searched is found, accents or not; a sign of LIKE is only a sign', async () => {
    expect(await names({ text: 'ECOLE' })).toEqual(['École des Mines']);
    expect(await names({ text: 'mines ales' })).toEqual(['École des Mines']);
    expect(await names({ text: 'cp-3' })).toEqual(['zoo']);
    expect(await names({ text: '%' })).toEqual([]);
    expect(await names({ text: "'" })).toEqual([]);
  });

  test('LST-05: pages follow each other without a gap or a repeat, and the count is of all', async () => {
    const first = await office.list(station, { ...ALL, limit: 3 });
    const second = await office.list(station, { ...ALL, limit: 3, offset: 3 });
    expect([...first.rows, ...second.rows].map((row) => row.id)).toHaveLength(4);
    expect(new Set([...first.rows, ...second.rows].map((row) => row.id)).size).toBe(4);
    expect(first.found).toBe(4);
  });

  test('STA-01: a filter narrows, and so does a scope: what is out of it is neither found nor counted', async () => {
    expect(await names({ filters: [{ field: 'company', value: 'c2' }] })).toEqual(['Eau vive']);
    const scope = [
      { subscriberIds: ['s1'], field: 'company', values: ['c2'] },
      { field: 'id', values: ['4'] },
    ];
    expect(await office.list(station, { ...ALL, scope })).toMatchObject({ found: 2 });
    expect(await office.list(station, { ...ALL, scope: [] })).toEqual({ rows: [], found: 0, isMore: false });
    expect(await office.find(station, '1', scope)).toBeNull();
  });

  test('LST-09: an export reads on by name, to the end, whatever is added meanwhile', async () => {
    const query = { scope: [{}], text: '', filters: [], limit: 2 };
    const first = await office.next(station, { ...query, after: null });
    await office.write([aStation('0', { name: 'AAA' })]);
    const second = await office.next(station, { ...query, after: first.at(-1) ?? null });
    expect([...first, ...second].map((row) => row.values['name'])).toEqual([
      'À part',
      'Eau vive',
      'École des Mines',
      'zoo',
    ]);
  });

  test('a sort by what is no field is a bug of ours, not a piece of SQL', async () => {
    await expect(office.list(station, { ...ALL, sort: 'name; drop table office_station' })).rejects.toThrow('no field');
  });
});

describe('the bin', () => {
  const deletion = {
    deletionId: 'd1',
    subscriberId: 's1',
    entity: 'company',
    label: 'Le port',
    atMs: 5_000,
    by: 'anne',
  };
  beforeEach(async () => {
    await office.write([put(company, 'c1', { name: 'Le port', number: 2 }), aStation('1'), aStation('2')]);
  });

  test('SOC-04: what depends on a record goes with it, is counted, and comes back with it', async () => {
    expect(await office.dependants(company, 'c1')).toEqual({ station: 2 });
    await office.write([{ type: 'delete', entity: company, id: 'c1', deletion }]);
    expect(await names({})).toEqual([]);
    expect(await office.deletion('d1')).toMatchObject({ counts: { company: 1, station: 2 } });
    expect(await storage.reader.roster()).toEqual([]);
    await office.write([{ type: 'restore', deletionId: 'd1', atMs: 9 }]);
    expect(await names({})).toEqual(['Quai 1', 'Quai 2']);
    expect((await storage.reader.roster()).map((row) => row.chargePointId)).toEqual(['CP-1', 'CP-2']);
    expect(await office.deletions('s1', 9)).toEqual([]);
  });

  test('a name that was taken meanwhile keeps the old one from coming back, as a whole', async () => {
    await office.write([{ type: 'delete', entity: company, id: 'c1', deletion }]);
    await office.write([put(company, 'c2', { name: 'Le port', number: 3 })]);
    expect(await office.write([{ type: 'restore', deletionId: 'd1', atMs: 9 }])).toBe('taken');
    expect(await names({})).toEqual([]);
  });

  test('with a user who is purged goes how he got in; of him who comes back it is as it was', async () => {
    const deleted = (id: string): OfficeWrite => {
      const by = { subscriberId: null, entity: 'user', label: id, atMs: 5_000, by: 'op' };
      return { type: 'delete', entity: user, id, deletion: { ...by, deletionId: `d-${id}` } };
    };
    await office.write([put(ENTITIES.role, 'r', { name: 'r', administration: 'none' })]);
    for (const id of ['gone', 'back']) {
      const factor = { secret: 'A'.repeat(32), sinceMs: 1, lastStep: 1 };
      await office.write([
        put(user, id, { name: id, username: id, role: 'r' }),
        { type: 'password', userId: id, credential: { passwordHash: 'x', mustChange: false, changedAtMs: 1 } },
        { type: 'password-link', tokenHash: `t-${id}`, userId: id, expiresAtMs: 99_999 },
        { type: 'factor-on', ownerId: id, factor, recoveryHashes: ['a', 'b'] },
      ]);
      expect(await office.write([deleted(id)])).toBe('ok');
    }
    expect(await office.write([{ type: 'restore', deletionId: 'd-back', atMs: 9 }])).toBe('ok');
    expect(await office.purgeDeleted(5_001, 10)).toBe(1);
    const { credentials } = office;
    const doorOf = async (id: string) => [
      (await credentials.of(id)) !== null,
      (await credentials.linkedUser(`t-${id}`, 9)) !== null,
      (await credentials.factor(id)) !== null,
      await credentials.recoveryCodes(id),
    ];
    expect(await doorOf('gone')).toEqual([false, false, false, 0]);
    expect(await doorOf('back')).toEqual([true, true, true, 2]);
  });

  test('a link, a code and a recovery code are used once, and links that were not used in time are forgotten', async () => {
    const factor = { secret: 'A'.repeat(32), sinceMs: 1, lastStep: 7 };
    await office.write([
      { type: 'password-link', tokenHash: 't1', userId: 'u', expiresAtMs: 100 },
      { type: 'password-link', tokenHash: 't2', userId: 'u', expiresAtMs: 200 },
      { type: 'factor-on', ownerId: 'u', factor, recoveryHashes: ['a'] },
    ]);
    await office.write([{ type: 'links-expired', nowMs: 100 }]);
    expect(await office.write([{ type: 'link-used', tokenHash: 't1' }])).toBe('stale');
    const twice = async (write: OfficeWrite) => [await office.write([write]), await office.write([write])];
    expect(await twice({ type: 'link-used', tokenHash: 't2' })).toEqual(['ok', 'stale']);
    expect(await office.write([{ type: 'code-used', ownerId: 'u', step: 7 }])).toBe('stale');
    expect(await twice({ type: 'code-used', ownerId: 'u', step: 8 })).toEqual(['ok', 'stale']);
    expect(await twice({ type: 'recovery-used', ownerId: 'u', codeHash: 'a' })).toEqual(['ok', 'stale']);
  });

  test('what was deleted long enough ago is purged for good, the rest is kept', async () => {
    await office.write([{ type: 'delete', entity: company, id: 'c1', deletion }]);
    expect(await office.purgeDeleted(5_000, 10)).toBe(0);
    expect(await office.purgeDeleted(5_001, 10)).toBe(3);
    expect(await office.deletion('d1')).toBeNull();
    expect(await office.write([{ type: 'restore', deletionId: 'd1', atMs: 9 }])).toBe('stale');
  });
});

describe('what chargers are told of stations', () => {
  test('OCP-05: a station with an identity is a declared charger; another identity is another charger', async () => {
    await office.write([
      put(company, 'c1', { name: 'Le port', number: 1 }),
      aStation('1', { evses: 2, serialNumber: 'SN1' }),
    ]);
    expect(await storage.reader.rosterEntry('CP-1')).toMatchObject({
      connectors: 2,
      serialNumber: 'SN1',
      inactive: false,
      station: { name: 'Quai 1', merchant: 'Le port', subscriberId: 's1', companyId: 'c1' },
    });
    await office.write([aStation('1', { identity: 'NEW-1' }, { version: 2 })]);
    expect(await storage.reader.rosterEntry('CP-1')).toBeNull();
    expect(await storage.reader.rosterEntry('NEW-1')).not.toBeNull();
    await office.write([aStation('1', { identity: null }, { version: 3 })]);
    expect(await storage.reader.roster()).toEqual([]);
  });

  test('OCP-06: a charger has as many connectors as its points say; inactive points and sockets do not count', async () => {
    const connectors = async () => (await storage.reader.rosterEntry('CP-1'))?.connectors;
    const point = (values: Values, change: Partial<RecordRow> = {}) =>
      put(evse, 'p1', { station: '1', number: 1, outlet1Type: 'type-2', outlet2Type: 'domestic', ...values }, change);
    await office.write([put(company, 'c1', { name: 'Le port', number: 1 }), aStation('1', { evses: 2 })]);
    expect(await connectors()).toBe(2);
    await office.write([point({ outlet1ConnectorId: 1, outlet2ConnectorId: 3 })]);
    expect(await connectors()).toBe(3);
    await office.write([
      point({ outlet1ConnectorId: 1, outlet2ConnectorId: 3, outlet2Inactive: true }, { version: 2 }),
    ]);
    expect(await connectors()).toBe(1);
    await office.write([point({ connectorId: 4 }, { version: 3, inactive: true })]);
    expect(await connectors()).toBe(2);
    await office.write([{ type: 'part-gone', entity: evse, id: 'p1', atMs: 9 }]);
    expect(await office.find(evse, 'p1', [{}])).toBeNull();
    expect(await connectors()).toBe(2);
  });

  test('what is deleted and comes back has the connectors of its points again', async () => {
    const deletion = { deletionId: 'd1', subscriberId: 's1', entity: 'station', label: 'Quai 1', atMs: 5, by: 'anne' };
    await office.write([
      put(company, 'c1', { name: 'Le port', number: 1 }),
      aStation('1', { evses: 1 }),
      put(evse, 'p1', { station: '1', number: 1, connectorId: 7 }),
      { type: 'delete', entity: station, id: '1', deletion },
    ]);
    expect(await office.deletion('d1')).toMatchObject({ counts: { station: 1, evse: 1 } });
    await office.write([{ type: 'restore', deletionId: 'd1', atMs: 9 }]);
    expect(await storage.reader.rosterEntry('CP-1')).toMatchObject({ connectors: 7 });
  });

  test('MOD-06: an inactive station, company or charger is treated as non-existent', async () => {
    const inactive = async () => (await storage.reader.rosterEntry('CP-1'))?.inactive;
    await office.write([put(company, 'c1', { name: 'Le port', number: 1 }), aStation('1')]);
    expect(await inactive()).toBe(false);
    await office.write([aStation('1', {}, { version: 2, inactive: true })]);
    expect(await inactive()).toBe(true);
    await office.write([aStation('1', { chargerInactive: true }, { version: 3 })]);
    expect(await inactive()).toBe(true);
    await office.write([aStation('1', {}, { version: 4 })]);
    expect(await inactive()).toBe(false);
    await office.write([put(company, 'c1', { name: 'Le port', number: 1 }, { version: 2, inactive: true })]);
    expect(await inactive()).toBe(true);
  });
});
