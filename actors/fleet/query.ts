import type { ChargePointView, FleetQuery, FleetState } from './messages.ts';

/** Kept: making one for each comparison is twenty times slower. */
const collator = new Intl.Collator('fr', { sensitivity: 'base', numeric: true });
/** Faults first, then what is silent, then what is busy: the order of a maintainer's morning. */
const URGENCY: Readonly<Record<FleetState, number>> = { 'out-of-service': 0, offline: 1, occupied: 2, free: 3 };

/** Does a charger fit the filters? Letter case and accents do not count in the text. */
export function matcher(query: FleetQuery): Matcher {
  const words = folded(query.text)
    .split(/\s+/)
    .filter((word) => word !== '');
  const holds = (text: string): boolean => words.every((word) => text.includes(word));
  return (view, text = () => textOf(view)) => {
    if (query.states.length > 0 && !query.states.includes(view.state)) return false;
    if (query.faultOnly && !view.fault) return false;
    if (query.access.length > 0 && !query.access.includes(view.access)) return false;
    return words.length === 0 || holds(text());
  };
}
/** `text`: what was kept of `textOf`. */
type Matcher = (view: ChargePointView, text?: () => string) => boolean;

/** Then every charger fits, and none needs to be looked at. */
export function isUnfiltered({ states, faultOnly, access, text }: FleetQuery): boolean {
  return states.length === 0 && !faultOnly && access.length === 0 && text.trim() === '';
}

/** What a list of names is sorted by. */
type Named = Pick<ChargePointView, 'stationName' | 'chargePointId'>;

export function byName(a: Named, b: Named): number {
  return collator.compare(a.stationName, b.stationName) || byIdentity(a, b);
}

export function byIdentity(a: Named, b: Named): number {
  return collator.compare(a.chargePointId, b.chargePointId);
}

/** In the order of the query what is in that of identities, where it asks for them, else in that of names. */
export function arranged(views: readonly ChargePointView[], { sort, descending }: FleetQuery): ChargePointView[] {
  const ways: Record<FleetQuery['sort'], () => ChargePointView[]> = {
    urgency: () => byRank(views, rank),
    state: () => byRank(views, (view) => URGENCY[view.state]),
    heard: () => views.toSorted((a, b) => (b.heardAtMs ?? 0) - (a.heardAtMs ?? 0)),
    name: () => [...views],
    chargePointId: () => [...views],
  };
  const found = ways[sort]();
  return descending ? found.toReversed() : found;
}

/** A few ranks and many views: each rank keeps the order in which they come. */
function byRank(views: readonly ChargePointView[], rankOf: (view: ChargePointView) => number): ChargePointView[] {
  const ranks = new Map<number, ChargePointView[]>();
  for (const view of views) {
    const mine = ranks.get(rankOf(view));
    if (mine) mine.push(view);
    else ranks.set(rankOf(view), [view]);
  }
  return [...ranks].toSorted(([a], [b]) => a - b).flatMap(([, found]) => found);
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
