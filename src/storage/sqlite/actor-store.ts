import { TRANSACTION_ID_MAX } from '#src/domain/ids.ts';
import type { ChargePointId, TransactionId } from '#src/domain/ids.ts';
import { StorageFailure } from '../failure.ts';
import { RowsRefused } from '../rows.ts';
import type { ActorId, ActorStore, Claim, Commit, CommitResult, Envelope, Fence, TimerRow } from '../ports.ts';
import { builder, isUniqueViolation, prepare, slot, sqliteCode, type Connection } from './connection.ts';
import type { GroupCommitter } from './group-commit.ts';
import type { RowWriter } from './row-writer.ts';
import { TransactionIds } from './transaction-ids.ts';

/** `heard` may bring the whole fleet at once; one write of this many rows is about 2 ms. */
const HEARD_PER_WRITE_MAX = 1000;
/** Above every character that an actor id may hold, so that a prefix is a range of the index. */
const LAST_CHARACTER = '\u{10FFFF}';

type StoreOptions = {
  readonly connection: Connection;
  readonly committer: GroupCommitter;
  readonly rows: RowWriter;
  readonly epoch: number;
};
type SnapshotColumns = [actorId: string, version: number, schema: number, state: string];

/** Actors' snapshots with what their decisions stored. Reads are immediate, writes go through the group committer. */
export class SqliteActorStore implements ActorStore {
  readonly #committer: GroupCommitter;
  readonly #rows: RowWriter;
  readonly #epoch: number;
  readonly #statements;
  readonly #transactionIds: TransactionIds;

  constructor({ connection, committer, rows, epoch }: StoreOptions) {
    this.#committer = committer;
    this.#rows = rows;
    this.#epoch = epoch;
    this.#statements = storeStatements(connection);
    this.#transactionIds = new TransactionIds({ connection, committer, idMax: TRANSACTION_ID_MAX });
  }

  async claimMany(ids: readonly ActorId[]): Promise<readonly Claim[]> {
    this.#mustOwnEpoch();
    return ids.map((actorId) => {
      const columns = this.#statements.snapshot.get(actorId) as unknown as SnapshotColumns | undefined;
      if (!columns) return { actorId, epoch: this.#epoch, version: 0, schema: 0, state: null };
      return claimOf(columns, this.#epoch);
    });
  }

  async claimAll(prefix: string): Promise<readonly Claim[]> {
    this.#mustOwnEpoch();
    const found = this.#statements.snapshotsFrom.all(prefix, prefix + LAST_CHARACTER) as unknown as SnapshotColumns[];
    return found.map((columns) => claimOf(columns, this.#epoch));
  }

  commit(commit: Commit): Promise<CommitResult> {
    return this.#committer.write<CommitResult>({ apply: () => this.#apply(commit), refused: refusalOfCommit });
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
    if (snapshot !== null) {
      const { actorId, version } = fence;
      const { insert, update } = this.#statements;
      const state = JSON.stringify(snapshot.state);
      const written =
        version === 0
          ? insert.run(actorId, this.#epoch, snapshot.schema, state)
          : update.run(this.#epoch, snapshot.schema, state, actorId, version, this.#epoch);
      if (written.changes === 0) throw new RowsRefused('fenced');
    }
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
  const snapshots = build.selectFrom('actor_snapshot').select(['actor_id', 'version', 'schema', 'state']);
  const timers = build.selectFrom('timer').select(['actor_id as actorId', 'key', 'at_ms as atMs', 'message']);
  return {
    snapshot: prepare(connection, snapshots.where('actor_id', '=', slot)).raw(),
    snapshotsFrom: prepare(
      connection,
      snapshots.where('actor_id', '>=', slot).where('actor_id', '<', slot).orderBy('actor_id'),
    ).raw(),
    insert: prepare(
      connection,
      build
        .insertInto('actor_snapshot')
        .values(({ lit }) => ({ actor_id: slot, epoch: slot, version: lit(1), schema: slot, state: slot }))
        .onConflict((conflict) => conflict.doNothing()),
    ),
    update: prepare(
      connection,
      build
        .updateTable('actor_snapshot')
        .set(({ eb, lit }) => ({ epoch: slot, version: eb('version', '+', lit(1)), schema: slot, state: slot }))
        .where('actor_id', '=', slot)
        .where('version', '=', slot)
        .where('epoch', '<=', slot),
    ),
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

function claimOf([actorId, version, schema, state]: SnapshotColumns, epoch: number): Claim {
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
