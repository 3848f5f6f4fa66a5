import { loadavg } from 'node:os';
import { pause, presentOf, ratios, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure } from '../figures.ts';
import { startLoad, type Load } from '../load/load.ts';
import { seededWorkplace } from '../seed/seed.ts';
import { FULL, peopleOf, SMALL, type Sizes } from '../seed/sizes.ts';
import { OPERATOR, type RunningServer } from '../server.ts';

const CHARGERS = 100;
const CALLS_PER_SECOND = 100;
const CONNECTED_AT_ONCE = 50;
const WARM_UP_MS = 3_000;
const PROBED_EVERY_MS = 100;
const GROWTH_MB_MAX = 150;
const SLOWDOWN_MAX = 2;
const MB = 1e6;

type Measured = {
  readonly idleP99Ms: number;
  readonly exportP99Ms: number;
  readonly wrong: number;
  readonly beforeMb: number;
  readonly maxMb: number;
  readonly afterMb: number;
  readonly tookMs: number;
  readonly fileMb: number;
  readonly stalls: number;
};

/** One Excel file of every user of the platform, while chargers talk at a steady rate. */
export const webExport: Scenario = {
  name: 'web-export',
  describe: (bench) =>
    `${peopleOf(sizesOf(bench))} rows of customers as one .xlsx, ${CHARGERS} chargers at ${CALLS_PER_SECOND} calls/s meanwhile`,
  async run(bench) {
    if (presentOf(bench, ['vigie']).length === 0) return [];
    const measured: Measured[] = [];
    for (let run = 0; run < bench.runs; run += 1) measured.push(await measure(bench));
    const of = (name: keyof Measured): number[] => measured.map((each) => each[name]);
    return [
      figure('an export', 'ms', of('tookMs')),
      figure('its file', 'MB', of('fileMb')),
      figure('resident memory before', 'MB', of('beforeMb')),
      figure('resident memory at most', 'MB', of('maxMb')),
      figure('resident memory after', 'MB', of('afterMb')),
      figure(
        'growth',
        'MB',
        measured.map(({ maxMb, beforeMb }) => maxMb - beforeMb),
        { atMost: GROWTH_MB_MAX },
      ),
      figure('a charger’s answer, idle: p99', 'ms', of('idleP99Ms')),
      figure('a charger’s answer, during the export: p99', 'ms', of('exportP99Ms')),
      figure('p99 against idle', '×', ratios(of('exportP99Ms'), of('idleP99Ms')), { atMost: SLOWDOWN_MAX }),
      figure('event loop away for more than 50 ms', 'times', of('stalls')),
      figure('wrong answers', '', of('wrong'), { atMost: 0 }),
    ];
  },
};

async function measure(bench: Bench): Promise<Measured> {
  const workplace = await seededWorkplace(sizesOf(bench), bench.say);
  try {
    return await withServer(bench, 'vigie', (server, load) => exported(bench, server, load), workplace);
  } finally {
    workplace.remove();
  }
}

async function exported(bench: Bench, server: RunningServer, load: Load): Promise<Measured> {
  if (server.webUrl === null) throw new Error('the server has no pages');
  const people = startLoad(bench.machine);
  try {
    await people.ask('openPages', { webUrl: server.webUrl, credentials: OPERATOR, paths: [] });
    await load.ask('connect', {
      url: server.ocppUrl,
      count: CHARGERS,
      atOnce: CONNECTED_AT_ONCE,
      connectorsReported: 2,
    });
    await load.ask('pour', { perSecond: CALLS_PER_SECOND });
    // A small one first: what a server takes once for its first export is not what a large one takes.
    await people.ask('fetch', { path: '/customers.xlsx?q=zyxwvu' });
    await pause(WARM_UP_MS);
    await load.ask('reset', null);
    await pause(idleMs(bench));
    const idle = await load.ask('read', null);
    await load.ask('reset', null);
    await server.probe('probe-reset');
    const watch = watchMemory(server);
    const file = await people.ask('fetch', { path: '/customers.xlsx' });
    const memory = await watch.stop();
    const during = await load.ask('read', null);
    await load.ask('rest', null);
    if (file.status !== 200) throw new Error(`the export was answered ${file.status}`);
    bench.say(
      `export: ${(file.tookMs / 1000).toFixed(1)} s, ${(file.bytes / MB).toFixed(1)} MB; memory ${memory.beforeMb.toFixed(0)}, at most ${memory.maxMb.toFixed(0)}, after ${memory.afterMb.toFixed(0)} MB; ` +
        `p99 ${idle.p99Ms.toFixed(1)} ms idle, ${during.p99Ms.toFixed(1)} ms during; load average ${loadavg()[0]?.toFixed(1)}`,
    );
    for (const complaint of [...idle.complaints, ...during.complaints]) bench.say(`  ${complaint}`);
    return {
      idleP99Ms: idle.p99Ms,
      exportP99Ms: during.p99Ms,
      wrong: idle.wrong + during.wrong,
      ...memory,
      tookMs: file.tookMs,
      fileMb: file.bytes / MB,
    };
  } finally {
    await people.stop();
  }
}

/** Reads the memory of the server and of the process that writes its file, again and again until it is stopped. */
function watchMemory(server: RunningServer): {
  stop(): Promise<Pick<Measured, 'beforeMb' | 'maxMb' | 'afterMb' | 'stalls'>>;
} {
  const seen: number[] = [];
  const over = new AbortController();
  const look = (): number => seen.push(server.residentBytes() / MB);
  const watching = (async () => {
    look();
    while (!over.signal.aborted) {
      await pause(PROBED_EVERY_MS);
      look();
    }
  })();
  return {
    async stop() {
      over.abort();
      await watching;
      look();
      const { stalls } = await server.probe('probe-read');
      return { beforeMb: seen[0] ?? NaN, maxMb: Math.max(...seen), afterMb: seen.at(-1) ?? NaN, stalls };
    },
  };
}

function sizesOf(bench: Bench): Sizes {
  return bench.quick ? SMALL : FULL;
}

function idleMs(bench: Bench): number {
  return bench.quick ? 5_000 : 20_000;
}
