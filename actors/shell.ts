import { dispatch, spawn, start, stop, type ActorSystemRef, type Ref } from 'nact';
import type { ActorId } from '#src/storage/ports.ts';
import type { Delivery, Mailbox, Mailboxes } from './mailbox.ts';

/** A reference that does not type-check as any other (nact's own `Ref<A>` passes as `Ref<B>`). */
class NactMailbox implements Mailbox {
  readonly ref: Ref<Delivery>;
  #stopped = false;

  constructor(ref: Ref<Delivery>) {
    this.ref = ref;
  }

  deliver(delivery: Delivery): void {
    // Telling a stopped actor throws in nact when it is gone from the tree; the engine has let go of it by then.
    if (!this.#stopped) dispatch(this.ref, delivery);
  }

  stop(): void {
    this.#stopped = true;
    stop(this.ref);
  }
}

/**
 * Mailboxes on nact. The engine catches what a message throws, so a crash that reaches nact is a bug of the engine
 * itself: it is reported, and the actor goes on with the next message instead of stopping for good, as is nact's default.
 */
export function nactMailboxes(onBug: (id: ActorId, error: unknown) => void): Mailboxes & { close(): void } {
  const system: ActorSystemRef = start();
  const onCrash = (id: ActorId) => (_message: unknown, error: unknown, context: { resume: symbol }) => {
    onBug(id, error);
    return context.resume;
  };
  return {
    open(id, parent, handle) {
      const above = parent instanceof NactMailbox ? parent.ref : system;
      const receive = (_state: undefined, delivery: Delivery) => handle(delivery) as undefined;
      return new NactMailbox(
        spawn(above as never, receive as never, nameOf(id), { onCrash: onCrash(id) as never }) as Ref<Delivery>,
      );
    },
    close: () => stop(system),
  };
}

/** nact accepts few characters in a name; every other one is written by its number. */
function nameOf(id: ActorId): string {
  return id.replace(/[^A-Za-z0-9_.-]/g, (character) => `$${character.codePointAt(0)?.toString(16)}$`);
}
