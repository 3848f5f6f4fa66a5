import type { Section } from '#src/domain/office/viewer.ts';
import {
  alertOf,
  COMPANIES,
  CUSTOMERS,
  RECHARGES,
  REVIEWS,
  STATIONS,
  tenants,
  type RouteUser,
} from '../fixtures/route-world.ts';

/**
 * Who finds what at every address of the server, written by hand from the manual and the decisions, and not from the
 * code. An address that is missing here fails its test.
 */
export type Rule =
  /** No login is asked for. */
  | { readonly to: 'strangers' }
  /** A token of the API is asked for: a login is none. */
  | { readonly to: 'tokens' }
  /** Everybody who has signed in, whatever he may do. It is not asked for here where it would end his login. */
  | { readonly to: 'everybody'; readonly asked: boolean }
  | {
      readonly to: 'some';
      readonly who: (user: RouteUser) => boolean;
      /** What stands for the parameter of the address, and which of them this user finds. */
      readonly ids?: readonly string[];
      readonly finds?: (user: RouteUser) => readonly string[];
      /** What is posted. */
      readonly body?: (id: string) => Readonly<Record<string, string>>;
    };

type Some = Extract<Rule, { to: 'some' }>;
type Who = Some['who'];
type Finds = NonNullable<Some['finds']>;

const may =
  (level: 'view' | 'modify', ...sections: readonly Section[]): Who =>
  ({ rights }) =>
    sections.some((section) => (level === 'view' ? rights.has(section) : rights.get(section) === 'modify'));
const both =
  (...all: readonly Who[]): Who =>
  (user) =>
    all.every((one) => one(user));
const isUser: Who = ({ kind }) => kind !== 'platform';
const isPlatform: Who = ({ kind }) => kind === 'platform';
const administers: Who = both(may('modify', 'users'), ({ restricted }) => !restricted);
const watches: Who = (user) =>
  may(
    'view',
    ...(user.kind === 'chain' ? (['sessions'] as const) : (['station-management', 'station-maintenance'] as const)),
  )(user);
const commands: Who = both(watches, may('modify', 'station-management', 'station-maintenance'));
const maintains: Who = both(watches, may('modify', 'station-maintenance'));

/** Records that are the tenant's own; the platform's operator finds everybody's. */
const ofTenant =
  (key: string, all: readonly string[] = tenants()): Finds =>
  ({ kind, tenant }) =>
    kind === 'platform' ? all.map((one) => `${one}-${key}`) : [`${tenant}-${key}`];
const withKey = (key: string): readonly string[] => tenants().map((one) => `${one}-${key}`);
const stations: Finds = ({ stations: found }) => found;
const chargers: Finds = ({ stations: found }) => found.map((id) => id.toUpperCase());
const reviews: Finds = ({ stations: found }) => found.map((id) => REVIEWS[id as keyof typeof REVIEWS]);

/**
 * Where roles speak of recharges their right says so; a maintainer reads those of the stations that he looks after, and
 * whoever is restricted to some customers theirs (USR-13).
 */
const readsRecharges: Who = (user) =>
  user.kind === 'merchant' || user.kind === 'chain' ? may('view', 'sessions')(user) : watches(user);
const recharges: Finds = ({ stations: found }) => found.map((id) => String(RECHARGES[id as keyof typeof RECHARGES]));

const some = (who: Who, more: Omit<Some, 'to' | 'who'> = {}): Rule => ({ to: 'some', who, ...more });

type Family = {
  readonly view: Who;
  readonly change: Who;
  readonly make: Who;
  /** As `make` unless said. */
  readonly remove?: Who;
  readonly ids: readonly string[];
  readonly finds: Finds;
};

/** The eleven addresses of a declared screen. */
function screen(
  path: string,
  { view, change, make, remove = make, ids, finds }: Family,
): Readonly<Record<string, Rule>> {
  return {
    [`GET ${path}`]: some(view),
    [`GET ${path}.xlsx`]: some(view),
    [`GET ${path}.csv`]: some(view),
    [`GET ${path}/new`]: some(make),
    [`POST ${path}`]: some(make),
    [`GET ${path}/:id`]: some(view, { ids, finds }),
    [`POST ${path}/:id`]: some(change, { ids, finds }),
    // Without a confirmation it only asks.
    [`POST ${path}/delete`]: some(remove, { ids, finds, body: (id) => ({ id }) }),
  };
}

