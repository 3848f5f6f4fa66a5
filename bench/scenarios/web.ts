import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pause, presentOf, ratios, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure } from '../figures.ts';
import { startLoad, type Load } from '../load/load.ts';
import type { Times, VisitsReading } from '../load/visitors.ts';
import { nodeCommand, SERVER_CORE } from '../machine.ts';
import { seededWorkplace } from '../seed/seed.ts';
import { FULL, peopleOf, SMALL, stationsOf, type Sizes } from '../seed/sizes.ts';
import { seekers, visitorsOf, visitorsWithRecharges } from '../seed/visitors.ts';
import type { RunningServer } from '../server.ts';

const BARE_SQL = fileURLToPath(new URL('../references/bare-sql.ts', import.meta.url));
const P99_MS_MAX = 60;
const RATIO_MAX = 4;
const WARM_UP_MS = 3_000;
const SOUGHT_MS = 3_000;
const CHARGERS = 100;
const CALLS_PER_SECOND = 100;
const CONNECTED_AT_ONCE = 50;
const OUTPUT_BYTES_MAX = 10 * 1024 * 1024;

/** CPU is of all threads of the server, for each page, and of the bare SQL, for each page that has some. */
type Measured = {
  readonly ours: VisitsReading;
  readonly bare: readonly Times[];
  readonly cpuMs: number;
  readonly bareCpuMs: number;
  readonly aloneP50Ms: number;
  readonly aloneP99Ms: number;
  readonly idleP99Ms: number;
  readonly busyP99Ms: number;
  readonly wrong: number;
};

/** Twenty people turn the lists of a large back office at once: first pages, every sort, every search. */
export const web: Scenario = {
  name: 'web',
  describe: (bench) => {
    const sizes = sizesOf(bench);
    return (
      `${sizes.merchants} merchants, ${stationsOf(sizes)} stations, ${peopleOf(sizes)} customers, ` +
      `${sizes.events} events; 20 people, each asking for the next page when he has the last, ${measuredMs(bench) / 1000} s measured`
    );
  },
  async run(bench) {
    if (presentOf(bench, ['vigie']).length === 0) return [];
    const measured: Measured[] = [];
    for (let run = 0; run < bench.runs; run += 1) measured.push(await measure(bench));
    const figureOf = (
      name: 'cpuMs' | 'aloneP50Ms' | 'aloneP99Ms' | 'bareCpuMs' | 'idleP99Ms' | 'busyP99Ms' | 'wrong',
    ): number[] => measured.map((one) => one[name]);
    const ours = (list: string, name: 'p50Ms' | 'p99Ms'): number[] =>
      measured.map((each) => of(each.ours.times, list, name));
    const bare = (list: string, name: 'p50Ms' | 'p99Ms'): number[] => measured.map((each) => of(each.bare, list, name));
    const names = [...new Set(measured.flatMap((each) => each.ours.times.map(({ list }) => list)))].toSorted();
    const compared = names.filter((list) => bare(list, 'p99Ms').every((value) => !Number.isNaN(value)));
    return [
      ...names.flatMap((list) => [
        figure(`${list || 'all lists'}: p50`, 'ms', ours(list, 'p50Ms')),
        figure(`${list || 'all lists'}: p99`, 'ms', ours(list, 'p99Ms'), { atMost: P99_MS_MAX }),
      ]),
      ...compared.flatMap((list) => [
        figure(`${list || 'all lists'}, bare SQL: p99`, 'ms', bare(list, 'p99Ms')),
        figure(`${list || 'all lists'}: p99 against bare SQL`, '×', ratios(ours(list, 'p99Ms'), bare(list, 'p99Ms')), {
          atMost: RATIO_MAX,
        }),
      ]),
      figure('all lists, the platform operator alone: p50', 'ms', figureOf('aloneP50Ms')),
      figure('all lists, the platform operator alone: p99', 'ms', figureOf('aloneP99Ms')),
      figure('CPU of a page', 'ms', figureOf('cpuMs')),
      figure('CPU of its bare SQL', 'ms', figureOf('bareCpuMs')),
      figure('CPU of a page against its bare SQL', '×', ratios(figureOf('cpuMs'), figureOf('bareCpuMs'))),
      figure('a charger’s answer, nobody at the lists: p99', 'ms', figureOf('idleP99Ms')),
      figure('a charger’s answer, twenty at the lists: p99', 'ms', figureOf('busyP99Ms')),
      figure('wrong answers to chargers', '', figureOf('wrong'), { atMost: 0 }),
      figure(
        'pages refused',
        '',
        measured.map(({ ours: { failed } }) => failed),
        { atMost: 0 },
      ),
    ];
  },
};

