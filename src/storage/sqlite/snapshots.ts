import { clearInterval, setInterval } from 'node:timers';
import type { ActorId } from '../ports.ts';
import { compareText, RowsRefused } from '../rows.ts';
import { builder, one, prepare, prepareValue, slot, type Connection } from './connection.ts';
import type { GroupCommitter } from './group-commit.ts';
import type { Gathered } from './group-write.ts';

/** How long a snapshot stays in the log when it is not full: an actor that changes meanwhile costs one page for all. */
const FOLD_MS = 5000;
/** Text in the log that begins a fold at once. A start after a crash folds this much in about 0.5 s. */
const LOG_CHARACTERS_MAX = 32_000_000;
/** Snapshots folded in one transaction: about 1 ms. */
const FOLD_ROWS = 250;
/** Above every character that an actor id may hold, so that a prefix is a range of the index. */
const LAST_CHARACTER = '\u{10FFFF}';

/** `state` is JSON. */
export type StoredSnapshot = { readonly version: number; readonly schema: number; readonly state: string };
type Columns = [actorId: ActorId, version: number, schema: number, state: string];
/** One snapshot as a row of the log holds it, among those of its group. */
type Logged = [actorId: ActorId, version: number, schema: number, state: unknown];

/**
 * The latest snapshot of each actor. Those of a group are appended to the log as one row, since a row of each actor
 * would cost a page of its own; from there they are folded into their table in the background (decision 0010). What is
 * in the log is in memory as well, so that a read is right at any moment.
 */
export class Snapshots implements Gathered {
  readonly #committer: GroupCommitter;
  readonly #epoch: number;
  readonly #statements;
  readonly #timer: NodeJS.Timeout;
  /** What the log holds and the table does not, or not yet for sure. */
  readonly #latest = new Map<ActorId, StoredSnapshot>();
  /** What this transaction changed in `#latest`, oldest first. */
  #changes: { readonly actorId: ActorId; readonly before: StoredSnapshot | undefined }[] = [];
  /** Snapshots of the latest changes, which wait for the next row of the log. */
  #waiting: string[] = [];
  #seq = 0;
  #foldedSeq = 0;
  #logCharacters = 0;
  /** A transaction that failed after it had written this row of the log: the log knows whether it is there. */
  #doubtful: number | null = null;
  #folding: Promise<void> | null = null;

  constructor(options: {
    readonly connection: Connection;
    readonly committer: GroupCommitter;
    readonly epoch: number;
  }) {
    this.#committer = options.committer;
    this.#epoch = options.epoch;
    this.#statements = snapshotStatements(options.connection);
    this.#committer.gather(this);
    this.#timer = setInterval(() => void this.fold().catch(() => undefined), FOLD_MS).unref();
  }

  get(actorId: ActorId): StoredSnapshot | undefined {
    this.#settleDoubt();
    return this.#latest.get(actorId) ?? this.#stored(actorId);
  }