/** A form alone: what is a part of something else has no list. */
function form(path: string, { view, change, ids, finds }: Family): Readonly<Record<string, Rule>> {
  return { [`GET ${path}`]: some(view, { ids, finds }), [`POST ${path}`]: some(change, { ids, finds }) };
}

/** The platform sees, changes and deletes what is everybody's; it makes none of it. */
const madeWithin = (family: Family): Family => ({
  ...family,
  make: both(family.make, isUser),
  remove: family.make,
});

const ownIn = (section: Section, key: string): Family => ({
  view: may('view', section),
  change: may('modify', section),
  make: may('modify', section),
  ids: withKey(key),
  finds: ofTenant(key),
});

const models: Family = {
  ...ownIn('models', 'model'),
  ids: ['volterre-model', 'integrator-2-model'],
  finds: ofTenant('model', ['volterre', 'integrator-2']),
};

/** What the platform keeps for others is its own to see and change. */
const ofPlatform = (key: string): Family => ({
  view: both(isPlatform, may('view', 'kits')),
  change: both(isPlatform, may('modify', 'kits')),
  make: both(isPlatform, may('modify', 'kits')),
  ids: [key],
  finds: () => [key],
});
/** One of each company. */
const GRAPPES = COMPANIES.map((id) => id.replace('company', 'grappe'));
const isIntegrator: Who = ({ kind }) => kind === 'integrator';
const nobody: Who = () => false;

