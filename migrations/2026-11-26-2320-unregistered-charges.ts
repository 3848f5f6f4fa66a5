import { sql, type Kysely } from 'kysely';

/** How often each badge that is nobody's has charged at the stations of a company. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('unregistered_charge')
    .addColumn('company_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('charges', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('unregistered_charge_key', ['company_id', 'key'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
}
