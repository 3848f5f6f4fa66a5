import { replyWith, type Effect } from '#actors/decision.ts';
import type { CommandView } from '#actors/charge-point/messages.ts';
import { heldFits } from '#actors/connector/stops.ts';
import type { ActorId, Reader, ReviewRow, SessionRow } from '#src/storage/ports.ts';
import type { ArchiveMessage, BatchedCommand, ReviewView } from './messages.ts';
import type { Reread } from './past.ts';
import { pastOf } from './time-machine.ts';

/** An operator chooses among few: a box has that many sessions without a stop only when it sends none at all. */
const CHOICES_MAX = 20;

/**
 * The ids of the archive's actors. Each answers one question at a time, so there are several, and those that search
 * the journal, a slice between the turns of the loop, are others than those that read a few rows and are done: a page
 * that waits for a search keeps its turn from everybody.
 */
export const ARCHIVES: readonly ActorId[] = ['archive/0', 'archive/1'];
/** Those that search; see `isSearch`. */
export const SEARCHERS: readonly ActorId[] = ['archive/2', 'archive/3', 'archive/4'];

const SEARCHES: ReadonlySet<ArchiveMessage['type']> = new Set(['events', 'search', 'past']);

/** Whether it reads the journal for as long as that takes. */
export function isSearch({ type }: Pick<ArchiveMessage, 'type'>): boolean {
  return SEARCHES.has(type);
}

/** Answers from disk, one question at a time, through its storage port. */
export function archiveService(
  reader: Reader,
  reread: Reread,
): (message: ArchiveMessage) => Promise<readonly Effect[]> {
  return async (message) => {
    switch (message.type) {
      case 'events':
        return [replyWith(message.replyTo, await reader.events(message.query))];
      case 'search':
        return [replyWith(message.replyTo, await reader.searchEvents(message.query))];
      case 'past':
        return [replyWith(message.replyTo, await pastOf(reader, reread, message.query))];
      case 'sessions':
        return [replyWith(message.replyTo, await reader.sessions(message.query))];
      case 'command': {
        const row = await reader.command(message.commandId);
        return [replyWith(message.replyTo, row === null ? null : (row.state as CommandView))];
      }
      case 'batch': {
        const rows = await reader.batch(message.batchId);
        const batched = rows.map(({ chargePointId, state }): BatchedCommand => {
          return { chargePointId, command: state as CommandView };
        });
        return [replyWith(message.replyTo, batched)];
      }
      case 'reviews': {
        const reviews = await reader.reviews(message.query);
        return [replyWith(message.replyTo, await Promise.all(reviews.map((review) => viewOf(review, reader))))];
      }
      case 'review': {
        const review = await reader.review(message.key);
        return [replyWith(message.replyTo, review === null ? null : await viewOf(review, reader))];
      }
      case 'open-reviews':
        return [replyWith(message.replyTo, await reader.openReviews(message.among))];
    }
  };
}

async function viewOf(review: ReviewRow, reader: Reader): Promise<ReviewView> {
  const { kind, chargePointId, resolution } = review;
  const transactionId = resolution?.changes?.transactionId ?? (kind === 'unmatched-stop' ? null : review.transactionId);
  const session = transactionId === null ? null : await reader.sessionByTransaction(transactionId);
  const waits = kind === 'unmatched-stop' && resolution === null && review.stop !== null;
  return {
    review,
    session: session?.chargePointId === chargePointId ? session : null,
    choices: waits ? await choicesOf(review, reader) : [],
  };
}

async function choicesOf({ chargePointId, stop }: ReviewRow, reader: Reader): Promise<readonly SessionRow[]> {
  const [open, provisional] = await Promise.all(
    (['open', 'provisional'] as const).map((closing) =>
      reader.sessions({ chargePointId, closing, limit: CHOICES_MAX }),
    ),
  );
  const fitting = (session: SessionRow) => (stop !== null && heldFits(stop, session) ? 0 : 1);
  return [...(open ?? []), ...(provisional ?? [])]
    .toSorted((a, b) => fitting(a) - fitting(b) || b.transactionId - a.transactionId)
    .slice(0, CHOICES_MAX);
}
