/**
 * Who looks, what he may do, and which records he finds. Permission is part of finding a thing: every list, form, live
 * page, export and command asks with a `Viewer`, and what is not his is not there.
 */

/** MOD-01, and the platform operator, who declares them all (product decisions, section 1). */
export const SUBSCRIBER_KINDS = ['merchant', 'chain', 'maintainer', 'integrator', 'gateway'] as const;
export type SubscriberKind = (typeof SUBSCRIBER_KINDS)[number];
/** `customer`: somebody who charges, and is of no subscription (MOD-18). */
export type AccountKind = SubscriberKind | 'platform' | 'customer';

/** What a role gives or withholds (USR-05, USR-06, USR-08). */
export const SECTIONS = [
  'companies',
  'station-management',
  'station-maintenance',
  'tariffs',
  'customers',
  'sessions',
  'custom-fields',
  'users',
  'models',
  'kits',
  'merchants',
  'subscribers',
] as const;
export type Section = (typeof SECTIONS)[number];

/** Who gets a merchant to try chargers with (MPU-10, INT-07). */
export function hasTestMerchant(kind: AccountKind): boolean {
  return kind === 'maintainer' || kind === 'integrator' || kind === 'gateway';
}

const SECTIONS_OF: Readonly<Record<AccountKind, readonly Section[]>> = {
  merchant: [
    'companies',
    'station-management',
    'station-maintenance',
    'tariffs',
    'customers',
    'sessions',
    'custom-fields',
    'users',
  ],
  chain: ['sessions', 'users'],
  maintainer: ['merchants', 'station-maintenance', 'users'],
  integrator: ['models', 'kits', 'users'],
  gateway: ['kits', 'users'],
  customer: [],
  platform: ['subscribers', 'kits', 'users', 'station-maintenance', 'customers'],
};

/** The sections that a role of such a subscriber speaks of; the others do not exist for it. */
export function sectionsOf(kind: AccountKind): readonly Section[] {
  return SECTIONS_OF[kind];
}

/** USR-04: « Aucun », « Visualisation », « Modification ». */
export const LEVELS = ['none', 'view', 'modify'] as const;
export type Level = (typeof LEVELS)[number];
/** A section that is left out is `none`. */
export type Rights = Readonly<Partial<Record<Section, Level>>>;

/** SUB-03: what was paid for. A feature without its option is left out of every page. */
export const OPTIONS = ['sms', 'mail', 'payment', 'card', 'grappe'] as const;
export type Option = (typeof OPTIONS)[number];

/** USR-13: none, or some companies, or some stations, or some customers; never two of these. */
export type Restriction =
  | { readonly to: 'nothing' }
  | { readonly to: 'companies' | 'stations' | 'customers'; readonly ids: ReadonlySet<string> };

export type Viewer = {
  /** The username: who did it, in audits and journals. */
  readonly name: string;
  readonly kind: AccountKind;
  /** The account that he works in; null for the platform operator. */
  readonly subscriberId: string | null;
  readonly rights: Rights;
  readonly restriction: Restriction;
  readonly options: ReadonlySet<Option>;
  /** For a chain: the merchants under its brand (MOD-13). */
  readonly merchantIds: ReadonlySet<string>;
  /** For a maintainer: the companies whose maintenance it was offered and has accepted (MPU-02, MPU-03). */
  readonly maintainedCompanyIds: ReadonlySet<string>;
};

const NOTHING: ReadonlySet<never> = new Set();
const UNRESTRICTED: Restriction = { to: 'nothing' };

/** All rights over everything: the server itself, its command line, and its API token. */
export function platformViewer(name: string): Viewer {
  const rights = Object.fromEntries(sectionsOf('platform').map((section) => [section, 'modify' as const]));
  return {
    name,
    kind: 'platform',
    subscriberId: null,
    rights,
    restriction: UNRESTRICTED,
    options: new Set(OPTIONS),
    merchantIds: NOTHING,
    maintainedCompanyIds: NOTHING,
  };
}

/** Somebody who is a customer and nothing else: no section exists for him. */
export function customerViewer(name: string): Viewer {
  return {
    name,
    kind: 'customer',
    subscriberId: null,
    rights: {},
    restriction: UNRESTRICTED,
    options: NOTHING,
    merchantIds: NOTHING,
    maintainedCompanyIds: NOTHING,
  };
}

/** May he do this, in the sections that exist for his kind of account? */
export function may(viewer: Viewer, section: Section, level: 'view' | 'modify'): boolean {
  if (!SECTIONS_OF[viewer.kind].includes(section)) return false;
  const given = viewer.rights[section] ?? 'none';
  return level === 'view' ? given !== 'none' : given === 'modify';
}

