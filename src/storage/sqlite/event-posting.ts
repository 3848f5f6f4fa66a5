import { clearInterval, setInterval } from 'node:timers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { ChargePointId } from '#src/domain/ids.ts';
import { builder, one, prepare, prepareValue, slot, type Connection } from './connection.ts';
import type { GroupCommitter } from './group-commit.ts';

/** Ids per run; a distance from the run's first id fits 16 bits. */
const RUN_IDS = 32_768;
/** Events read before chargers get their turn: about 2 ms. */
const READ_ROWS = 2000;
/** Postings written in one transaction: about 1 ms. */
const WRITE_ROWS = 500;
/** Runs whose postings are read at once: few at first, for the newest event is asked for most; then about 0.1 ms. */
const RUNS_AT_FIRST = 2;
const RUNS_AT_ONCE = 32;
/** How far the postings in memory lag behind when nobody asks. */
const FOLLOW_MS = 500;
/** Marks a run whose postings are all on disk. No charge point is called so. */
const SEALED = '';

/** Ids in growing order. */
type Posting = Map<ChargePointId, number[]>;

/**
 * Knows which events belong to which charge point, without an index that every frame would pay for with a page of its
 * own. It follows the journal from behind: the latest run of ids is kept in memory, each earlier one is written to disk
 * as one row per charge point, in order. What it says may hold an id too many (a purged event), never one too few.
 */
export class EventPostings {
  readonly #committer: GroupCommitter;
  readonly #statements;
  readonly #timer: NodeJS.Timeout;
  /** The runs that are not all on disk yet: those that wait for it, and the one being read. */
  readonly #unsealed = new Map<number, Posting>();
  #run: number;
  #nextId: number;
  #following: Promise<void> | null = null;
  #sealing: Promise<void> | null = null;
  #closed = false;

  constructor(connection: Connection, committer: GroupCommitter) {
    this.#committer = committer;
    this.#statements = postingStatements(connection);
    this.#run = this.#firstUnsealedRun();
    this.#nextId = this.#run * RUN_IDS;
    this.#unsealed.set(this.#run, new Map());
    this.#timer = setInterval(() => void this.follow().catch(() => undefined), FOLLOW_MS).unref();
  }

  /** Reads the journal up to its end. Rejects when the disk refuses; what is known stays right, and it goes on later. */
  follow(): Promise<void> {
    this.#following ??= this.#read().finally(() => (this.#following = null));
    return this.#following;
  }

