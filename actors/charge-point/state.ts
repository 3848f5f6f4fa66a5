import type { SecurityProfile } from '#src/domain/charger-security.ts';
import type { StationKeys } from '#src/domain/forced-keys.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { ActorId, ReviewRow, SessionRow } from '#src/storage/ports.ts';
import type {
  AnswerFromChargePoint,
  BootNotification,
  CallToChargePoint,
  ChargePointErrorCode,
  ChargePointStatus,
  Tolerance,
  WireFault,
} from '#src/wire/ocpp/messages.ts';
import type { Protocol } from '#src/wire/protocol.ts';
import type { LinkMessage } from '#src/wire/link-message.ts';
import type { LocalListEntry } from '#src/wire/ocpp/management-messages.ts';
import type { Authorisation } from '#src/domain/authorisation.ts';
import type { Certified } from './certified.ts';
import type { ResolveMessage, StraySamples, Terms } from '#actors/connector/messages.ts';
import type {
  ChargePointQuery,
  CommandRequest,
  CommandView,
  ForcedPhase,
  ForceKeyRequest,
  HeldBy,
  KnownKey,
  LimitReached,
  ProfileProgress,
  Transfer,
  TransferMessage,
  UnreachableView,
  WithdrawRequest,
} from './messages.ts';
import type { SeenBox } from './boxes.ts';
import { editionOf, withUses, type EditionQuirks } from './quirks.ts';
import type { Climb, Errand, Laid, Reading, StandIn, Stray } from './under-way.ts';

/** What was laid down in the charger, and is laid down again after each boot (field-31). */
export type Standing = {
  /** Null: none was sent, or it is too long to be remembered. */
  readonly list: { readonly listVersion: number; readonly entries: readonly LocalListEntry[] } | null;
  readonly profiles: readonly Laid[];
};

/** What the charger last said to a value that is to be in force. */
export type KeyOutcome = {
  readonly key: string;
  readonly value: string;
  readonly phase: ForcedPhase;
  readonly detail: string | null;
  readonly atMs: number;
  /** It was taken over before the last boot: asked for a reboot again, it is in force all the same. */
  readonly taken?: true;
};

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
  /** Of values to be in force; those of keys that are forced no longer may linger. */
  readonly outcomes: readonly KeyOutcome[];
  readonly firmwareStatus: string | null;
  readonly diagnosticsStatus: string | null;
  readonly standing: Standing;
  readonly standIns: readonly StandIn[];
  /** What it told beyond OCPP, by the id of the message: the latest of each, as it came. */
  readonly told: Readonly<Record<string, string>>;
  /** Newest first. */
  readonly commands: readonly CommandView[];
  /** Where a charger that keeps no connection was last heard from. */
  readonly lastAddress: string | null;
  /** By which name it called us then; null until it said so. */
  readonly lastCalledAs: string | null;
  /** The last review of two boxes under this identity, and when a person has seen it (field-10). */
  readonly twins: { readonly key: string; readonly seenAtMs: number | null } | null;
  /** Those that booted under this identity, the last to boot first. */
  readonly boxes: readonly SeenBox[];
  /** The latest first. */
  readonly strays: readonly Stray[];
};

/** The socket of now. `ready`: its boot was answered, or has been waited for long enough, so we may call (field-12). */
export type LiveLink = {
  readonly linkId: number;
  readonly remoteAddress: string;
  readonly calledAs: string | null;
  readonly security: SecurityProfile;
  readonly sinceMs: number;
  readonly ready: boolean;
  /** What was forgiven in its handshake; absent: nothing. */
  readonly forgiven?: readonly Tolerance[];
};

