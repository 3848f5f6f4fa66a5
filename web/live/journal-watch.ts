import { html } from 'hono/html';
import type { Directory } from '#actors/directory.ts';
import type { EventLevel, EventQuery, StoredEvent } from '#src/storage/ports.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { SignedIn } from '#web/views/env.ts';
import { eventDay, eventLine } from '#web/views/event-list.ts';
import { dayKey } from '#web/views/format.ts';
import { textOf } from '#web/views/html.ts';
import { partial } from './stream.ts';

/** A journal that moves faster than this is caught up with over several turns. */
const EVENTS_PER_TURN_MAX = 100;
const ALL_LEVELS: readonly EventLevel[] = ['debug', 'info', 'problem', 'critical'];

/** A list of events that grows on a page: what it has, and which lines belong on it. */
export type WatchedJournal = {
  /** Up to where the page knows the journal, whether it shows the lines or not. */
  readonly afterId: number;
  /** The newest day that the page has a list for. */
  readonly day: string | null;
  readonly filter: LiveFilter;
};
/** Of `EventQuery`, what decides whether one new line is shown. */
export type LiveFilter = Pick<EventQuery, 'chargePointId' | 'levels' | 'kinds' | 'text' | 'fromMs' | 'toMs'>;
/** The same, moved on by each turn. */
export type JournalCursor = { afterId: number; day: string | null; readonly filter: LiveFilter };

/**
 * The id of the newest event of this charger, or of all. A list that is read after this has every older line, so its
 * stream begins here, however few of the lines it shows.
 */
export async function newestEventId(
  actors: Directory,
  login: SignedIn,
  chargePointId: string | undefined,
): Promise<number> {
  const query: EventQuery = { levels: ALL_LEVELS, limit: 1, ...(chargePointId !== undefined && { chargePointId }) };
  const [newest] = await read(actors, login, query);
  return newest?.id ?? 0;
}

/**
 * What each journal, all of one charger or all of every one, has not shown yet, oldest first, and moves its cursor past it. Journals that are equally far and
 * show the same are read once; one that is far behind is read by itself and keeps nobody waiting.
 */
export async function readNews(
  actors: Directory,
  login: SignedIn,
  journals: readonly JournalCursor[],
): Promise<ReadonlyMap<JournalCursor, readonly StoredEvent[]>> {
  const news = new Map<JournalCursor, readonly StoredEvent[]>();
  const [any] = journals;
  if (any === undefined) return news;
  const headId = await newestEventId(actors, login, any.filter.chargePointId);
  const alike = Map.groupBy(
    journals.filter((journal) => journal.afterId < headId),
    ({ afterId, filter }) => JSON.stringify([afterId, filter]),
  );
  for (const same of alike.values()) {
    const [first] = same;
    if (first === undefined) continue;
    const { afterId, filter } = first;
    const query: EventQuery = { ...filter, afterId, beforeId: headId + 1, limit: EVENTS_PER_TURN_MAX };
    const events = await read(actors, login, query);
    const upToId = events.length < EVENTS_PER_TURN_MAX ? headId : (events.at(-1)?.id ?? headId);
    for (const journal of same) {
      journal.afterId = upToId;
      news.set(journal, events);
    }
  }
  return news;
}

/**
 * The lines as parts of one message. Targets are looked for before anything is swapped, so a day that is new on the
 * page comes with all its lines at once.
 */
export function eventParts(t: Translate, journal: JournalCursor, events: readonly StoredEvent[]): Uint8Array[] {
  const named = journal.filter.chargePointId === undefined;
  const days = Map.groupBy(events, (event) => dayKey(t, event.atMs));
  const known = journal.day;
  return [...days].map(([day, oldestFirst]) => {
    const lines = oldestFirst.toReversed();
    if (day === known) {
      const items = html`${lines.map((event) => eventLine(t, event, named))}`;
      return partial(`events-${day}`, textOf(items), 'afterbegin');
    }
    journal.day = day;
    return partial('events', textOf(eventDay(t, { day, lines, named, heading: true, alive: true })), 'afterbegin');
  });
}

/** What a page that reconnects says it has: the cursor, and the day that its list has come to. */
export function markOf({ afterId, day }: JournalCursor): string {
  return day === null ? String(afterId) : `${afterId}/${day}`;
}

/** Reads `markOf`, or the plain id of an address; null when it is neither. */
export function readMark(mark: string): Pick<WatchedJournal, 'afterId' | 'day'> | null {
  const [, id, day] = /^(\d{1,15})(?:\/(\d{4}-\d\d-\d\d))?$/.exec(mark) ?? [];
  return id === undefined ? null : { afterId: Number(id), day: day ?? null };
}

function read(actors: Directory, login: SignedIn, query: EventQuery): Promise<readonly StoredEvent[]> {
  return actors.archive(login).ask<readonly StoredEvent[]>((replyTo) => ({ type: 'events', query, replyTo }));
}
