import { sql, type Kysely } from 'kysely';

/** Until when a message says something new; null: for ever. Those that wait beyond it are given up. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('post_message').addColumn('expires_at_ms', 'integer').execute();
  await sql`create index post_message_fading on post_message (expires_at_ms)
    where state = 'waiting' and expires_at_ms is not null`.execute(db);
}
