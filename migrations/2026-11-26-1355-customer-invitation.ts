import type { Kysely } from 'kysely';

/** Whoever has a login is asked by mail whether a customer with his address is he; of the link only a hash is kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('office_customer_invitation')
    .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('customer_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('expires_at_ms', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('office_customer_invitation_of_user')
    .on('office_customer_invitation')
    .column('user_id')
    .execute();
}
