import { sql, type Kysely } from 'kysely';

/** A certificate of a charger that nobody may come in by any more, since when, and by whose word. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table charger_certificate add column revoked_at_ms integer`.execute(db);
  await sql`alter table charger_certificate add column revoked_by text`.execute(db);
}
