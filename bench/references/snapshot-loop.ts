/**
 * Reference for a restart: reads and parses every snapshot of the given file with better-sqlite3 alone, in a process
 * that does nothing else. Prints the rows and the time, from the opening of the file.
 */
import Database from 'better-sqlite3';

const path = process.argv[2];
if (path === undefined) throw new Error('which file?');
const startedMs = performance.now();
const cpuBefore = process.cpuUsage();
const database = new Database(path, { readonly: true });
let rows = 0;
let fields = 0;
for (const state of database.prepare<[], string>('SELECT state FROM actor_snapshot').pluck().iterate()) {
  fields += Object.keys(JSON.parse(state) as object).length;
  rows += 1;
}
database.close();
const cpu = process.cpuUsage(cpuBefore);
console.log(
  JSON.stringify({ rows, fields, tookMs: performance.now() - startedMs, cpuMs: (cpu.user + cpu.system) / 1000 }),
);
