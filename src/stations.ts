import { chargePointKey } from '#src/domain/ids.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { Reader } from '#src/storage/ports.ts';

/** The station of a charger as people declared it; null for a charger that only a program declared. */
export type StationOf = (chargePointId: string) => Promise<RecordRow | null>;

/** Without an office there are no stations, only chargers. */
export function stationsOver(office: Office | null, reader: Pick<Reader, 'chargePoint'>): StationOf {
  return async (chargePointId) => {
    const row = office === null ? null : await reader.chargePoint(chargePointKey(chargePointId));
    return row === null || office === null ? null : office.find(ENTITIES.station, row.stationId, [{}]);
  };
}
