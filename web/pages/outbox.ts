import { Hono } from 'hono';
import { html } from 'hono/html';
import {
  CHANNELS,
  openText,
  OUTBOX_CHANNELS,
  POST_STATES,
  postScopeOf,
  SECRET,
  type OutboxChannel,
} from '#src/domain/post.ts';
import type { PostQuery, PostRow } from '#src/storage/post-port.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import type { Translate } from '#web/i18n/t.ts';
import { nothing } from '#web/views/empty.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { filterForm, searchBox, selectBox } from '#web/views/filter-form.ts';
import { dateTime } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { pager, readPage } from '#web/views/pager.ts';
import { problem } from './problem.ts';

const ROWS_PER_PAGE = 50;
const SEARCH_MAX = 100;

type Narrowed = Pick<PostQuery, 'state' | 'channel' | 'search'> & { readonly page: number };
type Found = { readonly rows: readonly PostRow[]; readonly found: number };

/** The outbox: every message of the server for its operator, those of his own subscription for an administrator. */
export function outboxPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/outbox', async (c) => {
      const scope = postScopeOf(c.var.login);
      if (scope === null) return problem(c, 'not-found', 404);
      const query = readQuery(new URL(c.req.url).searchParams);
      const { page, ...narrowed } = query;
      const found = await deps.post.list({
        ...(scope === 'everything' ? {} : scope),
        ...narrowed,
        offset: (page - 1) * ROWS_PER_PAGE,
        limit: ROWS_PER_PAGE,
      });
      const body = outboxView(c, deps, query, found);
      return show(c, { title: c.var.t('outbox.title'), section: 'office', body });
    })
    .post('/outbox/retry', async (c) => {
      const scope = postScopeOf(c.var.login);
      const { key = '' } = await formFields(c.req.raw);
      const isWaiting =
        scope !== null && (await deps.post.retry({ key, atMs: c.var.nowMs, ...(scope === 'everything' ? {} : scope) }));
      return isWaiting ? c.redirect('/outbox?retried', 303) : problem(c, 'not-found', 404);
    });
}

function readQuery(search: URLSearchParams): Narrowed {
  return {
    state: POST_STATES.find((one) => one === search.get('state')) ?? null,
    channel: OUTBOX_CHANNELS.find((one) => one === search.get('channel')) ?? null,
    search: (search.get('q') ?? '').trim().slice(0, SEARCH_MAX),
    page: readPage(search),
  };
}

function pageUrl({ state, channel, search }: Narrowed, page: number): string {
  const address = new URLSearchParams();
  if (search !== '') address.set('q', search);
  if (state !== null) address.set('state', state);
  if (channel !== null) address.set('channel', channel);
  if (page > 1) address.set('page', String(page));
  return address.size === 0 ? '/outbox' : `/outbox?${address.toString()}`;
}

function outboxView(c: PageContext, deps: WebDeps, query: Narrowed, found: Found): Html {
  const { t } = c.var;
  const { transports } = deps.post;
  // Links are read here while there is no other way to get them, by who may make any of them anyway.
  const opens = (channel: OutboxChannel): boolean =>
    postScopeOf(c.var.login) === 'everything' && !transports.has(channel);
  return html`<div id="list" class="letters" hx-boost:inherited="target:#list swap:innerMorph select:'#list > *'">
    <div class="list-head"><h1>${t('outbox.title')}</h1></div>
    <p class="muted">${t('outbox.intro')}</p>
    ${c.req.query('retried') !== undefined && html`<p class="notice good" role="status">${icon('circle-check')}${t('outbox.retried')}</p>`}
    ${lacking(found.rows, transports).map((one) => html`<p class="notice">${icon('info')}${t(`outbox.no-${one}`)}</p>`)}
    ${filters(t, query)}
    ${
      found.rows.length === 0
        ? nothing({ icon: 'inbox', why: t('outbox.empty'), hint: t('outbox.empty.hint') })
        : html`${table(t, found.rows, opens)}${pages(t, query, found)}`
    }
  </div>`;
}

