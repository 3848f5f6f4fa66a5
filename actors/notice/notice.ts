import type { RecordRow } from '#src/domain/office/entity.ts';
import { noticeKey } from '#src/domain/notice.ts';
import { internationalPhone } from '#src/domain/phone.ts';
import type { PostMessage } from '#src/domain/post.ts';
import type { SessionRow } from '#src/storage/ports.ts';
import type { ChargeLetterOf, Ending } from './messages.ts';

/** A charge that was over so long ago is no news: a charger that was offline tells of it days later. */
export const NEWS_MS_MAX = 2 * 3_600_000;

/** Everything that decides whether a customer is told that his charge is over. */
export type NoticeFacts = {
  readonly ending: Ending;
  readonly session: Pick<SessionRow, 'startedAtMs' | 'stoppedAtMs' | 'energyWh' | 'price' | 'review'>;
  readonly station: RecordRow;
  /** Of the station; null where nobody has it. */
  readonly merchant: RecordRow | null;
  /** `kind`: of the merchant, or public. */
  readonly customer: { readonly record: RecordRow; readonly kind: 'account' | 'public' } | null;
  readonly atMs: number;
};

/** SOC-10: the box of the station that lets customers of this kind be told. */
const BOX = { account: 'smsToAccountCustomers', public: 'smsToPublicCustomers' } as const;

/**
 * CLI-08: the SMS that tells a customer that his charge is over, in his language and at the merchant's expense. Null
 * where the merchant has not the option, the station does not allow it, or the customer has given no mobile.
 */
export function chargeNotice(facts: NoticeFacts, letterOf: ChargeLetterOf): PostMessage | null {
  const { ending, session, station, merchant, customer, atMs } = facts;
  if (merchant === null || customer === null || merchant.inactive || customer.record.inactive) return null;
  const { options } = merchant.values;
  if (!Array.isArray(options) || !options.includes('sms')) return null;
  if (station.values[BOX[customer.kind]] !== true) return null;
  const { mobile, language } = customer.record.values;
  if (typeof mobile !== 'string' || mobile === '') return null;
  const { startedAtMs, stoppedAtMs } = session;
  const isEnded = ending.how === 'ended';
  if (atMs - (isEnded ? (stoppedAtMs ?? startedAtMs) : ending.fullSinceMs) > NEWS_MS_MAX) return null;
  const isHeld = session.review === 'implausible-energy';
  const letter = letterOf(
    {
      how: ending.how,
      stationName: String(station.values['name']),
      energyWh: isEnded ? (isHeld ? null : session.energyWh) : ending.energyWh,
      lastedMs: isEnded && stoppedAtMs !== null ? stoppedAtMs - startedAtMs : null,
      price: isEnded && !isHeld ? session.price : null,
      isParked: ending.isParked,
    },
    language === 'en' ? 'en' : 'fr',
  );
  return {
    key: noticeKey(ending.chargePointId, ending.transactionId),
    channel: 'sms',
    to: internationalPhone(mobile),
    subject: letter.subject,
    text: letter.text,
    secret: null,
    subscriberId: merchant.id,
    createdAtMs: atMs,
    expiresAtMs: atMs + NEWS_MS_MAX,
  };
}
