import { sql, type RawBuilder } from 'kysely';
import { folded } from '#src/domain/office/field.ts';
import { changesOf, execute, rows, type Database } from './office/database.ts';

/** What a search of recharges finds a badge by (`session_badge`). */
export function badgeWords(idTag: string, driver: string | null): string {
  return folded(`${idTag} ${driver ?? ''}`);
}

/**
 * Changes badges or names of the sessions that `which` says, and what they are searched by with them: nobody is found
 * any more by a name that no session has.
 */
export function renameSessions(database: Database, of: { set: RawBuilder<unknown>; which: RawBuilder<unknown> }): void {
  const pairs = sql`select distinct id_tag, coalesce(driver, '') as driver from charging_session where ${of.which}`;
  const before = rows(database, pairs);
  execute(database, sql`update charging_session set ${of.set} where ${of.which}`);
  for (const { id_tag: idTag, driver } of rows(database, pairs)) {
    const badge = sql.join([idTag, driver, badgeWords(String(idTag), String(driver))]);
    execute(database, sql`insert or ignore into session_badge (id_tag, driver, search) values (${badge})`);
  }
  const number = sql`(select id from session_badge
    where session_badge.id_tag = charging_session.id_tag and session_badge.driver = coalesce(charging_session.driver, ''))`;
  execute(database, sql`update charging_session set badge_id = ${number} where ${of.which}`);
  forgetBadges(database, before);
}

/**
 * Removes recharges for good, with the questions that were held about them for a person: of the ledger nothing. What
 * still runs is remembered, so that its connector does not write it anew when it closes it. Returns how many went.
 */
export function forgetSessions(database: Database, ids: readonly number[]): number {
  const these = withIds(ids);
  const badges = rows(
    database,
    sql`select distinct id_tag, coalesce(driver, '') as driver from charging_session where ${these}`,
  );
  execute(
    database,
    sql`insert or ignore into purged_session (transaction_id)
      select transaction_id from charging_session where ${these} and closing = 'open'`,
  );
  // By the index of chargers: there is none of transactions.
  execute(
    database,
    sql`delete from review where ${these}
      and charge_point_id in (select distinct charge_point_id from charging_session where ${these})`,
  );
  const went = changesOf(database, sql`delete from charging_session where ${these}`);
  forgetBadges(database, badges);
  return went;
}

function withIds(ids: readonly number[]): RawBuilder<unknown> {
  return sql`transaction_id in (select value from json_each(${JSON.stringify(ids)}))`;
}

/** Of these, those that no session has any more. */
export function forgetBadges(database: Database, badges: ReturnType<typeof rows>): void {
  for (const { id_tag: idTag, driver } of badges) {
    const same = sql`id_tag = ${idTag} and coalesce(driver, '') = ${driver}`;
    execute(
      database,
      sql`delete from session_badge where ${same} and not exists (select 1 from charging_session where ${same})`,
    );
  }
}