  /** The ids of a charge point's events in `[from, to)`, run by run, newest or oldest first. Call `follow` before. */
  *idsOf(
    chargePointId: ChargePointId,
    range: { readonly from: number; readonly to: number; readonly oldestFirst: boolean },
  ) {
    const { from, to, oldestFirst } = range;
    const oldestRun = Math.max(runOf(from), runOf(this.#statements.firstEvent.get() ?? this.#nextId));
    const newestRun = Math.min(runOf(to - 1), this.#run);
    const count = Math.max(0, newestRun - oldestRun + 1);
    const runs = Array.from({ length: count }, (_, step) => (oldestFirst ? oldestRun + step : newestRun - step));
    for (let at = 0, some = RUNS_AT_FIRST; at < count; at += some, some = Math.min(2 * some, RUNS_AT_ONCE)) {
      for (const ids of this.#known(runs.slice(at, at + some), chargePointId)) {
        const inside = ids.filter((id) => id >= from && id < to);
        if (inside.length > 0) yield oldestFirst ? inside : inside.toReversed();
      }
    }
  }

  /** Forgets the runs whose events are all purged. */
  async purge(): Promise<void> {
    const first = this.#statements.firstEvent.get() ?? this.#nextId;
    let went = WRITE_ROWS;
    while (went === WRITE_ROWS) {
      const purge = () => this.#statements.purge.run(Math.min(runOf(first), this.#run), WRITE_ROWS).changes;
      went = await this.#committer.write({ apply: purge, refused: rethrow });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#following?.catch(() => undefined);
    await this.#sealing;
  }

  async #read(): Promise<void> {
    for (;;) {
      const end = (this.#run + 1) * RUN_IDS;
      const rows = this.#statements.read.all(this.#nextId, end, READ_ROWS) as unknown as [number, string | null][];
      this.#remember(rows);
      if (rows.length < READ_ROWS) {
        // The run is over once an event of a later one is there: ids only grow.
        if ((this.#statements.lastEvent.get() ?? 0) < end) break;
        this.#run += 1;
        this.#nextId = end;
        this.#unsealed.set(this.#run, new Map());
      }
      await nextTurn();
      if (this.#closed) return;
    }
    // A refused disk leaves its runs in memory, for the next time.
    this.#sealing ??= this.#seal()
      .catch(() => undefined)
      .finally(() => (this.#sealing = null));
  }

  #remember(rows: readonly (readonly [number, string | null])[]): void {
    const posting = this.#unsealed.get(this.#run);
    if (!posting) return;
    for (const [id, chargePointId] of rows) {
      this.#nextId = id + 1;
      if (chargePointId === null) continue;
      const known = posting.get(chargePointId);
      if (known) known.push(id);
      else posting.set(chargePointId, [id]);
    }
  }

  /** Writes the runs that are over, oldest first, each with its mark at the end. */
  async #seal(): Promise<void> {
    for (const [run, posting] of this.#unsealed) {
      if (run === this.#run) return;
      const rows = [...posting]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([of, ids]) => [of, pack(run, ids)] as const);
      rows.push([SEALED, new Uint8Array()]);
      for (let from = 0; from < rows.length; from += WRITE_ROWS) {
        if (this.#closed) return;
        const bite = rows.slice(from, from + WRITE_ROWS);
        const apply = () => bite.forEach(([of, offsets]) => this.#statements.put.run(run, of, offsets));
        await this.#committer.write({ apply, refused: rethrow });
      }
      this.#unsealed.delete(run);
    }
  }

  /** What memory and disk know of these runs, in their order, read in one go: a run moves from one to the other. */
  #known(runs: readonly number[], chargePointId: ChargePointId): readonly (readonly number[])[] {
    const found = this.#statements.offsetsOf.all(JSON.stringify(runs), chargePointId);
    const stored = new Map(found.map(({ run, offsets }) => [run, offsets]));
    return runs.map((run) => {
      const offsets = stored.get(run);
      return this.#unsealed.get(run)?.get(chargePointId) ?? (offsets === undefined ? [] : unpack(run, offsets));
    });
  }

  /** A crash while sealing leaves a run without its mark: it is read and written again. */
  #firstUnsealedRun(): number {
    const last = this.#statements.lastRun.get();
    if (last === undefined) return runOf(this.#statements.firstEvent.get() ?? 0);
    return this.#statements.offsets.get(last, SEALED) === undefined ? last : last + 1;
  }
}

function postingStatements(connection: Connection) {
  const build = builder(connection);
  const postings = build.selectFrom('event_posting');
  const events = build.selectFrom('event');
  return {
    read: prepare(
      connection,
      events.select(['id', 'charge_point_id']).where('id', '>=', slot).where('id', '<', slot).orderBy('id').limit(slot),
    ).raw(),
    firstEvent: prepareValue(connection, events.select('id').orderBy('id').limit(one)),
    lastEvent: prepareValue(connection, events.select('id').orderBy('id', 'desc').limit(one)),
    lastRun: prepareValue(connection, postings.select('run').orderBy('run', 'desc').limit(one)),
    offsets: prepareValue(
      connection,
      postings.select('offsets').where('run', '=', slot).where('charge_point_id', '=', slot),
    ),
    offsetsOf: prepare(
      connection,
      postings
        .select(['run', 'offsets'])
        .where(sql<boolean>`run in (select value from json_each(${slot}))`)
        .where('charge_point_id', '=', slot),
    ),
    put: prepare(
      connection,
      build
        .insertInto('event_posting')
        .values({ run: slot, charge_point_id: slot, offsets: slot })
        .onConflict((conflict) =>
          conflict.columns(['run', 'charge_point_id']).doUpdateSet(({ ref }) => ({ offsets: ref('excluded.offsets') })),
        ),
    ),
    purge: prepare(connection, build.deleteFrom('event_posting').where('run', '<', slot).limit(slot)),
  };
}

function runOf(id: number): number {
  return Math.floor(id / RUN_IDS);
}

function pack(run: number, ids: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(ids, (id) => id - run * RUN_IDS).buffer);
}

function unpack(run: number, offsets: Uint8Array): readonly number[] {
  // A copy, since the bytes SQLite hands out need not be aligned.
  return Array.from(new Uint16Array(Uint8Array.from(offsets).buffer), (offset) => offset + run * RUN_IDS);
}

function rethrow(error: unknown): never {
  throw error;
}
