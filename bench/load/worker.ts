/** The load process: obeys the bench over IPC. It runs apart so that its own work is not counted as the server's. */
import { Crowd } from './crowd.ts';
import { LivePages } from './pages.ts';
import { Tally } from './tally.ts';
import { Visitors } from './visitors.ts';
import type { LoadCommand, LoadCommands } from './commands.ts';

type Handlers = {
  readonly [Name in LoadCommand]: (
    ask: LoadCommands[Name]['ask'],
  ) => Promise<LoadCommands[Name]['answer']> | LoadCommands[Name]['answer'];
};

const OPENED_AT_ONCE = 10;
const GOODBYE_MS = 100;
const tally = new Tally();
const crowd = new Crowd(tally);
let pages: LivePages | null = null;
let visitors: Visitors | null = null;

const handlers: Handlers = {
  connect: ({ url, ...how }) => crowd.connect(url, how),
  startTransactions: async ({ count }) => {
    await crowd.startTransactions(count);
    return null;
  },
  saturate: () => done(() => crowd.saturate()),
  pour: ({ perSecond }) => done(() => crowd.pour(perSecond)),
  change: ({ perSecond }) => done(() => crowd.change(perSecond, (identity) => pages?.changed(identity))),
  rest: () => done(() => crowd.rest()),
  standing: () => crowd.standing(),
  disconnect: () => done(() => crowd.disconnect()),
  reset: () =>
    done(() => {
      tally.reset();
      pages?.resetAges();
    }),
  read: () => tally.read(),
  openPages: async ({ webUrl, credentials, paths }) => {
    const opened = new LivePages(webUrl);
    pages = opened;
    await opened.logIn(credentials);
    for (let first = 0; first < paths.length; first += OPENED_AT_ONCE) {
      await Promise.all(paths.slice(first, first + OPENED_AT_ONCE).map((path) => opened.open(path)));
    }
    return null;
  },
  fetch: async ({ path }) => {
    if (!pages) throw new Error('no pages: nobody is signed in');
    return pages.fetch(path);
  },
  readPages: () => {
    if (!pages) throw new Error('no pages are open');
    return pages.read();
  },
  closePages: () => done(() => pages?.close()),
  visit: async ({ webUrl, visitors: people }) => {
    visitors = new Visitors(webUrl);
    await visitors.signIn(people);
    return null;
  },
  browse: async ({ forMs }) => {
    if (!visitors) throw new Error('nobody is signed in');
    return visitors.browse(forMs);
  },
};

function done(run: () => void): null {
  run();
  return null;
}

async function obey<Name extends LoadCommand>(name: Name, ask: LoadCommands[Name]['ask']): Promise<unknown> {
  return handlers[name](ask);
}

type Order = { readonly id: number; readonly name: LoadCommand; readonly ask: never };
process.on('message', (order: Order) => {
  obey(order.name, order.ask).then(
    (answer) => process.send?.({ id: order.id, answer }),
    (error: unknown) => process.send?.({ id: order.id, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => {
  crowd.disconnect();
  pages?.close();
  visitors?.close();
  setTimeout(() => process.exit(0), GOODBYE_MS);
});
