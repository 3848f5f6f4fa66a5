import { sql, type RawBuilder } from 'kysely';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import { entityNamed, referred } from '#src/domain/office/entities/all.ts';
import { DOOR_ACTS, RECHARGE, type AuditRow, type Deletion, type OfficeWrite } from '../../office-port.ts';
import { forgetMaintainer, writeRecipients } from '../alerts.ts';
import { dropMessages, queueMessage } from '../post.ts';
import { bringBackSessions, putSessionInBin } from '../session-bin.ts';
import { changesOf, execute, rows, type Database } from './database.ts';
import { isCustomer } from '#src/domain/office/entities/customer.ts';
import { blockCustomersOf, bringBackCustomers, forgetCustomers, projectCustomers } from './customers.ts';
import { carryOutAtDoor } from './door-writes.ts';
import { forgetStations, projectStations } from './roster.ts';
import { Stale } from './stale.ts';
import { cellsOf, columnOf, tableOf } from './table.ts';

/** What is brought back belongs to something that is deleted itself. */
export class Orphan extends Error {}

/** Carries out one write inside the transaction of its group. @throws Stale, Orphan, and what SQLite throws. */
export function carryOut(deps: Database, write: OfficeWrite): void {
  switch (write.type) {
    case 'put':
      return put(deps, write.entity, write.record);
    case 'delete':
      return remove(deps, write);
    case 'delete-recharge':
      return removeRecharge(deps, write);
    case 'restore':
      return restore(deps, write);
    case 'part-gone':
      return partGone(deps, write);
    case 'audit':
      return audit(deps, write.audit);
    case 'maintenance': {
      const { companyId, maintainerId, offeredAtMs, acceptedAtMs } = write.row;
      if (acceptedAtMs === null) forgetMaintainer(deps, write.row);
      const values = sql.join([companyId, maintainerId, offeredAtMs, acceptedAtMs]);
      return execute(deps, sql`insert or replace into office_maintenance values (${values})`);
    }
    case 'maintenance-gone':
      forgetMaintainer(deps, write);
      return execute(
        deps,
        sql`delete from office_maintenance where company_id = ${write.companyId} and maintainer_id = ${write.maintainerId}`,
      );
    case 'recipients':
      return writeRecipients(deps, write.stationId, write.recipients);
    case 'post':
      if (write.inPlaceOf !== undefined) dropMessages(deps, write.message.channel, write.inPlaceOf);
      return queueMessage(deps, write.message);
    case 'kit-key': {
      const live = sql`id = ${write.kitId} and deletion_id is null`;
      const changed = changesOf(deps, sql`update office_kit set secret_key = ${write.key} where ${live}`);
      if (changed === 0) throw new Stale();
      return;
    }
    default:
      return carryOutAtDoor(deps, write);
  }
}

function put(deps: Database, entity: Entity, record: RecordRow): void {
  const cells = cellsOf(entity, record);
  const names = Object.keys(cells);
  const table = sql.table(tableOf(entity));
  const wasInactive = entity.name === 'company' && isInactive(deps, entity, record.id);
  if (record.version === 1) {
    const columns = sql.join(names.map((name) => sql.ref(name)));
    execute(deps, sql`insert into ${table} (${columns}) values (${sql.join(Object.values(cells))})`);
  } else {
    const kept = new Set(['id', 'subscriber_id', 'created_at_ms']);
    const sets = names.filter((name) => !kept.has(name)).map((name) => sql`${sql.ref(name)} = ${cells[name]}`);
    const changed = changesOf(
      deps,
      sql`update ${table} set ${sql.join(sets)}
        where id = ${record.id} and version = ${record.version - 1} and deletion_id is null`,
    );
    if (changed === 0) throw new Stale();
  }
  if (entity.name === 'station') projectStations(deps, sql`id = ${record.id}`, record.changedAtMs);
  // Whose card it is decides whether its kit is somebody's (LAF-04).
  if (entity.name === 'sim')
    projectStations(deps, sql`sim_iccid = ${String(record.values['iccid'])}`, record.changedAtMs);
  // What its points say decides how many connectors a charger has.
  if (entity.name === 'evse') projectStations(deps, sql`id = ${String(record.values['station'])}`, record.changedAtMs);
  if (isCustomer(entity)) projectCustomers(deps, entity, sql`id = ${record.id}`);
  if (entity.name === 'company' && wasInactive !== record.inactive) blockCustomersOf(deps, record.id, record.inactive);
  // The merchant's name stands on each of its stations.
  if (entity.name === 'company') projectStations(deps, sql`company = ${record.id}`, record.changedAtMs);
  if (entity.name === 'subscriber') projectStations(deps, sql`subscriber_id = ${record.id}`, record.changedAtMs);
}

function isInactive(deps: Database, entity: Entity, id: string): boolean {
  const [row] = rows(deps, sql`select inactive from ${sql.table(tableOf(entity))} where id = ${id}`);
  return row?.['inactive'] === 1;
}

function partGone(deps: Database, { entity, id, atMs }: Extract<OfficeWrite, { type: 'part-gone' }>): void {
  const table = sql.table(tableOf(entity));
  const [part] = rows(deps, sql`select * from ${table} where id = ${id}`);
  execute(deps, sql`delete from ${table} where id = ${id}`);
  if (entity.name === 'evse' && part !== undefined) projectStations(deps, sql`id = ${part['station']}`, atMs);
}

