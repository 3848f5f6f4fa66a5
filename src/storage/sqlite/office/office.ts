import { sql, type RawBuilder } from 'kysely';
import { ENTITIES, entityNamed } from '#src/domain/office/entities/all.ts';
import { isCustomer } from '#src/domain/office/entities/customer.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import {
  RECHARGE,
  type AuditRow,
  type BinLine,
  type Deletion,
  type MaintenanceRow,
  type Office,
  type OfficeWritten,
} from '../../office-port.ts';
import { isUniqueViolation, sqliteCode, type Connection } from '../connection.ts';
import type { GroupCommitter } from '../group-commit.ts';
import { purgeSessionsOf } from './customers.ts';
import { sqliteCredentials } from './credentials.ts';
import { databaseOver, execute, rows, type Database } from './database.ts';
import { forgetDoors } from './door-writes.ts';
import { isQueued } from '../post.ts';
import { forgetSessions } from '../session-badges.ts';
import { purgeSessionsInBin } from '../session-bin.ts';
import { layoutsOf, mendWords } from './layout.ts';
import { Kept } from './kept.ts';
import { KnownNames, labelled, named } from './names.ts';
import { Listing } from './listing.ts';
import { columnNamed, matching, within } from './query.ts';
import { Stale } from './stale.ts';
import { columnOf, recordOf, sortName, tableOf, type Cells } from './table.ts';
import { carryOut, Orphan } from './writes.ts';

