import type { ChargePointId } from './ids.ts';
import { maintains, may, type Viewer } from './office/viewer.ts';
import type { PostChannel } from './post.ts';

/** « Alertes » (ALR-01..04): why people are told of a charger, who is, and what is kept of it. */

export const ALERT_CAUSES = ['fault', 'absent', 'parking-before', 'parking-after', 'parking-max'] as const;
/** `absent`: silent for one hour. `parking-*`: a vehicle stands longer than the station allows (ALR-03). */
export type AlertCause = (typeof ALERT_CAUSES)[number];
/** « Défaut » and « stationnement »: what a recipient is named for (STA-27). */
export type AlertKind = 'fault' | 'parking';

export function kindOf(cause: AlertCause): AlertKind {
  return cause === 'fault' || cause === 'absent' ? 'fault' : 'parking';
}

/** What is alerted of, at one charger: one alert for each while it lasts. */
export type AlertSubject = {
  readonly cause: AlertCause;
  /** An OCPP ChargePointErrorCode; null for what is no fault of the charger. */
  readonly code: string | null;
  /** The connectors that it was seen on, in order; 0 is the box itself. */
  readonly parts: readonly number[];
};

/** `opened`: at once. `escalated`: to administrators, when nobody took it in charge. `ended`: to all of these. */
export type AlertStep = 'opened' | 'escalated' | 'ended';

/** Somebody who was told. */
export type AlertTold = {
  readonly userId: string;
  /** His account: others learn how many of it were told, not who. */
  readonly subscriberId: string;
  readonly name: string;
  readonly channel: PostChannel;
  readonly step: AlertStep;
  readonly atMs: number;
};

/** Where the charger stood when the alert began. */
export type AlertPlace = {
  readonly stationId: string;
  readonly stationName: string;
  readonly city: string;
  readonly subscriberId: string | null;
  readonly companyId: string | null;
};

export type AlertRow = AlertSubject &
  AlertPlace & {
    /** Unique: the charger, what it is about, and when it began. */
    readonly alertId: string;
    readonly chargePointId: ChargePointId;
    readonly openedAtMs: number;
    /** How often the cause came back before it stayed away; 1 for a cause that held. */
    readonly times: number;
    readonly endedAtMs: number | null;
    readonly acknowledged: { readonly by: string; readonly atMs: number } | null;
    readonly escalatedAtMs: number | null;
    readonly told: readonly AlertTold[];
  };

/** What a station allows, in minutes; null: no limit (STA-24). */
export type ParkingLimits = {
  readonly beforeMinutes: number | null;
  readonly afterMinutes: number | null;
  readonly maxMinutes: number | null;
};

/** Who is named at a station, for what and by what (STA-27). */
export type AlertRecipient = {
  readonly userId: string;
  readonly fault: readonly PostChannel[];
  readonly parking: readonly PostChannel[];
};

/** May he be named: a user « ayant le droit Maintenance de station de charge »? */
export function mayReceiveAlerts(viewer: Viewer): boolean {
  return may(viewer, 'station-maintenance', 'view');
}

/** Taking an alert in charge stops its escalation: for whoever can do something about it. */
export function mayAcknowledge(viewer: Viewer): boolean {
  return maintains(viewer);
}

/** May he name recipients? The tab belongs to both rights over stations (STA-27). */
export function mayNameRecipients(viewer: Viewer, level: 'view' | 'modify'): boolean {
  return may(viewer, 'station-management', level) || may(viewer, 'station-maintenance', level);
}
