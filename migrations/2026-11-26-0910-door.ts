import { sql, type Kysely } from 'kysely';

/**
 * Second factors and their recovery codes, apart from the records of users like their passwords; and what a login tells
 * its owner of itself. `owner_id` is a user's id, or `operator:` with the name of an account of the configuration.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('second_factor')
    .addColumn('owner_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('secret', 'text', (column) => column.notNull())
    .addColumn('since_ms', 'integer', (column) => column.notNull())
    .addColumn('last_step', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema
    .createTable('recovery_code')
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('code_hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('recovery_code_key', ['owner_id', 'code_hash'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema.alterTable('login').addColumn('address', 'text').execute();
  await db.schema.alterTable('login').addColumn('browser', 'text').execute();
  // The account that its user has entered, where that is not his own (« Accès »).
  await db.schema.alterTable('login').addColumn('entered_id', 'text').execute();
  await db.schema.createIndex('login_of_user').on('login').columns(['user_id', 'username']).execute();
}
