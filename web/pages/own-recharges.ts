import { Hono } from 'hono';
import { html } from 'hono/html';
import type { OwnRecharges, Recharge } from '#actors/recharge/messages.ts';
import { parkedMs, rechargeMark, type RechargeMark } from '#src/domain/recharge.ts';
import type { Cell, Sheet } from '#src/exports/sheet.ts';
import { wallClock } from '#src/exports/wall-clock.ts';
import { xlsxStream } from '#src/exports/xlsx.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import { nothing } from '#web/views/empty.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dayBox, filterForm, selectBox } from '#web/views/filter-form.ts';
import { dateTime, dayKey, energy, euros, whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { pager } from '#web/views/pager.ts';
import { modeWords, placeWords } from '#web/views/recharge-words.ts';
import { problem } from './problem.ts';
import { hoursMinutesSeconds } from './recharge-export.ts';
import { readRecharges, rechargesUrl, scopeOfRecharges, type RechargesQuery } from './recharge-query.ts';

const PATH = '/me/sessions';
const EXPORTED_AT_ONCE = 100;
const DAY_MS = 86_400_000;

/** « Suivre mes recharges » (CLI-10..14): what somebody has charged himself, at whatever station. */
export function ownRechargePages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get(PATH, async (c) => {
      const { t, login } = c.var;
      if (login.userId === null || !login.isCustomer) return problem(c, 'not-found', 404);
      const query = readRecharges(new URL(c.req.url).searchParams);
      const { page, size, mark } = query;
      const found = await ask(c, deps, { query, mark, limit: size, offset: (page - 1) * size });
      return show(c, { title: t('own-recharges.title'), section: 'account', body: view(c, query, found) });
    })
    .get(`${PATH}.xlsx`, (c) => {
      const { t, login, nowMs } = c.var;
      if (login.userId === null || !login.isCustomer) return problem(c, 'not-found', 404);
      const columns = headings(t).map((header) => ({ header, widthCharacters: 20 }));
      const sheet: Sheet = { name: t('own-recharges.title'), columns, pages: pagesOf(c, deps) };
      return new Response(xlsxStream(sheet), {
        headers: {
          'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          'Content-Disposition': `attachment; filename="recharges-${dayKey(t, nowMs)}.xlsx"`,
          'Cache-Control': 'no-store',
        },
      });
    });
}

type Range = { readonly mark: RechargeMark | null; readonly limit: number; readonly offset: number };

function ask(
  c: PageContext,
  deps: WebDeps,
  { query, ...range }: Range & { readonly query: RechargesQuery },
): Promise<OwnRecharges> {
  const { t, login } = c.var;
  const { text, station, fromMs, toMs } = scopeOfRecharges(query, t.timeZone);
  const userId = login.userId ?? '';
  return deps.actors.recharges(login).ask<OwnRecharges>((replyTo) => ({
    type: 'own',
    userId,
    query: { text, station, fromMs, toMs, ...range },
    replyTo,
  }));
}

/** CLI-13: all that the filters find, newest first. */
async function* pagesOf(c: PageContext, deps: WebDeps): AsyncIterable<readonly (readonly Cell[])[]> {
  const { t, nowMs } = c.var;
  const clock = wallClock(t.timeZone);
  const query = readRecharges(new URL(c.req.url).searchParams);
  let mark: RechargeMark | null = null;
  for (;;) {
    const found: OwnRecharges = await ask(c, deps, { query, mark, limit: EXPORTED_AT_ONCE, offset: 0 });
    yield found.rows.map((row) => [
      row.stationName ?? '',
      clock(row.startedAtMs),
      row.chargedMs === null ? null : hoursMinutesSeconds(row.chargedMs),
      energyWhOf(row),
      hoursMinutesSeconds(parkedMs(row, nowMs)),
      modeWords(t, row),
      placeWords(t, row),
      row.price === null ? null : row.price / 100,
    ]);
    const last = found.rows.length < EXPORTED_AT_ONCE ? undefined : found.rows.at(-1);
    mark = found.lookedTo ?? (last === undefined ? null : rechargeMark(last, 'after'));
    if (mark === null) return;
  }
}

