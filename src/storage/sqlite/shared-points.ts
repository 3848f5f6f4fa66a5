import { OUTLET_NUMBERS } from '#src/domain/office/points.ts';
import type { Connection } from './connection.ts';

type Groups = readonly (readonly number[])[];
type Cells = Readonly<Record<string, number | string | null>>;

/**
 * The connectors of a station that are sockets of one point, a group for each such point (MOD-03, OCP-06); what is
 * inactive is not there. Without a station: those of every station that has any.
 */
export function sharedPointsReader(connection: Connection): (stationId?: string) => ReadonlyMap<string, Groups> {
  const outlets = OUTLET_NUMBERS.map((number) => ({
    id: `outlet${number}_connector_id`,
    inactive: `outlet${number}_inactive`,
  }));
  const columns = outlets.flatMap(({ id, inactive }) => [`p.${id}`, `p.${inactive}`]).join(', ');
  const known = outlets.map(({ id }) => `(p.${id} is not null)`).join(' + ');
  // The back office has its tables by the entities that it knows, which the schema of chargers does not hold.
  const from = `select p.station, ${columns} from office_evse as p join office_station as s on s.id = p.station
    where p.deletion_id is null and p.inactive = 0 and s.protocol is not 'lafon-pulse' and ${known} >= 2`;
  const all = connection.prepare<[], Cells>(from);
  const one = connection.prepare<[string], Cells>(`${from} and p.station = +?`);
  return (stationId) => {
    const groups = new Map<string, Groups>();
    for (const point of stationId === undefined ? all.all() : one.all(stationId)) {
      const ids = outlets.flatMap(({ id, inactive }) => {
        const connectorId = point[id];
        return typeof connectorId === 'number' && point[inactive] !== 1 ? [connectorId] : [];
      });
      // Several sockets may be one connector.
      const group = [...new Set(ids)];
      const station = String(point['station']);
      if (group.length > 1) groups.set(station, [...(groups.get(station) ?? []), group]);
    }
    return groups;
  };
}
