import type { Kysely } from 'kysely';

/** Which subscription has a merchant to try chargers with, and whose such a merchant is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('office_subscriber').addColumn('test_merchant', 'text').execute();
  await db.schema.alterTable('office_subscriber').addColumn('test_of', 'text').execute();
}
