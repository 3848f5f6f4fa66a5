import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { presentOf, ratios, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure } from '../figures.ts';
import type { Times, VisitsReading } from '../load/visitors.ts';
import { nodeCommand, SERVER_CORE } from '../machine.ts';
import { seededWorkplace } from '../seed/seed.ts';
import { FULL, peopleOf, SMALL, stationsOf, type Sizes } from '../seed/sizes.ts';
import { visitorsOf } from '../seed/visitors.ts';

const BARE_SQL = fileURLToPath(new URL('../references/bare-sql.ts', import.meta.url));
const P99_MS_MAX = 60;
const RATIO_MAX = 4;
const WARM_UP_MS = 3_000;
const OUTPUT_BYTES_MAX = 10 * 1024 * 1024;

type Measured = { readonly ours: VisitsReading; readonly bare: readonly Times[] };

/** Twenty people turn the lists of a large back office at once: first pages, every sort, every search. */
export const web: Scenario = {
  name: 'web',
  describe: (bench) => {
    const sizes = sizesOf(bench);
    return (
      `${sizes.merchants} merchants, ${stationsOf(sizes)} stations, ${peopleOf(sizes)} users for customers, ` +
      `${sizes.events} events; 20 people, each asking for the next page when he has the last, ${measuredMs(bench) / 1000} s measured`
    );
  },
  async run(bench) {
    if (presentOf(bench, ['vigie']).length === 0) return [];
    const measured: Measured[] = [];
    for (let run = 0; run < bench.runs; run += 1) measured.push(await measure(bench));
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
    const ours = await withServer(bench, 'vigie', (server, load) => browsed(bench, server.webUrl, load), workplace);
    const [command, ...args] = nodeCommand(bench.machine, SERVER_CORE, [
      BARE_SQL,
      workplace.database,
      bench.quick ? 'small' : 'full',
      String(measuredMs(bench)),
    ]);
    const said = execFileSync(command, args, { encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX });
    const { times: bare, worst } = JSON.parse(said) as { times: readonly Times[]; worst: readonly string[] };
    for (const line of worst.slice(0, 3)) bench.say(`  bare SQL ${line}`);
    return { ours, bare };
  } finally {
    workplace.remove();
  }
}

async function browsed(
  bench: Bench,
  webUrl: string | null,
  load: Parameters<Parameters<typeof withServer>[2]>[1],
): Promise<VisitsReading> {
  if (webUrl === null) throw new Error('the server has no pages');
  await load.ask('visit', { webUrl, visitors: visitorsOf(sizesOf(bench)) });
  await load.ask('browse', { forMs: WARM_UP_MS });
  const read = await load.ask('browse', { forMs: measuredMs(bench) });
  const all = read.times.find(({ list }) => list === '');
  bench.say(
    `vigie: ${all?.count ?? 0} pages, p50 ${all?.p50Ms.toFixed(1)} ms, p99 ${all?.p99Ms.toFixed(1)} ms, ${read.failed} refused; load average ${loadavg()[0]?.toFixed(1)}`,
  );
  for (const complaint of read.complaints) bench.say(`  ${complaint}`);
  return read;
}

function of(times: readonly Times[], list: string, name: 'p50Ms' | 'p99Ms'): number {
  return times.find((each) => each.list === list)?.[name] ?? Number.NaN;
}

function sizesOf(bench: Bench): Sizes {
  return bench.quick ? SMALL : FULL;
}

function measuredMs(bench: Bench): number {
  return bench.quick ? 8_000 : 20_000;
}
