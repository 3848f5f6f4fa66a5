import { sql, type Kysely } from 'kysely';

/**
 * An identity may pass from one station to another, as when a charger is sold: what happened before belongs to the
 * station that had it. `until_ms` is when a station gave it up; `history_since_ms` is from when on the history of an
 * identity is its present station's, 0 for all of it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('identity_release')
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('station_id', 'text', (column) => column.notNull())
    .addColumn('until_ms', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('identity_release_key', ['key', 'station_id'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema
    .alterTable('charge_point')
    .addColumn('history_since_ms', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
