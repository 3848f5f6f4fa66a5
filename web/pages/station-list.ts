import type { ChargePointView, FleetChanges } from '#actors/fleet/messages.ts';
import { chargePointIdOf } from '#src/domain/office/charger.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { watchesFleet, type Viewer } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import type { BesideColumn } from '#web/screens/list.ts';
import type { PageContext } from '#web/views/env.ts';
import { fleetStream } from '#web/views/fleet-stream.ts';
import { stateCell } from '#web/views/state-cell.ts';

/** STA-02, STA-03: beside each station the state of its charger, which opens it in the fleet and moves by itself. */
export function stateColumn(deps: WebDeps) {
  return async (c: PageContext, rows: readonly RecordRow[]): Promise<BesideColumn | null> => {
    const { t, login, nowMs } = c.var;
    if (!watchesFleet(login)) return null;
    // Asked first, so that nothing is missed between what is drawn and the stream. Of before the first there is nothing.
    const [{ revision }, live] = await Promise.all([
      deps.actors.fleet(login).ask<FleetChanges>((replyTo) => ({ type: 'changes', since: -1, replyTo })),
      liveChargers(deps, login, rows),
    ]);
    const chargePointIds = [...live.values()].map((view) => view.chargePointId);
    return {
      title: t('station.state'),
      cells: new Map([...live].map(([id, view]) => [id, stateCell(t, view, nowMs)])),
      live: fleetStream({ chargePointIds, revision, asked: 'draw=state' }),
    };
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
