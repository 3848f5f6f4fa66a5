import { LINK_MS } from '#src/domain/office/account.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Door } from '#web/door/door.ts';
import { subscriptionLetter, welcomeLetter } from '#web/letters/account.ts';
import type { PageContext } from '#web/views/env.ts';

/**
 * SUB-01: whoever was just given an account and has an address gets his username and a link to his first password. The
 * letter is queued with its link; a crash before that leaves the link to be made by hand (USR-12).
 */
export async function welcome(c: PageContext, door: Door, entity: string, record: RecordRow): Promise<void> {
  const { login, nowMs } = c.var;
  if (entity !== 'user' && entity !== 'subscriber') return;
  const to = await door.accounts.recipient(entity === 'user' ? record.id : `${record.id}-administrator`);
  if (to === null) return;
  const letter =
    entity === 'user' ? welcomeLetter(door, to, nowMs) : subscriptionLetter(door, to, record.values, nowMs);
  const link = { userId: to.userId, lastsMs: LINK_MS, letter };
  // The record is saved, and must not look as though it were not.
  await door.accounts.passwordLink(link, { by: login.name, atMs: nowMs }).catch((error: unknown) => {
    door.log.error({ error: String(error), userId: to.userId }, 'a letter to a new user was not queued');
  });
}
