import { sql, type Kysely } from 'kysely';

const OUTLETS = [1, 2, 3, 4, 5, 6];

/**
 * The points of chargers and of integrators' models, one row each, with their six sockets. Chargers and models that
 * exist get the points that a new one begins with: as many as they were said to have, one socket each, numbered.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('office_station').addColumn('integrator_model', 'text').execute();
  await pointTable(db, { table: 'office_evse', parent: 'station' });
  await pointTable(db, { table: 'office_model_evse', parent: 'model' });
  await describe(db, {
    table: 'office_evse',
    parent: 'station',
    of: 'office_station',
    where: 'p.identity is not null',
  });
  await describe(db, { table: 'office_model_evse', parent: 'model', of: 'office_charger_model', where: '1 = 1' });
}

async function pointTable(db: Kysely<unknown>, { table, parent }: { table: string; parent: string }): Promise<void> {
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
    .addColumn(parent, 'text')
    .addColumn('number', 'integer')
    .addColumn('connector_id', 'integer')
    .addColumn('current_min_ma', 'integer')
    .addColumn('current_max_ma', 'integer')
    .addColumn('supply', 'text')
    .addColumn('phase', 'integer')
    .addColumn('scan_order', 'integer');
  for (const number of OUTLETS) {
    create = create
      .addColumn(`outlet${number}_inactive`, 'integer')
      .addColumn(`outlet${number}_type`, 'text')
      .addColumn(`outlet${number}_speed`, 'text')
      .addColumn(`outlet${number}_connector_id`, 'integer');
  }
  await create.modifyEnd(sql`strict`).execute();
  const owner = sql.table(table);
  await sql`create unique index ${sql.ref(`${table}_unique`)} on ${owner} (${sql.ref(parent)}, number)
    where deletion_id is null`.execute(db);
  await sql`create index ${sql.ref(`${table}_deleted`)} on ${owner} (deletion_id)
    where deletion_id is not null`.execute(db);
}

async function describe(
  db: Kysely<unknown>,
  { table, parent, of, where }: { table: string; parent: string; of: string; where: string },
): Promise<void> {
  const inactive = sql.join(OUTLETS.map((number) => sql.ref(`outlet${number}_inactive`)));
  await sql`insert into ${sql.table(table)} (id, subscriber_id, version, inactive, created_at_ms, changed_at_ms,
      changed_by, deletion_id, search, sort_name, custom, ${sql.ref(parent)}, number, connector_id, supply, scan_order,
      outlet1_type, outlet1_speed, ${inactive})
    select p.id || '-evse-' || n.value, p.subscriber_id, 1, 0, p.changed_at_ms, p.changed_at_ms,
      p.changed_by, null, '', cast(n.value as text), '{}', p.id, n.value, n.value, 'three-phase', n.value,
      'type-2', 'normal', 0, 0, 0, 0, 0, 0
    from ${sql.table(of)} as p join json_each('[1,2,3,4]') as n on n.value <= p.evses
    where p.deletion_id is null and ${sql.raw(where)}`.execute(db);
}
