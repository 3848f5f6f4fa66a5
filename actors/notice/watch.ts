import { connectorActorId, type ConnectorState } from '#actors/connector/state.ts';
import type { TransactionId } from '#src/domain/ids.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { Ending } from './messages.ts';

/** A vehicle that takes nothing for so long is full, or will not say more than that. */
export const FULL_AFTER_MS = 5 * 60_000;
/** Less than this is what a vehicle takes before it decides to wait for the night. In Wh. */
export const FULL_WH_MIN = 500;
/** Under way at one time: a power cut ends the charges of a whole town, and chargers come first. */
export const TOLD_AT_ONCE_MAX = 20;
/** After what was told could not be written. */
export const TELL_AGAIN_MS = 30_000;

export type EndingWatchDeps = {
  /** Resolves when it is on disk that it was dealt with. */
  readonly tell: (ending: Ending, atMs: number) => Promise<unknown>;
};

type Seen = {
  /** The session under way. */
  readonly running: TransactionId | null;
  /** The session whose end was told last, and the one whose vehicle was said to be full. */
  readonly over: TransactionId | null;
  readonly full: TransactionId | null;
};
type Waiting = { readonly ending: Ending; readonly dueMs: number };
const NOTHING: Seen = { running: null, over: null, full: null };

/**
 * Sees charges end in the states of connectors, which are on disk by then, and has each told from behind: no charger
 * waits for it. What a crash made it forget it finds again, as long as the vehicle stands there; what it tells twice is
 * queued once, by its key.
 */
export class EndingWatch {
  readonly #deps: EndingWatchDeps;
  /** By connector. */
  readonly #seen = new Map<ActorId, Seen>();
  /** Vehicles that take nothing, by connector. */
  readonly #full = new Map<ActorId, Waiting>();
  /** Oldest first. */
  #waiting: Waiting[] = [];
  #underWay = 0;

  constructor(deps: EndingWatchDeps) {
    this.#deps = deps;
  }

  look(connector: ConnectorState, nowMs: number): void {
    const { chargePointId, connectorId, use, parked, reported } = connector;
    const id = connectorActorId(chargePointId, connectorId);
    const before = this.#seen.get(id) ?? NOTHING;
    const session = use.phase === 'charging' ? use.session : null;
    const running = session?.transactionId ?? null;
    // What ran before is over, whatever runs now. After a start of the server, so is what a parked vehicle charged.
    const over = before.running !== null && before.running !== running ? before.running : parked;
    const isFull = session !== null && reported.status === 'SuspendedEV' && session.energyWh >= FULL_WH_MIN;
    if (!isFull) this.#full.delete(id);
    else if (before.full !== running) {
      const { transactionId, energyWh } = session;
      const fullSinceMs = reported.atMs ?? nowMs;
      const ending = { transactionId, chargePointId, how: 'full', energyWh, fullSinceMs, isParked: true } as const;
      this.#full.set(id, { ending, dueMs: fullSinceMs + FULL_AFTER_MS });
    }
    if (over !== null && over !== before.over) {
      const isParked = over === parked;
      const unknown = { energyWh: 0, fullSinceMs: 0 };
      const ending = { transactionId: over, chargePointId, how: 'ended', ...unknown, isParked } as const;
      this.#waiting.push({ ending, dueMs: nowMs });
    }
    if (running === before.running && (over === null || over === before.over)) return;
    this.#seen.set(id, { running, over: over ?? before.over, full: before.full });
  }

  /** Looks for vehicles that have taken nothing for long enough. */
  sweep(nowMs: number): void {
    for (const [id, { ending, dueMs }] of this.#full) {
      if (dueMs > nowMs) continue;
      this.#full.delete(id);
      this.#seen.set(id, { ...(this.#seen.get(id) ?? NOTHING), full: ending.transactionId });
      this.#waiting.push({ ending, dueMs: nowMs });
    }
  }

  /** One turn of telling. */
  drain(nowMs: number): void {
    if (this.#waiting.length === 0) return;
    const later: Waiting[] = [];
    for (const one of this.#waiting) {
      if (one.dueMs > nowMs || this.#underWay >= TOLD_AT_ONCE_MAX) later.push(one);
      else this.#tell(one.ending, nowMs);
    }
    this.#waiting = later;
  }

  #tell(ending: Ending, nowMs: number): void {
    this.#underWay += 1;
    void this.#deps
      .tell(ending, nowMs)
      // Whoever could not answer has told why elsewhere.
      .catch(() => this.#waiting.push({ ending, dueMs: nowMs + TELL_AGAIN_MS }))
      .then(() => (this.#underWay -= 1));
  }
}