/** The back office on SQLite: reads are immediate, writes go through the group committer like everyone's. */
export function sqliteOffice(connection: Connection, committer: GroupCommitter): Office {
  const database = databaseOver(connection);
  mendWords(connection);
  const kept = new Kept(database);
  const names = new KnownNames(database, kept);
  const listing = new Listing({ database, layoutOf: layoutsOf(connection), kept });
  return {
    async list(entity, query) {
      const { cells, ...count } = listing.page(entity, query);
      return { rows: cells.map((row) => recordOf(entity, row, query.fields)), ...count };
    },
    async next(entity, { after, limit, ...query }) {
      const from = matching(entity, query);
      const beyond = after === null ? sql`1` : sql`(sort_name, id) > (${sortName(entity, after)}, ${after.id})`;
      return records(database, entity, sql`select * ${from} and ${beyond} order by sort_name, id limit ${limit}`);
    },
    async count(entity, query) {
      const [count] = rows(database, sql`select count(*) as found ${matching(entity, query)}`);
      return Number(count?.['found']);
    },
    async find(entity, id, scope) {
      const live = sql`id = ${id} and deletion_id is null and ${within(entity, scope)}`;
      return records(database, entity, sql`select * from ${sql.table(tableOf(entity))} where ${live}`)[0] ?? null;
    },
    async names(entity, scope, limit) {
      const from = matching(entity, { scope, text: '', filters: [] });
      return kept.answer(sql`select ${labelled(entity)} ${from} order by sort_name, id limit ${limit}`, named);
    },
    async namesOf(entity, ids) {
      return names.of(entity, ids);
    },
    async isTaken({ entity, field, value, subscriberId, exceptId }) {
      const mine = subscriberId === null ? sql`1` : sql`subscriber_id = ${subscriberId}`;
      const other = sql`${columnNamed(entity, field)} = ${value} collate nocase and id is not ${exceptId}`;
      const table = sql.table(tableOf(entity));
      return (
        rows(database, sql`select 1 from ${table} where ${other} and ${mine} and deletion_id is null limit 1`).length >
        0
      );
    },
    async isOperator(username) {
      return rows(database, sql`select 1 from user_account where username = ${username} collate nocase`).length > 0;
    },
    async isBadgeTaken({ value, subscriberId, exceptId }) {
      const other = sql`key = ${value} and owner = ${subscriberId ?? ''} and customer_id is not ${exceptId}`;
      return rows(database, sql`select 1 from id_token where ${other}`).length > 0;
    },
    async customersOf(login) {
      const mine = sql`login = ${login} and deletion_id is null order by sort_name, id`;
      return [ENTITIES.customer, ENTITIES['public-customer']].flatMap((entity) =>
        records(database, entity, sql`select * from ${sql.table(tableOf(entity))} where ${mine}`),
      );
    },
    async isPosted(keyStem, { ended } = { ended: false }) {
      return isQueued(database, keyStem, ended);
    },
    async isInBin(entity, field, value) {
      const gone = sql`${columnNamed(entity, field)} = ${value} collate nocase and deletion_id is not null`;
      return rows(database, sql`select 1 from ${sql.table(tableOf(entity))} where ${gone} limit 1`).length > 0;
    },
    async inBin(entity, deletionId) {
      const table = sql.table(tableOf(entity));
      return records(database, entity, sql`select * from ${table} where deletion_id = ${deletionId}`);
    },
    async findBy(entity, field, value) {
      const which = sql`${columnNamed(entity, field)} = ${value} collate nocase and deletion_id is null`;
      return (
        records(database, entity, sql`select * from ${sql.table(tableOf(entity))} where ${which} limit 1`)[0] ?? null
      );
    },
    credentials: sqliteCredentials(database),
    async dependants(entity, id) {
      const counts: Record<string, number> = {};
      for (const { entity: below, field } of entity.dependants ?? []) {
        const child = entityNamed(below);
        if (child === null) continue;
        const mine = sql`${sql.ref(columnOf(field))} = ${id} and deletion_id is null`;
        const [count] = rows(database, sql`select count(*) as n from ${sql.table(tableOf(child))} where ${mine}`);
        if (Number(count?.['n']) > 0) counts[below] = Number(count?.['n']);
      }
      const sessions = sessionsWith(database, entity, id);
      return sessions === 0 ? counts : { ...counts, session: sessions };
    },
    async deletions(subscriberId, limit) {
      return binLines(database, subscriberId, limit);
    },
    async batch(id) {
      const which = sql`(batch_id = ${id} or deletion_id = ${id}) and purge_began = 0`;
      const found = sql`select deletion_id from office_deletion where ${which} order by rowid`;
      return rows(database, found).map((row) => String(row['deletion_id']));
    },
    async deletion(deletionId) {
      return (
        rows(database, sql`select * from office_deletion where deletion_id = ${deletionId} and purge_began = 0`).map(
          deletionOf,
        )[0] ?? null
      );
    },
    async maintenanceOf(of) {
      const which = 'companyId' in of ? sql`company_id = ${of.companyId}` : sql`maintainer_id = ${of.maintainerId}`;
      return rows(database, sql`select * from office_maintenance where ${which}`).map(maintenanceOf);
    },
    async audits(subscriberId, limit) {
      const found = sql`select * from office_audit where subscriber_id is ${subscriberId} order by id desc limit ${limit}`;
      return rows(database, found).map(auditOf);
    },
    writes: () => kept.writes,
    write: (writes) =>
      committer.write<OfficeWritten>({
        apply() {
          kept.forget();
          for (const write of writes) carryOut(database, write);
          return 'ok';
        },
        refused(error) {
          if (error instanceof Stale) return 'stale';
          if (error instanceof Orphan) return 'orphan';
          const code = sqliteCode(error);
          if (code !== null && isUniqueViolation(code)) return 'taken';
          throw error;
        },
      }),
    purgeDeleted: (beforeMs, limit) =>
      committer.write<number>({
        apply() {
          kept.forget();
          return purge(database, beforeMs, limit);
        },
        refused(error) {
          throw error;
        },
      }),
  };
}

/** A batch is one line: its counts are added up, and its first record gives it its name. */
function binLines(database: Database, subscriberId: string | null, limit: number): readonly BinLine[] {
  const line = sql`coalesce(batch_id, deletion_id)`;
  const his = sql`subscriber_id is ${subscriberId} and purge_began = 0`;
  const latest = sql`select ${line} from office_deletion where ${his} group by 1 order by max(at_ms) desc, 1 limit ${limit}`;
  // Most records of a batch took as much with them: there are few different counts.
  const alike = sql`select *, ${line} as line, count(*) as alike, min(rowid) as earliest from office_deletion
    where ${his} and ${line} in (${latest}) group by line, counts order by earliest`;
  const lines = Map.groupBy(rows(database, alike), (row) => String(row['line']));
  const drawn = [...lines].flatMap(([deletionId, all]): readonly BinLine[] => {
    const [first] = all;
    if (first === undefined) return [];
    const counts: Record<string, number> = {};
    let size = 0;
    for (const row of all) {
      const times = Number(row['alike']);
      size += times;
      for (const [name, count] of Object.entries(deletionOf(row).counts))
        counts[name] = (counts[name] ?? 0) + count * times;
    }
    return [{ ...deletionOf(first), deletionId, counts, size }];
  });
  return drawn.toSorted((one, other) => other.atMs - one.atMs || (one.deletionId < other.deletionId ? -1 : 1));
}

