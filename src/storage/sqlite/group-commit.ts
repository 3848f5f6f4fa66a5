import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { StorageFailure } from '../failure.ts';
import { sqliteCode, storageFailure, type Connection } from './connection.ts';
import { GroupTransaction, type Outcome } from './group-transaction.ts';
import type { Gathered, Write } from './group-write.ts';
import type { WalFile } from './wal-file.ts';

/** One transaction holds the loop for its whole length: 500 commits are about 10 ms. The rest waits one turn. */
const GROUP_WRITES_MAX = 500;
/**
 * After a group the next one gathers for twice as long as the last one took, within this bound: a quiet server commits
 * at once, a busy one spends at most a third of its time in commits, and its groups grow instead of its queue.
 */
const GATHER_RATIO = 2;
const GATHER_MS_MAX = 5;
/** Far above one write in flight per actor; reached only when a disk hangs for minutes. */
const QUEUED_WRITES_MAX = 200_000;
/** What nobody waits for is kept this long in number, and then forgotten from the oldest on. */
const LAZY_WRITES_MAX = 10_000;
const LAZY_PER_GROUP_MAX = 500;
const LAZY_DELAY_MS = 200;
/** Writes in the background ride on groups that come anyway, so many on each: a commit of their own waits for the disk. */
const PASSING_PER_GROUP_MAX = 1;
const PASSING_DELAY_MS = 5;
/** A lock held by another process (a backup, a shell) is waited for this long in all, without stalling the loop. */
const BUSY_ATTEMPTS_MAX = 400;
const BUSY_RETRY_MS = 5;
/** A disk that refused is asked again this often, even when no charger speaks. */
const PROBE_MS = 1000;
const PROBE_BYTES = 65_536;

type Queued = {
  readonly write: Write<unknown>;
  readonly isAwaited: boolean;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
};

export type GroupOptions = {
  readonly connection: Connection;
  readonly epoch: number;
  readonly now: () => number;
  readonly wal: Pick<WalFile, 'sync' | 'empty'>;
  /** The least time that a group gathers. 0 gathers one turn of the event loop, and more as the disk asks for it. */
  readonly windowMs: number;
  /** Told when writing starts to fail, and again when the reason changes. */
  readonly onFailure: (failure: StorageFailure) => void;
};

/**
 * Gathers what is written into one transaction (`GroupTransaction`), at least during one turn of the event loop, and
 * until the group before is on the disk, for which the loop does not wait (`WalFile`). A disk that refuses rejects the
 * whole group, and the next group tries again.
 */
