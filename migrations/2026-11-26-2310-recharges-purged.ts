import { sql, type Kysely } from 'kysely';

/**
 * Recharges go for good with their station. A deletion whose purge has begun is not brought back any more, for part of
 * it is gone. `purged_session` remembers those that still ran: their connector may yet close them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('office_deletion')
    .addColumn('purge_began', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('purged_session')
    .addColumn('transaction_id', 'integer', (column) => column.primaryKey())
    .modifyEnd(sql`strict`)
    .execute();
}
