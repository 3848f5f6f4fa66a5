import type { FleetQuery, FleetSort, FleetState } from '#actors/fleet/messages.ts';
import { FLEET_STATES, PART_STATUSES } from '#actors/fleet/messages.ts';
import { readPage } from '#web/views/pager.ts';

export const PAGE_SIZES = [50, 100, 200] as const;
export const SORTS = ['urgency', 'name', 'chargePointId', 'heard', 'state'] as const satisfies readonly FleetSort[];
const TEXT_LENGTH_MAX = 100;

export const EVERYTHING: FleetQuery = {
  states: [],
  faultOnly: false,
  access: [],
  status: null,
  station: '',
  text: '',
  sort: 'urgency',
  descending: false,
  page: 1,
  pageSize: PAGE_SIZES[1],
};

/** Reads the query of a fleet address. What it does not understand it leaves out: an old link must open something. */
export function readFleetQuery(search: URLSearchParams): FleetQuery {
  const states = FLEET_STATES.filter((state) => search.getAll('state').includes(state));
  const access = (['public', 'private'] as const).filter((kind) => search.getAll('access').includes(kind));
  const size = search.get('size');
  return {
    // All of them is the same as none, and a link should have one form.
    states: states.length === FLEET_STATES.length ? [] : states,
    faultOnly: search.get('fault') === '1',
    access: access.length === 2 ? [] : access,
    status: PART_STATUSES.find((one) => one === search.get('status')) ?? null,
    station: (search.get('station') ?? '').trim().slice(0, TEXT_LENGTH_MAX),
    text: (search.get('q') ?? '').trim().slice(0, TEXT_LENGTH_MAX),
    sort: SORTS.find((sort) => sort === search.get('sort')) ?? EVERYTHING.sort,
    descending: search.get('order') === 'desc',
    page: readPage(search),
    pageSize: size === 'all' ? null : (PAGE_SIZES.find((one) => String(one) === size) ?? EVERYTHING.pageSize),
  };
}

/** The one address of a query: what is as usual is left out, so that links stay short. */
export function fleetUrl(query: FleetQuery, changes: Partial<FleetQuery> = {}): string {
  // A change of filter or order begins at the first page again, unless the page is what changes.
  const wanted = { ...query, page: 1, ...changes };
  const search = new URLSearchParams();
  for (const state of wanted.states) search.append('state', state);
  if (wanted.faultOnly) search.set('fault', '1');
  for (const kind of wanted.access) search.append('access', kind);
  if (wanted.status !== null) search.set('status', wanted.status);
  if (wanted.station !== '') search.set('station', wanted.station);
  if (wanted.text !== '') search.set('q', wanted.text);
  if (wanted.sort !== EVERYTHING.sort) search.set('sort', wanted.sort);
  if (wanted.descending) search.set('order', 'desc');
  if (wanted.pageSize !== EVERYTHING.pageSize)
    search.set('size', wanted.pageSize === null ? 'all' : String(wanted.pageSize));
  if (wanted.page > 1) search.set('page', String(wanted.page));
  const text = search.toString();
  return text === '' ? '/fleet' : `/fleet?${text}`;
}

/** The states with one more or one less: what a counter's link leads to. */
export function toggled(states: readonly FleetState[], state: FleetState): readonly FleetState[] {
  return states.includes(state) ? states.filter((one) => one !== state) : [...states, state];
}

export function isFiltered(query: FleetQuery): boolean {
  const { states, faultOnly, access, status, station, text } = query;
  return [states.length > 0, faultOnly, access.length > 0, status !== null, station !== '', text !== ''].includes(true);
}
