import { identityOf } from '#bench/load/charger.ts';
import type { Visit, Visitor } from '#bench/load/visitors.ts';
import { OPERATOR } from '#bench/server.ts';
import { RECHARGE_SORTS, RECHARGE_STATES } from '#src/domain/recharge.ts';
import { SCREENS } from '#web/screens/all.ts';
import type { Screen } from '#web/screens/screen.ts';
import { PASSWORD, addedId, maintainerId, merchantId } from './logins.ts';
import type { Sizes } from './sizes.ts';
import { pick } from './words.ts';

/** What people type: a letter, a part of a word, a word, two words, accents, a number, and what nobody has. */
const NOBODYS = 'zyxwvu';
const SEARCHES = ['e', 'ren', 'rennes', 'rennes gare', 'Évreux hêtres', '12 rue', '@bench', NOBODYS];
/** Of one charger's journal or of all. */
const JOURNAL_SEARCHES = ['Meter', 'StopTransaction', 'TEST000001'];
const FLEET_SORTS = ['urgency', 'name', 'chargePointId', 'heard', 'state'];
const SESSION_CHARGERS = 5;

/** Those twenty, who look at recharges beside all else. */
export function visitorsWithRecharges(sizes: Sizes): readonly Visitor[] {
  return visitorsOf(sizes).map(({ credentials, visits }, n) => ({
    credentials,
    visits: shuffled([...visits, ...recharges()], 40 + n),
  }));
}

/** Twenty people at once: four at the platform, six who maintain, ten who own. Each has the lists of his kind. */
export function visitorsOf(sizes: Sizes): readonly Visitor[] {
  const platform = Array.from({ length: 4 }, () => ({ ...OPERATOR }));
  const maintainers = [0, 0, 0, 0, 1, 2].map((n) => ({ username: maintainerId(n), password: PASSWORD }));
  const merchants = Array.from({ length: 10 }, (_, n) => ({ username: merchantId(n), password: PASSWORD }));
  const watched = [
    ...lists(['/admin/subscribers', '/stations', '/customers', '/users', '/roles']),
    ...fleet(),
    ...journal('/events', 'events'),
    ...around(),
  ];
  const maintained = [
    ...lists(['/stations', '/users', '/roles']),
    ...fleet(),
    visit('merchants', '/merchants'),
    ...around(),
  ];
  const owned = (n: number): readonly Visit[] => [
    ...lists(['/companies', '/stations', '/customers', '/users', '/roles', '/custom-fields'], merchantId(n)),
    ...fleet(),
    ...sessions(n * sizes.stationsEach),
    ...around(),
  ];
  return [
    ...platform.map((credentials, n) => ({ credentials, visits: shuffled([...watched, ...sessions(n)], n) })),
    ...maintainers.map((credentials, n) => ({ credentials, visits: shuffled(maintained, 10 + n) })),
    ...merchants.map((credentials, n) => ({ credentials, visits: shuffled(owned(n), 20 + n) })),
  ];
}

/** One at the platform who looks in the journal of all for what nobody said. */
export function seekers(): readonly Visitor[] {
  const path = `/events?q=${NOBODYS}`;
  return [{ credentials: OPERATOR, visits: [visit('journal, nothing found', path)] }];
}

/** First pages: as they open, by every column both ways, every search, and a search by every column. */
function lists(paths: readonly string[], subscriberId?: string): readonly Visit[] {
  return SCREENS.filter(({ path }) => paths.includes(path)).flatMap((screen) => {
    const columns = [...screen.columns, ...addedTo(screen, subscriberId)];
    return [
      visit(screen.entity, screen.path),
      ...columns.flatMap((sort) =>
        ['', '&order=desc'].map((order) => visit(screen.entity, `${screen.path}?sort=${sort}${order}`)),
      ),
      ...SEARCHES.map((text) => visit(screen.entity, `${screen.path}?q=${encodeURIComponent(text)}`)),
      ...columns.map((sort) => visit(screen.entity, `${screen.path}?q=rennes&sort=${sort}`)),
    ];
  });
}

function addedTo(screen: Screen, subscriberId?: string): readonly string[] {
  if (screen.entity !== 'station' || subscriberId === undefined) return [];
  return [0, 1, 2].map((index) => `custom-${addedId(subscriberId, index)}`);
}

function fleet(): readonly Visit[] {
  return [
    ...FLEET_SORTS.flatMap((sort) => ['', '&order=desc'].map((order) => visit('fleet', `/fleet?sort=${sort}${order}`))),
    ...SEARCHES.map((text) => visit('fleet', `/fleet?q=${encodeURIComponent(text)}`)),
  ];
}

function journal(path: string, list: string): readonly Visit[] {
  return [
    visit(list, path),
    visit(list, `${path}?level=problem`),
    ...JOURNAL_SEARCHES.map((text) => visit(list, `${path}?q=${text}`)),
  ];
}

function sessions(firstCharger: number): readonly Visit[] {
  return Array.from({ length: SESSION_CHARGERS }, (_, n) => `/fleet/${identityOf(firstCharger + n)}`).flatMap(
    (path) => [visit('sessions', `${path}/sessions`), ...journal(`${path}/events`, 'events of a charger')],
  );
}

function recharges(): readonly Visit[] {
  return [
    ...RECHARGE_SORTS.flatMap((sort) =>
      ['', '&order=asc'].map((order) => visit('recharges', `/recharges?sort=${sort}${order}`)),
    ),
    ...RECHARGE_STATES.map((state) => visit('recharges', `/recharges?state=${state}`)),
    ...SEARCHES.map((text) => visit('recharges', `/recharges?q=${encodeURIComponent(text)}`)),
  ];
}

function around(): readonly Visit[] {
  return ['/audit', '/bin', '/reviews', '/reviews?state=resolved'].map((path) =>
    visit(path.slice(1).split('?')[0] ?? '', path),
  );
}

function visit(list: string, path: string): Visit {
  return { list, path };
}

/** Each in an order of his own, the same in every run. */
function shuffled(visits: readonly Visit[], salt: number): readonly Visit[] {
  return visits
    .map((one, index) => [pick(index, salt, 1_000_000), one] as const)
    .toSorted(([one], [other]) => one - other)
    .map(([, one]) => one);
}
