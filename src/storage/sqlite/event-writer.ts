import type { EventRow } from '../ports.ts';
import { builder, prepare, slot, type Connection } from './connection.ts';
import type { Gathered } from './group-write.ts';

/** Rows of one statement: beyond it nothing is gained, and what is left over goes row by row. */
const STATEMENT_ROWS = 16;

/** Journals the events of a group together, in the order in which they came. */
export class EventWriter implements Gathered {
  readonly #many;
  readonly #single;
  #waiting: EventRow[] = [];

  constructor(connection: Connection) {
    this.#many = eventStatement(connection, STATEMENT_ROWS);
    this.#single = eventStatement(connection, 1);
  }

  /** Inside a transaction. */
  append(event: EventRow): void {
    this.#waiting.push(event);
  }

  write(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    let from = 0;
    for (; from + STATEMENT_ROWS <= waiting.length; from += STATEMENT_ROWS) {
      const values: unknown[] = [];
      for (let index = from; index < from + STATEMENT_ROWS; index += 1) bind(values, waiting[index]!);
      this.#many.run(...values);
    }
    for (; from < waiting.length; from += 1) {
      const values: unknown[] = [];
      bind(values, waiting[from]!);
      this.#single.run(...values);
    }
  }

  forget(): void {
    this.#waiting = [];
  }

  committed(): void {}

  rolledBack(): void {
    this.forget();
  }
}

/** In the order of the columns below. */
function bind(values: unknown[], e: EventRow): void {
  values.push(e.atMs, e.chargePointId, e.connectorId, e.level, e.kind, e.name, e.request, e.answer, e.note);
}

function eventStatement(connection: Connection, rows: number) {
  const row = {
    at_ms: slot,
    charge_point_id: slot,
    connector_id: slot,
    level: slot,
    kind: slot,
    name: slot,
    request: slot,
    answer: slot,
    note: slot,
  };
  return prepare(
    connection,
    builder(connection)
      .insertInto('event')
      .values(Array.from({ length: rows }, () => row)),
  );
}
