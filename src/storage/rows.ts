import type { CommitResult } from './ports.ts';

/** Thrown while a commit is applied: all of its rows are undone, and its writer is told `result`. */
export class RowsRefused extends Error {
  readonly result: Exclude<CommitResult, 'ok'>;

  constructor(result: Exclude<CommitResult, 'ok'>) {
    super(`the commit is ${result}`);
    this.name = 'RowsRefused';
    this.result = result;
  }
}

/** @throws always: a row type that the compiler does not know came in from elsewhere. */
export function assertNever(row: never): never {
  throw new TypeError(`unknown row: ${JSON.stringify(row)}`);
}

/** The order of SQLite's text columns: by bytes of UTF-8. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
