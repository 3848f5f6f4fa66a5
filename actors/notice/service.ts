import { replyWith, type Effect } from '#actors/decision.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { PostMessage } from '#src/domain/post.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { RechargeStore } from '#src/storage/recharge-port.ts';
import { detailOf, sweepDetails } from './details.ts';
import type { ChargeLetterOf, Ending, NoticeMessage } from './messages.ts';
import { chargeNotice, type NoticeFacts } from './notice.ts';

/** The one id of the actor that tells customers of their charges. */
export const NOTICES: ActorId = 'notices';
const EVERYTHING = [{}] as const;

export type NoticeDeps = {
  readonly office: Office;
  readonly recharges: RechargeStore;
  readonly letterOf: ChargeLetterOf;
};

/** Gathers what is known of a charge that is over, and queues what its customer, and Girève for ADVENIR, are told. */
export function noticeService(deps: NoticeDeps): (message: NoticeMessage) => Promise<readonly Effect[]> {
  const { office, letterOf } = deps;
  let swept: RecordRow | null = null;
  return async (message) => {
    if (message.type === 'sweep') {
      swept = await sweepDetails(deps, swept, message.atMs);
      return [];
    }
    const { ending, atMs, replyTo } = message;
    const over = await chargeOf(deps, ending);
    if (over !== null) {
      const merchant = await merchantOf(office, over.station);
      const customer = await customerOf(office, over.session.walletId);
      const messages = [
        chargeNotice({ ending, ...over, merchant, customer, atMs }, letterOf),
        await detailOf(office, { ...over, atMs }),
      ].filter((one) => one !== null);
      const written = messages.length === 0 ? 'ok' : await office.write(messages.map(posted));
      if (written !== 'ok') throw new Error(`what is told of a charge is ${written}`);
    }
    return [replyWith(replyTo, true)];
  };
}

function posted(message: PostMessage): OfficeWrite {
  return { type: 'post', message };
}

/** With the station at which it began, whoever has the charger now; null for a charge at no station of ours. */
async function chargeOf({ recharges, office }: NoticeDeps, { transactionId, chargePointId }: Ending) {
  const session = await recharges.find(transactionId);
  if (session === null || session.chargePointId !== chargePointId || session.stationId === null) return null;
  const station = await office.find(ENTITIES.station, session.stationId, EVERYTHING);
  return station === null || station.inactive ? null : { session, station };
}

async function merchantOf(office: Office, { subscriberId }: RecordRow): Promise<RecordRow | null> {
  return subscriberId === null ? null : office.find(ENTITIES.subscriber, subscriberId, EVERYTHING);
}

/** A wallet has the id of its customer. */
async function customerOf(office: Office, walletId: string | null): Promise<NoticeFacts['customer']> {
  if (walletId === null) return null;
  const account = await office.find(ENTITIES.customer, walletId, EVERYTHING);
  if (account !== null) return { record: account, kind: 'account' };
  const record = await office.find(ENTITIES['public-customer'], walletId, EVERYTHING);
  return record === null ? null : { record, kind: 'public' };
}
