import { sql, type Kysely } from 'kysely';

/** The roaming ids that people choose, and how a charge can be paid, for the national list of stations. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['office_station', 'office_evse']) {
    await db.schema.alterTable(table).addColumn('roaming_id', 'text').execute();
    await sql`create unique index ${sql.ref(`${table}_unique_roaming_id`)} on ${sql.table(table)}
      (roaming_id collate nocase) where deletion_id is null`.execute(db);
  }
  for (const column of ['paid_at_once', 'paid_by_card', 'paid_otherwise'])
    await db.schema.alterTable('office_station').addColumn(column, 'integer').execute();
}
