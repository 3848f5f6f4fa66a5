import { kitSerialOf } from '#src/domain/kit.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { isTimeZone } from '#src/domain/office/field.ts';
import { findsStation, type Viewer } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { UntilWritten } from '#src/storage/until-written.ts';

/** The zone of the station with this charger (field-21): null without one, and for a station that he does not find. */
export async function zoneOf(
  { office, stations }: { readonly office: Office; readonly stations: UntilWritten<RecordRow> },
  viewer: Viewer,
  identity: string,
): Promise<string | null> {
  const serial = kitSerialOf(identity);
  const station = await stations.get(identity, () =>
    serial === null
      ? office.findBy(ENTITIES.station, 'identity', identity)
      : office.findBy(ENTITIES.station, 'kitSerial', serial),
  );
  if (station === null) return null;
  const { timeZone, company } = station.values;
  const { id: stationId, subscriberId } = station;
  const companyId = typeof company === 'string' ? company : null;
  if (!findsStation(viewer, { stationId, subscriberId, companyId })) return null;
  return typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : null;
}
