import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Acknowledged } from '#actors/alert/messages.ts';
import { mayAcknowledge, type AlertRow, type AlertTold } from '#src/domain/alert.ts';
import type { AlertPage } from '#src/storage/alert-port.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import type { Translate } from '#web/i18n/t.ts';
import { alertWords } from '#web/views/alert-words.ts';
import { nothing } from '#web/views/empty.ts';
import type { PageContext, SignedIn, WebEnv } from '#web/views/env.ts';
import { dateTime, duration } from '#web/views/format.ts';
import { current, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { pager, readPage } from '#web/views/pager.ts';
import { problem } from './problem.ts';

const ROWS_PER_PAGE = 50;
/** What is shown after a button was pressed. */
const NOTES = { done: 'good', already: 'warn', gone: 'warn' } as const;

type State = 'open' | 'past';

/** « Alertes »: those that last, and those that are over; who was told of each, and who takes care of it. */
export function alertPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/alerts', async (c) => {
      const { t, login } = c.var;
      const search = new URL(c.req.url).searchParams;
      const state: State = search.get('state') === 'past' ? 'past' : 'open';
      const page = readPage(search);
      const query = { open: state === 'open', offset: (page - 1) * ROWS_PER_PAGE, limit: ROWS_PER_PAGE };
      const found = await deps.actors.alerts(login).ask<AlertPage>((replyTo) => ({ type: 'list', query, replyTo }));
      return show(c, { title: t('alerts.title'), section: 'alerts', body: alertsView(c, { state, page, found }) });
    })
    .post('/alerts/acknowledge', async (c) => {
      const { login, nowMs } = c.var;
      const { alert: alertId = '' } = await formFields(c.req.raw);
      const outcome = await deps.actors.alerts(login).ask<Acknowledged>((replyTo) => ({
        type: 'acknowledge',
        alertId,
        by: login.displayName,
        atMs: nowMs,
        replyTo,
      }));
      if (outcome === 'ok') return c.redirect('/alerts?done', 303);
      if (outcome === 'already') return c.redirect('/alerts?already', 303);
      return outcome === 'ended' ? c.redirect('/alerts?gone', 303) : problem(c, 'not-found', 404);
    });
}

type Shown = { readonly state: State; readonly page: number; readonly found: AlertPage };

function pageUrl(state: State, page: number): string {
  const search = new URLSearchParams({ ...(state === 'past' && { state }), ...(page > 1 && { page: String(page) }) });
  return search.size === 0 ? '/alerts' : `/alerts?${search.toString()}`;
}

function alertsView(c: PageContext, shown: Shown): Html {
  const { t } = c.var;
  const { state, page, found } = shown;
  const note = (['done', 'already', 'gone'] as const).find((one) => c.req.query(one) !== undefined);
  const tab = (target: State): Html =>
    html`<a class="button" href="${pageUrl(target, 1)}" ${current(state === target)}
      >${t(`alerts.filter.${target}`)}</a
    >`;
  return html`<div class="narrow alerts-page">
    <header>
      <h1>${t('alerts.title')}</h1>
      <p class="muted">${t('alerts.intro')}</p>
    </header>
    ${note !== undefined && html`<p class="notice ${NOTES[note]}" role="status">${icon(note === 'done' ? 'circle-check' : 'info')}${t(`alerts.${note}`)}</p>`}
    <nav class="review-states" aria-label="${t('alerts.filter')}">${tab('open')}${tab('past')}</nav>
    <div
      id="alerts"
      hx-get="${pageUrl(state, page)}"
      hx-trigger="every 5s"
      hx-select="#alerts > *"
      hx-swap="innerMorph"
    >
      ${found.rows.length === 0 ? empty(t, state) : html`${table(c, found.rows)}${pages(t, shown)}`}
    </div>
  </div>`;
}

function empty(t: Translate, state: State): Html {
  const of = { why: t(`alerts.empty.${state}`), hint: t(`alerts.empty.${state}.hint`) };
  return nothing({ icon: state === 'open' ? 'circle-check' : 'inbox', ...of });
}

