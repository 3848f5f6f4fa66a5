import { sql } from 'kysely';
import { identityOf } from '#bench/load/charger.ts';
import { subscriptionWrites } from '#actors/office/subscription.ts';
import { ENTITIES, type EntityName } from '#src/domain/office/entities/all.ts';
import { emptyOf, type RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import type { OfficeWrite } from '#src/storage/office-port.ts';
import { hashPassword } from '#src/password.ts';
import type { Connection, Statement } from '#src/storage/sqlite/connection.ts';
import { databaseOver } from '#src/storage/sqlite/office/database.ts';
import { projectCustomers } from '#src/storage/sqlite/office/customers.ts';
import { projectStations } from '#src/storage/sqlite/office/roster.ts';
import { cellsOf, tableOf } from '#src/storage/sqlite/office/table.ts';
import type { SqliteStorage } from '#src/storage/sqlite/open.ts';
import { PASSWORD, addedId, maintainerId, merchantId } from './logins.ts';
import type { Sizes } from './sizes.ts';
import { badgeOf, personOf, pick, placeOf } from './words.ts';

const BORN_MS = Date.UTC(2026, 0, 5, 8);
const BY = 'bench';
/** What each merchant adds to the form of his stations, all of it shown in the list. */
const ADDED: readonly Values[] = [
  { name: 'Mise en service', input: 'date' },
  { name: 'Voirie', input: 'text', lengthMax: 60 },
  { name: 'Pose', input: 'choice', choices: 'Sur pied\nMurale' },
];
const POSES = ['Sur pied', 'Murale'];

/** Subscribers with what comes with a subscription, through the office itself; then the many records, straight into their tables. */
export async function seedOffice(storage: SqliteStorage, connection: Connection, sizes: Sizes): Promise<void> {
  await storage.office.write(subscribers(sizes));
  const credential = { passwordHash: await hashPassword(PASSWORD), mustChange: false, changedAtMs: BORN_MS };
  await storage.office.write(
    [...ids(sizes.merchants, merchantId), ...ids(sizes.maintainers, maintainerId)].map(
      (id) => ({ type: 'password', userId: `${id}-administrator`, credential }) as const,
    ),
  );
  connection.transaction(() => {
    const companies = inserter(connection, 'company');
    const stations = inserter(connection, 'station');
    const users = inserter(connection, 'user');
    const people = inserter(connection, 'customer');
    for (let merchant = 0; merchant < sizes.merchants; merchant += 1) {
      for (let n = 1; n < sizes.companiesEach; n += 1) companies(company(sizes, merchant, n));
      for (let n = 0; n < sizes.stationsEach; n += 1) stations(station(sizes, merchant, n));
      for (let n = 0; n < sizes.usersEach; n += 1) users(user(sizes, merchant, n));
      for (let n = 0; n < sizes.peopleEach; n += 1) people(customer(sizes, merchant, n));
    }
    projectStations(databaseOver(connection), sql`1`, BORN_MS);
    projectCustomers(databaseOver(connection), ENTITIES.customer, sql`1`);
    seedMaintenance(connection, sizes);
    seedBin(connection, sizes);
    seedAudit(connection, sizes);
  })();
}

function subscribers(sizes: Sizes): readonly OfficeWrite[] {
  const writes: OfficeWrite[] = [];
  const add = (id: string, n: number, values: Values): void => {
    const common = { language: 'fr', contactName: personOf(n), contactEmail: `${id}@bench.example`, ...placeOf(n) };
    const record = recordOf('subscriber', { id, subscriberId: null, values: { ...common, ...values } });
    writes.push({ type: 'put', entity: ENTITIES.subscriber, record }, ...subscriptionWrites(record, BY));
  };
  for (let n = 0; n < sizes.merchants; n += 1) {
    const id = merchantId(n);
    add(id, n, { kind: 'merchant', name: `Commerçant ${n} ${placeOf(n).city}`, administrator: id, options: ['sms'] });
    for (const [index, values] of ADDED.entries()) {
      const field = { form: 'station', order: index + 1, shownInLists: true, ...values };
      const record = recordOf('custom-field', { id: addedId(id, index), subscriberId: id, values: field });
      writes.push({ type: 'put', entity: ENTITIES['custom-field'], record });
    }
  }
  for (let n = 0; n < sizes.maintainers; n += 1) {
    const id = maintainerId(n);
    add(id, n, { kind: 'maintainer', name: `Mainteneur ${n}`, administrator: id });
  }
  return writes;
}

function company(sizes: Sizes, merchant: number, n: number): RecordRow {
  const subscriberId = merchantId(merchant);
  const at = merchant * sizes.companiesEach + n;
  const values = {
    number: n + 1,
    name: `Société ${n + 1} ${placeOf(at).city}`,
    ...placeOf(at),
    country: 'France',
    contactName: personOf(at),
    contactEmail: `societe-${at}@bench.example`,
    publicCustomers: true,
  };
  return recordOf('company', { id: companyId(merchant, n), subscriberId, values });
}

function station(sizes: Sizes, merchant: number, n: number): RecordRow {
  const subscriberId = merchantId(merchant);
  const at = merchant * sizes.stationsEach + n;
  const place = placeOf(at);
  const values = {
    company: companyId(merchant, n % sizes.companiesEach),
    name: `${place.city} ${place.address} ${n}`,
    access: n % 3 === 0 ? 'private' : 'public',
    contactName: personOf(at),
    contactPhone: `+332${String(90_000_000 + at)}`,
    contactEmail: `station-${at}@bench.example`,
    ...place,
    country: 'France',
    position: '48.38;-4.49',
    language: 'fr',
    timeZone: 'Europe/Paris',
    publicCustomers: n % 3 !== 0,
    visibleToPublic: true,
    customerInfo: 'Au fond du parking, à gauche.',
    openingHours: 'Tous les jours, 24 h sur 24',
    identity: identityOf(at),
    manufacturer: 'Volterre',
    model: 'Parvis 22-2',
    serialNumber: `VO${at}`,
    evses: 2,
    ocppVersion: '1.6-json',
    permanentPowerW: 22_000,
  };
  const custom = {
    [addedId(subscriberId, 0)]: `20${20 + pick(at, 8, 6)}-0${1 + pick(at, 9, 9)}-15`,
    [addedId(subscriberId, 1)]: place.city,
    [addedId(subscriberId, 2)]: POSES[pick(at, 10, POSES.length)] ?? null,
  };
  return { ...recordOf('station', { id: `station-${at}`, subscriberId, values }), custom };
}

function user(sizes: Sizes, merchant: number, n: number): RecordRow {
  const subscriberId = merchantId(merchant);
  const at = merchant * sizes.usersEach + n;
  const values = {
    name: personOf(at),
    username: `agent-${at}`,
    email: `agent-${at}@bench.example`,
    mobile: `+337${String(10_000_000 + at)}`,
    language: 'fr',
    lastDay: n % 10 === 0 ? '2027-12-31' : null,
    role: `${subscriberId}-role-view`,
    restriction: 'nothing',
  };
  return recordOf('user', { id: `user-${at}`, subscriberId, values });
}

function customer(sizes: Sizes, merchant: number, n: number): RecordRow {
  const at = merchant * sizes.peopleEach + n;
  const { address, postcode, city } = placeOf(at);
  const values = {
    company: companyId(merchant, n % sizes.companiesEach),
    // Names are those of a merchant's customers once.
    name: `${personOf(at)} ${n}`,
    email: `client-${at}@bench.example`,
    mobile: `+336${String(10_000_000 + at)}`,
    address,
    postcode,
    city,
    country: 'France',
    language: n % 20 === 0 ? 'en' : 'fr',
    createdOn: `20${20 + pick(at, 60, 6)}-0${1 + pick(at, 61, 9)}-15`,
    account: n % 3 === 0,
    badge1Value: badgeOf(at),
    terms: true,
  };
  return recordOf('customer', { id: `customer-${at}`, subscriberId: merchantId(merchant), values });
}

/** The first maintainer looks after many companies, each of the others after one. */
function seedMaintenance(connection: Connection, sizes: Sizes): void {
  const put = connection.prepare(
    'insert or replace into office_maintenance (company_id, maintainer_id, offered_at_ms, accepted_at_ms) values (?, ?, ?, ?)',
  );
  for (let n = 0; n < sizes.maintained; n += 1)
    put.run(companyId(n % sizes.merchants, Math.floor(n / sizes.merchants)), maintainerId(0), BORN_MS, BORN_MS);
  for (let n = 1; n < sizes.maintainers; n += 1) put.run(companyId(n, 0), maintainerId(n), BORN_MS, BORN_MS);
}

/** Users that were deleted: so many lines in each bin. */
function seedBin(connection: Connection, sizes: Sizes): void {
  const drop = connection.prepare('update office_user set deletion_id = ? where id = ?');
  const put = connection.prepare(`insert into office_deletion
    (deletion_id, subscriber_id, entity, label, counts, at_ms, deleted_by) values (?, ?, ?, ?, ?, ?, ?)`);
  for (let merchant = 0; merchant < sizes.merchants; merchant += 1) {
    const putUser = inserter(connection, 'user');
    for (let n = 0; n < sizes.deletionsEach; n += 1) {
      const subscriberId = merchantId(merchant);
      const id = `gone-${merchant}-${n}`;
      const values: Values = { ...user(sizes, merchant, n).values, username: id, email: `${id}@bench.example` };
      putUser(recordOf('user', { id, subscriberId, values }));
      drop.run(`deletion-${id}`, id);
      put.run(`deletion-${id}`, subscriberId, 'user', String(values['name']), '{"user":1}', BORN_MS + n, BY);
    }
  }
}

function seedAudit(connection: Connection, sizes: Sizes): void {
  const put = connection.prepare(
    'insert into office_audit (at_ms, done_by, subscriber_id, act, entity, record_id, label, fields) values (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  for (let n = 0; n < sizes.audits; n += 1) {
    const merchant = pick(n, 11, sizes.merchants + 1);
    const subscriberId = merchant === sizes.merchants ? null : merchantId(merchant);
    put.run(BORN_MS + n * 1000, BY, subscriberId, 'changed', 'user', `user-${n}`, personOf(n), '["email","mobile"]');
  }
}

/** One statement for each kind of record; the columns are those of its declaration. */
function inserter(connection: Connection, name: EntityName): (record: RecordRow) => void {
  const entity = ENTITIES[name];
  let insert: Statement<unknown> | null = null;
  return (record) => {
    const cells = cellsOf(entity, record);
    const columns = Object.keys(cells);
    insert ??= connection.prepare(
      `insert into ${tableOf(entity)} (${columns.map((one) => `"${one}"`).join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    );
    insert.run(...Object.values(cells));
  };
}

function companyId(merchant: number, n: number): string {
  return n === 0 ? `${merchantId(merchant)}-company-1` : `company-${merchant}-${n}`;
}

function ids(count: number, idOf: (n: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, n) => idOf(n));
}

function recordOf(name: EntityName, of: { id: string; subscriberId: string | null; values: Values }): RecordRow {
  const values: Record<string, Value> = {};
  for (const [field, declared] of Object.entries(ENTITIES[name].fields))
    values[field] = of.values[field] ?? emptyOf(declared);
  return {
    id: of.id,
    subscriberId: of.subscriberId,
    version: 1,
    inactive: false,
    values,
    custom: {},
    createdAtMs: BORN_MS,
    changedAtMs: BORN_MS,
    changedBy: BY,
  };
}
