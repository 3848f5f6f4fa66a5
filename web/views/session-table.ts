import { html } from 'hono/html';
import type { SessionRow } from '#src/storage/ports.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { elapsed } from './badge.ts';
import { dateTime, duration, energy, euros } from './format.ts';
import type { Html } from './html.ts';

/** Newest first. Marks say what a person should know before trusting the price. */
export function sessionTable(t: Translate, sessions: readonly SessionRow[], nowMs: number): Html {
  if (sessions.length === 0) return html`<p class="muted">${t('sessions.empty')}</p>`;
  return html`<table class="plain sessions">
    <thead>
      <tr>
        <th scope="col">${t('sessions.start')}</th>
        <th scope="col">${t('connector.column')}</th>
        <th scope="col">${t('sessions.who')}</th>
        <th scope="col" class="number">${t('sessions.duration')}</th>
        <th scope="col" class="number">${t('sessions.energy')}</th>
        <th scope="col" class="number">${t('sessions.price')}</th>
        <th scope="col">${t('sessions.marks')}</th>
      </tr>
    </thead>
    <tbody>
      ${sessions.map((session) => sessionRow(t, session, nowMs))}
    </tbody>
  </table>`;
}

function sessionRow(t: Translate, session: SessionRow, nowMs: number): Html {
  const lasted =
    session.stoppedAtMs === null
      ? elapsed(t, session.startedAtMs, nowMs)
      : duration(t, session.stoppedAtMs - session.startedAtMs);
  return html`<tr id="session-${session.transactionId}">
    <th scope="row" data-label="${t('sessions.start')}">${dateTime(t, session.startedAtMs)}</th>
    <td data-label="${t('connector.column')}">${session.connectorId}</td>
    <td data-label="${t('sessions.who')}">
      ${session.driver && html`${session.driver} `}<code>${session.idTag}</code>
    </td>
    <td class="number" data-label="${t('sessions.duration')}">${lasted}</td>
    <td class="number" data-label="${t('sessions.energy')}">${energy(t, session.energyWh)}</td>
    <td class="number" data-label="${t('sessions.price')}">${price(t, session)}</td>
    <td data-label="${t('sessions.marks')}">${marks(t, session)}</td>
  </tr>`;
}

function price(t: Translate, session: SessionRow): string {
  if (session.price !== null) return euros(t, session.price);
  return session.closing !== 'open' && session.freeService ? t('sessions.free') : t('app.none');
}

function marks(t: Translate, session: SessionRow): Html {
  return html`${session.closing === 'open' && html`<span class="badge st-charging">${t('sessions.open')}</span>`}${session.closing === 'provisional' && html`<span class="badge st-out-of-service" title="${t('sessions.provisional.hint')}">${t('sessions.provisional')}</span>`}${session.verdict !== 'Accepted' && html`<span class="badge st-out-of-service">${t('session.unauthorised')}</span>`}${session.review !== null && html`<span class="badge st-fault">${translated(t, `sessions.review.${session.review}`) ?? t('sessions.review')}</span>`}${session.freeService && html`<span class="badge">${t('session.free-service')}</span>`}${session.stopReason !== null && html`<span class="sub">${translated(t, `reason.${session.stopReason}`) ?? session.stopReason}</span>`}`;
}
