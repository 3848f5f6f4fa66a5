import { sql, type Kysely } from 'kysely';

/**
 * Customers as records: those of a merchant, and public ones, which are the platform's. Both tables are laid out as long
 * lists are (2026-11-26-1020): an index for each column that is sorted by, the company's name in a column of its own,
 * trigrams of what is searched. What is in a wallet is a column that triggers keep as the ledger grows.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await customerTable(db, 'office_customer', { company: 'text' });
  await customerTable(db, 'office_public_customer', {});
  await sql`create unique index office_customer_unique_name on office_customer (subscriber_id, name collate nocase)
    where deletion_id is null`.execute(db);
  await sql`create index office_customer_of_company on office_customer (company)`.execute(db);
  await sortedByCompany(db);
  await sql`create index if not exists charging_session_of_wallet on charging_session (wallet_id)
    where wallet_id is not null`.execute(db);
  await sql`create trigger ledger_entry_balance after insert on ledger_entry begin
    update office_customer set balance = balance + new.amount_cents where id = new.wallet_id;
    update office_public_customer set balance = balance + new.amount_cents where id = new.wallet_id;
  end`.execute(db);
  await db.schema.alterTable('office_user').addColumn('customers', 'text').execute();
}

type Columns = Readonly<Record<string, 'text' | 'integer'>>;

const COLUMNS: Columns = {
  name: 'text',
  language: 'text',
  email: 'text',
  mobile: 'text',
  address: 'text',
  postcode: 'text',
  city: 'text',
  country: 'text',
  expires_on: 'text',
  account: 'integer',
  ...Object.fromEntries([1, 2, 3, 4].flatMap((n) => [`badge${n}_kind`, `badge${n}_value`].map((one) => [one, 'text']))),
  ...Object.fromEntries(
    [1, 2, 3].flatMap((n) =>
      [`vehicle${n}_model`, `vehicle${n}_outlet`, `vehicle${n}_other_outlet`].map((one) => [one, 'text']),
    ),
  ),
  terms: 'integer',
  created_on: 'text',
  expires_at_ms: 'integer',
  login: 'text',
};
const SORTED_TEXTS = ['language', 'mobile', 'email', 'address', 'city'];
const SORTED_OTHERS = ['created_on', 'balance', 'account'];

async function customerTable(db: Kysely<unknown>, table: string, more: Columns): Promise<void> {
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
    .addColumn('custom', 'text', (column) => column.notNull())
    .addColumn('balance', 'integer', (column) => column.notNull().defaultTo(0));
  for (const [name, type] of Object.entries({ ...more, ...COLUMNS })) create = create.addColumn(name, type);
  await create.modifyEnd(sql`strict`).execute();
  const index = (name: string, key: string, where = 'deletion_id is null') =>
    sql.raw(`create index ${table}_${name} on ${table} (${key}) where ${where}`).execute(db);
  await index('of_subscriber', 'subscriber_id, sort_name');
  await index('by_name', 'sort_name, id');
  await index('deleted', 'deletion_id', 'deletion_id is not null');
  await index('of_login', 'login', 'login is not null');
  for (const column of SORTED_TEXTS) await index(`by_${column}`, `${column} collate nocase, id`);
  for (const column of SORTED_OTHERS) await index(`by_${column}`, `${column}, id`);
  await sql
    .raw(`create trigger ${table}_balance after insert on ${table}
      when exists (select 1 from ledger_entry where wallet_id = new.id) begin
        update ${table} set balance = (select sum(amount_cents) from ledger_entry where wallet_id = new.id)
          where id = new.id; end`)
    .execute(db);
  await words(db, table);
}

async function sortedByCompany(db: Kysely<unknown>): Promise<void> {
  const named = (which: string) =>
    `update office_customer set sort_company = (select sort_name from office_company where id = new.company) ${which}`;
  for (const statement of [
    'alter table office_customer add column sort_company text',
    `create index office_customer_by_company on office_customer (sort_company, id) where deletion_id is null`,
    `create trigger office_customer_company_set after insert on office_customer
      begin ${named('where id = new.id')}; end`,
    `create trigger office_customer_company_changed after update of company on office_customer
      when new.company is not old.company begin ${named('where id = new.id')}; end`,
    `create trigger office_customer_company_renamed after update of sort_name on office_company
      when new.sort_name is not old.sort_name
      begin update office_customer set sort_company = new.sort_name where company = new.id; end`,
  ])
    await sql.raw(statement).execute(db);
}

async function words(db: Kysely<unknown>, table: string): Promise<void> {
  const index = `${table}_words`;
  const add = `insert into ${index} (rowid, search) select new.rowid, new.search where new.deletion_id is null`;
  const remove = `delete from ${index} where rowid = old.rowid`;
  for (const statement of [
    `create virtual table ${index} using fts5(search, content='', contentless_delete=1, tokenize='trigram')`,
    `create trigger ${index}_added after insert on ${table} begin ${add}; end`,
    `create trigger ${index}_changed after update of search, deletion_id on ${table}
      when new.search is not old.search or new.deletion_id is not old.deletion_id begin ${remove}; ${add}; end`,
    `create trigger ${index}_gone after delete on ${table} begin ${remove}; end`,
  ])
    await sql.raw(statement).execute(db);
}
