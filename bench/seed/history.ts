import { walletActorId, walletBehaviour } from '#actors/wallet/actor.ts';
import { identityOf } from '#bench/load/charger.ts';
import { frameFor, type StepName } from '#bench/load/script.ts';
import type { Connection } from '#src/storage/sqlite/connection.ts';
import { badgeWords } from '#src/storage/sqlite/session-badges.ts';
import { peopleOf, stationsOf, type Sizes } from './sizes.ts';
import { badgeOf, personOf, pick } from './words.ts';

/** The history ends here, whenever it is seeded. */
export const HISTORY_END_MS = Date.UTC(2026, 10, 20, 8);
export const EVENT_GAP_MS = 100;
const SESSION_GAP_MS = 30_000;
const BITE_ROWS = 100_000;
/** One session's frames, as the journal holds them most: readings, then a few words around them. */
const FRAMES: readonly (readonly [step: StepName, name: string, answer: string])[] = [
  ['meter', 'MeterValues', '{}'],
  ['meter', 'MeterValues', '{}'],
  ['meter', 'MeterValues', '{}'],
  ['heartbeat', 'Heartbeat', '{"currentTime":"2026-11-20T08:00:00.000Z"}'],
  ['available', 'StatusNotification', '{}'],
  ['start', 'StartTransaction', '{"transactionId":1234,"idTagInfo":{"status":"Accepted"}}'],
  ['stop', 'StopTransaction', '{"idTagInfo":{"status":"Accepted"}}'],
  ['heartbeat', 'Heartbeat', '{"currentTime":"2026-11-20T08:00:00.000Z"}'],
];

/** Events, sessions, wallets with their ledger, and reviews, straight into their tables. */
export function seedHistory(connection: Connection, sizes: Sizes): void {
  seedEvents(connection, sizes);
  connection.transaction(() => {
    seedSessions(connection, sizes);
    seedWallets(connection, sizes);
    seedReviews(connection, sizes);
  })();
}

/** One in five hundred is trouble; levels and kinds are those of a calm day. */
function seedEvents(connection: Connection, sizes: Sizes): void {
  const stations = stationsOf(sizes);
  const put = connection.prepare(
    'insert into event (at_ms, charge_point_id, connector_id, level, kind, name, request, answer, note) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const frames = FRAMES.map(([step, name, answer], index) => {
    const said = { messageId: `m${index}`, idTag: 'TEST000001', connectorId: 1, transactionId: 1234 };
    return { name, request: frameFor(step, { ...said, registerWh: 1000 + index, serialNumber: 'VO1' }), answer };
  });
  const bite = connection.transaction((from: number, to: number) => {
    for (let n = from; n < to; n += 1) {
      const frame = frames[pick(n, 20, frames.length)] ?? frames[0];
      if (frame === undefined) continue;
      const level =
        n % 500 === 0 ? 'problem' : frame.name === 'Heartbeat' || frame.name === 'MeterValues' ? 'debug' : 'info';
      const atMs = HISTORY_END_MS - (sizes.events - n) * EVENT_GAP_MS;
      const chargePoint = identityOf(pick(n, 21, stations));
      put.run(atMs, chargePoint, 1, level, 'frame-in', frame.name, frame.request, frame.answer, null);
    }
  });
  for (let from = 0; from < sizes.events; from += BITE_ROWS) bite(from, Math.min(from + BITE_ROWS, sizes.events));
}

function seedSessions(connection: Connection, sizes: Sizes): void {
  const stations = stationsOf(sizes);
  const people = peopleOf(sizes);
  const put = connection.prepare(
    `insert into charging_session (transaction_id, charge_point_id, connector_id, start_key, id_tag, driver, wallet_id,
      verdict, free_service, energy_price_mills_per_kwh, power_max_w, started_at_ms, meter_start_wh, closing,
      stopped_at_ms, meter_stop_wh, energy_wh, stop_reason, price_cents, review, station_id)
      values (?, ?, 1, ?, ?, ?, ?, 'Accepted', 0, 400, 22000, ?, ?, 'final', ?, ?, ?, 'Local', ?, null,
      (select station_id from charge_point where charge_point_id = ?))`,
  );
  for (let n = 1; n <= sizes.sessions; n += 1) {
    const person = pick(n, 31, people);
    const startedAtMs = HISTORY_END_MS - (sizes.sessions - n) * SESSION_GAP_MS;
    const energyWh = 1_000 + pick(n, 32, 40_000);
    const price = Math.round(energyWh * 0.04);
    const who = [badgeOf(person), personOf(person), `customer-${person}`];
    const chargePoint = identityOf(pick(n, 30, stations));
    put.run(
      n,
      chargePoint,
      `start-${n}`,
      ...who,
      startedAtMs,
      1_000_000,
      startedAtMs + 3_600_000,
      1_000_000 + energyWh,
      energyWh,
      price,
      chargePoint,
    );
  }
  connection.function('words', (idTag, driver) => badgeWords(String(idTag), String(driver)));
  connection.exec(`insert into session_badge (id_tag, driver, search)
    select distinct id_tag, driver, words(id_tag, driver) from charging_session`);
  connection.exec(`update charging_session set badge_id = (select id from session_badge
    where session_badge.id_tag = charging_session.id_tag and session_badge.driver = charging_session.driver)`);
  connection.prepare('update transaction_counter set next = ?').run(sizes.sessions + 1);
}

function seedWallets(connection: Connection, sizes: Sizes): void {
  const entry = connection.prepare(
    'insert into ledger_entry (key, wallet_id, at_ms, amount_cents, transaction_id) values (?, ?, ?, ?, null)',
  );
  const wallet = connection.prepare('insert into actor_snapshot values (?, 1, 1, ?, ?)');
  for (let n = 0; n < peopleOf(sizes); n += 1) {
    const walletId = `customer-${n}`;
    const balance = 1_000 + pick(n, 40, 9_000);
    const posted = [`top-up/${n}`];
    entry.run(posted[0], walletId, HISTORY_END_MS - n, balance);
    const state = { walletId, balance, minimum: 0, inactive: false, posted };
    wallet.run(walletActorId(walletId), walletBehaviour.schema, JSON.stringify(state));
  }
}

/** One in ten still waits. */
function seedReviews(connection: Connection, sizes: Sizes): void {
  const put = connection.prepare(
    `insert into review (key, kind, charge_point_id, connector_id, transaction_id, at_ms, frame, resolved_at_ms,
      resolved_by, outcome) values (?, 'implausible-energy', ?, 1, ?, ?, null, ?, ?, ?)`,
  );
  for (let n = 0; n < sizes.reviews; n += 1) {
    const transactionId = 1 + pick(n, 50, sizes.sessions);
    const chargePoint = identityOf(pick(transactionId, 30, stationsOf(sizes)));
    const resolved = n % 10 === 0 ? [null, null, null] : [HISTORY_END_MS, 'bench', 'set-aside'];
    put.run(
      `implausible-energy/${n}`,
      chargePoint,
      transactionId,
      HISTORY_END_MS - (sizes.reviews - n) * 60_000,
      ...resolved,
    );
  }
}
