import { html } from 'hono/html';
import type { Maintainer } from '#actors/office/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { may } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import type { PageContext } from '#web/views/env.ts';
import { whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { mailAddress } from '#web/views/mail-address.ts';

/** MPU-05: below the form of a company, whom it was entrusted to, and what came of it; null without anybody. */
export async function maintainersPanel(c: PageContext, deps: WebDeps, company: RecordRow): Promise<Html | null> {
  const { t, login } = c.var;
  const maintainers = await deps.actors
    .office(login)
    .ask<readonly Maintainer[]>((replyTo) => ({ type: 'maintainers', companyId: company.id, replyTo }));
  if (maintainers.length === 0) return null;
  const hasList = may(login, 'station-management', 'view');
  const headings = ['name', 'contact', 'address', 'phone', 'email', 'accepted', 'stations'] as const;
  const heading = (name: (typeof headings)[number]): string =>
    name === 'address' ? t('field.address') : t(`maintainers.${name}`);
  return html`<section class="panel" id="maintainers">
    <h2>${t('maintainers.title')}</h2>
    <p class="hint">${t('maintainers.hint')}</p>
    <table class="records">
      <thead>
        <tr>
          ${headings.map((name) => html`<th scope="col">${heading(name)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${maintainers.map(({ row, name: called, subscriber, stations }) => {
          const text = (field: string): string => String(subscriber.values[field] ?? '').replaceAll('\n', ', ');
          const address = [text('address'), `${text('postcode')} ${text('city')}`.trim()].filter(Boolean).join(' ');
          const count = whole(t, stations);
          const cell = (name: (typeof headings)[number], content: string | Html): Html =>
            html`<td data-label="${heading(name)}">${content}</td>`;
          return html`<tr>
            <th scope="row">${called}</th>
            ${cell('contact', text('contactName'))} ${cell('address', address)} ${cell('phone', text('contactPhone'))}
            ${cell('email', mailAddress(text('contactEmail')))}
            ${cell('accepted', row.acceptedAtMs === null ? html`<span class="badge">${t('list.no')}</span>` : html`<span class="badge st-free">${icon('check')}${t('list.yes')}</span>`)}
            ${cell('stations', hasList && stations > 0 ? html`<a class="state-link" href="/stations?company=${encodeURIComponent(company.id)}">${count}</a>` : count)}
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}
