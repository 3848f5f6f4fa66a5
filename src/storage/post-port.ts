import type { OutboxChannel, PostMessage, PostState } from '#src/domain/post.ts';

/**
 * What may be asked of the disk for messages to people. A message is queued here by itself, or with what caused it: a
 * `post` row of an actor's commit (`ports.ts`), a `post` write of the back office (`office-port.ts`).
 */

export type PostRow = PostMessage & {
  readonly state: PostState;
  /** How often it was tried. */
  readonly tries: number;
  /** When it is tried next, while it waits. */
  readonly nextTryAtMs: number;
  /** What the last try came to, in the words of the other side; null while nothing failed. */
  readonly lastError: string | null;
  /** When it was sent or given up; null while it waits. */
  readonly endedAtMs: number | null;
};

export type PostOutcome =
  | { readonly state: 'sent'; readonly atMs: number }
  | { readonly state: 'failed'; readonly atMs: number; readonly error: string }
  | { readonly state: 'waiting'; readonly nextTryAtMs: number; readonly error: string };

export type PostQuery = {
  /** Messages of this subscriber alone; all of them without. */
  readonly subscriberId?: string | null;
  readonly state: PostState | null;
  readonly channel: OutboxChannel | null;
  /** Looked for in recipient, subject and text; the 26 letters without case. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
};

export interface PostStore {
  /** On disk when it resolves. A key that was there before is left as it is. */
  queue(message: PostMessage): Promise<void>;
  /** Waiting messages of this channel whose time has come, earliest first. */
  due(channel: OutboxChannel, nowMs: number, limit: number): Promise<readonly PostRow[]>;
  /** What one more try came to. A message that waits no longer is left as it is; its secret is forgotten with it. */
  tried(key: string, outcome: PostOutcome): Promise<void>;
  /** Newest first. */
  list(query: PostQuery): Promise<{ readonly rows: readonly PostRow[]; readonly found: number }>;
  /** A message that was given up waits again, from its first try on. False when there is none such in the scope. */
  retry(of: { readonly key: string; readonly subscriberId?: string | null; readonly atMs: number }): Promise<boolean>;
  /** Gives up those that still wait and are no news any more; returns how many. */
  endExpired(nowMs: number, limit: number): Promise<number>;
  /** Forgets what ended messages said and to whom, for ever keeping their keys; returns how many. */
  forgetEnded(beforeMs: number, limit: number): Promise<number>;
}
