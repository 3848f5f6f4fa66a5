import { LINK_MS } from '#src/domain/office/account.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Door } from '#web/door/door.ts';
import { invitationLetter, subscriptionLetter, welcomeLetter } from '#web/letters/account.ts';
import type { PageContext } from '#web/views/env.ts';

type Written = { readonly record: RecordRow; readonly before: RecordRow | null };

/**
 * SUB-01, CPT-13: whoever was just given an account and has an address gets his username and a link to his first
 * password. The letter is queued with its link; a crash before that leaves the link to be made by hand (USR-12).
 */
export async function welcome(c: PageContext, door: Door, entity: string, written: Written): Promise<void> {
  const { record, before } = written;
  const { login, nowMs } = c.var;
  if (entity === 'customer' || entity === 'public-customer') return welcomeCustomer(c, door, written);
  if (before !== null || (entity !== 'user' && entity !== 'subscriber')) return;
  const to = await door.accounts.recipient(entity === 'user' ? record.id : `${record.id}-administrator`);
  if (to === null) return;
  const letter =
    entity === 'user' ? welcomeLetter(door, to, nowMs) : subscriptionLetter(door, to, record.values, nowMs);
  const link = { userId: to.userId, lastsMs: LINK_MS, letter };
  await queued(door, to.userId, door.accounts.passwordLink(link, { by: login.name, atMs: nowMs }));
}

/** CPT-13: a new login gets its first link. CPT-14: whose login has the address already is asked whether it is he. */
async function welcomeCustomer(c: PageContext, door: Door, { record, before }: Written): Promise<void> {
  const { login, nowMs } = c.var;
  const doer = { by: login.name, atMs: nowMs };
  const { account, email, login: userId } = record.values;
  if (typeof userId === 'string') {
    const to = before?.values['login'] === userId ? null : await door.accounts.recipient(userId);
    if (to === null) return;
    const link = { userId, lastsMs: LINK_MS, letter: welcomeLetter(door, to, nowMs) };
    return queued(door, userId, door.accounts.passwordLink(link, doer));
  }
  const isAsked = before?.values['account'] === true && before.values['email'] === email;
  if (account !== true || isAsked) return;
  const invited = door.accounts.inviteCustomer(
    record,
    (to, merchant) => invitationLetter(door, to, { merchant, createdAtMs: nowMs }),
    doer,
  );
  await queued(door, record.id, invited);
}

/** The record is saved, and must not look as though it were not. */
async function queued(door: Door, userId: string, letter: Promise<unknown>): Promise<void> {
  await letter.catch((error: unknown) => {
    door.log.error({ error: String(error), userId }, 'a letter to a new user was not queued');
  });
}
