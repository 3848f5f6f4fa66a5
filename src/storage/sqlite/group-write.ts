/** One write of a group, run inside its transaction. `apply` throws to be undone alone; it may run twice. */
export type Write<Result> = {
  readonly apply: () => Result;
  /** What the writer is told when `apply` threw, or when the process is fenced; throws to reject. */
  readonly refused: (error: unknown) => Result;
};

/**
 * What the writes of a group leave to be written at its end, many rows by one statement. The order in which they were
 * given to the committer is that of their writing.
 */
export type Gathered = {
  /** Inside the transaction: writes what has come since the last time. Throws what SQLite throws. */
  readonly write: () => void;
  /** What has come since was undone alone. */
  readonly forget: () => void;
  readonly committed: () => void;
  /** Also told when there was nothing to roll back. A COMMIT that was refused may still be on disk. */
  readonly rolledBack: () => void;
};
