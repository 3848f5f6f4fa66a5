import { clearInterval, setInterval } from 'node:timers';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { builder, one, prepare, prepareValue, slot, type Connection } from './connection.ts';
import { BUCKETS, bucketsOf, eachBucket } from './event-grams.ts';
import type { GroupCommitter } from './group-commit.ts';

/** Events that one bit tells of. */
const BLOCK_IDS = 512;
/** Events of one run: a bucket has a bit for each of its blocks. */
const BLOCKS = 64;
export const RUN_IDS = BLOCK_IDS * BLOCKS;
/** Buckets in one row on disk, of 8 bytes each. */
const PAGE_BUCKETS = 512;
/** Rows of a whole run. */
export const WORD_PAGES = BUCKETS / PAGE_BUCKETS;
/** Events read before chargers get their turn: about 2 ms. */
const READ_ROWS = 250;
/** A journal from before there were words is read at leisure: it rests for many times what a reading took. */
const REST_TIMES = 20;
const REST_MS_MAX = 50;
/** Rows written in one transaction: 32 KiB, less than 1 ms. */
const WRITE_PAGES = 8;
/** How far it lags behind. */
const FOLLOW_MS = 500;
/** Runs looked up before chargers get their turn: about 1 ms. */
const RUNS_AT_ONCE = 16;

/** For each bucket, in which blocks of a run it is: two words of 32 bits. */
type Masks = Uint32Array;

/** Ids to be looked at: `from` included, `to` not. */
export type IdRange = { readonly from: number; readonly to: number };

/**
 * Knows where in the journal a text of five letters or more cannot be, so that a search of millions of events reads a
 * few blocks of them. Each five letters in a row set one bit of a bucket for their block of 512 events. It follows the
 * journal from behind as `EventPostings` does, and no frame waits for it. It may name a block too many, never one too few.
 */
export class EventWords {
  readonly #committer: GroupCommitter;
  readonly #statements;
  readonly #timer: NodeJS.Timeout;
  /** Runs that are read, or are being read, and not all on disk yet. */
  readonly #unsealed = new Map<number, Masks>();
  #run: number;
  /** The first id that is not read yet: what follows may hold anything. */
  #nextId: number;
  #following: Promise<void> | null = null;
  #closed = false;

  constructor(connection: Connection, committer: GroupCommitter) {
    this.#committer = committer;
    this.#statements = wordStatements(connection);
    this.#run = this.#firstUnsealedRun();
    this.#nextId = this.#run * RUN_IDS;
    this.#timer = setInterval(() => void this.follow().catch(() => undefined), FOLLOW_MS).unref();
  }

