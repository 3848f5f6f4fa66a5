import type { ReplyTo } from '#actors/decision.ts';
import type { Habit } from '#actors/edition/habit.ts';
import type { SecurityProfile } from '#src/domain/charger-security.ts';
import type { KeyOrigin } from '#src/domain/forced-keys.ts';
import type { ChargePointId, TransactionId } from '#src/domain/ids.ts';
import type { Leniency } from '#src/domain/leniency.ts';
import type { StayLimit } from '#src/domain/stay-limits.ts';
import type { WantedFile } from '#src/storage/files-port.ts';
import type { Protocol } from '#src/wire/protocol.ts';
import type { AnswerFromChargePoint, CallToChargePoint, ConfigurationKey, Tolerance } from '#src/wire/ocpp/messages.ts';

/**
 * How far a command got (field-32). `queued` waits for the boot's answer or for the call before it; `accepted` is the
 * charger's promise; a remote start then goes on to `authorised`, `plugged`, `started`, and what moves a file to
 * `transferring`, `transferred` and, for a firmware, `installing`. A limit is `confirmed` by the charger's composite
 * schedule and `measured` by what flows (field-30). The last three are ends.
 */
export type CommandPhase =
  | 'queued'
  | 'sent'
  | 'accepted'
  | 'authorised'
  | 'plugged'
  | 'started'
  | 'transferring'
  | 'transferred'
  | 'installing'
  | 'confirmed'
  | 'measured'
  | 'done'
  | 'refused'
  | 'failed';
export type CommandCause =
  | 'no-link'
  | 'link-lost'
  | 'no-answer'
  | 'late-answer'
  | 'rejected'
  | 'not-supported'
  | 'unknown-key'
  | 'unknown-vendor'
  | 'unknown-message'
  | 'call-error'
  | 'unreachable'
  | 'unreadable-answer'
  | 'not-authorised'
  | 'not-plugged'
  | 'not-started'
  | 'not-stopped'
  | 'too-many-waiting'
  | 'not-found'
  /** It has no log of that time. */
  | 'nothing-to-send'
  /** The server does not have its file any more, or no place for one. */
  | 'file-gone'
  | 'download-failed'
  | 'invalid-signature'
  | 'installation-failed'
  | 'upload-failed'
  /** It began, and has told nothing since. */
  | 'no-news'
  | 'restart'
  | 'expired'
  | 'withdrawn'
  | 'nothing-told'
  /** The charger took the limit, and goes by a higher one. */
  | 'not-applied'
  /** More flows than the limit allows. */
  | 'over-limit'
  /** A newer limit came before this one was measured. */
  | 'superseded'
  /** Nothing flowed, or was told, by which the limit could be seen. */
  | 'not-measured';
/** `totalBytes` is null for an upload that does not say how long it is. */
export type Transfer = { readonly bytes: number; readonly totalBytes: number | null };
/** One way in which a limit was put to the charger, and its word: a status, the code of a fault, or `not-applied`. */
export type ProfileTrial = {
  readonly call: Extract<CallToChargePoint, { action: 'SetChargingProfile' }>;
  readonly said: string;
  readonly atMs: number;
};
/** How a limit came to be taken (field-30). */
export type ProfileProgress = {
  /** What chargers of this make, model and firmware were known to take when it was asked for, and by now. */
  readonly habit: Habit;
  /** The connectors that charged when it was asked for. */
  readonly charging: readonly number[];
  /** How many connectors its station is declared to have; absent where an older release asked. */
  readonly declared?: number;
  /** The connectors that are fed by one phase, by what their station says; absent in what an older release stored. */
  readonly singlePhase?: readonly number[];
  readonly trials: readonly ProfileTrial[];
  /** In A of each phase, by the composite schedule; null until it told. */
  readonly scheduledA: number | null;
  /** What flowed last, in mA of a phase: of the box for a limit of it, else of the busiest connector. */
  readonly measuredMa: number | null;
};
export type CommandStep = { readonly phase: CommandPhase; readonly atMs: number };
export type CommandView = {
  readonly commandId: string;
  readonly call: CallToChargePoint;
  readonly requestedBy: string;
  readonly requestedAtMs: number;
  /** It waits so long for an absent charger; without, it is refused while there is no link. */
  readonly expiresAtMs?: number;
  /** What it moves: its call has the address of it once it has left. */
  readonly file?: WantedFile;
  /** What it has in common with the commands that were asked of other chargers at once. */
  readonly batchId?: string;
  /** The server asks by itself, for the sake of this limit (OCP-13). */
  readonly limit?: StayLimit;
  readonly phase: CommandPhase;
  /** Why it was refused or failed, or a remark on a success (`late-answer`); null otherwise. */
  readonly cause: CommandCause | null;
  /** The charger's own words: the status, or the text of its CALLERROR. */
  readonly detail: string | null;
  readonly steps: readonly CommandStep[];
  readonly answer: AnswerFromChargePoint | null;
  /** How much of its file has moved through our drop, while this process knows. */
  readonly transfer?: Transfer;
  /** Of a limit alone. */
  readonly profile?: ProfileProgress;
  /** No further step will come. */
  readonly ended: boolean;
};

/**
 * What became of a value that is to be in force: `awaiting` was not sent, or not answered, since the last boot;
 * `after-reboot` waits for the next one; `no-answer` is sent again at the next boot or link.
 */
