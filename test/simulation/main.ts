import { parseArgs } from 'node:util';
import { World } from './world.ts';

/**
 * Runs worlds outside the test run: `node test/simulation/main.ts --from 5000 --count 2000`, or one of them with all
 * that was said in it: `--seed 12`.
 */
const { values } = parseArgs({
  options: { seed: { type: 'string' }, from: { type: 'string' }, count: { type: 'string' } },
});
const from = Number(values.seed ?? values.from ?? 0);
const count = values.seed === undefined ? Number(values.count ?? 1_000) : 1;
const trace = values.seed === undefined ? null : (line: string) => console.log(line);
const total = { seeds: 0, limitsTold: 0, broken: 0, events: 0, answers: 0, sessions: 0, lives: 0 };
const startedMs = performance.now();
for (let seed = from; seed < from + count; seed++) {
  const { broken, events, answers, sessions, lives, limitsTold } = await new World(seed, trace).run();
  total.seeds++;
  total.events += events;
  total.answers += answers;
  total.sessions += sessions;
  total.lives += lives;
  total.limitsTold += limitsTold;
  if (broken.length === 0) continue;
  total.broken++;
  process.exitCode = 1;
  console.log(`seed ${seed}: ${broken.join('\n  ')}`);
}
console.log(total, `${((performance.now() - startedMs) / count).toFixed(0)} ms a seed`);