async function measure(bench: Bench): Promise<Measured> {
  const sizes = sizesOf(bench);
  const workplace = await seededWorkplace(sizes, bench.say);
  try {
    const ours = await withServer(bench, 'vigie', (server, load) => browsed(bench, server, load), workplace);
    const [command, ...args] = nodeCommand(bench.machine, SERVER_CORE, [
      BARE_SQL,
      workplace.database,
      bench.quick ? 'small' : 'full',
      String(measuredMs(bench)),
    ]);
    const said = execFileSync(command, args, { encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX });
    const bare = JSON.parse(said) as { times: readonly Times[]; cpuMs: number; worst: readonly string[] };
    for (const line of bare.worst.slice(0, 3)) bench.say(`  bare SQL ${line}`);
    return { ...ours, bare: bare.times, bareCpuMs: bare.cpuMs };
  } finally {
    workplace.remove();
  }
}

async function browsed(bench: Bench, server: RunningServer, load: Load): Promise<Omit<Measured, 'bare' | 'bareCpuMs'>> {
  const { webUrl } = server;
  if (webUrl === null) throw new Error('the server has no pages');
  await load.ask('visit', { webUrl, visitors: visitorsOf(sizesOf(bench)) });
  await load.ask('browse', { forMs: WARM_UP_MS });
  const cpuBeforeMs = await server.cpuMs();
  const read = await load.ask('browse', { forMs: measuredMs(bench) });
  const usedMs = (await server.cpuMs()) - cpuBeforeMs;
  const all = read.times.find(({ list }) => list === '');
  const cpuMs = usedMs / (all?.count ?? 1);
  bench.say(
    `vigie: ${all?.count ?? 0} pages of ${cpuMs.toFixed(2)} ms of CPU, p50 ${all?.p50Ms.toFixed(1)} ms, p99 ${all?.p99Ms.toFixed(1)} ms, ${read.failed} refused; load average ${loadavg()[0]?.toFixed(1)}`,
  );
  for (const complaint of read.complaints) bench.say(`  ${complaint}`);
  const chargers = await withChargers(bench, server, () => load.ask('browse', { forMs: measuredMs(bench) / 2 }));
  const alone = await aloneAtLists(bench, load, webUrl);
  await load.ask('visit', { webUrl, visitors: visitorsWithRecharges(sizesOf(bench)) });
  const mixed = await load.ask('browse', { forMs: measuredMs(bench) });
  const withRecharges = mixed.times
    .filter(({ list }) => list === '' || list === 'recharges')
    .map((each) => ({ ...each, list: each.list === '' ? 'all lists and recharges' : each.list }));
  // Alone, for it would take from everybody what it takes.
  await load.ask('visit', { webUrl, visitors: seekers() });
  const sought = await load.ask('browse', { forMs: SOUGHT_MS });
  const times = [...read.times, ...withRecharges, ...sought.times.filter(({ list }) => list !== '')];
  return { ours: { ...read, times }, cpuMs, ...alone, ...chargers };
}

/** What the one who sees everything waits when nobody else asks: what a page takes, without the wait for its turn. */
async function aloneAtLists(
  bench: Bench,
  load: Load,
  webUrl: string,
): Promise<Pick<Measured, 'aloneP50Ms' | 'aloneP99Ms'>> {
  await load.ask('visit', { webUrl, visitors: visitorsOf(sizesOf(bench)).slice(0, 1) });
  const { times } = await load.ask('browse', { forMs: measuredMs(bench) / 4 });
  return { aloneP50Ms: of(times, '', 'p50Ms'), aloneP99Ms: of(times, '', 'p99Ms') };
}

/** What chargers wait for their answers, first alone, then while something is done. */
async function withChargers(
  bench: Bench,
  { ocppUrl }: RunningServer,
  meanwhile: () => Promise<unknown>,
): Promise<Pick<Measured, 'idleP99Ms' | 'busyP99Ms' | 'wrong'>> {
  const load = startLoad(bench.machine);
  try {
    await load.ask('connect', { url: ocppUrl, count: CHARGERS, atOnce: CONNECTED_AT_ONCE, connectorsReported: 2 });
    await load.ask('pour', { perSecond: CALLS_PER_SECOND });
    await pause(WARM_UP_MS);
    await load.ask('reset', null);
    await pause(measuredMs(bench) / 2);
    const idle = await load.ask('read', null);
    await load.ask('reset', null);
    await meanwhile();
    const busy = await load.ask('read', null);
    await load.ask('rest', null);
    for (const complaint of [...idle.complaints, ...busy.complaints]) bench.say(`  ${complaint}`);
    return { idleP99Ms: idle.p99Ms, busyP99Ms: busy.p99Ms, wrong: idle.wrong + busy.wrong };
  } finally {
    await load.stop();
  }
}

function of(times: readonly Times[], list: string, name: 'p50Ms' | 'p99Ms'): number {
  return times.find((each) => each.list === list)?.[name] ?? Number.NaN;
}

function sizesOf(bench: Bench): Sizes {
  const sizes = bench.quick ? SMALL : FULL;
  return { ...sizes, events: bench.events ?? sizes.events };
}

function measuredMs(bench: Bench): number {
  return bench.quick ? 8_000 : 20_000;
}
