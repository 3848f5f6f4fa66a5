import { audienceOf, findsStation, type StationPlace, type Viewer } from '#src/domain/office/viewer.ts';
import type { ChargePointView, FleetCounts } from './messages.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Owner = { readonly place: StationPlace; readonly counts: Mutable<FleetCounts> };

/** Chargers counted by whose they are: the figures of somebody are a sum over owners, who are few beside chargers. */
export class Tally {
  readonly #owners = new Map<string, Owner>();
  /** By who looks, until something is counted. */
  readonly #sums = new Map<string, FleetCounts>();

  count(view: ChargePointView, by: 1 | -1): void {
    this.#sums.clear();
    const { subscriberId, companyId } = view;
    const key = `${subscriberId}\n${companyId}`;
    const owner = this.#owners.get(key) ?? { place: { stationId: '', subscriberId, companyId }, counts: noCounts() };
    this.#owners.set(key, owner);
    count(owner.counts, view, by);
    if (owner.counts.total === 0) this.#owners.delete(key);
  }

  /** For somebody who is not narrowed to some stations: those are counted one by one. */
  of(viewer: Viewer): FleetCounts {
    const audience = audienceOf(viewer);
    const known = this.#sums.get(audience);
    if (known !== undefined) return known;
    const sum = noCounts();
    for (const { place, counts } of this.#owners.values()) {
      if (findsStation(viewer, place)) for (const name of NAMES) sum[name] += counts[name];
    }
    this.#sums.set(audience, sum);
    return sum;
  }
}

/** Of these chargers alone. */
export function countsOf(views: Iterable<ChargePointView>): FleetCounts {
  const counts = noCounts();
  for (const view of views) count(counts, view, 1);
  return counts;
}

function noCounts(): Mutable<FleetCounts> {
  return { free: 0, occupied: 0, 'out-of-service': 0, offline: 0, total: 0, fault: 0, charging: 0, unlinked: 0 };
}
const NAMES = Object.keys(noCounts()) as (keyof FleetCounts)[];

function count(counts: Mutable<FleetCounts>, view: ChargePointView, by: 1 | -1): void {
  counts[view.state] += by;
  counts.total += by;
  if (view.fault) counts.fault += by;
  if (!view.linked && view.state !== 'offline') counts.unlinked += by;
  if (view.connectors.some((one) => one.session !== null)) counts.charging += by;
}
