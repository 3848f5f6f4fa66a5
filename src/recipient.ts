import type { Recipient } from '#src/domain/office/account.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';

/** This user, as somebody to whom a mail can be written; null without an address. */
export function recipientOf({ id, values, subscriberId }: RecordRow): Recipient | null {
  const { email, name, username, language } = values;
  if (typeof email !== 'string') return null;
  const who = { userId: id, username: String(username), name: String(name), email, subscriberId };
  return { ...who, language: language === 'en' ? 'en' : 'fr' };
}
