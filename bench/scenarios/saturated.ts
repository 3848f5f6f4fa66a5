import { interleaved, pause, presentOf, ratios, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure, type Figure } from '../figures.ts';
import { startLoad } from '../load/load.ts';
import { OPERATOR, type ServerKind } from '../server.ts';

const CHARGERS = 1_000;
const PAGES = 20;
const CONNECTED_AT_ONCE = 200;
const WARM_UP_MS = 3_000;

type Measured = {
  callsPerSecond: number;
  callsPerCpuSecond: number;
  share: number;
  p50Ms: number;
  p99Ms: number;
  wrong: number;
};

/** As much as the server can take: every charger speaks again as soon as it is answered. */
export const saturated: Scenario = {
  name: 'saturated',
  describe: (bench) =>
    `${CHARGERS} chargers, closed loop, ${PAGES} live pages on ours, ${measuredMs(bench) / 1000} s measured`,
  async run(bench) {
    const kinds = presentOf(bench, ['bare-ws', 'vigie', 'ocpp-rpc']);
    const measured = await interleaved(bench, kinds, (kind) => measure(bench, kind));
    const of = (kind: ServerKind, name: keyof Measured): number[] =>
      (measured.get(kind) ?? []).map((each) => each[name]);
    const figures: Figure[] = kinds.flatMap((kind) => [
      figure(`${kind}: calls`, 'per s', of(kind, 'callsPerSecond')),
      figure(`${kind}: calls`, 'per CPU s', of(kind, 'callsPerCpuSecond')),
      figure(`${kind}: share of a core used`, '', of(kind, 'share')),
      figure(`${kind}: p50`, 'ms', of(kind, 'p50Ms')),
      figure(`${kind}: p99`, 'ms', of(kind, 'p99Ms')),
      figure(`${kind}: wrong answers`, '', of(kind, 'wrong'), { atMost: 0 }),
    ]);
    for (const [other, atLeast] of [
      ['bare-ws', 0.6],
      ['ocpp-rpc', 1],
    ] as const) {
      const perCpu = ratios(of('vigie', 'callsPerCpuSecond'), of(other, 'callsPerCpuSecond'));
      const perSecond = ratios(of('vigie', 'callsPerSecond'), of(other, 'callsPerSecond'));
      figures.push(figure(`calls per CPU s against ${other}`, '×', perCpu, { atLeast }));
      figures.push(figure(`calls per s against ${other}`, '×', perSecond, { atLeast }));
    }
    return figures;
  },
};

async function measure(bench: Bench, kind: ServerKind): Promise<Measured> {
  return withServer(bench, kind, async (server, load) => {
    await load.ask('connect', {
      url: server.ocppUrl,
      count: CHARGERS,
      atOnce: CONNECTED_AT_ONCE,
      connectorsReported: 2,
    });
    // Pages get a process of their own: what they cost to read must not slow the chargers.
    const readers = server.webUrl === null ? null : startLoad(bench.machine);
    if (readers && server.webUrl !== null) {
      const paths = Array.from({ length: PAGES }, (_, index) => `/fleet?page=${1 + (index % 10)}`);
      await readers.ask('openPages', { webUrl: server.webUrl, credentials: OPERATOR, paths });
    }
    await load.ask('saturate', null);
    await pause(WARM_UP_MS);
    await load.ask('reset', null);
    const cpuBeforeMs = await server.cpuMs();
    await pause(measuredMs(bench));
    const cpuMs = (await server.cpuMs()) - cpuBeforeMs;
    const read = await load.ask('read', null);
    await load.ask('rest', null);
    const pages = await readers?.ask('readPages', null);
    await readers?.stop();
    const measured = {
      callsPerSecond: (read.answered * 1000) / read.forMs,
      callsPerCpuSecond: (read.answered * 1000) / cpuMs,
      share: cpuMs / read.forMs,
      p50Ms: read.p50Ms,
      p99Ms: read.p99Ms,
      wrong: read.wrong,
    };
    bench.say(
      `${kind}: ${measured.callsPerSecond.toFixed(0)} calls/s, ${measured.callsPerCpuSecond.toFixed(0)} per CPU s` +
        (pages
          ? `; ${pages.open} pages open, ${pages.messages} messages of ${(pages.bytes / 1e6).toFixed(1)} MB, ${pages.failed} failed`
          : ''),
    );
    if (measured.share < 0.85)
      bench.say('  not saturated: something else was using this machine; trust the calls per CPU s');
    for (const complaint of [...read.complaints, ...(pages?.complaints ?? [])]) bench.say(`  ${complaint}`);
    return measured;
  });
}

function measuredMs(bench: Bench): number {
  return bench.quick ? 5_000 : 15_000;
}
