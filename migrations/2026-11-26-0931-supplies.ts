import { sql, type Kysely } from 'kysely';

type Columns = Readonly<Record<string, 'text' | 'integer'>>;

/** What the platform operator keeps for others: kits, SIM cards, firmware files, servers that were validated. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await recordTable(db, 'office_kit', {
    serial_number: 'text',
    make: 'text',
    model: 'text',
    ze_ready: 'integer',
    hard_version: 'text',
    software_version: 'text',
    software_date: 'text',
    integrator: 'text',
    charger_model: 'text',
  });
  await recordTable(db, 'office_sim', {
    iccid: 'text',
    phone: 'text',
    apn: 'text',
    login: 'text',
    password: 'text',
    merchant: 'text',
  });
  await recordTable(db, 'office_firmware', {
    name: 'text',
    make: 'text',
    model: 'text',
    software_version: 'text',
    url: 'text',
    description: 'text',
  });
  await recordTable(db, 'office_server', { name: 'text', url: 'text' });
  for (const [table, column] of [
    ['office_kit', 'serial_number'],
    ['office_sim', 'iccid'],
    ['office_firmware', 'name'],
    ['office_server', 'name'],
  ] as const) {
    await sql`create unique index ${sql.ref(`${table}_unique_${column}`)} on ${sql.table(table)}
      (${sql.ref(column)} collate nocase) where deletion_id is null`.execute(db);
  }
  await sql`create index office_kit_of_integrator on office_kit (integrator) where deletion_id is null`.execute(db);
}

async function recordTable(db: Kysely<unknown>, table: string, columns: Columns): Promise<void> {
  let create = db.schema
    .createTable(table)
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
    .addColumn('custom', 'text', (column) => column.notNull());
  for (const [name, type] of Object.entries(columns)) create = create.addColumn(name, type);
  await create.modifyEnd(sql`strict`).execute();
  await sql`create index ${sql.ref(`${table}_by_name`)} on ${sql.table(table)} (sort_name)
    where deletion_id is null`.execute(db);
  await sql`create index ${sql.ref(`${table}_deleted`)} on ${sql.table(table)} (deletion_id)
    where deletion_id is not null`.execute(db);
}
