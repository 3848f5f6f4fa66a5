import type { RechargeScope } from '#actors/recharge/messages.ts';
import { RECHARGE_SORTS, RECHARGE_STATES, type RechargeMark } from '#src/domain/recharge.ts';
import type { RechargeFilter, RechargeQuery } from '#src/storage/recharge-port.ts';
import { PAGE_SIZES } from '#web/screens/query.ts';
import { dayStartMs } from '#web/views/format.ts';
import { readPage } from '#web/views/pager.ts';

export const RECHARGES_PATH = '/recharges';
const TEXT_LENGTH_MAX = 100;

/** What the list shows, as its address says it. Days are as date fields hold them, empty when open. */
export type RechargesQuery = Pick<RechargeQuery, 'text' | 'state' | 'sort' | 'descending' | 'mark'> &
  Pick<RechargeScope, 'company' | 'station'> & {
    readonly from: string;
    readonly to: string;
    readonly page: number;
    readonly size: number;
  };

/** Reads an address. What it does not understand it leaves out: an old link must open something. */
export function readRecharges(search: URLSearchParams): RechargesQuery {
  const text = (name: string): string => (search.get(name) ?? '').trim().slice(0, TEXT_LENGTH_MAX);
  const day = (name: string): string => (dayStartMs(text(name), 'UTC') === null ? '' : text(name));
  const page = readPage(search);
  return {
    text: text('q'),
    station: text('station'),
    company: text('company') || null,
    state: RECHARGE_STATES.find((one) => one === search.get('state')) ?? null,
    from: day('from'),
    to: day('to'),
    sort: RECHARGE_SORTS.find((one) => one === search.get('sort')) ?? 'start',
    descending: search.get('order') !== 'asc',
    page,
    size: PAGE_SIZES.find((one) => String(one) === search.get('size')) ?? PAGE_SIZES[0],
    mark: page === 1 ? null : (markOf(search, 'after') ?? markOf(search, 'before')),
  };
}

/** The one address of a query: what is as usual is left out. A change begins at the first page, unless it says which. */
export function rechargesUrl(
  query: RechargesQuery,
  change: Partial<RechargesQuery> = {},
  path = RECHARGES_PATH,
): string {
  const wanted = { ...query, page: 1, mark: null, ...change };
  const { text, station, company, state, from, to, sort, descending, page, size, mark } = wanted;
  const said: Readonly<Record<string, string | null>> = {
    q: text,
    station,
    company,
    state,
    from,
    to,
    sort: sort === 'start' ? null : sort,
    order: descending ? null : 'asc',
    size: size === PAGE_SIZES[0] ? null : String(size),
    page: page === 1 ? null : String(page),
    [mark?.way ?? 'after']: mark === null ? null : `${mark.startedAtMs}-${mark.transactionId}`,
  };
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(said)) if (value !== null && value !== '') search.set(name, value);
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

/** Which recharges; days are those of the reader's clocks. */
export function scopeOfRecharges(
  query: RechargesQuery,
  timeZone: string,
): RechargeScope & Omit<RechargeFilter, 'among' | 'customers'> {
  const { text, station, company, state, from, to } = query;
  const fromMs = from === '' ? null : dayStartMs(from, timeZone);
  return { text, station, company, state, fromMs, toMs: to === '' ? null : dayStartMs(to, timeZone, 1) };
}

export function isNarrowed({ text, station, company, state, from, to }: RechargesQuery): boolean {
  return [text, station, company ?? '', state ?? '', from, to].some((one) => one !== '');
}

function markOf(search: URLSearchParams, way: RechargeMark['way']): RechargeMark | null {
  const [, startedAtMs, transactionId] = /^(\d{1,15})-(\d{1,15})$/.exec(search.get(way) ?? '') ?? [];
  return startedAtMs === undefined
    ? null
    : { startedAtMs: Number(startedAtMs), transactionId: Number(transactionId), way };
}
