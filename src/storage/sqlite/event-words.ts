import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { builder, one, prepare, prepareValue, slot, type Connection } from './connection.ts';
import { BUCKETS, bucketsOf } from './event-grams.ts';
import { BLOCK_IDS, BLOCKS, RunMasks, type BlockBits } from './event-masks.ts';
import { RUN_IDS, runOf, type FollowedEvent, type RunKeeper } from './event-runs.ts';
import type { GroupCommitter } from './group-commit.ts';

/** Buckets in one row on disk, of 8 bytes each. */
const PAGE_BUCKETS = 512;
/** Rows of a whole run. */
export const WORD_PAGES = BUCKETS / PAGE_BUCKETS;
/** Rows written in one transaction: 32 KiB, less than 1 ms. */
const WRITE_PAGES = 8;
/** Runs looked up before chargers get their turn: about 1 ms. */
const RUNS_AT_ONCE = 16;

/** Ids to be looked at: `from` included, `to` not. */
export type IdRange = { readonly from: number; readonly to: number };

/**
 * Knows where in the journal a text of five letters or more cannot be, so that a search of millions of events reads a
 * few blocks of them. Each five letters in a row set one bit of a bucket for their block of 512 events. `EventFollower`
 * hands it the journal. It may name a block too many, never one too few: what it was not handed yet may hold anything.
 */
export class EventWords implements RunKeeper {
  readonly #committer: GroupCommitter;
  readonly #statements;
  /** Runs that are read, or are being read, and not all on disk yet. */
  readonly #unsealed = new Map<number, RunMasks>();

  constructor(connection: Connection, committer: GroupCommitter) {
    this.#committer = committer;
    this.#statements = wordStatements(connection);
  }

  /** Where in `[from, to)` the text may be, in the order of the search; everywhere for a text that is too short. */
  async *rangesOf(
    text: string,
    { from, to, oldestFirst }: IdRange & { readonly oldestFirst: boolean },
  ): AsyncGenerator<IdRange> {
    const buckets = [...bucketsOf(text)];
    const first = Math.max(from, this.#statements.firstEvent.get() ?? 0);
    const end = Math.min(to, (this.#statements.lastEvent.get() ?? 0) + 1);
    if (buckets.length === 0) return yield { from: first, to: end };
    const oldest = runOf(first);
    const count = Math.max(0, runOf(end - 1) - oldest + 1);
    for (let step = 0; step < count; step += 1) {
      const blocks = this.#blocksOf(oldest + (oldestFirst ? step : count - 1 - step), buckets);
      yield* within(oldestFirst ? blocks : blocks.toReversed(), first, end);
      if (step % RUNS_AT_ONCE === RUNS_AT_ONCE - 1) await nextTurn();
    }
  }

  take(run: number, events: readonly FollowedEvent[]): void {
    if (events.length === 0) return;
    const masks = this.#unsealed.get(run) ?? new RunMasks();
    this.#unsealed.set(run, masks);
    for (const event of events) masks.add(event);
  }

  end(run: number): void {
    this.#unsealed.get(run)?.end();
  }

  /** Page by page: the last page says that a run is whole. */
  async seal(run: number, mayGoOn: () => boolean): Promise<boolean> {
    const masks = this.#unsealed.get(run);
    if (masks === undefined) return true;
    for (let page = 0; page < WORD_PAGES; page += WRITE_PAGES) {
      if (!mayGoOn()) return false;
      const apply = () => {
        for (let next = page; next < page + WRITE_PAGES; next += 1) {
          const bytes = masks.bytes(next * PAGE_BUCKETS, (next + 1) * PAGE_BUCKETS);
          this.#statements.put.run(run * WORD_PAGES + next, bytes);
        }
      };
      await this.#committer.writeInPassing({ apply, refused: rethrow });
    }
    this.#unsealed.delete(run);
    return true;
  }

  isWhole(run: number): boolean {
    return this.#statements.isThere.get((run + 1) * WORD_PAGES - 1) !== undefined;
  }

  async purge(run: number): Promise<void> {
    let went = WRITE_PAGES;
    while (went === WRITE_PAGES) {
      const purge = () => this.#statements.purge.run(run * WORD_PAGES, WRITE_PAGES).changes;
      went = await this.#committer.writeInPassing({ apply: purge, refused: rethrow });
    }
  }

  /**
   * The blocks of a run that have all of these buckets, neighbours joined, oldest first. What is rare in one run is rare
   * in the next one: the bucket that ruled a run out is asked first from then on, and each costs a page.
   */
  #blocksOf(run: number, buckets: number[]): readonly IdRange[] {
    let low = -1;
    let high = -1;
    const known = this.#unsealed.get(run);
    for (const [at, bucket] of buckets.entries()) {
      const [first, last] = known?.blocksOf(bucket) ?? this.#stored(run, bucket);
      low &= first;
      high &= last;
      if ((low | high) !== 0) continue;
      buckets.splice(at, 1);
      buckets.unshift(bucket);
      return [];
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
  #stored(run: number, bucket: number): BlockBits {
    const page = run * WORD_PAGES + Math.floor(bucket / PAGE_BUCKETS);
    const hex = this.#statements.bits.get((bucket % PAGE_BUCKETS) * 8 + 1, page);
    return hex === undefined ? [-1, -1] : [littleEndian(hex, 0), littleEndian(hex, 8)];
  }
}

/** Four bytes, lowest first, of their sixteen hexadecimal digits. */
function littleEndian(hex: string, from: number): number {
  const byte = (at: number): number => Number.parseInt(hex.slice(from + 2 * at, from + 2 * at + 2), 16);
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
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
    firstEvent: prepareValue(connection, events.select('id').orderBy('id').limit(one)),
    lastEvent: prepareValue(connection, events.select('id').orderBy('id', 'desc').limit(one)),
    isThere: prepareValue(connection, pages.select('id').where('id', '=', slot)),
    // As text: a search asks for hundreds, and bytes outside of the heap make the collector stop for all of it.
    bits: prepareValue(
      connection,
      pages.select(sql<string>`hex(substr(masks, ${slot}, 8))`.as('bits')).where('id', '=', slot),
    ),
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
