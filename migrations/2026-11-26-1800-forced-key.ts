import { sql, type Kysely } from 'kysely';

/**
 * Values that a station forces on its charger: kept with the station, whatever charger stands there, and gone when the
 * station is gone for good. A deleted station may come back, and has them then.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('forced_key')
    .addColumn('station_id', 'text', (column) => column.notNull())
    .addColumn('folded', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('forced_by', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('forced_key_key', ['station_id', 'folded'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  // No foreign key: a station that nobody keeps in the back office has forced values too.
  await sql`create trigger forced_key_of_station after delete on office_station
    begin delete from forced_key where station_id = old.id; end`.execute(db);
}
