import { loadavg } from 'node:os';
import { pause, presentOf, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure, median } from '../figures.ts';
import type { Load } from '../load/load.ts';
import type { RunningServer } from '../server.ts';

const SOCKETS = 5_000;
const CONNECTED_AT_ONCE = 100;
/** Each charger speaks every ten seconds. */
const SECONDS_BETWEEN_CALLS = 10;
const MINUTES = 10;
/** After the last call, so long for its answer. */
const LAST_ANSWERS_MS = 5_000;
const MINUTE_MS = 60_000;

type Minute = {
  readonly answered: number;
  readonly wrong: number;
  readonly cut: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly residentMb: number;
  readonly heapMb: number;
  readonly delayMaxMs: number;
  readonly stalls: number;
  readonly share: number;
};
type Measured = {
  readonly refused: number;
  readonly minutes: readonly Minute[];
  /** Answers that never came, and those that were wrong. */
  readonly lost: number;
  readonly unlinked: number;
};

/** Thousands of chargers stay connected and speak, minute after minute: no socket and no answer is lost, nothing grows (field-34). */
export const soak: Scenario = {
  name: 'soak',
  isLong: true,
  describe: (bench) =>
    `${socketsOf(bench)} sockets, each with a call every ${SECONDS_BETWEEN_CALLS} s, ${minutesOf(bench)} min (--minutes N)`,
  async run(bench) {
    if (presentOf(bench, ['vigie']).length === 0) return [];
    const measured: Measured[] = [];
    for (let run = 0; run < bench.runs; run += 1)
      measured.push(await withServer(bench, 'vigie', (server, load) => measure(bench, server, load)));
    const each = (of: (minutes: readonly Minute[]) => number): number[] => measured.map(({ minutes }) => of(minutes));
    const most = (name: keyof Minute) => each((minutes) => Math.max(...minutes.map((minute) => minute[name])));
    const sum = (name: keyof Minute) => each((minutes) => minutes.reduce((all, minute) => all + minute[name], 0));
    const middle = (name: keyof Minute) => each((minutes) => median(minutes.map((minute) => minute[name])));
    const resident = (at: number) => each((minutes) => minutes.at(at)?.residentMb ?? Number.NaN);
    const growth = each((minutes) => (minutes.at(-1)?.residentMb ?? Number.NaN) - (minutes[0]?.residentMb ?? 0));
    return [
      figure('answered', 'calls', sum('answered')),
      figure(
        'answers lost or wrong',
        '',
        measured.map(({ lost }) => lost),
        { atMost: 0 },
      ),
      figure(
        'sockets refused',
        '',
        measured.map(({ refused }) => refused),
        { atMost: 0 },
      ),
      figure('sockets that the server closed', '', sum('cut'), { atMost: 0 }),
      figure(
        'sockets not open at the end',
        '',
        measured.map(({ unlinked }) => unlinked),
        { atMost: 0 },
      ),
      figure('an answer, median minute: p50', 'ms', middle('p50Ms')),
      figure('an answer, median minute: p99', 'ms', middle('p99Ms')),
      figure('an answer, worst minute: p99', 'ms', most('p99Ms')),
      figure('an answer: longest', 'ms', most('maxMs')),
      figure('event loop away: longest', 'ms', most('delayMaxMs')),
      figure('event loop away for more than 50 ms', 'times', sum('stalls')),
      figure('resident memory after the first minute', 'MB', resident(0)),
      figure('resident memory after the last minute', 'MB', resident(-1)),
      figure('growth between them', 'MB', growth),
      figure('share of a core', '', middle('share')),
    ];
  },
};

async function measure(bench: Bench, server: RunningServer, load: Load): Promise<Measured> {
  const count = socketsOf(bench);
  const arrival = await load.ask('connect', {
    url: server.ocppUrl,
    count,
    atOnce: CONNECTED_AT_ONCE,
    connectorsReported: 2,
  });
  bench.say(`${arrival.connected} of ${count} connected in ${(arrival.tookMs / 1000).toFixed(1)} s`);
  await load.ask('pour', { perSecond: count / SECONDS_BETWEEN_CALLS });
  const minutes: Minute[] = [];
  const untilMs = performance.now() + minutesOf(bench) * MINUTE_MS;
  for (let leftMs = untilMs - performance.now(); leftMs > 0; leftMs = untilMs - performance.now()) {
    const minute = await oneMinute(server, load, Math.min(MINUTE_MS, leftMs));
    minutes.push(minute);
    bench.say(
      `minute ${minutes.length}: ${minute.answered} answers, p50 ${minute.p50Ms.toFixed(1)} ms, p99 ${minute.p99Ms.toFixed(1)} ms, longest ${minute.maxMs.toFixed(0)} ms; ` +
        `loop away ${minute.delayMaxMs.toFixed(0)} ms; ${minute.residentMb.toFixed(0)} MB, heap ${minute.heapMb.toFixed(0)}; ${minute.share.toFixed(2)} of a core; load average ${loadavg()[0]?.toFixed(1)}`,
    );
  }
  await load.ask('rest', null);
  await pause(LAST_ANSWERS_MS);
  const { unanswered, unlinked } = await load.ask('standing', null);
  const { wrong, complaints } = await load.ask('read', null);
  for (const complaint of complaints) bench.say(`  ${complaint}`);
  const lost = minutes.reduce((all, minute) => all + minute.wrong, wrong) + unanswered;
  return { refused: arrival.refused, minutes, lost, unlinked };
}

async function oneMinute(server: RunningServer, load: Load, forMs: number): Promise<Minute> {
  await Promise.all([load.ask('reset', null), server.probe('probe-reset')]);
  const cpuBeforeMs = await server.cpuMs();
  await pause(forMs);
  const { answered, wrong, cut, p50Ms, p99Ms, maxMs } = await load.ask('read', null);
  const { delayMaxMs, stalls, heapUsedBytes } = await server.probe('probe-read');
  const share = ((await server.cpuMs()) - cpuBeforeMs) / forMs;
  const [residentMb, heapMb] = [server.residentBytes() / 2 ** 20, heapUsedBytes / 2 ** 20];
  return { answered, wrong, cut, p50Ms, p99Ms, maxMs, residentMb, heapMb, delayMaxMs, stalls, share };
}

/** Fewer where a process may not open that many sockets. */
function socketsOf(bench: Bench): number {
  const wanted = bench.quick ? SOCKETS / 5 : SOCKETS;
  return Math.min(wanted, (bench.machine.filesMax ?? wanted * 2) - 200);
}

function minutesOf(bench: Bench): number {
  return bench.minutes ?? (bench.quick ? 0.5 : MINUTES);
}
