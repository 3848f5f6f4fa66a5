import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { StoredEvent } from '#src/storage/ports.ts';
import type { ExportFormat, WebDeps } from '#web/deps.ts';
import type { SignedIn, WebEnv } from '#web/views/env.ts';
import { EVENTS_PER_PAGE, journalQuery, readJournalFilter, type JournalFilter } from '#web/views/event-query.ts';
import { TIME_ZONE } from '#web/views/format.ts';
import { eventChunk, EXPORTED_EVENTS_MAX, journal, type Journal } from '#web/views/journal.ts';
import { show, wantsFragment } from '#web/views/page.ts';

/** How many events are read at a time while an export is written. */
const EXPORT_BITE = 1000;

const exportTypes: Readonly<Record<ExportFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

/** The journal of every charger, refused connections included, and the exports of one charger or of all (PRC-07). */
export function eventPages(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>().get('/events', async (c) => {
    const { t } = c.var;
    const list = await readJournal(deps, c, null);
    const body = wantsFragment(c)
      ? eventChunk(t, list)
      : html`<div class="narrow">
          <h1>${t('journal.all.title')}</h1>
          <h2 class="sr-only">${t('journal.list')}</h2>
          <div id="journal">${journal(t, list)}</div>
        </div>`;
    return show(c, { title: t('journal.all.title'), section: 'events', body });
  });
  for (const format of ['xlsx', 'csv'] as const) {
    app.get(`/events.${format}`, (c) => download(deps, c, null, format));
    app.get(`/fleet/:chargePointId/events.${format}`, (c) => download(deps, c, c.req.param('chargePointId'), format));
  }
  return app;
}

/** One page of a journal as its address asks for it; null is the journal of all chargers. */
export async function readJournal(deps: WebDeps, c: Context<WebEnv>, chargePointId: string | null): Promise<Journal> {
  const filter = readJournalFilter(new URL(c.req.url).searchParams);
  return {
    filter,
    events: await readEvents(deps, c.var.login, filter, chargePointId, EVENTS_PER_PAGE),
    path: chargePointId === null ? '/events' : `/fleet/${encodeURIComponent(chargePointId)}/events`,
    named: chargePointId === null,
    exports: deps.exportEvents !== null,
  };
}

function readEvents(
  deps: WebDeps,
  login: SignedIn,
  filter: JournalFilter,
  chargePointId: string | null,
  limit: number,
): Promise<readonly StoredEvent[]> {
  const query = journalQuery(filter, chargePointId, limit);
  return deps.actors.archive(login).ask<readonly StoredEvent[]>((replyTo) => ({ type: 'events', query, replyTo }));
}

async function download(
  deps: WebDeps,
  c: Context<WebEnv>,
  chargePointId: string | null,
  format: ExportFormat,
): Promise<Response> {
  if (deps.exportEvents === null) return c.notFound();
  if (chargePointId !== null && deps.actors.chargePoint(chargePointId, c.var.login) === null) return c.notFound();
  const filter = readJournalFilter(new URL(c.req.url).searchParams);
  const events = latestEvents(deps, c.var.login, filter, chargePointId);
  const bytes = deps.exportEvents({ format, events, timeZone: TIME_ZONE, language: c.var.t.language });
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
  login: SignedIn,
  filter: JournalFilter,
  chargePointId: string | null,
): AsyncGenerator<StoredEvent> {
  let { before } = filter;
  for (let left = EXPORTED_EVENTS_MAX; left > 0;) {
    const limit = Math.min(EXPORT_BITE, left);
    const events = await readEvents(deps, login, { ...filter, before }, chargePointId, limit);
    yield* events;
    left -= events.length;
    before = events.at(-1)?.id ?? null;
    if (events.length < limit) return;
  }
}