function table(c: PageContext, rows: readonly AlertRow[]): Html {
  const { t } = c.var;
  return html`<table class="records">
    <caption class="sr-only">
      ${t('alerts.title')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t('alerts.charger')}</th>
        <th scope="col">${t('alerts.cause')}</th>
        <th scope="col">${t('alerts.since')}</th>
        <th scope="col">${t('alerts.care')}</th>
        <th scope="col">${t('alerts.told')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => alertRow(c, row))}
    </tbody>
  </table>`;
}

function alertRow(c: PageContext, row: AlertRow): Html {
  const { t, nowMs, login } = c.var;
  const { cause, endedAtMs, openedAtMs, times } = row;
  const isFault = cause === 'fault' || cause === 'absent';
  const look = endedAtMs !== null ? 'st-offline' : isFault ? 'st-fault' : 'st-out-of-service';
  return html`<tr>
    <th scope="row">
      <a class="record-link" href="/fleet/${encodeURIComponent(row.chargePointId)}">${row.stationName}</a>
      <span class="sub">${row.chargePointId}${row.city !== '' && ` · ${row.city}`}</span>
    </th>
    <td data-label="${t('alerts.cause')}">
      <span class="badge ${look}">${icon(isFault ? 'triangle-alert' : 'car')}${t(`alert.cause.${cause}`)}</span>
      <span class="sub">${alertWords(t, row)}</span>
      ${times > 1 && html`<span class="sub">${t('alerts.times', times - 1)}</span>`}
    </td>
    <td data-label="${t('alerts.since')}">
      <span class="whole">${dateTime(t, openedAtMs)}</span>
      <span class="sub">${duration(t, (endedAtMs ?? nowMs) - openedAtMs)}</span>
      ${endedAtMs !== null && html`<span class="sub">${t('alerts.ended', dateTime(t, endedAtMs))}</span>`}
    </td>
    <td data-label="${t('alerts.care')}">${careCell(t, login, row)}</td>
    <td data-label="${t('alerts.told')}">${toldCell(t, login, row.told)}</td>
  </tr>`;
}

function careCell(t: Translate, login: SignedIn, row: AlertRow): Html {
  const { acknowledged, escalatedAtMs, endedAtMs, alertId } = row;
  const escalated =
    escalatedAtMs !== null && html`<span class="sub">${t('alerts.escalated', dateTime(t, escalatedAtMs))}</span>`;
  if (acknowledged !== null)
    return html`${t('alerts.taken', acknowledged.by, dateTime(t, acknowledged.atMs))}${escalated}`;
  if (endedAtMs !== null || !mayAcknowledge(login)) return html`${t('alerts.not-taken')}${escalated}`;
  return html`<form method="post" action="/alerts/acknowledge">
      <input type="hidden" name="alert" value="${alertId}" />
      <button class="button small">${icon('check')}${t('alerts.take')}</button>
    </form>
    ${escalated}`;
}

/** Of his own account he reads who was told; of others, how many people. */
function toldCell(t: Translate, login: SignedIn, told: readonly AlertTold[]): Html {
  const isOwn = (one: AlertTold): boolean => login.kind === 'platform' || one.subscriberId === login.subscriberId;
  const own = told.filter(isOwn);
  const names = [...new Set(own.map(({ name }) => name))];
  const others = new Set(told.filter((one) => !isOwn(one)).map(({ userId }) => userId)).size;
  const people = [...names, ...(others === 0 ? [] : [t('alerts.told.others', others)])].join(', ');
  if (own.length === 0) return html`${people === '' ? t('alerts.told.nobody') : people}`;
  return html`<details class="letter">
    <summary>${people}</summary>
    <ul aria-label="${t('alerts.told.list')}">
      ${own.map(
        ({ name, channel, step, atMs }) =>
          html`<li>
            ${t('alerts.told.one', name, t(`alerts.told.by.${channel}`), t(`alerts.told.step.${step}`), dateTime(t, atMs))}
          </li>`,
      )}
    </ul>
  </details>`;
}

function pages(t: Translate, { state, page, found }: Shown): Html {
  const paged = { page, size: ROWS_PER_PAGE, shown: found.rows.length, found: found.found };
  return pager(t, paged, (to) => pageUrl(state, to));
}
