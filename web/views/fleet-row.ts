import { html } from 'hono/html';
import type { Departure } from '#actors/fleet/departures.ts';
import type { ChargePointView, ConnectorView } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import {
  elapsed,
  faultBadge,
  faultWords,
  linkMark,
  sessionOwner,
  stateBadge,
  stateTone,
  statusIcon,
  statusTone,
  statusWord,
} from './badge.ts';
import { energy, power } from './format.ts';
import { anchor, type Html } from './html.ts';
import { icon } from './icon.ts';

export function rowId(chargePointId: string): string {
  return anchor('r', chargePointId);
}

/** The head of a table of such rows; with `picks`, one box ticks them all. */
export function fleetHead(t: Translate, picks = false): Html {
  return html`<thead>
    <tr>
      <th scope="col" class="c-state">
        ${picks && html`<label class="pick scripted"><input type="checkbox" data-select-all aria-label="${t('batch.all')}" /></label>`}${t('fleet.column.state')}
      </th>
      <th scope="col" class="c-station">${t('fleet.column.station')}</th>
      <th scope="col" class="c-box">${t('fleet.column.box')}</th>
      <th scope="col">${t('fleet.column.connectors')}</th>
      <th scope="col" class="c-heard">${t('fleet.column.heard')}</th>
    </tr>
  </thead>`;
}

/** One `<tr>`, as the page prints it and as the stream sends it; with `picks`, it can be chosen for a command. */
export function fleetRow(t: Translate, view: ChargePointView, nowMs: number, picks = false): Html {
  const url = `/fleet/${encodeURIComponent(view.chargePointId)}`;
  const make = [view.vendor, view.model].filter(Boolean).join(' ');
  const boxFault = faultWords(t, view);
  return html`<tr
    id="${rowId(view.chargePointId)}"
    class="st-${stateTone(view)}${view.fault ? ' has-fault' : ''}"
    data-mark="${mark(view)}"
  >
    <td class="c-state">
      ${picks && pickBox(t, view)}${view.fault && faultBadge(t, view, nowMs)}${stateBadge(t, view)}${linkMark(t, view)}<span
        class="sub"
        >${elapsed(t, view.stateSinceMs, nowMs)}</span
      >
    </td>
    <th scope="row" class="c-station">
      <a class="row-link" href="${url}" hx-get="${url}/drawer" hx-boost="false">${view.stationName}</a
      ><span class="sub">${place(view)}${view.access === 'private' && html` · ${t('fleet.access.private')}`}</span>
    </th>
    <td class="c-box"><code>${view.chargePointId}</code><span class="sub">${make || t('app.none')}</span></td>
    <td class="c-connectors">
      <ul class="connectors">
        ${boxFault && html`<li class="cx st-fault">${icon('triangle-alert')}${boxFault}</li>`}${view.connectors.map((connector) => chip(t, connector, nowMs))}
      </ul>
    </td>
    <td class="c-heard" data-label="${t('fleet.column.heard')}">
      ${view.heardAtMs === null ? t('fleet.never') : elapsed(t, view.heardAtMs, nowMs)}
    </td>
  </tr>`;
}

function pickBox(t: Translate, { chargePointId, stationName }: ChargePointView): Html {
  const name = t('batch.pick', `${stationName} (${chargePointId})`);
  return html`<label class="pick"
    ><input type="checkbox" name="id" value="${chargePointId}" aria-label="${name}"
  /></label>`;
}

/** In place of the row of a charger that this user no longer finds: a list never moves under the pointer. */
export function goneRow(t: Translate, { chargePointId, stationName }: Departure): Html {
  return html`<tr id="${rowId(chargePointId)}" class="gone">
    <td colspan="5">${icon('ban')}${t('fleet.gone', stationName, chargePointId)}</td>
  </tr>`;
}

function chip(t: Translate, connector: ConnectorView, nowMs: number): Html {
  const { session } = connector;
  const fault = faultWords(t, connector);
  return html`<li class="cx st-${statusTone(connector)}${session ? ' busy' : ''}">
    <b>${connector.connectorId}</b
    >${statusIcon(connector.status)}<span>${fault ?? statusWord(t, connector)}</span>${session && html`<span class="figures"><strong>${energy(t, session.energyWh)}</strong>${session.powerW !== null && html` <span>${power(t, session.powerW)}</span>`} ${elapsed(t, session.startedAtMs, nowMs)} <span class="owner">${sessionOwner(session)}</span>${session.verdict !== 'Accepted' && html` <em class="warn">${t('session.unauthorised')}</em>`}</span>`}
  </li>`;
}

function place(view: ChargePointView): string {
  return [view.postcode, view.city].filter(Boolean).join(' ');
}

/** What is worth a flash when it changes: states and faults, not a meter that counts on. */
function mark(view: ChargePointView): string {
  const parts = view.connectors.map(
    ({ status, errorCode, session, busyBeside }) =>
      `${status}${errorCode}${session?.transactionId ?? ''}${busyBeside === undefined ? '' : 'beside'}`,
  );
  return [view.state, view.linked ? 'up' : 'down', view.statusTold ? 'told' : '', view.errorCode, ...parts].join(' ');
}
