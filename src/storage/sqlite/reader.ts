import { sql, type RawBuilder } from 'kysely';
import { leniencyOf } from '#src/domain/leniency.ts';
import type { Cents } from '#src/domain/money.ts';
import type { CommandRow, LedgerEntry, Reader, SessionQuery, SessionRow } from '../ports.ts';
import type { ChargePointRow, IdTokenRow, RosterRow, StationRow } from '../registry-port.ts';
import { builder, prepare, slot, type Connection } from './connection.ts';
import type { EventFollower } from './event-follower.ts';
import { EventSearch } from './event-query.ts';
import { stationKeysReader } from './forced-keys.ts';
import { sharedPointsReader } from './shared-points.ts';
import { smsReader } from './sms.ts';
import { singlePhaseReader } from './supplies.ts';
import { allowanceReader } from './unregistered.ts';
import { ReviewSearch } from './review-query.ts';

/** Every statement is compiled when the file is opened: some of these reads stand before a charger's answer. */
export function sqliteReader(connection: Connection, follower: EventFollower): Reader {
  const statements = { ...identityStatements(connection), ...historyStatements(connection) };
  const events = new EventSearch(connection, follower);
  const reviews = new ReviewSearch(connection);
  const allowance = allowanceReader(connection);
  const stationKeys = stationKeysReader(connection);
  const singlePhase = singlePhaseReader(connection);
  const sharedPoints = sharedPointsReader(connection);
  const takesSms = smsReader(connection);
  return {
    async idToken(key, stationId) {
      const row = statements.idToken.get(stationId, key);
      return row
        ? ({ ...row, blocked: row.blocked === 1, freeService: row.freeService === 1 } satisfies IdTokenRow)
        : null;
    },
    allowance: async (key, stationId) => allowance(key, stationId),
    async chargePoint(key) {
      const row = statements.chargePoint.get(key);
      return row ? chargePointOf(row) : null;
    },
    async roster() {
      const shared = sharedPoints();
      return statements.roster.all().map((row) => rosterOf(row, shared));
    },
    async rosterEntry(chargePointId) {
      const row = statements.rosterEntry.get(chargePointId);
      return row ? rosterOf(row, sharedPoints(row.stationId)) : null;
    },
    async sessionByTransaction(transactionId) {
      const row = statements.sessionByTransaction.get(transactionId);
      return row ? sessionOf(row) : null;
    },
    async sessionByStartKey(startKey) {
      const row = statements.sessionByStartKey.get(startKey);
      return row ? sessionOf(row) : null;
    },
    async sessions(query) {
      return sessionRows(statements, query).map(sessionOf);
    },
    events: async (query) => (await events.find(query)).events,
    searchEvents: (query) => events.find(query),
    async command(commandId) {
      const row = statements.command.get(commandId);
      return row ? commandOf(row) : null;
    },
    async commands(chargePointId, limit) {
      return statements.commands.all(chargePointId, limit).map(commandOf);
    },
    async batch(batchId) {
      return statements.batch.all(batchId).map(commandOf);
    },
    stationKeys: async (key) => stationKeys(key),
    singlePhase: async (key) => singlePhase(key),
    takesSms: async (stationId) => takesSms(stationId),
    async ledger(walletId, limit) {
      const rows = statements.ledger.all(walletId, limit);
      return rows.map((row): LedgerEntry => ({ ...row, amount: row.amount as Cents }));
    },
    review: async (key) => reviews.byKey(key),
    reviews: async (query) => reviews.find(query),
    openReviews: async (among) => reviews.open(among),
  };
}

function identityStatements(connection: Connection) {
  const build = builder(connection);
  const chargePoints = build
    .selectFrom('charge_point')
    .select([
      'charge_point.charge_point_id as chargePointId',
      'charge_point.key as key',
      'charge_point.station_id as stationId',
      'charge_point.connectors as connectors',
      'charge_point.power_max_w as powerMaxW',
      'charge_point.energy_price_mills_per_kwh as energyPriceMillsPerKwh',
      'charge_point.serial_number as serialNumber',
      'charge_point.free_service_tag as freeServiceTag',
      'charge_point.leniency as leniency',
      'charge_point.charge_minutes_max as chargeMinutes',
      'charge_point.charge_wh_max as chargeWh',
      'charge_point.unlock_minutes as unlockMinutes',
      'charge_point.inactive as inactive',
    ]);
  const roster = chargePoints
    .innerJoin('station', 'station.station_id', 'charge_point.station_id')
    .leftJoin('charge_point_heard', 'charge_point_heard.charge_point_id', 'charge_point.charge_point_id')
    .select([
      'station.name as name',
      'station.address as address',
      'station.postcode as postcode',
      'station.city as city',
      'station.merchant as merchant',
      'station.access as access',
      'station.subscriber_id as subscriberId',
      'station.company_id as companyId',
      'charge_point_heard.at_ms as heardAtMs',
      'charge_point.history_since_ms as historySinceMs',
    ]);
  return {
    idToken: prepare(
      connection,
      build
        .selectFrom('id_token')
        .leftJoin('station', (join) => join.on('station.station_id', '=', slot))
        .select([
          'key',
          'id_tag as idTag',
          'blocked',
          'expires_at_ms as expiresAtMs',
          'wallet_id as walletId',
          'driver',
          'free_service as freeService',
        ])
        .where('id_token.key', '=', slot)
        .where(
          sql<boolean>`(id_token.owner = station.subscriber_id or (id_token.owner = '' and (id_token.customer_id is null
            or (station.access = 'public' and station.public_customers = 1))))`,
        )
        .orderBy('id_token.owner', 'desc')
        .limit(sql.lit(1)),
    ),
    chargePoint: prepare(connection, chargePoints.where('charge_point.key', '=', slot)),
    roster: prepare(connection, roster.orderBy('charge_point.charge_point_id')),
    rosterEntry: prepare(connection, roster.where('charge_point.charge_point_id', '=', slot)),
  };
}