export type ForcedPhase = 'awaiting' | 'in-force' | 'after-reboot' | 'refused' | 'no-answer';
export type ForcedKeyView = {
  readonly key: string;
  readonly value: string;
  readonly origin: KeyOrigin;
  /** Null when no person forced it. */
  readonly by: string | null;
  readonly phase: ForcedPhase;
  /** The charger's own words; null without any. */
  readonly detail: string | null;
  /** When the charger answered; null while `awaiting`. */
  readonly atMs: number | null;
};

/** `afterReboot`: the charger took the value over, and will go by it once it has booted. */
export type KnownKey = ConfigurationKey & { readonly afterReboot?: true };

/** What the page of one charger shows beside its `ChargePointView`. */
export type ChargePointDetail = {
  readonly chargePointId: ChargePointId;
  readonly serialNumber: string | null;
  readonly chargeBoxSerialNumber: string | null;
  readonly meterSerialNumber: string | null;
  readonly meterType: string | null;
  readonly iccid: string | null;
  readonly imsi: string | null;
  readonly bootedAtMs: number | null;
  readonly remoteAddress: string | null;
  readonly linkedSinceMs: number | null;
  /** By which name it called us: where it can fetch a file. Null when it is not there, or its protocol does not tell. */
  readonly calledAs: string | null;
  /** By what its link is protected; null without a link. */
  readonly security: SecurityProfile | null;
  /** What it speaks, or spoke last; null when it was never linked since the server started. */
  readonly protocol: Protocol | null;
  /** Null for a charger that our last call reached, or that was not called since it came. */
  readonly unreachable: UnreachableView | null;
  /** It has no link, and its station says where it listens: it can be called. */
  readonly callable: boolean;
  /** Its clock minus ours, at the last live message that told; null until then (field-20). */
  readonly clockOffsetMs: number | null;
  readonly firmwareStatus: string | null;
  readonly diagnosticsStatus: string | null;
  /** What a Pulse kit told of itself (`kit`) and of its points (`point/1`), as JSON. */
  readonly told: Readonly<Record<string, string>>;
  /** The connectors that it has spoken of, in order; of a kit, its points. */
  readonly spokenOf: readonly number[];
  /** How often each tolerance was used (field-16..20). */
  readonly tolerated: Readonly<Partial<Record<Tolerance, number>>>;
  /** As last read by GetConfiguration, or changed since. */
  readonly configuration: readonly KnownKey[];
  /** What this charger is told at each boot (OCP-16..20). */
  readonly forced: readonly ForcedKeyView[];
  /** Newest first; the latest ones only. */
  readonly commands: readonly CommandView[];
};

export type CommandRequest = {
  readonly type: 'command';
  readonly commandId: string;
  readonly call: CallToChargePoint;
  /** Of a call that moves a file: its address is put in when it leaves. Until then a name may stand there, for people. */
  readonly file?: WantedFile;
  /** For a call that changes the charger's password: what will be stored of the new one. */
  readonly passwordHash?: string;
  /** Who asked: a username, or the label of an API token. */
  readonly requestedBy: string;
  /** Later than `atMs`; cut to `usefulUntilMs`. Absent: without a link it is refused at once. */
  readonly expiresAtMs?: number;
  readonly batchId?: string;
  readonly atMs: number;
  /** Answered at once with the command as accepted into the queue, or refused (`no-link`, `too-many-waiting`). */
  readonly replyTo: ReplyTo<CommandView>;
};

/** A limit of the station is exceeded on this connector by this session (OCP-13): the charger is to be told. */
export type LimitReached = {
  readonly type: 'limit-reached';
  readonly connectorId: number;
  readonly transactionId: TransactionId;
  readonly limit: StayLimit;
  readonly atMs: number;
};

/** Takes back a command that still waits. Answered with the command as it is then; null when there is none of that id. */
export type WithdrawRequest = {
  readonly type: 'withdraw';
  readonly commandId: string;
  readonly by: string;
  readonly atMs: number;
  readonly replyTo: ReplyTo<CommandView | null>;
};

export type Forced = { readonly ok: true } | { readonly ok: false; readonly why: 'too-many' | 'undeclared' };
/** « Forcer cette valeur » (OCP-20): kept with the station, and sent as soon as there is a link. Null lets go of it. */
export type ForceKeyRequest = {
  readonly type: 'force-key';
  readonly key: string;
  readonly value: string | null;
  /** False: somebody sends it as a command. */
  readonly send: boolean;
  readonly by: string;
  readonly atMs: number;
  readonly replyTo: ReplyTo<Forced>;
};

/**
 * The station that has this charger now. Another one than before gets a charger without a past: what was known under
 * its identity is the other's. `historySinceMs` as in `RosterRow`.
 */
export type HeldBy = {
  readonly type: 'held-by';
  readonly stationId: string;
  readonly historySinceMs: number;
  /** How much is forgiven of its charger (field-25); absent where that is no matter. */
  readonly leniency?: Leniency;
  readonly atMs: number;
};

/** What the drop sees of a file that a command is about (field-40). `broken`: it stopped half-way, and may come again. */
export type TransferMessage = Transfer & {
  readonly type: 'transfer';
  readonly commandId: string;
  readonly stage: 'moving' | 'arrived' | 'broken';
  readonly atMs: number;
};
/** « Injoignable »: we hear this charger, and could not call it. */
export type UnreachableView = {
  readonly sinceMs: number;
  readonly why: string;
  readonly address: string | null;
  /** Since when what may wait is held back; absent while nothing is. */
  readonly heldAtMs?: number;
};

export type ChargePointQuery = { readonly type: 'view'; readonly replyTo: ReplyTo<ChargePointDetail> };
