import type { ReplyTo } from '#actors/decision.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { CommandView } from '#actors/charge-point/messages.ts';
import type { EventQuery, ReviewRow, SessionQuery, SessionRow, StoredEvent } from '#src/storage/ports.ts';

/** History too long for memory: what is asked here is read from disk, one page at a time. */
export type ArchiveMessage =
  | { readonly type: 'events'; readonly query: EventQuery; readonly replyTo: ReplyTo<readonly StoredEvent[]> }
  | { readonly type: 'sessions'; readonly query: SessionQuery; readonly replyTo: ReplyTo<readonly SessionRow[]> }
  | { readonly type: 'command'; readonly commandId: string; readonly replyTo: ReplyTo<CommandView | null> }
  | {
      readonly type: 'reviews';
      readonly chargePointId: ChargePointId | null;
      readonly limit: number;
      readonly replyTo: ReplyTo<readonly ReviewRow[]>;
    };
