import type { Scope } from '#src/domain/office/access.ts';
import { chargePointIdOf } from '#src/domain/office/charger.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { Office } from '#src/storage/office-port.ts';

const EVERY = { text: '', sort: 'name', descending: false, filters: [], offset: 0, limit: null } as const;

/** The stations that something happens to when these records change. */
export async function stationsAffected(
  office: Office,
  entity: Entity,
  ids: readonly string[],
): Promise<readonly RecordRow[]> {
  if (ids.length === 0) return [];
  if (entity.name === 'station' || entity.name === 'evse')
    return stationsWithin(office, [{ field: 'id', values: ids }]);
  if (entity.name === 'company') return stationsWithin(office, [{ field: 'company', values: ids }]);
  if (entity.name === 'subscriber') return stationsWithin(office, [{ subscriberIds: ids }]);
  if (entity.name === 'sim') {
    const cards = await office.list(entity, { ...EVERY, scope: [{ field: 'id', values: ids }], sort: 'iccid' });
    const iccids = cards.rows.map(({ values }) => String(values['iccid']));
    return stationsWithin(office, [{ field: 'simIccid', values: iccids }]);
  }
  return [];
}

/** The stations of a scope, by name. */
export async function stationsWithin(office: Office, scope: Scope): Promise<readonly RecordRow[]> {
  return (await office.list(ENTITIES.station, { ...EVERY, scope })).rows;
}

/** By what their chargers are known to the fleet. */
export function identitiesOf(stations: readonly RecordRow[]): readonly string[] {
  return stations.flatMap(({ values }) => chargePointIdOf(values) ?? []);
}
