import { foldedKey } from '#src/domain/forced-keys.ts';
import type { EventQuery, Reader, ReviewRow, SessionRow, StoredEvent } from '../ports.ts';
import type { RosterRow } from '../registry-port.ts';
import { compareText } from '../rows.ts';
import type { Disk, StoredReview } from './disk.ts';

export function memoryReader(disk: Disk): Reader {
  const rosterRows = (): RosterRow[] =>
    [...disk.chargePoints.values()]
      .toSorted((a, b) => compareText(a.chargePointId, b.chargePointId))
      .flatMap((chargePoint) => {
        const station = disk.stations.get(chargePoint.stationId);
        const heardAtMs = disk.heard.get(chargePoint.chargePointId) ?? null;
        return station ? [{ ...chargePoint, station: { ...station }, heardAtMs, historySinceMs: 0 }] : [];
      });
  const newestSessions = (): SessionRow[] =>
    [...disk.sessions.values()].toSorted((a, b) => b.transactionId - a.transactionId);
  return {
    idToken: async (key) => copyOf(disk.idTokens.get(key)),
    // Nobody keeps a back office in memory.
    allowance: async () => null,
    chargePoint: async (key) => copyOf(disk.chargePoints.get(key)),
    roster: async () => rosterRows(),
    rosterEntry: async (chargePointId) => rosterRows().find((row) => row.chargePointId === chargePointId) ?? null,
    sessionByTransaction: async (transactionId) => copyOf(disk.sessions.get(transactionId)),
    sessionByStartKey: async (startKey) => copyOf(newestSessions().find((session) => session.startKey === startKey)),
    async sessions(query) {
      const before = query.beforeTransactionId ?? Number.MAX_SAFE_INTEGER;
      return newestSessions()
        .filter((session) => query.chargePointId === undefined || session.chargePointId === query.chargePointId)
        .filter((session) => query.closing === undefined || session.closing === query.closing)
        .filter((session) => session.transactionId < before)
        .slice(0, query.limit)
        .map((session) => ({ ...session }));
    },
    events: async (query) => findEvents(disk.events, query),
    searchEvents: async (query) => ({ events: findEvents(disk.events, query), searchedTo: null }),
    async command(commandId) {
      const command = disk.commands.get(commandId);
      return command ? { ...command, state: JSON.parse(command.state) as unknown } : null;
    },
    async commands(chargePointId, limit) {
      return newestFirst([...disk.commands.values()], (command) => command.requestedAtMs)
        .filter((command) => command.chargePointId === chargePointId)
        .slice(0, limit)
        .map((command) => ({ ...command, state: JSON.parse(command.state) as unknown }));
    },
    async batch(batchId) {
      return [...disk.commands.values()]
        .filter((command) => command.batchId === batchId)
        .toSorted((a, b) => compareText(a.chargePointId, b.chargePointId))
        .map((command) => ({ ...command, state: JSON.parse(command.state) as unknown }));
    },
    async stationKeys(key) {
      const chargePoint = disk.chargePoints.get(key);
      if (chargePoint === undefined) return null;
      const { stationId, limits } = chargePoint;
      const limitsEnergy = limits.chargeWh !== null;
      const forced = [...disk.forcedKeys.values()]
        .filter((one) => one.stationId === stationId)
        .toSorted((a, b) => compareText(foldedKey(a.key), foldedKey(b.key)));
      // Nobody keeps a back office in memory.
      const unknown = { manufacturer: null, make: null, permanentPowerW: null, message: null };
      return { stationId, ...unknown, limitsEnergy, forced };
    },
    singlePhase: async () => [],
    takesSms: async () => false,
    async ledger(walletId, limit) {
      return newestFirst([...disk.ledger.values()], (entry) => entry.atMs)
        .filter((entry) => entry.walletId === walletId)
        .slice(0, limit)
        .map((entry) => ({ ...entry }));
    },
    async review(key) {
      const review = disk.reviews.get(key);
      return review === undefined ? null : reviewOf(review);
    },
    async reviews({ chargePointId, transactionId, among, open, beforeKey, limit }) {
      const all = newestFirst([...disk.reviews.values()], (review) => review.atMs);
      const before = all.findIndex((review) => review.key === beforeKey);
      const older = beforeKey === undefined ? all : before < 0 ? [] : all.slice(before + 1);
      return older
        .filter((review) => chargePointId === undefined || review.chargePointId === chargePointId)
        .filter((review) => transactionId === undefined || review.transactionId === transactionId)
        .filter((review) => among === undefined || among.includes(review.chargePointId))
        .filter((review) => open === undefined || (review.resolution === null) === open)
        .slice(0, limit)
        .map(reviewOf);
    },
    openReviews: async (among) =>
      [...disk.reviews.values()].filter(
        (review) => review.resolution === null && (among === undefined || among.includes(review.chargePointId)),
      ).length,
  };
}

function reviewOf(review: StoredReview): ReviewRow {
  const { stop, resolution } = review;
  return {
    ...review,
    stop: stop === null ? null : (JSON.parse(stop) as ReviewRow['stop']),
    resolution: resolution === null ? null : (JSON.parse(resolution) as ReviewRow['resolution']),
  };
}

function findEvents(events: readonly StoredEvent[], query: EventQuery): readonly StoredEvent[] {
  const text = query.text === undefined ? null : foldCase(query.text);
  const ordered = query.afterId === undefined ? events.toReversed() : events;
  const found: StoredEvent[] = [];
  for (const event of ordered) {
    if (found.length >= query.limit) break;
    if (event.id > (query.afterId ?? 0) && matches(event, query, text)) found.push({ ...event });
  }
  return found;
}

function matches(event: StoredEvent, query: EventQuery, text: string | null): boolean {
  if (query.chargePointId !== undefined && event.chargePointId !== query.chargePointId) return false;
  if (!query.levels.includes(event.level)) return false;
  if (query.kinds?.includes(event.kind) === false) return false;
  if (query.fromMs !== undefined && event.atMs < query.fromMs) return false;
  if (query.toMs !== undefined && event.atMs >= query.toMs) return false;
  if (query.beforeId !== undefined && event.id >= query.beforeId) return false;
  if (text === null) return true;
  return [event.name, event.request, event.answer, event.note].some((field) => foldCase(field ?? '').includes(text));
}

/** As SQLite's LIKE compares: the 26 letters without case, every other character as it is. */
function foldCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Of rows of the same time, the one written last comes first. */
function newestFirst<R>(rows: readonly R[], timeOf: (row: R) => number): R[] {
  return rows.toReversed().toSorted((a, b) => timeOf(b) - timeOf(a));
}

function copyOf<R extends object>(row: R | undefined): R | null {
  return row === undefined ? null : { ...row };
}
