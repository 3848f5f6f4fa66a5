import { sql } from 'kysely';
import type { SessionRow } from '../ports.ts';
import { builder, prepare, prepareValue, slot, type Connection } from './connection.ts';
import { badgeWords } from './session-badges.ts';

/** What the end and the corrections of a session may change, in the order of `factsOf`. */
const facts = {
  connector_id: slot,
  driver: slot,
  wallet_id: slot,
  verdict: slot,
  free_service: slot,
  energy_price_mills_per_kwh: slot,
  power_max_w: slot,
  meter_start_wh: slot,
  closing: slot,
  stopped_at_ms: slot,
  meter_stop_wh: slot,
  energy_wh: slot,
  stop_reason: slot,
  price_cents: slot,
  review: slot,
  charged_ms: slot,
};
/** What does not change of a session, in the order of `identityOf`. */
const identity = { transaction_id: slot, start_key: slot, charge_point_id: slot, id_tag: slot, started_at_ms: slot };

/** Inserts a session, or replaces the one of its transaction. Throws what SQLite throws for a known start key. */
export function sessionWriter(connection: Connection): (session: SessionRow) => void {
  const build = builder(connection);
  const replace = prepare(
    connection,
    build
      .updateTable('charging_session')
      .set(facts)
      .where('transaction_id', '=', slot)
      .where('start_key', '=', slot)
      .where('charge_point_id', '=', slot)
      .where('id_tag', '=', slot)
      .where('started_at_ms', '=', slot),
  );
  const put = prepare(
    connection,
    build
      .insertInto('charging_session')
      .values({
        ...facts,
        ...identity,
        // Where its charger stands now: whoever has the charger later does not get this session.
        station_id: sql`(select station_id from charge_point where charge_point_id = ${slot})`,
        badge_id: sql`(select id from session_badge where id_tag = ${slot} and driver = ${slot})`,
      })
      .onConflict((conflict) =>
        conflict.column('transaction_id').doUpdateSet(({ ref }) => ({
          charge_point_id: ref('excluded.charge_point_id'),
          start_key: ref('excluded.start_key'),
          connector_id: ref('excluded.connector_id'),
          id_tag: ref('excluded.id_tag'),
          driver: ref('excluded.driver'),
          wallet_id: ref('excluded.wallet_id'),
          verdict: ref('excluded.verdict'),
          free_service: ref('excluded.free_service'),
          energy_price_mills_per_kwh: ref('excluded.energy_price_mills_per_kwh'),
          power_max_w: ref('excluded.power_max_w'),
          started_at_ms: ref('excluded.started_at_ms'),
          meter_start_wh: ref('excluded.meter_start_wh'),
          closing: ref('excluded.closing'),
          stopped_at_ms: ref('excluded.stopped_at_ms'),
          meter_stop_wh: ref('excluded.meter_stop_wh'),
          energy_wh: ref('excluded.energy_wh'),
          stop_reason: ref('excluded.stop_reason'),
          price_cents: ref('excluded.price_cents'),
          review: ref('excluded.review'),
          charged_ms: ref('excluded.charged_ms'),
          badge_id: ref('excluded.badge_id'),
        })),
      ),
  );
  const purged = prepareValue(
    connection,
    build.selectFrom('purged_session').select('transaction_id').where('transaction_id', '=', slot),
  );
  const badge = prepare(
    connection,
    build
      .insertInto('session_badge')
      .values({ id_tag: slot, driver: slot, search: slot })
      .onConflict((conflict) => conflict.doNothing()),
  );
  return (session) => {
    const values = [...factsOf(session), ...identityOf(session)];
    // An end does not change what identifies its session. Naming those columns would rewrite their indexes all the
    // same, each in a page of its own.
    if (session.closing !== 'open') {
      if (replace.run(...values).changes > 0) return;
      // It ran when its station's recharges were purged, and its connector closes it only now.
      if (purged.get(session.transactionId) !== undefined) return;
    }
    const { chargePointId, idTag, driver } = session;
    badge.run(idTag, driver ?? '', badgeWords(idTag, driver));
    put.run(...values, chargePointId, idTag, driver ?? '');
  };
}

/** Tells of a session when its vehicle left. */
export function departureWriter(connection: Connection): (transactionId: number, atMs: number) => void {
  const update = prepare(
    connection,
    builder(connection)
      .updateTable('charging_session')
      .set({ unplugged_at_ms: sql`max(coalesce(unplugged_at_ms, 0), ${slot})` })
      .where('transaction_id', '=', slot),
  );
  return (transactionId, atMs) => void update.run(atMs, transactionId);
}

function identityOf({ transactionId, startKey, chargePointId, idTag, startedAtMs }: SessionRow): readonly unknown[] {
  return [transactionId, startKey, chargePointId, idTag, startedAtMs];
}

function factsOf(s: SessionRow): readonly unknown[] {
  return [
    s.connectorId,
    s.driver,
    s.walletId,
    s.verdict,
    s.freeService ? 1 : 0,
    s.energyPriceMillsPerKwh,
    s.powerMaxW,
    s.meterStartWh,
    s.closing,
    s.stoppedAtMs,
    s.meterStopWh,
    s.energyWh,
    s.stopReason,
    s.price,
    s.review,
    s.chargedMs,
  ];
}
