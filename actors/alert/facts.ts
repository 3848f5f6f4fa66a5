import type { ChargePointView, ConnectorView } from '#actors/fleet/messages.ts';
import type { ParkingLimits } from '#src/domain/alert.ts';
import type { ChargerFacts, Occupancy } from './messages.ts';

export const CLEAR: ChargerFacts = { faults: [], absent: false, limits: null, vehicles: [] };

/**
 * What the alerts of a charger must know of it. `canTellAbsence` is false while chargers have not had the time to come
 * back after a start of the server. A charger that was never heard is not absent: it was not there yet.
 */
export function factsOf(view: ChargePointView, limits: ParkingLimits | null, canTellAbsence: boolean): ChargerFacts {
  const isSilent = view.state === 'offline' && view.heardAtMs !== null;
  const vehicles = limits === null ? [] : view.connectors.flatMap(vehicleAt);
  return {
    faults: faultsOf(view),
    absent: isSilent && !canTellAbsence ? null : isSilent,
    limits: vehicles.length === 0 ? null : limits,
    vehicles,
  };
}

/** ALR-01: a part that is broken or reports an error, grouped by what it reports. */
function faultsOf({ status, errorCode, connectors }: ChargePointView): ChargerFacts['faults'] {
  const parts = new Map<string, number[]>();
  for (const part of [{ connectorId: 0, status, errorCode }, ...connectors]) {
    if (part.status !== 'Faulted' && part.errorCode === 'NoError') continue;
    parts.set(part.errorCode, [...(parts.get(part.errorCode) ?? []), part.connectorId]);
  }
  return [...parts].map(([code, ids]) => ({ code, parts: ids }));
}

function vehicleAt(connector: ConnectorView): ChargerFacts['vehicles'] {
  const { connectorId, statusAtMs, session } = connector;
  const occupancy = occupancyOf(connector);
  if (occupancy === null) return [];
  const toldAtMs = statusAtMs ?? session?.startedAtMs ?? 0;
  return [
    { connectorId, occupancy, sinceMs: occupancy === 'charging' ? (session?.startedAtMs ?? toldAtMs) : toldAtMs },
  ];
}

/**
 * OCPP 1.6 §4.9: `Preparing` begins with a vehicle that is plugged in or a badge that is shown, which is where the
 * manual lets a stay begin; `SuspendedEV` is a vehicle that wants no more, `Finishing` one that was not unplugged. Null
 * where none stands.
 */
function occupancyOf({ status, session }: ConnectorView): Occupancy | null {
  switch (status) {
    case 'SuspendedEV':
    case 'Finishing':
      return 'after';
    case 'Charging':
    case 'SuspendedEVSE':
      return 'charging';
    case 'Preparing':
      return session === null ? 'before' : 'charging';
    case 'Available':
    case 'Reserved':
      return session === null ? null : 'charging';
    case null:
      return session === null ? null : 'charging';
    case 'Faulted':
    case 'Unavailable':
      return session === null ? 'unknown' : 'charging';
  }
}
