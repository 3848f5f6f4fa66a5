import type { SessionRow } from '../ports.ts';
import { builder, prepare, slot, type Connection } from './connection.ts';

/** What the end and the corrections of a session may change, in the order of `factsOf`. */
const facts = {
  connector_id: slot,
  id_tag: slot,
  driver: slot,
  wallet_id: slot,
  verdict: slot,
  free_service: slot,
  energy_price_mills_per_kwh: slot,
  power_max_w: slot,
  started_at_ms: slot,
  meter_start_wh: slot,
  closing: slot,
  stopped_at_ms: slot,
  meter_stop_wh: slot,
  energy_wh: slot,
  stop_reason: slot,
  price_cents: slot,
  review: slot,
};

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
      .where('charge_point_id', '=', slot),
  );
  const put = prepare(
    connection,
    build
      .insertInto('charging_session')
      .values({ ...facts, transaction_id: slot, start_key: slot, charge_point_id: slot })
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
        })),
      ),
  );
  return (session) => {
    const values = [...factsOf(session), session.transactionId, session.startKey, session.chargePointId];
    // An end seldom changes what identifies its session. Naming those columns would rewrite their two indexes all the
    // same, each in a page of its own.
    if (session.closing !== 'open' && replace.run(...values).changes > 0) return;
    put.run(...values);
  };
}

function factsOf(s: SessionRow): readonly unknown[] {
  return [
    s.connectorId,
    s.idTag,
    s.driver,
    s.walletId,
    s.verdict,
    s.freeService ? 1 : 0,
    s.energyPriceMillsPerKwh,
    s.powerMaxW,
    s.startedAtMs,
    s.meterStartWh,
    s.closing,
    s.stoppedAtMs,
    s.meterStopWh,
    s.energyWh,
    s.stopReason,
    s.price,
    s.review,
  ];
}