function historyStatements(connection: Connection) {
  const build = builder(connection);
  const sessions = build
    .selectFrom('charging_session')
    .select([
      'transaction_id as transactionId',
      'charge_point_id as chargePointId',
      'connector_id as connectorId',
      'start_key as startKey',
      'id_tag as idTag',
      'driver',
      'wallet_id as walletId',
      'verdict',
      'free_service as freeService',
      'started_at_ms as startedAtMs',
      'meter_start_wh as meterStartWh',
      'closing',
      'stopped_at_ms as stoppedAtMs',
      'meter_stop_wh as meterStopWh',
      'energy_wh as energyWh',
      'stop_reason as stopReason',
      'price_cents as price',
      'review',
      'energy_price_mills_per_kwh as energyPriceMillsPerKwh',
      'power_max_w as powerMaxW',
      'charged_ms as chargedMs',
    ]);
  const newest = (condition: RawBuilder<boolean> = sql`true`) =>
    sessions.where(condition).where('transaction_id', '<', slot).orderBy('transaction_id', 'desc').limit(slot);
  const commands = build
    .selectFrom('command')
    .select([
      'command_id as commandId',
      'charge_point_id as chargePointId',
      'connector_id as connectorId',
      'name',
      'state',
      'requested_by as requestedBy',
      'requested_at_ms as requestedAtMs',
      'batch_id as batchId',
    ]);
  return {
    sessionByTransaction: prepare(connection, sessions.where('transaction_id', '=', slot)),
    sessionByStartKey: prepare(connection, sessions.where('start_key', '=', slot)),
    sessions: prepare(connection, newest()),
    sessionsOf: prepare(connection, newest(sql`charge_point_id = ${slot}`)),
    sessionsClosing: prepare(connection, newest(sql`closing = ${slot}`)),
    // A charger's own sessions are few: the plus keeps SQLite from walking every closed session of the fleet instead.
    sessionsOfClosing: prepare(connection, newest(sql`charge_point_id = ${slot} and +closing = ${slot}`)),
    command: prepare(connection, commands.where('command_id', '=', slot)),
    commands: prepare(
      connection,
      commands.where('charge_point_id', '=', slot).orderBy('requested_at_ms', 'desc').orderBy('id', 'desc').limit(slot),
    ),
    batch: prepare(connection, commands.where('batch_id', '=', slot).orderBy('charge_point_id').orderBy('id')),
    ledger: prepare(
      connection,
      build
        .selectFrom('ledger_entry')
        .select([
          'key',
          'wallet_id as walletId',
          'at_ms as atMs',
          'amount_cents as amount',
          'transaction_id as transactionId',
        ])
        .where('wallet_id', '=', slot)
        .orderBy('at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(slot),
    ),
  };
}

type Statements = ReturnType<typeof historyStatements>;
type SessionColumns = NonNullable<ReturnType<Statements['sessions']['get']>>;
type CommandColumns = NonNullable<ReturnType<Statements['command']['get']>>;
type ChargePointColumns = NonNullable<ReturnType<ReturnType<typeof identityStatements>['chargePoint']['get']>>;
type RosterColumns = NonNullable<ReturnType<ReturnType<typeof identityStatements>['roster']['get']>>;

function sessionRows(statements: Statements, query: SessionQuery): SessionColumns[] {
  const { chargePointId, closing, limit } = query;
  const before = query.beforeTransactionId ?? Number.MAX_SAFE_INTEGER;
  if (chargePointId === undefined && closing === undefined) return statements.sessions.all(before, limit);
  if (closing === undefined) return statements.sessionsOf.all(chargePointId, before, limit);
  if (chargePointId === undefined) return statements.sessionsClosing.all(closing, before, limit);
  return statements.sessionsOfClosing.all(chargePointId, closing, before, limit);
}

function sessionOf(row: SessionColumns): SessionRow {
  return { ...row, freeService: row.freeService === 1, price: row.price as Cents | null };
}

function commandOf(row: CommandColumns): CommandRow {
  return { ...row, state: JSON.parse(row.state) as unknown };
}

function chargePointOf(row: ChargePointColumns): ChargePointRow {
  const { chargeMinutes, chargeWh, unlockMinutes, ...others } = row;
  const limits = { chargeMinutes, chargeWh, unlockMinutes };
  return { ...others, limits, leniency: leniencyOf(row.leniency), inactive: row.inactive === 1 };
}

function rosterOf(columns: RosterColumns, shared: ReturnType<ReturnType<typeof sharedPointsReader>>): RosterRow {
  const { name, address, postcode, city, merchant, access, subscriberId, companyId, ...others } = columns;
  const { heardAtMs, historySinceMs, ...chargePoint } = others;
  const { stationId } = chargePoint;
  const place = { stationId, name, address, postcode, city, merchant, access };
  const station: StationRow = { ...place, subscriberId, companyId };
  const groups = shared.get(stationId);
  const row = { ...chargePointOf(chargePoint), station, heardAtMs, historySinceMs };
  return groups === undefined ? row : { ...row, shared: groups };
}