export class GroupCommitter {
  readonly #options: GroupOptions;
  readonly #transaction: GroupTransaction;
  #queue: Queued[] = [];
  #passing: Queued[] = [];
  #lazy: (() => void)[] = [];
  #lazyDropped = 0;
  #cancelFlush: (() => void) | null = null;
  #flushIsLazy = false;
  #probeTimer: NodeJS.Timeout | null = null;
  #busyAttempts = 0;
  #drained: (() => void)[] = [];
  #failure: { readonly failure: StorageFailure; readonly sinceMs: number } | null = null;
  #fenced = false;
  #closed = false;
  /** When the next group may be committed at the earliest, by the monotonic clock. */
  #gatherUntilMs = 0;
  /** A group was committed and is not on disk yet: the next one gathers until it is. */
  #isSyncing = false;
  /** The disk refused to take what was committed: nothing is committed before it has all of that. */
  #isDoubtful = false;
  #commits = 0;
  #groups = 0;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#transaction = new GroupTransaction(options.connection, options.epoch);
  }

  /** From now on each group writes what is gathered there. */
  gather(gathered: Gathered): void {
    this.#transaction.gather(gathered);
  }

  /** Resolves once the write is on disk. @throws StorageFailure through the promise when the disk refuses. */
  write<Result>(write: Write<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const done = resolve as (result: unknown) => void;
      if (this.#takes(this.#queue, { write, isAwaited: true, resolve: done, reject })) this.#schedule();
    });
  }

  /** What no charger waits for rides in its place on the next group, or makes one a little later, with many others. */
  writeUnhurried(write: Write<unknown>, failed: (error: unknown) => void): void {
    if (!this.#takes(this.#queue, { write, isAwaited: false, resolve: forget, reject: failed })) return;
    if (this.#queue.length >= GROUP_WRITES_MAX) this.#schedule();
    else if (this.#cancelFlush === null) this.#scheduleLazily(LAZY_DELAY_MS);
  }

  /** The same for what no charger waits for, in bites of 1 ms: it rides on a next group, or makes one a little later. */
  writeInPassing<Result>(write: Write<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const done = resolve as (result: unknown) => void;
      if (this.#takes(this.#passing, { write, isAwaited: true, resolve: done, reject }))
        this.#scheduleLazily(PASSING_DELAY_MS);
    });
  }

  /** Is there room for it? Else it is refused. */
  #takes(queue: Queued[], queued: Queued): boolean {
    if (this.#closed) {
      queued.reject(new StorageFailure('closed', 'CLOSED', 'the storage is closed'));
    } else if (queue.length >= QUEUED_WRITES_MAX) {
      const text = `${QUEUED_WRITES_MAX} writes are waiting for the disk`;
      queued.reject(new StorageFailure('queue-full', 'QUEUE_FULL', text));
    } else {
      queue.push(queued);
      return true;
    }
    return false;
  }

  /** Rides on the next group, or makes one a little later. Nobody is told when it is lost. */
  writeLazily(apply: () => void): void {
    if (this.#closed || this.#fenced) return;
    this.#lazy.push(apply);
    this.#boundLazy();
    if (this.#cancelFlush === null) this.#scheduleLazily(LAZY_DELAY_MS);
  }

  /** True while no other process has opened the file since. */
  ownsEpoch(): boolean {
    if (this.#fenced || this.#closed) return false;
    if (this.#transaction.ownsEpoch()) return true;
    this.#becomeFenced();
    return false;
  }

  async drain(): Promise<void> {
    if (!this.#isSyncing && this.#queue.length === 0 && this.#passing.length === 0 && this.#lazy.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained.push(resolve);
      this.#schedule();
    });
  }

  async close(): Promise<void> {
    await this.drain();
    this.#closed = true;
    this.#cancelFlush?.();
    if (this.#probeTimer) clearTimeout(this.#probeTimer);
  }

  health() {
    return {
      writable: this.#failure === null && !this.#fenced && !this.#closed,
      lastError: this.#failure?.failure.message ?? null,
      failedSinceMs: this.#failure?.sinceMs ?? null,
      commits: this.#commits,
      groups: this.#groups,
      epoch: this.#options.epoch,
      fenced: this.#fenced,
      notesDropped: this.#lazyDropped,
    };
  }

  #schedule(): void {
    if (this.#isSyncing) return;
    if (this.#cancelFlush !== null) {
      if (!this.#flushIsLazy) return;
      this.#cancelFlush();
    }
    this.#flushIsLazy = false;
    const gatherMs = Math.max(this.#options.windowMs, this.#gatherUntilMs - performance.now());
    if (gatherMs > 0) this.#flushAfter(gatherMs);
    else {
      const immediate = setImmediate(() => this.#flush());
      this.#cancelFlush = () => clearImmediate(immediate);
    }
  }

  #scheduleLazily(delayMs: number): void {
    if (this.#isSyncing) return;
    if (this.#cancelFlush !== null) {
      if (!this.#flushIsLazy) return;
      this.#cancelFlush();
    }
    this.#flushIsLazy = true;
    const timer = this.#flushAfter(delayMs);
    // Nobody waits for what nobody is told of.
    if (this.#passing.length === 0) timer.unref();
  }

  #isAwaited(): boolean {
    return this.#queue.length >= GROUP_WRITES_MAX || this.#queue.some(({ isAwaited }) => isAwaited);
  }

  #flushAfter(delayMs: number): NodeJS.Timeout {
    const timer = setTimeout(() => this.#flush(), delayMs);
    this.#cancelFlush = () => clearTimeout(timer);
    return timer;
  }

  #flush(): void {
    this.#cancelFlush = null;
    const startedMs = performance.now();
    if (this.#queue.length > 0 || this.#passing.length > 0 || this.#lazy.length > 0) this.#commitGroup();
    const endedMs = performance.now();
    this.#gatherUntilMs = endedMs + Math.min((endedMs - startedMs) * GATHER_RATIO, GATHER_MS_MAX);
    if (!this.#isSyncing) this.#goOn();
  }

  /** A group is over: what waits gets the next one. */
  #goOn(): void {
    if (this.#cancelFlush === null) {
      if (this.#isAwaited()) this.#schedule();
      else if (this.#passing.length > 0) this.#scheduleLazily(PASSING_DELAY_MS);
      else if (this.#queue.length + (this.#failure === null ? this.#lazy.length : 0) > 0)
        this.#scheduleLazily(LAZY_DELAY_MS);
    }
    if (this.#queue.length === 0 && this.#passing.length === 0 && (this.#lazy.length === 0 || this.#failure !== null)) {
      for (const resolve of this.#drained.splice(0)) resolve();
    } else if (this.#drained.length > 0 && this.#flushIsLazy) this.#schedule();
  }

  #commitGroup(): void {
    if (this.#fenced) return this.#refuseAll();
    try {
      this.#mustBeSure();
      this.#transaction.begin();
    } catch (error) {
      return this.#beginRefused(error);
    }
    this.#busyAttempts = 0;
    const lazy = this.#lazy.splice(0, LAZY_PER_GROUP_MAX);
    const group = [...this.#queue.splice(0, GROUP_WRITES_MAX), ...this.#passing.splice(0, PASSING_PER_GROUP_MAX)];
    try {
      const outcomes = this.#transaction.run(group, lazy);
      if (outcomes === null) {
        this.#becomeFenced();
        return this.#refuseAll(group);
      }
      this.#sync(group, outcomes);
    } catch (error) {
      this.#transaction.rollback();
      this.#lazy = [...lazy, ...this.#lazy];
      this.#boundLazy();
      this.#failed(storageFailure(error), group);
    }
  }

  /** Committed; whoever waits is told once it is on the disk. */
  #sync(group: readonly Queued[], outcomes: readonly Outcome[]): void {
    this.#isSyncing = true;
    this.#options.wal.sync().then(
      () => {
        this.#isSyncing = false;
        this.#succeeded();
        this.#groups += 1;
        this.#commits += group.length;
        outcomes.forEach((outcome, index) => settle(group[index]!, outcome));
        this.#goOn();
      },
      (error: unknown) => {
        this.#isSyncing = false;
        this.#unsure(error, group);
        this.#goOn();
      },
    );
  }

  /** The disk refused to take what was committed. */
  #unsure(error: unknown, group: readonly Queued[]): void {
    this.#isDoubtful = true;
    this.#failed(storageFailure(error), group);
  }

  /** After a disk refused to take what was committed it must have all of that, before anything more is. */
  #mustBeSure(): void {
    if (!this.#isDoubtful) return;
    this.#options.wal.empty();
    this.#isDoubtful = false;
  }

  #becomeFenced(): void {
    if (this.#fenced) return;
    this.#fenced = true;
    this.#options.onFailure(fencedFailure());
  }

  #beginRefused(error: unknown): void {
    const busy = sqliteCode(error)?.startsWith('SQLITE_BUSY') ?? false;
    if (busy && this.#busyAttempts < BUSY_ATTEMPTS_MAX) {
      this.#busyAttempts += 1;
      this.#flushIsLazy = false;
      this.#flushAfter(BUSY_RETRY_MS);
      return;
    }
    this.#busyAttempts = 0;
    this.#failed(storageFailure(error), [...this.#queue.splice(0), ...this.#passing.splice(0)]);
  }

  #refuseAll(group: readonly Queued[] = []): void {
    this.#lazy = [];
    const error = fencedFailure();
    const waiting = [...this.#queue.splice(0), ...this.#passing.splice(0)];
    for (const queued of [...group, ...waiting]) settle(queued, { threw: true, error });
  }

  #failed(failure: StorageFailure, group: readonly Queued[]): void {
    const isNews = this.#failure?.failure.code !== failure.code;
    this.#failure = { failure, sinceMs: this.#failure?.sinceMs ?? this.#options.now() };
    if (isNews) this.#options.onFailure(failure);
    for (const { reject } of group) reject(failure);
    this.#probeTimer ??= setTimeout(() => this.#probe(), PROBE_MS).unref();
  }

  #succeeded(): void {
    this.#failure = null;
  }

  /** Asks a disk that refused for a few pages, so that health turns good again without waiting for a charger. */
  #probe(): void {
    this.#probeTimer = null;
    if (this.#failure === null || this.#closed || this.#fenced) return;
    try {
      this.#mustBeSure();
      this.#transaction.probe(PROBE_BYTES);
    } catch (error) {
      return this.#failed(storageFailure(error), []);
    }
    this.#options.wal.sync().then(
      () => {
        this.#succeeded();
        if (this.#lazy.length > 0) this.#scheduleLazily(LAZY_DELAY_MS);
      },
      (error: unknown) => this.#unsure(error, []),
    );
  }

  #boundLazy(): void {
    const excess = this.#lazy.length - LAZY_WRITES_MAX;
    if (excess <= 0) return;
    this.#lazy.splice(0, excess);
    this.#lazyDropped += excess;
  }
}

function forget(): void {}

function fencedFailure(): StorageFailure {
  return new StorageFailure('fenced', 'FENCED', 'another process has opened this database');
}

function settle({ write, resolve, reject }: Queued, outcome: Outcome): void {
  if (!outcome.threw) return resolve(outcome.result);
  try {
    resolve(write.refused(outcome.error));
  } catch (error) {
    reject(error);
  }
}
