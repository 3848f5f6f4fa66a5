import { sql, type Kysely } from 'kysely';

/** Files that chargers fetch and leave, each by a key of its own, and the files of the library of firmwares. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('drop_job')
    .addColumn('job_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('charge_point_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('secret_hash', 'text', (column) => column.notNull())
    .addColumn('firmware_id', 'text')
    .addColumn('file_name', 'text')
    .addColumn('bytes', 'integer')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'integer', (column) => column.notNull())
    .addColumn('expires_at_ms', 'integer', (column) => column.notNull())
    .addColumn('from_ms', 'integer')
    .addColumn('to_ms', 'integer')
    .modifyEnd(sql`strict`)
    .execute();
  await sql`create index drop_job_by_expiry on drop_job (expires_at_ms)`.execute(db);
  await db.schema
    .createTable('firmware_file')
    .addColumn('firmware_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('uploaded_at_ms', 'integer', (column) => column.notNull())
    .addColumn('uploaded_by', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}
