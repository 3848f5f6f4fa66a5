import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type RawBuilder } from 'kysely';
import { cents } from '#src/domain/money.ts';
import type { RechargeMark } from '#src/domain/recharge.ts';
import type { RechargePage, RechargeQuery, RechargeRow, RechargeStore, RechargeTotals } from '../recharge-port.ts';
import type { Connection } from './connection.ts';
import { databaseOver, rows, type Database } from './office/database.ts';
import { wordsOf } from './office/query.ts';
import { fitting, oneOf, RECHARGE, rechargeOf, starts, withWords, type Cells, type Edge } from './recharge-row.ts';

type Part = RawBuilder<unknown>;

/** Up to here the recharges of a filter are added up and sorted: about 6 ms. */
export const READ_MAX = 5_000;
/** Badges with the words of a search; more of them are in nearly everything, and soon met by walking. */
const BADGES_MAX = 2_000;
/** Beyond, a viewer finds a good part of all there is: stations are looked at as they come, not each by itself. */
const STATIONS_MAX = 4_000;
/** As where he finds one station in so many and few of their recharges are looked for: then it is four times as quick. */
const GOOD_PART = 20;
/** Recharges looked at before chargers get their turn: some 3 ms of all, some 10 ms of two thousand stations. */
const LOOK_UPS = { ofAll: 500, ofStations: 100 } as const;
/** What few recharges have is looked for so many times, and then the reader says whether to go on. */
const BITES_MAX = 60;

/**
 * Finds one page of recharges, of thousands or of millions (decision 0020). What a filter may find is counted first, up
 * to `READ_MAX`, by each index that narrows it: by station, by badge, or what runs. Where one finds no more than that, it
 * is added up and sorted as was asked. Else the list is walked in the order of starts until the page is full.
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

/** What an index finds, and what of it fits. */
type Source = { readonly found: Part; readonly fits: Part };

/** Of what indexes narrow, the fewest, and few enough; `nothing` when nothing can fit; null when all find too many. */
function shortSource(database: Database, query: RechargeQuery): Source | 'nothing' | null {
  const { among, customers } = query;
  if (among?.length === 0 || customers?.length === 0) return 'nothing';
  const words = wordsOf(query.text);
  const tags = words.length === 0 ? null : badgesWith(database, words);
  if (tags?.length === 0) return 'nothing';
  const stations = byStation(query) ? oneOf('station_id', query.among) : sql`1`;
  const rest = fitting(byStation(query) ? { ...query, among: null } : query);
  const fits = fitting(query);
  const sources = [
    { found: sql`${stations} and ${indexed(query)} and ${starts(query)}`, fits: rest },
    ...(tags === null ? [] : [{ found: sql`${oneOf('id_tag', tags)} and ${starts(query)}`, fits }]),
    ...(customers === null ? [] : [{ found: oneOf('wallet_id', customers), fits }]),
    ...(query.state === 'running' ? [{ found: sql`closing = 'open'`, fits }] : []),
  ].map((source) => ({ ...source, count: countUpTo(database, source.found, READ_MAX + 1) }));
  const [shortest] = sources.toSorted((a, b) => a.count - b.count);
  return shortest !== undefined && shortest.count <= READ_MAX ? shortest : null;
}

function byStation(query: RechargeQuery): query is RechargeQuery & { readonly among: readonly string[] } {
  return query.among !== null && query.among.length <= STATIONS_MAX;
}

/** Abnormal ends and free charges have indexes of their own, by station and by start. */
function indexed({ state }: RechargeQuery): Part {
  if (state === 'abnormal') return sql`abnormal = 1`;
  return state === 'free-service' ? sql`free_service = 1` : sql`1`;
}

/** Is there more to be looked at in each recharge than what indexes hold? */
function isNarrow(query: RechargeQuery): boolean {
  const isWide = query.among !== null && !byStation(query);
  const isUnindexed = query.state === 'running' || query.state === 'ended';
  return isWide || query.customers !== null || query.text !== '' || isUnindexed;
}

