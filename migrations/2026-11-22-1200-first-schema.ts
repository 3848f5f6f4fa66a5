import { sql, type Kysely } from 'kysely';

/**
 * The first schema. Times are ms since 1970, sums cents, energy Wh, truths 0/1, JSON is text: types that PostgreSQL
 * knows as well. An event and a snapshot are written for nearly every frame, so those two tables carry as few indexes
 * as their pages allow; an index of a table with an integer key ends in that key, which keeps newest-first lists free
 * of sorting.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await writersTables(db);
  await journalTables(db);
  await chargingTables(db);
  await mailTables(db);
  await registryTables(db);
}

/** Who may write, and what each actor was when it last wrote. */
async function writersTables(db: Kysely<unknown>): Promise<void> {
  // One row. `probe` holds bytes for an instant, when a refused disk is asked whether it accepts again.
  await db.schema
    .createTable('server_epoch')
    .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('node', 'text', (column) => column.notNull())
    .addColumn('opened_at_ms', 'integer', (column) => column.notNull())
    .addColumn('probe', 'blob')
    .modifyEnd(sql`strict`)
    .execute();
  await sql`insert into server_epoch (id, epoch, node, opened_at_ms) values (1, 0, '', 0)`.execute(db);

  // One row: the next transaction id that nobody has reserved.
  await db.schema
    .createTable('transaction_counter')
    .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
    .addColumn('next', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await sql`insert into transaction_counter (id, next) values (1, 1)`.execute(db);

  // Keeps its rowid: states are often above a quarter of a page, which a table without rowid would spill to a second.
  await db.schema
    .createTable('actor_snapshot')
    .addColumn('actor_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('schema', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}

async function journalTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('event')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('charge_point_id', 'text')
    .addColumn('connector_id', 'integer')
    .addColumn('level', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('request', 'text')
    .addColumn('answer', 'text')
    .addColumn('note', 'text')
    .modifyEnd(sql`strict`)
    .execute();
  // Where each charge point's events are, a run of ids at a time: `offsets` are 16-bit distances from the run's first id.
  // Written in the background and in order; an index on the event table would touch a page of its own for every frame.
  await db.schema
    .createTable('event_posting')
    .addColumn('run', 'integer', (column) => column.notNull())
    .addColumn('charge_point_id', 'text', (column) => column.notNull())
    .addColumn('offsets', 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('event_posting_key', ['run', 'charge_point_id'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  // Partial: it costs nothing to the frames that went well, and finds the few that did not among millions.
  await sql`create index event_of_trouble on event (charge_point_id) where level in ('problem', 'critical')`.execute(
    db,
  );
  await sql`create index event_trouble on event (id) where level in ('problem', 'critical')`.execute(db);
}

async function chargingTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('charging_session')
    .addColumn('transaction_id', 'integer', (column) => column.primaryKey())
    .addColumn('charge_point_id', 'text', (column) => column.notNull())
    .addColumn('connector_id', 'integer', (column) => column.notNull())
    .addColumn('start_key', 'text', (column) => column.notNull().unique())
    .addColumn('id_tag', 'text', (column) => column.notNull())
    .addColumn('driver', 'text')
    .addColumn('wallet_id', 'text')
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('free_service', 'integer', (column) => column.notNull())
    .addColumn('energy_price_mills_per_kwh', 'integer', (column) => column.notNull())
    .addColumn('power_max_w', 'integer', (column) => column.notNull())
    .addColumn('started_at_ms', 'integer', (column) => column.notNull())
    .addColumn('meter_start_wh', 'integer', (column) => column.notNull())
    .addColumn('closing', 'text', (column) => column.notNull())
    .addColumn('stopped_at_ms', 'integer')
    .addColumn('meter_stop_wh', 'integer')
    .addColumn('energy_wh', 'integer', (column) => column.notNull())
    .addColumn('stop_reason', 'text')
    .addColumn('price_cents', 'integer')
    .addColumn('review', 'text')
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema
    .createIndex('charging_session_of_charge_point')
    .on('charging_session')
    .column('charge_point_id')
    .execute();
  await db.schema.createIndex('charging_session_closing').on('charging_session').column('closing').execute();

  await db.schema
    .createTable('ledger_entry')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('wallet_id', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('amount_cents', 'integer', (column) => column.notNull())
    .addColumn('transaction_id', 'integer')
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('ledger_entry_of_wallet').on('ledger_entry').columns(['wallet_id', 'at_ms']).execute();

  await db.schema
    .createTable('command')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('command_id', 'text', (column) => column.notNull().unique())
    .addColumn('charge_point_id', 'text', (column) => column.notNull())
    .addColumn('connector_id', 'integer')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('requested_by', 'text', (column) => column.notNull())
    .addColumn('requested_at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema
    .createIndex('command_of_charge_point')
    .on('command')
    .columns(['charge_point_id', 'requested_at_ms'])
    .execute();

  await db.schema
    .createTable('review')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('charge_point_id', 'text', (column) => column.notNull())
    .addColumn('connector_id', 'integer')
    .addColumn('transaction_id', 'integer')
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('frame', 'text')
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('review_of_charge_point').on('review').columns(['charge_point_id', 'at_ms']).execute();
  await db.schema.createIndex('review_at').on('review').column('at_ms').execute();
}

/** What is on its way between actors: rows that live for an instant (envelopes) or until an hour (timers). */
async function mailTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('outbox')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('to_actor', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema.createIndex('outbox_at').on('outbox').column('at_ms').execute();

  await db.schema
    .createTable('timer')
    .addColumn('actor_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('timer_key', ['actor_id', 'key'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema.createIndex('timer_at').on('timer').column('at_ms').execute();
}

/** What people declare, and when each charger was last heard (apart, so that the declaration is not rewritten). */
async function registryTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('station')
    .addColumn('station_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('postcode', 'text', (column) => column.notNull())
    .addColumn('city', 'text', (column) => column.notNull())
    .addColumn('merchant', 'text', (column) => column.notNull())
    .addColumn('access', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();

  await db.schema
    .createTable('charge_point')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('charge_point_id', 'text', (column) => column.notNull().unique())
    .addColumn('station_id', 'text', (column) => column.notNull().references('station.station_id'))
    .addColumn('connectors', 'integer', (column) => column.notNull())
    .addColumn('power_max_w', 'integer', (column) => column.notNull())
    .addColumn('energy_price_mills_per_kwh', 'integer', (column) => column.notNull())
    .addColumn('serial_number', 'text')
    .addColumn('inactive', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema.createIndex('charge_point_of_station').on('charge_point').column('station_id').execute();

  await db.schema
    .createTable('charge_point_heard')
    .addColumn('charge_point_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();

  await db.schema
    .createTable('id_token')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('id_tag', 'text', (column) => column.notNull())
    .addColumn('blocked', 'integer', (column) => column.notNull())
    .addColumn('expires_at_ms', 'integer')
    .addColumn('wallet_id', 'text')
    .addColumn('driver', 'text')
    .addColumn('free_service', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();

  await db.schema
    .createTable('user_account')
    .addColumn('username', 'text', (column) => column.primaryKey().notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();

  await db.schema
    .createTable('login')
    .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('username', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'integer', (column) => column.notNull())
    .addColumn('expires_at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema.createIndex('login_expiry').on('login').column('expires_at_ms').execute();

  await db.schema
    .createTable('api_token')
    .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();
}