/** Whose stations go with a record, by the column of the station that points to it. */
const STATIONS_OF: Readonly<Record<string, string>> = {
  station: 'id',
  company: 'company',
  subscriber: 'subscriber_id',
};

/**
 * The sessions that nobody finds any more without it: those that began at its stations (STA-07); or which lose their
 * person, of a customer (CPT-10).
 */
function sessionsWith(database: Database, entity: Entity, id: string): number {
  if (isCustomer(entity)) {
    const [count] = rows(database, sql`select count(*) as n from charging_session where wallet_id = ${id}`);
    return Number(count?.['n']);
  }
  const column = STATIONS_OF[entity.name];
  if (column === undefined) return 0;
  const stations = sql`select id from office_station where ${sql.ref(column)} = ${id} and deletion_id is null`;
  const [count] = rows(database, sql`select count(*) as n from charging_session where station_id in (${stations})`);
  return Number(count?.['n']);
}

/**
 * The oldest deletions first: the recharges of its stations a bite at a time (STA-07, SOC-04), then its records as a
 * whole. A server that stops in between goes on from what is left.
 */
function purge(database: Database, beforeMs: number, limit: number): number {
  const old = sql`select * from office_deletion where at_ms < ${beforeMs} order by at_ms limit ${limit}`;
  let went = 0;
  for (const { deletionId, counts } of rows(database, old).map(deletionOf)) {
    if (counts['station'] !== undefined) {
      const sessions = sessionsAt(database, deletionId, limit);
      if (sessions.length > 0) {
        execute(database, sql`update office_deletion set purge_began = 1 where deletion_id = ${deletionId}`);
        return went + forgetSessions(database, sessions);
      }
    }
    if (counts['user'] !== undefined) forgetDoors(database, deletionId);
    if (counts[RECHARGE] !== undefined) went += purgeSessionsInBin(database, deletionId);
    for (const [name, count] of Object.entries(counts)) {
      const entity = entityNamed(name);
      if (entity === null) continue;
      if (entity.name === 'company') forgetUnregistered(database, deletionId);
      if (isCustomer(entity)) purgeSessionsOf(database, entity, deletionId);
      execute(database, sql`delete from ${sql.table(tableOf(entity))} where deletion_id = ${deletionId}`);
      went += count;
    }
    execute(database, sql`delete from office_deletion where deletion_id = ${deletionId}`);
  }
  return went;
}

/** How often badges that were nobody's charged at the companies of this deletion. */
function forgetUnregistered(database: Database, deletionId: string): void {
  const companies = sql`select id from office_company where deletion_id = ${deletionId}`;
  execute(database, sql`delete from unregistered_charge where company_id in (${companies})`);
}

/** Some of the sessions at the stations of this deletion. */
function sessionsAt(database: Database, deletionId: string, limit: number): readonly number[] {
  const stations = sql`select id from office_station where deletion_id = ${deletionId}`;
  const some = sql`select transaction_id from charging_session where station_id in (${stations}) limit ${limit}`;
  return rows(database, some).map((row) => Number(row['transaction_id']));
}

function records(database: Database, entity: Entity, query: RawBuilder<unknown>): readonly RecordRow[] {
  return rows(database, query).map((row) => recordOf(entity, row as Cells));
}

function deletionOf(row: Readonly<Record<string, unknown>>): Deletion {
  return {
    deletionId: String(row['deletion_id']),
    batchId: row['batch_id'] as string | null,
    subscriberId: row['subscriber_id'] as string | null,
    entity: String(row['entity']),
    label: String(row['label']),
    counts: JSON.parse(String(row['counts'])) as Deletion['counts'],
    atMs: Number(row['at_ms']),
    by: String(row['deleted_by']),
  };
}

function maintenanceOf(row: Readonly<Record<string, unknown>>): MaintenanceRow {
  return {
    companyId: String(row['company_id']),
    maintainerId: String(row['maintainer_id']),
    offeredAtMs: Number(row['offered_at_ms']),
    acceptedAtMs: row['accepted_at_ms'] as number | null,
  };
}

function auditOf(row: Readonly<Record<string, unknown>>): AuditRow {
  return {
    atMs: Number(row['at_ms']),
    by: String(row['done_by']),
    subscriberId: row['subscriber_id'] as string | null,
    act: row['act'] as AuditRow['act'],
    entity: String(row['entity']),
    recordId: String(row['record_id']),
    label: String(row['label']),
    fields: JSON.parse(String(row['fields'])) as string[],
  };
}
