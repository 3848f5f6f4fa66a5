import type { TransactionId } from './ids.ts';

/** What a customer is told of his own charge (CLI-08): once, whatever happens. */

const ENDED = 'charge-ended';
const ANSWER = 'sms-answer';

/** The key of the one message that says that this charge is over. */
export function noticeKey(chargePointId: string, transactionId: TransactionId): string {
  return [ENDED, encodeURIComponent(chargePointId), transactionId].join('/');
}

/** The key of the one answer to an SMS that asked to charge there (SOC-10). */
export function textAnswerKey(chargePointId: string, commandId: string): string {
  return [ANSWER, encodeURIComponent(chargePointId), commandId].join('/');
}

/** The charger that a message to a customer with this key is about; null for any other message. */
export function chargePointOfNotice(key: string): string | null {
  const [prefix, chargePointId] = key.split('/');
  const isAbout = (prefix === ENDED || prefix === ANSWER) && chargePointId !== undefined;
  return isAbout ? decodeURIComponent(chargePointId) : null;
}
