import { Hono } from 'hono';
import { html } from 'hono/html';
import type { ChargePointView, FleetPage, FleetQuery, FleetState } from '#actors/fleet/messages.ts';
import { PART_STATUSES } from '#actors/fleet/messages.ts';
import { mayCommand } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { FleetHub } from '#web/live/fleet-hub.ts';
import { clearFilters, nothing } from '#web/views/empty.ts';
import type { WebEnv } from '#web/views/env.ts';
import { COUNTER_STATES, shareBar, verdict } from '#web/views/fleet-counts.ts';
import { fleetHead, fleetRow } from '#web/views/fleet-row.ts';
import { fleetStream } from '#web/views/fleet-stream.ts';
import { filterForm, searchBox, selectBox, sizeBox, suggestBox } from '#web/views/filter-form.ts';
import { whole } from '#web/views/format.ts';
import { current, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { pager } from '#web/views/pager.ts';
import { picking } from '#web/views/batch.ts';
import { EVERYTHING, fleetUrl, isFiltered, PAGE_SIZES, readFleetQuery, SORTS, toggled } from './fleet-query.ts';

const STATIONS_LOOKED_AT_MAX = 200;
const STATIONS_OFFERED_MAX = 20;
/** Kept: making one for each comparison is twenty times slower. */
const { compare: byText } = new Intl.Collator('fr', { numeric: true });

/** « État du parc » (PRC-01, PRC-04, PRC-05, MOD-07..10) and its stream. */
export function fleetPages(deps: WebDeps, hub: FleetHub): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/fleet', async (c) => {
      const query = readFleetQuery(new URL(c.req.url).searchParams);
      const found = await deps.actors
        .fleet(c.var.login)
        .ask<FleetPage>((replyTo) => ({ type: 'list', query, replyTo }));
      // The form sends every field, also the empty ones; the address bar gets the short form. A link's address is its own.
      if (c.req.header('HX-Source') === 'form#filters')
        c.header('HX-Replace-Url', fleetUrl(query, { page: query.page }));
      return show(c, {
        title: c.var.t('fleet.title'),
        section: 'fleet',
        body: fleetView(c.var.t, {
          query,
          found,
          nowMs: c.var.nowMs,
          picks: mayCommand(c.var.login),
          isRestricted: c.var.login.restriction.to !== 'nothing',
        }),
      });
    })
    .get('/fleet/live', (c) => {
      return hub.join({
        login: c.var.login,
        t: c.var.t,
        draws: c.req.query('draw') === 'state' ? 'state' : 'row',
        shown: readShown(c.req.url),
        query: readFleetQuery(new URL(c.req.url).searchParams),
        since: Number(c.req.header('Last-Event-ID') || c.req.query('since')) || 0,
      });
    });
}

type FleetViewing = {
  readonly query: FleetQuery;
  readonly found: FleetPage;
  readonly nowMs: number;
  /** He may choose chargers, and command them together. */
  readonly picks: boolean;
  /** What he sees was chosen for him. */
  readonly isRestricted: boolean;
};

export function fleetView(t: Translate, viewing: FleetViewing): Html {
  return html`<div id="fleet" hx-boost:inherited="target:#fleet swap:innerMorph select:'#fleet > *'">
      ${heading(t, viewing)} ${filters(t, viewing)} ${results(t, viewing)} ${stream(viewing)}
    </div>
    <dialog id="drawer" class="drawer" aria-label="${t('box.facts')}"><div id="drawer-body"></div></dialog>`;
}

function heading(t: Translate, { query, found: { counts } }: FleetViewing): Html {
  const calm = query.states.length === 0 && !query.faultOnly;
  const counter = (state: FleetState): Html =>
    html`<a
      class="counter st-${state}"
      href="${fleetUrl(query, { states: toggled(query.states, state), faultOnly: false })}"
      ${current(query.states.includes(state))}
      ><b id="n-${state}">${whole(t, counts[state])}</b><span>${t(`state.${state}`)}</span></a
    >`;
  return html`<div class="fleet-head">
    <h1>${t('fleet.title')}</h1>
    ${verdict(t, counts)}
    <nav class="counters" aria-label="${t('fleet.counters')}">
      <a
        class="counter st-fault"
        href="${fleetUrl(query, { states: [], faultOnly: !query.faultOnly })}"
        ${current(query.faultOnly)}
        ><b id="n-fault">${whole(t, counts.fault)}</b><span>${t('state.fault')}</span></a
      >
      ${COUNTER_STATES.map(counter)}
      <a class="counter" href="${fleetUrl(query, { states: [], faultOnly: false })}" ${current(calm)}
        ><b id="n-total">${whole(t, counts.total)}</b><span>${t('fleet.counter.all')}</span></a
      >
    </nav>
    ${shareBar(counts)}
  </div>`;
}

