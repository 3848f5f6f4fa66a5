import type { World } from '#actors/behaviour.ts';
import { walletActorId } from '#actors/wallet/actor.ts';
import type { Authorised } from '#actors/wallet/messages.ts';
import { authorise, type Authorisation } from '#src/domain/authorisation.ts';
import { idTagKey } from '#src/domain/ids.ts';
import { waysOfWriting } from '#src/domain/phone.ts';
import { tokenKindOf } from '#src/domain/token-kind.ts';
import type { ChargePointRow, IdTokenRow } from '#src/storage/registry-port.ts';

type Asking = {
  readonly atMs: number;
  readonly world: Pick<World, 'reader' | 'ask'>;
  readonly welcomeStrangers: boolean;
};

/** May whoever has this badge, or this telephone, charge at this charger? Null: at one that nobody declared. */
export async function mayCharge(idTag: string, charger: ChargePointRow | null, asking: Asking): Promise<Authorisation> {
  const { atMs, world, welcomeStrangers } = asking;
  const freeServiceTag = charger?.freeServiceTag ?? null;
  const stationId = charger?.stationId ?? null;
  const isSms = tokenKindOf(idTag, null) === 'sms';
  const key = idTagKey(idTag);
  const token = isSms ? await smsToken(idTag, stationId, world.reader) : await world.reader.idToken(key, stationId);
  const allowance = token === null ? await world.reader.allowance(key, stationId) : null;
  const refusesSupport = isSms && (stationId === null || !(await world.reader.takesSms(stationId)));
  const walletId = token?.walletId ?? null;
  const wallet =
    walletId === null
      ? null
      : await world.ask<Authorised>(walletActorId(walletId), (replyTo) => ({ type: 'authorise', replyTo }));
  return authorise({ idTag, token, wallet, allowance, welcomeStrangers, freeServiceTag, refusesSupport, atMs });
}

/** Who has this telephone, however its number was typed. */
async function smsToken(idTag: string, stationId: string | null, reader: World['reader']): Promise<IdTokenRow | null> {
  for (const number of waysOfWriting(idTagKey(idTag))) {
    const token = await reader.idToken(number, stationId);
    if (token !== null) return token;
  }
  return null;
}
