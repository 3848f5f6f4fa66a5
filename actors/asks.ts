import type { ReplyTo } from './decision.ts';

/** Why an ask came to nothing: `timeout` also covers an actor that was dropped; `crashed` is a bug, reported elsewhere. */
export class AskFailed extends Error {
  readonly why: 'timeout' | 'crashed' | 'stopped';
  constructor(why: AskFailed['why']) {
    super(`no answer from the actor: ${why}`);
    this.name = 'AskFailed';
    this.why = why;
  }
}

/** How long an actor may take: a commit on a slow disk included. */
export const ASK_MS = 10_000;

type Pending = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AskFailed) => void;
  readonly untilMs: number;
};

/** The answers that are awaited. One alarm watches over all of them: a timer per ask would cost more than the ask. */
export class Asks {
  readonly #pending = new Map<number, Pending>();
  readonly #now: () => number;
  readonly #wakeIn: (ms: number, run: () => void) => () => void;
  #next = 1;
  #disarm: (() => void) | null = null;

  constructor(now: () => number, wakeIn: (ms: number, run: () => void) => () => void) {
    this.#now = now;
    this.#wakeIn = wakeIn;
  }

  open<R>(send: (replyTo: ReplyTo<R>) => void): Promise<R> {
    const ask = this.#next++;
    return new Promise<R>((resolve, reject) => {
      this.#pending.set(ask, { resolve: resolve as (value: unknown) => void, reject, untilMs: this.#now() + ASK_MS });
      this.#disarm ??= this.#wakeIn(ASK_MS, () => this.#sweep());
      send({ ask });
    });
  }

  answer(to: ReplyTo<unknown>, value: unknown): void {
    const pending = this.#pending.get(to.ask);
    this.#pending.delete(to.ask);
    pending?.resolve(value);
  }

  fail(to: ReplyTo<unknown>, why: AskFailed['why']): void {
    const pending = this.#pending.get(to.ask);
    this.#pending.delete(to.ask);
    pending?.reject(new AskFailed(why));
  }

  close(): void {
    this.#disarm?.();
    for (const pending of this.#pending.values()) pending.reject(new AskFailed('stopped'));
    this.#pending.clear();
  }

  #sweep(): void {
    this.#disarm = null;
    const nowMs = this.#now();
    for (const [ask, pending] of this.#pending) {
      if (pending.untilMs > nowMs) break;
      this.#pending.delete(ask);
      pending.reject(new AskFailed('timeout'));
    }
    const first = this.#pending.values().next().value;
    if (first !== undefined) this.#disarm = this.#wakeIn(Math.max(first.untilMs - nowMs, 1), () => this.#sweep());
  }
}
