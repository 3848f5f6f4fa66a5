import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Recharge, RechargeListing } from '#actors/recharge/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { mayDeleteRecharges, readsRecharges, watchesFleet } from '#src/domain/office/viewer.ts';
import { parkedMs, parkingEndMs, rechargeMark, RECHARGE_STATES } from '#src/domain/recharge.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import { PAGE_SIZES } from '#web/screens/query.ts';
import { clearFilters, nothing } from '#web/views/empty.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dayBox, filterForm, searchBox, selectBox, sizeBox } from '#web/views/filter-form.ts';
import { dateTime, duration, energy, whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { pager } from '#web/views/pager.ts';
import { endCell, rechargeTable } from '#web/views/recharge-table.ts';
import { kindWords, modeWords, placeWords } from '#web/views/recharge-words.ts';
import { problem } from './problem.ts';
import { deletedNotice, removeRecharges } from './recharge-deletion.ts';
import { exportRecharges } from './recharge-export.ts';
import {
  isNarrowed,
  readRecharges,
  RECHARGES_PATH,
  rechargesUrl,
  scopeOfRecharges,
  type RechargesQuery,
} from './recharge-query.ts';

/** « Recharges » (REC-01..11): those of the stations that the reader finds, and each on a page of its own. */
export function rechargePages(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>().get(RECHARGES_PATH, async (c) => {
    const { t, login } = c.var;
    if (!readsRecharges(login)) return problem(c, 'not-found', 404);
    const asked = readRecharges(new URL(c.req.url).searchParams);
    const { sort, descending, page, size, mark } = asked;
    const range = { sort, descending, mark, limit: size, offset: (page - 1) * size };
    const query = { ...scopeOfRecharges(asked, t.timeZone), ...range };
    // What few recharges have is looked for in many bites.
    if (query.text !== '' || query.state !== null) c.var.leaveTurn();
    const found = await deps.actors
      .recharges(login)
      .ask<RechargeListing>((replyTo) => ({ type: 'list', query, replyTo }));
    return show(c, { title: t('recharges.title'), section: 'office', body: listView(c, asked, found) });
  });
  for (const format of ['xlsx', 'csv'] as const) {
    app.get(`${RECHARGES_PATH}.${format}`, (c) =>
      readsRecharges(c.var.login) ? exportRecharges(c, deps, format) : problem(c, 'not-found', 404),
    );
  }
  app.post(`${RECHARGES_PATH}/delete`, (c) => removeRecharges(c, deps));
  return app.get(`${RECHARGES_PATH}/:transactionId`, async (c) => {
    const { t, login } = c.var;
    const transactionId = Number(c.req.param('transactionId'));
    if (!Number.isSafeInteger(transactionId)) return problem(c, 'not-found', 404);
    const row = await deps.actors
      .recharges(login)
      .ask<Recharge | null>((replyTo) => ({ type: 'find', transactionId, replyTo }));
    if (row === null) return problem(c, 'not-found', 404);
    const customer = await customerOf(c, deps, row);
    const title = `${t('recharges.title')} · ${row.stationName ?? t('recharges.no-station')}`;
    return show(c, { title, section: 'office', body: rechargeView(c, row, customer) });
  });
}

function listView(c: PageContext, query: RechargesQuery, found: RechargeListing): Html {
  const { t } = c.var;
  const file = (format: 'xlsx' | 'csv', text: string): Html =>
    html`<a class="button quiet" href="${rechargesUrl(query, {}, `${RECHARGES_PATH}.${format}`)}" hx-boost="false"
      >${icon('download')}${text}</a
    >`;
  return html`<div id="list" hx-boost:inherited="target:#list swap:innerMorph select:'#list > *'">
    <div class="list-head">
      <h1>${t('recharges.title')}</h1>
      <span class="spacer"></span>
      ${file('xlsx', 'Excel')} ${file('csv', 'CSV')}
    </div>
    ${deletedNotice(c)} ${filters(t, query, found)} ${results(c, query, found)}
  </div>`;
}

function filters(t: Translate, query: RechargesQuery, { stations, companies }: RechargeListing): Html {
  const { sort, descending } = query;
  return filterForm(t, {
    path: RECHARGES_PATH,
    target: 'list',
    fields: html`${sort !== 'start' && html`<input type="hidden" name="sort" value="${sort}" />`}${!descending && html`<input type="hidden" name="order" value="asc" />`}
      ${searchBox({ label: t('recharges.search'), value: query.text })}
      <label
        >${t('recharges.station')}
        <input
          id="f-station"
          type="text"
          name="station"
          value="${query.station}"
          list="stations"
          autocomplete="off"
          maxlength="100"
      /></label>
      <datalist id="stations">${stations.map((name) => html`<option value="${name}"></option>`)}</datalist>
      ${
        companies.length > 1 &&
        selectBox({
          label: t('recharges.company'),
          name: 'company',
          any: t('list.any'),
          options: companies.map(({ id, name }) => ({ value: id, text: name })),
          chosen: query.company,
        })
      }
      ${selectBox({
        label: t('recharges.state'),
        name: 'state',
        any: t('list.any'),
        options: RECHARGE_STATES.map((value) => ({ value, text: t(`recharges.state.${value}`) })),
        chosen: query.state,
      })}
      ${dayBox({ label: t('recharges.from'), name: 'from', day: query.from })}
      ${dayBox({ label: t('recharges.to'), name: 'to', day: query.to })}
      ${sizeBox(t, { sizes: PAGE_SIZES, size: query.size, all: false })}`,
  });
}

function results(c: PageContext, query: RechargesQuery, found: RechargeListing): Html {
  const { t, nowMs } = c.var;
  const { rows, totals, lookedTo } = found;
  const lookOn =
    lookedTo !== null &&
    html`<p class="more">
      ${t('recharges.looked', dateTime(t, lookedTo.startedAtMs))}
      <a class="button" href="${rechargesUrl(query, { page: query.page + 1, mark: lookedTo })}"
        >${icon('chevron-down')}${t('recharges.look-on')}</a
      >
    </p>`;
  if (rows.length === 0) {
    const isFiltered = isNarrowed(query);
    return nothing({
      icon: isFiltered ? 'search' : 'inbox',
      why: t(isFiltered ? 'list.empty.filters' : 'recharges.empty'),
      next: html`${lookOn} ${isFiltered && clearFilters(RECHARGES_PATH, t('list.clear'))}`,
      isResult: true,
    });
  }
  // A long list is in the order of starts, whatever was asked.
  const sort = totals === null ? 'start' : query.sort;
  const hasBoxes = mayDeleteRecharges(c.var.login);
  const table = rechargeTable(t, {
    rows,
    nowMs,
    sort,
    descending: query.descending,
    urlOf: (by, descending) =>
      totals === null && by !== 'start' ? null : rechargesUrl(query, { sort: by, descending }),
    hasBoxes,
  });
  return html`<section id="results">
    ${totalsLine(t, totals)}
    ${
      hasBoxes
        ? html`<form method="post" action="${RECHARGES_PATH}/delete" data-selection hx-boost="false">
            ${table}
            <div class="selection"><button class="button">${icon('eraser')}${t('list.delete')}</button></div>
          </form>`
        : table
    }
    ${lookOn} ${pages(t, query, found)}
  </section>`;
}

/** Over all that the filters find, not over the page. */
function totalsLine(t: Translate, totals: RechargeListing['totals']): Html {
  if (totals === null) return html`<p class="hint totals">${t('recharges.long')}</p>`;
  const { count, running, energyWh, parkedMs: parked, chargedMs } = totals;
  const words = [
    t('recharges.sum.energy', energy(t, energyWh)),
    t('recharges.sum.parking', duration(t, parked)),
    ...(chargedMs === 0 ? [] : [t('recharges.sum.charging', duration(t, chargedMs))]),
  ];
  return html`<p class="totals" role="status">
    <strong>${t('recharges.count', count, whole(t, count))}</strong
    >${running > 0 && html` ${t('recharges.count.running', whole(t, running))}`} · ${words.join(' · ')}
  </p>`;
}

/** By number where somebody has counted, else by the first and last recharge of this page. */
function pages(t: Translate, query: RechargesQuery, { rows, totals, isMore }: RechargeListing): Html {
  const { page, size } = query;
  const [first, last] = [rows[0], rows.at(-1)];
  const shownTo = (page - 1) * size + rows.length;
  const paged = { page, size, shown: rows.length, found: totals?.count ?? shownTo, isMore };
  return pager(t, paged, (to) => {
    if (totals !== null || to === 1 || first === undefined || last === undefined)
      return rechargesUrl(query, { page: to });
    return rechargesUrl(query, {
      page: to,
      mark: to > page ? rechargeMark(last, 'after') : rechargeMark(first, 'before'),
    });
  });
}

/** The customer whose wallet pays, as far as this reader finds him; a public one is nobody's here. */
async function customerOf(c: PageContext, deps: WebDeps, { walletId }: Recharge): Promise<RecordRow | null> {
  if (walletId === null) return null;
  return deps.actors
    .office(c.var.login)
    .ask<RecordRow | null>((replyTo) => ({ type: 'find', entity: 'customer', id: walletId, replyTo }));
}

/** One recharge, with all that is known of it. */
function rechargeView(c: PageContext, row: Recharge, customer: RecordRow | null): Html {
  const { t, login, nowMs } = c.var;
  const endMs = parkingEndMs(row);
  const facts: readonly (readonly [label: string, content: Html | string])[] = [
    [t('recharges.place'), placeWords(t, row)],
    [t('recharges.badge'), html`<code>${row.idTag}</code>`],
    [t('recharges.badge-kind'), kindWords(t, row)],
    [
      t('recharges.driver'),
      customer === null
        ? (row.driver ?? '')
        : html`<a href="/customers/${encodeURIComponent(customer.id)}">${String(customer.values['name'] ?? '')}</a>`,
    ],
    [t('recharges.start'), dateTime(t, row.startedAtMs)],
    [t('recharges.parking-end'), endMs === null ? '' : dateTime(t, endMs)],
    [t('recharges.parking'), duration(t, parkedMs(row, nowMs))],
    [t('recharges.charging'), row.chargedMs === null ? '' : duration(t, row.chargedMs)],
    [t('recharges.energy'), energy(t, row.closing === 'open' ? (row.live?.energyWh ?? 0) : row.energyWh)],
    [t('recharges.mode'), modeWords(t, row)],
    [t('recharges.end'), endCell(t, row)],
    [t('recharges.number'), String(row.transactionId)],
  ];
  const charger = html`<code>${row.chargePointId}</code>`;
  return html`<div class="narrow">
    <a class="back" href="${RECHARGES_PATH}">${icon('arrow-left')}${t('recharges.title')}</a>
    <h1>${row.stationName ?? t('recharges.no-station')}</h1>
    <section class="panel">
      <dl class="facts recharge-facts">
        <div>
          <dt>${t('recharges.charger')}</dt>
          <dd>
            ${watchesFleet(login) ? html`<a href="/fleet/${encodeURIComponent(row.chargePointId)}">${charger}</a>` : charger}
          </dd>
        </div>
        ${facts.map(
          ([label, content]) =>
            html`<div>
              <dt>${label}</dt>
              <dd>${content === '' ? t('app.none') : content}</dd>
            </div>`,
        )}
      </dl>
      ${row.freeService && html`<p class="hint">${t('session.free-service')}</p>`}
    </section>
  </div>`;
}
