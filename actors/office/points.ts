import type { Scope } from '#src/domain/office/access.ts';
import { hasCharger } from '#src/domain/office/charger.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { emptyOf, type Entity, type RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import { defaultPoint, EVSES_MAX, partId } from '#src/domain/office/points.ts';
import type { DescribedPoint } from '#src/domain/office/points-told.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';

const EVERYTHING: Scope = [{}];

/** The points of a station or of a model, from the left. */
export async function partsOf(office: Office, entity: Entity, parentId: string): Promise<readonly RecordRow[]> {
  const { field = 'id' } = entity.partOf ?? {};
  const query = { text: '', sort: 'number', descending: false, filters: [], offset: 0, limit: EVSES_MAX };
  return (await office.list(entity, { ...query, scope: [{ field, values: [parentId] }] })).rows;
}

/** STA-23: the model that describes a charger which is created by this save; null for one that exists, or without. */
export async function modelOfNewCharger(
  office: Office,
  { before, after }: { before: Values | null; after: Values },
): Promise<RecordRow | null> {
  const modelId = after['integratorModel'];
  if (typeof modelId !== 'string' || !hasCharger(after) || (before !== null && hasCharger(before))) return null;
  return office.find(ENTITIES['charger-model'], modelId, EVERYTHING);
}

/**
 * The points that a saved station or model has from now on (STA-23, STA-24): those of the model that it was created
 * from, else as many as it says, new ones as by default. Points beyond that number are gone.
 */
export async function pointWrites(
  office: Office,
  { before, record, by }: { before: RecordRow | null; record: RecordRow; by: Entity },
): Promise<readonly OfficeWrite[]> {
  const entity = pointsOf(by);
  if (by.name === 'station' && !hasCharger(record.values)) return [];
  const known = await partsOf(office, entity, record.id);
  const model =
    by.name === 'station'
      ? await modelOfNewCharger(office, { before: before?.values ?? null, after: record.values })
      : null;
  const described = model === null ? null : await partsOf(office, ENTITIES['model-evse'], model.id);
  const wanted = Number(record.values['evses'] ?? known.length);
  const kept = described === null ? known.filter(({ values }) => Number(values['number']) <= wanted) : [];
  const gone = known.filter((point) => !kept.includes(point));
  const writes: OfficeWrite[] = gone.map(({ id }) => ({ type: 'part-gone', entity, id, atMs: record.changedAtMs }));
  for (let number = 1; number <= wanted; number++) {
    if (kept.some(({ values }) => values['number'] === number)) continue;
    const alike = described?.find(({ values }) => values['number'] === number);
    const point = newPoint(entity, { parent: record, number, alike: alike ?? null });
    writes.push({ type: 'put', entity, record: point });
  }
  return writes;
}

/** The points that a record begins with when nobody has described any. */
export function firstPoints(parent: RecordRow, by: Entity): readonly OfficeWrite[] {
  const entity = pointsOf(by);
  const numbers = Array.from({ length: Number(parent.values['evses'] ?? 0) }, (_, index) => index + 1);
  return numbers.map((number) => ({ type: 'put', entity, record: newPoint(entity, { parent, number, alike: null }) }));
}

function pointsOf(by: Entity): Entity {
  return by.name === 'station' ? ENTITIES.evse : ENTITIES['model-evse'];
}

/** A new point: as one is described elsewhere, or as by default. */
export function newPoint(
  entity: Entity,
  { parent, number, alike }: { parent: RecordRow; number: number; alike: DescribedPoint | null },
): RecordRow {
  const given: Values = {
    ...(alike?.values ?? defaultPoint(number)),
    [entity.partOf?.field ?? '']: parent.id,
  };
  const values: Record<string, Value> = {};
  for (const [name, field] of Object.entries(entity.fields)) values[name] = given[name] ?? emptyOf(field);
  const { subscriberId, changedAtMs, changedBy } = parent;
  const when = { createdAtMs: changedAtMs, changedAtMs, changedBy };
  return {
    id: partId(parent.id, number),
    subscriberId,
    version: 1,
    inactive: alike?.inactive ?? false,
    values,
    custom: {},
    ...when,
  };
}
