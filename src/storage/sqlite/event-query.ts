import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type SelectQueryBuilder } from 'kysely';
import type { ChargePointId } from '#src/domain/ids.ts';
import { EVENT_KINDS, type EventLevel, type EventQuery, type EventsFound, type StoredEvent } from '../ports.ts';
import { builder, one, prepare, prepareValue, slot, type Connection, type Statement } from './connection.ts';
import type { EventFollower } from './event-follower.ts';
import type { Tables } from './schema.ts';

/** Rows looked at before chargers get their turn, no fewer than a block of the words: about 0.3 ms for a text. */
const SCAN_ROWS = 625;
/** What must be looked for by reading is looked for this far back, and further when asked: about 80 ms. */
const SCANNED_ROWS_MAX = 100_000;
/** How far the clock of the server may have been set back and dates still find every event (see `IdsByTime`). */
export const CLOCK_STEP_MAX_MS = 3_600_000;

/** Events of one charge point looked up at once: about 0.3 ms. */
const LOOKED_UP = 64;
/** Look-ups before chargers get their turn: about 3 ms. */
const LOOK_UPS = 10;
const troubleLevels: ReadonlySet<EventLevel> = new Set(['problem', 'critical']);
const bigger = Number.MAX_SAFE_INTEGER;

type Shape = { readonly ofChargePoint: boolean; readonly troubleOnly: boolean; readonly oldestFirst: boolean };

/**
 * Searches the journal a slice at a time, letting the loop turn between slices: no search, however rare what it looks
 * for, keeps a charger waiting.
 */
export class EventSearch {
  readonly #connection: Connection;
  readonly #follower: EventFollower;
  readonly #statements = new Map<string, ReturnType<typeof searchStatements>>();
  readonly #newestOf: ReturnType<typeof lookUpStatement>;
  readonly #oldestOf: ReturnType<typeof lookUpStatement>;
  readonly #idsByTime: IdsByTime;

  constructor(connection: Connection, follower: EventFollower) {
    this.#connection = connection;
    this.#follower = follower;
    this.#idsByTime = new IdsByTime(connection);
    this.#newestOf = lookUpStatement(connection, 'desc');
    this.#oldestOf = lookUpStatement(connection, 'asc');
  }

