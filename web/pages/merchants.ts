import { Hono } from 'hono';
import { html } from 'hono/html';
import type { OfferPage } from '#actors/office/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { may } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import type { Translate } from '#web/i18n/t.ts';
import { companyScreen } from '#web/screens/company.ts';
import { PAGE_SIZES } from '#web/screens/query.ts';
import { labelOf } from '#web/screens/screen.ts';
import { clearFilters, nothing } from '#web/views/empty.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { filterForm, searchBox } from '#web/views/filter-form.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { monogram } from '#web/views/monogram.ts';
import { pager, readPage } from '#web/views/pager.ts';
import { problem } from './problem.ts';

const [ROWS_PER_PAGE] = PAGE_SIZES;
const SEARCH_MAX = 100;
const COLUMNS = ['address', 'postcode', 'city', 'contactName', 'contactEmail'] as const;

type Narrowed = { readonly text: string; readonly page: number };

/** MPU-07: « Liste des commerçants », what a maintainer was offered and his answer to each. */
export function merchantPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/merchants', async (c) => {
      const { t, login } = c.var;
      if (!may(login, 'merchants', 'view')) return problem(c, 'not-found', 404);
      const search = new URL(c.req.url).searchParams;
      const narrowed = { text: (search.get('q') ?? '').trim().slice(0, SEARCH_MAX), page: readPage(search) };
      const query = { text: narrowed.text, offset: (narrowed.page - 1) * ROWS_PER_PAGE, limit: ROWS_PER_PAGE };
      const found = await deps.actors.office(login).ask<OfferPage>((replyTo) => ({ type: 'offers', query, replyTo }));
      return show(c, { title: t('merchants.title'), section: 'office', body: offersView(c, narrowed, found) });
    })
    .post('/merchants/:companyId', async (c) => {
      const companyId = c.req.param('companyId');
      const { accept } = await formFields(c.req.raw);
      const isDone = await deps.actors.office(c.var.login).ask<boolean>((replyTo) => ({
        type: 'answer-offer',
        companyId,
        accept: accept === '1',
        atMs: c.var.nowMs,
        replyTo,
      }));
      return isDone ? c.redirect('/merchants', 303) : problem(c, 'not-found', 404);
    });
}

function pageUrl({ text }: Narrowed, page: number): string {
  const search = new URLSearchParams({ ...(text !== '' && { q: text }), ...(page > 1 && { page: String(page) }) });
  return search.size === 0 ? '/merchants' : `/merchants?${search.toString()}`;
}

function offersView(c: PageContext, narrowed: Narrowed, found: OfferPage): Html {
  const { t } = c.var;
  const { offers } = found;
  const paged = { page: narrowed.page, size: ROWS_PER_PAGE, shown: offers.length, ...found };
  return html`<div id="list" hx-boost:inherited="target:#list swap:innerMorph select:'#list > *'">
    <div class="list-head"><h1>${t('merchants.title')}</h1></div>
    ${filterForm(t, {
      path: '/merchants',
      target: 'list',
      fields: searchBox({ label: t('list.search'), value: narrowed.text }),
    })}
    ${offers.length === 0 ? empty(t, narrowed) : html`${table(c, found)}${pager(t, paged, (page) => pageUrl(narrowed, page))}`}
  </div>`;
}

function empty(t: Translate, { text, page }: Narrowed): Html {
  const isNarrowed = text !== '' || page > 1;
  return isNarrowed
    ? nothing({ icon: 'search', why: t('list.empty.filters'), next: clearFilters('/merchants', t('list.clear')) })
    : nothing({ icon: 'inbox', why: t('merchants.empty') });
}

function table(c: PageContext, { offers }: OfferPage): Html {
  const { t, login } = c.var;
  const mayAnswer = may(login, 'merchants', 'modify');
  const cell = (field: string, company: RecordRow): Html =>
    html`<td data-label="${labelOf(t, companyScreen, field)}">${String(company.values[field] ?? '')}</td>`;
  return html`<table class="records">
    <caption class="sr-only">
      ${t('merchants.title')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${labelOf(t, companyScreen, 'name')}</th>
        ${COLUMNS.map((field) => html`<th scope="col">${labelOf(t, companyScreen, field)}</th>`)}
        <th scope="col">${t('merchants.accepted')}</th>
      </tr>
    </thead>
    <tbody>
      ${offers.map(
        ({ row, company }) =>
          html`<tr>
            <th scope="row">
              <span class="with-monogram"
                >${monogram(String(company.values['name'] ?? ''))}<span
                  >${String(company.values['name'] ?? '')}</span
                ></span
              >
            </th>
            ${COLUMNS.map((field) => cell(field, company))}
            <td data-label="${t('merchants.accepted')}">
              ${answerCell(t, { id: company.id, isAccepted: row.acceptedAtMs !== null, mayAnswer })}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function answerCell(t: Translate, of: { id: string; isAccepted: boolean; mayAnswer: boolean }): Html {
  const { id, isAccepted, mayAnswer } = of;
  return html`${isAccepted ? html`<span class="badge st-free">${icon('check')}${t('list.yes')}</span>` : html`<span class="badge">${t('list.no')}</span>`}
  ${
    mayAnswer &&
    html`<form method="post" action="/merchants/${encodeURIComponent(id)}" class="answer" hx-boost="false">
      <input type="hidden" name="accept" value="${isAccepted ? '0' : '1'}" />
      <button class="button small${isAccepted ? ' quiet' : ' primary'}">
        ${isAccepted ? t('merchants.leave') : t('merchants.accept')}
      </button>
    </form>`
  }`;
}
