import type { CommandView } from '#actors/charge-point/messages.ts';
import type { ReplyTo } from '#actors/decision.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type {
  EventQuery,
  EventsFound,
  ReviewQuery,
  ReviewRow,
  SessionQuery,
  SessionRow,
  StoredEvent,
} from '#src/storage/ports.ts';
import type { PastQuery, PastView } from './time-machine.ts';

/** A review with what a person needs to decide it. */
export type ReviewView = {
  readonly review: ReviewRow;
  /** The session it is about; null where there is none. */
  readonly session: SessionRow | null;
  /** Sessions of the charger that still have no true stop, those that fit first: where an unmatched stop may belong. */
  readonly choices: readonly SessionRow[];
};

/** One command of those that were asked of many chargers at once. */
export type BatchedCommand = { readonly chargePointId: ChargePointId; readonly command: CommandView };

/** History too long for memory: what is asked here is read from disk, one page at a time. */
export type ArchiveMessage =
  | { readonly type: 'events'; readonly query: EventQuery; readonly replyTo: ReplyTo<readonly StoredEvent[]> }
  /** The same, and how far it was looked for. */
  | { readonly type: 'search'; readonly query: EventQuery; readonly replyTo: ReplyTo<EventsFound> }
  /** A charger as it was; null for who does not find it. */
  | { readonly type: 'past'; readonly query: PastQuery; readonly replyTo: ReplyTo<PastView | null> }
  | { readonly type: 'sessions'; readonly query: SessionQuery; readonly replyTo: ReplyTo<readonly SessionRow[]> }
  | { readonly type: 'command'; readonly commandId: string; readonly replyTo: ReplyTo<CommandView | null> }
  /** In the order of their chargers. */
  | { readonly type: 'batch'; readonly batchId: string; readonly replyTo: ReplyTo<readonly BatchedCommand[]> }
  | { readonly type: 'reviews'; readonly query: ReviewQuery; readonly replyTo: ReplyTo<readonly ReviewView[]> }
  | { readonly type: 'review'; readonly key: string; readonly replyTo: ReplyTo<ReviewView | null> }
  /** How many wait; `among` as in `ReviewQuery`. */
  | {
      readonly type: 'open-reviews';
      readonly among?: readonly ChargePointId[];
      readonly replyTo: ReplyTo<number>;
    };
