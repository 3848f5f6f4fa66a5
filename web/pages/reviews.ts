import { Hono } from 'hono';
import { html } from 'hono/html';
import type { ReviewView } from '#actors/archive/messages.ts';
import type { Resolved } from '#actors/connector/messages.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { mayResolve } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { WaitingReviews } from '#web/live/waiting-reviews.ts';
import { UNTOUCHED } from '#web/views/command-form-spec.ts';
import { waitingCount } from '#web/views/document.ts';
import { nothing } from '#web/views/empty.ts';
import type { PageContext, SignedIn, WebEnv } from '#web/views/env.ts';
import { current, partial, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show, wantsFragment, type PageStatus } from '#web/views/page.ts';
import { deciderWords, outcomeWords, reviewCard, type ReviewCard } from '#web/views/review-card.ts';
import { reviewUrl } from '#web/views/review-forms.ts';
import { readChoice } from './review-input.ts';

const REVIEWS_PER_PAGE = 25;

type State = 'open' | 'resolved';

/** « À vérifier »: what waits for a person, for all chargers, and what was decided (field-01, field-03, field-10, field-22). */
export function reviewPages(deps: WebDeps, waiting: WaitingReviews): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/reviews', async (c) => {
      const { t, login } = c.var;
      const search = new URL(c.req.url).searchParams;
      const state: State = search.get('state') === 'resolved' ? 'resolved' : 'open';
      const beforeKey = search.get('before');
      const cards = await readCards(deps, login, state, beforeKey);
      if (wantsFragment(c))
        return show(c, { title: t('reviews.title'), section: 'reviews', body: chunk(t, cards, state) });
      const count = await waiting.fresh(login);
      c.set('waiting', count);
      const body = html`<div class="narrow reviews-page">
        <header class="reviews-head">
          <h1>${t('reviews.title')}</h1>
          ${waitingLine(t, count)}
          <p class="muted">${t('reviews.intro')}</p>
          ${states(t, state)}
        </header>
        ${cards.length === 0 && beforeKey === null ? empty(t, state) : html`<div class="reviews-list">${chunk(t, cards, state)}</div>`}
      </div>`;
      return show(c, { title: t('reviews.title'), section: 'reviews', body });
    })
    .get('/reviews/:key', async (c) => {
      const card = await readCard(deps, c.var.login, c.req.param('key'));
      return card === null ? c.notFound() : onePage(c, card);
    })
    .post('/reviews/:key', async (c) => {
      const { t, login, nowMs } = c.var;
      const key = c.req.param('key');
      const card = await readCard(deps, login, key);
      const chargePoint = card === null ? null : deps.actors.chargePoint(card.view.review.chargePointId, login);
      if (card === null || chargePoint === null || !card.mayResolve) return c.notFound();
      const input = await formFields(c.req.raw);
      const read = readChoice(t, card.view, input);
      if (!read.ok) {
        if (Object.keys(read.errors).length === 0) return c.notFound();
        return answer(c, { ...card, form: { ...UNTOUCHED, input, errors: read.errors } }, 422);
      }
      const { choice } = read;
      const resolved = await chargePoint.ask<Resolved>((replyTo) => ({
        type: 'resolve',
        key,
        choice,
        by: login.name,
        atMs: nowMs,
        replyTo,
      }));
      if (!resolved.ok && resolved.why === 'unknown') return c.notFound();
      const count = await waiting.fresh(login);
      c.set('waiting', count);
      const after = (await readCard(deps, login, key)) ?? card;
      if (!resolved.ok) return answer(c, { ...after, refused: refusalWords(t, resolved) }, 409);
      if (!wantsFragment(c)) return c.redirect(reviewUrl(key), 303);
      const counts = html`${partial('waiting', waitingCount(t, count))}${partial('reviews-waiting', waitingLine(t, count))}`;
      return c.html(html`${reviewCard(t, { ...after, decided: true })}${counts}`);
    });
}

/** The card alone for htmx, its page for everyone else. */
function answer(c: PageContext, card: ReviewCard, status: PageStatus): Response | Promise<Response> {
  return wantsFragment(c) ? c.html(reviewCard(c.var.t, card), status) : onePage(c, card, status);
}

