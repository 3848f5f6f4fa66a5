import type { EventRow } from '#src/storage/ports.ts';
import type { PostOutcome, PostRow } from '#src/storage/post-port.ts';

/**
 * What one try of a message came to, as a line of the journal. It names the message by its key alone: to whom it went
 * and what it said is the outbox's, which forgets it sooner.
 */
export function postEvent(
  { channel, key }: Pick<PostRow, 'channel' | 'key'>,
  outcome: PostOutcome,
  atMs: number,
): EventRow {
  const { state } = outcome;
  return {
    atMs,
    chargePointId: null,
    connectorId: null,
    level: state === 'sent' ? 'info' : 'problem',
    kind: 'post',
    name: `${channel}-${state}`,
    request: null,
    answer: null,
    note: (state === 'sent' ? key : `${key}: ${outcome.error}`).slice(0, 300),
  };
}
