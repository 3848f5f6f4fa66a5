import type { IncomingSms } from '#src/domain/incoming-sms.ts';
import type { OutboxChannel, PostMessage } from '#src/domain/post.ts';

/** A message as it leaves: its secret is in place. */
export type Outgoing = Pick<PostMessage, 'key' | 'to' | 'subject' | 'text' | 'createdAtMs'>;

/**
 * What a try came to. `accepted`: the other side has taken it over. `later`: nothing was accepted as far as we know,
 * and another try may succeed. `refused`: no try ever will. `detail` is in the words of the other side.
 */
export type Delivery =
  | { readonly result: 'accepted' }
  | { readonly result: 'later' | 'refused'; readonly detail: string };

/** A way out for one channel. `send` never rejects, and takes at most about a minute. */
export interface Transport {
  send(message: Outgoing): Promise<Delivery>;
  /** Gives up what has surely not been handed over: it comes back as `later`. Without it nothing is given up. */
  cut?(): void;
  close(): Promise<void>;
}

/** The ways that are configured; a channel without one keeps its messages in the outbox. */
export type Transports = Readonly<Partial<Record<OutboxChannel, Transport>>>;

/** Takes an SMS that came in; resolves when what follows from it is on disk, else it must be brought again. */
export type ReceivedSms = (sms: IncomingSms) => Promise<unknown>;

export function later(detail: string): Delivery {
  return { result: 'later', detail };
}

export function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // `fetch failed` says nothing; its cause does.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
