import { loadavg } from 'node:os';
import { connect } from '#src/storage/sqlite/connection.ts';
import { pause, presentOf, ratios, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure } from '../figures.ts';
import { startLoad, type Load } from '../load/load.ts';
import { EVENT_GAP_MS, HISTORY_END_MS } from '../seed/history.ts';
import { seededWorkplace } from '../seed/seed.ts';
import { SMALL, type Sizes } from '../seed/sizes.ts';
import { OPERATOR, type RunningServer, type Workplace } from '../server.ts';

const CHARGERS = 1_000;
const CALLS_PER_SECOND = 1_000;
const CONNECTED_AT_ONCE = 100;
const WARM_UP_MS = 5_000;
const BETWEEN_SEARCHES_MS = 100;
const SEARCH_P99_MS_MAX = 300;
const SLOWDOWN_MAX = 1.25;
const DAY_MS = 86_400_000;
/** Found nowhere, found by its badge alone, found everywhere, too short for the words, and a longer piece of a frame. */
const SOUGHT = ['GroundFailure', '04A2B6F23C5D80', 'StopTransaction', 'zqx', '"transactionId":987654'];
const LEVELS = 'level=info&level=problem&level=critical&level=debug';

type Measured = {
  readonly aloneP99Ms: number;
  readonly busyP99Ms: number;
  readonly searchP50Ms: number;
  readonly searchP99Ms: number;
  readonly searchMaxMs: number;
  readonly purged: number;
  readonly stalls: number;
  readonly refused: number;
  readonly wrong: number;
};

/** The journal of millions of events is written, searched and purged at once. */
export const journal: Scenario = {
  name: 'journal',
  describe: (bench) =>
    `${sizesOf(bench).events} events, ${CALLS_PER_SECOND} more each second from ${CHARGERS} chargers; ` +
    `one search of the whole after the other while the purge runs, ${measuredMs(bench) / 1000} s measured`,
  async run(bench) {
    if (presentOf(bench, ['vigie']).length === 0) return [];
    const measured: Measured[] = [];
    for (let run = 0; run < bench.runs; run += 1) measured.push(await measure(bench));
    const of = (name: keyof Measured): number[] => measured.map((each) => each[name]);
    return [
      figure('a search: p50', 'ms', of('searchP50Ms')),
      figure('a search: p99', 'ms', of('searchP99Ms'), { atMost: SEARCH_P99_MS_MAX }),
      figure('a search: longest', 'ms', of('searchMaxMs')),
      figure('a charger’s answer, nothing sought or purged: p99', 'ms', of('aloneP99Ms')),
      figure('a charger’s answer, sought and purged: p99', 'ms', of('busyP99Ms')),
      figure('p99 against alone', '×', ratios(of('busyP99Ms'), of('aloneP99Ms')), { atMost: SLOWDOWN_MAX }),
      figure('events purged meanwhile', '', of('purged'), { atLeast: 1 }),
      figure('event loop away for more than 50 ms', 'times', of('stalls')),
      figure('searches refused', '', of('refused'), { atMost: 0 }),
      figure('wrong answers to chargers', '', of('wrong'), { atMost: 0 }),
    ];
  },
};

async function measure(bench: Bench): Promise<Measured> {
  const sizes = sizesOf(bench);
  const workplace = await seededWorkplace(sizes, bench.say);
  try {
    const alone = await withServer(bench, 'vigie', (server, load) => written(bench, server, load), workplace, {
      VIGIE_JOURNAL_DEBUG_DAYS: '3650',
      VIGIE_JOURNAL_DAYS: '3650',
    });
    const busy = await withServer(
      bench,
      'vigie',
      (server, load) => searched(bench, server, load),
      workplace,
      purgingHalf(sizes),
    );
    const purged = sizes.events - seededLeft(workplace, sizes);
    bench.say(
      `journal: searches p50 ${busy.searchP50Ms.toFixed(0)} ms, p99 ${busy.searchP99Ms.toFixed(0)} ms; chargers p99 ${alone.p99Ms.toFixed(2)} ms alone, ${busy.busyP99Ms.toFixed(2)} ms meanwhile; ${purged} purged; load average ${loadavg()[0]?.toFixed(1)}`,
    );
    return { ...busy, purged, aloneP99Ms: alone.p99Ms, wrong: alone.wrong + busy.wrong };
  } finally {
    workplace.remove();
  }
}

/** Half of the Debug lines are past their time: more than the purge can take while it is measured. */
function purgingHalf({ events }: Sizes): Readonly<Record<string, string>> {
  const middleMs = HISTORY_END_MS - (events * EVENT_GAP_MS) / 2;
  const days = String(Math.max(1, Math.floor((Date.now() - middleMs) / DAY_MS)));
  return { VIGIE_JOURNAL_DEBUG_DAYS: days, VIGIE_JOURNAL_DAYS: days };
}

/** How many of the seeded events are still there, once nobody holds the file. */
function seededLeft({ database }: Workplace, { events }: Sizes): number {
  const connection = connect(database);
  try {
    return connection.prepare('select count(*) from event where id <= ?').pluck().get(events) as number;
  } finally {
    connection.close();
  }
}

async function written(bench: Bench, server: RunningServer, load: Load): Promise<{ p99Ms: number; wrong: number }> {
  await poured(server, load);
  await load.ask('reset', null);
  await pause(measuredMs(bench));
  const { p99Ms, wrong, complaints } = await load.ask('read', null);
  await load.ask('rest', null);
  for (const complaint of complaints) bench.say(`  ${complaint}`);
  return { p99Ms, wrong };
}

async function searched(
  bench: Bench,
  server: RunningServer,
  load: Load,
): Promise<Omit<Measured, 'aloneP99Ms' | 'purged'>> {
  if (server.webUrl === null) throw new Error('the server has no pages');
  const people = startLoad(bench.machine);
  try {
    await people.ask('openPages', { webUrl: server.webUrl, credentials: OPERATOR, paths: [] });
    await poured(server, load);
    await load.ask('reset', null);
    await server.probe('probe-reset');
    const times: number[] = [];
    let refused = 0;
    const untilMs = performance.now() + measuredMs(bench);
    for (let turn = 0; performance.now() < untilMs; turn += 1) {
      const text = encodeURIComponent(SOUGHT[turn % SOUGHT.length] ?? '');
      const { status, tookMs } = await people.ask('fetch', { path: `/events?${LEVELS}&q=${text}` });
      if (status === 200) times.push(tookMs);
      else refused += 1;
      await pause(BETWEEN_SEARCHES_MS);
    }
    const { stalls } = await server.probe('probe-read');
    const { p99Ms, wrong, complaints } = await load.ask('read', null);
    await load.ask('rest', null);
    for (const complaint of complaints) bench.say(`  ${complaint}`);
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
    return {
      busyP99Ms: p99Ms,
      searchP50Ms: at(0.5),
      searchP99Ms: at(0.99),
      searchMaxMs: at(1),
      stalls,
      refused,
      wrong,
    };
  } finally {
    await people.stop();
  }
}

async function poured({ ocppUrl }: RunningServer, load: Load): Promise<void> {
  await load.ask('connect', { url: ocppUrl, count: CHARGERS, atOnce: CONNECTED_AT_ONCE, connectorsReported: 2 });
  await load.ask('pour', { perSecond: CALLS_PER_SECOND });
  await pause(WARM_UP_MS);
}

function sizesOf(bench: Bench): Sizes {
  return { ...SMALL, events: bench.events ?? (bench.quick ? 500_000 : 5_000_000) };
}

function measuredMs(bench: Bench): number {
  return bench.quick ? 8_000 : 20_000;
}
