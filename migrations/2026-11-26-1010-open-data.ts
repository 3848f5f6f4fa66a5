import type { Kysely } from 'kysely';

/** What the national list of charging stations asks beyond what we knew of a station and of its owner. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['site_type', 'schedule', 'accessibility'])
    await db.schema.alterTable('office_station').addColumn(column, 'text').execute();
  await db.schema.alterTable('office_company').addColumn('siren', 'text').execute();
}
