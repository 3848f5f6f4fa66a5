import type { TransactionId } from './ids.ts';

/** What a customer is told of his own charge (CLI-08): once, whatever happens. */

const PREFIX = 'charge-ended';

/** The key of the one message that says that this charge is over. */
export function noticeKey(chargePointId: string, transactionId: TransactionId): string {
  return [PREFIX, encodeURIComponent(chargePointId), transactionId].join('/');
}

/** The charger that a message with this key is about; null for any other message. */
export function chargePointOfNotice(key: string): string | null {
  const [prefix, chargePointId] = key.split('/');
  return prefix === PREFIX && chargePointId !== undefined ? decodeURIComponent(chargePointId) : null;
}
