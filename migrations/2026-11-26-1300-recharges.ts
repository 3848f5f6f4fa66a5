import { sql, type Kysely } from 'kysely';

/**
 * Recharges are found by the station at which they began, by their badge and by their start, among millions of them:
 * each of these orders has an index that ends with the start. `session_badge` holds each badge with each name it was
 * known by, once, in the letters that searches use: looking through those is quick, through all sessions it is not.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('charging_session').addColumn('station_id', 'text').execute();
  await db.schema.alterTable('charging_session').addColumn('charged_ms', 'integer').execute();
  await db.schema.alterTable('charging_session').addColumn('unplugged_at_ms', 'integer').execute();
  // What an identity went through under a station before the present one is of no station that we know.
  await sql`update charging_session set station_id = (
    select station_id from charge_point where charge_point.charge_point_id = charging_session.charge_point_id
      and charge_point.history_since_ms <= charging_session.started_at_ms)`.execute(db);
  await sql`create index charging_session_of_station on charging_session (station_id, started_at_ms)`.execute(db);
  await sql`create index charging_session_of_badge on charging_session (id_tag, started_at_ms)`.execute(db);
  await sql`create index charging_session_by_start on charging_session (started_at_ms)`.execute(db);

  // What a maintainer looks for among everything that went well (REC-07): few, and found by themselves.
  await sql`alter table charging_session add column abnormal integer generated always as (
    closing = 'provisional' or (closing = 'final' and coalesce(stop_reason, 'Local') not in ('Local', 'EVDisconnected'))
  ) virtual`.execute(db);
  await sql`create index charging_session_abnormal_of_station on charging_session (station_id, started_at_ms)
    where abnormal = 1`.execute(db);
  await sql`create index charging_session_abnormal_by_start on charging_session (started_at_ms)
    where abnormal = 1`.execute(db);

  await db.schema
    .createTable('session_badge')
    .addColumn('id_tag', 'text', (column) => column.notNull())
    .addColumn('driver', 'text', (column) => column.notNull())
    .addColumn('search', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('session_badge_key', ['id_tag', 'driver'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  const known = await sql<{ idTag: string; driver: string }>`
    select distinct id_tag as idTag, coalesce(driver, '') as driver from charging_session`.execute(db);
  for (const { idTag, driver } of known.rows) {
    const search = searched(`${idTag} ${driver}`);
    await sql`insert into session_badge (id_tag, driver, search) values (${idTag}, ${driver}, ${search})`.execute(db);
  }
}

/** Without letter case and accents. */
function searched(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
