import type { Delivery, Mailbox, Mailboxes } from '#actors/mailbox.ts';
import type { Chance } from '#src/simulator/chance.ts';
import type { VirtualClock } from './clock.ts';

/** One turn in so many comes late, as behind a long task of another actor. */
const LATE_TURNS = 0.03;
const LATE_MAX_MS = 300;

/**
 * Mailboxes whose actors take turns in an order drawn from the seed: one message at a time for each actor, its queue
 * in order, any ready actor next. They stop for good when the process they belong to is dead.
 */
export class SimulatedMailboxes implements Mailboxes {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #process: { readonly alive: boolean; step(what: string): void };
  readonly #onCrash: (id: string, error: unknown) => void;

  constructor(deps: {
    clock: VirtualClock;
    chance: Chance;
    process: { readonly alive: boolean; step(what: string): void };
    onCrash: (id: string, error: unknown) => void;
  }) {
    this.#clock = deps.clock;
    this.#chance = deps.chance;
    this.#process = deps.process;
    this.#onCrash = deps.onCrash;
  }

  open(id: string, parent: Mailbox | null, handle: (delivery: Delivery) => Promise<void> | void): Mailbox {
    const queue: Delivery[] = [];
    const children: Mailbox[] = [];
    let busy = false;
    let stopped = false;
    const next = () => {
      if (busy || stopped || queue.length === 0) return;
      busy = true;
      const late = this.#chance() < LATE_TURNS ? this.#chance() * LATE_MAX_MS : 0;
      this.#clock.after(late, turn);
    };
    const done = () => {
      busy = false;
      next();
    };
    const crashed = (error: unknown) => {
      this.#onCrash(id, error);
      done();
    };
    const turn = () => {
      this.#process.step(id);
      const delivery = queue.shift();
      if (stopped || delivery === undefined || !this.#process.alive) return;
      try {
        const handled = handle(delivery);
        if (handled === undefined) done();
        else handled.then(done, crashed);
      } catch (error) {
        crashed(error);
      }
    };
    const mailbox: Mailbox & { readonly children: Mailbox[] } = {
      children,
      deliver(delivery) {
        if (stopped) return;
        queue.push(delivery);
        next();
      },
      stop() {
        stopped = true;
        for (const child of children) child.stop();
      },
    };
    (parent as typeof mailbox | null)?.children.push(mailbox);
    return mailbox;
  }
}
