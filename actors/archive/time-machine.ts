import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { EventLevel, Reader, SessionRow, StoredEvent } from '#src/storage/ports.ts';
import { isRunning, NOTHING_TOLD, retoldOn, type Past, type Reread } from './past.ts';

export type PastQuery = {
  readonly chargePointId: ChargePointId;
  /** The last millisecond that counts. */
  readonly atMs: number;
  /** History begins here for whoever asks (decision 0018). */
  readonly fromMs: number;
  /** The connectors that are known today: what is looked for until it is found. */
  readonly connectorIds: readonly number[];
};
/** A charger as it was. */
export type PastView = {
  readonly past: Past;
  /** What was running, as it was written at its start; the driver is not in the frames. */
  readonly sessions: ReadonlyMap<number, SessionRow>;
  /** When the oldest event that was read happened; null when there was none. */
  readonly readBackToMs: number | null;
  /** Nothing older is there: what is unknown was never told, or was purged. */
  readonly isWhole: boolean;
  /** Nothing that is known today is unknown then. */
  readonly isComplete: boolean;
  /** As asked: history begins here. */
  readonly historySinceMs: number;
  /** Up to the moment, newest first. */
  readonly before: readonly StoredEvent[];
  /** After it, oldest first. */
  readonly after: readonly StoredEvent[];
};

const LEVELS: readonly EventLevel[] = ['debug', 'info', 'problem', 'critical'];
/** Lines around the moment, on each side. */
export const EVENTS_AROUND = 10;
/** Events read for one moment: two days of a busy charger; each step reads further back than the one before. */
export const EVENTS_READ_MAX = 4_200;
const STEPS = [200, 1_000, 3_000];
/** Frames read again before chargers get their turn: about 1 ms. */
const RETOLD_AT_ONCE = 100;

/** Reads a charger's journal back from the moment until all is told, or until it has read enough. */
export async function pastOf(
  reader: Pick<Reader, 'events' | 'sessionByTransaction'>,
  reread: Reread,
  query: PastQuery,
): Promise<PastView> {
  const { chargePointId, atMs, fromMs } = query;
  const range = { chargePointId, levels: LEVELS, fromMs, toMs: atMs + 1 };
  const read: StoredEvent[] = [];
  let past = NOTHING_TOLD;
  let isWhole = false;
  for (const limit of STEPS) {
    const last = read.at(-1);
    const older = await reader.events({ ...range, limit, ...(last === undefined ? {} : { beforeId: last.id }) });
    read.push(...older);
    past = await retoldInTurns(read.toReversed(), reread);
    isWhole = older.length < limit;
    if (isWhole || tellsAll(past, query.connectorIds)) break;
  }
  const after = await reader.events({
    chargePointId,
    levels: LEVELS,
    fromMs: atMs + 1,
    afterId: 0,
    limit: EVENTS_AROUND,
  });
  return {
    past,
    sessions: await sessionsOf(past, reader),
    readBackToMs: read.at(-1)?.atMs ?? null,
    isWhole,
    isComplete: tellsAll(past, query.connectorIds),
    historySinceMs: fromMs,
    before: read.slice(0, EVENTS_AROUND),
    after,
  };
}

async function retoldInTurns(events: readonly StoredEvent[], reread: Reread): Promise<Past> {
  let past = NOTHING_TOLD;
  for (let from = 0; from < events.length; from += RETOLD_AT_ONCE) {
    past = retoldOn(past, events.slice(from, from + RETOLD_AT_ONCE), reread);
    await nextTurn();
  }
  return past;
}

function tellsAll({ link, boot, connectors }: Past, connectorIds: readonly number[]): boolean {
  return (
    link !== null &&
    boot !== null &&
    connectorIds.every((connectorId) => {
      const told = connectors.get(connectorId);
      return told !== undefined && told.status !== null && told.session !== 'unknown';
    })
  );
}

async function sessionsOf(
  { connectors }: Past,
  reader: Pick<Reader, 'sessionByTransaction'>,
): Promise<ReadonlyMap<number, SessionRow>> {
  const running = [...connectors.values()].flatMap(({ session }) =>
    isRunning(session) ? [session.transactionId] : [],
  );
  const rows = await Promise.all(running.map((transactionId) => reader.sessionByTransaction(transactionId)));
  return new Map(rows.flatMap((row) => (row === null ? [] : [[row.transactionId, row]])));
}
