import { sql, type RawBuilder } from 'kysely';
import { badgesOf } from '#src/domain/office/badges.ts';
import type { Entity } from '#src/domain/office/entity.ts';
import { renameSessions } from '../session-badges.ts';
import { execute, rows, type Database } from './database.ts';
import { recordOf, tableOf, type Cells } from './table.ts';

/**
 * The badges that chargers show follow what people write of customers, in the same transaction. A customer who is
 * inactive, or whose company is, keeps his badges: they are refused, and by their number nobody else gets in (CPT-18).
 */
export function projectCustomers(deps: Database, entity: Entity, which: RawBuilder<unknown>): void {
  const found = rows(deps, sql`select * from ${sql.table(tableOf(entity))} where deletion_id is null and ${which}`);
  for (const cells of found) {
    const { id, subscriberId, inactive, values } = recordOf(entity, cells as Cells);
    execute(deps, sql`delete from id_token where customer_id = ${id}`);
    const blocked = inactive || isCompanyInactive(deps, values['company']) ? 1 : 0;
    const who = [id, blocked, values['expiresAtMs'] ?? null, id, values['name'] ?? null, 0];
    for (const { value } of badgesOf(values)) {
      const badge = sql.join([value, value, subscriberId ?? '', ...who]);
      execute(
        deps,
        sql`insert into id_token (key, id_tag, owner, customer_id, blocked, expires_at_ms, wallet_id, driver, free_service)
          values (${badge})`,
      );
    }
  }
}

/** Of all its customers at once: there may be very many. */
export function blockCustomersOf(deps: Database, companyId: string, isCompanyBlocked: boolean): void {
  const blocked = isCompanyBlocked
    ? sql`1`
    : sql`(select c.inactive from office_customer as c where c.id = customer_id)`;
  execute(
    deps,
    sql`update id_token set blocked = ${blocked}
      where customer_id in (select id from office_customer where company = ${companyId} and deletion_id is null)`,
  );
}

/** Nobody has their badges any more, and what they charged loses their names (CPT-10); sums stay in the ledger. */
export function forgetCustomers(deps: Database, ids: readonly string[]): void {
  const these = sql`(select value from json_each(${JSON.stringify(ids)}))`;
  execute(deps, sql`delete from id_token where customer_id in ${these}`);
  renameSessions(deps, { set: sql`driver = null`, which: sql`wallet_id in ${these}` });
}

/** Their badges and their names on what they charged are back. @throws what SQLite throws for a badge that another has. */
export function bringBackCustomers(deps: Database, entity: Entity, ids: readonly unknown[]): void {
  const these = sql`(select value from json_each(${JSON.stringify(ids)}))`;
  projectCustomers(deps, entity, sql`id in ${these}`);
  const name = sql`(select c.name from ${sql.table(tableOf(entity))} as c where c.id = charging_session.wallet_id)`;
  renameSessions(deps, { set: sql`driver = ${name}`, which: sql`wallet_id in ${these}` });
}

/** What goes with them for good: the number of the badge, and a name that a session under way has written since. */
export function purgeSessionsOf(deps: Database, entity: Entity, deletionId: string): void {
  const these = sql`(select id from ${sql.table(tableOf(entity))} where deletion_id = ${deletionId})`;
  renameSessions(deps, { set: sql`driver = null, id_tag = ''`, which: sql`wallet_id in ${these}` });
}

function isCompanyInactive(deps: Database, companyId: unknown): boolean {
  if (typeof companyId !== 'string') return false;
  const [company] = rows(deps, sql`select inactive from office_company where id = ${companyId}`);
  return company?.['inactive'] === 1;
}
