import type { ChargePointId } from '#src/domain/ids.ts';
import type { ActorId, ReviewRow, SessionRow } from '#src/storage/ports.ts';
import type {
  AnswerFromChargePoint,
  BootNotification,
  ChargePointErrorCode,
  ChargePointStatus,
  Tolerance,
  WireFault,
} from '#src/wire/ocpp/messages.ts';
import type { Authorisation } from '#src/domain/authorisation.ts';
import type { ResolveMessage, Terms } from '#actors/connector/messages.ts';
import type {
  ChargePointQuery,
  CommandRequest,
  CommandView,
  HeldBy,
  KnownKey,
  LinkMessage,
  UnreachableView,
} from './messages.ts';
import { editionOf, withUses, type EditionQuirks } from './quirks.ts';

/** What survives a restart. */
export type Durable = {
  /** Where it stands; null until it was told. */
  readonly stationId: string | null;
  readonly boot: Omit<BootNotification, 'action'> | null;
  readonly bootedAtMs: number | null;
  /** Of the box itself: connector 0. */
  readonly status: ChargePointStatus | null;
  readonly errorCode: ChargePointErrorCode;
  /** Every connector that has been spoken of, in order. */
  readonly connectors: readonly number[];
  readonly configuration: readonly KnownKey[];
  readonly firmwareStatus: string | null;
  readonly diagnosticsStatus: string | null;
  /** Newest first. */
  readonly commands: readonly CommandView[];
  /** The last review of two boxes under this identity, and when a person has seen it (field-10). */
  readonly twins: { readonly key: string; readonly seenAtMs: number | null } | null;
};

/** The socket of now. `ready`: its boot was answered, or has been waited for long enough, so we may call (field-12). */
export type LiveLink = {
  readonly linkId: number;
  readonly remoteAddress: string;
  readonly sinceMs: number;
  readonly ready: boolean;
};

/** What is true of this life of the process only: never stored, for presence comes from live sockets (field-36). */
export type Live = {
  readonly link: LiveLink | null;
  /** Since our calls on this link reach nobody. */
  readonly unreachable: UnreachableView | null;
  /** Command ids, first to be sent first. */
  readonly waiting: readonly string[];
  readonly inFlight: string | null;
  /** Commands that a restart of ours cut off: told with the next link, or the next snapshot. */
  readonly orphans: readonly CommandView[];
  /** The charger's clock less ours, from `clockMeasuresMs`; null when nothing was measured since its last boot. */
  readonly clockOffsetMs: number | null;
  readonly clockMeasuresMs: readonly number[];
  /** Never linked before the present link, so that nothing it says can have been kept while there was none. */
  readonly newcomer: boolean;
  readonly clockWarned: boolean;
  /** What it was forgiven, by what it said that it is; the latest first. */
  readonly editions: readonly EditionQuirks[];
  /** When another box took the link over, within `TAKEOVER_WINDOW_MS` (field-10). */
  readonly takeovers: readonly number[];
  /** Its latest boots, within `BOOT_LOOP_WINDOW_MS` (field-37). */
  readonly boots: readonly number[];
  /** The badge of the last start on each connector: where a stop without an id belongs. */
  readonly lastTags: Readonly<Record<number, string>>;
};

export type ChargePointState = {
  readonly chargePointId: ChargePointId;
  readonly durable: Durable;
  readonly live: Live;
};

type CallMessage = Extract<LinkMessage, { type: 'call' }>;
/** What a call needs to be decided, read while the mailbox waits. */
export type CallFacts =
  | { readonly about: 'authorize'; readonly authorisation: Authorisation }
  | {
      readonly about: 'start';
      readonly authorisation: Authorisation;
      readonly transactionId: number;
      readonly terms: Terms;
    }
  | { readonly about: 'stop'; readonly ended: SessionRow | null }
  | { readonly about: 'boot'; readonly registeredSerial: string | null }
  | null;
export type ReadyCall = CallMessage & { readonly facts: CallFacts };

