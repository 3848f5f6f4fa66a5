import type { Kysely } from 'kysely';

/** What was deleted together, bite by bite, is one line of the bin, and comes back together (LST-08). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('office_deletion').addColumn('batch_id', 'text').execute();
  await db.schema.createIndex('office_deletion_of_batch').on('office_deletion').column('batch_id').execute();
}
