/**
 * Reference for lists: the SQL that the storage sends for each of the visitors' pages (rows and count), bound to the same
 * values, run by better-sqlite3 alone in a process that does nothing else. As on the server, twenty ask at once and are
 * answered one after the other; each asks again when he is answered. Prints the times by list.
 *
 *     node bench/references/bare-sql.ts <database> full|small <ms>
 */
import { customFieldsOf } from '#src/domain/office/custom.ts';
import { scopeOf } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { platformViewer, type Viewer } from '#src/domain/office/viewer.ts';
import { accountsOver } from '#src/accounts.ts';
import { connect, type Connection } from '#src/storage/sqlite/connection.ts';
import { openStorage, type SqliteStorage } from '#src/storage/sqlite/open.ts';
import { SCREENS } from '#web/screens/all.ts';
import { readListQuery, recordQuery } from '#web/screens/query.ts';
import { withCustom } from '#web/screens/screen.ts';
import { EVENTS_PER_PAGE, journalQuery, readJournalFilter } from '#web/views/event-query.ts';
import { Stopwatch, type Visit } from '#bench/load/visitors.ts';
import { FULL, SMALL } from '#bench/seed/sizes.ts';
import { visitorsOf } from '#bench/seed/visitors.ts';
import { OPERATOR } from '#bench/server.ts';

const TIME_ZONE = 'Europe/Paris';
type Ran = { readonly text: string; readonly values: readonly unknown[]; readonly way: 'all' | 'get' };

const [path = '', size = '', forMs = ''] = process.argv.slice(2);
const connection = connect(path);
let ran: Ran[] = [];
record(connection);
const storage = await openStorage(connection, { node: 'bare-sql' });
const accounts = accountsOver({
  office: storage.office,
  registry: storage.registry,
  newId: () => '',
  timeZone: TIME_ZONE,
});

const people: { readonly visit: Visit; readonly ran: readonly Ran[] }[][] = [];
for (const { credentials, visits } of visitorsOf(size === 'full' ? FULL : SMALL)) {
  const { username } = credentials;
  const account = username === OPERATOR.username ? null : await accounts.account(username, Date.now());
  const viewer = account?.viewer ?? platformViewer(username);
  const questions = [];
  for (const visit of visits) {
    ran = [];
    await read(storage, viewer, visit.path);
    // What is answered out of memory has no SQL to compare with.
    if (ran.length > 0) questions.push({ visit, ran });
  }
  people.push(questions);
}
await storage.close();

const bare = connect(path);
const statements = new Map(
  people.flat(2).flatMap(({ ran: each }) => each.map(({ text }) => [text, bare.prepare(text)])),
);
const watch = new Stopwatch();
const cpuBefore = process.cpuUsage();
const untilMs = performance.now() + Number(forMs);
let asked = 0;
const sinceMs = people.map(() => performance.now());
const longest = Math.max(...people.map((questions) => questions.length));
for (let turn = 0; turn < longest || performance.now() < untilMs; turn += 1) {
  for (const [index, questions] of people.entries()) {
    const question = questions[turn % questions.length];
    if (question === undefined) continue;
    for (const { text, values, way } of question.ran) statements.get(text)?.[way](...values);
    asked += 1;
    const nowMs = performance.now();
    watch.record(question.visit, nowMs - (sinceMs[index] ?? nowMs));
    sinceMs[index] = nowMs;
  }
}
const cpu = process.cpuUsage(cpuBefore);
const cpuMs = (cpu.user + cpu.system) / 1000 / asked;
console.log(JSON.stringify({ times: watch.read(), cpuMs, worst: watch.worst() }));

/** What a page reads of its own list: no login, no names of references, nothing around it. */
async function read({ office, reader }: SqliteStorage, viewer: Viewer, address: string): Promise<unknown> {
  const { pathname, searchParams } = new URL(address, 'http://bench');
  const declared = SCREENS.find((screen) => screen.path === pathname);
  const [, chargePointId, what] = /^\/fleet\/([^/]+)\/(\w+)$/.exec(pathname) ?? [];
  if (declared !== undefined) {
    const scope = [{ subscriberIds: [viewer.subscriberId ?? ''] }];
    const everything = { text: '', filters: [], sort: 'order', descending: false, offset: 0, limit: null };
    const { rows } = await office.list(ENTITIES['custom-field'], { ...everything, scope });
    const screen = declared.entity === 'station' ? withCustom(declared, customFieldsOf(rows)) : declared;
    const entity = ENTITIES[declared.entity];
    ran = [];
    return office.list(entity, { ...recordQuery(readListQuery(screen, searchParams)), scope: scopeOf(viewer, entity) });
  }
  if (pathname === '/events' || what === 'events')
    return reader.events(
      journalQuery(readJournalFilter(searchParams, TIME_ZONE), chargePointId ?? null, EVENTS_PER_PAGE),
    );
  if (what === 'sessions' && chargePointId !== undefined) return reader.sessions({ chargePointId, limit: 51 });
  if (pathname === '/reviews') return reader.reviews({ open: !searchParams.has('state'), limit: 25 });
  if (pathname === '/audit') return office.audits(viewer.subscriberId, 500);
  if (pathname === '/bin') return office.deletions(viewer.subscriberId, 200);
  if (pathname === '/merchants') return office.maintenanceOf({ maintainerId: viewer.subscriberId ?? '' });
  return null;
}

function record(of: Connection): void {
  const prepare = of.prepare.bind(of);
  of.prepare = ((text: string) => {
    const statement = prepare(text);
    for (const way of ['all', 'get'] as const) {
      const run = statement[way].bind(statement);
      const recorded = (...values: unknown[]): unknown => {
        ran.push({ text, values, way });
        return run(...values);
      };
      Object.assign(statement, { [way]: recorded });
    }
    return statement;
  }) as typeof of.prepare;
}
