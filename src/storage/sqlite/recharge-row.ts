import { sql, type RawBuilder } from 'kysely';
import type { Cents } from '#src/domain/money.ts';
import type { SessionClosing } from '../ports.ts';
import type { RechargeFilter, RechargeRow } from '../recharge-port.ts';
import { holds, isIndexed, phrases, wordsOf } from './office/query.ts';

type Part = RawBuilder<unknown>;
export type Cells = Readonly<Record<string, string | number | null>>;

/** As one bound value, so that a long list is no long statement. */
export function oneOf(column: 'station_id' | 'id_tag' | 'wallet_id', values: readonly string[]): Part {
  return sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`;
}

/**
 * By its start alone, from a mark on where there is one: what an index of starts is entered with. One bound on each
 * side, for SQLite enters an index by the first that it reads.
 */
export function starts({ fromMs, toMs }: RechargeFilter, edge: Edge | null = null): Part {
  const isUpper = edge?.isDown === true;
  const from = Math.max(fromMs ?? 0, edge === null || isUpper ? 0 : edge.startedAtMs);
  const to = Math.min(toMs ?? STARTS_MAX, edge !== null && isUpper ? edge.startedAtMs + 1 : STARTS_MAX);
  const range = sql`started_at_ms >= ${from} and started_at_ms < ${to}`;
  if (edge === null) return range;
  const { startedAtMs, transactionId } = edge;
  const others = isUpper ? sql`transaction_id < ${transactionId}` : sql`transaction_id > ${transactionId}`;
  return sql`${range} and (+started_at_ms <> ${startedAtMs} or ${others})`;
}

const STARTS_MAX = Number.MAX_SAFE_INTEGER;

/** The last recharge that was looked at, and whether the next ones began before it. */
export type Edge = { readonly startedAtMs: number; readonly transactionId: number; readonly isDown: boolean };

/** Badges that hold all of these words: by their index, but for words that are too short for it; null for none but those. */
export function withWords(words: readonly string[]): Part | null {
  const known = words.filter(isIndexed);
  if (known.length === 0) return null;
  const found = sql`select rowid from session_badge_words where session_badge_words match ${phrases(known)}`;
  return allOf([sql`id in (${found})`, ...words.filter((word) => !isIndexed(word)).map(holds)]);
}

/** All that a filter says, looked at one by one. The plus keeps SQLite to the index that another condition is for. */
export function fitting(filter: RechargeFilter): Part {
  const { among, customers, text, state } = filter;
  const words = wordsOf(text);
  // Letter by letter, for one badge at a time is looked at: the index of words would be asked again for each bite.
  const badge = sql`select 1 from session_badge where id = badge_id and`;
  return allOf([
    sql`+started_at_ms >= ${filter.fromMs ?? 0} and +started_at_ms < ${filter.toMs ?? Number.MAX_SAFE_INTEGER}`,
    ...(among === null ? [] : [sql`+station_id in (select value from json_each(${JSON.stringify(among)}))`]),
    ...(customers === null ? [] : [sql`+wallet_id in (select value from json_each(${JSON.stringify(customers)}))`]),
    ...(state === null ? [] : [STATES[state]]),
    ...(words.length === 0 ? [] : [sql`exists (${badge} ${allOf(words.map(holds))})`]),
  ]);
}

function allOf(conditions: readonly Part[]): Part {
  return sql.join([...conditions], sql` and `);
}

const STATES: Readonly<Record<NonNullable<RechargeFilter['state']>, Part>> = {
  running: sql`+closing = 'open'`,
  ended: sql`+closing <> 'open'`,
  abnormal: sql`abnormal = 1`,
  'free-service': sql`free_service = 1`,
};

/** A session, with the power that the form of its station says: what it may have been given leaves room beyond that. */
export const RECHARGE = sql`charging_session.*, (
  select max(coalesce(permanent_power_w, 0), coalesce(max_power_w, 0)) from office_station
  where office_station.id = charging_session.station_id) as station_power_w`;

export function rechargeOf(cells: Cells): RechargeRow {
  const text = (name: string): string => String(cells[name]);
  const textOrNull = (name: string): string | null => (cells[name] === null ? null : text(name));
  const number = (name: string): number => Number(cells[name]);
  const numberOrNull = (name: string): number | null => (cells[name] === null ? null : number(name));
  return {
    transactionId: number('transaction_id'),
    chargePointId: text('charge_point_id'),
    connectorId: number('connector_id'),
    startKey: text('start_key'),
    idTag: text('id_tag'),
    driver: textOrNull('driver'),
    walletId: textOrNull('wallet_id'),
    verdict: text('verdict'),
    freeService: cells['free_service'] === 1,
    energyPriceMillsPerKwh: number('energy_price_mills_per_kwh'),
    powerMaxW: numberOrNull('station_power_w') || number('power_max_w'),
    startedAtMs: number('started_at_ms'),
    meterStartWh: number('meter_start_wh'),
    closing: cells['closing'] as SessionClosing,
    stoppedAtMs: numberOrNull('stopped_at_ms'),
    meterStopWh: numberOrNull('meter_stop_wh'),
    energyWh: number('energy_wh'),
    stopReason: textOrNull('stop_reason'),
    price: numberOrNull('price_cents') as Cents | null,
    review: textOrNull('review'),
    chargedMs: numberOrNull('charged_ms'),
    stationId: textOrNull('station_id'),
    unpluggedAtMs: numberOrNull('unplugged_at_ms'),
  };
}
