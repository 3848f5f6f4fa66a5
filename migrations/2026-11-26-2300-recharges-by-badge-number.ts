import { sql, type Kysely } from 'kysely';

/**
 * A session knows its badge by its number, and the index of its station knows it too: which recharges of a station have
 * a word is seen without a look at the sessions, which lie far apart in a large table.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index charging_session_of_station`.execute(db);
  await db.schema.alterTable('charging_session').addColumn('badge_id', 'integer').execute();
  await sql`update charging_session set badge_id = (
    select id from session_badge
    where session_badge.id_tag = charging_session.id_tag and session_badge.driver = coalesce(charging_session.driver, '')
  )`.execute(db);
  await sql`create index charging_session_of_station on charging_session (station_id, started_at_ms, closing,
    stopped_at_ms, unplugged_at_ms, energy_wh, charged_ms, price_cents, badge_id)`.execute(db);
}