  async find(query: EventQuery): Promise<EventsFound> {
    const { chargePointId, levels } = query;
    const troubleOnly = levels.every((level) => troubleLevels.has(level));
    if (chargePointId === undefined || troubleOnly) return this.#scan(query, troubleOnly);
    // Without its postings a charge point's events are looked for like all others: so far back and no further.
    if (!(await this.#follower.follow())) return this.#scan(query, false);
    return { events: await this.#lookUp(query, chargePointId), searchedTo: null };
  }

  /** One charge point's events, by the ids that its postings name. */
  async #lookUp(query: EventQuery, chargePointId: ChargePointId): Promise<readonly StoredEvent[]> {
    const filters = filtersOf(query);
    const range = { ...this.#idsOf(query), oldestFirst: query.afterId !== undefined };
    const lookUp = range.oldestFirst ? this.#oldestOf : this.#newestOf;
    const found: StoredEvent[] = [];
    let lookUps = 0;
    const bite = query.text === undefined ? Math.min(query.limit, LOOKED_UP) : LOOKED_UP;
    for (const ids of inBites(this.#follower.postings.idsOf(chargePointId, range), bite)) {
      found.push(...lookUp.all(JSON.stringify(ids), chargePointId, ...filters, query.limit - found.length));
      if (found.length >= query.limit) break;
      lookUps += 1;
      if (lookUps % LOOK_UPS === 0) await nextTurn();
    }
    return found;
  }

  /** Reads on where the text may be until it has found enough, or has looked at as much as one search may. */
  async #scan(query: EventQuery, troubleOnly: boolean): Promise<EventsFound> {
    const ofChargePoint = query.chargePointId !== undefined;
    const shape: Shape = { ofChargePoint, troubleOnly, oldestFirst: query.afterId !== undefined };
    const { edge, slice } = this.#statementsOf(shape);
    const chargePoint = ofChargePoint ? [query.chargePointId] : [];
    const counted = troubleOnly ? chargePoint : [];
    const filters = filtersOf(query);
    const events: StoredEvent[] = [];
    const within = { ...this.#idsOf(query), oldestFirst: shape.oldestFirst };
    let scanned = 0;
    let sinceTurn = 0;
    // Trouble is rare, and has an index of its own.
    const ranges =
      query.text === undefined || troubleOnly ? [within] : this.#follower.words.rangesOf(query.text, within);
    for await (let { from, to } of ranges) {
      while (from < to) {
        if (scanned >= SCANNED_ROWS_MAX)
          return { events, searchedTo: this.#idsByTime.at(shape.oldestFirst ? from : to) };
        // A block of the words is no more than a slice: there is nothing to count.
        const lastId = to - from <= SCAN_ROWS ? undefined : edge.get(...counted, from, to, SCAN_ROWS - 1);
        const [sliceFrom, sliceTo] = sliceOf({ from, to, lastId, oldestFirst: shape.oldestFirst });
        events.push(...slice.all(...chargePoint, sliceFrom, sliceTo, ...filters, query.limit - events.length));
        if (events.length >= query.limit) return { events, searchedTo: null };
        const looked = Math.min(SCAN_ROWS, sliceTo - sliceFrom);
        scanned += looked;
        sinceTurn += looked;
        if (sinceTurn >= SCAN_ROWS) {
          sinceTurn = 0;
          await nextTurn();
        }
        if (lastId === undefined) break;
        if (shape.oldestFirst) from = sliceTo;
        else to = sliceFrom;
      }
    }
    return { events, searchedTo: null };
  }

  /** The ids to look at: `from` included, `to` not. */
  #idsOf(query: EventQuery): { from: number; to: number } {
    const from = Math.max(
      (query.afterId ?? 0) + 1,
      query.fromMs === undefined ? 0 : this.#idsByTime.before(query.fromMs),
    );
    const to = Math.min(
      query.beforeId ?? bigger,
      query.toMs === undefined ? bigger : this.#idsByTime.after(query.toMs),
    );
    return { from, to };
  }

  #statementsOf(shape: Shape): ReturnType<typeof searchStatements> {
    const key = JSON.stringify(shape);
    const kept = this.#statements.get(key) ?? searchStatements(this.#connection, shape);
    this.#statements.set(key, kept);
    return kept;
  }
}

/** The same ids in the same order, so many at once. */
function* inBites(ids: Iterable<readonly number[]>, size: number): Iterable<readonly number[]> {
  let bite: number[] = [];
  for (const some of ids) {
    for (const id of some) {
      bite.push(id);
      if (bite.length < size) continue;
      yield bite;
      bite = [];
    }
  }
  if (bite.length > 0) yield bite;
}

function sliceOf(range: {
  from: number;
  to: number;
  lastId: number | undefined;
  oldestFirst: boolean;
}): [number, number] {
  const { from, to, lastId, oldestFirst } = range;
  if (lastId === undefined) return [from, to];
  return oldestFirst ? [from, lastId + 1] : [lastId, to];
}

/**
 * `edge` finds the last id of a slice, `slice` what matches in it. Only the troubles of one charge point have an index
 * and are counted by themselves: of all else a slice is so many events of anyone.
 */
function searchStatements(connection: Connection, { ofChargePoint, troubleOnly, oldestFirst }: Shape) {
  const rowsOf = (isOne: boolean) =>
    selectEvents(connection)
      .$if(isOne, (query) => query.where('charge_point_id', '=', slot))
      .where('id', '>=', slot)
      .where('id', '<', slot)
      // Word for word the condition of the partial indexes, which SQLite uses only then.
      .$if(troubleOnly, (query) => query.where(sql<boolean>`level in ('problem', 'critical')`))
      .orderBy('id', oldestFirst ? 'asc' : 'desc');
  const counted = rowsOf(ofChargePoint && troubleOnly)
    .clearSelect()
    .select('id');
  return {
    edge: prepareValue(connection, counted.limit(one).offset(slot)),
    slice: prepare(connection, filtered(rowsOf(ofChargePoint)).limit(slot)),
  };
}

/** Those of these ids that are the charge point's. Asked at once they cost half of what they cost one by one. */
function lookUpStatement(connection: Connection, way: 'asc' | 'desc') {
  const these = selectEvents(connection)
    .where(sql<boolean>`id in (select value from json_each(${slot}))`)
    // A plus keeps SQLite from the index of troubles.
    .where(sql<boolean>`+charge_point_id = ${slot}`);
  return prepare(connection, filtered(these).orderBy('id', way).limit(slot));
}

function selectEvents(connection: Connection) {
  return builder(connection)
    .selectFrom('event')
    .select([
      'id',
      'at_ms as atMs',
      'charge_point_id as chargePointId',
      'connector_id as connectorId',
      'level',
      'kind',
      'name',
      'request',
      'answer',
      'note',
    ]);
}

const KIND_SLOTS = EVENT_KINDS.map(() => slot);

/** Adds the conditions whose values `filtersOf` gives, in their order. */
function filtered<Row>(events: SelectQueryBuilder<Tables, 'event', Row>): SelectQueryBuilder<Tables, 'event', Row> {
  const like = (column: 'name' | 'request' | 'answer' | 'note') =>
    sql<boolean>`coalesce(${sql.ref(column)}, '') like ${slot} escape '\\'`;
  return events
    .where('level', 'in', [slot, slot, slot, slot])
    .where('kind', 'in', KIND_SLOTS)
    .where('at_ms', '>=', slot)
    .where('at_ms', '<', slot)
    .where((is) => is.or([sql<boolean>`${slot} is null`, like('name'), like('request'), like('answer'), like('note')]));
}

function filtersOf({ levels, kinds = EVENT_KINDS, fromMs, toMs, text }: EventQuery): readonly unknown[] {
  const levelOf = (index: number) => levels[index] ?? null;
  const pattern = text === undefined ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const bounds = [fromMs ?? -bigger, toMs ?? bigger];
  const shownKinds = EVENT_KINDS.map((_, index) => kinds[index] ?? null);
  return [
    levelOf(0),
    levelOf(1),
    levelOf(2),
    levelOf(3),
    ...shownKinds,
    ...bounds,
    pattern,
    pattern,
    pattern,
    pattern,
    pattern,
  ];
}

/**
 * Finds ids by time without an index on time, which each frame would have to pay for: ids grow with time but for the
 * steps of the server's clock, so halving finds them, and a margin makes up for the steps.
 */
export class IdsByTime {
  readonly #ends: Statement<{ first: number | null; last: number | null }>;
  readonly #next: Statement<{ id: number; atMs: number }>;

  constructor(connection: Connection) {
    const build = builder(connection);
    this.#ends = prepare(
      connection,
      build
        .selectFrom('event')
        .select((is) => [
          is
            .selectFrom('event')
            .select((each) => each.fn.min<number | null>('id').as('id'))
            .as('first'),
          is
            .selectFrom('event')
            .select((each) => each.fn.max<number | null>('id').as('id'))
            .as('last'),
        ])
        .limit(one),
    );
    this.#next = prepare(
      connection,
      build.selectFrom('event').select(['id', 'at_ms as atMs']).where('id', '>=', slot).orderBy('id').limit(one),
    );
  }

  /** The event with this id, or the next one; null after the last. */
  at(id: number): { readonly id: number; readonly atMs: number } | null {
    return this.#next.get(id) ?? null;
  }

  /** An id at or before the first event of `atMs`. */
  before(atMs: number): number {
    return this.#firstSince(atMs - CLOCK_STEP_MAX_MS);
  }

  /** An id after the last event that happened before `atMs`. */
  after(atMs: number): number {
    return this.#firstSince(atMs + CLOCK_STEP_MAX_MS);
  }

  #firstSince(atMs: number): number {
    const { first, last } = this.#ends.get() ?? { first: null, last: null };
    if (first === null || last === null) return 0;
    let low = first;
    let high = last + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const event = this.#next.get(middle);
      if (event === undefined || event.atMs >= atMs) high = middle;
      else low = event.id + 1;
    }
    return low;
  }
}
