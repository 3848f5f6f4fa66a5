import { sql, type Kysely } from 'kysely';

/**
 * Mail and SMS to people, queued with what caused them and sent later. The key stays for ever, so that nothing is sent
 * twice; what was said and to whom is blanked after a time. `outbox` is another thing: messages between actors.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('post_message')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('recipient', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('secret', 'text')
    .addColumn('subscriber_id', 'text')
    .addColumn('created_at_ms', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('next_try_at_ms', 'integer', (column) => column.notNull())
    .addColumn('last_error', 'text')
    .addColumn('ended_at_ms', 'integer')
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await sql`create index post_message_waiting on post_message (next_try_at_ms) where state = 'waiting'`.execute(db);
  await sql`create index post_message_ended on post_message (ended_at_ms)
    where state <> 'waiting' and recipient <> ''`.execute(db);
  await db.schema.createIndex('post_message_by_time').on('post_message').column('created_at_ms').execute();
  await db.schema
    .createIndex('post_message_of_subscriber')
    .on('post_message')
    .columns(['subscriber_id', 'created_at_ms'])
    .execute();
}
