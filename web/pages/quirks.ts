import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Passport, PassportQuirk } from '#actors/fleet/passport.ts';
import type { Habit } from '#actors/edition/habit.ts';
import { may } from '#src/domain/office/viewer.ts';
import { csvStream } from '#src/exports/csv.ts';
import type { Cell } from '#src/exports/sheet.ts';
import { wallClock } from '#src/exports/wall-clock.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import { nothing } from '#web/views/empty.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { journalSearch, LEVELS, readJournalFilter } from '#web/views/event-query.ts';
import { dateTime, dayKey, whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';

/** What chargers were forgiven, by make, model and firmware (field-16..20): for whoever maintains them. */
export function quirkPages(deps: WebDeps): Hono<WebEnv> {
  const passports = (c: PageContext): Promise<readonly Passport[]> =>
    deps.actors.fleet(c.var.login).ask((replyTo) => ({ type: 'passports', replyTo }));
  return new Hono<WebEnv>()
    .get('/quirks', async (c) => {
      if (!may(c.var.login, 'station-maintenance', 'view')) return problem(c, 'not-found', 404);
      return show(c, { title: c.var.t('quirks.title'), section: 'office', body: page(c.var.t, await passports(c)) });
    })
    .get('/quirks.csv', async (c) => {
      if (!may(c.var.login, 'station-maintenance', 'view')) return problem(c, 'not-found', 404);
      const { t, nowMs } = c.var;
      const columns = COLUMNS.map((key) => ({ header: t(key), widthCharacters: 20 }));
      const sheet = { name: 'quirks', columns, pages: rows(t, await passports(c)) };
      return new Response(csvStream(sheet), {
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="vigie-quirks-${dayKey(t, nowMs)}.csv"`,
          'Cache-Control': 'no-store',
        },
      });
    });
}

const COLUMNS = [
  'quirks.make',
  'quirks.model',
  'quirks.firmware.column',
  'quirks.tolerance',
  'quirks.explained',
  'quirks.count',
  'quirks.charge-points',
  'quirks.last',
  'quirks.last-by',
] as const;

async function* rows(t: Translate, passports: readonly Passport[]): AsyncIterable<readonly (readonly Cell[])[]> {
  const clock = wallClock(t.timeZone);
  for (const { make, model, firmware, quirks } of passports) {
    yield quirks.map(({ tolerance, count, chargePoints, lastAtMs, lastBy }) => [
      make,
      model,
      firmware,
      t(`tolerance.${tolerance}`),
      t(`quirk.${tolerance}`),
      count,
      chargePoints,
      clock(lastAtMs),
      lastBy,
    ]);
  }
}

function page(t: Translate, passports: readonly Passport[]): Html {
  return html`<div class="narrow">
    <div class="list-head">
      <h1>${t('quirks.title')}</h1>
      <span class="spacer"></span>
      ${passports.length > 0 && html`<a class="button quiet" href="/quirks.csv" hx-boost="false">${icon('download')}${t('quirks.csv')}</a>`}
    </div>
    <p class="muted">${t('quirks.intro')}</p>
    ${passports.length === 0 && nothing({ icon: 'circle-check', why: t('quirks.none') })}
    ${passports.map((passport) => passportView(t, passport))}
  </div>`;
}

/** How an edition takes limits (field-30), one line for each replacement. */
function habitView(t: Translate, { purposes, stackLevelMax, unit, refusesZero, lacksComposite }: Habit): Html {
  const lines = [
    ...Object.entries(purposes).map(([asked, taken]) => t('habit.purpose', asked, taken)),
    ...(stackLevelMax === null ? [] : [t('habit.level', stackLevelMax)]),
    ...(unit === null ? [] : [t('habit.unit', unit)]),
    ...(refusesZero ? [t('habit.zero')] : []),
    ...(lacksComposite ? [t('habit.composite')] : []),
  ];
  return html`<p>${t('habit.title')}</p>
    <ul class="tolerated">
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function passportView(t: Translate, passport: Passport): Html {
  const { make, model, firmware, chargePoints, quirks, habit } = passport;
  const name = [make, model].filter((text) => text !== '').join(' ');
  return html`<section class="panel passport">
    <h2>${name === '' ? t('quirks.unnamed') : name}</h2>
    <p class="sub">
      ${firmware === '' ? t('quirks.no-firmware') : t('quirks.firmware', firmware)} ·
      ${t('quirks.chargers', chargePoints, whole(t, chargePoints))}
    </p>
    ${habit !== undefined && habitView(t, habit)}${quirks.length > 0 && quirkTable(t, quirks)}
  </section>`;
}

function quirkTable(t: Translate, quirks: readonly PassportQuirk[]): Html {
  return html`<table class="records">
    <thead>
      <tr>
        <th scope="col">${t('quirks.tolerance')}</th>
        <th scope="col" class="number">${t('quirks.count')}</th>
        <th scope="col" class="number">${t('quirks.charge-points')}</th>
        <th scope="col">${t('quirks.last')}</th>
        <th scope="col">${t('quirks.example')}</th>
      </tr>
    </thead>
    <tbody>
      ${quirks.map((quirk) => quirkRow(t, quirk))}
    </tbody>
  </table>`;
}

function quirkRow(t: Translate, { tolerance, count, chargePoints, lastAtMs, lastBy }: PassportQuirk): Html {
  return html`<tr>
    <th scope="row">
      ${t(`tolerance.${tolerance}`)}
      <span class="sub explained">${t(`quirk.${tolerance}`)}</span>
    </th>
    <td class="number" data-label="${t('quirks.count')}">${whole(t, count)}</td>
    <td class="number" data-label="${t('quirks.charge-points')}">${whole(t, chargePoints)}</td>
    <td data-label="${t('quirks.last')}">${dateTime(t, lastAtMs)}</td>
    <td data-label="${t('quirks.example')}">
      <a href="${examples(t, tolerance, lastBy)}">${t('quirks.example.of', lastBy)}</a>
    </td>
  </tr>`;
}

/** The lines of a charger's journal whose note names the tolerance, whatever their level. */
function examples(t: Translate, tolerance: string, chargePointId: string): string {
  const filter = readJournalFilter(new URLSearchParams({ q: tolerance }), t.timeZone);
  return `/fleet/${encodeURIComponent(chargePointId)}/events${journalSearch({ ...filter, levels: LEVELS })}`;
}