  /** Reads the journal up to its end and writes what is whole. Rejects when the disk refuses, and goes on later. */
  follow(): Promise<void> {
    this.#following ??= this.#read()
      .then(() => this.#seal())
      .finally(() => (this.#following = null));
    return this.#following;
  }

  /** Where in `[from, to)` the text may be, in the order of the search; everywhere for a text that is too short. */
  async *rangesOf(
    text: string,
    { from, to, oldestFirst }: IdRange & { readonly oldestFirst: boolean },
  ): AsyncGenerator<IdRange> {
    const buckets = bucketsOf(text);
    const first = Math.max(from, this.#statements.firstEvent.get() ?? 0);
    const end = Math.min(to, (this.#statements.lastEvent.get() ?? 0) + 1);
    if (buckets.length === 0) return yield { from: first, to: end };
    // It goes on meanwhile: what is read later is looked at as a whole, once.
    const known = Math.min(end, this.#nextId);
    const unknown: IdRange[] = [{ from: Math.max(first, known), to: end }];
    const oldest = Math.floor(first / RUN_IDS);
    const newest = Math.floor((known - 1) / RUN_IDS);
    const count = Math.max(0, newest - oldest + 1);
    if (!oldestFirst) yield* within(unknown, first, end);
    for (let step = 0; step < count; step += 1) {
      const run = oldestFirst ? oldest + step : newest - step;
      const blocks = this.#blocksOf(run, buckets);
      yield* within(oldestFirst ? blocks : blocks.toReversed(), first, known);
      if (step % RUNS_AT_ONCE === RUNS_AT_ONCE - 1) await nextTurn();
    }
    if (oldestFirst) yield* within(unknown, first, end);
  }

  /** Forgets the runs whose events are all purged. */
  async purge(): Promise<void> {
    const first = Math.floor((this.#statements.firstEvent.get() ?? this.#nextId) / RUN_IDS);
    const before = Math.min(first, this.#run) * WORD_PAGES;
    let went = WRITE_PAGES;
    while (went === WRITE_PAGES) {
      const purge = () => this.#statements.purge.run(before, WRITE_PAGES).changes;
      went = await this.#committer.write({ apply: purge, refused: rethrow });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#following?.catch(() => undefined);
  }

  async #read(): Promise<void> {
    while (!this.#closed) {
      const end = (this.#run + 1) * RUN_IDS;
      const startedMs = performance.now();
      const rows = this.#statements.read.all(this.#nextId, end, READ_ROWS);
      for (const { id, name, request, answer, note } of rows) {
        this.#remember(id, [name, request, answer, note]);
        this.#nextId = id + 1;
      }
      if (rows.length === READ_ROWS) {
        await pause(Math.min(REST_MS_MAX, REST_TIMES * (performance.now() - startedMs)));
        continue;
      }
      // The run is over once an event of a later one is there: ids only grow.
      if ((this.#statements.lastEvent.get() ?? 0) < end) return;
      this.#run += 1;
      this.#nextId = end;
      await this.#seal();
    }
  }

  #remember(id: number, texts: readonly (string | null)[]): void {
    const masks = this.#unsealed.get(this.#run) ?? new Uint32Array(BUCKETS * 2);
    this.#unsealed.set(this.#run, masks);
    const block = Math.floor((id % RUN_IDS) / BLOCK_IDS);
    const half = block >> 5;
    const bit = 1 << (block & 31);
    for (const text of texts) {
      if (text !== null) eachBucket(text, (bucket) => (masks[bucket * 2 + half]! |= bit));
    }
  }

  /** Writes the runs that are over, oldest first, page by page: the last page says that a run is whole. */
  async #seal(): Promise<void> {
    for (const [run, masks] of this.#unsealed) {
      if (run === this.#run) return;
      for (let page = 0; page < WORD_PAGES; page += WRITE_PAGES) {
        if (this.#closed) return;
        const apply = () => {
          for (let next = page; next < page + WRITE_PAGES; next += 1) {
            const words = masks.subarray(next * PAGE_BUCKETS * 2, (next + 1) * PAGE_BUCKETS * 2);
            this.#statements.put.run(run * WORD_PAGES + next, new Uint8Array(words.slice().buffer));
          }
        };
        await this.#committer.write({ apply, refused: rethrow });
      }
      this.#unsealed.delete(run);
    }
  }

  /** The blocks of a run that have all of these buckets, neighbours joined, oldest first. */
  #blocksOf(run: number, buckets: readonly number[]): readonly IdRange[] {
    let low = -1;
    let high = -1;
    const known = this.#unsealed.get(run);
    for (const bucket of buckets) {
      const [a, b] = known === undefined ? this.#stored(run, bucket) : [known[bucket * 2]!, known[bucket * 2 + 1]!];
      low &= a;
      high &= b;
      if ((low | high) === 0) return [];
    }
    const ranges: { from: number; to: number }[] = [];
    for (let block = 0; block < BLOCKS; block += 1) {
      const isIn = ((block < 32 ? low : high) >>> (block & 31)) & 1;
      if (isIn === 0) continue;
      const from = run * RUN_IDS + block * BLOCK_IDS;
      const before = ranges.at(-1);
      if (before?.to === from) before.to += BLOCK_IDS;
      else ranges.push({ from, to: from + BLOCK_IDS });
    }
    return ranges;
  }

  /** A page that is missing tells nothing: everything may be there. */
  #stored(run: number, bucket: number): readonly [number, number] {
    const page = this.#statements.page.get(run * WORD_PAGES + Math.floor(bucket / PAGE_BUCKETS));
    if (page === undefined) return [-1, -1];
    const at = (bucket % PAGE_BUCKETS) * 8;
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    return [view.getUint32(at, true), view.getUint32(at + 4, true)];
  }

  /** A crash while sealing leaves a run without its last page: it is read and written again. */
  #firstUnsealedRun(): number {
    const last = this.#statements.lastPage.get();
    if (last === undefined) return Math.floor((this.#statements.firstEvent.get() ?? 0) / RUN_IDS);
    return last % WORD_PAGES === WORD_PAGES - 1 ? Math.floor(last / WORD_PAGES) + 1 : Math.floor(last / WORD_PAGES);
  }
}

function* within(ranges: readonly IdRange[], from: number, to: number): Generator<IdRange> {
  for (const range of ranges) {
    const cut = { from: Math.max(range.from, from), to: Math.min(range.to, to) };
    if (cut.from < cut.to) yield cut;
  }
}

function wordStatements(connection: Connection) {
  const build = builder(connection);
  const events = build.selectFrom('event');
  const pages = build.selectFrom('event_words');
  return {
    read: prepare(
      connection,
      events
        .select(['id', 'name', 'request', 'answer', 'note'])
        .where('id', '>=', slot)
        .where('id', '<', slot)
        .orderBy('id')
        .limit(slot),
    ),
    firstEvent: prepareValue(connection, events.select('id').orderBy('id').limit(one)),
    lastEvent: prepareValue(connection, events.select('id').orderBy('id', 'desc').limit(one)),
    lastPage: prepareValue(connection, pages.select('id').orderBy('id', 'desc').limit(one)),
    page: prepareValue(connection, pages.select('masks').where('id', '=', slot)),
    put: prepare(
      connection,
      build
        .insertInto('event_words')
        .values({ id: slot, masks: slot })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(({ ref }) => ({ masks: ref('excluded.masks') }))),
    ),
    purge: prepare(connection, build.deleteFrom('event_words').where('id', '<', slot).limit(slot)),
  };
}

function rethrow(error: unknown): never {
  throw error;
}
