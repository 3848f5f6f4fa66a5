import type { Departure } from './departures.ts';
import type { Passport } from './passport.ts';
import type { ReplyTo } from '#actors/decision.ts';
import type { ChargePointErrorCode, ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import type { ChargePointId, TransactionId } from '#src/domain/ids.ts';
import type { Leniency } from '#src/domain/leniency.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';

/**
 * MOD-07..10: one state per charger, the first that fits, in this order. `occupied` is what is left when no point is known
 * to be free: it also holds a charger that has told no status yet (`statusTold` is false).
 */
export type FleetState = 'offline' | 'out-of-service' | 'free' | 'occupied';
export const FLEET_STATES = ['free', 'occupied', 'out-of-service', 'offline'] as const satisfies readonly FleetState[];

/** The session that runs on a connector, as last reported. */
export type RunningSessionView = {
  readonly transactionId: TransactionId;
  readonly idTag: string;
  /** The customer's name when the badge is known. */
  readonly driver: string | null;
  /** An OCPP AuthorizationStatus; other than `Accepted` means a session without right (field-05). */
  readonly verdict: string;
  readonly freeService: boolean;
  readonly startedAtMs: number;
  readonly energyWh: number;
  /** Null when the charger does not say. */
  readonly powerW: number | null;
  readonly socPercent: number | null;
  readonly lastSampleAtMs: number | null;
};

export type ConnectorView = {
  readonly connectorId: number;
  /** Null until the charger has told. */
  readonly status: ChargePointStatus | null;
  readonly errorCode: ChargePointErrorCode;
  readonly info: string | null;
  readonly vendorErrorCode: string | null;
  readonly statusAtMs: number | null;
  readonly session: RunningSessionView | null;
  /** Of the same point, and a vehicle stands there: none can charge here until it has left (MOD-03). */
  readonly busyBeside?: number;
};

/** One charger as the fleet page shows it. */
export type ChargePointView = {
  readonly chargePointId: ChargePointId;
  readonly stationId: string;
  /** Whose the station is: permission is part of finding it. */
  readonly subscriberId: string | null;
  readonly companyId: string | null;
  readonly stationName: string;
  readonly address: string;
  readonly postcode: string;
  readonly city: string;
  readonly merchant: string;
  readonly access: 'public' | 'private';
  /** How much of its oddities is forgiven (field-25). */
  readonly leniency: Leniency;
  /** Of its station, as declared (OCP-14); null without. */
  readonly freeServiceTag: string | null;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmwareVersion: string | null;
  readonly state: FleetState;
  readonly stateSinceMs: number;
  /** False while the charger has told the status of no part and runs no session: its state is a cautious guess. */
  readonly statusTold: boolean;
  /** A socket is open now. A charger may be `free` by the one-hour rule while its link is lost. */
  readonly linked: boolean;
  /** It is not linked, and can be called all the same. Known to the page of one charger alone. */
  readonly callable?: boolean;
  /** The last inbound word of any kind; null when never heard. */
  readonly heardAtMs: number | null;
  /** Status and error code of the box itself (connector 0). */
  readonly status: ChargePointStatus | null;
  readonly errorCode: ChargePointErrorCode;
  readonly connectors: readonly ConnectorView[];
  /** True when some part is Faulted or reports an error code: what a maintainer wants to see first. */
  readonly fault: boolean;
  /** Since when `fault` holds, as far as this life of the server knows; null without a fault. */
  readonly faultSinceMs: number | null;
  /** Of the fleet, when `fault` last became true; 0 when it did not since the start. */
  readonly faultRevision: number;
  /** Of the fleet, when the charger was declared to it. */
  readonly declaredRevision: number;
  /** Of the fleet, when the state or the fault last changed: what lists are filtered by. */
  readonly movedRevision: number;
  /** Of the fleet, when this view last changed: a page asks for what is newer than it has. */
  readonly revision: number;
};

export type FleetCounts = Readonly<Record<FleetState, number>> & {
  readonly total: number;
  readonly fault: number;
  readonly charging: number;
  /** Not linked, of those that are not `offline`: a lost link that no other figure tells of. */
  readonly unlinked: number;
};

/** What a part of a charger may tell of itself, in the order in which a charge goes. */
export const PART_STATUSES = [
  'Available',
  'Preparing',
  'Charging',
  'SuspendedEV',
  'SuspendedEVSE',
  'Finishing',
  'Reserved',
  'Unavailable',
  'Faulted',
] as const satisfies readonly ChargePointStatus[];

export type FleetSort = 'urgency' | 'name' | 'chargePointId' | 'heard' | 'state';
export type FleetQuery = {
  /** Empty: every state. */
  readonly states: readonly FleetState[];
  /** Only chargers with a fault. */
  readonly faultOnly: boolean;
  readonly access: readonly ('public' | 'private')[];
  /** Told by some part of the charger (« Statut »); null: any. */
  readonly status: ChargePointStatus | null;
  /** Any part of the name of the station; letter case and accents do not count. */
  readonly station: string;
  /** Any part of identity, station, city, address, merchant, model, running badge or driver; letter case and accents do not count. */
  readonly text: string;
  readonly sort: FleetSort;
  readonly descending: boolean;
  /** From 1. */
  readonly page: number;
  /** Null: all (« Tout »). */
  readonly pageSize: number | null;
};
export type FleetPage = {
  readonly rows: readonly ChargePointView[];
  /** How many fit the query. */
  readonly found: number;
  /** Over the whole fleet, whatever the query. */
  readonly counts: FleetCounts;
  readonly revision: number;
};
export type FleetChanges = {
  readonly changed: readonly ChargePointView[];
  /** What this viewer found before, and no longer does. */
  readonly gone: readonly Departure[];
  readonly counts: FleetCounts;
  readonly revision: number;
  /** False when `since` is too old to tell, or of another life of the server: ask for the page again. */
  readonly complete: boolean;
};

export type FleetRequest =
  | { readonly type: 'list'; readonly query: FleetQuery; readonly replyTo: ReplyTo<FleetPage> }
  | { readonly type: 'changes'; readonly since: number; readonly replyTo: ReplyTo<FleetChanges> }
  | { readonly type: 'find'; readonly chargePointId: ChargePointId; readonly replyTo: ReplyTo<ChargePointView | null> }
  /** Those of these that he finds, in one question. */
  | {
      readonly type: 'find-all';
      readonly chargePointIds: readonly ChargePointId[];
      readonly replyTo: ReplyTo<readonly ChargePointView[]>;
    }
  /** What the chargers that he finds were forgiven, by make, model and firmware. */
  | { readonly type: 'passports'; readonly replyTo: ReplyTo<readonly Passport[]> };
/** A request with who asks: the directory adds him, so that no page can leave him out. */
export type FleetMessage = FleetRequest & { readonly viewer: Viewer };
