import { isChargeDetail } from '#src/domain/charge-detail.ts';
import { chargePointOfApn } from '#src/domain/kit.ts';
import { chargePointOfNotice } from '#src/domain/notice.ts';
import { chargePointOfReport, ROAMING_PARTNERS } from '#src/domain/roaming.ts';
import type { EventRow } from '#src/storage/ports.ts';
import type { PostOutcome, PostRow } from '#src/storage/post-port.ts';

/**
 * What one try of a message came to, as a line of the journal. It names the message by its key alone: to whom it went
 * and what it said is the outbox's, which forgets it sooner. A report to a partner is about a charger, and no secret.
 */
export function postEvent(
  { channel, key, text }: Pick<PostRow, 'channel' | 'key' | 'text'>,
  outcome: PostOutcome,
  atMs: number,
): EventRow {
  const { state } = outcome;
  const partner = ROAMING_PARTNERS.find((one) => one === channel) ?? null;
  return {
    atMs,
    // What is told of a charger stands in its journal, with what was told.
    chargePointId: partner === null ? (chargePointOfApn(key) ?? chargePointOfNotice(key)) : chargePointOfReport(key),
    connectorId: null,
    level: state === 'sent' ? 'info' : 'problem',
    kind: partner ?? (channel === 'sms' ? 'sms' : 'post'),
    name: `${isChargeDetail(key) ? 'gireve-charge' : channel}-${state}`,
    request: partner === null ? null : text,
    answer: null,
    note: (state === 'sent' ? key : `${key}: ${outcome.error}`).slice(0, 300),
  };
}
