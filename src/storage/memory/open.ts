import { TRANSACTION_ID_MAX } from '#src/domain/ids.ts';
import { StorageFailure } from '../failure.ts';
import { compareText, RowsRefused } from '../rows.ts';
import type { ActorStore, Claim, Commit, CommitResult, EventRow, Storage, StoreHealth } from '../ports.ts';
import { applyCommit } from './apply.ts';
import { emptyDisk, storeEvent, type Disk } from './disk.ts';
import { memoryReader } from './reader.ts';
import { memoryRegistry } from './registry.ts';

/** The storage of a simulation: the promises of a file, with the failures of one at command. */
export type MemoryStorage = Storage & {
  /** The next `count` commits reject: `before` writing anything, or `after` all was written. The writer cannot tell. */
  failNextCommits(count: number, when: 'before' | 'after'): void;
  /** What another process would open on the same disk: a new epoch, which fences this one. */
  reopen(): MemoryStorage;
};

/** Everything takes effect when it is called, in the order of the calls, and is told in a microtask: no timers. */
export function openMemory(options: { readonly now: () => number }): MemoryStorage {
  return openOn(emptyDisk(), options.now);
}

function openOn(disk: Disk, now: () => number): MemoryStorage {
  disk.epoch += 1;
  const store = new MemoryActorStore(disk, now);
  return {
    actors: store,
    reader: memoryReader(disk),
    registry: memoryRegistry(disk, (change) => store.write(change)),
    note: (event) => store.note(event),
    close: async () => store.close(),
    failNextCommits: (count, when) => store.failNextCommits(count, when),
    reopen: () => openOn(disk, now),
  };
}

class MemoryActorStore implements ActorStore {
  readonly #disk: Disk;
  readonly #now: () => number;
  readonly #epoch: number;
  #failing: { count: number; readonly when: 'before' | 'after' } | null = null;
  #failure: { readonly message: string; readonly sinceMs: number } | null = null;
  #closed = false;
  #commits = 0;

  constructor(disk: Disk, now: () => number) {
    this.#disk = disk;
    this.#now = now;
    this.#epoch = disk.epoch;
  }

  failNextCommits(count: number, when: 'before' | 'after'): void {
    this.#failing = count > 0 ? { count, when } : null;
  }

  async claimMany(ids: readonly string[]): Promise<readonly Claim[]> {
    this.#mustOwnEpoch();
    return ids.map((actorId) => this.#claim(actorId));
  }

  async claimAll(prefix: string): Promise<readonly Claim[]> {
    this.#mustOwnEpoch();
    const ids = [...this.#disk.snapshots.keys()].filter((actorId) => actorId.startsWith(prefix));
    return ids.toSorted(compareText).map((actorId) => this.#claim(actorId));
  }

  async commit(commit: Commit): Promise<CommitResult> {
    this.#mustBeOpen();
    const failing = this.#failing;
    if (failing && --failing.count <= 0) this.#failing = null;
    if (failing?.when === 'before') throw this.#refusal();
    const result = this.#result(commit);
    if (failing) throw this.#refusal();
    this.#failure = null;
    this.#commits += 1;
    return result;
  }

  commitLazily(commit: Commit, failed: (error: unknown) => void): void {
    this.commit(commit).catch(failed);
  }

  async verify(fence: { readonly epoch: number }): Promise<boolean> {
    return !this.#closed && fence.epoch === this.#epoch && this.#disk.epoch === this.#epoch;
  }

  transactionIds(count: number): Promise<{ readonly from: number; readonly to: number }> {
    return this.write(() => {
      if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`not a count of ids: ${count}`);
      const from = this.#disk.nextTransactionId;
      const to = from + count - 1;
      if (to > TRANSACTION_ID_MAX) throw new RangeError('the transaction ids of 32 bits are used up');
      this.#disk.nextTransactionId = to + 1;
      return { from, to };
    });
  }

  async dueTimers(nowMs: number, limit: number) {
    return this.#timers()
      .filter(({ atMs }) => atMs <= nowMs)
      .slice(0, limit);
  }

  async pendingTimers() {
    return this.#timers();
  }

  async staleOutbox(beforeMs: number, limit: number) {
    return [...this.#disk.outbox.values()]
      .filter(({ atMs }) => atMs < beforeMs)
      .toSorted((a, b) => a.atMs - b.atMs || compareText(a.key, b.key))
      .slice(0, limit)
      .map((envelope) => ({ ...envelope, message: JSON.parse(envelope.message) as unknown }));
  }

  heard(marks: ReadonlyMap<string, number>): Promise<void> {
    return this.write(() => {
      for (const [chargePointId, atMs] of marks) {
        this.#disk.heard.set(chargePointId, Math.max(atMs, this.#disk.heard.get(chargePointId) ?? atMs));
      }
    });
  }

  async drain(): Promise<void> {}

  health(): StoreHealth {
    const fenced = this.#disk.epoch !== this.#epoch;
    return {
      writable: this.#failure === null && !fenced && !this.#closed,
      lastError: this.#failure?.message ?? null,
      failedSinceMs: this.#failure?.sinceMs ?? null,
      commits: this.#commits,
      groups: this.#commits,
      epoch: this.#epoch,
      fenced,
      notesDropped: 0,
    };
  }

  /** A change outside any actor. */
  async write<R>(change: () => R): Promise<R> {
    this.#mustOwnEpoch();
    return change();
  }

  note(event: EventRow): void {
    if (!this.#closed && this.#disk.epoch === this.#epoch) storeEvent(this.#disk, event);
  }

  close(): void {
    this.#closed = true;
  }

  #claim(actorId: string): Claim {
    const snapshot = this.#disk.snapshots.get(actorId);
    if (!snapshot) return { actorId, epoch: this.#epoch, version: 0, schema: 0, state: null };
    const { version, schema, state } = snapshot;
    return { actorId, epoch: this.#epoch, version, schema, state: JSON.parse(state) as unknown };
  }

  #result(commit: Commit): CommitResult {
    if (commit.fence.epoch !== this.#epoch) return 'fenced';
    try {
      applyCommit(this.#disk, commit);
      return 'ok';
    } catch (error) {
      if (error instanceof RowsRefused) return error.result;
      throw error;
    }
  }

  #timers() {
    return [...this.#disk.timers.values()]
      .toSorted((a, b) => a.atMs - b.atMs || compareText(a.actorId, b.actorId) || compareText(a.key, b.key))
      .map((timer) => ({ ...timer, message: JSON.parse(timer.message) as unknown }));
  }

  #refusal(): StorageFailure {
    const message = 'the simulated disk refuses';
    this.#failure ??= { message, sinceMs: this.#now() };
    return new StorageFailure('outcome-unknown', 'SIMULATED', message);
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new StorageFailure('closed', 'CLOSED', 'the storage is closed');
  }

  #mustOwnEpoch(): void {
    this.#mustBeOpen();
    if (this.#disk.epoch === this.#epoch) return;
    throw new StorageFailure('fenced', 'FENCED', 'another process has opened this database');
  }
}
