import type { ActorId } from '#src/storage/ports.ts';
import type { Delivery } from './mailbox.ts';

/** The longest that a timer of Node can wait is 2^31 - 1 ms; a longer alarm is set again on the way. */
const LEG_MAX_MS = 2_000_000_000;

/** The alarms that are armed in this process. Durable ones are rows as well, and are armed again at a start. */
export class Alarms {
  readonly #armed = new Map<string, () => void>();
  readonly #now: () => number;
  readonly #wakeIn: (ms: number, run: () => void) => () => void;
  readonly #ring: (actorId: ActorId, delivery: Delivery) => void;
  #closed = false;

  constructor(deps: {
    now: () => number;
    wakeIn: (ms: number, run: () => void) => () => void;
    ring: (actorId: ActorId, delivery: Delivery) => void;
  }) {
    this.#now = deps.now;
    this.#wakeIn = deps.wakeIn;
    this.#ring = deps.ring;
  }

  /** Replaces the actor's alarm of the same key. After the end, of a turn that was under way, none is armed: nobody is there to hear it. */
  set(actorId: ActorId, alarm: { key: string; atMs: number; message: unknown; durable: boolean }): void {
    if (this.#closed) return;
    const name = `${actorId} ${alarm.key}`;
    this.#armed.get(name)?.();
    const leg = Math.min(Math.max(alarm.atMs - this.#now(), 0), LEG_MAX_MS);
    const disarm = this.#wakeIn(leg, () => {
      this.#armed.delete(name);
      if (this.#now() < alarm.atMs) this.set(actorId, alarm);
      else
        this.#ring(
          actorId,
          alarm.durable ? { message: alarm.message, timerKey: alarm.key } : { message: alarm.message },
        );
    });
    this.#armed.set(name, disarm);
  }

  cancel(actorId: ActorId, key: string): void {
    const name = `${actorId} ${key}`;
    this.#armed.get(name)?.();
    this.#armed.delete(name);
  }

  close(): void {
    this.#closed = true;
    for (const disarm of this.#armed.values()) disarm();
    this.#armed.clear();
  }
}
