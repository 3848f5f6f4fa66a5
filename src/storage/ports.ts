import type { AlertRow } from '#src/domain/alert.ts';
import type { ForcedKeyRow, StationKeys } from '#src/domain/forced-keys.ts';
import type { ChargePointId, TransactionId, WalletId } from '#src/domain/ids.ts';
import type { Cents } from '#src/domain/money.ts';
import type { PostMessage } from '#src/domain/post.ts';
import type { ChargePointRow, IdTokenRow, Registry, RosterRow } from './registry-port.ts';

/**
 * What may be asked of the disk. Two implementations keep these promises, and one contract suite holds them to it:
 * `sqlite/` for servers and `memory/` for simulations. Everything is asynchronous and every type is one that SQLite
 * and PostgreSQL both know (text, whole numbers, JSON as text, 0/1), so that a third may follow.
 */

/** `charge-point/CP1`, `connector/CP1/2`, `wallet/customer-7`. */
export type ActorId = string;
export type NodeId = string;

/** Who may write an actor: the epoch of the process that claimed it, and the version its next commit must find. */
export type Fence = { readonly actorId: ActorId; readonly epoch: number; readonly version: number };

/** `state` is null for an actor that never stored one; `schema` is the number under which it was stored. */
export type Claim = Fence & { readonly schema: number; readonly state: unknown };