/** An answer to one of our calls, read against the call it answers; null when we never made that call. */
export type ReadyResult = {
  readonly type: 'answered';
  readonly linkId: number;
  readonly callId: string;
  readonly outcome:
    | { readonly ok: true; readonly answer: AnswerFromChargePoint; readonly tolerated: readonly Tolerance[] }
    | { readonly ok: false; readonly fault: WireFault };
  /** The frame that it answers, written again for the journal; null when we never made that call. */
  readonly request: string | null;
  /** Null in a flood: an answer to nothing is then not journalled (field-37). */
  readonly frame: string | null;
  readonly atMs: number;
};
/** The same for a CALLERROR. */
export type ReadyCallError = Extract<LinkMessage, { type: 'call-error' }> & Pick<ReadyResult, 'request'>;

/** Alarms of its own. */
export type Alarm =
  | { readonly type: 'boot-waited'; readonly linkId: number; readonly atMs: number }
  | { readonly type: 'no-answer'; readonly commandId: string; readonly atMs: number }
  | { readonly type: 'no-outcome'; readonly commandId: string; readonly atMs: number };

/** A person's decision; `connectorId` owns the session that it is about. */
export type ReadyResolve = ResolveMessage & { readonly review: ReviewRow | null; readonly connectorId: number | null };

export type ChargePointMessage = LinkMessage | HeldBy | CommandRequest | ResolveMessage | ChargePointQuery | Alarm;
export type ChargePointReady =
  | Exclude<LinkMessage, { type: 'call' | 'result' | 'call-error' }>
  | ReadyCall
  | ReadyResult
  | ReadyCallError
  | HeldBy
  | CommandRequest
  | ReadyResolve
  | ChargePointQuery
  | Alarm;

const PREFIX = 'charge-point/';

/** Ids are asked for with every frame: each is made once. Charge points are admitted before they are spoken of. */
const made = new Map<ChargePointId, ActorId>();

export function chargePointActorId(chargePointId: ChargePointId): ActorId {
  let id = made.get(chargePointId);
  if (id === undefined) made.set(chargePointId, (id = PREFIX + encodeURIComponent(chargePointId)));
  return id;
}

/** @throws for an id that `chargePointActorId` did not make. */
export function chargePointOf(id: ActorId): ChargePointId {
  if (!id.startsWith(PREFIX)) throw new Error(`not the id of a charge point: ${id}`);
  return decodeURIComponent(id.slice(PREFIX.length));
}

export function freshDurable(): Durable {
  return {
    stationId: null,
    boot: null,
    bootedAtMs: null,
    status: null,
    errorCode: 'NoError',
    connectors: [],
    configuration: [],
    firmwareStatus: null,
    diagnosticsStatus: null,
    commands: [],
    twins: null,
  };
}

export function freshLive(): Live {
  return {
    link: null,
    unreachable: null,
    waiting: [],
    inFlight: null,
    orphans: [],
    clockOffsetMs: null,
    clockMeasuresMs: [],
    newcomer: true,
    clockWarned: false,
    editions: [],
    takeovers: [],
    boots: [],
    lastTags: {},
  };
}

export function withDurable(state: ChargePointState, change: Partial<Durable>): ChargePointState {
  return { ...state, durable: { ...state.durable, ...change } };
}

/** One more use of each tolerance, by what the charger says that it is. */
export function counted(
  state: ChargePointState,
  tolerated: readonly Tolerance[],
  atMs: number,
  boot: Omit<BootNotification, 'action'> | null = state.durable.boot,
): ChargePointState {
  if (tolerated.length === 0) return state;
  const editions = withUses(state.live.editions, editionOf(boot), { tolerated, atMs });
  const next = withLive(state, { editions });
  // Not worth a write each time: a crash may cost the half of a count, and never the knowledge of a quirk.
  const isToBeKept = tolerated.some((one) => isPowerOfTwo(editions[0]?.quirks[one]?.count ?? 0));
  return isToBeKept ? withDurable(next, {}) : next;
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}

export function withLive(state: ChargePointState, change: Partial<Live>): ChargePointState {
  return { ...state, live: { ...state.live, ...change } };
}