/** CLI-11 */
function headings(t: Translate): readonly string[] {
  return [
    t('recharges.station'),
    t('recharges.start'),
    t('recharges.charging'),
    t('own-recharges.wh'),
    t('recharges.parking'),
    t('recharges.mode'),
    t('own-recharges.outlet'),
    t('own-recharges.amount'),
  ];
}

function energyWhOf({ closing, energyWh, live }: Recharge): number {
  return closing === 'open' ? (live?.energyWh ?? 0) : energyWh;
}

function view(c: PageContext, query: RechargesQuery, found: OwnRecharges): Html {
  const { t } = c.var;
  const { rows, totals, isMore, badges } = found;
  const { page, size } = query;
  const filters = filterForm(t, {
    path: PATH,
    target: 'list',
    fields: html`${dayBox({ label: t('recharges.from'), name: 'from', day: query.from })}
      ${dayBox({ label: t('recharges.to'), name: 'to', day: query.to })}
      ${selectBox({
        label: t('own-recharges.badge'),
        name: 'q',
        any: t('list.any'),
        options: badges.map((value) => ({ value, text: value })),
        chosen: query.text,
      })}
      <label
        >${t('recharges.station')}
        <input id="f-station" type="text" name="station" value="${query.station}" maxlength="100"
      /></label>`,
  });
  const shownTo = (page - 1) * size + rows.length;
  const paged = { page, size, shown: rows.length, found: totals?.count ?? shownTo, isMore };
  const last = rows.at(-1);
  return html`<div id="list" hx-boost:inherited="target:#list swap:innerMorph select:'#list > *'">
    <a class="back" href="/access" hx-boost="false">${icon('arrow-left')}${t('access.title')}</a>
    <div class="list-head">
      <h1>${t('own-recharges.title')}</h1>
      <span class="spacer"></span>
      <a class="button quiet" href="${rechargesUrl(query, {}, `${PATH}.xlsx`)}" hx-boost="false"
        >${icon('download')}${t('own-recharges.file')}</a
      >
    </div>
    ${filters}
    ${
      rows.length === 0
        ? nothing({ icon: 'inbox', why: t('own-recharges.empty'), isResult: true })
        : html`<section id="results">
            ${table(c, rows)}
            ${pager(t, paged, (to) => {
              const isOn = totals === null && to > page && last !== undefined;
              return rechargesUrl(query, { page: to, mark: isOn ? rechargeMark(last, 'after') : null }, PATH);
            })}
            ${total(t, totals)}
          </section>`
    }
  </div>`;
}

function table({ var: { t, nowMs } }: PageContext, rows: readonly Recharge[]): Html {
  const names = headings(t);
  return html`<table class="records recharges">
    <caption class="sr-only">
      ${t('own-recharges.title')}
    </caption>
    <thead>
      <tr>
        ${names.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => {
        const cells = [
          dateTime(t, row.startedAtMs),
          row.chargedMs === null ? '' : hoursMinutesSeconds(row.chargedMs),
          whole(t, energyWhOf(row)),
          hoursMinutesSeconds(parkedMs(row, nowMs)),
          modeWords(t, row),
          placeWords(t, row),
          row.price === null ? '' : euros(t, row.price),
        ];
        return html`<tr>
          <th scope="row">${row.stationName ?? t('recharges.no-station')}</th>
          ${cells.map((text, index) => html`<td data-label="${names[index + 1]}">${text}</td>`)}
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** « Mon cumul de charge » (CLI-14), of all that the filters find. */
function total(t: Translate, totals: OwnRecharges['totals']): Html {
  if (totals === null) return html`<p class="hint">${t('own-recharges.long')}</p>`;
  const facts = [
    [t('recharges.parking'), inDays(t, totals.parkedMs)],
    [t('recharges.charging'), totals.chargedMs === 0 ? t('app.none') : inDays(t, totals.chargedMs)],
    [t('recharges.energy'), energy(t, totals.energyWh)],
    [t('own-recharges.amount'), euros(t, totals.amount)],
  ] as const;
  return html`<section class="panel">
    <h2>${t('own-recharges.total')}</h2>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

/** `2 jours 04:02:34`, as the manual sums durations up. */
function inDays(t: Translate, ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const rest = hoursMinutesSeconds(ms - days * DAY_MS);
  return days === 0 ? rest : `${t('own-recharges.days', days)} ${rest}`;
}
