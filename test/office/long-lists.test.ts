import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { searchText, type Entity, type RecordRow } from '#src/domain/office/entity.ts';
import { folded } from '#src/domain/office/field.ts';
import type { Office, OfficeWrite, RecordQuery } from '#src/storage/office-port.ts';
import { connect, type Connection } from '#src/storage/sqlite/connection.ts';
import { openStorage, type SqliteStorage } from '#src/storage/sqlite/open.ts';
import { putEmptyDatabase } from '../fixtures/empty-database.ts';
import { aRecord } from './arbitraries.ts';

const { role, user } = ENTITIES;
/** More than what is counted one by one, and in one subscription more than what is read. */
const PEOPLE = 10_400;
const NAMES = ['Hélène', 'Zoé', 'Loïc', 'Anaïs', 'Bob', 'Éric'];
const ALL: RecordQuery = {
  scope: [{}],
  text: '',
  sort: 'name',
  descending: false,
  filters: [],
  offset: 0,
  limit: 20,
};

let folder: string;
let connection: Connection;
let storage: SqliteStorage;
let office: Office;
let people: RecordRow[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-long-lists-'));
  const path = join(folder, 'vigie.sqlite');
  await putEmptyDatabase(path);
  connection = connect(path);
  storage = await openStorage(connection, { node: 'test' });
  office = storage.office;
  people = Array.from({ length: PEOPLE }, (_, n) => person(n));
  const roles = ['r0', 'r1', 'r2'].map((id, n) => aRecord(role, { id, values: { name: `Rôle ${2 - n}` } }));
  await office.write([...roles.map((one) => put(role, one)), ...people.map((one) => put(user, one))]);
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

function person(n: number): RecordRow {
  const values = {
    name: `${NAMES[n % NAMES.length]} n° ${n}`,
    username: `u-${n}`,
    email: n % 7 === 0 ? null : `p${(n * 7919) % PEOPLE}@long.example`,
    role: `r${n % 3}`,
    restriction: 'nothing',
  };
  return aRecord(user, { id: `user-${n}`, subscriberId: n % 4 === 0 ? 's2' : 's1', values });
}

function put(entity: Entity, record: RecordRow): OfficeWrite {
  return { type: 'put', entity, record };
}

/** Ids as a reader of every record would find them. */
function expected(
  fits: (record: RecordRow) => boolean,
  by: (record: RecordRow) => string,
  descending: boolean,
): string[] {
  const found = people.filter(fits).map((record) => ({ id: record.id, key: by(record) }));
  found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id < b.id ? -1 : 1));
  return (descending ? found.toReversed() : found).map(({ id }) => id);
}

const sorts: Readonly<Record<string, (record: RecordRow) => string>> = {
  name: ({ values }) => folded(String(values['name'])),
  email: ({ values }) => String(values['email'] ?? ''),
  role: ({ values }) => `role ${2 - Number(String(values['role']).slice(1))}`,
};
/** Nobody's, one's, a few's, many's, everyone's; too short for the index; two at once; signs of LIKE and of the index. */
const TEXTS = ['', 'zyxw', 'u-10399', 'HELENE', 'loïc', '@long', 'o', 'zo n°', 'ric 12', '%', '"o"', 'a-b'];

