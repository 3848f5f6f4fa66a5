import { html } from 'hono/html';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { ago, faultBadge, linkMark, stateBadge } from './badge.ts';
import { anchor, type Html } from './html.ts';

export function stateCellId(chargePointId: string): string {
  return anchor('state', chargePointId);
}

/** STA-02: the state of a charger beside its station, which opens it in the fleet; the stream sends it anew. */
export function stateCell(t: Translate, view: ChargePointView, nowMs: number): Html {
  return html`<div id="${stateCellId(view.chargePointId)}">
    <a class="state-link" href="/fleet/${encodeURIComponent(view.chargePointId)}" hx-boost="false"
      >${view.fault && faultBadge(t, view, nowMs)}${stateBadge(t, view)}${linkMark(t, view)}<span class="sr-only">
        ${t('station.state.open', view.chargePointId)}</span
      ></a
    ><span class="sub"
      >${t('fleet.column.heard')}${view.heardAtMs === null ? `${t('app.colon')} ${t('fleet.never')}` : html` ${ago(t, view.heardAtMs, nowMs)}`}</span
    >
  </div>`;
}

/** Of a charger that is not there any more. */
export function goneStateCell(chargePointId: string): Html {
  return html`<div id="${stateCellId(chargePointId)}"></div>`;
}