/** What is true of this life of the process only: never stored, for presence comes from live sockets (field-36). */
export type Live = {
  readonly link: LiveLink | null;
  /** By which our calls leave while it has no link, for its station says where it listens (`WayTo`). */
  readonly way: number | null;
  /** What it speaks, by its last link; null before the first one. */
  readonly protocol: Protocol | null;
  /** Since our calls on this link reach nobody. */
  readonly unreachable: UnreachableView | null;
  /** Command ids, first to be sent first. */
  readonly waiting: readonly string[];
  readonly inFlight: string | null;
  /** Waiting calls as they will leave, where a command shows less of them: a secret is neither stored nor shown. */
  readonly unshown: Readonly<Record<string, CallToChargePoint>>;
  /** Hashes of new passwords, by the command that tells the charger. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Files that move or have moved, by command. */
  readonly transfers: Readonly<Record<string, Transfer>>;
  /** Calls of our own, first to be sent first: they leave when no command waits. */
  readonly errands: readonly Errand[];
  /** The one that is in flight. */
  readonly errand: Errand | null;
  /** How many there were, for their ids. */
  readonly errandsMade: number;
  readonly reading: Reading | null;
  /** Limits that are not settled, by command. */
  readonly climbs: Readonly<Record<string, Climb>>;
  /** Commands that a restart of ours cut off: told with the next link, or the next snapshot. */
  readonly orphans: readonly CommandView[];
  /** The charger's clock less ours, from `clockMeasuresMs`; null when nothing was measured since its last boot. */
  readonly clockOffsetMs: number | null;
  readonly clockMeasuresMs: readonly number[];
  /** Never linked before the present link, so that nothing it says can have been kept while there was none. */
  readonly newcomer: boolean;
  readonly clockWarned: boolean;
  /** It has answered a command after its time: it gets more of it (field-15). */
  readonly isSlow: boolean;
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
  | { readonly about: 'certificate'; readonly certified: Certified }
  | null;
/** A link, with what is spoken on it. */
export type LinkUp = Extract<LinkMessage, { type: 'link-up' }> & { readonly protocol?: Protocol };
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

/** Values are to be sent that a station wants in force: all of them after a boot, else those that are not. */
export type KeysAlarm = {
  readonly type: 'keys-due';
  readonly linkId: number;
  readonly booted: boolean;
  readonly atMs: number;
};

/** What it tells itself: the command whose turn it is needs the address of its file. */
export type AddressDue = { readonly type: 'address-due'; readonly commandId: string; readonly atMs: number };
/** Null: there is no such file any more. */
export type ReadyAddress = AddressDue & { readonly address: string | null };

/** Alarms of its own. */
export type Alarm =
  | { readonly type: 'boot-waited'; readonly linkId: number; readonly atMs: number }
  /** `commandId` is the id of the call: an errand has one too. */
  | { readonly type: 'no-answer'; readonly commandId: string; readonly atMs: number }
  | { readonly type: 'expired'; readonly commandId: string; readonly atMs: number }
  | KeysAlarm
  | { readonly type: 'measure-due'; readonly commandId: string; readonly atMs: number }
  | { readonly type: 'no-outcome'; readonly commandId: string; readonly atMs: number };

/** A person's decision; `connectorId` owns the session that it is about. */
export type ReadyResolve = ResolveMessage & { readonly review: ReviewRow | null; readonly connectorId: number | null };

/** With what the station says of the keys of its charger; null for a charger that nobody declared. */
type WithKeys<Message> = Message & { readonly station: StationKeys | null };
/** With the way to a charger that has no link; absent or null where there is none. */
export type WithWay<Message> = Message & { readonly way?: number | null };
export type ReadyKeys = WithKeys<KeysAlarm>;
export type ReadyForceKey = WithKeys<ForceKeyRequest>;
export type ReadyQuery = WithWay<WithKeys<ChargePointQuery>>;
/** A limit comes with what is known of its charger's edition, and with who charges there. */
export type ReadyCommand = WithWay<CommandRequest> & {
  readonly profile?: Pick<ProfileProgress, 'habit' | 'charging' | 'declared' | 'singlePhase'>;
};

export type ChargePointMessage =
  | LinkMessage
  | HeldBy
  | CommandRequest
  | LimitReached
  | StraySamples
  | TransferMessage
  | WithdrawRequest
  | ForceKeyRequest
  | ResolveMessage
  | ChargePointQuery
  | AddressDue
  | Alarm;
export type ChargePointReady =
  | Exclude<LinkMessage, { type: 'call' | 'result' | 'call-error' | 'link-up' }>
  | LinkUp
  | ReadyCall
  | ReadyResult
  | ReadyCallError
  | HeldBy
  | ReadyCommand
  | WithWay<LimitReached>
  | StraySamples
  | TransferMessage
  | WithdrawRequest
  | ReadyForceKey
  | ReadyResolve
  | ReadyQuery
  | ReadyAddress
  | ReadyKeys
  | Exclude<Alarm, KeysAlarm>;

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
    outcomes: [],
    firmwareStatus: null,
    diagnosticsStatus: null,
    standing: { list: null, profiles: [] },
    standIns: [],
    told: {},
    commands: [],
    lastAddress: null,
    lastCalledAs: null,
    twins: null,
    boxes: [],
    strays: [],
  };
}

export function freshLive(): Live {
  return {
    link: null,
    way: null,
    protocol: null,
    unreachable: null,
    waiting: [],
    inFlight: null,
    unshown: {},
    passwords: {},
    transfers: {},
    errands: [],
    errand: null,
    errandsMade: 0,
    reading: null,
    climbs: {},
    orphans: [],
    clockOffsetMs: null,
    clockMeasuresMs: [],
    newcomer: true,
    clockWarned: false,
    isSlow: false,
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
  // Not worth a write but at powers of two: a crash may cost the half of a count, and never the knowledge of a quirk.
  const isToBeKept = tolerated.some((one) => Number.isInteger(Math.log2(editions[0]?.quirks[one]?.count ?? 0)));
  return isToBeKept ? withDurable(next, {}) : next;
}

export function withLive(state: ChargePointState, change: Partial<Live>): ChargePointState {
  return { ...state, live: { ...state.live, ...change } };
}
