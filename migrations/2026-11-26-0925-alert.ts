import { sql, type Kysely } from 'kysely';

/**
 * Alerts, open and past: written with the snapshot of the actor that decides them. `told` says who was told, by what
 * and when, as JSON. Who is named at a station goes with its user and its station.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alert')
    .addColumn('alert_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('charge_point_id', 'text', (column) => column.notNull())
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('code', 'text')
    .addColumn('parts', 'text', (column) => column.notNull())
    .addColumn('station_id', 'text', (column) => column.notNull())
    .addColumn('station_name', 'text', (column) => column.notNull())
    .addColumn('city', 'text', (column) => column.notNull())
    .addColumn('subscriber_id', 'text')
    .addColumn('company_id', 'text')
    .addColumn('opened_at_ms', 'integer', (column) => column.notNull())
    .addColumn('times', 'integer', (column) => column.notNull())
    .addColumn('ended_at_ms', 'integer')
    .addColumn('acknowledged', 'text')
    .addColumn('escalated_at_ms', 'integer')
    .addColumn('told', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await sql`create index alert_open on alert (opened_at_ms) where ended_at_ms is null`.execute(db);
  await sql`create index alert_ended on alert (ended_at_ms) where ended_at_ms is not null`.execute(db);
  await db.schema.createIndex('alert_by_time').on('alert').column('opened_at_ms').execute();
  await db.schema.createIndex('alert_of_station').on('alert').columns(['station_id', 'opened_at_ms']).execute();

  await db.schema
    .createTable('alert_recipient')
    .addColumn('station_id', 'text', (column) => column.notNull().references('office_station.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (column) => column.notNull().references('office_user.id').onDelete('cascade'))
    .addColumn('fault', 'text', (column) => column.notNull())
    .addColumn('parking', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('alert_recipient_key', ['station_id', 'user_id'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema.createIndex('alert_recipient_of_user').on('alert_recipient').column('user_id').execute();
}
