import type { FleetBoard, FleetWatcher } from '#actors/fleet/board.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { RETURN_MS } from '#actors/alert/watch.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import { statusMark } from '#src/domain/roaming.ts';

/** What follows within this is told in the same report. */
export const REPORT_CALM_MS = 3_000;
/** Between two reports of one charger, however it flaps. */
export const REPORT_EVERY_MS_MIN = 10_000;
/** Under way at one time: after a start, or a power cut, every charger has something to tell, and people save records. */
export const REPORTS_AT_ONCE_MAX = 10;

export type StatusWatchDeps = {
  readonly startedAtMs: number;
  /** Resolves when the report is on disk, or was told before. */
  readonly report: (chargePointId: ChargePointId, atMs: number) => Promise<unknown>;
};

/**
 * Looks at each view of a charger that roams when it is drawn anew, and has the partners told when its state, or that
 * of a connector, is another one (PRC-20). What it forgets at a restart is told again then, and the office knows what
 * was told. One late report of what is true now stands for all changes before it.
 */
export class StatusWatch implements FleetWatcher {
  readonly #deps: StatusWatchDeps;
  readonly #roaming = new Set<ChargePointId>();
  /** What was seen last, by `statusMark`. */
  readonly #seen = new Map<ChargePointId, string>();
  readonly #due = new Map<ChargePointId, number>();
  readonly #reportedAtMs = new Map<ChargePointId, number>();
  #underWay = 0;
  #hasWaited = false;

  constructor(deps: StatusWatchDeps) {
    this.#deps = deps;
  }

  look(view: ChargePointView, nowMs: number): void {
    const { chargePointId } = view;
    if (!this.#roaming.has(chargePointId)) return;
    // While chargers have not had the time to come back, it is the server that was away.
    if (view.state === 'offline' && nowMs - this.#deps.startedAtMs < RETURN_MS) return;
    const mark = statusMark(view);
    if (this.#seen.get(chargePointId) === mark) return;
    this.#seen.set(chargePointId, mark);
    this.#later(chargePointId, nowMs);
  }

  /** It is no longer declared. */
  gone(chargePointId: ChargePointId): void {
    for (const map of [this.#seen, this.#due, this.#reportedAtMs]) map.delete(chargePointId);
  }

  /** Which of these roam: their stations were changed, or the server has started. */
  changed(chargePointIds: Iterable<ChargePointId>, roaming: ReadonlySet<ChargePointId>): void {
    for (const chargePointId of chargePointIds) {
      if (roaming.has(chargePointId)) this.#roaming.add(chargePointId);
      else this.#roaming.delete(chargePointId);
      // Its name or its points may be others: what was told is looked at again.
      this.#seen.delete(chargePointId);
    }
  }

  /** Looks at those that nobody has drawn: whose station was changed, or whose silence counts from now on. */
  sweep(fleet: Pick<FleetBoard, 'find'>, nowMs: number): void {
    const isFirst = !this.#hasWaited && nowMs - this.#deps.startedAtMs >= RETURN_MS;
    this.#hasWaited ||= isFirst;
    for (const chargePointId of this.#roaming) {
      if (!isFirst && this.#seen.has(chargePointId)) continue;
      const view = fleet.find(chargePointId);
      if (view !== null) this.look(view, nowMs);
    }
  }

  /** One turn of telling. */
  drain(nowMs: number): void {
    for (const [chargePointId, dueMs] of this.#due) {
      if (this.#underWay >= REPORTS_AT_ONCE_MAX) return;
      if (dueMs > nowMs) continue;
      this.#due.delete(chargePointId);
      this.#reportedAtMs.set(chargePointId, nowMs);
      this.#underWay += 1;
      void this.#deps
        .report(chargePointId, nowMs)
        // Whoever could not write has told why elsewhere.
        .catch(() => this.#later(chargePointId, nowMs))
        .then(() => (this.#underWay -= 1));
    }
  }

  #later(chargePointId: ChargePointId, nowMs: number): void {
    if (this.#due.has(chargePointId)) return;
    const last = this.#reportedAtMs.get(chargePointId) ?? -Infinity;
    this.#due.set(chargePointId, Math.max(nowMs + REPORT_CALM_MS, last + REPORT_EVERY_MS_MIN));
  }
}
