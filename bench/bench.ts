import { startLoad, type Load } from './load/load.ts';
import type { Figure } from './figures.ts';
import type { Machine } from './machine.ts';
import { isPresent, newWorkplace, startServer, type RunningServer, type ServerKind, type Workplace } from './server.ts';

/** What every scenario gets. */
export type Bench = {
  readonly machine: Machine;
  readonly quick: boolean;
  readonly runs: number;
  /** How long a soak lasts, and how many events a seeded database holds; null: as the scenario has it. */
  readonly minutes: number | null;
  readonly events: number | null;
  /** Directory for CPU profiles of the real server, or `null`. */
  readonly profileInto: string | null;
  say(line: string): void;
};

export type Scenario = {
  readonly name: string;
  /** It runs when it is named only. */
  readonly isLong?: true;
  /** One line: sizes included. */
  describe(bench: Bench): string;
  run(bench: Bench): Promise<readonly Figure[]>;
};

/** Those of the wanted servers that can be started now. The real one may not be there; the references always are. */
export function presentOf(bench: Bench, kinds: readonly ServerKind[]): readonly ServerKind[] {
  const present = kinds.filter(isPresent);
  for (const kind of kinds) if (!present.includes(kind)) bench.say(`${kind} is not there: left out`);
  return present;
}

/** A fresh server and a fresh load process, both gone afterwards whatever happens; the database too, unless it is given. */
export async function withServer<T>(
  bench: Bench,
  kind: ServerKind,
  run: (server: RunningServer, load: Load) => Promise<T>,
  given?: Workplace,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const workplace = given ?? newWorkplace();
  try {
    const { machine, profileInto } = bench;
    const server = await startServer(kind, { machine, workplace, profileInto, settings });
    const load = startLoad(bench.machine);
    try {
      return await run(server, load);
    } finally {
      await load.stop();
      await server.stop();
    }
  } finally {
    if (!given) workplace.remove();
  }
}

/** Measures each kind once per run, in an order that turns, so that no server always gets the warm machine. */
export async function interleaved<T>(
  bench: Bench,
  kinds: readonly ServerKind[],
  measure: (kind: ServerKind) => Promise<T>,
): Promise<ReadonlyMap<ServerKind, readonly T[]>> {
  const measured = new Map<ServerKind, T[]>(kinds.map((kind) => [kind, []]));
  for (let run = 0; run < bench.runs; run += 1) {
    for (let place = 0; place < kinds.length; place += 1) {
      const kind = kinds[(run + place) % kinds.length];
      if (kind) measured.get(kind)?.push(await measure(kind));
    }
  }
  return measured;
}

/** Value by value, ours over theirs; empty when either was not measured. */
export function ratios(ours: readonly number[], theirs: readonly number[]): readonly number[] {
  return ours.flatMap((value, run) => {
    const other = theirs[run];
    return other === undefined || other === 0 ? [] : [value / other];
  });
}

export function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
