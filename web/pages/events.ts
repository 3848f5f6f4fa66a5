import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { kitSerialOf } from '#src/domain/kit.ts';
import type { EventQuery, EventsFound, StoredEvent } from '#src/storage/ports.ts';
import type { ExportFormat, SpokenEvent, WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { SignedIn, WebEnv } from '#web/views/env.ts';
import { eventNote } from '#web/views/event-notes.ts';
import { eventName, eventSummary, kindOf } from '#web/views/event-summary.ts';
import type { EventsHub } from '#web/live/events-hub.ts';
import { newestEventId, readMark, type WatchedJournal } from '#web/live/journal-watch.ts';
import {
  EVENTS_PER_PAGE,
  LEVELS,
  journalQuery,
  journalSearch,
  lineFilter,
  readJournalFilter,
  type JournalFilter,
} from '#web/views/event-query.ts';
import { eventChunk, EXPORTED_EVENTS_MAX, JOURNAL_FORM, journalRegion, type Journal } from '#web/views/journal.ts';
import { show, wantsFragment } from '#web/views/page.ts';

/** How many events are read at a time while an export is written. */
const EXPORT_BITE = 1000;

const exportTypes: Readonly<Record<ExportFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

/** The journal of every charger, refused connections included, and the exports of one charger or of all (PRC-07). */
export function eventPages(deps: WebDeps, hub: EventsHub): Hono<WebEnv> {
  const app = new Hono<WebEnv>()
    .get('/events', async (c) => {
      const { t } = c.var;
      // A search of the journal reads for long, a little at a time.
      c.var.leaveTurn();
      const list = await readJournal(deps, c, null);
      const body = wantsFragment(c)
        ? eventChunk(t, list)
        : html`<div class="narrow">
            <h1>${t('journal.all.title')}</h1>
            <h2 class="sr-only">${t('journal.list')}</h2>
            ${journalRegion(t, list)}
          </div>`;
      return show(c, { title: t('journal.all.title'), section: 'events', body });
    })
    .get('/events/live', (c) => hub.join({ login: c.var.login, t: c.var.t, journal: watchedJournal(c, null) }));
  for (const format of ['xlsx', 'csv'] as const) {
    app.get(`/events.${format}`, (c) => download(deps, c, null, format));
    app.get(`/fleet/:chargePointId/events.${format}`, (c) => download(deps, c, c.req.param('chargePointId'), format));
  }
  return app;
}

/**
 * One page of a journal as its address asks for it; null is the journal of all chargers. `page` is where the list is
 * shown, when that is not the journal's own page: filters then stay there.
 */
export async function readJournal(
  deps: WebDeps,
  c: Context<WebEnv>,
  chargePointId: string | null,
  page?: string,
): Promise<Journal> {
  const { login, nowMs } = c.var;
  const filter = readJournalFilter(new URL(c.req.url).searchParams, c.var.t.timeZone);
  const ofBox = chargePointId === null ? null : `/fleet/${encodeURIComponent(chargePointId)}`;
  const path = ofBox === null ? '/events' : `${ofBox}/events`;
  // The form sends every field, also the empty ones; the address bar gets the short form. A link's address is its own.
  if (c.req.header('HX-Source') === JOURNAL_FORM) c.header('HX-Replace-Url', `${page ?? path}${journalSearch(filter)}`);
  // First the newest, then the list: what comes in between is in the list, and the stream begins after it.
  const headId = await newestEventId(deps.actors, login, chargePointId ?? undefined);
  const found = await readEvents(deps, login, filter, chargePointId, EVENTS_PER_PAGE);
  return {
    filter,
    ...found,
    headId,
    nowMs,
    page: page ?? path,
    path,
    live: ofBox === null ? '/events/live' : `${ofBox}/live`,
    named: chargePointId === null,
    ofKit: chargePointId !== null && kitSerialOf(chargePointId) !== null,
    exports: deps.exportEvents !== null,
  };
}

/** What the address of a stream says of the list that it moves; a reconnection knows better how far the page is. */
export function watchedJournal(c: Context<WebEnv>, chargePointId: string | null): WatchedJournal | null {
  const search = new URL(c.req.url).searchParams;
  const after = search.get('after');
  if (after === null) return null;
  const filter = readJournalFilter(search, c.var.t.timeZone);
  const mark = readMark(c.req.header('Last-Event-ID') ?? '');
  return {
    afterId: mark?.afterId ?? readMark(after)?.afterId ?? 0,
    day: mark?.day ?? filter.day,
    filter: lineFilter(filter, chargePointId),
  };
}

/** Newest first. */
async function readEvents(
  deps: WebDeps,
  login: SignedIn,
  filter: JournalFilter,
  chargePointId: string | null,
  limit: number,
): Promise<EventsFound> {
  if (filter.levels.length === 0) return { events: [], searchedTo: null };
  const query = journalQuery(filter, chargePointId, limit);
  const archive = deps.actors.archive(login);
  const found = await archive.ask<EventsFound>((replyTo) => ({ type: 'search', query, replyTo }));
  return query.afterId === undefined ? found : { events: found.events.toReversed(), searchedTo: null };
}

async function download(
  deps: WebDeps,
  c: Context<WebEnv>,
  chargePointId: string | null,
  format: ExportFormat,
): Promise<Response> {
  if (deps.exportEvents === null) return c.notFound();
  if (chargePointId !== null && deps.actors.chargePoint(chargePointId, c.var.login) === null) return c.notFound();
  const filter = readJournalFilter(new URL(c.req.url).searchParams, c.var.t.timeZone);
  const events = latestEvents(deps, c, filter, chargePointId);
  const bytes = deps.exportEvents({ format, events, timeZone: c.var.t.timeZone, language: c.var.t.language });
  const name = `vigie-${(chargePointId ?? 'events').replace(/[^A-Za-z0-9._-]/g, '_')}.${format}`;
  return new Response(ReadableStream.from<Uint8Array>(bytes), {
    headers: {
      'Content-Type': exportTypes[format],
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}

/** The latest events, newest first, read in bites so that no charger waits behind an export. */
async function* latestEvents(
  deps: WebDeps,
  { var: { t, login } }: Context<WebEnv>,
  filter: JournalFilter,
  chargePointId: string | null,
): AsyncGenerator<SpokenEvent> {
  let { before } = filter;
  for (let left = EXPORTED_EVENTS_MAX; left > 0;) {
    const limit = Math.min(EXPORT_BITE, left);
    const { events, searchedTo } = await readEvents(deps, login, { ...filter, before }, chargePointId, limit);
    for (const event of events) yield spoken(t, event);
    left -= events.length;
    before = searchedTo?.id ?? events.at(-1)?.id ?? null;
    if (events.length < limit && searchedTo === null) return;
  }
}

/** Every event of one charger within a period, as `latestEvents`. */
export async function* eventsBetween(
  deps: WebDeps,
  { var: { t, login } }: Context<WebEnv>,
  chargePointId: string,
  { fromMs, toMs }: { readonly fromMs: number | null; readonly toMs: number | null },
): AsyncGenerator<SpokenEvent> {
  let beforeId: number | null = null;
  for (let left = EXPORTED_EVENTS_MAX; left > 0;) {
    const query: EventQuery = {
      chargePointId,
      levels: LEVELS,
      limit: Math.min(EXPORT_BITE, left),
      ...(fromMs !== null && { fromMs }),
      ...(toMs !== null && { toMs }),
      ...(beforeId !== null && { beforeId }),
    };
    const archive = deps.actors.archive(login);
    const events = await archive.ask<readonly StoredEvent[]>((replyTo) => ({ type: 'events', query, replyTo }));
    for (const event of events) yield spoken(t, event);
    left -= events.length;
    beforeId = events.at(-1)?.id ?? null;
    if (events.length < query.limit) return;
  }
}

function spoken(t: Translate, event: StoredEvent): SpokenEvent {
  return {
    ...event,
    kind: t(`journal.kind.${kindOf(event)}`),
    // A refused connection is named after whoever dialled.
    name: event.kind === 'refused' ? event.name : eventName(t, event),
    note: eventNote(t, event),
    sentence: eventSummary(t, event),
  };
}
