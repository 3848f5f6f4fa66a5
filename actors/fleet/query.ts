import type { ChargePointView, FleetQuery, FleetState } from './messages.ts';

/** Kept: making one for each comparison is twenty times slower. */
const collator = new Intl.Collator('fr', { sensitivity: 'base', numeric: true });
/** Faults first, then what is silent, then what is busy: the order of a maintainer's morning. */
const URGENCY: Readonly<Record<FleetState, number>> = { 'out-of-service': 0, offline: 1, occupied: 2, free: 3 };

/** Does a charger fit all that was asked for? */
export function matcher(query: FleetQuery): (view: ChargePointView) => boolean {
  const fits = filter(query);
  const holds = search(query);
  return (view) => (fits === null || fits(view)) && (holds === null || holds(textOf(view)));
}

/** Does it fit what was chosen? Null where nothing was. */
export function filter(query: FleetQuery): ((view: ChargePointView) => boolean) | null {
  const { states, faultOnly, access, status } = query;
  const station = folded(query.station).trim();
  if (states.length === 0 && !faultOnly && access.length === 0 && status === null && station === '') return null;
  return (view) =>
    (states.length === 0 || states.includes(view.state)) &&
    (!faultOnly || view.fault) &&
    (access.length === 0 || access.includes(view.access)) &&
    (status === null || view.status === status || view.connectors.some((part) => part.status === status)) &&
    (station === '' || folded(view.stationName).includes(station));
}

/** Does its text hold what was typed? Letter case and accents do not count. Null where nothing was. */
export function search(query: FleetQuery): ((text: string) => boolean) | null {
  const words = folded(query.text)
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.length === 0 ? null : (text) => words.every((word) => text.includes(word));
}

/** What a list of names is sorted by. */
type Named = Pick<ChargePointView, 'stationName' | 'chargePointId'>;

export function byName(a: Named, b: Named): number {
  return collator.compare(a.stationName, b.stationName) || byIdentity(a, b);
}

export function byIdentity(a: Named, b: Named): number {
  return collator.compare(a.chargePointId, b.chargePointId);
}

type Viewed = { readonly view: ChargePointView };

/** In this order what is in that of identities, where it asks for them, else in that of names. */
export function arranged<One extends Viewed>(all: readonly One[], sort: FleetQuery['sort']): readonly One[] {
  switch (sort) {
    case 'urgency':
      return byRank(all, rank);
    case 'state':
      return byRank(all, (view) => URGENCY[view.state]);
    case 'heard':
      return all.toSorted((a, b) => (b.view.heardAtMs ?? 0) - (a.view.heardAtMs ?? 0));
    case 'name':
    case 'chargePointId':
      return all;
  }
}

/** A few ranks and many chargers: each rank keeps the order in which they come. */
function byRank<One extends Viewed>(all: readonly One[], rankOf: (view: ChargePointView) => number): One[] {
  const ranks = Map.groupBy(all, ({ view }) => rankOf(view));
  return [...ranks].toSorted(([a], [b]) => a - b).flatMap(([, found]) => found);
}

/** The page of a list, whose end comes first when it is descending. */
export function pageOf<One>(found: readonly One[], { page, pageSize, descending }: FleetQuery): readonly One[] {
  const size = pageSize ?? Math.max(found.length, 1);
  const from = (Math.max(page, 1) - 1) * size;
  if (!descending) return found.slice(from, from + size);
  const end = Math.max(0, found.length - from);
  return found.slice(Math.max(0, end - size), end).toReversed();
}

function rank(view: ChargePointView): number {
  return view.fault ? -1 : URGENCY[view.state];
}

/** What a charger is searched by. */
export function textOf(view: ChargePointView): string {
  const sessions = view.connectors.map((one) =>
    one.session === null ? '' : `${one.session.idTag} ${one.session.driver ?? ''}`,
  );
  const { chargePointId, stationName, address, postcode, city, merchant, vendor, model } = view;
  return folded(
    [chargePointId, stationName, address, postcode, city, merchant, vendor ?? '', model ?? '', ...sessions].join(' '),
  );
}

/** Is a charger that has just changed searched by the same text? Its declaration is known to be. */
export function saysTheSame(before: ChargePointView, now: ChargePointView): boolean {
  if (before.vendor !== now.vendor || before.model !== now.model) return false;
  if (before.connectors.length !== now.connectors.length) return false;
  return now.connectors.every(({ session }, index) => {
    const other = before.connectors[index]?.session ?? null;
    return session?.idTag === other?.idTag && session?.driver === other?.driver;
  });
}

function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}
