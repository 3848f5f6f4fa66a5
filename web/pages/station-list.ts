import { html } from 'hono/html';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { chargePointIdOf } from '#src/domain/office/charger.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { watchesFleet, type Viewer } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import type { BesideColumn } from '#web/screens/list.ts';
import { elapsed, faultBadge, linkMark, stateBadge } from '#web/views/badge.ts';
import type { PageContext } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';

/** STA-02, STA-03: beside each station the state of its charger, which opens it in the fleet. */
export function stateColumn(deps: WebDeps) {
  return async (c: PageContext, rows: readonly RecordRow[]): Promise<BesideColumn | null> => {
    const { t, login } = c.var;
    if (!watchesFleet(login)) return null;
    const live = await liveChargers(deps, login, rows);
    return { title: t('station.state'), cells: new Map([...live].map(([id, view]) => [id, stateCell(c, view)])) };
  };
}

/** The chargers of these stations as the fleet knows them, by station. An inactive charger is in no fleet. */
export async function liveChargers(
  { actors }: WebDeps,
  viewer: Viewer,
  stations: readonly RecordRow[],
): Promise<ReadonlyMap<string, ChargePointView>> {
  const chargePointIds = stations.flatMap(({ values }) => chargePointIdOf(values) ?? []);
  const views = await actors
    .fleet(viewer)
    .ask<readonly ChargePointView[]>((replyTo) => ({ type: 'find-all', chargePointIds, replyTo }));
  return new Map(views.map((view) => [view.stationId, view]));
}

function stateCell(c: PageContext, view: ChargePointView): Html {
  const { t, nowMs } = c.var;
  return html`<a class="state-link" href="/fleet/${encodeURIComponent(view.chargePointId)}" hx-boost="false"
      >${view.fault && faultBadge(t, view, nowMs)}${stateBadge(t, view)}${linkMark(t, view)}<span class="sr-only">
        ${t('station.state.open', view.chargePointId)}</span
      ></a
    ><span class="sub"
      >${t('fleet.column.heard')} :
      ${view.heardAtMs === null ? t('fleet.never') : elapsed(t, view.heardAtMs, nowMs)}</span
    >`;
}
