import { Hono } from 'hono';
import { html } from 'hono/html';
import type { ReviewView } from '#actors/archive/messages.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { kitSerialOf } from '#src/domain/kit.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import { readFacts, type ChargePointHub } from '#web/live/charge-point-hub.ts';
import type { ChargePointFacts } from '#web/views/charge-point-facts.ts';
import { part } from '#web/views/charge-point-parts.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { eventDays } from '#web/views/event-list.ts';
import { dateTime } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { eventChunk, journalRegion, journalStream, type Journal } from '#web/views/journal.ts';
import { show, wantsFragment } from '#web/views/page.ts';
import { reviewUrl } from '#web/views/review-forms.ts';
import { readMoment } from '#web/views/moment.ts';
import { readJournal, watchedJournal } from './events.ts';
import { pastPage } from './past.ts';
import { pointsDiffer } from './points-told.ts';

const REVIEWS_SHOWN = 10;
const DRAWER_EVENTS = 12;

/** One charger: its page (PRC-05, PRC-06), its drawer on the fleet page, its journal and its stream. */
export function chargePointPages(deps: WebDeps, hub: ChargePointHub): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/fleet/:chargePointId', (c) => {
      const chargePointId = c.req.param('chargePointId');
      const momentMs = readMoment(new URL(c.req.url).searchParams, c.var.t.timeZone);
      // Both read the journal, for as long as that takes.
      c.var.leaveTurn();
      return momentMs === null
        ? chargePointPage(deps, c, chargePointId)
        : pastPage(deps, c, { chargePointId, momentMs });
    })
    .get('/fleet/:chargePointId/drawer', async (c) => {
      const { t, login, nowMs } = c.var;
      const chargePointId = c.req.param('chargePointId');
      const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
      if (facts === null) return c.notFound();
      const list = await readJournal(deps, c, chargePointId);
      return show(c, { title: facts.view.stationName, section: 'fleet', body: drawer(t, facts, list) });
    })
    .get('/fleet/:chargePointId/events', async (c) => {
      const { t, login } = c.var;
      const chargePointId = c.req.param('chargePointId');
      const view = await deps.actors
        .fleet(login)
        .ask<ChargePointView | null>((replyTo) => ({ type: 'find', chargePointId, replyTo }));
      if (view === null) return c.notFound();
      c.var.leaveTurn();
      const list = await readJournal(deps, c, chargePointId);
      const title = `${t('journal.title')} · ${view.stationName}`;
      if (wantsFragment(c)) return show(c, { title, section: 'fleet', body: eventChunk(t, list) });
      const back = html`<a class="back" href="/fleet/${encodeURIComponent(chargePointId)}"
        >${icon('arrow-left')}${view.stationName}</a
      >`;
      const body = html`<div class="narrow">
        ${back}
        <h1>${t('journal.title')} <code>${chargePointId}</code></h1>
        <h2 class="sr-only">${t('journal.list')}</h2>
        ${journalRegion(t, list)}
      </div>`;
      return show(c, { title, section: 'fleet', body });
    })
    .get('/fleet/:chargePointId/live', (c) => {
      const chargePointId = c.req.param('chargePointId');
      if (deps.actors.chargePoint(chargePointId, c.var.login) === null) return c.notFound();
      const { login, t } = c.var;
      return hub.join({ login, t, chargePointId, journal: watchedJournal(c, chargePointId) });
    });
}

/** The page as every answer about a charger shows it. `commandForm` is a form to show again, with what is wrong in it. */
export async function chargePointPage(
  deps: WebDeps,
  c: PageContext,
  chargePointId: string,
  rejected?: { readonly form: Html; readonly title: string },
): Promise<Response> {
  const { t, login, nowMs } = c.var;
  const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
  if (facts === null) return c.notFound();
  const archive = deps.actors.archive(login);
  const { stationId } = facts.view;
  const [list, differ, reviews] = await Promise.all([
    readJournal(deps, c, chargePointId, `/fleet/${encodeURIComponent(chargePointId)}`),
    pointsDiffer(c, deps, { stationId, detail: facts.detail }),
    archive.ask<readonly ReviewView[]>((replyTo) => ({
      type: 'reviews',
      query: { chargePointId, open: true, limit: REVIEWS_SHOWN },
      replyTo,
    })),
  ]);
  const title = `${facts.view.stationName} (${chargePointId})`;
  return show(
    c,
    {
      title: rejected ? `${t('form.error-title')} ${title}` : title,
      section: 'fleet',
      body: pageBody(t, { facts, list, differ, reviews, rejected: rejected ?? null }),
    },
    rejected ? 422 : 200,
  );
}