/** Ways that are not configured; a partner's only where something waits for it. */
function lacking(rows: readonly PostRow[], transports: ReadonlySet<OutboxChannel>): readonly OutboxChannel[] {
  const isPersonal = new Set<OutboxChannel>(CHANNELS);
  return OUTBOX_CHANNELS.filter(
    (one) => !transports.has(one) && (isPersonal.has(one) || rows.some(({ channel }) => channel === one)),
  );
}

function filters(t: Translate, { state, channel, search }: Narrowed): Html {
  return filterForm(t, {
    path: '/outbox',
    target: 'list',
    fields: html`${searchBox({ label: t('outbox.search'), hint: t('list.search'), value: search })}
    ${selectBox({
      label: t('outbox.state'),
      name: 'state',
      any: t('list.any'),
      options: POST_STATES.map((value) => ({ value, text: t(`outbox.state.${value}`) })),
      chosen: state,
    })}
    ${selectBox({
      label: t('outbox.channel'),
      name: 'channel',
      any: t('list.any'),
      options: OUTBOX_CHANNELS.map((value) => ({ value, text: t(`outbox.channel.${value}`) })),
      chosen: channel,
    })}`,
  });
}

function table(t: Translate, rows: readonly PostRow[], opens: (channel: OutboxChannel) => boolean): Html {
  return html`<table class="records">
    <caption class="sr-only">
      ${t('outbox.title')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t('outbox.to')}</th>
        <th scope="col">${t('outbox.message')}</th>
        <th scope="col">${t('outbox.channel')}</th>
        <th scope="col">${t('outbox.when')}</th>
        <th scope="col">${t('outbox.state')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            <th scope="row">${row.to}</th>
            <td data-label="${t('outbox.message')}">
              <strong>${row.subject}</strong>
              <details class="letter">
                <summary>${t('outbox.read')}</summary>
                <p class="letter-text">${readable(t, row, opens(row.channel))}</p>
              </details>
            </td>
            <td class="whole" data-label="${t('outbox.channel')}">${t(`outbox.channel.${row.channel}`)}</td>
            <td class="whole" data-label="${t('outbox.when')}">${dateTime(t, row.createdAtMs)}</td>
            <td data-label="${t('outbox.state')}">${stateCell(t, row)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The text with its addresses to click; a link for its recipient alone stands in it only where it may be seen. */
function readable(t: Translate, row: PostRow, opens: boolean): Html {
  const text = opens ? openText(row) : row.text;
  const parts = text.replaceAll(SECRET, () => t('outbox.secret')).split(/(https?:\/\/[^\s<>"]+)/);
  return html`${parts.map((part, at) => (at % 2 === 1 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : part))}`;
}

const LOOKS = {
  waiting: { look: 'st-offline', drawing: 'hourglass' },
  sent: { look: 'st-free', drawing: 'circle-check' },
  failed: { look: 'st-fault', drawing: 'triangle-alert' },
} as const;

function stateCell(t: Translate, row: PostRow): Html {
  const { state, tries, endedAtMs, lastError } = row;
  const { look, drawing } = LOOKS[state];
  return html`<span class="badge ${look}">${icon(drawing)}${t(`outbox.state.${state}`)}</span>
    ${state === 'sent' && endedAtMs !== null && html`<span class="sub">${t('outbox.sent-at', dateTime(t, endedAtMs))}</span>`}
    ${state === 'failed' && endedAtMs !== null && html`<span class="sub">${t('outbox.failed-at', dateTime(t, endedAtMs))}</span>`}
    ${state === 'waiting' && tries > 0 && html`<span class="sub">${t('outbox.next-try', dateTime(t, row.nextTryAtMs))}</span>`}
    ${lastError !== null && html`<span class="sub">${lastError}</span>`}
    ${
      state === 'failed' &&
      !row.text.includes(SECRET) &&
      html`<form method="post" action="/outbox/retry" hx-boost="false">
        <input type="hidden" name="key" value="${row.key}" /><button class="button small">
          ${icon('rotate-ccw')}${t('outbox.retry')}
        </button>
      </form>`
    }`;
}

function pages(t: Translate, query: Narrowed, { rows, found }: Found): Html {
  const paged = { page: query.page, size: ROWS_PER_PAGE, shown: rows.length, found };
  return pager(t, paged, (page) => pageUrl(query, page));
}