function filters(t: Translate, { query, found, picks }: FleetViewing): Html {
  return filterForm(t, {
    id: 'filters',
    path: '/fleet',
    target: 'fleet',
    fields: html`${query.states.map((state) => html`<input type="hidden" name="state" value="${state}" />`)}${query.faultOnly && html`<input type="hidden" name="fault" value="1" />`}${query.descending && html`<input type="hidden" name="order" value="desc" />`}
      ${searchBox({ label: t('fleet.search'), hint: t('fleet.search.hint'), value: query.text })}
      ${selectBox({
        label: t('fleet.access'),
        name: 'access',
        id: 'f-access',
        any: t('fleet.access.all'),
        options: (['public', 'private'] as const).map((value) => ({ value, text: t(`fleet.access.${value}`) })),
        chosen: query.access[0],
      })}
      ${selectBox({
        label: t('fleet.status'),
        name: 'status',
        id: 'f-status',
        any: t('fleet.access.all'),
        options: PART_STATUSES.map((value) => ({ value, text: t(`connector.status.${value}`) })),
        chosen: query.status,
      })}
      ${suggestBox({
        label: t('fleet.station'),
        name: 'station',
        value: query.station,
        offered: stationsOf(found.rows),
      })}
      ${selectBox({
        label: t('fleet.sort'),
        name: 'sort',
        id: 'f-sort',
        options: SORTS.map((value) => ({ value, text: t(`fleet.sort.${value}`) })),
        chosen: query.sort,
      })}
      <a
        class="icon-button"
        href="${fleetUrl(query, { descending: !query.descending })}"
        title="${t('fleet.order.reverse')}"
        >${icon(query.descending ? 'arrow-up' : 'arrow-down')}<span class="sr-only"
          >${t('fleet.order.reverse')}</span
        ></a
      >
      ${sizeBox(t, { sizes: PAGE_SIZES, size: query.pageSize, all: true })}`,
    ends: html`<div class="filter-ends">
      ${isFiltered(query) && html`<a class="button quiet" href="${fleetUrl(EVERYTHING, { sort: query.sort, pageSize: query.pageSize })}">${icon('filter-x')}${t('fleet.clear')}</a>`}
      <span
        id="outside"
        class="outside"
        role="status"
        data-one="${t('fleet.outside.one')}"
        data-other="${t('fleet.outside.other', '{}')}"
      ></span>
      ${picks && html`<a class="button quiet" href="/roaming">${icon('send')}${t('roaming.link')}</a>`}
      <a class="button quiet" href="${fleetUrl(query, { page: query.page })}" data-refresh
        >${icon('refresh-cw')}${t('fleet.refresh')}</a
      >
    </div>`,
  });
}

/** What is offered to whoever chooses a station: the names that fit what is chosen and typed so far. */
function stationsOf(rows: readonly ChargePointView[]): readonly string[] {
  const names = rows.slice(0, STATIONS_LOOKED_AT_MAX).map(({ stationName }) => stationName);
  return [...new Set(names)].slice(0, STATIONS_OFFERED_MAX).toSorted(byText);
}

function results(t: Translate, viewing: FleetViewing): Html {
  const { query, found, nowMs, picks } = viewing;
  if (found.rows.length === 0) return emptiness(t, viewing);
  const table = html`<table class="fleet">
    <caption class="sr-only">
      ${t('fleet.title')}
    </caption>
    ${fleetHead(t, picks)}
    <tbody hx-target:inherited="#drawer-body" hx-swap:inherited="innerHTML">
      ${found.rows.map((view) => fleetRow(t, view, nowMs, picks))}
    </tbody>
  </table>`;
  return html`<section id="results">${picks ? picking(t, table) : table} ${pages(t, query, found)}</section>`;
}

function emptiness(t: Translate, { query, found, isRestricted }: FleetViewing): Html {
  if (found.counts.total === 0 && isRestricted) {
    const hint = t('fleet.empty.restricted.hint');
    return nothing({ icon: 'inbox', why: t('fleet.empty.restricted'), hint, isResult: true });
  }
  if (found.counts.total === 0) {
    const next = html`<a class="button" href="/radar" hx-boost="false">${icon('radar')}${t('radar.title')}</a>`;
    return nothing({
      icon: 'inbox',
      why: t('fleet.empty.none'),
      hint: t('fleet.empty.none.hint'),
      next,
      isResult: true,
    });
  }
  if (found.found > 0) {
    const next = clearFilters(fleetUrl(query), t('fleet.empty.page.first'));
    return nothing({ icon: 'search', why: t('fleet.empty.page', found.found), next, isResult: true });
  }
  return nothing({
    icon: 'search',
    why: t('fleet.empty.filters'),
    hint: filtersInWords(t, query).join(' · '),
    next: html`<p class="muted">${t('fleet.empty.filters.hint', found.counts.total)}</p>
      ${clearFilters(fleetUrl(EVERYTHING, { sort: query.sort }), t('fleet.clear'))}`,
    isResult: true,
  });
}

/** The filters that are on, in words. */
function filtersInWords(t: Translate, query: FleetQuery): string[] {
  const { states, faultOnly, access, status, station, text } = query;
  return [
    ...states.map((state) => t(`state.${state}`)),
    ...(faultOnly ? [t('state.fault')] : []),
    ...access.map((one) => `${t('fleet.access')} ${t(`fleet.access.${one}`)}`),
    ...(status === null ? [] : [t(`connector.status.${status}`)]),
    ...[station, text].filter((typed) => typed !== '').map((typed) => t('fleet.empty.text', typed)),
  ];
}

function pages(t: Translate, query: FleetQuery, { found, rows }: FleetPage): Html {
  const paged = { page: query.page, size: query.pageSize, shown: rows.length, found };
  return pager(t, paged, (page) => fleetUrl(query, { page }));
}

function stream({ query, found: { rows, revision } }: FleetViewing): Html {
  const [, asked = ''] = fleetUrl(query).split('?');
  return fleetStream({ chargePointIds: rows.map((view) => view.chargePointId), revision, asked });
}

/** Split before decoding, for an identity may hold a comma. Null: every charger. What is no identity shows none. */
function readShown(url: string): ReadonlySet<string> | null {
  const list = /[?&]show=([^&]*)/.exec(url)?.[1];
  if (list === undefined) return null;
  return new Set(list.split(',').flatMap((one) => decoded(one) ?? []));
}

/** Null for what was not encoded as addresses are. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
