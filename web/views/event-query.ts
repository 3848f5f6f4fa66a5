import type { EventLevel, EventQuery } from '#src/storage/ports.ts';
import { dayStartMs } from '#web/views/format.ts';

/** In the order of the manual's boxes (PRC-02). */
export const LEVELS = ['info', 'problem', 'critical', 'debug'] as const satisfies readonly EventLevel[];
export const USUAL_LEVELS: readonly EventLevel[] = ['info', 'problem', 'critical'];
export const EVENTS_PER_PAGE = 50;
const TEXT_LENGTH_MAX = 100;

/** What the filters above a journal say. Days are as the date fields hold them, empty when open. */
export type JournalFilter = {
  readonly levels: readonly EventLevel[];
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Only older events: the next page. */
  readonly before: number | null;
  /** The day that the page before this one ended with. */
  readonly day: string | null;
  /** The permanent link of one event: the list begins there. */
  readonly at: number | null;
};

/** Reads a journal's address; what it does not understand it leaves out. */
export function readJournalFilter(search: URLSearchParams): JournalFilter {
  const at = wholeNumber(search.get('at'));
  const levels = LEVELS.filter((level) => search.getAll('level').includes(level));
  return {
    // A linked event must be in its list, whatever its level.
    levels: at !== null ? LEVELS : levels.length > 0 ? levels : USUAL_LEVELS,
    from: dayOrNothing(search.get('from')),
    to: dayOrNothing(search.get('to')),
    text: (search.get('q') ?? '').trim().slice(0, TEXT_LENGTH_MAX),
    before: wholeNumber(search.get('before')),
    day: search.get('day'),
    at,
  };
}

export function journalQuery(filter: JournalFilter, chargePointId: string | null, limit: number): EventQuery {
  const fromMs = filter.from === '' ? null : dayStartMs(filter.from);
  const toMs = filter.to === '' ? null : dayStartMs(filter.to, 1);
  const beforeId = filter.before ?? (filter.at === null ? null : filter.at + 1);
  return {
    levels: filter.levels,
    limit,
    ...(chargePointId === null ? {} : { chargePointId }),
    ...(filter.text === '' ? {} : { text: filter.text }),
    ...(fromMs === null ? {} : { fromMs }),
    ...(toMs === null ? {} : { toMs: toMs - 1 }),
    ...(beforeId === null ? {} : { beforeId }),
  };
}

/** The same list from further on, or another form of it. */
export function journalSearch(filter: JournalFilter, more: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams();
  if (filter.levels.join() !== USUAL_LEVELS.join()) for (const level of filter.levels) search.append('level', level);
  if (filter.from !== '') search.set('from', filter.from);
  if (filter.to !== '') search.set('to', filter.to);
  if (filter.text !== '') search.set('q', filter.text);
  for (const [name, value] of Object.entries(more)) search.set(name, value);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** New events belong on top of the list only while nothing cuts it off there. */
export function isLive(filter: JournalFilter): boolean {
  return filter.to === '' && filter.before === null && filter.at === null;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function dayOrNothing(text: string | null): string {
  return text !== null && dayStartMs(text) !== null ? text : '';
}
