import { pause, presentOf, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure } from '../figures.ts';
import type { PagesReading } from '../load/pages.ts';
import { OPERATOR } from '../server.ts';

const CONNECTED_AT_ONCE = 200;
const CHANGES_PER_SECOND = 500;
const WARM_UP_MS = 3_000;
const ROWS_PER_PAGE = 100;

type Measured = { pages: PagesReading; share: number; callP99Ms: number; wrong: number };

/** Many people look at a large fleet that moves: how old is a change when a page hears of it, and what does that cost? */
export const live: Scenario = {
  name: 'live',
  describe: (bench) => {
    const { chargers, pages } = sizesOf(bench);
    return `${pages} open fleet pages on ${chargers} chargers, ${CHANGES_PER_SECOND} changes/s, ${measuredMs(bench) / 1000} s measured`;
  },
  async run(bench) {
    if (presentOf(bench, ['vigie']).length === 0) return [];
    const measured: Measured[] = [];
    for (let run = 0; run < bench.runs; run += 1) measured.push(await measure(bench));
    const of = (name: 'ageP50Ms' | 'ageP99Ms' | 'ageMaxMs' | 'seen' | 'missed' | 'failed'): number[] =>
      measured.map(({ pages }) => pages[name]);
    return [
      figure('changes seen by pages', '', of('seen')),
      figure('age of a change: p50', 'ms', of('ageP50Ms')),
      figure('age of a change: p99', 'ms', of('ageP99Ms'), { atMost: 1_000 }),
      figure('age of a change: oldest', 'ms', of('ageMaxMs')),
      figure('changes never seen by a page that shows the charger', '', of('missed'), { atMost: 0 }),
      figure('pages or streams that failed', '', of('failed'), { atMost: 0 }),
      figure(
        'share of a core used',
        '',
        measured.map(({ share }) => share),
        { atMost: 0.5 },
      ),
      figure(
        'chargers meanwhile: p99',
        'ms',
        measured.map(({ callP99Ms }) => callP99Ms),
      ),
      figure(
        'chargers meanwhile: wrong answers',
        '',
        measured.map(({ wrong }) => wrong),
        { atMost: 0 },
      ),
    ];
  },
};

async function measure(bench: Bench): Promise<Measured> {
  const { chargers, pages } = sizesOf(bench);
  return withServer(bench, 'vigie', async (server, load) => {
    if (server.webUrl === null) throw new Error('the server has no pages');
    await load.ask('connect', {
      url: server.ocppUrl,
      count: chargers,
      atOnce: CONNECTED_AT_ONCE,
      connectorsReported: 2,
    });
    const paths = Array.from({ length: pages }, (_, index) => pathOf(index, Math.ceil(chargers / ROWS_PER_PAGE)));
    await load.ask('openPages', { webUrl: server.webUrl, credentials: OPERATOR, paths });
    await load.ask('change', { perSecond: CHANGES_PER_SECOND });
    await pause(WARM_UP_MS);
    await load.ask('reset', null);
    const cpuBeforeMs = await server.cpuMs();
    await pause(measuredMs(bench));
    const cpuMs = (await server.cpuMs()) - cpuBeforeMs;
    const tally = await load.ask('read', null);
    const read = await load.ask('readPages', null);
    await load.ask('rest', null);
    await load.ask('closePages', null);
    const share = cpuMs / tally.forMs;
    bench.say(
      `vigie: ${read.open} pages, ${read.seen} sightings, p99 ${read.ageP99Ms} ms, ${read.missed} missed, ${share.toFixed(2)} of a core`,
    );
    for (const complaint of [...tally.complaints, ...read.complaints]) bench.say(`  ${complaint}`);
    return { pages: read, share, callP99Ms: tally.p99Ms, wrong: tally.wrong };
  });
}

/** Different pages of the list, and one in four filtered, as people leave them open. */
function pathOf(index: number, pageNumbers: number): string {
  const page = 1 + (index % pageNumbers);
  return index % 4 === 3 ? `/fleet?state=free&page=${page}` : `/fleet?page=${page}`;
}

function sizesOf(bench: Bench): { readonly chargers: number; readonly pages: number } {
  const wanted = bench.quick ? 2_000 : 10_000;
  return { chargers: Math.min(wanted, (bench.machine.filesMax ?? wanted * 2) - 1_000), pages: bench.quick ? 50 : 200 };
}

function measuredMs(bench: Bench): number {
  return bench.quick ? 8_000 : 25_000;
}
