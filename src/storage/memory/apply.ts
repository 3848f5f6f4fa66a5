import type { Commit, Row } from '../ports.ts';
import { assertNever, RowsRefused } from '../rows.ts';
import { forcedKeyId, storeEvent, whole, type Disk } from './disk.ts';

/** One step back. */
type Undo = () => void;

/** Applies all of a commit or none of it. @throws RowsRefused, or TypeError for a row that no disk would take. */
export function applyCommit(disk: Disk, { fence, snapshot, rows }: Commit): void {
  const undo: Undo[] = [];
  try {
    if (fence.epoch !== disk.epoch) throw new RowsRefused('fenced');
    if (snapshot !== null) {
      const version = disk.snapshots.get(fence.actorId)?.version ?? 0;
      if (version !== fence.version) throw new RowsRefused('fenced');
      const next = { version: version + 1, schema: snapshot.schema, state: JSON.stringify(snapshot.state) };
      undo.push(put(disk.snapshots, fence.actorId, next));
    }
    for (const row of rows) undo.push(applyRow(disk, row));
  } catch (error) {
    for (const step of undo.toReversed()) step();
    throw error;
  }
}

function applyRow(disk: Disk, row: Row): Undo {
  switch (row.type) {
    case 'event': {
      const { events, nextEventId } = disk;
      const { length } = events;
      storeEvent(disk, row.event);
      return () => {
        disk.nextEventId = nextEventId;
        events.length = length;
      };
    }
    case 'session': {
      const { session } = row;
      for (const other of disk.sessions.values()) {
        const isOther = other.transactionId !== session.transactionId;
        if (isOther && other.startKey === session.startKey) throw new RowsRefused('duplicate');
      }
      return put(disk.sessions, session.transactionId, whole(session));
    }
    case 'unplugged':
      return put(disk.departures, row.transactionId, Math.max(row.atMs, disk.departures.get(row.transactionId) ?? 0));
    case 'ledger-entry':
      return add(disk.ledger, row.entry.key, whole(row.entry));
    case 'envelope':
      return add(
        disk.outbox,
        row.envelope.key,
        whole({ ...row.envelope, message: JSON.stringify(row.envelope.message) }),
      );
    case 'envelope-taken':
      if (!disk.outbox.has(row.key)) throw new RowsRefused('duplicate');
      return remove(disk.outbox, row.key);
    case 'timer': {
      const { actorId, key } = row.timer;
      return put(
        disk.timers,
        timerKey(actorId, key),
        whole({ ...row.timer, message: JSON.stringify(row.timer.message) }),
      );
    }
    case 'timer-cancelled':
      return remove(disk.timers, timerKey(row.actorId, row.key));
    case 'command':
      return put(
        disk.commands,
        row.command.commandId,
        whole({ ...row.command, state: JSON.stringify(row.command.state) }),
      );
    case 'forced-key': {
      const { forced } = row;
      return put(disk.forcedKeys, forcedKeyId(forced.stationId, forced.key), whole(forced));
    }
    case 'forced-key-gone':
      return remove(disk.forcedKeys, forcedKeyId(row.stationId, row.key));
    case 'review': {
      const { review } = row;
      if (disk.reviews.has(review.key)) return () => undefined;
      const stop = review.stop === null ? null : JSON.stringify(review.stop);
      return put(disk.reviews, review.key, whole({ ...review, stop, resolution: null }));
    }
    case 'review-resolved': {
      const review = disk.reviews.get(row.key);
      if (review === undefined || review.resolution !== null) throw new RowsRefused('duplicate');
      return put(disk.reviews, row.key, { ...review, resolution: JSON.stringify(row.resolution) });
    }
    case 'alert':
      return put(disk.alerts, row.alert.alertId, JSON.stringify(row.alert));
    case 'unregistered-charge':
    case 'charger-password':
      // Nobody knocks at the door of a simulation with a password, nor has it companies.
      return () => undefined;
    case 'post': {
      const { message } = row;
      return disk.messages.has(message.key) ? () => undefined : put(disk.messages, message.key, whole(message));
    }
    default:
      return assertNever(row);
  }
}

function timerKey(actorId: string, key: string): string {
  return JSON.stringify([actorId, key]);
}

function add<V>(rows: Map<string, V>, key: string, value: V): Undo {
  if (rows.has(key)) throw new RowsRefused('duplicate');
  return put(rows, key, value);
}

function put<K, V>(rows: Map<K, V>, key: K, value: V): Undo {
  const before = rows.get(key);
  rows.set(key, value);
  return before === undefined ? () => void rows.delete(key) : () => void rows.set(key, before);
}

/** Undoing a removal puts the row at the end, so order is never read from these maps. */
function remove<K, V>(rows: Map<K, V>, key: K): Undo {
  const before = rows.get(key);
  rows.delete(key);
  return before === undefined ? () => undefined : () => void rows.set(key, before);
}
