import { sql } from 'kysely';
import type { ChargePointId } from '#src/domain/ids.ts';
import { builder, one, prepare, prepareValue, slot, type Connection } from './connection.ts';
import { RUN_IDS, runOf, type FollowedEvent, type RunKeeper } from './event-runs.ts';
import type { GroupCommitter } from './group-commit.ts';

/** Postings written in one transaction: about 1 ms. */
const WRITE_ROWS = 500;
/** Runs whose postings are read at once: few at first, for the newest event is asked for most; then about 0.1 ms. */
const RUNS_AT_FIRST = 2;
const RUNS_AT_ONCE = 32;
/** Marks a run whose postings are all on disk. No charge point is called so. */
const SEALED = '';

/** Ids in growing order. */
type Posting = Map<ChargePointId, number[]>;

/**
 * Knows which events belong to which charge point, without an index that every frame would pay for with a page of its
 * own. `EventFollower` hands it the journal: the latest run of ids is kept in memory, each earlier one is written to
 * disk as one row per charge point, in order. What it says may hold an id too many (a purged event), never one too few.
 */
export class EventPostings implements RunKeeper {
  readonly #committer: GroupCommitter;
  readonly #statements;
  /** The runs that are not all on disk yet: those that wait for it, and the one being read. */
  readonly #unsealed = new Map<number, Posting>();
  #newestRun = 0;

  constructor(connection: Connection, committer: GroupCommitter) {
    this.#committer = committer;
    this.#statements = postingStatements(connection);
  }

  /** The ids of a charge point's events in `[from, to)`, run by run, newest or oldest first. What was not handed over yet is not there. */
  *idsOf(
    chargePointId: ChargePointId,
    range: { readonly from: number; readonly to: number; readonly oldestFirst: boolean },
  ) {
    const { from, to, oldestFirst } = range;
    const oldestRun = Math.max(runOf(from), runOf(this.#statements.firstEvent.get() ?? 0));
    const newestRun = Math.min(runOf(to - 1), this.#newestRun);
    const count = Math.max(0, newestRun - oldestRun + 1);
    const runs = Array.from({ length: count }, (_, step) => (oldestFirst ? oldestRun + step : newestRun - step));
    for (let at = 0, some = RUNS_AT_FIRST; at < count; at += some, some = Math.min(2 * some, RUNS_AT_ONCE)) {
      for (const ids of this.#known(runs.slice(at, at + some), chargePointId)) {
        const inside = ids.filter((id) => id >= from && id < to);
        if (inside.length > 0) yield oldestFirst ? inside : inside.toReversed();
      }
    }
  }

  take(run: number, events: readonly FollowedEvent[]): void {
    this.#newestRun = Math.max(this.#newestRun, run);
    const posting = this.#unsealed.get(run) ?? new Map<ChargePointId, number[]>();
    this.#unsealed.set(run, posting);
    for (const [id, chargePointId] of events) {
      if (chargePointId === null) continue;
      const known = posting.get(chargePointId);
      if (known) known.push(id);
      else posting.set(chargePointId, [id]);
    }
  }

  end(): void {}

  /** With its mark at the end. */
  async seal(run: number, mayGoOn: () => boolean): Promise<boolean> {
    const rows = [...(this.#unsealed.get(run) ?? [])]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([of, ids]) => [of, pack(run, ids)] as const);
    rows.push([SEALED, new Uint8Array()]);
    for (let from = 0; from < rows.length; from += WRITE_ROWS) {
      if (!mayGoOn()) return false;
      const bite = rows.slice(from, from + WRITE_ROWS);
      const apply = () => bite.forEach(([of, offsets]) => this.#statements.put.run(run, of, offsets));
      await this.#committer.writeInPassing({ apply, refused: rethrow });
    }
    this.#unsealed.delete(run);
    return true;
  }

  async purge(run: number): Promise<void> {
    let went = WRITE_ROWS;
    while (went === WRITE_ROWS) {
      const purge = () => this.#statements.purge.run(run, WRITE_ROWS).changes;
      went = await this.#committer.writeInPassing({ apply: purge, refused: rethrow });
    }
  }

  /** The run to begin with; null when nothing is on disk. A crash while sealing leaves a run without its mark. */
  firstUnsealedRun(): number | null {
    const last = this.#statements.lastRun.get();
    if (last === undefined) return null;
    return this.#statements.offsets.get(last, SEALED) === undefined ? last : last + 1;
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
}

function postingStatements(connection: Connection) {
  const build = builder(connection);
  const postings = build.selectFrom('event_posting');
  const events = build.selectFrom('event');
  return {
    firstEvent: prepareValue(connection, events.select('id').orderBy('id').limit(one)),
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

function pack(run: number, ids: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(ids, (id) => id - run * RUN_IDS).buffer);
}

function unpack(run: number, offsets: Uint8Array): readonly number[] {
  const first = run * RUN_IDS;
  // Byte by byte, since the bytes SQLite hands out need not be aligned.
  return Array.from({ length: offsets.length / 2 }, (_, n) => first + offsets[2 * n]! + 256 * offsets[2 * n + 1]!);
}

function rethrow(error: unknown): never {
  throw error;
}
