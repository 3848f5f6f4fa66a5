import { TRANSACTION_ID_MAX } from '#src/domain/ids.ts';
import type { ChargePointId, TransactionId } from '#src/domain/ids.ts';
import { StorageFailure } from '../failure.ts';
import { RowsRefused } from '../rows.ts';
import type { ActorId, ActorStore, Claim, Commit, CommitResult, Envelope, Fence, TimerRow } from '../ports.ts';
import { builder, isUniqueViolation, prepare, slot, sqliteCode, type Connection } from './connection.ts';
import type { GroupCommitter } from './group-commit.ts';
import type { RowWriter } from './row-writer.ts';
import type { Snapshots, StoredSnapshot } from './snapshots.ts';
import { TransactionIds } from './transaction-ids.ts';

/** `heard` may bring the whole fleet at once; one write of this many rows is about 2 ms. */
const HEARD_PER_WRITE_MAX = 1000;

type StoreOptions = {
  readonly connection: Connection;
  readonly committer: GroupCommitter;
  readonly rows: RowWriter;
  readonly snapshots: Snapshots;
  readonly epoch: number;
};

/** Actors' snapshots with what their decisions stored. Reads are immediate, writes go through the group committer. */
export class SqliteActorStore implements ActorStore {
  readonly #committer: GroupCommitter;
  readonly #rows: RowWriter;
  readonly #snapshots: Snapshots;
  readonly #epoch: number;
  readonly #statements;
  readonly #transactionIds: TransactionIds;

  constructor({ connection, committer, rows, snapshots, epoch }: StoreOptions) {
    this.#committer = committer;
    this.#rows = rows;
    this.#snapshots = snapshots;
    this.#epoch = epoch;
    this.#statements = storeStatements(connection);
    this.#transactionIds = new TransactionIds({ connection, committer, idMax: TRANSACTION_ID_MAX });
  }

  async claimMany(ids: readonly ActorId[]): Promise<readonly Claim[]> {
    this.#mustOwnEpoch();
    return ids.map((actorId) => claimOf(actorId, this.#snapshots.get(actorId), this.#epoch));
  }

  async claimAll(prefix: string): Promise<readonly Claim[]> {
    this.#mustOwnEpoch();
    return this.#snapshots.getAll(prefix).map(([actorId, snapshot]) => claimOf(actorId, snapshot, this.#epoch));
  }

  commit(commit: Commit): Promise<CommitResult> {
    return this.#committer.write<CommitResult>({ apply: () => this.#apply(commit), refused: refusalOfCommit });
  }

  commitLazily(commit: Commit, failed: (error: unknown) => void): void {
    this.#committer.writeUnhurried({ apply: () => this.#apply(commit), refused: refusalOfCommit }, failed);
  }

  async verify(fence: Fence): Promise<boolean> {
    return fence.epoch === this.#epoch && this.#committer.ownsEpoch();
  }

  transactionIds(count: number): Promise<{ readonly from: TransactionId; readonly to: TransactionId }> {
    return this.#transactionIds.take(count);
  }

  async dueTimers(nowMs: number, limit: number): Promise<readonly TimerRow[]> {
    return this.#statements.dueTimers.all(nowMs, limit).map(timerOf);
  }

  async pendingTimers(): Promise<readonly TimerRow[]> {
    return this.#statements.pendingTimers.all().map(timerOf);
  }

  async staleOutbox(beforeMs: number, limit: number): Promise<readonly Envelope[]> {
    const rows = this.#statements.staleOutbox.all(beforeMs, limit);
    return rows.map((row) => ({ ...row, message: JSON.parse(row.message) as unknown }));
  }

  async heard(marks: ReadonlyMap<ChargePointId, number>): Promise<void> {
    const all = [...marks];
    const writes: Promise<void>[] = [];
    for (let from = 0; from < all.length; from += HEARD_PER_WRITE_MAX) {
      const bite = all.slice(from, from + HEARD_PER_WRITE_MAX);
      const apply = () => bite.forEach(([chargePointId, atMs]) => this.#statements.heard.run(chargePointId, atMs));
      writes.push(this.#committer.write<void>({ apply, refused: rethrow }));
    }
    await Promise.all(writes);
  }

  drain(): Promise<void> {
    return this.#committer.drain();
  }

  health() {
    return this.#committer.health();
  }

  #apply({ fence, snapshot, rows }: Commit): CommitResult {
    if (fence.epoch !== this.#epoch) throw new RowsRefused('fenced');
    if (snapshot !== null) this.#snapshots.put(fence.actorId, fence.version, snapshot);
    for (const row of rows) this.#rows.write(row);
    return 'ok';
  }

  #mustOwnEpoch(): void {
    if (this.#committer.ownsEpoch()) return;
    throw new StorageFailure('fenced', 'FENCED', 'another process has opened this database');
  }
}

function storeStatements(connection: Connection) {
  const build = builder(connection);
  const timers = build.selectFrom('timer').select(['actor_id as actorId', 'key', 'at_ms as atMs', 'message']);
  return {
    dueTimers: prepare(
      connection,
      timers.where('at_ms', '<=', slot).orderBy('at_ms').orderBy('actor_id').orderBy('key').limit(slot),
    ),
    pendingTimers: prepare(connection, timers.orderBy('at_ms').orderBy('actor_id').orderBy('key')),
    staleOutbox: prepare(
      connection,
      build
        .selectFrom('outbox')
        .select(['key', 'to_actor as to', 'at_ms as atMs', 'message'])
        .where('at_ms', '<', slot)
        .orderBy('at_ms')
        .orderBy('key')
        .limit(slot),
    ),
    // The later mark wins: a slow drain never turns the clock of a charger back.
    heard: prepare(
      connection,
      build
        .insertInto('charge_point_heard')
        .values({ charge_point_id: slot, at_ms: slot })
        .onConflict((conflict) =>
          conflict
            .column('charge_point_id')
            .doUpdateSet(({ ref }) => ({ at_ms: ref('excluded.at_ms') }))
            .whereRef('excluded.at_ms', '>', 'charge_point_heard.at_ms'),
        ),
    ),
  };
}

function claimOf(actorId: ActorId, snapshot: StoredSnapshot | undefined, epoch: number): Claim {
  if (snapshot === undefined) return { actorId, epoch, version: 0, schema: 0, state: null };
  const { version, schema, state } = snapshot;
  return { actorId, epoch, version, schema, state: JSON.parse(state) as unknown };
}

function timerOf(row: { actorId: string; key: string; atMs: number; message: string }): TimerRow {
  return { ...row, message: JSON.parse(row.message) as unknown };
}

function refusalOfCommit(error: unknown): CommitResult {
  if (error instanceof RowsRefused) return error.result;
  if (error instanceof StorageFailure && error.kind === 'fenced') return 'fenced';
  const code = sqliteCode(error);
  if (code !== null && isUniqueViolation(code)) return 'duplicate';
  throw error;
}

function rethrow(error: unknown): never {
  throw error;
}
