import type {
  ActorId,
  CommandRow,
  Envelope,
  EventRow,
  LedgerEntry,
  ReviewRow,
  SessionRow,
  StoredEvent,
} from '../ports.ts';
import type { ChargePointRow, IdTokenRow, LoginRow, StationRow, UserRow } from '../registry-port.ts';
import { foldedKey, type ForcedKeyRow } from '#src/domain/forced-keys.ts';
import type { ChargePointId, TransactionId } from '#src/domain/ids.ts';
import type { PostMessage } from '#src/domain/post.ts';

/** Text that was written, so that nobody's later change of an object reaches the disk or comes back from it. */
export type Json = string;
export type Snapshot = { readonly version: number; readonly schema: number; readonly state: Json };
/** What these hold as JSON is kept as text. */
export type StoredTimer = {
  readonly actorId: ActorId;
  readonly key: string;
  readonly atMs: number;
  readonly message: Json;
};
export type StoredEnvelope = Omit<Envelope, 'message'> & { readonly message: Json };
export type StoredCommand = Omit<CommandRow, 'state'> & { readonly state: Json };
export type StoredReview = Omit<ReviewRow, 'stop' | 'resolution'> & {
  readonly stop: Json | null;
  readonly resolution: Json | null;
};

/** What outlives a process: the memory store's file. Rows are replaced, never changed. */
export type Disk = {
  epoch: number;
  nextTransactionId: number;
  nextEventId: number;
  readonly snapshots: Map<ActorId, Snapshot>;
  events: StoredEvent[];
  readonly sessions: Map<TransactionId, SessionRow>;
  /** When vehicles left; nothing reads them, for nobody looks at lists in a simulation. */
  readonly departures: Map<TransactionId, number>;
  /** By key, in the order of their writing, as the next four. */
  readonly ledger: Map<string, LedgerEntry>;
  readonly outbox: Map<string, StoredEnvelope>;
  readonly timers: Map<string, StoredTimer>;
  readonly commands: Map<string, StoredCommand>;
  readonly reviews: Map<string, StoredReview>;
  /** To people; nothing reads them, for nobody is written to in a simulation. */
  readonly messages: Map<string, PostMessage>;
  readonly alerts: Map<string, Json>;
  readonly heard: Map<ChargePointId, number>;
  readonly stations: Map<string, StationRow>;
  readonly chargePoints: Map<string, ChargePointRow>;
  readonly idTokens: Map<string, IdTokenRow>;
  /** By station and folded key. */
  readonly forcedKeys: Map<string, ForcedKeyRow>;
  readonly users: Map<string, UserRow>;
  readonly logins: Map<string, LoginRow>;
  readonly apiTokens: Map<string, { readonly label: string }>;
};

export function emptyDisk(): Disk {
  return {
    epoch: 0,
    nextTransactionId: 1,
    nextEventId: 1,
    snapshots: new Map(),
    events: [],
    sessions: new Map(),
    departures: new Map(),
    ledger: new Map(),
    outbox: new Map(),
    timers: new Map(),
    commands: new Map(),
    reviews: new Map(),
    messages: new Map(),
    alerts: new Map(),
    heard: new Map(),
    stations: new Map(),
    chargePoints: new Map(),
    idTokens: new Map(),
    forcedKeys: new Map(),
    users: new Map(),
    logins: new Map(),
    apiTokens: new Map(),
  };
}

export function forcedKeyId(stationId: string, key: string): string {
  return JSON.stringify([stationId, foldedKey(key)]);
}

export function storeEvent(disk: Disk, event: EventRow): void {
  disk.events.push({ ...whole(event), id: disk.nextEventId });
  disk.nextEventId += 1;
}

/** A copy of a row. @throws TypeError when one of its numbers is not whole: SQLite's columns refuse it as well. */
export function whole<R extends object>(row: R): R {
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new TypeError(`${name} is not whole: ${value}`);
    if (value === undefined) throw new TypeError(`${name} is undefined`);
  }
  return { ...row };
}
