import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { builder, one, prepare, prepareValue, slot, type Connection } from './connection.ts';
import { IdsByTime } from './event-query.ts';
import type { GroupCommitter } from './group-commit.ts';

export type PurgeCut = { readonly debugBeforeMs: number; readonly otherBeforeMs: number; readonly limit: number };

/** What is kept of events beside them, and goes when they have gone. */
export type Follower = { purge(): Promise<void> };

/** Events looked at in one transaction: about 5 ms when all of them go. */
const BITE_ROWS_MAX = 500;

/**
 * Walks the journal from its oldest event and deletes what is past its time (PRC-09). It remembers where it stopped, so
 * that the events which stay are not walked again by each bite of a pass.
 */
export class EventPurge {
  readonly #committer: GroupCommitter;
  readonly #follower: Follower;
  readonly #idsByTime: IdsByTime;
  readonly #edge;
  readonly #anyDue;
  readonly #delete;
  #cursor = 0;
  #cuts = '';

  constructor(connection: Connection, committer: GroupCommitter, follower: Follower) {
    this.#follower = follower;
    this.#committer = committer;
    this.#idsByTime = new IdsByTime(connection);
    const build = builder(connection);
    const since = build.selectFrom('event').select('id').where('id', '>=', slot).where('id', '<', slot);
    this.#edge = prepareValue(connection, since.orderBy('id').limit(one).offset(slot));
    const isDue = sql<boolean>`at_ms < case level when 'debug' then ${slot} else ${slot} end`;
    this.#anyDue = prepareValue(connection, since.where(isDue).limit(one));
    this.#delete = prepare(
      connection,
      build.deleteFrom('event').where('id', '>=', slot).where('id', '<', slot).where(isDue),
    );
  }

  /** How many went, at most `limit`; 0 once nothing is left to purge. */
  async purge({ debugBeforeMs, otherBeforeMs, limit }: PurgeCut): Promise<number> {
    const cuts = `${debugBeforeMs}/${otherBeforeMs}`;
    if (cuts !== this.#cuts) this.#cursor = 0;
    this.#cuts = cuts;
    const end = this.#idsByTime.after(Math.max(debugBeforeMs, otherBeforeMs));
    const bite = Math.min(limit, BITE_ROWS_MAX);
    let went = 0;
    while (this.#cursor < end && went + bite <= limit) {
      const from = this.#cursor;
      const to = this.#edge.get(from, end, bite) ?? end;
      // Most of a journal stays: what only stays is looked at, not written to.
      if (this.#anyDue.get(from, to, debugBeforeMs, otherBeforeMs) !== undefined) {
        went += await this.#committer.writeInPassing({
          apply: () => this.#delete.run(from, to, debugBeforeMs, otherBeforeMs).changes,
          refused: (error) => {
            throw error;
          },
        });
      }
      this.#cursor = to;
      await nextTurn();
    }
    if (went > 0) return went;
    this.#cursor = 0;
    await this.#follower.purge();
    return 0;
  }
}
