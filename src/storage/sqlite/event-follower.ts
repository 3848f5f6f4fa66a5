import { clearInterval, setInterval } from 'node:timers';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { builder, one, prepare, prepareValue, slot, type Connection } from './connection.ts';
import type { EventPostings } from './event-posting.ts';
import { RUN_IDS, runOf, type FollowedEvent, type RunKeeper } from './event-runs.ts';
import type { EventWords } from './event-words.ts';

/** Events read before chargers get their turn: less than 1 ms. */
const READ_ROWS = 250;
/** It rests for so many times what a bite took: a fifth of a turn at most, until it has caught up. */
const REST_TIMES = 4;
/** A journal from before there were words is read at leisure. */
const OLD_REST_TIMES = 20;
const REST_MS_MAX = 50;
/** How far it lags behind when nobody asks: a search of one charger has this much to wait for at most. */
const FOLLOW_MS = 200;
/** Runs that wait for the disk before reading waits for it as well: each is 2 MB in memory. */
const UNSEALED_MAX = 2;

type Sealing = { readonly keeper: RunKeeper; readonly run: number };

/**
 * Follows the journal from behind and hands each event once to all that is kept of it: the postings of chargers and the
 * words of texts. No frame waits for it: it reads in small bites, rests between them, and writes a run when it is over.
 */
export class EventFollower {
  readonly postings: EventPostings;
  readonly words: EventWords;
  readonly #keepers: readonly RunKeeper[];
  readonly #statements;
  readonly #timer: NodeJS.Timeout;
  /** Runs that have ended and are not on disk yet, in order. */
  #unsealed: Sealing[] = [];
  #run: number;
  #nextId: number;
  #following: Promise<boolean> | null = null;
  #sealing: Promise<void> | null = null;
  /** Runs from before there were words, or whose words were not all on disk when the server ended. */
  readonly #old: number[];
  #catchingUp: Promise<void> | null = null;
  #hurried = false;
  #closed = false;

  constructor(connection: Connection, { postings, words }: { postings: EventPostings; words: EventWords }) {
    this.postings = postings;
    this.words = words;
    this.#keepers = [postings, words];
    this.#statements = followerStatements(connection);
    const first = runOf(this.#statements.firstEvent.get() ?? 0);
    this.#run = postings.firstUnsealedRun() ?? first;
    this.#nextId = this.#run * RUN_IDS;
    const before = Array.from({ length: Math.max(0, this.#run - first) }, (_, n) => first + n);
    this.#old = before.filter((run) => !words.isWhole(run));
    this.#timer = setInterval(() => void this.#follow().catch(() => undefined), FOLLOW_MS).unref();
  }

  /**
   * Reads the journal up to its end, without rest; whether it came so far. With a disk that refuses to keep what was
   * read it stops on the way: what the keepers know is then right and not all.
   */
  follow(): Promise<boolean> {
    this.#hurried = true;
    return this.#follow();
  }

  /** Forgets the runs whose events are all purged. */
  async purge(): Promise<void> {
    const first = Math.min(runOf(this.#statements.firstEvent.get() ?? this.#nextId), this.#run);
    for (const keeper of this.#keepers) await keeper.purge(first);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#following?.catch(() => undefined);
    await this.#catchingUp;
    await this.#sealing;
  }

  #follow(): Promise<boolean> {
    this.#following ??= this.#read().finally(() => {
      this.#following = null;
      this.#hurried = false;
    });
    return this.#following;
  }

  async #read(): Promise<boolean> {
    while (!this.#closed) {
      if (!(await this.#hasRoom())) return false;
      const startedMs = performance.now();
      const end = (this.#run + 1) * RUN_IDS;
      const events = this.#eventsOf(this.#nextId, end);
      for (const keeper of this.#keepers) keeper.take(this.#run, events);
      this.#nextId = nextIdAfter(events) ?? this.#nextId;
      if (events.length < READ_ROWS) {
        // The run is over once an event of a later one is there: ids only grow.
        if ((this.#statements.lastEvent.get() ?? 0) < end) break;
        this.#endRun();
      }
      if (this.#hurried) await nextTurn();
      else await restAfter(startedMs, REST_TIMES);
    }
    void this.#seal();
    if (this.#old.length > 0 && !this.#closed) this.#catchUp();
    return !this.#closed;
  }

  #endRun(): void {
    for (const keeper of this.#keepers) {
      keeper.end(this.#run);
      this.#unsealed.push({ keeper, run: this.#run });
    }
    this.#run += 1;
    this.#nextId = this.#run * RUN_IDS;
  }

  /** Whether one more run may be read. */
  async #hasRoom(): Promise<boolean> {
    const most = UNSEALED_MAX * this.#keepers.length;
    if (this.#unsealed.length > most) await this.#seal();
    return this.#unsealed.length <= most;
  }

  /** A disk that refuses leaves runs in memory, for the next time. */
  #seal(): Promise<void> {
    this.#sealing ??= this.#sealAll()
      .catch(() => undefined)
      .finally(() => (this.#sealing = null));
    return this.#sealing;
  }

  async #sealAll(): Promise<void> {
    for (let next = this.#unsealed[0]; next !== undefined && !this.#closed; next = this.#unsealed[0]) {
      const isWhole = await next.keeper.seal(next.run, () => !this.#closed);
      if (isWhole) this.#unsealed.shift();
    }
  }

  #catchUp(): void {
    this.#catchingUp ??= this.#readOld()
      .catch(() => undefined)
      .finally(() => (this.#catchingUp = null));
  }

  async #readOld(): Promise<void> {
    for (let run = this.#old[0]; run !== undefined && this.#unsealed.length === 0; run = this.#old[0]) {
      for (let from: number | null = run * RUN_IDS; from !== null;) {
        const startedMs = performance.now();
        const events = this.#eventsOf(from, (run + 1) * RUN_IDS);
        this.words.take(run, events);
        from = nextIdAfter(events);
        await restAfter(startedMs, OLD_REST_TIMES);
        if (this.#closed) return;
      }
      this.words.end(run);
      this.#unsealed.push({ keeper: this.words, run });
      this.#old.shift();
      await this.#seal();
    }
  }

  #eventsOf(from: number, to: number): readonly FollowedEvent[] {
    return this.#statements.read.all(from, to, READ_ROWS) as unknown as readonly FollowedEvent[];
  }
}

function nextIdAfter(events: readonly FollowedEvent[]): number | null {
  const last = events.at(-1);
  return last === undefined ? null : last[0] + 1;
}

function restAfter(startedMs: number, times: number): Promise<void> {
  return pause(Math.min(REST_MS_MAX, times * (performance.now() - startedMs)));
}

function followerStatements(connection: Connection) {
  const events = builder(connection).selectFrom('event');
  return {
    read: prepare(
      connection,
      events
        .select(['id', 'charge_point_id', 'name', 'request', 'answer', 'note'])
        .where('id', '>=', slot)
        .where('id', '<', slot)
        .orderBy('id')
        .limit(slot),
    ).raw(),
    firstEvent: prepareValue(connection, events.select('id').orderBy('id').limit(one)),
    lastEvent: prepareValue(connection, events.select('id').orderBy('id', 'desc').limit(one)),
  };
}
