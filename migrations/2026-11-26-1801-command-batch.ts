import { sql, type Kysely } from 'kysely';

/** A command that was asked of many chargers at once names what it was part of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('command').addColumn('batch_id', 'text').execute();
  await sql`create index command_of_batch on command (batch_id) where batch_id is not null`.execute(db);
}
