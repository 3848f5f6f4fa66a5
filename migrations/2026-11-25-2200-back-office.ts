import { sql, type Kysely } from 'kysely';

type Columns = Readonly<Record<string, 'text' | 'integer'>>;

/**
 * The back office: one table for each kind of record that people keep. Every one has the same first columns; lists of
 * ids and words are JSON. What is deleted stays, out of sight, until it is purged (`deletion_id`); unique values are
 * unique among what is not.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await recordTable(db, 'office_subscriber', {
    kind: 'text',
    name: 'text',
    administrator: 'text',
    contact_name: 'text',
    contact_email: 'text',
    contact_phone: 'text',
    address: 'text',
    postcode: 'text',
    city: 'text',
    language: 'text',
    options: 'text',
    companies_max: 'integer',
    chargers_max: 'integer',
    merchants: 'text',
  });
  await recordTable(db, 'office_company', {
    number: 'integer',
    name: 'text',
    cpo_id: 'text',
    easyconnect_key: 'text',
    address: 'text',
    postcode: 'text',
    city: 'text',
    country: 'text',
    contact_name: 'text',
    contact_email: 'text',
    contact_phone: 'text',
    charger_message: 'text',
    public_customers: 'integer',
    charges_before_registration: 'integer',
    sms_identification: 'integer',
    sms_to_account_customers: 'integer',
    sms_to_public_customers: 'integer',
    visible_to_public: 'integer',
    open_data: 'integer',
    maintainers: 'text',
  });
  await recordTable(db, 'office_station', {
    company: 'text',
    name: 'text',
    access: 'text',
    contact_name: 'text',
    contact_phone: 'text',
    contact_email: 'text',
    address: 'text',
    postcode: 'text',
    city: 'text',
    country: 'text',
    position: 'text',
    language: 'text',
    time_zone: 'text',
    public_customers: 'integer',
    charges_before_registration: 'integer',
    sms_identification: 'integer',
    sms_to_account_customers: 'integer',
    sms_to_public_customers: 'integer',
    visible_to_public: 'integer',
    open_data: 'integer',
    customer_info: 'text',
    opening_hours: 'text',
    identity: 'text',
    charger_inactive: 'integer',
    manufacturer: 'text',
    make: 'text',
    model: 'text',
    serial_number: 'text',
    evses: 'integer',
    ocpp_version: 'text',
    permanent_power_w: 'integer',
    charge_minutes_max: 'integer',
    charge_wh_max: 'integer',
    parking_minutes_max: 'integer',
    parking_before_minutes: 'integer',
    parking_after_minutes: 'integer',
    free_service_tag: 'text',
    token_type: 'text',
    maintenance_info: 'text',
  });
  await recordTable(db, 'office_role', {
    name: 'text',
    administration: 'text',
    rights: 'text',
    is_administrator: 'integer',
  });
  await recordTable(db, 'office_user', {
    name: 'text',
    username: 'text',
    email: 'text',
    mobile: 'text',
    language: 'text',
    last_day: 'text',
    role: 'text',
    restriction: 'text',
    companies: 'text',
    stations: 'text',
    is_administrator: 'integer',
  });
  await recordTable(db, 'office_custom_field', {
    form: 'text',
    name: 'text',
    shown_in_lists: 'integer',
    order: 'integer',
    input: 'text',
    is_required: 'integer',
    length_max: 'integer',
    decimals: 'integer',
    choices: 'text',
  });
  await recordTable(db, 'office_charger_model', {
    manufacturer: 'text',
    make: 'text',
    name: 'text',
    ze_ready: 'integer',
    evses: 'integer',
    outlet: 'text',
    permanent_power_w: 'integer',
  });
  await sql`create index office_station_of_company on office_station (company)`.execute(db);
  await unique(db, 'office_subscriber', ['name']);
  await unique(db, 'office_company', ['subscriber_id', 'name']);
  await unique(db, 'office_company', ['subscriber_id', 'number']);
  await unique(db, 'office_station', ['subscriber_id', 'name']);
  await unique(db, 'office_station', ['identity']);
  await unique(db, 'office_role', ['subscriber_id', 'name']);
  await unique(db, 'office_user', ['username']);
  await unique(db, 'office_user', ['email']);
  await unique(db, 'office_charger_model', ['subscriber_id', 'name']);
  await aroundTables(db);

  // Whose each station is, for whoever may find it.
  await db.schema.alterTable('station').addColumn('subscriber_id', 'text').execute();
  await db.schema.alterTable('station').addColumn('company_id', 'text').execute();
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
  const owner = sql.table(table);
  const live = sql`where deletion_id is null`;
  await sql`create index ${sql.ref(`${table}_of_subscriber`)} on ${owner} (subscriber_id, sort_name) ${live}`.execute(
    db,
  );
  await sql`create index ${sql.ref(`${table}_by_name`)} on ${owner} (sort_name) ${live}`.execute(db);
  await sql`create index ${sql.ref(`${table}_deleted`)} on ${owner} (deletion_id) where deletion_id is not null`.execute(
    db,
  );
}

/** Letter case does not count, nor does what was deleted. */
async function unique(db: Kysely<unknown>, table: string, columns: readonly string[]): Promise<void> {
  const last = columns.length - 1;
  const parts = columns.map((column, at) =>
    at === last && column !== 'number' ? sql`${sql.ref(column)} collate nocase` : sql`${sql.ref(column)}`,
  );
  const name = sql.ref(`${table}_unique_${columns.join('_')}`);
  await sql`create unique index ${name} on ${sql.table(table)} (${sql.join(parts)}) where deletion_id is null`.execute(
    db,
  );
}

async function aroundTables(db: Kysely<unknown>): Promise<void> {
  // What was deleted and can be brought back. `counts` is JSON.
  await db.schema
    .createTable('office_deletion')
    .addColumn('deletion_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('subscriber_id', 'text')
    .addColumn('entity', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('counts', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('deleted_by', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema
    .createIndex('office_deletion_of_subscriber')
    .on('office_deletion')
    .columns(['subscriber_id', 'at_ms'])
    .execute();

  // Every act of an operator, never changed. `fields` is JSON.
  await db.schema
    .createTable('office_audit')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('done_by', 'text', (column) => column.notNull())
    .addColumn('subscriber_id', 'text')
    .addColumn('act', 'text', (column) => column.notNull())
    .addColumn('entity', 'text', (column) => column.notNull())
    .addColumn('record_id', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('fields', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('office_audit_of_subscriber').on('office_audit').column('subscriber_id').execute();

  // Apart from the user's record, so that no list, export or form can ever hold it.
  await db.schema
    .createTable('office_credential')
    .addColumn('user_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('must_change', 'integer', (column) => column.notNull())
    .addColumn('changed_at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema
    .createTable('office_password_link')
    .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('expires_at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();

  await db.schema
    .createTable('office_maintenance')
    .addColumn('company_id', 'text', (column) => column.notNull())
    .addColumn('maintainer_id', 'text', (column) => column.notNull())
    .addColumn('offered_at_ms', 'integer', (column) => column.notNull())
    .addColumn('accepted_at_ms', 'integer')
    .addPrimaryKeyConstraint('office_maintenance_key', ['company_id', 'maintainer_id'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema
    .createIndex('office_maintenance_of_maintainer')
    .on('office_maintenance')
    .column('maintainer_id')
    .execute();
}
