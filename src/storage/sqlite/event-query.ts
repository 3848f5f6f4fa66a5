import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { EventLevel, EventQuery, StoredEvent } from '../ports.ts';
import { builder, one, prepare, prepareValue, slot, type Connection, type Statement } from './connection.ts';

/** Rows looked at before chargers get their turn: about 5 ms when each is searched for a text. */
const SCAN_ROWS = 2000;
/** A rare text is looked for this far back, and no further. */
const SCANNED_ROWS_MAX = 500_000;
/** How far the clock of the server may have been set back and dates still find every event (see `IdsByTime`). */
export const CLOCK_STEP_MAX_MS = 3_600_000;

const LEVELS_COUNT = 4;
const troubleLevels: readonly EventLevel[] = ['problem', 'critical'];
const bigger = Number.MAX_SAFE_INTEGER;

type Shape = { readonly ofChargePoint: boolean; readonly troubleOnly: boolean; readonly oldestFirst: boolean };

/**
 * Searches the journal a slice at a time, letting the loop turn between slices: no search, however rare what it looks
 * for, keeps a charger waiting.
 */
export class EventSearch {
  readonly #connection: Connection;
  readonly #statements = new Map<string, ReturnType<typeof searchStatements>>();
  readonly #idsByTime: IdsByTime;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#idsByTime = new IdsByTime(connection);
  }

  async find(query: EventQuery): Promise<readonly StoredEvent[]> {
    const shape: Shape = {
      ofChargePoint: query.chargePointId !== undefined,
      troubleOnly: query.levels.every((level) => troubleLevels.includes(level)),
      oldestFirst: query.afterId !== undefined,
    };
    const { edge, slice } = this.#statementsOf(shape);
    const chargePoint = query.chargePointId === undefined ? [] : [query.chargePointId];
    const levels = Array.from({ length: LEVELS_COUNT }, (_, index) => query.levels[index] ?? null);
    const pattern = query.text === undefined ? '%' : `%${query.text.replace(/[\\%_]/g, '\\$&')}%`;
    const filters = [...levels, query.fromMs ?? -bigger, query.toMs ?? bigger, pattern, pattern, pattern, pattern];
    let { from, to } = this.#idsOf(query);
    const found: StoredEvent[] = [];
    for (let scanned = 0; scanned < SCANNED_ROWS_MAX && from < to; scanned += SCAN_ROWS) {
      const lastId = edge.get(...chargePoint, from, to, SCAN_ROWS - 1);
      const [sliceFrom, sliceTo] = sliceOf({ from, to, lastId, oldestFirst: shape.oldestFirst });
      found.push(...slice.all(...chargePoint, sliceFrom, sliceTo, ...filters, query.limit - found.length));
      if (found.length >= query.limit || lastId === undefined) break;
      if (shape.oldestFirst) from = sliceTo;
      else to = sliceFrom;
      await nextTurn();
    }
    return found;
  }

  /** The ids to look at: `from` included, `to` not. */
  #idsOf(query: EventQuery): { from: number; to: number } {
    const from = Math.max((query.afterId ?? 0) + 1, query.fromMs === undefined ? 0 : this.#idsByTime.before(query.fromMs));
    const to = Math.min(query.beforeId ?? bigger, query.toMs === undefined ? bigger : this.#idsByTime.after(query.toMs));
    return { from, to };
  }

  #statementsOf(shape: Shape): ReturnType<typeof searchStatements> {
    const key = JSON.stringify(shape);
    const kept = this.#statements.get(key) ?? searchStatements(this.#connection, shape);
    this.#statements.set(key, kept);
    return kept;
  }
}

function sliceOf(range: { from: number; to: number; lastId: number | undefined; oldestFirst: boolean }): [number, number] {
  const { from, to, lastId, oldestFirst } = range;
  if (lastId === undefined) return [from, to];
  return oldestFirst ? [from, lastId + 1] : [lastId, to];
}

/** `edge` finds the last id of a slice, `slice` what matches in it. */
function searchStatements(connection: Connection, { ofChargePoint, troubleOnly, oldestFirst }: Shape) {
  const build = builder(connection);
  const direction = oldestFirst ? 'asc' : 'desc';
  const rows = build
    .selectFrom('event')
    .$if(ofChargePoint, (query) => query.where('charge_point_id', '=', slot))
    .where('id', '>=', slot)
    .where('id', '<', slot)
    // Word for word the condition of the partial indexes, which SQLite uses only then.
    .$if(troubleOnly, (query) => query.where(sql<boolean>`level in ('problem', 'critical')`))
    .orderBy('id', direction);
  const like = (column: 'name' | 'request' | 'answer' | 'note') =>
    sql<boolean>`coalesce(${sql.ref(column)}, '') like ${slot} escape '\\'`;
  return {
    edge: prepareValue(connection, rows.select('id').limit(one).offset(slot)),
    slice: prepare(
      connection,
      rows
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
        ])
        .where('level', 'in', [slot, slot, slot, slot])
        .where('at_ms', '>=', slot)
        .where('at_ms', '<', slot)
        .where((is) => is.or([like('name'), like('request'), like('answer'), like('note')]))
        .limit(slot),
    ),
  };
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
      build.selectFrom('event').select((is) => [
        is.selectFrom('event').select((each) => each.fn.min<number | null>('id').as('id')).as('first'),
        is.selectFrom('event').select((each) => each.fn.max<number | null>('id').as('id')).as('last'),
      ]).limit(one),
    );
    this.#next = prepare(
      connection,
      build.selectFrom('event').select(['id', 'at_ms as atMs']).where('id', '>=', slot).orderBy('id').limit(one),
    );
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
