import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Maintainer } from '#actors/office/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { may } from '#src/domain/office/viewer.ts';
import type { Cell, Sheet, WallClock } from '#src/exports/sheet.ts';
import { wallClock } from '#src/exports/wall-clock.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { mailAddress } from '#web/views/mail-address.ts';
import { sheetFile, type SheetFormat } from '#web/views/sheet-file.ts';
import { problem } from './problem.ts';

const HEADINGS = ['name', 'contact', 'address', 'phone', 'email', 'accepted', 'stations'] as const;
type Heading = (typeof HEADINGS)[number];

/** MPU-05: the maintainers of a company as a file, with more than its page shows: when it was offered, and accepted. */
export function maintainerPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/companies/:id/maintainers.xlsx', (c) => exported(c, deps, { id: c.req.param('id'), format: 'xlsx' }))
    .get('/companies/:id/maintainers.csv', (c) => exported(c, deps, { id: c.req.param('id'), format: 'csv' }));
}

async function exported(
  c: PageContext,
  deps: WebDeps,
  { id, format }: { readonly id: string; readonly format: SheetFormat },
): Promise<Response> {
  const { t, login } = c.var;
  const company = await deps.actors
    .office(login)
    .ask<RecordRow | null>((replyTo) => ({ type: 'find', entity: 'company', id, replyTo }));
  if (company === null) return problem(c, 'not-found', 404);
  const maintainers = await maintainersOf(c, deps, id);
  const headers = [
    ...HEADINGS.map((name) => heading(t, name)),
    t('maintainers.offered-at'),
    t('maintainers.accepted-at'),
  ];
  const clock = wallClock(t.timeZone);
  async function* pages(): AsyncIterable<readonly (readonly Cell[])[]> {
    yield maintainers.map((one) => cellsOf(t, one, clock));
  }
  const sheet: Sheet = {
    name: t('tab.maintainers'),
    columns: headers.map((header) => ({ header, widthCharacters: 24 })),
    pages: pages(),
  };
  return sheetFile(c, 'maintainers', format, sheet);
}

function cellsOf(t: Translate, maintainer: Maintainer, clock: (atMs: number) => WallClock): readonly Cell[] {
  const { offeredAtMs, acceptedAtMs } = maintainer.row;
  const isAccepted = acceptedAtMs !== null;
  return [
    ...(['name', 'contact', 'address', 'phone', 'email'] as const).map((name) => textOf(maintainer, name)),
    isAccepted ? t('list.yes') : t('list.no'),
    maintainer.stations,
    clock(offeredAtMs),
    isAccepted ? clock(acceptedAtMs) : null,
  ];
}

/** MPU-05: below the form of a company, whom it was entrusted to, and what came of it; null without anybody. */
export async function maintainersPanel(c: PageContext, deps: WebDeps, company: RecordRow): Promise<Html | null> {
  const { t, login } = c.var;
  const maintainers = await maintainersOf(c, deps, company.id);
  if (maintainers.length === 0) return null;
  const hasList = may(login, 'station-management', 'view');
  const path = `/companies/${encodeURIComponent(company.id)}/maintainers`;
  return html`<section class="panel" id="maintainers">
    <div class="list-head">
      <h2>${t('maintainers.title')}</h2>
      <span class="spacer"></span>
      <a class="button quiet small" href="${path}.xlsx" hx-boost="false">${icon('download')}Excel</a>
      <a class="button quiet small" href="${path}.csv" hx-boost="false">${icon('download')}CSV</a>
    </div>
    <p class="hint">${t('maintainers.hint')}</p>
    <table class="records">
      <thead>
        <tr>
          ${HEADINGS.map((name) => html`<th scope="col">${heading(t, name)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${maintainers.map((maintainer) => {
          const { row, stations } = maintainer;
          const count = whole(t, stations);
          const cell = (name: Heading, content: string | Html): Html =>
            html`<td data-label="${heading(t, name)}">${content}</td>`;
          return html`<tr>
            <th scope="row">${maintainer.name}</th>
            ${(['contact', 'address', 'phone', 'email'] as const).map((name) => cell(name, mailAddress(textOf(maintainer, name))))}
            ${cell('accepted', row.acceptedAtMs === null ? html`<span class="badge">${t('list.no')}</span>` : html`<span class="badge st-free">${icon('check')}${t('list.yes')}</span>`)}
            ${cell('stations', hasList && stations > 0 ? html`<a class="state-link" href="/stations?company=${encodeURIComponent(company.id)}">${count}</a>` : count)}
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}

function maintainersOf(c: PageContext, deps: WebDeps, companyId: string): Promise<readonly Maintainer[]> {
  return deps.actors
    .office(c.var.login)
    .ask<readonly Maintainer[]>((replyTo) => ({ type: 'maintainers', companyId, replyTo }));
}

function heading(t: Translate, name: Heading): string {
  return name === 'address' ? t('field.address') : t(`maintainers.${name}`);
}

function textOf(
  { name: called, subscriber }: Maintainer,
  of: 'name' | 'contact' | 'address' | 'phone' | 'email',
): string {
  const text = (field: string): string => String(subscriber.values[field] ?? '').replaceAll('\n', ', ');
  switch (of) {
    case 'name':
      return called;
    case 'contact':
      return text('contactName');
    case 'address':
      return [text('address'), `${text('postcode')} ${text('city')}`.trim()].filter(Boolean).join(' ');
    case 'phone':
      return text('contactPhone');
    case 'email':
      return text('contactEmail');
  }
}
