import { LINK_MS, type Accounts, type Doer } from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { Office } from '#src/storage/office-port.ts';
import { merchantOf } from './customer-levels.ts';
import { tokenHash } from './password.ts';
import { recipientOf } from './recipient.ts';

const EVERYTHING = [{}] as const;
type Customer = { readonly entity: Entity; readonly record: RecordRow };

/**
 * CPT-14: a login has the mail address of a new customer. Whether it is his is said by whoever reads that mail, and not
 * by whoever typed the address: neither the merchant, nor the user, who may have put there another's.
 */
export function invitationsOver(deps: {
  readonly office: Office;
  readonly newId: () => string;
}): Pick<Accounts, 'inviteCustomer' | 'invited' | 'joinCustomer'> {
  const { office, newId } = deps;

  /** What he was asked about, while both still have the same address. */
  async function asked(token: string, userId: string, nowMs: number): Promise<Customer | null> {
    const invitation = await office.credentials.invitation(tokenHash(token), nowMs);
    if (invitation?.userId !== userId) return null;
    const user = await office.find(ENTITIES.user, userId, EVERYTHING);
    const found = await customerWith(office, invitation.customerId);
    const isSame = found !== null && found.record.values['email'] === user?.values['email'];
    return isSame && found.record.values['account'] === true ? found : null;
  }

  return {
    async inviteCustomer(customer, letterOf, doer) {
      const { email } = customer.values;
      const user = typeof email === 'string' ? await office.findBy(ENTITIES.user, 'email', email) : null;
      const to = user === null ? null : recipientOf(user);
      if (to === null) return;
      const token = newId() + newId();
      const link = { tokenHash: tokenHash(token), userId: to.userId, expiresAtMs: doer.atMs + LINK_MS };
      await office.write([
        { type: 'links-expired', nowMs: doer.atMs },
        { type: 'customer-invitation', customerId: customer.id, ...link },
        { type: 'post', message: letterOf(to, await merchantOf(office, customer))(token) },
      ]);
    },
    async invited(token, userId, nowMs) {
      const found = await asked(token, userId, nowMs);
      if (found === null) return null;
      return { name: String(found.record.values['name']), merchant: await merchantOf(office, found.record) };
    },
    async joinCustomer({ token, userId }, doer) {
      const found = await asked(token, userId, doer.atMs);
      if (found === null) return null;
      const written = await office.write([
        { type: 'invitation-used', tokenHash: tokenHash(token) },
        ...joined(found, userId, doer),
      ]);
      return written === 'ok' ? found.record.id : null;
    },
  };
}

function joined({ entity, record }: Customer, userId: string, { by, atMs }: Doer) {
  const changed = { version: record.version + 1, changedAtMs: atMs, changedBy: by };
  const about = { subscriberId: record.subscriberId, entity: entity.name, recordId: record.id, fields: ['login'] };
  const label = String(record.values['name']);
  const next = { ...record, ...changed, values: { ...record.values, login: userId } };
  return [
    { type: 'put', entity, record: next },
    { type: 'audit', audit: { by, atMs, act: 'changed', label, ...about } },
  ] as const;
}

async function customerWith(office: Office, id: string): Promise<Customer | null> {
  for (const entity of [ENTITIES.customer, ENTITIES['public-customer']]) {
    const record = await office.find(entity, id, EVERYTHING);
    if (record !== null) return { entity, record };
  }
  return null;
}
