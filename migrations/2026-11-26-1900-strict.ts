import { sql, type Kysely } from 'kysely';

/** A charger under certification is forgiven nothing: the switch of its form, and its copy in the roster. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('office_station').addColumn('strict', 'integer').execute();
  await db.schema
    .alterTable('charge_point')
    .addColumn('strict', 'integer', (column) => column.notNull().defaultTo(sql`0`))
    .execute();
}
