import { sql, type Kysely } from 'kysely';

const COLUMNS = ['charge_minutes_max', 'charge_wh_max', 'unlock_minutes'];

/** « Durées maxi » reach the roster: the server itself holds OCPP chargers to them. A Pulse kit knows its own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of COLUMNS) await db.schema.alterTable('charge_point').addColumn(column, 'integer').execute();
  await sql`update charge_point set (charge_minutes_max, charge_wh_max, unlock_minutes) =
    (select charge_minutes_max, charge_wh_max, unlock_minutes from office_station where id = charge_point.station_id)
    where station_id in (select id from office_station where protocol is not 'lafon-pulse')`.execute(db);
}
