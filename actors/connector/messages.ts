import type { ReplyTo } from '#actors/decision.ts';
import type { CallRef } from '#src/wire/link-message.ts';
import type { Authorisation } from '#src/domain/authorisation.ts';
import type { TransactionId } from '#src/domain/ids.ts';
import type { StayLimit, StayLimits } from '#src/domain/stay-limits.ts';
import type { HeldSamples, ReviewResolution, ReviewRow, SessionRow } from '#src/storage/ports.ts';
import type {
  MeterValues,
  StartTransaction,
  StatusNotification,
  StopTransaction,
  Tolerance,
} from '#src/wire/ocpp/messages.ts';
import type { ConnectorState } from './state.ts';

/** What comes with every call that a charge point hands to its connector. `atMs` is the time of reception. */
export type Received = {
  /** Null when another connector has answered already. */
  readonly from: CallRef | null;
  /** The frame as it came; null when a flood is on and it is not to be journalled (field-37). */
  readonly frame: string | null;
  readonly tolerated: readonly Tolerance[];
  readonly atMs: number;
};
/** What a session costs here, the most that a connector can deliver, and what it is held to: fixed at the session's start. */
export type Terms = {
  readonly energyPriceMillsPerKwh: number;
  readonly powerMaxW: number;
  readonly limits: StayLimits;
};

export type StatusMessage = Received & {
  readonly type: 'status';
  readonly call: StatusNotification;
  /** When it came about, by our clock (field-20); null while the charger's clock is not known. */
  readonly reportedAtMs: number | null;
};
export type StartMessage = Received & {
  readonly type: 'start';
  readonly call: StartTransaction;
  /** By our clock (field-20). */
  readonly startedAtMs: number;
  /** Reserved for this session; unused when the start turns out to be a repeat. */
  readonly transactionId: number;
  readonly authorisation: Authorisation;
  readonly terms: Terms;
};
export type MeterMessage = Received & {
  readonly type: 'meter';
  readonly call: MeterValues;
  readonly sampledAtMs: number;
};
export type StopMessage = Received & {
  readonly type: 'stop';
  readonly call: StopTransaction;
  /** Of its transaction, when nobody knew it (field-03). */
  readonly samples?: HeldSamples;
  /** By our clock (field-20). */
  readonly stoppedAtMs: number;
};

/** To the charge point: these samples are of a transaction that nobody knows; its stop may come to any connector. */
export type StraySamples = {
  readonly type: 'stray-samples';
  readonly connectorId: number;
  readonly transactionId: number;
  readonly samples: HeldSamples;
  readonly atMs: number;
};

export type SettleMessage = { readonly type: 'settle'; readonly transactionId: number; readonly atMs: number };

/** The alarm of a limit that may be exceeded by now (OCP-13). */
export type LimitDue = { readonly type: 'limit-due'; readonly limit: StayLimit; readonly atMs: number };
/** The charger has heard what this limit asks of it, or was told of it often enough. */
export type LimitTold = {
  readonly type: 'limit-told';
  readonly transactionId: TransactionId;
  readonly limit: StayLimit;
  readonly atMs: number;
};

/** What a person decides of a review. `mark`: the session as the person saw it (`sessionMark`). */
export type ReviewChoice =
  /** Of a session whose energy cannot be: what is billed, at most what was counted. */
  | { readonly type: 'bill'; readonly energyWh: number; readonly mark: string }
  | { readonly type: 'keep-first'; readonly mark: string }
  | { readonly type: 'take-second'; readonly mark: string }
  | { readonly type: 'attach'; readonly transactionId: TransactionId }
  | { readonly type: 'set-aside' }
  | { readonly type: 'seen' };

/** What became of it. `already` says by whom; `changed`: the session is no longer what the person saw. */
export type Resolved =
  | { readonly ok: true; readonly resolution: ReviewResolution }
  | { readonly ok: false; readonly why: 'already'; readonly resolution: ReviewResolution }
  | { readonly ok: false; readonly why: 'unknown' | 'changed' | 'not-offered' };

export type ResolveMessage = {
  readonly type: 'resolve';
  readonly key: string;
  readonly choice: ReviewChoice;
  /** A username. */
  readonly by: string;
  readonly atMs: number;
  readonly replyTo: ReplyTo<Resolved>;
};

export type ConnectorMessage =
  | StatusMessage
  | StartMessage
  | MeterMessage
  | StopMessage
  /** The box has booted: a session that shows no sign of life soon is over (field-07). */
  | { readonly type: 'booted'; readonly atMs: number }
  /** The charger has another station now: what was under way here is over, and what was told is forgotten. */
  | { readonly type: 'handed-over'; readonly atMs: number }
  /** The alarm that `booted` set. */
  | { readonly type: 'no-sign-after-boot'; readonly transactionId: number; readonly atMs: number }
  /** The alarm of a provisional closing: the true stop had its time, what is known is now debited. */
  | SettleMessage
  | LimitDue
  | LimitTold
  | ResolveMessage
  | { readonly type: 'state'; readonly replyTo: ReplyTo<ConnectorState> };

type Looked<M> = M & { readonly known: SessionRow | null };
/** A stop with the session that it names and every review of that session, open or resolved. */
export type ReadyStop = Looked<StopMessage> & { readonly reviews: readonly ReviewRow[] };
/** A person's decision with the review, the session it is about, and every review of that session. */
export type ReadyResolve = Looked<ResolveMessage> & {
  readonly review: ReviewRow | null;
  readonly reviews: readonly ReviewRow[];
};
/** A message with what was read from disk for it: the session that a start repeats, or that a stop, sample or alarm names. */
export type ConnectorReady =
  | Exclude<ConnectorMessage, StartMessage | StopMessage | MeterMessage | SettleMessage | ResolveMessage>
  | Looked<StartMessage>
  | ReadyStop
  | Looked<MeterMessage>
  | Looked<SettleMessage>
  | ReadyResolve;
