import { sql, type Kysely } from 'kysely';

/**
 * A badge is one among those of its owner: the merchant whose customer has it, or nobody in particular (`owner` is
 * empty), which is a public customer, or a badge without a customer that is good everywhere as all were before.
 * What had a wallet becomes a customer: of the one merchant that there is, else a public one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('id_token').renameTo('id_token_before').execute();
  await db.schema
    .createTable('id_token')
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull().defaultTo(''))
    .addColumn('customer_id', 'text')
    .addColumn('id_tag', 'text', (column) => column.notNull())
    .addColumn('blocked', 'integer', (column) => column.notNull())
    .addColumn('expires_at_ms', 'integer')
    .addColumn('wallet_id', 'text')
    .addColumn('driver', 'text')
    .addColumn('free_service', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('id_token_key', ['key', 'owner'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await sql`create index id_token_of_customer on id_token (customer_id) where customer_id is not null`.execute(db);
  await sql`insert into id_token (key, id_tag, blocked, expires_at_ms, wallet_id, driver, free_service)
    select key, id_tag, blocked, expires_at_ms, wallet_id, driver, free_service from id_token_before`.execute(db);
  await db.schema.dropTable('id_token_before').execute();
  // SOC-09: whether public customers may charge there, for whoever decides about a badge.
  await sql`alter table station add column public_customers integer not null default 1`.execute(db);
  await sql`update station set public_customers = coalesce((select o.public_customers from office_station as o
    where o.id = station.station_id), 1)`.execute(db);
  await declareCustomers(db);
}

type Token = {
  readonly key: string;
  readonly blocked: number;
  readonly expires_at_ms: number | null;
  readonly wallet_id: string;
  readonly driver: string | null;
};

/** As many badges as a customer has room for. */
const BADGES_MAX = 4;
const BADGE = /^[\w.+*@=-]{1,40}$/;

async function declareCustomers(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<Token>`select key, blocked, expires_at_ms, wallet_id, driver from id_token
    where wallet_id is not null and free_service = 0 order by wallet_id, key`.execute(db);
  const merchants = await sql<{ company: string; merchant: string }>`select c.id as company, s.id as merchant
    from office_subscriber as s join office_company as c on c.subscriber_id = s.id and c.number = 1
    where s.kind = 'merchant' and s.test_of is null and s.deletion_id is null and c.deletion_id is null`.execute(db);
  const [only = null] = merchants.rows.length === 1 ? merchants.rows : [];
  const taken = new Set<string>();
  for (const [walletId, tokens] of Map.groupBy(rows, (row) => row.wallet_id)) {
    const [first] = tokens;
    if (first === undefined) continue;
    // What differs from the first, or has no room, stays a badge without a record.
    const alike = tokens
      .filter((one) => BADGE.test(one.key) && one.blocked === first.blocked)
      .filter((one) => one.expires_at_ms === first.expires_at_ms)
      .slice(0, BADGES_MAX);
    if (alike.length === 0) continue;
    const name = freeName((first.driver ?? walletId).trim().slice(0, 90) || walletId, taken);
    await insertCustomer(db, { walletId, name, tokens: alike, only });
  }
}

async function insertCustomer(
  db: Kysely<unknown>,
  of: {
    readonly walletId: string;
    readonly name: string;
    readonly tokens: readonly Token[];
    readonly only: { readonly company: string; readonly merchant: string } | null;
  },
): Promise<void> {
  const { walletId, name, tokens, only } = of;
  const nowMs = Date.now();
  const expiresAtMs = tokens[0]?.expires_at_ms ?? null;
  const keys = tokens.map(({ key }) => key);
  const cells: Record<string, string | number | null> = {
    id: walletId,
    subscriber_id: only?.merchant ?? null,
    version: 1,
    inactive: tokens[0]?.blocked ?? 0,
    created_at_ms: nowMs,
    changed_at_ms: nowMs,
    changed_by: 'migration',
    search: folded([name, ...keys].join(' ')),
    sort_name: folded(name),
    custom: '{}',
    name,
    language: 'fr',
    account: 0,
    terms: 0,
    created_on: dayOf(nowMs),
    expires_at_ms: expiresAtMs,
    expires_on: expiresAtMs === null ? null : dayOf(expiresAtMs - 1),
    ...(only !== null && { company: only.company }),
  };
  for (const [index, key] of keys.entries()) {
    cells[`badge${index + 1}_kind`] = 'rfid';
    cells[`badge${index + 1}_value`] = key;
  }
  const table = sql.table(only === null ? 'office_public_customer' : 'office_customer');
  const columns = sql.join(Object.keys(cells).map((column) => sql.ref(column)));
  await sql`insert into ${table} (${columns}) values (${sql.join(Object.values(cells))})`.execute(db);
  await sql`update id_token set customer_id = ${walletId}, owner = ${only?.merchant ?? ''}, driver = ${name}
    where key in (select value from json_each(${JSON.stringify(keys)}))`.execute(db);
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(folded(name)); n++) name = `${wanted} (${n})`;
  taken.add(folded(name));
  return name;
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}
