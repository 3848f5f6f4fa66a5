import type { EventKind, EventLevel, EventQuery } from '#src/storage/ports.ts';
import { dayStartMs } from '#web/views/format.ts';

/** In the order of the manual's boxes (PRC-02). */
export const LEVELS = ['info', 'problem', 'critical', 'debug'] as const satisfies readonly EventLevel[];
export const USUAL_LEVELS: readonly EventLevel[] = ['info', 'problem', 'critical'];
/** What a line is about, as people choose it: the kinds that belong together. */
export const JOURNAL_TYPES = {
  frames: ['frame-in', 'refused'],
  links: ['link'],
  commands: ['frame-out', 'command'],
  sessions: ['session'],
  mails: ['post'],
  sms: ['sms'],
  accounts: ['account'],
  gireve: ['gireve'],
  easyconnect: ['easyconnect'],
  server: ['server'],
} as const satisfies Readonly<Record<string, readonly EventKind[]>>;
export type JournalType = keyof typeof JOURNAL_TYPES;

export const EVENTS_PER_PAGE = 50;
const TEXT_LENGTH_MAX = 100;
/** Says that a form was sent, so that no level at all is told from a plain address, which has the usual ones. */
export const NO_LEVEL = 'none';

/** What the filters above a journal say. Days are as the date fields hold them, empty when open. */
export type JournalFilter = {
  readonly levels: readonly EventLevel[];
  readonly from: string;
  readonly to: string;
  /** Whose days these are. */
  readonly timeZone: string;
  readonly text: string;
  /** Null: every type. */
  readonly type: JournalType | null;
  /** Only older events: the next page. */
  readonly before: number | null;
  /** The day that the page before this one ended with. */
  readonly day: string | null;
  /** The permanent link of one event: the list begins there. */
  readonly at: number | null;
  /** Only newer events, the oldest of them: the page above one that a link led to. */
  readonly since: number | null;
};

/** Reads a journal's address; what it does not understand it leaves out. */
export function readJournalFilter(search: URLSearchParams, timeZone: string): JournalFilter {
  const at = wholeNumber(search.get('at'));
  const chosen = search.getAll('level');
  const levels = LEVELS.filter((level) => chosen.includes(level));
  return {
    // A linked event must be in its list, whatever its level.
    levels: at !== null ? LEVELS : levels.length > 0 || chosen.includes(NO_LEVEL) ? levels : USUAL_LEVELS,
    from: dayOrNothing(search.get('from')),
    to: dayOrNothing(search.get('to')),
    timeZone,
    text: (search.get('q') ?? '').trim().slice(0, TEXT_LENGTH_MAX),
    type: at === null ? typeOrNothing(search.get('type')) : null,
    before: wholeNumber(search.get('before')),
    day: search.get('day'),
    at,
    since: at === null ? wholeNumber(search.get('since')) : null,
  };
}

export function journalQuery(filter: JournalFilter, chargePointId: string | null, limit: number): EventQuery {
  const beforeId = filter.before ?? (filter.at === null ? null : filter.at + 1);
  return {
    ...lineFilter(filter, chargePointId),
    limit,
    ...(beforeId === null ? {} : { beforeId }),
    ...(filter.since === null || beforeId !== null ? {} : { afterId: filter.since }),
  };
}

/** What decides whether one line is shown, wherever the list begins. */
export function lineFilter(filter: JournalFilter, chargePointId: string | null): Omit<EventQuery, 'limit'> {
  const fromMs = filter.from === '' ? null : dayStartMs(filter.from, filter.timeZone);
  const toMs = filter.to === '' ? null : dayStartMs(filter.to, filter.timeZone, 1);
  return {
    levels: filter.levels,
    ...(chargePointId === null ? {} : { chargePointId }),
    ...(filter.type === null ? {} : { kinds: JOURNAL_TYPES[filter.type] }),
    ...(filter.text === '' ? {} : { text: filter.text }),
    ...(fromMs === null ? {} : { fromMs }),
    ...(toMs === null ? {} : { toMs }),
  };
}

/** The same list from further on, or another form of it. */
export function journalSearch(filter: JournalFilter, more: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams();
  if (filter.levels.length === 0) search.set('level', NO_LEVEL);
  else if (filter.levels.join() !== USUAL_LEVELS.join())
    for (const level of filter.levels) search.append('level', level);
  if (filter.from !== '') search.set('from', filter.from);
  if (filter.to !== '') search.set('to', filter.to);
  if (filter.text !== '') search.set('q', filter.text);
  if (filter.type !== null) search.set('type', filter.type);
  for (const [name, value] of Object.entries(more)) search.set(name, value);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** New events belong on top of the list only while nothing cuts it off there. */
export function isLive({ levels, to, timeZone, before, at, since }: JournalFilter, nowMs: number): boolean {
  const endMs = to === '' ? null : dayStartMs(to, timeZone, 1);
  return levels.length > 0 && (endMs ?? Infinity) > nowMs && before === null && at === null && since === null;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function typeOrNothing(text: string | null): JournalType | null {
  return text !== null && Object.hasOwn(JOURNAL_TYPES, text) ? (text as JournalType) : null;
}

function dayOrNothing(text: string | null): string {
  return text !== null && dayStartMs(text, 'UTC') !== null ? text : '';
}
