import type { ActorId, ActorStore, Commit, CommitResult, Fence, Reader } from '#src/storage/ports.ts';
import { Alarms } from './alarms.ts';
import { AskFailed, Asks } from './asks.ts';
import type { Behaviour, World } from './behaviour.ts';
import type { CallRef } from '#src/wire/link-message.ts';
import type { Decision, Effect, ReplyTo } from './decision.ts';
import type { Delivery, Mailbox, Mailboxes } from './mailbox.ts';
import { planOf, type Plan, type WireOf } from './plan.ts';

/** The sockets, as the engine needs them. Whatever is sent to a link that is gone is dropped without a word. */
export interface Links {
  answer(to: CallRef, frame: string): void;
  /** The call will get no answer: the charger keeps it and sends it again. */
  abandon(to: CallRef): void;
  call(linkId: number, callId: string, frame: string): void;
  close(linkId: number, code: number, why: string): void;
}
export type EngineDeps = {
  readonly store: ActorStore;
  readonly reader: Reader;
  readonly mailboxes: Mailboxes;
  readonly links: Links;
  readonly wireOf: WireOf;
  readonly now: () => number;
  readonly wakeIn: (ms: number, run: () => void) => () => void;
  /** The first part of an id (`wallet` of `wallet/7`) to the kind of actor that it names. */
  readonly kinds: Readonly<Record<string, Behaviour<unknown, unknown, unknown>>>;
  readonly parentOf: (id: ActorId) => ActorId | null;
  /** A state that is now on disk, or live state that changed. */
  readonly observe: (id: ActorId, state: unknown) => void;
  /** A bug: the message is dropped, the actor stays. */
  readonly onBug: (id: ActorId, message: unknown, error: unknown) => void;
  readonly onStoreFailure: (id: ActorId, error: unknown) => void;
  /** An actor was let go of: it is read again with its next message, and the sockets that spoke to it must close. */
  readonly onDropped: (id: ActorId) => void;
};

type AnyBehaviour = Behaviour<unknown, unknown, unknown>;
type Cell = {
  readonly id: ActorId;
  readonly behaviour: AnyBehaviour;
  readonly mailbox: Mailbox;
  readonly children: Set<ActorId>;
  state: unknown;
  /** Null until the snapshot has been read. */
  fence: Fence | null;
};
/** An actor without a life on disk: it answers from what it knows (`fleet`) or from history (`archive`). */
export type Service = (message: never) => readonly Effect[] | Promise<readonly Effect[]>;

const SWEEP_MS = 10_000;
/**
 * Alarms that fell due while the server was down, or while its disk refused, wait this long: what they look for may be
 * on its way, for chargers must first come back (a session that is silent after a boot is not over, field-07).
 */
const OVERDUE_WAIT_MS = 150_000;
/** A disk that refused for longer has cost chargers their links. */
const OUTAGE_MS = 60_000;
const SWEEP_BATCH = 200;

/**
 * Runs every actor: gathers facts, decides, commits the snapshot and its rows, and only then lets anything leave.
 * The order never varies, here, in a server and in a simulation.
 */
