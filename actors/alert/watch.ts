import type { FleetBoard } from '#actors/fleet/board.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { ParkingLimits } from '#src/domain/alert.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import { CLEAR, factsOf } from './facts.ts';
import type { ChargerFacts } from './messages.ts';

/**
 * After a start of the server a charger may take this long to come back: its heartbeat of 900 s, and a pause before it
 * dials again. Until then nobody is told that it is absent, for it is we who were.
 */
export const RETURN_MS = 20 * 60_000;

const NOTHING_TOLD = JSON.stringify(CLEAR);
const NOTHING_KNOWN = JSON.stringify({ ...CLEAR, absent: null });
/**
 * Told at each turn: when a whole fleet falls silent at once, its chargers' messages still come first, and the last of
 * 20,000 alerts begins within a minute.
 */
export const TOLD_AT_ONCE_MAX = 50;

export type WatchDeps = {
  readonly startedAtMs: number;
  readonly limits: ReadonlyMap<ChargePointId, ParkingLimits>;
  /** To the alerts of that charger. */
  readonly tell: (chargePointId: ChargePointId, facts: ChargerFacts, atMs: number) => void;
};

/**
 * Looks at each view of the fleet that was drawn anew, and tells the alerts of a charger when something of theirs has
 * changed. No charger waits for it, and a busy one costs a comparison. It may forget: what is true is told whole, and
 * told again after a restart.
 */
export class AlertWatch {
  readonly #deps: WatchDeps;
  readonly #limits: Map<ChargePointId, ParkingLimits>;
  /** The facts that the alerts of a charger have heard, as text; absent: none but that all is well. */
  readonly #told = new Map<ChargePointId, string>();
  /** Latest facts that are to be told at the next turn. */
  readonly #waiting = new Map<ChargePointId, { readonly facts: ChargerFacts; readonly atMs: number }>();
  #hasWaited = false;

  constructor(deps: WatchDeps) {
    this.#deps = deps;
    this.#limits = new Map(deps.limits);
  }

  look(view: ChargePointView, nowMs: number): void {
    const { chargePointId } = view;
    const facts = factsOf(view, this.#limits.get(chargePointId) ?? null, this.#canTellAbsence(nowMs));
    this.#tell(chargePointId, facts, nowMs);
  }

  /** It is no longer declared. */
  gone(chargePointId: ChargePointId, nowMs: number): void {
    this.#tell(chargePointId, CLEAR, nowMs);
  }

  /** Its station was changed: what its alerts were told is told again, for it may be another station's now. */
  changed(chargePointId: ChargePointId, limits: ParkingLimits | null): void {
    if (limits === null) this.#limits.delete(chargePointId);
    else this.#limits.set(chargePointId, limits);
    if (this.#told.has(chargePointId)) this.forget(chargePointId);
  }

  /** What its alerts have heard is not known: they come from a former life, or could not be written. */
  forget(chargePointId: ChargePointId): void {
    this.#told.set(chargePointId, '');
  }

  /** Looks at the chargers that must be told of though nothing of them has changed: once in a while is enough. */
  sweep(fleet: Pick<FleetBoard, 'views' | 'find'>, nowMs: number): void {
    if (!this.#hasWaited && this.#canTellAbsence(nowMs)) {
      this.#hasWaited = true;
      for (const view of fleet.views()) this.look(view, nowMs);
    }
    for (const [chargePointId, text] of this.#told) {
      if (text !== '') continue;
      const view = fleet.find(chargePointId);
      if (view === null) this.gone(chargePointId, nowMs);
      else this.look(view, nowMs);
    }
  }

  #canTellAbsence(nowMs: number): boolean {
    return nowMs - this.#deps.startedAtMs >= RETURN_MS;
  }

  #tell(chargePointId: ChargePointId, facts: ChargerFacts, atMs: number): void {
    const text = JSON.stringify(facts);
    const told = this.#told.get(chargePointId);
    // Alerts that do not exist have nothing to keep while nobody can tell of an absence.
    if (told === undefined && (text === NOTHING_TOLD || text === NOTHING_KNOWN)) return;
    if (text === told) return;
    if (text === NOTHING_TOLD) this.#told.delete(chargePointId);
    else this.#told.set(chargePointId, text);
    this.#waiting.set(chargePointId, { facts, atMs });
  }

  /** One turn of telling, oldest first. */
  drain(): void {
    let left = TOLD_AT_ONCE_MAX;
    for (const [chargePointId, { facts, atMs }] of this.#waiting) {
      if (left-- === 0) return;
      this.#waiting.delete(chargePointId);
      this.#deps.tell(chargePointId, facts, atMs);
    }
  }
}
