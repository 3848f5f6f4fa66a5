import type { ActorId } from '#src/storage/ports.ts';

/** A message on its way into an actor, and what must be ticked off in the transaction that applies it. */
export type Delivery = {
  readonly message: unknown;
  /** The outbox envelope that it came in: taken once, by its key. */
  readonly envelopeKey?: string;
  /** The durable alarm that rang. */
  readonly timerKey?: string;
};

/** One actor's queue: `handle` is never called again before its promise has settled. */
export interface Mailbox {
  deliver(delivery: Delivery): void;
  /** What still waits is lost, and so is whatever is delivered later. */
  stop(): void;
}

/** Where mailboxes come from: nact in a server (`shell.ts`), a seeded scheduler in a simulation. */
export interface Mailboxes {
  /** A mailbox that stops with its `parent`. */
  open(id: ActorId, parent: Mailbox | null, handle: (delivery: Delivery) => Promise<void> | void): Mailbox;
}
