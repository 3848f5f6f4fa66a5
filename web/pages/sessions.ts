import { Hono } from 'hono';
import { html } from 'hono/html';
import type { SessionRow } from '#src/storage/ports.ts';
import type { WebDeps } from '#web/deps.ts';
import { readFacts } from '#web/live/charge-point-hub.ts';
import type { WebEnv } from '#web/views/env.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { olderSessions, sessionTable } from '#web/views/session-table.ts';

const SESSIONS_PER_PAGE = 50;

/** The sessions of one charger, page by page, newest first: where « Recharges précédentes » leads. */
export function sessionPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/fleet/:chargePointId/sessions', async (c) => {
    const { t, login, nowMs } = c.var;
    const chargePointId = c.req.param('chargePointId');
    const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
    if (facts === null) return c.notFound();
    const before = Number(c.req.query('before') ?? '');
    const query = {
      chargePointId,
      limit: SESSIONS_PER_PAGE + 1,
      ...(Number.isSafeInteger(before) && before > 0 ? { beforeTransactionId: before } : {}),
    };
    const found = await deps.actors
      .archive(login)
      .ask<readonly SessionRow[]>((replyTo) => ({ type: 'sessions', query, replyTo }));
    const sessions = found.slice(0, SESSIONS_PER_PAGE);
    const body = html`<div class="narrow">
      <a class="back" href="/fleet/${encodeURIComponent(chargePointId)}#sessions"
        >${icon('arrow-left')}${facts.view.stationName}</a
      >
      <h1>${t('sessions.title')} <code>${chargePointId}</code></h1>
      <section class="panel">
        ${sessionTable(t, { sessions, view: facts.view, nowMs })}${found.length > sessions.length && olderSessions(t, chargePointId, sessions)}
      </section>
    </div>`;
    return show(c, { title: `${t('sessions.title')} · ${facts.view.stationName}`, section: 'fleet', body });
  });
}
