import { sql, type Kysely } from 'kysely';

/** The certificates that chargers were given, so that one is known when it is presented, and its end is seen coming. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('charger_certificate')
    .addColumn('fingerprint', 'text', (column) => column.primaryKey().notNull())
    .addColumn('charge_point_id', 'text', (column) => column.notNull())
    .addColumn('station_id', 'text', (column) => column.notNull())
    .addColumn('serial_number', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('issued_at_ms', 'integer', (column) => column.notNull())
    .addColumn('expires_at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await sql`create index charger_certificate_of on charger_certificate (charge_point_id, issued_at_ms)`.execute(db);
}
