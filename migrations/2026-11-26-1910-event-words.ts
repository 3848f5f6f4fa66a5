import { sql, type Kysely } from 'kysely';

/**
 * Where in the journal a text cannot be. `id` counts pages of runs of 32,768 events, 512 pages each; a page has 8 bytes,
 * a bit for each block of 512 events, for each of its 512 buckets. Written in the background, from behind the journal.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('event_words')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('masks', 'blob', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}
