import { replyWith, type Effect } from '#actors/decision.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { ActorId, Reader } from '#src/storage/ports.ts';
import type { ChargeLetterOf, NoticeMessage } from './messages.ts';
import { chargeNotice, type NoticeFacts } from './notice.ts';

/** The one id of the actor that tells customers of their charges. */
export const NOTICES: ActorId = 'notices';
const EVERYTHING = [{}] as const;

export type NoticeDeps = {
  readonly reader: Pick<Reader, 'sessionByTransaction' | 'rosterEntry'>;
  readonly office: Office;
  readonly letterOf: ChargeLetterOf;
};

/** Gathers what is known of a charge that is over, and queues what its customer is told. */
export function noticeService(deps: NoticeDeps): (message: NoticeMessage) => Promise<readonly Effect[]> {
  const { office, letterOf } = deps;
  return async ({ ending, atMs, replyTo }) => {
    const facts = await factsOf(deps, { ending, atMs });
    const message = facts === null ? null : chargeNotice(facts, letterOf);
    if (message !== null) {
      const written = await office.write([{ type: 'post', message }]);
      if (written !== 'ok') throw new Error(`what a customer is told is ${written}`);
    }
    return [replyWith(replyTo, true)];
  };
}

/** Null for a charge that no customer pays for, or at no station of ours. */
async function factsOf(
  { reader, office }: NoticeDeps,
  { ending, atMs }: Pick<NoticeFacts, 'ending' | 'atMs'>,
): Promise<NoticeFacts | null> {
  const session = await reader.sessionByTransaction(ending.transactionId);
  if (session === null || session.walletId === null || session.chargePointId !== ending.chargePointId) return null;
  const roster = await reader.rosterEntry(ending.chargePointId);
  if (roster === null || roster.inactive) return null;
  const { subscriberId } = roster.station;
  const station = await office.find(ENTITIES.station, roster.stationId, EVERYTHING);
  if (station === null) return null;
  const merchant = subscriberId === null ? null : await office.find(ENTITIES.subscriber, subscriberId, EVERYTHING);
  return { ending, session, station, merchant, customer: await customerOf(office, session.walletId), atMs };
}

/** A wallet has the id of its customer. */
async function customerOf(office: Office, walletId: string): Promise<NoticeFacts['customer']> {
  const account = await office.find(ENTITIES.customer, walletId, EVERYTHING);
  if (account !== null) return { record: account, kind: 'account' };
  const record = await office.find(ENTITIES['public-customer'], walletId, EVERYTHING);
  return record === null ? null : { record, kind: 'public' };
}
