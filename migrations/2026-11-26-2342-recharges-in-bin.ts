import { sql, type Kysely } from 'kysely';

/**
 * Recharges that an administrator has deleted, until the bin forgets them (SUB-02): each as it stood, apart from the
 * others, so that no list, sum or index of recharges has to leave it out.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('session_in_bin')
    .addColumn('transaction_id', 'integer', (column) => column.primaryKey())
    .addColumn('deletion_id', 'text', (column) => column.notNull())
    // The row by the names of its columns, as JSON.
    .addColumn('cells', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('session_in_bin_of_deletion').on('session_in_bin').column('deletion_id').execute();
}
