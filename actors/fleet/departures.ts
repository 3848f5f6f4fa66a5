import type { ChargePointId } from '#src/domain/ids.ts';
import { findsStation, type StationPlace, type Viewer } from '#src/domain/office/viewer.ts';

/** Departures that are remembered: more at once, as when a large subscriber goes, and open pages draw themselves anew. */
export const DEPARTURES_MAX = 1_000;

/** A charger that somebody no longer finds: no longer declared, or moved to a station of others. */
export type Departure = { readonly chargePointId: ChargePointId; readonly stationName: string };
type Noted = Departure & { readonly place: StationPlace; readonly revision: number };

/** The chargers that have left a place, oldest first, so that the pages of whoever found them there can say so. */
export class Departures {
  #noted: Noted[] = [];
  /** Up to this revision some are forgotten. */
  #forgotten = 0;

  note(departure: Departure, place: StationPlace, revision: number): void {
    this.#noted.push({ ...departure, place, revision });
    if (this.#noted.length <= DEPARTURES_MAX) return;
    this.#forgotten = this.#noted.at(-DEPARTURES_MAX - 1)?.revision ?? 0;
    this.#noted = this.#noted.slice(-DEPARTURES_MAX);
  }

  /** Is every one known that came after `revision`? */
  completeSince(revision: number): boolean {
    return revision >= this.#forgotten;
  }

  /** What has left this viewer's reach after `revision`, however often; `finds` says what is in it by now. */
  of(viewer: Viewer, revision: number, finds: (chargePointId: ChargePointId) => boolean): readonly Departure[] {
    const gone = new Map<ChargePointId, Departure>();
    for (let at = this.#noted.length - 1; at >= 0; at--) {
      const one = this.#noted[at];
      if (one === undefined || one.revision <= revision) break;
      const { chargePointId, stationName, place } = one;
      if (findsStation(viewer, place) && !finds(chargePointId)) gone.set(chargePointId, { chargePointId, stationName });
    }
    return [...gone.values()];
  }
}