type PageParts = {
  readonly facts: ChargePointFacts;
  readonly list: Journal;
  /** STA-25: how its declared points differ from what it tells. */
  readonly differ: Html | null;
  readonly reviews: readonly ReviewView[];
  readonly rejected: { readonly form: Html; readonly title: string } | null;
};

function pageBody(t: Translate, { facts, list, differ, reviews, rejected }: PageParts): Html {
  return html`<div class="charge-point">
    <p class="ways">
      <a class="back" href="/fleet">${icon('arrow-left')}${t('box.back')}</a>
      <a class="back" href="/fleet/${encodeURIComponent(facts.view.chargePointId)}?at=${facts.nowMs}"
        >${icon('clock')}${t('past.link')}</a
      >
    </p>
    ${part(t, 'cp-head', facts)}
    ${
      rejected &&
      html`<section class="panel rejected">
        <h2>${rejected.title}</h2>
        ${rejected.form}
      </section>`
    }
    ${differ}
    <section>
      <h2 class="sr-only">${t('box.connectors')}</h2>
      ${part(t, 'cp-connectors', facts)}
    </section>
    <div class="columns">
      <div class="column-side column-orders">
        ${
          reviews.length > 0 &&
          html`<section class="panel alarm">
            <h2>${t('box.reviews')}</h2>
            <ul class="reviews">
              ${reviews.map(({ review }) => html`<li><a href="${reviewUrl(review.key)}">${t(`review.${review.kind}`)}</a> <span class="sub">${dateTime(t, review.atMs)}</span></li>`)}
            </ul>
          </section>`
        }
        <section class="panel">
          <h2>${t('command.title')}</h2>
          ${part(t, 'cp-commands', facts)}
        </section>
        <section class="panel" id="recent">
          <h2>${t('command.recent')}</h2>
          ${part(t, 'cp-recent', facts)}
        </section>
      </div>
      <div class="column-main">
        <section class="panel">
          <h2>${t('journal.title')}</h2>
          ${journalRegion(t, list)}
        </section>
        <section class="panel" id="sessions">
          <h2>${t('sessions.title')}</h2>
          ${part(t, 'cp-sessions', facts)}
        </section>
      </div>
      <div class="column-side column-facts">
        <section class="panel">
          <h2>${t('box.facts')}</h2>
          ${part(t, 'cp-facts', facts)}
        </section>
        ${
          kitSerialOf(facts.view.chargePointId) !== null &&
          html`<section class="panel">
            <h2>${t('kit.title')}</h2>
            ${part(t, 'cp-kit', facts)}
          </section>`
        }
        <section class="panel">
          <h2>${t('box.tolerated')}</h2>
          ${part(t, 'cp-tolerated', facts)}
        </section>
        <section class="panel" id="configuration">
          <h2>${t('key.title')}</h2>
          <div id="key-form"></div>
          ${part(t, 'cp-configuration', facts)}
        </section>
      </div>
    </div>
  </div>`;
}

function drawer(t: Translate, facts: ChargePointFacts, list: Journal): Html {
  const id = facts.view.chargePointId;
  return html`<div class="drawer-bar">
      <a class="button" href="/fleet/${encodeURIComponent(id)}" autofocus>${icon('external-link')}${t('box.open')}</a>
      <form method="dialog">
        <button class="icon-button" title="${t('app.close')}">
          ${icon('x')}<span class="sr-only">${t('app.close')}</span>
        </button>
      </form>
    </div>
    <div class="charge-point in-drawer">
      ${part(t, 'cp-head', facts)}
      <section>
        <h2 class="sr-only">${t('box.connectors')}</h2>
        ${part(t, 'cp-connectors', facts)}
      </section>
      <section>
        <h2>${t('command.recent')}</h2>
        ${part(t, 'cp-recent', facts)}
      </section>
      <section>
        <h2>${t('journal.title')}</h2>
        <div id="events" class="journal">
          ${eventDays(t, { events: list.events.slice(0, DRAWER_EVENTS), named: false, afterDay: null })}
        </div>
      </section>
    </div>
    ${journalStream(t, list)}`;
}
