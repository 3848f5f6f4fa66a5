import type { Kysely } from 'kysely';

/** A login is a user's, not a name's: a name that is given to somebody else brings no login with it. Null: the operator's. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('login').addColumn('user_id', 'text').execute();
}
