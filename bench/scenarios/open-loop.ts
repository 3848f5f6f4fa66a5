import { interleaved, pause, presentOf, ratios, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure } from '../figures.ts';
import { startLoad, type Load } from '../load/load.ts';
import { identityOf } from '../load/charger.ts';
import { OPERATOR, type ServerKind } from '../server.ts';

const CHARGERS = 1_000;
const CALLS_PER_SECOND = 1_000;
const CONNECTED_AT_ONCE = 200;
const WARM_UP_MS = 3_000;
const BETWEEN_READINGS_MS = 500;

type Measured = { p50Ms: number; p99Ms: number; maxMs: number; share: number; wrong: number };
type Disturbed = Measured & { stalls: number; delayMaxMs: number; exportMs: number; pageMs: number; refused: number };

/** A busy day rather than a flood: latency from the moment each call was due, first alone, then with people at work. */
export const openLoop: Scenario = {
  name: 'open-loop',
  describe: (bench) =>
    `${CHARGERS} chargers, ${CALLS_PER_SECOND} calls/s at random times, ${measuredMs(bench) / 1000} s measured, ` +
    'then again on ours with Excel exports and page loads',
  async run(bench) {
    const kinds = presentOf(bench, ['bare-ws', 'vigie', 'ocpp-rpc']);
    const disturbed: Disturbed[] = [];
    const measured = await interleaved(bench, kinds, (kind) =>
      withServer(bench, kind, async (server, load) => {
        const how = { url: server.ocppUrl, count: CHARGERS, atOnce: CONNECTED_AT_ONCE, connectorsReported: 2 };
        await load.ask('connect', how);
        await load.ask('pour', { perSecond: CALLS_PER_SECOND });
        await pause(WARM_UP_MS);
        const alone = await watched(bench, kind, load, server);
        if (server.webUrl !== null) {
          const people = startLoad(bench.machine);
          await people.ask('openPages', { webUrl: server.webUrl, credentials: OPERATOR, paths: [] });
          await server.probe('probe-reset');
          const atWork = read(bench, people);
          const busy = await watched(bench, `${kind} with people at work`, load, server);
          const work = await atWork;
          const { stalls, delayMaxMs } = await server.probe('probe-read');
          await people.stop();
          disturbed.push({ ...busy, stalls, delayMaxMs, ...work });
          bench.say(
            `exports ${work.exportMs.toFixed(0)} ms, pages ${work.pageMs.toFixed(0)} ms, loop away ${delayMaxMs.toFixed(0)} ms at most`,
          );
        }
        await load.ask('rest', null);
        return alone;
      }),
    );
    const of = (kind: ServerKind, name: keyof Measured): number[] =>
      (measured.get(kind) ?? []).map((each) => each[name]);
    const busy = (name: keyof Disturbed): number[] => disturbed.map((each) => each[name]);
    return [
      ...kinds.flatMap((kind) => [
        figure(`${kind}: p50`, 'ms', of(kind, 'p50Ms')),
        figure(`${kind}: p99`, 'ms', of(kind, 'p99Ms')),
        figure(`${kind}: longest`, 'ms', of(kind, 'maxMs')),
        figure(`${kind}: share of a core used`, '', of(kind, 'share')),
        figure(`${kind}: wrong answers`, '', of(kind, 'wrong'), { atMost: 0 }),
      ]),
      figure('p99 against bare-ws', '×', ratios(of('vigie', 'p99Ms'), of('bare-ws', 'p99Ms')), { atMost: 3 }),
      figure('with people at work: p99', 'ms', busy('p99Ms')),
      figure('with people at work: event loop away for more than 50 ms', 'times', busy('stalls'), { atMost: 0 }),
      figure('with people at work: event loop away at most', 'ms', busy('delayMaxMs')),
      figure('an Excel export', 'ms', busy('exportMs')),
      figure('a fleet page', 'ms', busy('pageMs')),
      figure('pages and exports refused', '', busy('refused'), { atMost: 0 }),
    ];
  },
};

type Watched = { cpuMs(): Promise<number> };

async function watched(bench: Bench, name: string, load: Load, server: Watched): Promise<Measured> {
  await load.ask('reset', null);
  const cpuBeforeMs = await server.cpuMs();
  await pause(measuredMs(bench));
  const cpuMs = (await server.cpuMs()) - cpuBeforeMs;
  const { complaints, ...tally } = await load.ask('read', null);
  const share = cpuMs / tally.forMs;
  bench.say(
    `${name}: p50 ${tally.p50Ms.toFixed(2)} ms, p99 ${tally.p99Ms.toFixed(2)} ms, ${share.toFixed(2)} of a core`,
  );
  for (const complaint of complaints) bench.say(`  ${complaint}`);
  return { p50Ms: tally.p50Ms, p99Ms: tally.p99Ms, maxMs: tally.maxMs, share, wrong: tally.wrong };
}

/** Exports the journal of all, then of one, and turns pages, again and again while the chargers are measured. */
async function read(bench: Bench, people: Load): Promise<{ exportMs: number; pageMs: number; refused: number }> {
  const untilMs = performance.now() + measuredMs(bench);
  let [exports, exportsMs, pages, pagesMs, refused] = [0, 0, 0, 0, 0];
  for (let turn = 0; performance.now() < untilMs; turn += 1) {
    const journal = turn % 2 === 0 ? '/events.xlsx' : `/fleet/${identityOf(turn % CHARGERS)}/events.xlsx`;
    const file = await people.ask('fetch', { path: journal });
    const page = await people.ask('fetch', { path: `/fleet?page=${1 + (turn % 10)}` });
    [exports, exportsMs, pages, pagesMs] = [exports + 1, exportsMs + file.tookMs, pages + 1, pagesMs + page.tookMs];
    const failures = [file, page].filter(({ status }) => status !== 200);
    for (const { status } of failures) if (refused === 0) bench.say(`  answered ${status} on turn ${turn}`);
    refused += failures.length;
    await pause(BETWEEN_READINGS_MS);
  }
  return { exportMs: exportsMs / exports, pageMs: pagesMs / pages, refused };
}

function measuredMs(bench: Bench): number {
  return bench.quick ? 5_000 : 15_000;
}