function countUpTo(database: Database, source: Part, most: number): number {
  const upTo = sql`select 1 from charging_session where ${source} limit ${most}`;
  return Number(rows(database, sql`select count(*) as found from (${upTo})`)[0]?.['found']);
}

/** Null where there are more than `BADGES_MAX`, and where words are too short to tell without a look at each badge. */
function badgesWith(database: Database, words: readonly string[]): readonly string[] | null {
  const which = withWords(words);
  if (which === null) return null;
  const found = sql`from session_badge where ${which} limit ${BADGES_MAX + 1}`;
  const [counted] = rows(database, sql`select count(*) as badges from (select 1 ${found})`);
  if (Number(counted?.['badges']) > BADGES_MAX) return null;
  return rows(database, sql`select distinct id_tag ${found}`).map((row) => String(row['id_tag']));
}

const PARKED = sql`max(coalesce(unplugged_at_ms, 0), stopped_at_ms) - started_at_ms`;
const KEYS: Readonly<Record<RechargeQuery['sort'], Part>> = {
  start: sql`started_at_ms`,
  energy: sql`energy_wh`,
  parking: sql`coalesce(parked_ms, -1)`,
  charging: sql`coalesce(charged_ms, -1)`,
};

/** The index of a station holds all that is added up and sorted by; the rows themselves lie far apart in a large table. */
function read(database: Database, query: RechargeQuery, source: Source): RechargePage {
  const { mark, limit } = query;
  const { ids, totals } = addedUp(database, query, source);
  const isBackwards = mark?.way === 'before';
  const page = { totals, isMore: false, lookedTo: null };
  // What is before a first page is that page.
  if (isBackwards && ids.length < limit) {
    const first = addedUp(database, { ...query, mark: null, sort: 'start', offset: 0 }, source);
    return { ...page, rows: rowsOf(database, first.ids) };
  }
  return { ...page, rows: rowsOf(database, isBackwards ? ids.toReversed() : ids) };
}

/** Which page: from its edge on where it has one, in the order of starts. What stood at the edge may be found no more. */
function placed({ sort, descending, limit, offset, mark }: RechargeQuery): Part {
  const isDown = descending !== (mark?.way === 'before');
  const [way, than] = isDown ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
  const order = sql`order by ${KEYS[mark === null ? sort : 'start']} ${way}, transaction_id ${way} limit ${limit}`;
  if (mark === null) return sql`${order} offset ${offset}`;
  return sql`where (started_at_ms, transaction_id) ${than} (${mark.startedAtMs}, ${mark.transactionId}) ${order}`;
}

/** The ids of the page, in its order, and the sums over all that is found, which is looked at once for both. */
function addedUp(
  database: Database,
  query: RechargeQuery,
  { found, fits }: Source,
): { readonly ids: readonly number[]; readonly totals: RechargeTotals } {
  const ended = sql`filter (where closing <> 'open')`;
  const [cells = {}] = rows(
    database,
    sql`with which as materialized (
        select transaction_id, started_at_ms, closing, energy_wh, ${PARKED} as parked_ms, charged_ms, price_cents
        from charging_session where ${found} and ${fits}
      )
      select count(*) as count, count(*) ${ended} as ended, sum(energy_wh) ${ended} as energy_wh,
        sum(parked_ms) ${ended} as parked_ms, sum(charged_ms) ${ended} as charged_ms, sum(price_cents) ${ended} as amount,
        (select json_group_array(transaction_id) from (select transaction_id from which ${placed(query)})) as page
      from which`,
  );
  return { ids: JSON.parse(String(cells['page'])) as readonly number[], totals: totalsOf(cells as Cells) };
}

function totalsOf(cells: Cells): RechargeTotals {
  const of = (name: string): number => Number(cells[name] ?? 0);
  return {
    count: of('count'),
    running: of('count') - of('ended'),
    energyWh: of('energy_wh'),
    parkedMs: of('parked_ms'),
    chargedMs: of('charged_ms'),
    amount: cents(of('amount')),
  };
}

