import { sql, type Kysely } from 'kysely';

/** The badge of a charger's free charges stands in the roster, where its actor looks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('charge_point').addColumn('free_service_tag', 'text').execute();
  await sql`update charge_point set free_service_tag =
    (select free_service_tag from office_station where office_station.id = charge_point.station_id)`.execute(db);
}