  /** In the order of their ids. */
  getAll(prefix: string): readonly (readonly [ActorId, StoredSnapshot])[] {
    this.#settleDoubt();
    const columns = this.#statements.from.all(prefix, prefix + LAST_CHARACTER) as unknown as Columns[];
    const stored = columns.map(([actorId, version, schema, state]) => [actorId, { version, schema, state }] as const);
    // At a start, when all of the fleet is read, nothing is in the log.
    if (this.#latest.size === 0) return stored;
    const found = new Map(stored);
    for (const [actorId, snapshot] of this.#latest) if (actorId.startsWith(prefix)) found.set(actorId, snapshot);
    return found.size === stored.length ? [...found] : [...found].toSorted(([a], [b]) => compareText(a, b));
  }

  /** Inside a transaction: the snapshot after `version`. @throws RowsRefused when the actor is not at that version. */
  put(actorId: ActorId, version: number, snapshot: { readonly schema: number; readonly state: unknown }): void {
    this.#settleDoubt();
    const before = this.#latest.get(actorId);
    const current = before === undefined ? (this.#statements.version.get(actorId) ?? 0) : before.version;
    if (current !== version) throw new RowsRefused('fenced');
    const state = JSON.stringify(snapshot.state) as string | undefined;
    if (state === undefined) throw new TypeError(`the state of ${actorId} is not JSON`);
    const { schema } = snapshot;
    this.#latest.set(actorId, { version: version + 1, schema, state });
    this.#changes.push({ actorId, before });
    this.#waiting.push(`[${JSON.stringify(actorId)},${version + 1},${schema},${state}]`);
  }

  write(): void {
    if (this.#waiting.length === 0) return;
    const text = `[${this.#waiting.join(',\n')}]`;
    this.#statements.append.run(this.#seq + 1, this.#epoch, text);
    this.#seq += 1;
    this.#logCharacters += text.length;
    this.#waiting = [];
  }

  forget(): void {
    this.#undo(this.#waiting.length);
    this.#waiting = [];
  }

  committed(): void {
    // While there is a doubt, this transaction changed nothing: what is kept belongs to the one that failed.
    if (this.#doubtful === null) this.#changes = [];
    if (this.#logCharacters > LOG_CHARACTERS_MAX) void this.fold().catch(() => undefined);
  }

  rolledBack(): void {
    this.forget();
    if (this.#changes.length > 0) this.#doubtful = this.#seq;
  }

  /** Moves what the log holds by now into the table. Rejects when the disk refuses; what it did not reach stays. */
  fold(): Promise<void> {
    this.#folding ??= this.#fold().finally(() => (this.#folding = null));
    return this.#folding;
  }

  /** A disk that refuses keeps the log as it is, for the next start. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#folding?.catch(() => undefined);
    await this.fold().catch(() => undefined);
  }

  async #fold(): Promise<void> {
    this.#settleDoubt();
    const seq = this.#seq;
    if (seq === this.#foldedSeq) return;
    const ids = [...this.#latest.keys()];
    this.#logCharacters = 0;
    for (let from = 0; from === 0 || from < ids.length; from += FOLD_ROWS) {
      const bite = ids.slice(from, from + FOLD_ROWS);
      // The rows of the log go with the last bite: each actor in them is in the table by then, as it is or newer.
      const emptyTo = from + FOLD_ROWS < ids.length ? 0 : seq;
      const folded = await this.#committer.write({ apply: () => this.#foldBite(bite, emptyTo), refused: rethrow });
      for (const [actorId, snapshot] of folded) {
        if (this.#latest.get(actorId) === snapshot) this.#latest.delete(actorId);
      }
    }
    this.#foldedSeq = seq;
  }

  #foldBite(ids: readonly ActorId[], emptyTo: number): readonly (readonly [ActorId, StoredSnapshot])[] {
    this.#settleDoubt();
    const latest = ids.flatMap((actorId) => {
      const snapshot = this.#latest.get(actorId);
      return snapshot ? [[actorId, snapshot] as const] : [];
    });
    for (const [actorId, { version, schema, state }] of latest) {
      this.#statements.fold.run(actorId, this.#epoch, version, schema, state);
    }
    if (emptyTo > 0) this.#statements.empty.run(emptyTo);
    return latest;
  }

  /** A refused COMMIT may have reached the disk: memory then follows what is there. @throws what SQLite throws. */
  #settleDoubt(): void {
    if (this.#doubtful === null) return;
    const isThere = this.#statements.logged.get(this.#doubtful) !== undefined;
    if (!isThere) this.#undo(this.#changes.length);
    this.#changes = [];
    this.#doubtful = null;
  }

  /** Takes back the latest `count` changes. */
  #undo(count: number): void {
    for (const { actorId, before } of this.#changes.splice(this.#changes.length - count).toReversed()) {
      if (before === undefined) this.#latest.delete(actorId);
      else this.#latest.set(actorId, before);
    }
  }

  #stored(actorId: ActorId): StoredSnapshot | undefined {
    const columns = this.#statements.one.get(actorId) as unknown as Columns | undefined;
    if (columns === undefined) return undefined;
    const [, version, schema, state] = columns;
    return { version, schema, state };
  }
}

/** At a start, in the transaction that takes the epoch: what a crash left in the log goes to the table. */
export function foldLeftovers(connection: Connection, epoch: number): void {
  const { after, fold, empty } = snapshotStatements(connection);
  const latest = new Map<ActorId, Logged>();
  let seq = 0;
  for (let row = after.get(seq); row !== undefined; row = after.get(seq)) {
    for (const logged of JSON.parse(row.snapshots) as Logged[]) latest.set(logged[0], logged);
    ({ seq } = row);
  }
  for (const [actorId, version, schema, state] of latest.values()) {
    fold.run(actorId, epoch, version, schema, JSON.stringify(state));
  }
  empty.run(seq);
}

function snapshotStatements(connection: Connection) {
  const build = builder(connection);
  const snapshots = build.selectFrom('actor_snapshot').select(['actor_id', 'version', 'schema', 'state']);
  const log = build.selectFrom('snapshot_log');
  return {
    one: prepare(connection, snapshots.where('actor_id', '=', slot)).raw(),
    from: prepare(
      connection,
      snapshots.where('actor_id', '>=', slot).where('actor_id', '<', slot).orderBy('actor_id'),
    ).raw(),
    version: prepareValue(
      connection,
      build.selectFrom('actor_snapshot').select('version').where('actor_id', '=', slot),
    ),
    // A row of the log may be older than the table: the later version stays.
    fold: prepare(
      connection,
      build
        .insertInto('actor_snapshot')
        .values({ actor_id: slot, epoch: slot, version: slot, schema: slot, state: slot })
        .onConflict((conflict) =>
          conflict
            .column('actor_id')
            .doUpdateSet(({ ref }) => ({
              epoch: ref('excluded.epoch'),
              version: ref('excluded.version'),
              schema: ref('excluded.schema'),
              state: ref('excluded.state'),
            }))
            .whereRef('excluded.version', '>', 'actor_snapshot.version'),
        ),
    ),
    append: prepare(connection, build.insertInto('snapshot_log').values({ seq: slot, epoch: slot, snapshots: slot })),
    logged: prepareValue(connection, log.select('seq').where('seq', '=', slot)),
    after: prepare(connection, log.select(['seq', 'snapshots']).where('seq', '>', slot).orderBy('seq').limit(one)),
    empty: prepare(connection, build.deleteFrom('snapshot_log').where('seq', '<=', slot)),
  };
}

function rethrow(error: unknown): never {
  throw error;
}
