import { sql, type Kysely } from 'kysely';

/**
 * When each user last signed in (USR-09), kept by a trigger as logins begin: the logins themselves go when they end. The
 * users of earlier releases have it of the logins that they still have.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('office_user').addColumn('last_login_at_ms', 'integer').execute();
  await sql`update office_user set last_login_at_ms = (select max(created_at_ms) from login where user_id = office_user.id)
    where id in (select user_id from login)`.execute(db);
  await sql`create trigger login_of_user_begun after insert on login when new.user_id is not null begin
    update office_user set last_login_at_ms = new.created_at_ms where id = new.user_id; end`.execute(db);
}
