import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { nodeName, startChargerSide } from '#src/charger-side.ts';

/**
 * A server to be killed. Its only argument is the path of its database, which it opens when it is told to on its
 * input: a line of any kind. The first line it writes is its port. It ends when its input does.
 */
const [, , path] = process.argv;
if (path === undefined) throw new Error('which database?');
// For the servers after this one, which will be killed before it could be written at its end.
flushCompileCache();
process.stdin.on('end', () => process.exit());
await once(process.stdin, 'data');
const storage = await openSqlite({ path, node: nodeName() });
const side = await startChargerSide({
  storage,
  host: '127.0.0.1',
  ocppJsonPort: 0,
  soap: null,
  welcomeStrangers: true,
  office: null,
  timeZone: 'UTC',
  alerts: null,
  recharges: null,
  log: { info: () => undefined, warn: () => undefined, error: (details, message) => console.error(message, details) },
});
console.log(JSON.stringify({ port: side.portOf('ocpp-1.6-json') }));
