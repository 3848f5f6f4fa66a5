import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { presentOf, ratios, withServer, type Bench, type Scenario } from '../bench.ts';
import { figure } from '../figures.ts';
import type { Load } from '../load/load.ts';
import { nodeCommand, SERVER_CORE } from '../machine.ts';
import { newWorkplace, type RunningServer, type ServerKind } from '../server.ts';

const CONNECTED_AT_ONCE = 200;
// As many as Node's listen queue holds (511): beyond it the kernel drops the dials and repeats them seconds later, which
// measures the kernel's patience, not the server.
const RETURNING_AT_ONCE = 500;
const SNAPSHOT_LOOP = fileURLToPath(new URL('../references/snapshot-loop.ts', import.meta.url));

type Measured = {
  emptyMs: number;
  fullMs: number;
  rows: number;
  loopMs: number;
  returnedMs: number;
  refused: number;
  lost: number;
  returnCpuUs: number;
  returnedBareMs: number;
  returnBareCpuUs: number;
  refusedBare: number;
};

/** The server stops and comes back with its whole fleet in the file, and then everybody dials as fast as sockets open. */
export const restart: Scenario = {
  name: 'restart',
  describe: (bench) =>
    `${sizesOf(bench).chargers} charge points and ${sizesOf(bench).open} open transactions in the file`,
  async run(bench) {
    const present = presentOf(bench, ['vigie']);
    const measured: Measured[] = [];
    for (let run = 0; run < bench.runs; run += 1) measured.push(await measure(bench, present.length > 0));
    const of = (name: keyof Measured): number[] =>
      measured.map((each) => each[name]).filter((value) => !Number.isNaN(value));
    const aboveEmpty = measured.map(({ fullMs, emptyMs }) => fullMs - emptyMs).filter((value) => !Number.isNaN(value));
    return [
      figure('start of an empty server', 'ms', of('emptyMs')),
      figure('start with the fleet in the file', 'ms', of('fullMs')),
      figure('the fleet alone', 'ms', aboveEmpty),
      figure('snapshots in the file', 'rows', of('rows')),
      figure('bare loop over the same snapshots', 'ms', of('loopMs')),
      figure('the fleet against the bare loop', '×', ratios(aboveEmpty, of('loopMs')), { atMost: 3 }),
      figure('everybody back and booted', 'ms', of('returnedMs')),
      figure('everybody back and booted, bare-ws', 'ms', of('returnedBareMs')),
      figure('CPU for each charger that returns', 'µs', of('returnCpuUs')),
      figure('CPU for each charger that returns, bare-ws', 'µs', of('returnBareCpuUs')),
      figure('connections refused', '', of('refused'), { atMost: 0 }),
      figure('connections refused, bare-ws', '', of('refusedBare')),
      figure('answers wrong or lost', '', of('lost'), { atMost: 0 }),
    ];
  },
};

async function measure(bench: Bench, withOurs: boolean): Promise<Measured> {
  const { chargers, open } = sizesOf(bench);
  const bare = await withServer(bench, 'bare-ws', (server, load) => everybodyReturns(bench, 'bare-ws', server, load));
  const theirs = { returnedBareMs: bare.tookMs, returnBareCpuUs: bare.cpuUs, refusedBare: bare.refused };
  if (!withOurs) {
    const none = Number.NaN;
    return {
      emptyMs: none,
      fullMs: none,
      rows: none,
      loopMs: none,
      returnedMs: none,
      returnCpuUs: none,
      refused: none,
      lost: none,
      ...theirs,
    };
  }
  const workplace = newWorkplace();
  try {
    const fill = async (server: RunningServer, load: Load): Promise<number> => {
      await load.ask('connect', {
        url: server.ocppUrl,
        count: chargers,
        atOnce: CONNECTED_AT_ONCE,
        connectorsReported: 2,
      });
      await load.ask('startTransactions', { count: open });
      const { wrong, complaints } = await load.ask('read', null);
      if (wrong > 0) bench.say(`while filling: ${wrong} wrong, ${complaints.join('; ')}`);
      await load.ask('disconnect', null);
      return server.readyAfterMs;
    };
    const emptyMs = await withServer(bench, 'vigie', fill, workplace);
    // Once more without anything to read, now that the code of this machine is warm in the page cache.
    const emptyAgainMs = await withServer(bench, 'vigie', async ({ readyAfterMs }) => readyAfterMs);
    const { rows, tookMs: loopMs } = snapshotLoop(bench, workplace.database);
    const full = await withServer(
      bench,
      'vigie',
      async (server, load) => ({
        fullMs: server.readyAfterMs,
        ...(await everybodyReturns(bench, 'vigie', server, load)),
      }),
      workplace,
    );
    bench.say(
      `vigie: ready in ${emptyMs.toFixed(0)} then ${emptyAgainMs.toFixed(0)} ms empty, ${full.fullMs.toFixed(0)} ms with the fleet; bare loop ${loopMs.toFixed(0)} ms`,
    );
    const { fullMs, tookMs, cpuUs, refused, lost } = full;
    return {
      emptyMs: emptyAgainMs,
      fullMs,
      rows,
      loopMs,
      returnedMs: tookMs,
      returnCpuUs: cpuUs,
      refused,
      lost,
      ...theirs,
    };
  } finally {
    workplace.remove();
  }
}

/** `cpuUs` of the server, for each charger. */
type Return = { readonly tookMs: number; readonly cpuUs: number; readonly refused: number; readonly lost: number };

async function everybodyReturns(bench: Bench, kind: ServerKind, server: RunningServer, load: Load): Promise<Return> {
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
    `${kind}: ${arrival.connected} back in ${(arrival.tookMs / 1000).toFixed(2)} s, ${arrival.refused} refused, ${wrong + cut} lost`,
  );
  for (const complaint of complaints) bench.say(`  ${complaint}`);
  return { tookMs: arrival.tookMs, cpuUs, refused: arrival.refused, lost: wrong + cut };
}

function snapshotLoop(bench: Bench, database: string): { readonly rows: number; readonly tookMs: number } {
  const [command, ...args] = nodeCommand(bench.machine, SERVER_CORE, [SNAPSHOT_LOOP, database]);
  return JSON.parse(execFileSync(command, args, { encoding: 'utf8' })) as { rows: number; tookMs: number };
}

function sizesOf(bench: Bench): { readonly chargers: number; readonly open: number } {
  const wanted = bench.quick ? 2_000 : 10_000;
  return { chargers: Math.min(wanted, (bench.machine.filesMax ?? wanted * 2) - 200), open: bench.quick ? 200 : 1_000 };
}