export class Engine {
  readonly #deps: EngineDeps;
  readonly #cells = new Map<ActorId, Cell>();
  readonly #services = new Map<ActorId, Mailbox>();
  readonly #asks: Asks;
  readonly #alarms: Alarms;
  readonly #world: World;
  #stopSweep: (() => void) | null = null;
  /** Overdue alarms ring from here on. */
  #overdueFromMs = 0;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#asks = new Asks(deps.now, deps.wakeIn);
    this.#alarms = new Alarms({
      now: deps.now,
      wakeIn: deps.wakeIn,
      ring: (id, delivery) => this.deliver(id, delivery),
    });
    this.#world = {
      reader: deps.reader,
      now: deps.now,
      ask: (to, build) => this.ask(to, build),
      nextTransactionId: () => deps.store.transactionIds(1).then((ids) => ids.from),
    };
  }

  /** Brings back every stored actor of `prefix` at once, without opening their mailboxes; alarms are armed by `start`. */
  async restore(prefix: string): Promise<readonly ActorId[]> {
    const claims = await this.#deps.store.claimAll(prefix);
    for (const { actorId, epoch, version, schema, state } of claims) {
      const behaviour = this.#behaviourOf(actorId);
      if (state === null) continue;
      const restored = behaviour.restore(actorId, state, schema);
      this.#cells.set(actorId, this.#cell(actorId, behaviour, restored, { actorId, epoch, version }));
      this.#deps.observe(actorId, restored);
    }
    return claims.map(({ actorId }) => actorId);
  }

  /** Arms what is due later and delivers what a former life of the process left in the outbox. */
  async start(): Promise<void> {
    this.#waitForOverdue();
    for (const { actorId, key, atMs, message } of await this.#deps.store.pendingTimers()) {
      const late = atMs < this.#deps.now();
      this.#alarms.set(actorId, { key, atMs: late ? this.#overdueFromMs : atMs, message, durable: true });
    }
    await this.#sweepOutbox(this.#deps.now());
    const sweep = () => {
      this.#stopSweep = this.#deps.wakeIn(SWEEP_MS, () => {
        const nowMs = this.#deps.now();
        const { failedSinceMs } = this.#deps.store.health();
        if (failedSinceMs !== null && nowMs - failedSinceMs > OUTAGE_MS) this.#waitForOverdue();
        const beforeMs = nowMs - SWEEP_MS;
        const swept = this.#sweepOutbox(beforeMs).then(() => this.#sweepTimers(beforeMs));
        swept.catch((error: unknown) => this.#deps.onStoreFailure('sweep', error));
        sweep();
      });
    };
    sweep();
  }

  #waitForOverdue(): void {
    this.#overdueFromMs = this.#deps.now() + OVERDUE_WAIT_MS;
  }

  async #sweepOutbox(beforeMs: number): Promise<void> {
    for (const { key, to, message } of await this.#deps.store.staleOutbox(beforeMs, SWEEP_BATCH)) {
      this.deliver(to, { message, envelopeKey: key });
    }
  }

  /** Alarms that rang for nothing, because their commit failed, or that were never armed, because its outcome was unknown. */
  async #sweepTimers(beforeMs: number): Promise<void> {
    if (beforeMs < this.#overdueFromMs) return;
    for (const { actorId, key, message } of await this.#deps.store.dueTimers(beforeMs, SWEEP_BATCH)) {
      this.deliver(actorId, { message, timerKey: key });
    }
  }

  stop(): void {
    this.#stopSweep?.();
    this.#alarms.close();
    this.#asks.close();
  }

  serve(id: ActorId, service: Service): void {
    const handle = async (delivery: Delivery): Promise<void> => {
      try {
        for (const effect of await service(delivery.message as never)) this.#perform(id, effect, null);
      } catch (error) {
        this.#failed(id, delivery, error);
      }
    };
    this.#services.set(id, this.#deps.mailboxes.open(id, null, handle));
  }

  tell(to: ActorId, message: unknown): void {
    this.deliver(to, { message });
  }

  ask<R>(to: ActorId, build: (replyTo: ReplyTo<R>) => unknown): Promise<R> {
    return this.#asks.open<R>((replyTo) => this.tell(to, build(replyTo)));
  }

  deliver(to: ActorId, delivery: Delivery): void {
    const known = this.#cells.get(to)?.mailbox ?? this.#services.get(to);
    (known ?? this.#find(to).mailbox).deliver(delivery);
  }

  #find(id: ActorId): Cell {
    const known = this.#cells.get(id);
    if (known !== undefined) return known;
    const behaviour = this.#behaviourOf(id);
    const cell = this.#cell(id, behaviour, behaviour.initial(id), null);
    this.#cells.set(id, cell);
    return cell;
  }

  #behaviourOf(id: ActorId): AnyBehaviour {
    const slash = id.indexOf('/');
    const behaviour = this.#deps.kinds[slash < 0 ? id : id.slice(0, slash)];
    if (behaviour === undefined) throw new Error(`no kind of actor for ${id}`);
    return behaviour;
  }

  /** The mailbox opens with the first message: most actors of a restarted fleet sleep for minutes. */
  #cell(id: ActorId, behaviour: AnyBehaviour, state: unknown, fence: Fence | null): Cell {
    let mailbox: Mailbox | null = null;
    const children = new Set<ActorId>();
    const open = (): Mailbox => {
      const parentId = this.#deps.parentOf(id);
      const parent = parentId === null ? null : this.#find(parentId);
      parent?.children.add(id);
      return this.#deps.mailboxes.open(id, parent === null ? null : opened(parent), (delivery) =>
        this.#handle(cell, delivery),
      );
    };
    const lazily: Mailbox & { opened(): Mailbox } = {
      deliver: (delivery) => (mailbox ??= open()).deliver(delivery),
      stop: () => mailbox?.stop(),
      opened: () => (mailbox ??= open()),
    };
    const cell: Cell = { id, behaviour, mailbox: lazily, children, state, fence };
    return cell;
  }

  #handle(cell: Cell, delivery: Delivery): Promise<void> | void {
    if (cell.fence !== null) return this.#turn(cell, delivery, true);
    return this.#load(cell).then(
      () => this.#turn(cell, delivery, true),
      (error: unknown) => this.#gaveUp(cell, delivery, error),
    );
  }

  async #load(cell: Cell): Promise<void> {
    const [claim] = await this.#deps.store.claimMany([cell.id]);
    if (claim === undefined) throw new Error(`the store gave no claim for ${cell.id}`);
    const { actorId, epoch, version, schema, state } = claim;
    if (state !== null) cell.state = cell.behaviour.restore(cell.id, state, schema);
    cell.fence = { actorId, epoch, version };
    // Whoever watches may still believe in what this actor was before it was let go of (field-36).
    this.#deps.observe(cell.id, cell.state);
  }

  /** Never throws and never rejects: what goes wrong is given up here, at each of the places where it may wait. */
  #turn(cell: Cell, delivery: Delivery, first: boolean): Promise<void> | void {
    try {
      const ready = cell.behaviour.prepare(cell.state, delivery.message, this.#world);
      if (!(ready instanceof Promise)) return this.#decide(cell, delivery, ready, first);
      return ready.then(
        (facts) => this.#prepared(cell, delivery, facts, first),
        (error: unknown) => this.#gaveUp(cell, delivery, error),
      );
    } catch (error) {
      this.#gaveUp(cell, delivery, error);
    }
  }

  #prepared(cell: Cell, delivery: Delivery, facts: unknown, first: boolean): Promise<void> | void {
    try {
      return this.#decide(cell, delivery, facts, first);
    } catch (error) {
      this.#gaveUp(cell, delivery, error);
    }
  }

  #decide(cell: Cell, delivery: Delivery, ready: unknown, first: boolean): Promise<void> | void {
    const { behaviour, state: before } = cell;
    const decision = behaviour.decide(before, ready);
    const fence = fenceOf(cell);
    const plan = planOf({ behaviour, before, decision, delivery, fence, wireOf: this.#deps.wireOf });
    if (plan.commit === null) return this.#apply(cell, decision, plan.frames);
    const { store } = this.#deps;
    if (!plan.mustWait) {
      store.commitLazily(plan.commit, (error) => this.#deps.onStoreFailure(cell.id, error));
      return this.#apply(cell, decision, plan.frames);
    }
    return store.commit(plan.commit).then(
      (result) => this.#committed(cell, { delivery, decision, plan, result, first }),
      (error: unknown) => this.#drop(cell, delivery, error),
    );
  }

  #committed(
    cell: Cell,
    of: { delivery: Delivery; decision: Decision<unknown>; plan: Plan; result: CommitResult; first: boolean },
  ): Promise<void> | void {
    const { delivery, decision, plan, result } = of;
    try {
      if (result === 'duplicate') return this.#duplicate(cell, delivery, of.first);
      if (result !== 'ok') return this.#drop(cell, delivery, new Error('fenced: another process owns this actor'));
      if (plan.commit?.snapshot) cell.fence = nextFence(plan.commit.fence);
      this.#apply(cell, decision, plan.frames);
    } catch (error) {
      this.#gaveUp(cell, delivery, error);
    }
  }

  #apply(cell: Cell, decision: Decision<unknown>, frames: readonly string[]): void {
    if (decision.state !== cell.state) {
      cell.state = decision.state;
      this.#deps.observe(cell.id, decision.state);
    }
    const { effects } = decision;
    for (let index = 0; index < effects.length; index++)
      this.#perform(cell.id, effects[index] as Effect, frames[index] ?? null);
  }

  #perform(id: ActorId, effect: Effect, frame: string | null): void {
    switch (effect.type) {
      case 'reply':
        return this.#asks.answer(effect.to, effect.value);
      case 'answer':
        if (effect.to !== null) this.#deps.links.answer(effect.to, frame ?? '');
        return;
      case 'refuse-call':
        return this.#deps.links.answer(effect.to, frame ?? '');
      case 'call':
        return this.#deps.links.call(effect.linkId, effect.callId, frame ?? '');
      case 'close-link':
        return this.#deps.links.close(effect.linkId, effect.code, effect.why);
      case 'tell':
        return this.tell(effect.to, effect.message);
      case 'post':
        return this.deliver(effect.envelope.to, { message: effect.envelope.message, envelopeKey: effect.envelope.key });
      case 'wake':
        if (effect.atMs === null) return this.#alarms.cancel(id, effect.key);
        return this.#alarms.set(id, {
          key: effect.key,
          atMs: effect.atMs,
          message: effect.message,
          durable: effect.volatile !== true,
        });
      case 'store':
        return;
    }
  }

  /**
   * Something with a unique key is on disk already. Decided again with fresh facts it is a repeat; an envelope that is
   * still a duplicate was applied in a former life and is only ticked off.
   */
  #duplicate(cell: Cell, delivery: Delivery, first: boolean): Promise<void> | void {
    if (first) return this.#turn(cell, delivery, false);
    if (delivery.envelopeKey === undefined) throw new Error('a repeat that its own facts do not show');
    const commit: Commit = {
      fence: fenceOf(cell),
      snapshot: null,
      rows: [{ type: 'envelope-taken', key: delivery.envelopeKey }],
    };
    return this.#deps.store.commit(commit).then(
      () => undefined,
      (error: unknown) => this.#gaveUp(cell, delivery, error),
    );
  }

  /** The outcome is unknown, or the actor is another's: forget it, and its link, and read it again (engine rule 2). */
  #drop(cell: Cell, delivery: Delivery, error: unknown): void {
    this.#deps.onStoreFailure(cell.id, error);
    this.#forget(cell);
    this.#deps.onDropped(cell.id);
    this.#release(delivery.message, (from) => this.#deps.links.abandon(from));
  }

  #forget(cell: Cell): void {
    if (this.#cells.get(cell.id) !== cell) return;
    this.#cells.delete(cell.id);
    for (const child of cell.children) {
      const below = this.#cells.get(child);
      if (below !== undefined) this.#forget(below);
    }
    cell.mailbox.stop();
  }

  /** A message came to nothing before its commit. A disk that cannot be read is a disk that cannot be written. */
  #gaveUp(cell: Cell, delivery: Delivery, error: unknown): void {
    if (error instanceof Error && error.name === 'StorageFailure') return this.#drop(cell, delivery, error);
    if (!(error instanceof AskFailed)) return this.#failed(cell.id, delivery, error);
    // The other actor was let go of in the middle of its own commit: the charger asks again.
    this.#deps.onStoreFailure(cell.id, error);
    this.#release(delivery.message, (from) => this.#deps.links.abandon(from));
  }

  #failed(id: ActorId, delivery: Delivery, error: unknown): void {
    this.#deps.onBug(id, delivery.message, error);
    this.#release(delivery.message, (from) => this.#deps.links.abandon(from));
  }

  /** Whoever waits for this message is told that nothing will come. */
  #release(message: unknown, call: (from: CallRef) => void): void {
    const { replyTo, from } = message as { replyTo?: ReplyTo<unknown>; from?: CallRef | null };
    if (replyTo !== undefined) this.#asks.fail(replyTo, 'crashed');
    if (from !== undefined && from !== null) call(from);
  }
}

function opened(cell: Cell): Mailbox {
  return (cell.mailbox as Mailbox & { opened(): Mailbox }).opened();
}

function nextFence({ actorId, epoch, version }: Fence): Fence {
  return { actorId, epoch, version: version + 1 };
}

function fenceOf(cell: Cell): Fence {
  if (cell.fence === null) throw new Error(`${cell.id} decided before its snapshot was read`);
  return cell.fence;
}
