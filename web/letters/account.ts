import type { Recipient } from '#src/domain/office/account.ts';
import type { Values } from '#src/domain/office/field.ts';
import { SECRET, type PostMessage } from '#src/domain/post.ts';
import { translated, translator, type Translate } from '#web/i18n/t.ts';
import type { Door } from '#web/door/door.ts';

/** What is written to people about their way in; each in the language of its reader. */

type Letter = { readonly subject: string; readonly text: string };

function message(
  to: Recipient,
  letter: Letter,
  more: { readonly key: string; readonly secret?: string; readonly createdAtMs: number },
): PostMessage {
  const { email, subscriberId } = to;
  return { channel: 'mail', to: email, subscriberId, ...letter, secret: null, ...more };
}

/** AUT-08: his username, and a link to another password. */
export function forgottenLetter(door: Door, to: Recipient, createdAtMs: number) {
  const t = translator(to.language, door.timeZone);
  const letter = { subject: t('mail.forgotten.subject'), text: t('mail.forgotten.text', to.name, to.username, SECRET) };
  return (token: string): PostMessage => message(to, letter, linkIn(door, to, token, createdAtMs));
}

/** To a new user who has an address: his username, and a link to his first password. */
export function welcomeLetter(door: Door, to: Recipient, createdAtMs: number) {
  const t = translator(to.language, door.timeZone);
  const letter = { subject: t('mail.welcome.subject'), text: t('mail.welcome.text', to.name, to.username, SECRET) };
  return (token: string): PostMessage => message(to, letter, linkIn(door, to, token, createdAtMs));
}

/** SUB-01: to the administrator of a new subscription, with a recap of what was paid for. */
export function subscriptionLetter(door: Door, to: Recipient, subscription: Values, createdAtMs: number) {
  const t = translator(to.language, door.timeZone);
  const recap = recapOf(t, subscription);
  const text = t('mail.subscription.text', to.name, to.username, recap, SECRET);
  const letter = { subject: t('mail.subscription.subject', String(subscription['name'])), text };
  return (token: string): PostMessage => message(to, letter, linkIn(door, to, token, createdAtMs));
}

export type NoticeAbout = 'password' | 'factor-on' | 'factor-off' | 'address';

/** A change that its owner must hear of, in case it was not his; null for who has no address. */
export function noticeLetter(
  door: Door,
  to: Recipient | null,
  about: NoticeAbout,
  createdAtMs: number,
): PostMessage | null {
  if (to === null) return null;
  const t = translator(to.language, door.timeZone);
  const what = t(`mail.notice.${about}`);
  const letter = { subject: t('mail.notice.subject'), text: t('mail.notice.text', to.name, to.username, what) };
  return message(to, letter, { key: `notice:${about}:${to.userId}:${createdAtMs}`, createdAtMs });
}

/** CPT-14: asks whoever has this address whether a customer who has it too is he. */
export function invitationLetter(
  door: Door,
  to: Recipient,
  of: { readonly merchant: string | null; readonly createdAtMs: number },
) {
  const t = translator(to.language, door.timeZone);
  const merchant = of.merchant ?? t('access.public-customer');
  const letter = {
    subject: t('mail.customer.subject', merchant),
    text: t('mail.customer.text', to.name, to.username, merchant, SECRET),
  };
  return (token: string): PostMessage =>
    message(to, letter, {
      ...linkIn(door, to, token, of.createdAtMs),
      secret: door.post.addressOf(`/me/join/${token}`),
    });
}

function linkIn(door: Door, to: Recipient, token: string, createdAtMs: number) {
  const secret = door.post.addressOf(`/password/reset/${token}`);
  return { key: `link:${to.userId}:${door.newId()}`, secret, createdAtMs };
}

/** One line for each thing of the contract. */
function recapOf(t: Translate, { kind, options, companiesMax, chargersMax }: Values): string {
  const word = (key: string): string => translated(t, key) ?? key;
  const chosen = ((options ?? []) as readonly string[]).map((one) => word(`choice.options.${one}`));
  const lines = [
    [word('field.kind'), word(`choice.kind.${String(kind)}`)],
    [word('field.options'), chosen.length === 0 ? t('app.none') : chosen.join(', ')],
    [word('field.chargersMax'), String(chargersMax ?? t('mail.no-limit'))],
    [word('field.companiesMax'), String(companiesMax ?? t('mail.no-limit'))],
  ];
  return lines.map(([name, value]) => `- ${name} : ${value}`).join('\n');
}
