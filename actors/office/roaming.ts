import type { ChargePointView } from '#actors/fleet/messages.ts';
import { scopeOf } from '#src/domain/office/access.ts';
import { chargePointIdOf } from '#src/domain/office/charger.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { activePoints } from '#src/domain/office/open-data.ts';
import { mayCommand } from '#src/domain/office/viewer.ts';
import { reportKey, ROAMING_FIELDS, ROAMING_PARTNERS, statusReport } from '#src/domain/roaming.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { KitDeps } from './kit-orders.ts';
import type { OfficeMessage, RoamingCounts } from './messages.ts';
import { cpoIdOf } from './open-data.ts';
import { partsOf } from './points.ts';

/** What sending statuses needs beside the outbox, which is the office's. */
export type RoamingDeps = Pick<KitDeps, 'office' | 'note'> & {
  /** A charger as the fleet knows it. */
  readonly viewOf: (chargePointId: string) => ChargePointView | null;
};
type Message<T extends OfficeMessage['type']> = Extract<OfficeMessage, { type: T }>;

/** Stations whose reports are queued in one transaction: chargers are answered between two. */
const BITE_STATIONS = 50;

/** How many of his stations each partner's customers may charge at; null for whoever may send nothing. */
export async function roamingCounts(
  office: Office,
  { viewer }: Message<'roaming-counts'>,
): Promise<RoamingCounts | null> {
  if (!mayCommand(viewer)) return null;
  const scope = scopeOf(viewer, ENTITIES.station);
  const [gireve = 0, easyconnect = 0] = await Promise.all(
    ROAMING_PARTNERS.map((partner) =>
      office.count(ENTITIES.station, { scope, text: '', filters: [{ field: ROAMING_FIELDS[partner], value: '1' }] }),
    ),
  );
  return { gireve, easyconnect };
}

/** PRC-20: the statuses of his chargers that roam are queued for the partner; how many. Null: not for him. */
export async function sendStatuses(deps: RoamingDeps, message: Message<'send-statuses'>): Promise<number | null> {
  const { office } = deps;
  const { viewer, partner, stationId } = message;
  if (!mayCommand(viewer)) return null;
  const { station } = ENTITIES;
  const scope = scopeOf(viewer, station);
  const field = ROAMING_FIELDS[partner];
  if (stationId !== null) {
    const one = await office.find(station, stationId, scope);
    return one === null ? null : queue(deps, message, one.values[field] === true ? [one] : []);
  }
  let count = 0;
  let after: RecordRow | null = null;
  for (;;) {
    const query = { scope, text: '', filters: [{ field, value: '1' }], after, limit: BITE_STATIONS };
    const found: readonly RecordRow[] = await office.next(station, query);
    count += await queue(deps, message, found);
    after = found.at(-1) ?? null;
    if (found.length < BITE_STATIONS) return count;
  }
}

async function queue(
  { office, viewOf, note }: RoamingDeps,
  { viewer, partner, id, atMs }: Message<'send-statuses'>,
  stations: readonly RecordRow[],
): Promise<number> {
  const reports = [];
  for (const station of stations) {
    const chargePointId = chargePointIdOf(station.values);
    // MOD-06: what is inactive is treated as though it were not there.
    if (station.inactive || station.values['chargerInactive'] === true || chargePointId === null) continue;
    const live = viewOf(chargePointId);
    const points = activePoints(await partsOf(office, ENTITIES.evse, station.id));
    const cpoId = await cpoIdOf(office, station);
    const text = statusReport({ station, chargePointId, cpoId, points, live, atMs });
    reports.push({ chargePointId, text, station });
  }
  if (reports.length === 0) return 0;
  const written = await office.write(
    reports.map(({ chargePointId, text, station }) => ({
      type: 'post',
      message: {
        key: reportKey({ partner, chargePointId, id }),
        channel: partner,
        to: partner,
        subject: `${chargePointId} — ${String(station.values['name'])}`,
        text,
        secret: null,
        subscriberId: station.subscriberId,
        createdAtMs: atMs,
      },
    })),
  );
  if (written !== 'ok') throw new Error(`the statuses are ${written}`);
  for (const { chargePointId } of reports)
    note({ chargePointId, name: `${partner}-statuses`, kind: partner, atMs, note: `by ${viewer.name}` });
  return reports.length;
}
