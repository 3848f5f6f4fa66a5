import { sql, type Kysely } from 'kysely';

/** Each channel looks for its own messages each second: those of another that has no way out are not read over. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index post_message_waiting`.execute(db);
  await sql`create index post_message_due on post_message (channel, next_try_at_ms) where state = 'waiting'`.execute(
    db,
  );
}