/** PRC-13: commands are for whoever may change the management or the maintenance of stations, not for whoever only looks. */
export function mayCommand(viewer: Viewer): boolean {
  return may(viewer, 'station-management', 'modify') || maintains(viewer);
}

/** Faults, doubts and what is broken are for whoever maintains stations. */
export function maintains(viewer: Viewer): boolean {
  return may(viewer, 'station-maintenance', 'modify');
}

/** May he decide what a session comes to? A maintainer has no sessions of his own, and looks after those of others. */
export function mayResolve(viewer: Viewer): boolean {
  return may(viewer, 'sessions', 'modify') || maintains(viewer);
}

/** SUB-02: whoever may change the users of an account administers it: its bin and its audit are his. */
export function administers(viewer: Viewer): boolean {
  return may(viewer, 'users', 'modify') && viewer.restriction.to === 'nothing';
}

/**
 * SUB-02: recharges are deleted by whoever administers the account whose they are: a merchant's, or the platform's. A
 * chain and a maintainer read those of others.
 */
export function mayDeleteRecharges(viewer: Viewer): boolean {
  if (!administers(viewer)) return false;
  return viewer.kind === 'platform' || (viewer.kind === 'merchant' && may(viewer, 'sessions', 'modify'));
}

/** A station, or the charger on it, as far as finding it goes. */
export type StationPlace = {
  readonly stationId: string;
  /** Null: a station of nobody yet, which only the platform operator sees. */
  readonly subscriberId: string | null;
  readonly companyId: string | null;
};

/** Does he find this station, on lists, live pages, exports and when he sends a command? */
export function findsStation(viewer: Viewer, place: StationPlace): boolean {
  if (!watchesFleet(viewer)) return false;
  const { restriction } = viewer;
  if (restriction.to === 'customers') return false;
  if (restriction.to === 'stations' && !restriction.ids.has(place.stationId)) return false;
  if (restriction.to === 'companies' && (place.companyId === null || !restriction.ids.has(place.companyId)))
    return false;
  const isOwn = place.subscriberId !== null && place.subscriberId === viewer.subscriberId;
  switch (viewer.kind) {
    case 'platform':
      return true;
    case 'merchant':
      return isOwn;
    case 'chain':
      return place.subscriberId !== null && viewer.merchantIds.has(place.subscriberId);
    case 'maintainer':
      return isOwn || (place.companyId !== null && viewer.maintainedCompanyIds.has(place.companyId));
    case 'integrator':
    case 'gateway':
      return isOwn;
    case 'customer':
      return false;
  }
}

/** Then nothing needs to be looked at one by one. */
export function seesEverything(viewer: Viewer): boolean {
  return viewer.kind === 'platform' && viewer.restriction.to === 'nothing' && watchesFleet(viewer);
}

/**
 * Does he watch chargers? « État du parc » is a page of « Stations de charge » (ABO-03): it comes with either right over
 * them. A chain has the sessions of its merchants and nothing else; integrators and gateways have no chargers to watch.
 */
export function watchesFleet(viewer: Viewer): boolean {
  if (viewer.kind === 'chain') return may(viewer, 'sessions', 'view');
  return may(viewer, 'station-management', 'view') || may(viewer, 'station-maintenance', 'view');
}

/**
 * May he read recharges? Where roles speak of them, the right says so; whoever maintains stations for others, and the
 * platform operator, read those of the stations they look after. Whoever is restricted to some customers reads theirs.
 */
export function readsRecharges(viewer: Viewer): boolean {
  return sectionsOf(viewer.kind).includes('sessions') ? may(viewer, 'sessions', 'view') : watchesFleet(viewer);
}

/** Two viewers of one audience find the same stations: what is drawn for one can be sent to the other. */
export function audienceOf(viewer: Viewer): string {
  const { kind, subscriberId, restriction, merchantIds, maintainedCompanyIds } = viewer;
  if (seesEverything(viewer)) return 'everything';
  if (!watchesFleet(viewer)) return 'nothing';
  const ids = restriction.to === 'nothing' ? '' : textOf(restriction.ids);
  return [kind, subscriberId, restriction.to, ids, textOf(merchantIds), textOf(maintainedCompanyIds)].join(' ');
}

/** Sets of ids are never changed, and looked at again with every page: some have hundreds. */
const texts = new WeakMap<ReadonlySet<string>, string>();

function textOf(ids: ReadonlySet<string>): string {
  const text = texts.get(ids) ?? JSON.stringify([...ids].toSorted());
  texts.set(ids, text);
  return text;
}
