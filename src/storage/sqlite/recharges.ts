import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type RawBuilder } from 'kysely';
import { cents } from '#src/domain/money.ts';
import type { RechargeMark } from '#src/domain/recharge.ts';
import type { RechargePage, RechargeQuery, RechargeRow, RechargeStore, RechargeTotals } from '../recharge-port.ts';
import type { Connection } from './connection.ts';
import { databaseOver, rows, type Database } from './office/database.ts';
import { wordsOf } from './office/query.ts';
import { fitting, holding, oneOf, RECHARGE, rechargeOf, starts, type Cells, type Edge } from './recharge-row.ts';

type Part = RawBuilder<unknown>;

/** Up to here the recharges of a filter are read, added up and sorted: about 20 ms. */
export const READ_MAX = 5_000;
/** Badges with the words of a search; more of them are in nearly everything, and soon met by walking. */
const BADGES_MAX = 2_000;
/** Beyond, a viewer finds a good part of all there is: stations are looked at as they come, not each by itself. */
const STATIONS_MAX = 4_000;
/** Recharges looked at before chargers get their turn: some 3 ms of all, some 10 ms of two thousand stations. */
const LOOK_UPS = { ofAll: 500, ofStations: 100 } as const;
/** What few recharges have is looked for so many times, and then the reader says whether to go on. */
const BITES_MAX = 60;

/**
 * Finds one page of recharges, of thousands or of millions (decision 0020). What a filter may find is counted first, up
 * to `READ_MAX`, by the index that narrows it: by station, by badge, or what runs. No more than that is read, added up
 * and sorted as was asked. Else the list is walked in the order of starts until the page is full.
 */
export function sqliteRecharges(connection: Connection): RechargeStore {
  const database = databaseOver(connection);
  return {
    async page(query) {
      const short = shortSource(database, query);
      if (short === 'nothing') return { rows: [], totals: NO_TOTALS, isMore: false, lookedTo: null };
      return short === null ? walk(database, query) : read(database, query, short);
    },
    async find(transactionId) {
      const [row] = rows(
        database,
        sql`select ${RECHARGE} from charging_session where transaction_id = ${transactionId}`,
      );
      return row === undefined ? null : rechargeOf(row as Cells);
    },
  };
}

const NO_TOTALS: RechargeTotals = { count: 0, running: 0, energyWh: 0, parkedMs: 0, chargedMs: 0, amount: cents(0) };

/** A condition with an index, that few enough recharges fit; `nothing` when none can; null when all find too many. */
function shortSource(database: Database, query: RechargeQuery): Part | 'nothing' | null {
  const { among, customers } = query;
  if (among?.length === 0 || customers?.length === 0) return 'nothing';
  const words = wordsOf(query.text);
  const tags = words.length === 0 ? null : badgesWith(database, words);
  if (tags?.length === 0) return 'nothing';
  const stations = byStation(query) ? oneOf('station_id', query.among) : sql`1`;
  const sources = [
    sql`${stations} and ${indexed(query)} and ${starts(query)}`,
    ...(tags === null || tags.length > BADGES_MAX ? [] : [sql`${oneOf('id_tag', tags)} and ${starts(query)}`]),
    ...(customers === null ? [] : [oneOf('wallet_id', customers)]),
    ...(query.state === 'running' ? [sql`closing = 'open'`] : []),
  ];
  return sources.find((source) => isShort(database, source)) ?? null;
}

function byStation(query: RechargeQuery): query is RechargeQuery & { readonly among: readonly string[] } {
  return query.among !== null && query.among.length <= STATIONS_MAX;
}

/** Abnormal ends have indexes of their own, by station and by start. */
function indexed({ state }: RechargeQuery): Part {
  return state === 'abnormal' ? sql`abnormal = 1` : sql`1`;
}

/** Is there more to be looked at in each recharge than what indexes hold? */
function isNarrow(query: RechargeQuery): boolean {
  const isWide = query.among !== null && !byStation(query);
  return (
    isWide || query.customers !== null || query.text !== '' || (query.state !== null && query.state !== 'abnormal')
  );
}

function isShort(database: Database, source: Part): boolean {
  const upTo = sql`select 1 from charging_session where ${source} limit ${READ_MAX + 1}`;
  return Number(rows(database, sql`select count(*) as found from (${upTo})`)[0]?.['found']) <= READ_MAX;
}

/** One more than `BADGES_MAX` where there are more. */
function badgesWith(database: Database, words: readonly string[]): readonly string[] {
  const found = sql`select distinct id_tag from session_badge where ${holding(words)} limit ${BADGES_MAX + 1}`;
  return rows(database, found).map((row) => String(row['id_tag']));
}

type Brief = {
  readonly transaction_id: number;
  readonly started_at_ms: number;
  readonly running: 0 | 1;
  readonly energy_wh: number;
  /** Null while it runs. */
  readonly parked_ms: number | null;
  readonly charged_ms: number | null;
  readonly price_cents: number | null;
};
const KEYS: Readonly<Record<RechargeQuery['sort'], (one: Brief) => number>> = {
  start: (one) => one.started_at_ms,
  energy: (one) => one.energy_wh,
  parking: (one) => one.parked_ms ?? -1,
  charging: (one) => one.charged_ms ?? -1,
};

