import { mayRest, scopeOf } from '#src/domain/office/access.ts';
import { faultsAmongPoints, faultsOfPoint } from '#src/domain/office/connectors.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { partId } from '#src/domain/office/points.ts';
import { withChanges, type DescribedPoint } from '#src/domain/office/points-told.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import { identitiesOf } from './affected.ts';
import { labelOf } from './decide.ts';
import type { OfficeMessage, PointsSet } from './messages.ts';
import { newPoint, partsOf } from './points.ts';

/** STA-25: sets the points of a station as its charger tells them, all at once, as somebody has seen and confirmed. */
export async function setPoints(
  deps: {
    readonly office: Office;
    readonly changed: (stationIds: readonly string[], identitiesBefore: readonly string[]) => Promise<void>;
  },
  message: Extract<OfficeMessage, { type: 'set-points' }>,
): Promise<PointsSet> {
  const { office } = deps;
  const { viewer, stationId, changes, atMs } = message;
  const { station, evse } = ENTITIES;
  const isHis = mayRest(viewer, evse) && scopeOf(viewer, evse).length > 0;
  const owner = isHis ? await office.find(station, stationId, scopeOf(viewer, station)) : null;
  if (owner === null) return 'not-found';
  const before = await partsOf(office, evse, stationId);
  const after = withChanges(before, changes);
  if (after === null || after.some((one) => isFaulty(one, after))) return 'changed';
  const stamp = { changedAtMs: atMs, changedBy: viewer.name };
  const writes = after.flatMap((point, index): readonly OfficeWrite[] => {
    const known = before[index];
    if (known === undefined) {
      const parent = { ...owner, ...stamp };
      const record = newPoint(evse, { parent, number: index + 1, alike: point });
      return [{ type: 'put', entity: evse, record }, audited(record, null, { by: viewer.name, atMs })];
    }
    const fields = changedIn(known, point);
    if (fields.length === 0) return [];
    const record = { ...known, ...stamp, ...point, version: known.version + 1 };
    return [{ type: 'put', entity: evse, record }, audited(record, fields, { by: viewer.name, atMs })];
  });
  if (after.length > before.length) {
    const values = { ...owner.values, evses: after.length };
    writes.push({ type: 'put', entity: station, record: { ...owner, ...stamp, values, version: owner.version + 1 } });
  }
  if (writes.length === 0) return 'ok';
  if ((await office.write(writes)) !== 'ok') return 'changed';
  await deps.changed([stationId], identitiesOf([owner]));
  return 'ok';
}

function isFaulty(point: DescribedPoint, all: readonly DescribedPoint[]): boolean {
  const others = all.filter((one) => one !== point).map(({ values }) => values);
  const faults = { ...faultsOfPoint(point.values), ...faultsAmongPoints(point.values, others) };
  return Object.keys(faults).length > 0;
}

function changedIn(before: DescribedPoint, after: DescribedPoint): readonly string[] {
  const fields = Object.keys(after.values).filter((name) => after.values[name] !== before.values[name]);
  return before.inactive === after.inactive ? fields : [...fields, 'inactive'];
}

function audited(
  record: RecordRow,
  fields: readonly string[] | null,
  { by, atMs }: { readonly by: string; readonly atMs: number },
): OfficeWrite {
  const { evse } = ENTITIES;
  const recordId = partId(String(record.values['station']), Number(record.values['number']));
  const what = { entity: evse.name, recordId, label: labelOf(evse, record), subscriberId: record.subscriberId };
  const act = fields === null ? 'created' : 'changed';
  return { type: 'audit', audit: { atMs, by, ...what, act, fields: fields ?? [] } };
}
