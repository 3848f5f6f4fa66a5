import { sql, type RawBuilder } from 'kysely';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { ReviewQuery, ReviewResolution, ReviewRow } from '../ports.ts';
import { builder, prepare, prepareValue, slot, type Connection } from './connection.ts';

/** So many chargers' reviews are looked up; of more, the newest are gone through. */
const LOOKED_UP_MAX = 1_000;

/** Finds reviews by every mix of conditions that is asked for; each mix is compiled once. */
export class ReviewSearch {
  readonly #connection: Connection;
  readonly #byKey;
  readonly #open;
  readonly #openAmong;
  readonly #statements = new Map<string, ReturnType<typeof searchStatement>>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#byKey = prepare(connection, selectReviews(connection).where('key', '=', slot));
    const waiting = builder(connection)
      .selectFrom('review')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('resolved_at_ms', 'is', null);
    this.#open = prepareValue(connection, waiting);
    this.#openAmong = prepareValue(connection, waiting.where(among(true)));
  }

  byKey(key: string): ReviewRow | null {
    const columns = this.#byKey.get(key);
    return columns === undefined ? null : reviewOf(columns);
  }

  open(chargePointIds?: readonly ChargePointId[]): number {
    if (chargePointIds === undefined) return this.#open.get() ?? 0;
    return this.#openAmong.get(JSON.stringify(chargePointIds)) ?? 0;
  }

  find(query: ReviewQuery): readonly ReviewRow[] {
    const { chargePointId, transactionId, beforeKey, limit } = query;
    const listed = query.among && JSON.stringify(query.among);
    const values = [chargePointId, transactionId, listed, beforeKey].filter((value) => value !== undefined);
    return this.#statementOf(query)
      .all(...values, limit)
      .map(reviewOf);
  }

  #statementOf(query: ReviewQuery): ReturnType<typeof searchStatement> {
    const { chargePointId, transactionId, beforeKey, open } = query;
    const named = [chargePointId, transactionId, query.among, beforeKey].map((value) => value !== undefined);
    const key = [...named, open, areMany(query)].join(' ');
    const kept = this.#statements.get(key) ?? searchStatement(this.#connection, query);
    this.#statements.set(key, kept);
    return kept;
  }
}

function areMany({ among: these = [] }: ReviewQuery): boolean {
  return these.length > LOOKED_UP_MAX;
}

/**
 * Of these chargers (JSON), and since their present stations have them. The plus keeps SQLite from looking each of many
 * chargers up: what is newest is soon one of theirs.
 */
function among(isWalked: boolean): RawBuilder<boolean> {
  const column = isWalked ? sql`+charge_point_id` : sql`charge_point_id`;
  return sql`${column} in (select value from json_each(${slot}))
    and at_ms >= coalesce(
      (select history_since_ms from charge_point where charge_point.charge_point_id = review.charge_point_id), 0)`;
}

/** Its slots are those of the conditions that the query names, in this order. */
function searchStatement(connection: Connection, query: ReviewQuery) {
  const conditions: RawBuilder<boolean>[] = [];
  if (query.chargePointId !== undefined) conditions.push(sql`charge_point_id = ${slot}`);
  if (query.transactionId !== undefined) conditions.push(sql`transaction_id = ${slot}`);
  if (query.among !== undefined) conditions.push(among(areMany(query)));
  if (query.open !== undefined)
    conditions.push(query.open ? sql`resolved_at_ms is null` : sql`resolved_at_ms is not null`);
  if (query.beforeKey !== undefined)
    conditions.push(sql`(at_ms, id) < (select at_ms, id from review where key = ${slot})`);
  const found = conditions.reduce((rows, condition) => rows.where(condition), selectReviews(connection));
  return prepare(connection, found.orderBy('at_ms', 'desc').orderBy('id', 'desc').limit(slot));
}

function selectReviews(connection: Connection) {
  return builder(connection)
    .selectFrom('review')
    .select([
      'key',
      'kind',
      'charge_point_id as chargePointId',
      'connector_id as connectorId',
      'transaction_id as transactionId',
      'at_ms as atMs',
      'frame',
      'stop',
      'resolved_at_ms as resolvedAtMs',
      'resolved_by as resolvedBy',
      'outcome',
      'changes',
    ]);
}

type ReviewColumns = NonNullable<ReturnType<ReturnType<typeof searchStatement>['get']>>;

function reviewOf(columns: ReviewColumns): ReviewRow {
  const { stop, resolvedAtMs, resolvedBy, outcome, changes, ...review } = columns;
  return {
    ...review,
    stop: stop === null ? null : (JSON.parse(stop) as ReviewRow['stop']),
    resolution:
      resolvedAtMs === null || outcome === null
        ? null
        : {
            outcome,
            atMs: resolvedAtMs,
            by: resolvedBy,
            changes: changes === null ? null : (JSON.parse(changes) as ReviewResolution['changes']),
          },
  };
}