export const ROUTES: Readonly<Record<string, Rule>> = {
  'GET /healthz': { to: 'strangers' },
  'GET /readyz': { to: 'strangers' },
  'GET /assets/:name': { to: 'strangers' },
  'GET /login': { to: 'strangers' },
  'POST /login': { to: 'strangers' },
  'GET /login/code': { to: 'strangers' },
  'POST /login/code': { to: 'strangers' },
  'GET /password/forgotten': { to: 'strangers' },
  'POST /password/forgotten': { to: 'strangers' },
  'POST /language': { to: 'strangers' },
  'POST /theme': { to: 'strangers' },
  'POST /layout': { to: 'strangers' },
  'GET /terms': { to: 'strangers' },
  'GET /legal': { to: 'strangers' },
  'GET /privacy': { to: 'strangers' },
  'GET /password/reset/:token': { to: 'strangers' },
  'POST /password/reset/:token': { to: 'strangers' },
  'GET /api/openapi.json': { to: 'strangers' },
  'GET /api/charge-points': { to: 'tokens' },
  'GET /api/charge-points/:id': { to: 'tokens' },
  'POST /api/charge-points/:id/commands': { to: 'tokens' },
  'DELETE /api/charge-points/:id/commands/:commandId': { to: 'tokens' },
  'GET /api/commands/:commandId': { to: 'tokens' },
  'POST /logout': { to: 'everybody', asked: false },
  'GET /': { to: 'everybody', asked: true },
  'GET /places/communes': { to: 'everybody', asked: true },
  'GET /places/time-zone': { to: 'everybody', asked: true },
  'GET /password/change': { to: 'everybody', asked: true },
  'POST /password/change': { to: 'everybody', asked: false },
  'GET /account': { to: 'everybody', asked: true },
  // The operator's account is the configuration's: it has no form.
  'POST /account': some((user) => !isPlatform(user)),
  'POST /account/logins/end': { to: 'everybody', asked: true },
  'POST /account/logins/:handle/end': some(() => true, { ids: ['nothing'], finds: () => [] }),
  'GET /account/second-factor': { to: 'everybody', asked: true },
  'POST /account/second-factor': { to: 'everybody', asked: false },
  'POST /account/second-factor/codes': { to: 'everybody', asked: false },
  'POST /account/second-factor/off': { to: 'everybody', asked: false },
  // MPU-10, INT-07: to a test merchant, for whoever has what he serves it by. Nobody has entered one; its own tests do.
  'GET /access': some(
    ({ kind, rights, restricted }) =>
      !restricted &&
      ((kind === 'maintainer' && rights.has('station-maintenance')) || (kind === 'integrator' && rights.has('models'))),
  ),
  'POST /access': some(() => true, { ids: ['nothing'], finds: () => [], body: (account) => ({ account }) }),
  'POST /access/leave': some(() => false),
  // CLI-06: nobody here is a customer; their own tests are.
  'GET /me': some(() => false),
  'GET /me/sessions': some(() => false),
  'GET /me/sessions.xlsx': some(() => false),
  'GET /me/join/:token': some(() => true, { ids: ['nothing'], finds: () => [] }),
  'POST /me/join/:token': some(() => true, { ids: ['nothing'], finds: () => [] }),
  'GET /me/:id': some(() => true, { ids: CUSTOMERS, finds: () => [] }),
  'POST /me/:id': some(() => true, { ids: CUSTOMERS, finds: () => [] }),

  ...screen('/companies', {
    view: may('view', 'companies'),
    change: may('modify', 'companies'),
    make: may('modify', 'companies'),
    ids: COMPANIES,
    finds: ({ companies }) => companies,
  }),
  ...Object.fromEntries(
    ['xlsx', 'csv'].map((format) => [
      `GET /companies/:id/maintainers.${format}`,
      some(may('view', 'companies'), { ids: COMPANIES, finds: ({ companies }) => companies }),
    ]),
  ),
  'POST /companies/:id/apply': some(may('modify', 'companies'), {
    ids: COMPANIES,
    finds: ({ companies }) => companies,
    body: () => ({ field: 'visibleToPublic' }),
  }),
  // MPU-04: whoever maintains a station completes it; he neither makes nor deletes it.
  ...screen('/stations', {
    view: may('view', 'station-management', 'station-maintenance'),
    change: may('modify', 'station-management', 'station-maintenance'),
    make: may('modify', 'station-management'),
    ids: STATIONS,
    finds: stations,
  }),
  // STA-20: its points are the maintenance's alone.
  ...form('/stations/:parent/evses/:number', { ...ownIn('station-maintenance', ''), ids: STATIONS, finds: stations }),
  'GET /stations/data-gouv': some(may('view', 'station-management')),
  'GET /stations/data-gouv.csv': some(may('view', 'station-management')),
  // USR-13: of his companies, or those that he is restricted to; who is restricted to stations or customers makes none.
  ...screen('/customers', {
    view: may('view', 'customers'),
    change: may('modify', 'customers'),
    make: both(may('modify', 'customers'), isUser, ({ companies }) => companies.length > 0),
    remove: may('modify', 'customers'),
    ids: CUSTOMERS,
    finds: ({ customers }) => customers,
  }),
  // MOD-12: public customers are the platform's.
  ...screen('/admin/customers', {
    ...ofPlatform('world-public'),
    view: isPlatform,
    change: isPlatform,
    make: isPlatform,
  }),
  // Users and roles are made within a subscription: the platform has none of its own.
  // GRA-01: with its option alone, which concarneau has not; a maintainer sees those of his merchants, and makes none.
  ...screen('/grappes', {
    view: may('view', 'station-maintenance'),
    change: may('modify', 'station-maintenance'),
    make: both(may('modify', 'station-maintenance'), ({ kind }) => kind === 'merchant'),
    remove: both(may('modify', 'station-maintenance'), ({ kind }) => kind !== 'maintainer'),
    ids: GRAPPES,
    finds: ({ companies, kind }) =>
      kind === 'platform' ? GRAPPES : GRAPPES.filter((id) => companies.includes(id.replace('grappe', 'company'))),
  }),
  ...screen('/users', madeWithin(ownIn('users', 'plain'))),
  ...Object.fromEntries(
    ['password-link', 'temporary-password', 'second-factor/off', 'logins/end'].map((act) => [
      `POST /users/:id/${act}`,
      some(
        both(may('modify', 'users'), ({ restricted }) => !restricted),
        {
          ids: withKey('plain'),
          finds: ofTenant('plain'),
        },
      ),
    ]),
  ),
  ...screen('/roles', madeWithin(ownIn('users', 'role-plain'))),
  ...screen('/custom-fields', {
    ...ownIn('custom-fields', 'field'),
    ids: ['ponant-field', 'concarneau-field'],
    finds: ofTenant('field', ['ponant', 'concarneau']),
  }),
  ...screen('/models', models),
  ...form('/models/:parent/evses/:number', models),
  ...screen('/admin/subscribers', { ...ownIn('subscribers', ''), ids: tenants(), finds: () => tenants() }),
  // MPU-10: of the one that was made without.
  'POST /admin/subscribers/:id/test-merchant': some(may('modify', 'subscribers'), {
    ids: ['maintainer-2'],
    finds: () => ['maintainer-2'],
  }),
  ...screen('/admin/kits', ofPlatform('volterre-kit')),
  // INT-04: the key is given with the kit.
  'POST /admin/kits/:id/key': some(both(isPlatform, may('modify', 'kits')), {
    ids: ['volterre-kit'],
    finds: () => ['volterre-kit'],
  }),
  ...screen('/admin/sims', ofPlatform('world-sim')),
  ...screen('/admin/firmwares', ofPlatform('world-firmware')),
  'POST /admin/firmwares/:id/file': some(both(isPlatform, may('modify', 'kits')), {
    ids: ['world-firmware'],
    finds: () => ['world-firmware'],
  }),
  ...screen('/admin/servers', ofPlatform('world-server')),
  // INT-03, INT-04: what the platform granted him, and nothing of it his to change.
  ...screen('/kits', {
    view: both(isIntegrator, may('view', 'kits')),
    change: nobody,
    make: nobody,
    ids: ['volterre-kit', 'integrator-2-kit'],
    finds: ofTenant('kit'),
  }),
  'GET /kits/assign': some(both(isIntegrator, may('view', 'kits'))),
  // INT-05: into his own models.
  'POST /kits/assign': some(both(isIntegrator, may('modify', 'kits')), {
    ids: models.ids,
    finds: models.finds,
    body: (id) => ({ model: id }),
  }),
  'GET /bin': some(administers),
  'POST /bin/:id': some(administers, {
    ids: withKey('bin'),
    // The platform's bin is its own.
    finds: (user) => (isPlatform(user) ? [] : ofTenant('bin')(user)),
  }),
  'GET /outbox': some(administers),
  // What was given up waits again once it is asked for: its own tests say whose it is.
  'POST /outbox/retry': some(administers, { ids: ['nothing'], finds: () => [], body: (key) => ({ key }) }),
  'GET /audit': some(administers),
  'GET /recharges': some(readsRecharges),
  'GET /recharges.xlsx': some(readsRecharges),
  'GET /recharges.csv': some(readsRecharges),
  // SUB-02: whoever administers the account whose they are.
  'POST /recharges/delete': some(
    both(
      administers,
      ({ kind, rights }) => kind === 'platform' || (kind === 'merchant' && rights.get('sessions') === 'modify'),
    ),
    { ids: Object.values(RECHARGES).map(String), finds: recharges, body: (id) => ({ id }) },
  ),
  'GET /recharges/:transactionId': some(readsRecharges, {
    ids: Object.values(RECHARGES).map(String),
    finds: recharges,
  }),
  'GET /merchants': some(may('view', 'merchants')),
  'POST /merchants/:companyId': some(may('modify', 'merchants'), {
    ids: COMPANIES,
    finds: ({ companies }) => companies,
    body: () => ({ accept: '1' }),
  }),

  'GET /fleet': some(watches),
  'GET /fleet/live': some(watches),
  'GET /radar': some(watches),
  'GET /radar/live': some(watches),
  'POST /stations/:id/charger-password': some(may('modify', 'station-maintenance'), {
    ids: STATIONS,
    finds: stations,
    body: () => ({ act: 'set' }),
  }),
  // STA-25: whoever may change the points, and finds the charger that tells of them.
  'GET /stations/:id/points-told': some(maintains, { ids: STATIONS, finds: stations }),
  'POST /stations/:id/points-told': some(maintains, { ids: STATIONS, finds: stations }),
  'GET /alerts': some(watches),
  'POST /alerts/acknowledge': some(maintains, {
    ids: STATIONS,
    finds: stations,
    body: (stationId) => ({ alert: alertOf(stationId) }),
  }),
  // LAF-05: whoever installs the charger.
  'POST /stations/:id/apn': some(may('modify', 'station-maintenance'), { ids: STATIONS, finds: stations }),
  // PRC-20: what roams is sent by whoever may command it; without a partner of that name, nobody.
  'GET /roaming': some(commands),
  'POST /roaming/:partner': some(commands, { ids: ['gireve', 'nobody'], finds: () => ['gireve'] }),
  'POST /stations/:id/statuses/:partner': some(commands, { ids: STATIONS, finds: stations }),
  'POST /stations/:id/recipients': some(may('modify', 'station-management', 'station-maintenance'), {
    ids: STATIONS,
    finds: stations,
  }),
  // A server without a demonstration has none.
  'GET /demo/simulator': some(nobody),
  'POST /demo/simulator': some(nobody),
  'GET /quirks': some(may('view', 'station-maintenance')),
  'GET /quirks.csv': some(may('view', 'station-maintenance')),
  'GET /reviews': some(watches),
  'GET /reviews/:key': some(watches, { ids: Object.values(REVIEWS), finds: reviews }),
  'POST /reviews/:key': some(both(watches, may('modify', 'sessions', 'station-maintenance')), {
    ids: Object.values(REVIEWS),
    finds: reviews,
    body: () => ({ choice: 'seen' }),
  }),
  ...Object.fromEntries(
    ['', '/drawer', '/live', '/events', '/events.xlsx', '/events.csv', '/sessions'].map((page) => [
      `GET /fleet/:chargePointId${page}`,
      some(watches, { ids: chargersOf(STATIONS), finds: chargers }),
    ]),
  ),
  ...Object.fromEntries(
    ['GET /fleet/:chargePointId/firmware', 'GET /fleet/:chargePointId/logs'].map((route) => [
      route,
      some(commands, { ids: chargersOf(STATIONS), finds: chargers }),
    ]),
  ),
  // Nothing is chosen, and no charger has left a log.
  'POST /fleet/:chargePointId/firmware': some(commands, { ids: chargersOf(STATIONS), finds: chargers }),
  'POST /fleet/:chargePointId/logs': some(commands, { ids: chargersOf(STATIONS), finds: chargers }),
  'GET /fleet/:chargePointId/logs/:commandId': some(commands, { ids: chargersOf(STATIONS), finds: () => [] }),
  'POST /fleet/:chargePointId/commands/:name': some(commands, {
    ids: chargersOf(STATIONS),
    finds: chargers,
    body: () => ({ type: 'Soft' }),
  }),
  'POST /fleet/:chargePointId/reload': some(commands, { ids: chargersOf(STATIONS), finds: chargers }),
  // Of a command that is not there: every charger that he finds answers 404 too.
  'POST /fleet/:chargePointId/commands/:commandId/withdraw': some(nobody, { ids: chargersOf(STATIONS) }),
  // Without chargers, or of a batch that is not there: nobody finds one.
  'POST /commands/new': some(commands),
  'POST /commands/firmware': some(commands),
  'POST /commands/logs': some(commands),
  'POST /commands/:name': some(commands),
  'GET /commands/:batch': some(nobody, { ids: ['nothing'] }),
  'POST /commands/:batch/withdraw': some(nobody, { ids: ['nothing'] }),
  'GET /commands/:batch/live': some(nobody, { ids: ['nothing'] }),
  'GET /fleet/:chargePointId/keys': some(commands, { ids: chargersOf(STATIONS), finds: chargers }),
  'POST /fleet/:chargePointId/keys': some(commands, {
    ids: chargersOf(STATIONS),
    finds: chargers,
    body: () => ({ key: 'LightIntensity', value: '20', force: 'on' }),
  }),
  'GET /events': some(isPlatform),
  'GET /events/live': some(isPlatform),
  'GET /events.xlsx': some(isPlatform),
  'GET /events.csv': some(isPlatform),
  'GET /health': some(isPlatform),
  'GET /dev/components': some(isPlatform),
};

function chargersOf(ids: readonly string[]): readonly string[] {
  return ids.map((id) => id.toUpperCase());
}