describe('a list too long to be read', () => {
  test.each(TEXTS)(
    'LST-03, LST-04, LST-05: %j finds in it what it finds in a short one, in every order',
    async (text) => {
      const words = folded(text).split(' ').filter(Boolean);
      for (const [scope, isHis] of [
        [[{}], () => true],
        [[{ subscriberIds: ['s1'] }], ({ subscriberId }: RecordRow) => subscriberId === 's1'],
      ] as const) {
        const fits = (record: RecordRow): boolean =>
          isHis(record) && words.every((word) => searchText(user, record.values).includes(word));
        for (const [sort, by] of Object.entries(sorts)) {
          for (const descending of [false, true]) {
            const all = expected(fits, by, descending);
            for (const offset of [0, 20]) {
              const page = await office.list(user, { ...ALL, scope, text, sort, descending, offset });
              expect(page.rows.map(({ id }) => id)).toEqual(all.slice(offset, offset + 20));
              expect(page.isMore ? all.length > page.found : page.found === all.length).toBe(true);
            }
          }
        }
      }
    },
  );

  test('LST-05: what nearly everyone holds is not counted to the end, and the list says so', async () => {
    expect(await office.list(user, { ...ALL, text: '@long u-' })).toMatchObject({ found: 500, isMore: true });
    expect(await office.list(user, { ...ALL, text: 'u-' })).toMatchObject({ found: 500, isMore: true });
    const far = { text: '@long u-', offset: 5_000, limit: 20 };
    expect(await office.list(user, { ...ALL, ...far })).toMatchObject({ found: 5_020, isMore: true });
    expect(await office.list(user, ALL)).toMatchObject({ found: PEOPLE, isMore: false });
  });

  test('what is changed, deleted, brought back and purged is found as it is now, and counted', async () => {
    const found = async (text: string): Promise<readonly string[]> =>
      (await office.list(user, { ...ALL, text })).rows.map(({ id }) => id);
    const [first] = people;
    if (first === undefined) throw new Error('there are people');
    const renamed = { ...first, version: 2, values: { ...first.values, name: 'Quentin Xylophone' } };
    await office.write([put(user, renamed)]);
    expect(await found('xylophone')).toEqual([first.id]);
    expect(await found('u-0')).toEqual([first.id]);
    const deletion = { deletionId: 'd1', subscriberId: 's2', entity: 'user', label: 'Quentin', atMs: 5, by: 'test' };
    await office.write([{ type: 'delete', entity: user, id: first.id, deletion }]);
    expect(await found('xylophone')).toEqual([]);
    expect((await office.list(user, ALL)).found).toBe(PEOPLE - 1);
    await office.write([{ type: 'restore', deletionId: 'd1', atMs: 6 }]);
    expect(await found('xylophone')).toEqual([first.id]);
    await office.write([{ type: 'delete', entity: user, id: first.id, deletion }]);
    await office.purgeDeleted(9, 10);
    expect(await found('xylophone')).toEqual([]);
    await office.write([put(user, first)]);
    expect(await found('u-0')).toEqual([first.id]);
  });

  test('LST-03, CPT-15: customers are sorted by what is in their wallets now, though nobody has written any of them', async () => {
    const { customer } = ENTITIES;
    const two = ['c1', 'c2'].map((id) => aRecord(customer, { id, subscriberId: 's1', values: { name: id } }));
    await office.write(two.map((one) => put(customer, one)));
    const richestFirst = async (): Promise<readonly string[]> => {
      const query = { ...ALL, scope: [{ subscriberIds: ['s1'] }], sort: 'balance', descending: true };
      return (await office.list(customer, query)).rows.map(({ id }) => id);
    };
    const earn = (walletId: string, cents: number): void => {
      connection
        .prepare('insert into ledger_entry (key, wallet_id, at_ms, amount_cents) values (?, ?, 0, ?)')
        .run(`${walletId} ${cents}`, walletId, cents);
    };
    earn('c1', 100);
    expect(await richestFirst()).toEqual(['c1', 'c2']);
    earn('c2', 200);
    expect(await richestFirst()).toEqual(['c2', 'c1']);
  });

  test('LST-03: who is sorted by his role moves when it is renamed', async () => {
    const rename = (version: number, name: string): OfficeWrite =>
      put(role, aRecord(role, { id: 'r1', version, values: { name } }));
    const first = async () => (await office.list(user, { ...ALL, sort: 'role', limit: 1 })).rows[0]?.values['role'];
    expect(await first()).toBe('r2');
    await office.write([rename(2, 'A')]);
    expect(await first()).toBe('r1');
    await office.write([rename(3, 'Rôle 1')]);
    expect(await first()).toBe('r2');
  });

  test('an index of words that is not of this table is filled again when the file is opened', async () => {
    const found = async (of: Office) => (await of.list(user, { ...ALL, text: 'u-10398' })).rows.map(({ id }) => id);
    connection.exec("insert into office_user_words (office_user_words) values ('delete-all')");
    expect(await found(office)).toEqual([]);
    await storage.close();
    connection = connect(join(folder, 'vigie.sqlite'));
    storage = await openStorage(connection, { node: 'test' });
    office = storage.office;
    expect(await found(office)).toEqual(['user-10398']);
  });
});
