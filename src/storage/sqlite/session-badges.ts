import { sql, type RawBuilder } from 'kysely';
import { folded } from '#src/domain/office/field.ts';
import { execute, rows, type Database } from './office/database.ts';

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
  for (const { id_tag: idTag, driver } of before) {
    const same = sql`id_tag = ${idTag} and coalesce(driver, '') = ${driver}`;
    execute(
      database,
      sql`delete from session_badge where ${same} and not exists (select 1 from charging_session where ${same})`,
    );
  }
}
