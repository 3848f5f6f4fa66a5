import type { RecordQuery } from '#src/storage/office-port.ts';
import { readPage } from '#web/views/pager.ts';
import { fieldsOf, isSortable, type Screen } from './screen.ts';

export const PAGE_SIZES = [50, 100, 200] as const;
const TEXT_LENGTH_MAX = 100;

/** What a list shows, as its address says it: a link sent to a colleague shows the same thing. */
export type ListQuery = {
  readonly text: string;
  readonly sort: string;
  readonly descending: boolean;
  readonly filters: Readonly<Record<string, string>>;
  readonly page: number;
  /** Null: « Tout ». */
  readonly size: number | null;
};

/** Reads an address. What it does not understand it leaves out: an old link must open something. */
export function readListQuery(screen: Screen, search: URLSearchParams): ListQuery {
  const wanted = search.get('sort') ?? '';
  const size = search.get('size');
  const filters: Record<string, string> = {};
  for (const field of screen.filters ?? []) {
    const value = (search.get(field) ?? '').slice(0, TEXT_LENGTH_MAX);
    if (value !== '') filters[field] = value;
  }
  return {
    text: (search.get('q') ?? '').trim().slice(0, TEXT_LENGTH_MAX),
    sort: Object.hasOwn(fieldsOf(screen), wanted) && isSortable(screen, wanted) ? wanted : screen.sort,
    descending: search.get('order') === 'desc',
    filters,
    page: readPage(search),
    size: size === 'all' ? null : (PAGE_SIZES.find((one) => String(one) === size) ?? PAGE_SIZES[0]),
  };
}

/** The one address of a query: what is as usual is left out. */
export function listUrl(screen: Screen, query: ListQuery, change: Partial<ListQuery> = {}, path = screen.path): string {
  const { text, sort, descending, filters, page, size } = { ...query, page: 1, ...change };
  const search = new URLSearchParams();
  if (text !== '') search.set('q', text);
  for (const [field, value] of Object.entries(filters)) if (value !== '') search.set(field, value);
  if (sort !== screen.sort) search.set('sort', sort);
  if (descending) search.set('order', 'desc');
  if (size !== PAGE_SIZES[0]) search.set('size', size === null ? 'all' : String(size));
  if (page > 1) search.set('page', String(page));
  const all = search.toString();
  return all === '' ? path : `${path}?${all}`;
}

export function recordQuery(query: ListQuery): Omit<RecordQuery, 'scope'> {
  const { text, sort, descending, size, page } = query;
  const filters = Object.entries(query.filters).map(([field, value]) => ({ field, value }));
  return { text, sort, descending, filters, limit: size, offset: size === null ? 0 : (page - 1) * size };
}

export function isNarrowed(query: ListQuery): boolean {
  return query.text !== '' || Object.keys(query.filters).length > 0;
}
