import { sql, type Kysely } from 'kysely';

/**
 * The snapshots of one group of commits, as one row, until they are folded into `actor_snapshot`: what an actor is now is
 * its last entry here, and its row there when it has none. `snapshots` is `[[actorId, version, schema, state], ...]`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('snapshot_log')
    .addColumn('seq', 'integer', (column) => column.primaryKey())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('snapshots', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}
