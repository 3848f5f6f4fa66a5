import type { ChargePointId, TransactionId, WalletId } from '#src/domain/ids.ts';
import type { StayLimit } from '#src/domain/stay-limits.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { ChargePointErrorCode, ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import { noFlow, type Flow } from './flow.ts';

/** The session under way: what is needed to close it, whatever happens to the charger. */
export type OpenSession = {
  readonly transactionId: TransactionId;
  readonly startKey: string;
  readonly idTag: string;
  readonly driver: string | null;
  readonly walletId: WalletId | null;
  /** An OCPP AuthorizationStatus. */
  readonly verdict: string;
  readonly freeService: boolean;
  readonly startedAtMs: number;
  readonly meterStartWh: number;
  /** Delivered since the start: only ever grows (field-23). */
  readonly energyWh: number;
  readonly powerW: number | null;
  readonly socPercent: number | null;
  readonly lastSampleAtMs: number | null;
  readonly energyPriceMillsPerKwh: number;
  readonly powerMaxW: number;
  readonly flow: Flow;
};

/** A session that its station limits, until its vehicle has left (OCP-13). */
export type Stay = {
  readonly transactionId: TransactionId;
  /** When its charge has lasted for long enough; null: it may last. */
  readonly chargeDueMs: number | null;
  readonly chargeWh: number | null;
  /** When the socket unlocks, if the charge is over by then. */
  readonly unlockDueMs: number | null;
  /** Limits for which the charge point was asked to act, and of these the ones that the charger has heard of. */
  readonly asked: readonly StayLimit[];
  readonly told: readonly StayLimit[];
};

/** What the charger last said of this connector. */
export type Reported = {
  /** Null until it has told. */
  readonly status: ChargePointStatus | null;
  readonly errorCode: ChargePointErrorCode;
  readonly info: string | null;
  readonly vendorErrorCode: string | null;
  readonly atMs: number | null;
};

/** One connector of a charge point: what it reports, and the one transaction that may be open on it. */
export type ConnectorState = {
  readonly chargePointId: ChargePointId;
  readonly connectorId: number;
  readonly reported: Reported;
  readonly use: Use;
  /** The session that was closed while its vehicle stood there still, as far as anybody knows (REC-04). */
  readonly parked: TransactionId | null;
  readonly stay: Stay | null;
};
export type Use =
  | { readonly phase: 'free' }
  /** `doubtedSinceMs`: the box has booted since, and nothing has yet shown that the session went on (field-07). */
  | { readonly phase: 'charging'; readonly session: OpenSession; readonly doubtedSinceMs: number | null };

const PREFIX = 'connector/';

/** Ids are asked for with every frame: each is made once. Charge points are admitted before they are spoken of. */
const made = new Map<ChargePointId, Map<number, ActorId>>();

export function connectorActorId(chargePointId: ChargePointId, connectorId: number): ActorId {
  let ids = made.get(chargePointId);
  if (ids === undefined) made.set(chargePointId, (ids = new Map()));
  let id = ids.get(connectorId);
  if (id === undefined) ids.set(connectorId, (id = `${PREFIX}${encodeURIComponent(chargePointId)}/${connectorId}`));
  return id;
}

/** @throws for an id that `connectorActorId` did not make. */
export function connectorOf(id: ActorId): { chargePointId: ChargePointId; connectorId: number } {
  const [chargePointId, connectorId] = id.slice(PREFIX.length).split('/');
  if (!id.startsWith(PREFIX) || chargePointId === undefined || connectorId === undefined) {
    throw new Error(`not the id of a connector: ${id}`);
  }
  return { chargePointId: decodeURIComponent(chargePointId), connectorId: Number(connectorId) };
}

export function freshConnector(chargePointId: ChargePointId, connectorId: number): ConnectorState {
  const reported: Reported = { status: null, errorCode: 'NoError', info: null, vendorErrorCode: null, atMs: null };
  return { chargePointId, connectorId, reported, use: { phase: 'free' }, parked: null, stay: null };
}

/** A connector as an older release stored it: it counted no current, did not wait for vehicles to leave, had no limits. */
type Older = Omit<ConnectorState, 'use' | 'parked' | 'stay'> & {
  readonly use:
    | { readonly phase: 'free' }
    | (Extract<Use, { phase: 'charging' }> & {
        readonly session: Omit<OpenSession, 'flow'> & { readonly flow?: Flow };
      });
  readonly parked?: TransactionId | null;
  readonly stay?: Stay | null;
};

export function restoredConnector(snapshot: unknown): ConnectorState {
  const { use, parked = null, stay = null, ...rest } = snapshot as Older;
  if (use.phase === 'free') return { ...rest, use, parked, stay };
  const { session } = use;
  const flow = session.flow ?? noFlow(session.startedAtMs);
  return { ...rest, use: { ...use, session: { ...session, flow } }, parked, stay };
}
