import { OUTLET_NUMBERS } from '#src/domain/office/points.ts';
import type { Connection } from './connection.ts';

/** The connectors of a charger whose points are fed by one phase; points in the bin are not there. */
export function singlePhaseReader(connection: Connection): (chargePointKey: string) => readonly number[] {
  const ids = ['connector_id', ...OUTLET_NUMBERS.map((number) => `outlet${number}_connector_id`)];
  // The back office has its tables by the entities that it knows, which the schema of chargers does not hold.
  const points = connection.prepare<[string], Readonly<Record<string, number | null>>>(
    `select ${ids.map((id) => `office_evse.${id}`).join(', ')} from office_evse
      join charge_point on charge_point.station_id = office_evse.station
      where charge_point.key = +? and office_evse.supply = 'single-phase' and office_evse.deletion_id is null`,
  );
  return (chargePointKey) =>
    points.all(chargePointKey).flatMap((point) => Object.values(point).filter((id) => id !== null));
}
