import { sql, type Kysely } from 'kysely';

/** Stations behind one supply line, and which of them a station is attached to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('office_grappe')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('subscriber_id', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('inactive', 'integer', (column) => column.notNull())
    .addColumn('created_at_ms', 'integer', (column) => column.notNull())
    .addColumn('changed_at_ms', 'integer', (column) => column.notNull())
    .addColumn('changed_by', 'text', (column) => column.notNull())
    .addColumn('deletion_id', 'text')
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('sort_name', 'text', (column) => column.notNull())
    .addColumn('custom', 'text', (column) => column.notNull())
    .addColumn('company', 'text')
    .addColumn('name', 'text')
    .modifyEnd(sql`strict`)
    .execute();
  const live = sql`where deletion_id is null`;
  await sql`create index office_grappe_of_subscriber on office_grappe (subscriber_id, sort_name) ${live}`.execute(db);
  await sql`create unique index office_grappe_unique_name on office_grappe (subscriber_id, name collate nocase)
    ${live}`.execute(db);
  await sql`create index office_grappe_deleted on office_grappe (deletion_id)
    where deletion_id is not null`.execute(db);
  await db.schema.alterTable('office_station').addColumn('grappe', 'text').execute();
  await sql`create index office_station_of_grappe on office_station (grappe) where grappe is not null`.execute(db);
}
