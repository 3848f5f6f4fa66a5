import type { ChargePointId } from '#src/domain/ids.ts';

/** Ids of one run of the journal: what is kept of it beside it is written a run at a time. */
export const RUN_IDS = 32_768;

/** An event as it is read once for all that is kept of it. */
export type FollowedEvent = readonly [
  id: number,
  chargePointId: ChargePointId | null,
  name: string,
  request: string | null,
  answer: string | null,
  note: string | null,
];

/**
 * What is kept of the journal beside it. A run is taken from its first event to its last, then ended, then sealed: until
 * it is sealed it is known from memory.
 */
export type RunKeeper = {
  /** Events of that run, in growing order of their ids, after those that were taken of it before. */
  take(run: number, events: readonly FollowedEvent[]): void;
  /** Nothing more comes of that run. */
  end(run: number): void;
  /**
   * Writes a run that has ended, in small transactions, as long as it may go on; whether all of it is on disk. Rejects
   * when the disk refuses, and the run stays as it is.
   */
  seal(run: number, mayGoOn: () => boolean): Promise<boolean>;
  /** Forgets what is on disk of the runs before `run`. */
  purge(run: number): Promise<void>;
};

/** The number of the run that has this id. */
export function runOf(id: number): number {
  return Math.floor(id / RUN_IDS);
}
