/**
 * `npm run bench [-- --quick] [--runs 3] [--minutes 10] [--events 10000000] [--out file.json] [--profile dir] [scenario ...]`
 * Prints the machine, the sizes and a table of medians for each scenario, and writes them all as JSON. `--minutes` is for
 * `soak`, which runs when it is named; `--events` for the databases of `web` and `journal`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, Scenario } from './bench.ts';
import { tableOf, type Figure } from './figures.ts';
import { describeMachine, LOAD_CORE, SERVER_CORE } from './machine.ts';
import { idle } from './scenarios/idle.ts';
import { journal } from './scenarios/journal.ts';
import { live } from './scenarios/live.ts';
import { openLoop } from './scenarios/open-loop.ts';
import { protocols } from './scenarios/protocols.ts';
import { restart } from './scenarios/restart.ts';
import { saturated } from './scenarios/saturated.ts';
import { soak } from './scenarios/soak.ts';
import { web } from './scenarios/web.ts';
import { webExport } from './scenarios/web-export.ts';

const SCENARIOS: readonly Scenario[] = [
  saturated,
  openLoop,
  idle,
  restart,
  live,
  web,
  webExport,
  protocols,
  journal,
  soak,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
    minutes: { type: 'string' },
    events: { type: 'string' },
    out: { type: 'string' },
    profile: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0)
  throw new Error(`no scenario ${unknown.join(', ')}; there are ${SCENARIOS.map(({ name }) => name).join(', ')}`);

const machine = describeMachine();
const bench: Bench = {
  machine,
  quick: values.quick,
  runs: Math.max(1, Number(values.runs ?? (values.quick ? 1 : 3)) || 1),
  minutes: positive(values.minutes),
  events: positive(values.events),
  profileInto: values.profile === undefined ? null : resolve(values.profile),
  say: (line) => console.log(`    ${line}`),
};
const startedAt = new Date();

/** Null for nothing, and for what is no such number. */
function positive(text: string | undefined): number | null {
  return Number(text) > 0 ? Number(text) : null;
}

console.log(
  `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.platform}, Node ${machine.node}`,
);
console.log(
  machine.pinned
    ? `server pinned to core ${SERVER_CORE}, load to core ${LOAD_CORE}`
    : 'nothing is pinned to a core: server and load share them as the system decides',
);
console.log(
  `at most ${machine.filesMax ?? 'unlimited'} open files per process; ${bench.runs} run(s)${bench.quick ? ', quick' : ''}\n`,
);

const results: {
  readonly scenario: string;
  readonly sizes: string;
  readonly figures?: readonly Figure[];
  readonly failure?: string;
}[] = [];
for (const scenario of SCENARIOS.filter(({ name, isLong }) =>
  positionals.length === 0 ? !isLong : positionals.includes(name),
)) {
  const sizes = scenario.describe(bench);
  console.log(`${scenario.name}: ${sizes}`);
  try {
    const figures = await scenario.run(bench);
    console.log(`${tableOf(figures)}\n`);
    results.push({ scenario: scenario.name, sizes, figures });
  } catch (error) {
    // One scenario that cannot run must not take the figures of the others with it.
    const failure = error instanceof Error ? error.message : String(error);
    console.log(`  could not be measured: ${failure}\n`);
    results.push({ scenario: scenario.name, sizes, failure });
  }
}

const stamp = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
const out = resolve(values.out ?? fileURLToPath(new URL(`./results/${stamp}.json`, import.meta.url)));
mkdirSync(dirname(out), { recursive: true });
const { runs, quick } = bench;
writeFileSync(out, `${JSON.stringify({ startedAt, machine, runs, quick, results }, null, 2)}\n`);
console.log(`written to ${out}`);