function remove(deps: Database, { entity, id, deletion }: Extract<OfficeWrite, { type: 'delete' }>): void {
  const { deletionId, atMs } = deletion;
  const counts: Record<string, number> = {};
  const visit = (of: Entity, where: RawBuilder<unknown>): void => {
    const live = sql`deletion_id is null and ${where}`;
    const ids = rows(deps, sql`select id from ${sql.table(tableOf(of))} where ${live}`).map((row) => String(row['id']));
    if (ids.length === 0) return;
    if (of.name === 'station') forgetStations(deps, ids, atMs);
    if (isCustomer(of)) forgetCustomers(deps, ids);
    execute(deps, sql`update ${sql.table(tableOf(of))} set deletion_id = ${deletionId} where ${live}`);
    counts[of.name] = (counts[of.name] ?? 0) + ids.length;
    const mine = JSON.stringify(ids);
    for (const { entity: below, field } of of.dependants ?? []) {
      const child = entityNamed(below);
      if (child !== null) visit(child, sql`${sql.ref(columnOf(field))} in (select value from json_each(${mine}))`);
    }
  };
  visit(entity, sql`id = ${id}`);
  if (counts[entity.name] === undefined) throw new Stale();
  noteDeletion(deps, { batchId: null, ...deletion, counts });
}

function noteDeletion(deps: Database, deletion: Deletion): void {
  const { deletionId, batchId, subscriberId, entity, label, counts, atMs, by } = deletion;
  const values = sql.join([deletionId, batchId, subscriberId, entity, label, JSON.stringify(counts), atMs, by]);
  execute(
    deps,
    sql`insert into office_deletion (deletion_id, batch_id, subscriber_id, entity, label, counts, at_ms, deleted_by)
      values (${values})`,
  );
}

function removeRecharge(
  deps: Database,
  { transactionId, deletion }: Extract<OfficeWrite, { type: 'delete-recharge' }>,
): void {
  if (!putSessionInBin(deps, transactionId, deletion.deletionId)) throw new Stale();
  noteDeletion(deps, { ...deletion, entity: RECHARGE, counts: { [RECHARGE]: 1 } });
}

function restore(deps: Database, { deletionId, atMs }: Extract<OfficeWrite, { type: 'restore' }>): void {
  const [deletion] = rows(
    deps,
    sql`select counts from office_deletion where deletion_id = ${deletionId} and purge_began = 0`,
  );
  if (deletion === undefined) throw new Stale();
  const back: (readonly [entity: Entity, ids: readonly unknown[]])[] = [];
  for (const name of Object.keys(JSON.parse(String(deletion['counts'])) as object)) {
    const entity = entityNamed(name);
    if (entity === null) continue;
    const table = sql.table(tableOf(entity));
    const ids = rows(deps, sql`select id from ${table} where deletion_id = ${deletionId}`).map((row) => row['id']);
    execute(deps, sql`update ${table} set deletion_id = null where deletion_id = ${deletionId}`);
    back.push([entity, ids]);
  }
  bringBackSessions(deps, deletionId);
  // Their points are back too by now.
  for (const [entity, ids] of back) {
    if (isCustomer(entity)) bringBackCustomers(deps, entity, ids);
    if (entity.name === 'station')
      projectStations(deps, sql`id in (select value from json_each(${JSON.stringify(ids)}))`, atMs);
  }
  execute(deps, sql`delete from office_deletion where deletion_id = ${deletionId}`);
  if (back.some(([entity, ids]) => isOrphan(deps, entity, ids))) throw new Orphan();
}

/** Does one of these records need something that is in the bin or purged? */
function isOrphan(deps: Database, entity: Entity, ids: readonly unknown[]): boolean {
  const these = sql`id in (select value from json_each(${JSON.stringify(ids)}))`;
  const owners = Object.entries(entity.fields).flatMap(([name, field]) =>
    field.kind === 'ref' && field.required === true ? [{ column: columnOf(name), to: referred(field.to).entity }] : [],
  );
  return owners.some(({ column, to }) => {
    const live = sql`(select id from ${sql.table(tableOf(to))} where deletion_id is null)`;
    const lost = sql`${these} and ${sql.ref(column)} not in ${live}`;
    return rows(deps, sql`select 1 from ${sql.table(tableOf(entity))} where ${lost} limit 1`).length > 0;
  });
}

function audit(deps: Database, a: AuditRow): void {
  const values = sql.join([
    a.atMs,
    a.by,
    a.subscriberId,
    a.act,
    a.entity,
    a.recordId,
    a.label,
    JSON.stringify(a.fields),
  ]);
  execute(
    deps,
    sql`insert into office_audit (at_ms, done_by, subscriber_id, act, entity, record_id, label, fields) values (${values})`,
  );
  // What happens at the door stands in the journal too, in the same transaction.
  if (!(DOOR_ACTS as readonly string[]).includes(a.act)) return;
  const line = sql.join([a.atMs, 'info', 'account', a.act, `${a.label}, by ${a.by}`]);
  execute(deps, sql`insert into event (at_ms, level, kind, name, note) values (${line})`);
}
