import { interleaved, pause, presentOf, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure } from '../figures.ts';
import type { ServerKind } from '../server.ts';

const CONNECTED_AT_ONCE = 200;
const SETTLE_MS = 5_000;

type Measured = { residentKb: number; heapKb: number; refused: number; wrong: number; share: number };

/** What a charger costs while it does nothing: memory above the empty server, each with two connectors reported. */
export const idle: Scenario = {
  name: 'idle',
  describe: (bench) => `${chargersOf(bench)} chargers connected, booted, two connectors reported, then silent`,
  async run(bench) {
    const kinds = presentOf(bench, ['bare-ws', 'vigie', 'ocpp-rpc']);
    const measured = await interleaved(bench, kinds, (kind) => measure(bench, kind));
    const of = (kind: ServerKind, name: keyof Measured): number[] =>
      (measured.get(kind) ?? []).map((each) => each[name]);
    return kinds.flatMap((kind) => [
      figure(
        `${kind}: resident memory per charger`,
        'kB',
        of(kind, 'residentKb'),
        kind === 'vigie' ? { atMost: 40 } : undefined,
      ),
      figure(`${kind}: of which live heap`, 'kB', of(kind, 'heapKb')),
      figure(`${kind}: share of a core used while idle`, '', of(kind, 'share')),
      figure(
        `${kind}: refused or wrongly answered`,
        '',
        of(kind, 'refused').map((refused, run) => refused + (of(kind, 'wrong')[run] ?? 0)),
        { atMost: 0 },
      ),
    ]);
  },
};

async function measure(bench: Bench, kind: ServerKind): Promise<Measured> {
  return withServer(bench, kind, async (server, load) => {
    await pause(1_000);
    const count = chargersOf(bench);
    const empty = await server.probe('probe-collect');
    const arrival = await load.ask('connect', {
      url: server.ocppUrl,
      count,
      atOnce: CONNECTED_AT_ONCE,
      connectorsReported: 2,
    });
    await pause(SETTLE_MS);
    const cpuBeforeMs = await server.cpuMs();
    await pause(SETTLE_MS);
    const share = ((await server.cpuMs()) - cpuBeforeMs) / SETTLE_MS;
    const { rssBytes } = await server.probe('probe-read');
    const { heapUsedBytes } = await server.probe('probe-collect');
    const read = await load.ask('read', null);
    const measured = {
      residentKb: (rssBytes - empty.rssBytes) / 1024 / count,
      heapKb: (heapUsedBytes - empty.heapUsedBytes) / 1024 / count,
      refused: arrival.refused,
      wrong: read.wrong + read.cut,
      share,
    };
    bench.say(
      `${kind}: ${arrival.connected} connected in ${(arrival.tookMs / 1000).toFixed(1)} s, ` +
        `${(empty.rssBytes / 2 ** 20).toFixed(0)} MB empty, ${(rssBytes / 2 ** 20).toFixed(0)} MB now: ${measured.residentKb.toFixed(1)} kB each`,
    );
    for (const complaint of read.complaints) bench.say(`  ${complaint}`);
    return measured;
  });
}

/** Fewer where a process may not open that many sockets. */
function chargersOf(bench: Bench): number {
  const wanted = bench.quick ? 2_000 : 10_000;
  return Math.min(wanted, (bench.machine.filesMax ?? wanted * 2) - 200);
}
