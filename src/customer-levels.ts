import type { CustomerLevel } from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { cents } from '#src/domain/money.ts';
import type { Office } from '#src/storage/office-port.ts';

/** The name of the merchant whose customer this is; null for a public one. */
export async function merchantOf(office: Office, { subscriberId }: RecordRow): Promise<string | null> {
  if (subscriberId === null) return null;
  return (await office.namesOf(ENTITIES.subscriber, [subscriberId])).get(subscriberId) ?? subscriberId;
}

/** MOD-18: the customers whose login a user has, each with its merchant; those of a merchant who is served no more are none. */
export async function customerLevels(office: Office, userId: string): Promise<readonly CustomerLevel[]> {
  const records = await office.customersOf(userId);
  if (records.length === 0) return [];
  const merchants = new Map<string, string>();
  for (const id of new Set(records.flatMap(({ subscriberId }) => subscriberId ?? []))) {
    const merchant = await office.find(ENTITIES.subscriber, id, [{}]);
    if (merchant !== null && !merchant.inactive) merchants.set(id, String(merchant.values['name']));
  }
  return records.flatMap(({ id, subscriberId, inactive, values }) => {
    const merchant = subscriberId === null ? null : merchants.get(subscriberId);
    if (merchant === undefined) return [];
    const { name, balance, expiresOn } = values;
    const more = { balance: cents(Number(balance ?? 0)), lastDay: typeof expiresOn === 'string' ? expiresOn : null };
    return [{ customerId: id, name: String(name), merchant, inactive, ...more }];
  });
}
