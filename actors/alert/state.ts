import type { AlertPlace, AlertRow, AlertSubject, AlertTold, ParkingLimits } from '#src/domain/alert.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { Occupancy } from './messages.ts';

/** An alert that has not ended. */
export type OpenAlert = AlertSubject & {
  readonly alertId: string;
  readonly place: AlertPlace;
  readonly openedAtMs: number;
  readonly times: number;
  /** Since when its cause is away; null while it is there. */
  readonly goneSinceMs: number | null;
  readonly acknowledged: AlertRow['acknowledged'];
  readonly escalatedAtMs: number | null;
  readonly told: readonly AlertTold[];
};

/** A vehicle at a connector. */
export type Stay = {
  readonly connectorId: number;
  readonly sinceMs: number;
  readonly phase: Exclude<Occupancy, 'unknown'>;
  readonly phaseSinceMs: number;
};

/** The alerts of one charger; all of it is durable. */
export type AlertState = {
  readonly chargePointId: ChargePointId;
  readonly open: readonly OpenAlert[];
  readonly limits: ParkingLimits | null;
  readonly stays: readonly Stay[];
  /** When its alarm rings; null when nothing is due. */
  readonly wakeAtMs: number | null;
};

export function freshAlerts(chargePointId: ChargePointId): AlertState {
  return { chargePointId, open: [], limits: null, stays: [], wakeAtMs: null };
}

/** What makes two alerts of a charger the same: its fault by its code, wherever on the box; a stay by its connector. */
export function subjectKey({ cause, code, parts }: AlertSubject): string {
  if (cause === 'fault') return `fault/${code}`;
  return cause === 'absent' ? cause : `${cause}/${parts[0] ?? 0}`;
}

export function rowOf(chargePointId: ChargePointId, alert: OpenAlert, endedAtMs: number | null): AlertRow {
  const { alertId, cause, code, parts, place, openedAtMs, times, acknowledged, escalatedAtMs, told } = alert;
  return {
    alertId,
    chargePointId,
    cause,
    code,
    parts,
    ...place,
    openedAtMs,
    times,
    endedAtMs,
    acknowledged,
    escalatedAtMs,
    told,
  };
}

const PREFIX = 'alert/';

export function alertActorId(chargePointId: ChargePointId): ActorId {
  return PREFIX + encodeURIComponent(chargePointId);
}

/** @throws for an id that `alertActorId` did not make. */
export function alertsOf(id: ActorId): ChargePointId {
  if (!id.startsWith(PREFIX)) throw new Error(`not the id of alerts: ${id}`);
  return decodeURIComponent(id.slice(PREFIX.length));
}