/** In the order of starts, by what is next of each station or of all, a bite at a time. */
async function walk(database: Database, query: RechargeQuery): Promise<RechargePage> {
  const { mark, descending, limit } = query;
  const isBackwards = mark?.way === 'before';
  const isDown = descending !== isBackwards;
  const stations = eachByItself(database, query);
  const size = isNarrow(query) ? LOOK_UPS[stations === null ? 'ofAll' : 'ofStations'] : limit + 1;
  const way = isBackwards ? 'before' : 'after';
  // A long list of stations is made a set once, which SQLite would do in every bite.
  const among = query.among === null || stations !== null ? null : new Set(query.among);
  const found: number[] = [];
  let lookedTo: RechargeMark | null = mark;
  for (let bites = 0; bites < BITES_MAX; bites += 1) {
    const edge = lookedTo === null ? null : { ...lookedTo, isDown };
    const bite = nextOf(database, query, { stations, edge, isDown, size });
    const fits = bite.filter((row) => row['fits'] === 1 && (among === null || among.has(String(row['station_id']))));
    found.push(...fits.map((row) => Number(row['transaction_id'])));
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

/** The stations whose next recharges are looked at station by station; null where they are met as they come. */
function eachByItself(database: Database, query: RechargeQuery): readonly string[] | null {
  if (!byStation(query)) return null;
  if (!isNarrow(query)) return query.among;
  const [counted] = rows(database, sql`select count(*) as stations from office_station`);
  return query.among.length * GOOD_PART > Number(counted?.['stations']) ? null : query.among;
}

type Bite = {
  readonly stations: readonly string[] | null;
  readonly edge: Edge | null;
  readonly isDown: boolean;
  readonly size: number;
};

function nextOf(database: Database, query: RechargeQuery, bite: Bite): readonly Cells[] {
  const { stations: each, edge, isDown, size } = bite;
  const range = sql`${indexed(query)} and ${starts(query, edge)}`;
  const way = isDown ? sql`desc` : sql`asc`;
  const order = sql`order by started_at_ms ${way}, transaction_id ${way} limit ${size}`;
  const fits = isNarrow(query) ? fitting({ ...query, among: null }) : sql`1`;
  const columns = sql`transaction_id, started_at_ms, station_id, (${fits}) as fits`;
  if (each === null)
    return rows(database, sql`select ${columns} from charging_session where ${range} ${order}`) as readonly Cells[];
  // The next rows of all are among the next ones of the stations whose own next come first: with ties, all of those.
  const own = sql`from charging_session where station_id = station and ${range} order by started_at_ms ${way}`;
  const stations = sql`select value as station from json_each(${JSON.stringify(each)})`;
  const last = sql`(select head from heads where head is not null order by head ${way} limit 1 offset ${size - 1})`;
  const isFirst = isDown ? sql`head >= coalesce(${last}, head)` : sql`head <= coalesce(${last}, head)`;
  return rows(
    database,
    sql`with heads as materialized (
        select station, (select started_at_ms ${own} limit 1) as head from (${stations})
      ), first as materialized (select station from heads where head is not null and ${isFirst}
      ), next as materialized (
        select transaction_id as id from charging_session where transaction_id in (
          select one.value from first, json_each((
            select json_group_array(transaction_id) from (select transaction_id ${own}, transaction_id ${way} limit ${size})
          )) as one
        ) ${order}
      )
      select ${columns} from next join charging_session on transaction_id = id ${order}`,
  ) as readonly Cells[];
}

/** In the order of their ids here. */
function rowsOf(database: Database, ids: readonly number[]): readonly RechargeRow[] {
  const these = sql`transaction_id in (select value from json_each(${JSON.stringify(ids)}))`;
  const cells = rows(database, sql`select ${RECHARGE} from charging_session where ${these}`) as readonly Cells[];
  const byId = new Map(cells.map((row) => [Number(row['transaction_id']), rechargeOf(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
