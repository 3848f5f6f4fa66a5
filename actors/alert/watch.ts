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

  setLimits(chargePointId: ChargePointId, limits: ParkingLimits | null): void {
    if (limits === null) this.#limits.delete(chargePointId);
    else this.#limits.set(chargePointId, limits);
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
    if (text === (this.#told.get(chargePointId) ?? NOTHING_TOLD)) return;
    if (text === NOTHING_TOLD) this.#told.delete(chargePointId);
    else this.#told.set(chargePointId, text);
    this.#deps.tell(chargePointId, facts, atMs);
  }
}
