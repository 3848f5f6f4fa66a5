import type { RecordRow } from './office/entity.ts';
import { pointOf, pointRoamingId, stationRoamingId } from './roaming.ts';

/**
 * « ADVENIR : Télécollecte via Girève » (STA-26; manual, « Connexion à la plateforme Girève ») has each recharge of a
 * station told to Girève, who hands it on: docs/protocols/roaming-statuses.md.
 */
export const ADVENIR_FIELD = 'gireveAdvenir';
const PREFIX = 'gireve-charge';

type Session = {
  readonly transactionId: number;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly startedAtMs: number;
  readonly closing: 'open' | 'provisional' | 'final';
  readonly stoppedAtMs: number | null;
  readonly energyWh: number;
  readonly meterStartWh: number;
  readonly meterStopWh: number | null;
  /** Why its energy waits for a person. */
  readonly review: string | null;
};

/** After a closing without its stop, the true stop has had its time to come in: what is known then is told. */
const STOP_MS = 6 * 3_600_000;

/** Is what is known of this recharge what will stay? */
export function isTold({ closing, stoppedAtMs, review }: Session, nowMs: number): boolean {
  if (stoppedAtMs === null || review === 'implausible-energy') return false;
  return closing === 'final' || (closing === 'provisional' && nowMs - stoppedAtMs >= STOP_MS);
}

/** One for each recharge, for ever; apart from the keys of statuses, of which the latest takes the place of others. */
export function chargeDetailKey({ chargePointId, transactionId }: Session): string {
  return [PREFIX, encodeURIComponent(chargePointId), transactionId].join('/');
}

/** Is this the key of one? */
export function isChargeDetail(key: string): boolean {
  return key.startsWith(`${PREFIX}/`);
}

/** JSON of one line. Who charged is nobody's business there. */
export function chargeDetail(of: {
  readonly station: RecordRow;
  readonly cpoId: string | null;
  readonly points: readonly RecordRow[];
  readonly session: Session;
  readonly atMs: number;
}): string {
  const { station, cpoId, points, session, atMs } = of;
  const { connectorId, meterStartWh, meterStopWh, energyWh, stoppedAtMs } = session;
  const point = pointOf(points, connectorId);
  return JSON.stringify({
    type: 'charge-detail',
    version: 1,
    at: new Date(atMs).toISOString(),
    operator: cpoId,
    station: {
      id: cpoId === null ? null : stationRoamingId({ station, cpoId }),
      localId: station.id,
      name: station.values['name'],
    },
    charger: { id: session.chargePointId },
    charge: {
      id: String(session.transactionId),
      connectorId,
      evse: point === null || cpoId === null ? null : pointRoamingId({ station, cpoId, point }),
      start: new Date(session.startedAtMs).toISOString(),
      end: stoppedAtMs === null ? null : new Date(stoppedAtMs).toISOString(),
      energyWh,
      meterStartWh,
      meterStopWh,
    },
  });
}