function onePage(c: PageContext, card: ReviewCard, status: PageStatus = 200): Promise<Response> {
  const { t } = c.var;
  const title = `${t(`review.${card.view.review.kind}`)} · ${card.stationName ?? card.view.review.chargePointId}`;
  const body = html`<div class="narrow reviews-page">
    <div>
      <a class="back" href="/reviews">${icon('arrow-left')}${t('reviews.back')}</a>
      <h1>${t('reviews.title')}</h1>
    </div>
    ${reviewCard(t, card)}
  </div>`;
  return show(
    c,
    { title: status === 200 ? title : `${t('form.error-title')} ${title}`, section: 'reviews', body },
    status,
  );
}

async function readCards(
  deps: WebDeps,
  login: SignedIn,
  state: State,
  beforeKey: string | null,
): Promise<readonly ReviewCard[]> {
  const query = { open: state === 'open', limit: REVIEWS_PER_PAGE, ...(beforeKey === null ? {} : { beforeKey }) };
  const views = await deps.actors
    .archive(login)
    .ask<readonly ReviewView[]>((replyTo) => ({ type: 'reviews', query, replyTo }));
  return cardsOf(deps, login, views);
}

async function readCard(deps: WebDeps, login: SignedIn, key: string): Promise<ReviewCard | null> {
  const archive = deps.actors.archive(login);
  const view = await archive.ask<ReviewView | null>((replyTo) => ({ type: 'review', key, replyTo }));
  if (view === null) return null;
  const [card] = await cardsOf(deps, login, [view]);
  return card ?? null;
}

async function cardsOf(deps: WebDeps, login: SignedIn, views: readonly ReviewView[]): Promise<readonly ReviewCard[]> {
  const chargePointIds = [...new Set(views.map(({ review }) => review.chargePointId))];
  const chargers = await deps.actors
    .fleet(login)
    .ask<readonly ChargePointView[]>((replyTo) => ({ type: 'find-all', chargePointIds, replyTo }));
  const names = new Map(chargers.map(({ chargePointId, stationName }) => [chargePointId, stationName]));
  return views.map((view) => ({
    view,
    stationName: names.get(view.review.chargePointId) ?? null,
    mayResolve: mayResolve(login),
    form: UNTOUCHED,
    refused: null,
    decided: false,
  }));
}

function refusalWords(t: Translate, refused: Extract<Resolved, { ok: false }>): string {
  switch (refused.why) {
    case 'already':
      return t('review.refused.already', outcomeWords(t, refused.resolution), deciderWords(t, refused.resolution));
    case 'changed':
      return t('review.refused.changed');
    default:
      return t('review.refused.not-offered');
  }
}

function waitingLine(t: Translate, count: number): Html {
  return html`<p id="reviews-waiting" class="reviews-waiting">${t('reviews.waiting', count)}</p>`;
}

function states(t: Translate, state: State): Html {
  const link = (target: State, href: string): Html =>
    html`<a class="button" href="${href}" ${current(state === target)}>${t(`reviews.filter.${target}`)}</a>`;
  return html`<nav class="review-states" aria-label="${t('reviews.filter')}">
    ${link('open', '/reviews')}${link('resolved', '/reviews?state=resolved')}
  </nav>`;
}

/** The cards and the link to the next ones: a first page, or what « Charger plus » puts in its own place. */
function chunk(t: Translate, cards: readonly ReviewCard[], state: State): Html {
  const last = cards.at(-1)?.view.review.key;
  const search = new URLSearchParams({ ...(state === 'resolved' && { state }), before: last ?? '' });
  const more = `/reviews?${search.toString()}`;
  return html`${cards.map((card) => reviewCard(t, card))}${
    cards.length >= REVIEWS_PER_PAGE &&
    html`<p class="more">
      <a class="button" href="${more}" hx-get="${more}" hx-target="closest .more" hx-swap="outerHTML" hx-boost="false"
        >${icon('chevron-down')}${t('reviews.more')}</a
      >
    </p>`
  }`;
}

function empty(t: Translate, state: State): Html {
  const of = { why: t(`reviews.empty.${state}`), hint: t(`reviews.empty.${state}.hint`) };
  return nothing({ icon: state === 'open' ? 'circle-check' : 'inbox', ...of });
}