export type EventLevel = 'debug' | 'info' | 'problem' | 'critical';
export const EVENT_KINDS = [
  'frame-in',
  'frame-out',
  'link',
  'command',
  'refused',
  'server',
  'session',
  'post',
  'sms',
  'account',
  'gireve',
  'easyconnect',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** One line of the event journal: an exchange of frames, or something that happened to a charger. Never updated. */
export type EventRow = {
  readonly atMs: number;
  /** Null for what happened to nobody we know: a refused handshake. */
  readonly chargePointId: ChargePointId | null;
  readonly connectorId: number | null;
  readonly level: EventLevel;
  readonly kind: EventKind;
  /** An OCPP action, or a kebab-case name of ours such as `link-up`, `bug`, `clock-skew`, `implausible-energy`. */
  readonly name: string;
  /**
   * The frame as it came or left, bounded by the edge; null when there was none. For a command that came to nothing, the
   * call that was asked for, as JSON.
   */
  readonly request: string | null;
  readonly answer: string | null;
  /** What was forgiven, or why something was refused: closed words joined by commas, or a short English detail. */
  readonly note: string | null;
};
export type StoredEvent = EventRow & { readonly id: number };

/** `provisional`: closed by us because no stop came (field-07); the true stop may still correct it. */
export type SessionClosing = 'open' | 'provisional' | 'final';

/** One charging session around an OCPP transaction. Written at its start, its end and its corrections. */
export type SessionRow = {
  readonly transactionId: TransactionId;
  readonly chargePointId: ChargePointId;
  readonly connectorId: number;
  /** Unique: charge point, connector, tag, timestamp and meter of the start (field-02). */
  readonly startKey: string;
  readonly idTag: string;
  /** What the driver is called, as known at the start. */
  readonly driver: string | null;
  readonly walletId: WalletId | null;
  /** An OCPP AuthorizationStatus: the verdict given at the start, repeated to a repeated start. */
  readonly verdict: string;
  readonly freeService: boolean;
  /** The terms of the start, by which a late correction is still priced and checked. */
  readonly energyPriceMillsPerKwh: number;
  readonly powerMaxW: number;
  /** Corrected by the charger's clock offset (field-20). */
  readonly startedAtMs: number;
  readonly meterStartWh: number;
  readonly closing: SessionClosing;
  readonly stoppedAtMs: number | null;
  readonly meterStopWh: number | null;
  readonly energyWh: number;
  readonly stopReason: string | null;
  /** Null while open, and for free service. */
  readonly price: Cents | null;
  /** Why the price waits for a person, or null: `implausible-energy` (field-22), `conflicting-stop` (field-01). */
  readonly review: string | null;
  /** For how long current flowed (REC-05); null while it runs, and where the charger told nothing of it. */
  readonly chargedMs: number | null;
};

export type LedgerEntry = {
  /** Unique: `session/<transactionId>`, `session/<transactionId>/correction/<cause>`, `top-up/<id>`. */
  readonly key: string;
  readonly walletId: WalletId;
  readonly atMs: number;
  readonly amount: Cents;
  readonly transactionId: TransactionId | null;
};

/** What must not be lost between two actors: stored with the decision that sends it, taken once by its key. */
export type Envelope = { readonly key: string; readonly to: ActorId; readonly atMs: number; readonly message: unknown };

/** An alarm clock of one actor, unique by `actorId` and `key`; `message` comes back to the actor at `atMs`. */
export type TimerRow = {
  readonly actorId: ActorId;
  readonly key: string;
  readonly atMs: number;
  readonly message: unknown;
};

/** A command from its request to its outcome (field-32). `phase` and `detail` are those of the charge-point actor. */
export type CommandRow = {
  readonly commandId: string;
  readonly chargePointId: ChargePointId;
  readonly connectorId: number | null;
  /** The OCPP action. */
  readonly name: string;
  /** The call and its progress, as the charge-point actor holds them. */
  readonly state: unknown;
  readonly requestedBy: string;
  readonly requestedAtMs: number;
  /** What the commands have in common that were asked of many chargers at once; null for one alone. */
  readonly batchId: string | null;
};

export type ReviewKind = 'unmatched-stop' | 'conflicting-stop' | 'implausible-energy' | 'duplicate-identity';

/** What samples told of a transaction that nobody knew, before its stop came (field-03). */
export type HeldSamples = {
  readonly count: number;
  /** By our clock (field-20). */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Registers in Wh; null where no sample told one. */
  readonly firstWh: number | null;
  readonly highestWh: number | null;
};

/** What a stop said that nobody could act on yet: enough to act on it later, when a person says so. */
export type HeldStop = {
  /** By our clock (field-20). */
  readonly stoppedAtMs: number;
  readonly meterStopWh: number;
  /** The highest register among its samples, and those that came before it; null without any. */
  readonly registerWh: number | null;
  /** Those that came before it, where its transaction is nobody's. */
  readonly samples?: HeldSamples;
  /** An OCPP Reason. */
  readonly reason: string;
  readonly idTag: string | null;
};

/** What a resolution may change of a session. */
export type SessionFigures = Pick<SessionRow, 'stoppedAtMs' | 'meterStopWh' | 'energyWh' | 'price'>;

export type ReviewOutcome =
  /** A person said what is to be billed, at most once for each doubt. */
  | 'energy-set'
  /** A plausible stop came before anybody looked. */
  | 'answered-by-stop'
  | 'first-kept'
  | 'second-taken'
  | 'attached'
  | 'set-aside'
  | 'seen';

export type ReviewResolution = {
  readonly outcome: ReviewOutcome;
  readonly atMs: number;
  /** A username; null when nobody had to decide. */
  readonly by: string | null;
  /** The session that it was about, before and after; null where there was none. */
  readonly changes: {
    readonly transactionId: TransactionId;
    readonly before: SessionFigures;
    readonly after: SessionFigures;
  } | null;
};

/** Something a person should look at. */
export type ReviewRow = {
  /** Unique: repeating the cause adds nothing. */
  readonly key: string;
  readonly kind: ReviewKind;
  readonly chargePointId: ChargePointId;
  readonly connectorId: number | null;
  readonly transactionId: number | null;
  /** When we heard of it. */
  readonly atMs: number;
  readonly frame: string | null;
  /** Null where no stop is the matter. */
  readonly stop: HeldStop | null;
  /** Null while it waits. */
  readonly resolution: ReviewResolution | null;
};
/** A review begins unresolved. */
export type NewReview = Omit<ReviewRow, 'resolution'>;

/** What a decision may ask to be written with its snapshot. */
export type Row =
  | { readonly type: 'event'; readonly event: EventRow }
  /** Inserted, or replaced by `transactionId`. A second session with the same `startKey` is a duplicate. */
  | { readonly type: 'session'; readonly session: SessionRow }
  /** The vehicle of a session has left (REC-04). Told again, it left at the later time. */
  | { readonly type: 'unplugged'; readonly transactionId: TransactionId; readonly atMs: number }
  /** A second entry with the same key is a duplicate. */
  | { readonly type: 'ledger-entry'; readonly entry: LedgerEntry }
  /** A key that is waiting already is a duplicate. */
  | { readonly type: 'envelope'; readonly envelope: Envelope }
  /** The receiver took the envelope with this key, in the transaction that applied it. Taken already: a duplicate. */
  | { readonly type: 'envelope-taken'; readonly key: string }
  | { readonly type: 'timer'; readonly timer: TimerRow }
  | { readonly type: 'timer-cancelled'; readonly actorId: ActorId; readonly key: string }
  | { readonly type: 'command'; readonly command: CommandRow }
  /** Inserted, or replaced by station and key. */
  | { readonly type: 'forced-key'; readonly forced: ForcedKeyRow }
  | { readonly type: 'forced-key-gone'; readonly stationId: string; readonly key: string }
  /** A key that is there already is left as it is. */
  | { readonly type: 'review'; readonly review: NewReview }
  /** A review that waits no longer. One that is resolved already, or is not there, is a duplicate. */
  | { readonly type: 'review-resolved'; readonly key: string; readonly resolution: ReviewResolution }
  /** Queues a message to a person. A key that was there before is left as it is. */
  | { readonly type: 'post'; readonly message: PostMessage }
  /** A charger was told to take another password, has taken it, or has refused: the door follows. */
  | {
      readonly type: 'charger-password';
      readonly chargePointId: ChargePointId;
      readonly state: 'told' | 'taken' | 'refused';
      readonly hash: string;
      readonly atMs: number;
      readonly by: string;
    }
  /** A badge that is nobody's has begun one more charge at a station of this company; `key`: its `idTagKey`. */
  | { readonly type: 'unregistered-charge'; readonly companyId: string; readonly key: string }
  /** Inserted, or replaced by `alertId`. */
  | { readonly type: 'alert'; readonly alert: AlertRow };

/** One decision's writes: all or none. Without `snapshot` the version stays and only the epoch is checked. */
export type Commit = {
  readonly fence: Fence;
  readonly snapshot: { readonly schema: number; readonly state: unknown } | null;
  readonly rows: readonly Row[];
};

/**
 * `ok`: on disk. `fenced`: another process owns the file or the actor has moved on; nothing was written.
 * `duplicate`: a unique key was there already; nothing of this commit was written, others of its group were.
 */
export type CommitResult = 'ok' | 'fenced' | 'duplicate';

export interface ActorStore {
  /** Snapshots and the right to write them. Taking the file's epoch fences every process that held it before. */
  claimMany(ids: readonly ActorId[]): Promise<readonly Claim[]>;
  /** The ids of every stored snapshot that begins with `prefix`, in order: what there is to wake at a start. */
  claimAll(prefix: string): Promise<readonly Claim[]>;
  /** Grouped with what others commit at the same moment. A rejection means that the outcome is unknown. */
  commit(commit: Commit): Promise<CommitResult>;
  /**
   * The same where nobody waits for it: it rides with the next commit that somebody waits for, or goes a little later.
   * `failed` is called with the reason when its outcome is unknown.
   */
  commitLazily(commit: Commit, failed: (error: unknown) => void): void;
  /** True while this process still owns the epoch: what an answer from memory needs (engine rule 3). */
  verify(fence: Fence): Promise<boolean>;
  /** Reserves ids durably: none of them is ever given again, even after a crash. */
  transactionIds(count: number): Promise<{ readonly from: TransactionId; readonly to: TransactionId }>;
  /** Timers due at `nowMs`, earliest first, at most `limit`. */
  dueTimers(nowMs: number, limit: number): Promise<readonly TimerRow[]>;
  /** Every timer of the actors in `ids`' families, to arm at a start. */
  pendingTimers(): Promise<readonly TimerRow[]>;
  /** Envelopes stored before `beforeMs` and not taken yet, oldest first, at most `limit`. */
  staleOutbox(beforeMs: number, limit: number): Promise<readonly Envelope[]>;
  /** When each charge point was last heard; written in bulk, lazily, and at a drain (engine rule 6). */
  heard(marks: ReadonlyMap<ChargePointId, number>): Promise<void>;
  /** Waits for every commit under way. */
  drain(): Promise<void>;
  /** Can we write? False while the disk refuses; the health page says so. */
  health(): StoreHealth;
}
export type StoreHealth = {
  readonly writable: boolean;
  /** The error of the last failed commit, in English; null when the last one succeeded. */
  readonly lastError: string | null;
  readonly failedSinceMs: number | null;
  readonly commits: number;
  readonly groups: number;
  readonly epoch: number;
  readonly fenced: boolean;
  /** Notes that were forgotten because the disk refused for too long. */
  readonly notesDropped: number;
};

export type EventQuery = {
  readonly chargePointId?: ChargePointId;
  /** Those shown; an empty list shows nothing. */
  readonly levels: readonly EventLevel[];
  /** Those shown; every kind without. */
  readonly kinds?: readonly EventKind[];
  /** Looked for in name, request, answer and note; the 26 letters without case. */
  readonly text?: string;
  /** `fromMs` included, `toMs` not. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Only events with a smaller id: the next page of a newest-first list. */
  readonly beforeId?: number;
  /** Only events with a larger id: what is new since. */
  readonly afterId?: number;
  readonly limit: number;
};
export type EventsFound = {
  readonly events: readonly StoredEvent[];
  /** The search went no further: the event before which to go on, and its time. Null when it went to its end. */
  readonly searchedTo: { readonly id: number; readonly atMs: number } | null;
};
export type SessionQuery = {
  readonly chargePointId?: ChargePointId;
  readonly closing?: SessionClosing;
  readonly beforeTransactionId?: TransactionId;
  readonly limit: number;
};
export type ReviewQuery = {
  readonly chargePointId?: ChargePointId;
  readonly transactionId?: TransactionId;
  /** Only of these chargers, and of each only since its present station has it (`historySinceMs`). */
  readonly among?: readonly ChargePointId[];
  /** Only those that wait, or only those that do not. */
  readonly open?: boolean;
  /** Only reviews older than the one with this key: the next page. Of an unknown key there is none. */
  readonly beforeKey?: string;
  readonly limit: number;
};

/** « Nombre de charges autorisées sans inscription »: how many are left, counted over the stations of one company. */
export type Allowance = { readonly companyId: string; readonly left: number };

/** Everything that is read from disk outside an actor's own snapshot. */
export interface Reader {
  /**
   * A badge as the merchant of this station knows it: his own customer's before a public customer's, who is found only
   * where the station takes public customers (MOD-11, SOC-09). A badge without a customer is good everywhere.
   */
  idToken(key: string, stationId: string | null): Promise<IdTokenRow | null>;
  /**
   * What a badge that is nobody's may still charge at this station before its driver registers (SOC-09). Null where such
   * badges may not charge at all.
   */
  allowance(key: string, stationId: string | null): Promise<Allowance | null>;
  sessionByTransaction(transactionId: TransactionId): Promise<SessionRow | null>;
  sessionByStartKey(startKey: string): Promise<SessionRow | null>;
  chargePoint(key: string): Promise<ChargePointRow | null>;
  roster(): Promise<readonly RosterRow[]>;
  rosterEntry(chargePointId: ChargePointId): Promise<RosterRow | null>;
  /** Newest first, except with `afterId`: oldest first. */
  events(query: EventQuery): Promise<readonly StoredEvent[]>;
  /** The same, and how far it looked: what is rare is not looked for through millions of events. */
  searchEvents(query: EventQuery): Promise<EventsFound>;
  /** Newest first. */
  sessions(query: SessionQuery): Promise<readonly SessionRow[]>;
  command(commandId: string): Promise<CommandRow | null>;
  commands(chargePointId: ChargePointId, limit: number): Promise<readonly CommandRow[]>;
  /** In the order of their chargers. */
  batch(batchId: string): Promise<readonly CommandRow[]>;
  /** Of the station that has this charger; null for a charger that nobody declared. `key` as in `ChargePointRow`. */
  stationKeys(key: string): Promise<StationKeys | null>;
  /** The connectors of this charger that are fed by one phase, as far as its station says. `key` as above. */
  singlePhase(key: string): Promise<readonly number[]>;
  /** SOC-10: may somebody make himself known by SMS at this station? By its box, and the option of whose it is. */
  takesSms(stationId: string): Promise<boolean>;
  ledger(walletId: WalletId, limit: number): Promise<readonly LedgerEntry[]>;
  review(key: string): Promise<ReviewRow | null>;
  /** Newest first. */
  reviews(query: ReviewQuery): Promise<readonly ReviewRow[]>;
  /** How many wait, of all chargers or as with `among`. */
  openReviews(among?: readonly ChargePointId[]): Promise<number>;
}

/** One database, opened. */
export interface Storage {
  readonly actors: ActorStore;
  readonly reader: Reader;
  readonly registry: Registry;
  /** Journals something that no actor decided (a refused handshake), without waiting for the disk. */
  note(event: EventRow): void;
  close(): Promise<void>;
}
