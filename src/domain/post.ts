import type { Viewer } from './office/viewer.ts';
import { administers, seesEverything } from './office/viewer.ts';
import { ROAMING_PARTNERS } from './roaming.ts';

/** Mail and SMS to people: what is queued, who may look at it, and when it is tried again. */

export const CHANNELS = ['mail', 'sms'] as const;
export type PostChannel = (typeof CHANNELS)[number];
/** What leaves through the outbox: messages to people, and statuses to roaming partners (PRC-20). */
export const OUTBOX_CHANNELS = [...CHANNELS, ...ROAMING_PARTNERS] as const;
export type OutboxChannel = (typeof OUTBOX_CHANNELS)[number];

/** A mail or an SMS to one person, or a report to a partner, queued with what caused it. */
export type PostMessage = {
  /** Unique for ever: the same cause names the same key, and a key that was there before is never queued again. */
  readonly key: string;
  readonly channel: OutboxChannel;
  /** A mail address, a mobile number in international form (+33612345678), or the name of a roaming partner. */
  readonly to: string;
  /** Of a mail; an SMS has none and keeps it for the outbox page alone. */
  readonly subject: string;
  /** Plain text, cut at `TEXT_CHARACTERS_MAX`. `SECRET` in it stands for `secret`. */
  readonly text: string;
  /**
   * What its recipient alone may read: a link with a single-use token. It is forgotten once the message has left or was
   * given up, and no page shows it while there is a transport for it. Null without any.
   */
  readonly secret: string | null;
  /** Whose message it is: his administrators see it in the outbox. Null for the platform operator's own. */
  readonly subscriberId: string | null;
  readonly createdAtMs: number;
  /** From then on it is no news: what waits still is given up. Absent: never. */
  readonly expiresAtMs?: number;
};

export const SECRET = '{secret}';
export const TEXT_CHARACTERS_MAX = 4_000;
/** What a message came to that was no news any more. */
export const EXPIRED = 'expired';

export const POST_STATES = ['waiting', 'sent', 'failed'] as const;
export type PostState = (typeof POST_STATES)[number];

/** The text with its secret in place. */
export function openText({ text, secret }: Pick<PostMessage, 'text' | 'secret'>): string {
  return secret === null ? text : text.replaceAll(SECRET, () => secret);
}

/** Whose messages he may look at; null: the outbox is not for him. */
export function postScopeOf(viewer: Viewer): { readonly subscriberId: string | null } | 'everything' | null {
  if (seesEverything(viewer)) return 'everything';
  return administers(viewer) && viewer.subscriberId !== null ? { subscriberId: viewer.subscriberId } : null;
}

/** Fourteen tries take about twenty hours: 30 s, then twice as long after each, then every four hours. */
export const TRIES_MAX = 14;
const FIRST_PAUSE_MS = 30_000;
const PAUSE_MS_MAX = 4 * 3_600_000;

/** How long after its `tries`th try, counted from 1, a message is tried again; null: it is given up. */
export function pauseAfter(tries: number): number | null {
  return tries >= TRIES_MAX ? null : Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), PAUSE_MS_MAX);
}
