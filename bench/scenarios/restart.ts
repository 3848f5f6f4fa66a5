import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { presentOf, ratios, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure, type Figure } from '../figures.ts';
import type { Load } from '../load/load.ts';
import { nodeCommand, SERVER_CORE } from '../machine.ts';
import { newWorkplace, type RunningServer } from '../server.ts';

const CONNECTED_AT_ONCE = 200;
const STARTS = 3;
// As many as Node's listen queue holds (511): beyond it the kernel drops the dials and repeats them seconds later, which
// measures the kernel's patience, not the server.
const RETURNING_AT_ONCE = 500;
const SNAPSHOT_LOOP = fileURLToPath(new URL('../references/snapshot-loop.ts', import.meta.url));

type Start = { readonly tookMs: number; readonly cpuMs: number };
type Measured = {
  /** `null` while there is no real server to start. */
  readonly ours: {
    readonly empty: Start;
    readonly full: Start;
    readonly loop: Start & { readonly rows: number };
    readonly back: Return;
  } | null;
  readonly bare: Return;
};

/** The server stops and comes back with its whole fleet in the file, and then everybody dials as fast as sockets open. */
export const restart: Scenario = {
  name: 'restart',
  describe: (bench) =>
    `${sizesOf(bench).chargers} charge points and ${sizesOf(bench).open} open transactions in the file`,
  async run(bench) {
    const present = presentOf(bench, ['vigie']).length > 0;
    const measured: Measured[] = [];
    for (let run = 0; run < bench.runs; run += 1) {
      const bare = await withServer(bench, 'bare-ws', (server, load) => everybodyReturns(bench, server, load));
      measured.push({ bare, ours: present ? await measure(bench) : null });
    }
    const runs = measured.flatMap(({ ours }) => ours ?? []);
    const fleet = (name: keyof Start): number[] => runs.map(({ full, empty }) => full[name] - empty[name]);
    const against = (name: keyof Start): readonly number[] =>
      ratios(
        fleet(name),
        runs.map(({ loop }) => loop[name]),
      );
    const ours = (name: keyof Return): number[] => runs.map(({ back }) => back[name]);
    const bare = (name: keyof Return): number[] => measured.map((each) => each.bare[name]);
    const timed = (name: string, starts: readonly Start[]): Figure[] => [
      figure(
        name,
        'ms',
        starts.map(({ tookMs }) => tookMs),
      ),
      figure(
        `${name}, CPU`,
        'ms',
        starts.map(({ cpuMs }) => cpuMs),
      ),
    ];
    return [
      figure(
        'snapshots in the file',
        'rows',
        runs.map(({ loop }) => loop.rows),
      ),
      ...timed(
        'start of an empty server',
        runs.map(({ empty }) => empty),
      ),
      ...timed(
        'start with the fleet in the file',
        runs.map(({ full }) => full),
      ),
      ...timed(
        'bare loop over the same snapshots',
        runs.map(({ loop }) => loop),
      ),
      figure('the fleet alone against the bare loop', '×', against('tookMs'), { atMost: 3 }),
      figure('the fleet alone against the bare loop, CPU', '×', against('cpuMs')),
      figure('everybody back and booted', 'ms', ours('tookMs')),
      figure('everybody back and booted, bare-ws', 'ms', bare('tookMs')),
      figure('CPU for each charger that returns', 'µs', ours('cpuUs')),
      figure('CPU for each charger that returns, bare-ws', 'µs', bare('cpuUs')),
      figure('connections refused', '', ours('refused'), { atMost: 0 }),
      figure('connections refused, bare-ws', '', bare('refused')),
      figure('answers wrong or lost', '', ours('lost'), { atMost: 0 }),
    ];
  },
};

async function measure(bench: Bench): Promise<Measured['ours']> {
  const { chargers, open } = sizesOf(bench);
  const workplace = newWorkplace();
  const started = ({ readyAfterMs, readyCpuMs }: RunningServer): Start => ({ tookMs: readyAfterMs, cpuMs: readyCpuMs });
  try {
    await withServer(
      bench,
      'vigie',
      async (server, load) => {
        const how = { count: chargers, atOnce: CONNECTED_AT_ONCE, connectorsReported: 2 };
        await load.ask('connect', { url: server.ocppUrl, ...how });
        await load.ask('startTransactions', { count: open });
        const { wrong, complaints } = await load.ask('read', null);
        if (wrong > 0) bench.say(`while filling: ${wrong} wrong, ${complaints.join('; ')}`);
      },
      workplace,
    );
    const empty = await fastest(() => withServer(bench, 'vigie', async (server) => started(server)));
    const loop = snapshotLoop(bench, workplace.database);
    const full = await fastest(() => withServer(bench, 'vigie', async (server) => started(server), workplace));
    const back = await withServer(bench, 'vigie', (server, load) => everybodyReturns(bench, server, load), workplace);
    return { empty, full, loop, back };
  } finally {
    workplace.remove();
  }
}

/** The best of a few: what a start takes is small beside what a busy machine adds to it. */
async function fastest(start: () => Promise<Start>): Promise<Start> {
  let best = await start();
  for (let again = 1; again < STARTS; again += 1) {
    const { tookMs, cpuMs } = await start();
    best = { tookMs: Math.min(best.tookMs, tookMs), cpuMs: Math.min(best.cpuMs, cpuMs) };
  }
  return best;
}

/** `cpuUs` of the server, for each charger. */
type Return = { readonly tookMs: number; readonly cpuUs: number; readonly refused: number; readonly lost: number };

async function everybodyReturns(bench: Bench, server: RunningServer, load: Load): Promise<Return> {
  const { chargers } = sizesOf(bench);
  const cpuBeforeMs = await server.cpuMs();
  const arrival = await load.ask('connect', {
    url: server.ocppUrl,
    count: chargers,
    atOnce: RETURNING_AT_ONCE,
    connectorsReported: 0,
  });
  const cpuUs = (((await server.cpuMs()) - cpuBeforeMs) * 1000) / chargers;
  const { wrong, cut, complaints } = await load.ask('read', null);
  bench.say(
    `${server.kind}: ${arrival.connected} back in ${(arrival.tookMs / 1000).toFixed(2)} s, ${arrival.refused} refused, ${wrong + cut} lost`,
  );
  for (const complaint of complaints) bench.say(`  ${complaint}`);
  return { tookMs: arrival.tookMs, cpuUs, refused: arrival.refused, lost: wrong + cut };
}

function snapshotLoop(bench: Bench, database: string): Start & { readonly rows: number } {
  const [command, ...args] = nodeCommand(bench.machine, SERVER_CORE, [SNAPSHOT_LOOP, database]);
  return JSON.parse(execFileSync(command, args, { encoding: 'utf8' })) as Start & { readonly rows: number };
}

function sizesOf(bench: Bench): { readonly chargers: number; readonly open: number } {
  const wanted = bench.quick ? 2_000 : 10_000;
  return { chargers: Math.min(wanted, (bench.machine.filesMax ?? wanted * 2) - 200), open: bench.quick ? 200 : 1_000 };
}