/** One look at each of them: they lie far apart in a large table. */
function read(database: Database, query: RechargeQuery, source: Part): RechargePage {
  const { mark, descending, limit } = query;
  const parked = sql`max(coalesce(unplugged_at_ms, 0), stopped_at_ms) - started_at_ms`;
  const found = rows(
    database,
    sql`select transaction_id, started_at_ms, closing = 'open' as running, energy_wh, ${parked} as parked_ms, charged_ms, price_cents
      from charging_session where ${source} and ${fitting(query)}`,
  ) as unknown as readonly Brief[];
  const key = KEYS[mark === null ? query.sort : 'start'];
  const way = descending ? 1 : -1;
  const order = (a: Brief, b: Brief): number => way * (key(b) - key(a) || b.transaction_id - a.transaction_id);
  const ids = found.toSorted(order).map((one) => one.transaction_id);
  const from = mark === null ? query.offset : placeOf(mark, found, { descending, limit });
  const shown = rowsOf(database, ids.slice(from, from + limit));
  return { rows: shown, totals: totalsOf(found), isMore: false, lookedTo: null };
}

/** Where the page begins that a mark is the edge of. What stood there may be found no more. */
function placeOf(
  { startedAtMs, transactionId, way }: RechargeMark,
  found: readonly Brief[],
  { descending, limit }: Pick<RechargeQuery, 'descending' | 'limit'>,
): number {
  const isBefore = (one: Brief): boolean => {
    const later = one.started_at_ms - startedAtMs || one.transaction_id - transactionId;
    return descending ? later > 0 : later < 0;
  };
  const before = found.filter(isBefore).length;
  const isThere = found.some((one) => one.transaction_id === transactionId);
  return way === 'after' ? before + (isThere ? 1 : 0) : Math.max(0, before - limit);
}

function totalsOf(found: readonly Brief[]): RechargeTotals {
  const ended = found.filter((one) => one.running === 0);
  const sum = (of: (one: Brief) => number | null): number => ended.reduce((all, one) => all + (of(one) ?? 0), 0);
  return {
    count: found.length,
    running: found.length - ended.length,
    energyWh: sum((one) => one.energy_wh),
    parkedMs: sum((one) => one.parked_ms),
    chargedMs: sum((one) => one.charged_ms),
    amount: cents(sum((one) => one.price_cents)),
  };
}

/** In the order of starts, by what is next of each station or of all, a bite at a time. */
async function walk(database: Database, query: RechargeQuery): Promise<RechargePage> {
  const { mark, descending, limit } = query;
  const isBackwards = mark?.way === 'before';
  const isDown = descending !== isBackwards;
  const size = isNarrow(query) ? LOOK_UPS[byStation(query) ? 'ofStations' : 'ofAll'] : limit + 1;
  const way = isBackwards ? 'before' : 'after';
  const found: number[] = [];
  let lookedTo: RechargeMark | null = mark;
  for (let bites = 0; bites < BITES_MAX; bites += 1) {
    const edge = lookedTo === null ? null : { ...lookedTo, isDown };
    const bite = nextOf(database, query, { edge, isDown, size });
    found.push(...bite.filter((row) => row['fits'] === 1).map((row) => Number(row['transaction_id'])));
    const last = bite.at(-1);
    const isAtEnd = bite.length < size || last === undefined;
    if (found.length > limit || isAtEnd) {
      lookedTo = null;
      break;
    }
    lookedTo = { startedAtMs: Number(last['started_at_ms']), transactionId: Number(last['transaction_id']), way };
    await nextTurn();
  }
  const shown = rowsOf(database, found.slice(0, limit));
  // Whoever comes back from further on has that behind him.
  const isMore = isBackwards || found.length > limit;
  return { rows: isBackwards ? shown.toReversed() : shown, totals: null, isMore, lookedTo };
}

type Bite = { readonly edge: Edge | null; readonly isDown: boolean; readonly size: number };

function nextOf(database: Database, query: RechargeQuery, { edge, isDown, size }: Bite): readonly Cells[] {
  const range = sql`${indexed(query)} and ${starts(query, edge)}`;
  const way = isDown ? sql`desc` : sql`asc`;
  const order = sql`order by started_at_ms ${way}, transaction_id ${way} limit ${size}`;
  const fits = isNarrow(query) ? fitting(byStation(query) ? { ...query, among: null } : query) : sql`1`;
  const columns = sql`transaction_id, started_at_ms, (${fits}) as fits`;
  if (!byStation(query))
    return rows(database, sql`select ${columns} from charging_session where ${range} ${order}`) as readonly Cells[];
  // The next rows of all are among the next ones of the stations whose own next come first: with ties, all of those.
  const own = sql`from charging_session where station_id = station and ${range} order by started_at_ms ${way}`;
  const stations = sql`select value as station from json_each(${JSON.stringify(query.among)})`;
  const last = sql`(select head from heads where head is not null order by head ${way} limit 1 offset ${size - 1})`;
  const isFirst = isDown ? sql`head >= coalesce(${last}, head)` : sql`head <= coalesce(${last}, head)`;
  return rows(
    database,
    sql`with heads as materialized (
        select station, (select started_at_ms ${own} limit 1) as head from (${stations})
      ), first as materialized (select station from heads where head is not null and ${isFirst})
      select ${columns} from charging_session where transaction_id in (
        select one.value from first, json_each((
          select json_group_array(transaction_id) from (select transaction_id ${own}, transaction_id ${way} limit ${size})
        )) as one
      ) ${order}`,
  ) as readonly Cells[];
}

/** In the order of their ids here. */
function rowsOf(database: Database, ids: readonly number[]): readonly RechargeRow[] {
  const these = sql`transaction_id in (select value from json_each(${JSON.stringify(ids)}))`;
  const cells = rows(database, sql`select ${RECHARGE} from charging_session where ${these}`) as readonly Cells[];
  const byId = new Map(cells.map((row) => [Number(row['transaction_id']), rechargeOf(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
