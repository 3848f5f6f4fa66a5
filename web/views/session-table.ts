import { html } from 'hono/html';
import type { ChargePointView, RunningSessionView } from '#actors/fleet/messages.ts';
import type { SessionRow } from '#src/storage/ports.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { elapsed } from './badge.ts';
import { dateTime, duration, energy, euros, power } from './format.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';

/** Of one charger, on its own page; the older ones are a link away. */
export const SESSIONS_SHOWN = 20;

type SessionTable = {
  readonly sessions: readonly SessionRow[];
  /** Whose connectors know how much a session that still runs has taken: its row is written at its end. */
  readonly view: ChargePointView;
  readonly nowMs: number;
};

/** Newest first. Marks say what a person should know before trusting the price. */
export function sessionTable(t: Translate, { sessions, view, nowMs }: SessionTable): Html {
  const running = new Map(
    view.connectors.flatMap(({ session }) => (session === null ? [] : [[session.transactionId, session] as const])),
  );
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
      ${sessions.map((session) => sessionRow(t, session, running.get(session.transactionId) ?? null, nowMs))}
    </tbody>
  </table>`;
}

/** The link to what is older than the last of `sessions`. */
export function olderSessions(t: Translate, chargePointId: string, sessions: readonly SessionRow[]): Html {
  const before = sessions.at(-1)?.transactionId ?? '';
  return html`<p class="more">
    <a class="button" href="/fleet/${encodeURIComponent(chargePointId)}/sessions?before=${before}"
      >${icon('chevron-down')}${t('sessions.more')}</a
    >
  </p>`;
}

function sessionRow(t: Translate, session: SessionRow, running: RunningSessionView | null, nowMs: number): Html {
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
    <td class="number" data-label="${t('sessions.energy')}">${taken(t, session, running)}</td>
    <td class="number" data-label="${t('sessions.price')}">${price(t, session)}</td>
    <td data-label="${t('sessions.marks')}">${marks(t, session)}</td>
  </tr>`;
}

/** Energy so far and power now while it runs, energy when it is over. */
function taken(t: Translate, session: SessionRow, running: RunningSessionView | null): Html | string {
  if (session.closing !== 'open') return energy(t, session.energyWh);
  if (running === null) return t('app.none');
  return html`<span
    >${energy(t, running.energyWh)}${running.powerW !== null && html` <span class="sub">${power(t, running.powerW)}</span>`}</span
  >`;
}

function price(t: Translate, session: SessionRow): string {
  if (session.price !== null) return euros(t, session.price);
  return session.closing !== 'open' && session.freeService ? t('sessions.free') : t('app.none');
}

function marks(t: Translate, session: SessionRow): Html {
  return html`${session.closing === 'open' && html`<span class="badge st-charging">${t('sessions.open')}</span>`}${session.closing === 'provisional' && html`<span class="badge st-out-of-service" title="${t('sessions.provisional.hint')}">${t('sessions.provisional')}</span>`}${session.verdict !== 'Accepted' && html`<span class="badge st-out-of-service">${t('session.unauthorised')}</span>`}${session.review !== null && html`<span class="badge st-fault">${translated(t, `sessions.review.${session.review}`) ?? t('sessions.review')}</span>`}${session.freeService && html`<span class="badge">${t('session.free-service')}</span>`}${session.stopReason !== null && html`<span class="sub">${translated(t, `reason.${session.stopReason}`) ?? session.stopReason}</span>`}`;
}
