import { Hono } from 'hono';
import { html } from 'hono/html';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { activePoints, leftOutBecause, type LeftOut, type OpenDataStation } from '#src/domain/office/open-data.ts';
import { may } from '#src/domain/office/viewer.ts';
import { csvStream, PLAIN_CSV } from '#src/exports/csv.ts';
import { IRVE_COLUMNS, irveRows } from '#src/exports/irve.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dayKey, whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';
import { liveChargers } from './station-list.ts';

/** Chargers are answered between two pages. */
const PAGE_STATIONS = 100;
const LEFT_OUT_SHOWN_MAX = 200;

type Judged = { readonly of: OpenDataStation; readonly why: readonly LeftOut[] };
type Preview = {
  readonly stations: number;
  readonly points: number;
  readonly leftOut: number;
  /** The first of them by name. */
  readonly shown: readonly Judged[];
};

/** « Export DataGouv » (STA-04, STA-05): the file, and before it what is in it and why the rest is not. */
export function openDataPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/stations/data-gouv', async (c) => {
      if (!may(c.var.login, 'station-management', 'view')) return problem(c, 'not-found', 404);
      const body = previewView(c, await previewOf(judged(c, deps)));
      return show(c, { title: c.var.t('open-data.title'), section: 'office', body });
    })
    .get('/stations/data-gouv.csv', (c) => {
      if (!may(c.var.login, 'station-management', 'view')) return problem(c, 'not-found', 404);
      const columns = IRVE_COLUMNS.map((header) => ({ header, widthCharacters: header.length }));
      const sheet = { name: 'irve', columns, pages: rows(c.var.t, deps, judged(c, deps)) };
      return new Response(csvStream(sheet, PLAIN_CSV), {
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="data-gouv-${dayKey(c.var.t, c.var.nowMs)}.csv"`,
          'Cache-Control': 'no-store',
        },
      });
    });
}

/** Beside the other exports of the list of stations. */
export function openDataLink(c: PageContext): Html | null {
  if (!may(c.var.login, 'station-management', 'view')) return null;
  return html`<a class="button quiet" href="/stations/data-gouv" hx-boost="false"
    >${icon('globe')}${c.var.t('open-data.link')}</a
  >`;
}

/** Every station whose box is checked, page by page, and what keeps it out of the file. */
async function* judged(c: PageContext, deps: WebDeps): AsyncIterable<readonly Judged[]> {
  const { login } = c.var;
  const office = deps.actors.office(login);
  let after: RecordRow | null = null;
  do {
    const from: RecordRow | null = after;
    const page: readonly OpenDataStation[] = await office.ask((replyTo) => ({
      type: 'open-data',
      after: from,
      limit: PAGE_STATIONS,
      replyTo,
    }));
    const stations = page.map(({ station }) => station);
    const live = await liveChargers(deps, login, stations);
    yield page.map((of): Judged => {
      return { of, why: leftOutBecause(of, live.get(of.station.id) ?? null) };
    });
    after = page.length < PAGE_STATIONS ? null : (page.at(-1)?.station ?? null);
  } while (after !== null);
}

async function* rows(
  t: Translate,
  { places }: WebDeps,
  pages: AsyncIterable<readonly Judged[]>,
): AsyncIterable<readonly (readonly string[])[]> {
  for await (const page of pages) {
    const stations = page.map(async ({ of, why }) => {
      const { station, cpoId, points } = of;
      if (why.length > 0 || cpoId === null) return [];
      const commune = await places.communeOf(String(station.values['postcode']), String(station.values['city']));
      const changedOn = dayKey(t, Math.max(station.changedAtMs, ...points.map(({ changedAtMs }) => changedAtMs)));
      return irveRows({ ...of, cpoId, changedOn, communeCode: commune?.code ?? null });
    });
    yield (await Promise.all(stations)).flat();
  }
}

async function previewOf(pages: AsyncIterable<readonly Judged[]>): Promise<Preview> {
  let [stations, points, leftOut] = [0, 0, 0];
  const shown: Judged[] = [];
  for await (const one of pages) {
    for (const station of one) {
      if (station.why.length === 0) {
        stations += 1;
        points += activePoints(station.of.points).length;
      } else {
        leftOut += 1;
        if (shown.length < LEFT_OUT_SHOWN_MAX) shown.push(station);
      }
    }
  }
  return { stations, points, leftOut, shown };
}

function previewView(c: PageContext, { stations, points, leftOut, shown }: Preview): Html {
  const { t } = c.var;
  return html`<div class="narrow">
    <a class="back" href="/stations">${icon('arrow-left')}${t('list.station')}</a>
    <h1>${t('open-data.title')}</h1>
    <p class="muted">${t('open-data.intro')}</p>
    <section class="panel">
      ${
        stations === 0
          ? html`<p class="muted">${t('open-data.none')}</p>`
          : html`<p>${t('open-data.ready', stations, whole(t, points))}</p>
              <p>
                <a class="button primary" href="/stations/data-gouv.csv" hx-boost="false"
                  >${icon('download')}${t('open-data.download')}</a
                >
              </p>`
      }
    </section>
    ${
      leftOut > 0 &&
      html`<section class="left-out">
        <h2>${t('open-data.left-out', leftOut)}</h2>
        ${leftOut > shown.length && html`<p class="hint">${t('open-data.left-out.first', whole(t, shown.length))}</p>`}
        <table class="records">
          <thead>
            <tr>
              <th scope="col">${t('open-data.station')}</th>
              <th scope="col">${t('open-data.why')}</th>
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              ({ of: { station }, why }) =>
                html`<tr>
                  <th scope="row">
                    <a class="record-link" href="/stations/${encodeURIComponent(station.id)}"
                      >${String(station.values['name'])}</a
                    >
                  </th>
                  <td data-label="${t('open-data.why')}">${why.map((one) => t(`open-data.why.${one}`)).join(', ')}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </section>`
    }
  </div>`;
}
