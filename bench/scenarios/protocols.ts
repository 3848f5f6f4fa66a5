import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleaved, pause, presentOf, ratios, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure, type Figure } from '../figures.ts';
import type { Spoken } from '../load/charger.ts';
import { profileIn, sharesOf } from '../profile.ts';
import { describeKits, measureKits } from './kits.ts';
import type { RunningServer, ServerKind } from '../server.ts';

const CHARGERS = 1_000;
const CONNECTED_AT_ONCE = 100;
const WARM_UP_MS = 3_000;
/** After so long a profiled server has started, and its chargers are connected. */
const STARTED_MS = 5_000;

type Measured = { perSecond: number; perCpuSecond: number; p50Ms: number; p99Ms: number; wrong: number };

/** Each protocol with the bare server that bounds it; ours takes the full path, with its commit. */
const PROTOCOLS: readonly {
  readonly name: string;
  readonly spoken: Spoken;
  readonly bare: ServerKind;
  readonly atLeast: number;
  readonly urlOf: (server: RunningServer) => string;
}[] = [{ name: 'SOAP 1.6', spoken: 'soap', bare: 'bare-soap', atLeast: 0.6, urlOf: (server) => server.soapUrl }];

/** As much as the server can take in each protocol that is not JSON, whose scenario is `saturated`. */
export const protocols: Scenario = {
  name: 'protocols',
  describe: (bench) =>
    `${CHARGERS} chargers of each protocol, closed loop, ${measuredMs(bench) / 1000} s measured` +
    `; ${describeKits()}`,
  async run(bench) {
    const figures: Figure[] = [];
    for (const protocol of PROTOCOLS) {
      const kinds = presentOf(bench, [protocol.bare, 'vigie']);
      const measured = await interleaved(bench, kinds, (kind) => measure(bench, kind, protocol));
      const of = (kind: ServerKind, name: keyof Measured): number[] =>
        (measured.get(kind) ?? []).map((each) => each[name]);
      for (const kind of kinds)
        figures.push(
          figure(`${protocol.name}, ${kind}: calls`, 'per s', of(kind, 'perSecond')),
          figure(`${protocol.name}, ${kind}: calls`, 'per CPU s', of(kind, 'perCpuSecond')),
          figure(`${protocol.name}, ${kind}: p50`, 'ms', of(kind, 'p50Ms')),
          figure(`${protocol.name}, ${kind}: p99`, 'ms', of(kind, 'p99Ms')),
          figure(`${protocol.name}, ${kind}: wrong answers`, '', of(kind, 'wrong'), { atMost: 0 }),
        );
      const { bare, atLeast } = protocol;
      const perCpu = ratios(of('vigie', 'perCpuSecond'), of(bare, 'perCpuSecond'));
      figures.push(figure(`${protocol.name}: calls per CPU s against ${bare}`, '×', perCpu, { atLeast }));
      if (kinds.includes('vigie')) figures.push(...(await profiled(bench, protocol)));
    }
    return [...figures, ...(await measureKits(bench))];
  },
};

/** Where the processor goes, in a run of its own: to be profiled costs. */
async function profiled(bench: Bench, protocol: (typeof PROTOCOLS)[number]): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-profile-'));
  try {
    await measure({ ...bench, profileInto: folder }, 'vigie', protocol);
    const { ours, codec, packages, collector, node } = sharesOf(profileIn(folder), STARTED_MS);
    const share = (of: string, value: number): Figure => figure(`${protocol.name}, profile: ${of}`, '%', [value]);
    return [
      share('our own code, with SQLite', ours),
      share('our codec, part of it', codec),
      share('packages', packages),
      share('Node and the kernel', node),
      share('the collector', collector),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(bench: Bench, kind: ServerKind, protocol: (typeof PROTOCOLS)[number]): Promise<Measured> {
  return withServer(bench, kind, async (server, load) => {
    await load.ask('connect', {
      url: protocol.urlOf(server),
      spoken: protocol.spoken,
      count: CHARGERS,
      atOnce: CONNECTED_AT_ONCE,
      connectorsReported: 2,
    });
    await load.ask('saturate', null);
    await pause(WARM_UP_MS);
    await load.ask('reset', null);
    const cpuBeforeMs = await server.cpuMs();
    await pause(measuredMs(bench));
    const cpuMs = (await server.cpuMs()) - cpuBeforeMs;
    const read = await load.ask('read', null);
    await load.ask('rest', null);
    const measured = {
      perSecond: (read.answered * 1000) / read.forMs,
      perCpuSecond: (read.answered * 1000) / cpuMs,
      p50Ms: read.p50Ms,
      p99Ms: read.p99Ms,
      wrong: read.wrong,
    };
    bench.say(
      `${protocol.name}, ${kind}: ${measured.perSecond.toFixed(0)} calls/s, ${measured.perCpuSecond.toFixed(0)} per CPU s`,
    );
    for (const complaint of read.complaints) bench.say(`  ${complaint}`);
    return measured;
  });
}

function measuredMs(bench: Bench): number {
  return bench.quick ? 5_000 : 15_000;
}
