import { sql, type Kysely } from 'kysely';

/** The passwords of chargers, as hashes, with their stations: a charger that is swapped gets the one of before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('charger_credential')
    .addColumn('station_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('password_hash', 'text')
    .addColumn('next_hash', 'text')
    .addColumn('set_at_ms', 'integer', (column) => column.notNull())
    .addColumn('set_by', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}
