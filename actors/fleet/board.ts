import { isAnothers } from '#actors/charge-point/holder.ts';
import type { ChargePointState } from '#actors/charge-point/state.ts';
import { editionOf } from '#actors/charge-point/quirks.ts';
import type { ConnectorState } from '#actors/connector/state.ts';
import type { Habit } from '#actors/edition/habit.ts';
import type { EditionState } from '#actors/edition/state.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { RosterRow } from '#src/storage/registry-port.ts';
import type { ChargePointView, FleetChanges, FleetCounts, FleetPage, FleetQuery } from './messages.ts';
import { audienceOf, findsStation, seesEverything, type StationPlace, type Viewer } from '#src/domain/office/viewer.ts';
import { Departures } from './departures.ts';
import { passportsOf, type Passport } from './passport.ts';
import { arranged, byIdentity, byName, filter, pageOf, saysTheSame, search, textOf } from './query.ts';
import { Shelf } from './shelf.ts';
import { countsOf, Tally } from './tally.ts';
import { SILENCE_MS, viewOf } from './view.ts';

/** What the engine saw since the last batch; later states of the same actor have replaced earlier ones. */
export type FleetBatch = {
  readonly chargePoints: readonly ChargePointState[];
  readonly connectors: readonly ConnectorState[];
  /** What makes, models and firmwares take (field-30), by the actor that remembers it. */
  readonly editions?: ReadonlyMap<ActorId, EditionState>;
  readonly heard: ReadonlyMap<ChargePointId, number>;
  readonly declared: readonly RosterRow[];
  /** Taken off before `declared` is added. */
  readonly gone: readonly ChargePointId[];
};
/** Looks at each view when it is drawn anew. */
export type FleetWatcher = {
  readonly look: (view: ChargePointView, nowMs: number) => void;
  readonly gone: (chargePointId: ChargePointId, nowMs: number) => void;
};
type Entry = {
  roster: RosterRow;
  chargePoint: ChargePointState | null;
  connectors: Map<number, ConnectorState>;
  heardAtMs: number | null;
  /** Its actors still speak of the station before: until they know better, nothing is known of it. */
  isAnothers: boolean;
  view: ChargePointView;
  /** What it is searched by, kept since somebody searched; null when it must be made anew. */
  text: string | null;
};
/** What an audience finds, in one order, as it was at `at`; `texts` is what each was searched by at `saidAt`. */
type List = { readonly at: number; readonly entries: readonly Entry[]; texts: readonly string[]; saidAt: number };
/** A busy charger changes ten times between two looks: its view is drawn when somebody looks, or at the latest after this. */
const UNSEEN_MS_MAX = 1_000;
const AUDIENCES_KEPT = 64;

/** Chargers that nobody declares of which states are kept: above it the oldest, declared again, is known by what it says next. */
export const EARLY_MAX = 10_000;
/** States that came before their charger was declared wait here, by identity; `stationId` had it until it was let go. */
type Early = Pick<Entry, 'chargePoint' | 'connectors' | 'heardAtMs'> & { readonly stationId?: string };

/**
 * The fleet in memory: one view per charger, kept up to date by batches, numbered so that a page can ask for what it
 * missed. A projection of other actors' states: it owns no fact, and is built again at every start.
 */
export class FleetBoard {
  readonly #entries = new Map<ChargePointId, Entry>();
  readonly #habits = new Map<ActorId, Habit>();
  readonly #early = new Map<ChargePointId, Early>();
  /** Whose states are newer than their view. */
  readonly #stale = new Set<ChargePointId>();
  #staleSinceMs = 0;
  /** Of the latest batch. */
  #nowMs: number;
  /** In the order of their last change: a view that changes moves to the end. */
  readonly #byRevision = new Map<ChargePointId, ChargePointView>();
  readonly #departures = new Departures();
  readonly #firstRevision: number;
  #revision: number;
  readonly #tally = new Tally();
  readonly #byName = new Shelf<Entry>((a, b) => byName(a.view, b.view));
  readonly #byIdentity = new Shelf<Entry>((a, b) => byIdentity(a.view, b.view));

  /** By audience and order. */
  readonly #found = new Map<string, readonly Entry[]>();
  readonly #lists = new Map<string, List>();
  /** How often a state or a fault has changed, and how often what a charger is searched by. */
  #moves = 0;
  #said = 0;

  readonly #watcher: FleetWatcher | null;

  /** Revisions count from the clock of the start, so that they grow across restarts. */
  constructor(startedAtMs: number, watcher: FleetWatcher | null = null) {
    this.#watcher = watcher;
    this.#revision = startedAtMs;
    this.#firstRevision = startedAtMs;
    this.#nowMs = startedAtMs;
  }

  apply(batch: FleetBatch, nowMs: number): void {
    const stale = this.#stale;
    if (stale.size === 0) this.#staleSinceMs = nowMs;
    this.#nowMs = nowMs;
    for (const [id, { habit }] of batch.editions ?? []) this.#habits.set(id, habit);
    for (const chargePointId of batch.gone) this.#forget(chargePointId);
    for (const roster of batch.declared) {
      this.#declare(roster, nowMs);
      stale.add(roster.chargePointId);
    }
    for (const state of batch.chargePoints) {
      this.#learn(state);
      stale.add(state.chargePointId);
    }
    for (const state of batch.connectors) {
      if (this.#entries.get(state.chargePointId)?.isAnothers === true) continue;
      this.#slot(state.chargePointId).connectors.set(state.connectorId, state);
      stale.add(state.chargePointId);
    }
    for (const [chargePointId, atMs] of batch.heard) {
      this.#slot(chargePointId).heardAtMs = atMs;
      stale.add(chargePointId);
    }
    this.settle(nowMs);
  }

  /** Draws what has changed, once it has waited for long enough: also when nothing comes after it. */
  settle(nowMs: number): void {
    if (this.#stale.size > 0 && nowMs - this.#staleSinceMs >= UNSEEN_MS_MAX) this.#catchUp();
  }

  /** Chargers fall silent without a message: once in a while the silent ones are looked for (MOD-07). */
  age(nowMs: number): void {
    this.#catchUp();
    for (const [chargePointId, { view }] of this.#entries) {
      if (view.state !== 'offline' && nowMs - (view.heardAtMs ?? 0) > SILENCE_MS) this.#refresh(chargePointId, nowMs);
    }
  }

  find(chargePointId: ChargePointId): ChargePointView | null {
    this.#catchUp();
    return this.#entries.get(chargePointId)?.view ?? null;
  }

  /** Null as well for a viewer who does not find its station. */
  findFor(chargePointId: ChargePointId, viewer: Viewer): ChargePointView | null {
    const view = this.find(chargePointId);
    return view !== null && findsStation(viewer, view) ? view : null;
  }

  /** Whose it is, without drawing its view; null when it is not declared. */
  placeOf(chargePointId: ChargePointId): StationPlace | null {
    const station = this.#entries.get(chargePointId)?.roster.station;
    return station === undefined ? null : station;
  }

  /** From when on its history is its present station's (`RosterRow.historySinceMs`). */
  historySinceMs(chargePointId: ChargePointId): number {
    return this.#entries.get(chargePointId)?.roster.historySinceMs ?? 0;
  }

  /** Every charger, as it is now. */
  views(): ChargePointView[] {
    this.#catchUp();
    return [...this.#entries.values()].map(({ view }) => view);
  }

  /** Every station with a charger that this viewer finds. */
  stationIdsFor(viewer: Viewer): string[] {
    return this.idsFor(viewer).map((chargePointId) => this.placeOf(chargePointId)?.stationId ?? '');
  }

  /** Every charger that this viewer finds. */
  idsFor(viewer: Viewer): ChargePointId[] {
    this.#catchUp();
    return this.#finds(viewer, 'identity').map(({ view }) => view.chargePointId);
  }

  isStrict(chargePointId: ChargePointId): boolean {
    return this.#entries.get(chargePointId)?.roster.leniency === 'strict';
  }

  passportsFor(viewer: Viewer): readonly Passport[] {
    return passportsOf(
      this.#finds(viewer, 'identity').map(({ view, chargePoint }) => ({
        chargePointId: view.chargePointId,
        editions: chargePoint?.live.editions ?? [],
        edition: editionOf(chargePoint?.durable.boot ?? null),
      })),
      this.#habits,
    );
  }

  /** A page costs no sorting of twenty thousand chargers, and no look at those that are not on it. */
  list(query: FleetQuery, viewer: Viewer): FleetPage {
    this.#catchUp();
    const found = this.#fitting(this.#listOf(viewer, query.sort), query);
    const rows = pageOf(found, query).map(({ view }) => view);
    return { rows, found: found.length, counts: this.#countsFor(viewer), revision: this.#revision };
  }

  changes(since: number, viewer: Viewer): FleetChanges {
    this.#catchUp();
    const complete = since >= this.#firstRevision && since <= this.#revision && this.#departures.completeSince(since);
    const all = seesEverything(viewer);
    const changed: ChargePointView[] = [];
    if (complete && since < this.#revision) {
      for (const view of newestFirst(this.#byRevision)) {
        if (view.revision <= since) break;
        if (all || findsStation(viewer, view)) changed.push(view);
      }
    }
    const gone = complete ? this.#departures.of(viewer, since, (id) => this.findFor(id, viewer) !== null) : [];
    return { changed: changed.toReversed(), gone, counts: this.#countsFor(viewer), revision: this.#revision, complete };
  }

  #countsFor(viewer: Viewer): FleetCounts {
    if (viewer.restriction.to !== 'stations') return this.#tally.of(viewer);
    return countsOf(this.#finds(viewer, 'name').map(({ view }) => view));
  }

  /** What he finds, in order. Few chargers of many are his: which ones is kept until one is declared or forgotten. */
  #finds(viewer: Viewer, by: 'name' | 'identity'): readonly Entry[] {
    const shelf = by === 'name' ? this.#byName : this.#byIdentity;
    if (seesEverything(viewer)) return shelf.items();
    const audience = `${by} ${audienceOf(viewer)}`;
    const kept = this.#found.get(audience) ?? shelf.items().filter(({ view }) => findsStation(viewer, view));
    if (this.#found.size >= AUDIENCES_KEPT) this.#found.clear();
    this.#found.set(audience, kept);
    return kept;
  }

  /** What he finds, in that order: kept until something moves in it. */
  #listOf(viewer: Viewer, sort: FleetQuery['sort']): List {
    const key = `${sort} ${audienceOf(viewer)}`;
    const at = { name: 0, chargePointId: 0, urgency: this.#moves, state: this.#moves, heard: this.#revision }[sort];
    const kept = this.#lists.get(key);
    if (kept?.at === at) return kept;
    const entries = arranged(this.#finds(viewer, sort === 'chargePointId' ? 'identity' : 'name'), sort);
    const list: List = { at, entries, texts: [], saidAt: -1 };
    if (this.#lists.size >= AUDIENCES_KEPT) this.#lists.clear();
    this.#lists.set(key, list);
    return list;
  }

  /** What is searched lies side by side: a page that is searched for looks at texts, and at no charger that is not on it. */
  #fitting(list: List, query: FleetQuery): readonly Entry[] {
    const fits = filter(query);
    const holds = search(query);
    const chosen = fits === null ? list.entries : list.entries.filter(({ view }) => fits(view));
    if (holds === null) return chosen;
    if (fits !== null) return chosen.filter((entry) => holds(textOfEntry(entry)));
    if (list.saidAt !== this.#said) list.texts = list.entries.map(textOfEntry);
    list.saidAt = this.#said;
    return chosen.filter((_, index) => holds(list.texts[index] ?? ''));
  }

  #saysOther(entry: Entry): void {
    entry.text = null;
    this.#said += 1;
  }

  #forget(chargePointId: ChargePointId): void {
    const entry = this.#entries.get(chargePointId);
    if (entry === undefined) return;
    this.#entries.delete(chargePointId);
    this.#found.clear();
    this.#lists.clear();
    this.#byName.remove(entry);
    this.#byIdentity.remove(entry);
    this.#byRevision.delete(chargePointId);
    this.#stale.delete(chargePointId);
    this.#watcher?.gone(chargePointId, this.#nowMs);
    this.#tally.count(entry.view, -1);
    const { chargePoint, connectors, heardAtMs, roster } = entry;
    const { name: stationName } = roster.station;
    this.#departures.note({ chargePointId, stationName }, roster.station, ++this.#revision);
    // Kept in case it is declared again, as when its station comes back from the bin.
    this.#keepEarly(chargePointId, { chargePoint, connectors, heardAtMs, stationId: roster.stationId });
  }

  /** What an actor still says of another station, before it has heard of the present one, is nobody's here. */
  #learn(state: ChargePointState): void {
    const entry = this.#entries.get(state.chargePointId);
    if (entry === undefined) {
      this.#slot(state.chargePointId).chargePoint = state;
      return;
    }
    entry.isAnothers = isAnothers(state, entry.roster);
    if (entry.isAnothers) entry.connectors = new Map();
    entry.chargePoint = entry.isAnothers ? null : state;
  }

  #slot(chargePointId: ChargePointId): Early {
    const entry = this.#entries.get(chargePointId) ?? this.#early.get(chargePointId);
    if (entry !== undefined) return entry;
    const early: Early = { chargePoint: null, connectors: new Map(), heardAtMs: null };
    this.#keepEarly(chargePointId, early);
    return early;
  }

  #keepEarly(chargePointId: ChargePointId, early: Early): void {
    const [oldest] = this.#early.keys();
    if (oldest !== undefined && this.#early.size >= EARLY_MAX) this.#early.delete(oldest);
    this.#early.set(chargePointId, early);
  }

  #declare(roster: RosterRow, nowMs: number): void {
    const { chargePointId } = roster;
    const entry = this.#entries.get(chargePointId);
    this.#found.clear();
    this.#lists.clear();
    if (entry !== undefined) {
      const { station } = entry.roster;
      entry.roster = roster;
      this.#saysOther(entry);
      // Its view follows when somebody looks.
      this.#byName.moved();
      const { subscriberId, companyId, stationId, name } = station;
      const moved =
        subscriberId !== roster.station.subscriberId ||
        companyId !== roster.station.companyId ||
        stationId !== roster.stationId;
      if (moved) this.#departures.note({ chargePointId, stationName: name }, station, ++this.#revision);
      return;
    }
    const kept = this.#early.get(chargePointId);
    this.#early.delete(chargePointId);
    const isHis = kept !== undefined && (kept.stationId === undefined || kept.stationId === roster.stationId);
    const chargePoint = isHis ? kept.chargePoint : null;
    const connectors = isHis ? kept.connectors : new Map<number, ConnectorState>();
    const heard = (isHis ? kept.heardAtMs : null) ?? roster.heardAtMs;
    const heardAtMs = heard !== null && heard >= roster.historySinceMs ? heard : null;
    const view = viewOf({ chargePoint, connectors, roster, heardAtMs }, nowMs, null, ++this.#revision);
    const declared: Entry = {
      chargePoint,
      connectors,
      roster,
      heardAtMs,
      isAnothers: kept !== undefined && !isHis,
      view,
      text: null,
    };
    this.#entries.set(chargePointId, declared);
    this.#byName.add(declared);
    this.#byIdentity.add(declared);
    this.#byRevision.set(chargePointId, view);
    this.#tally.count(view, 1);
  }

  #catchUp(): void {
    for (const chargePointId of this.#stale) this.#refresh(chargePointId, this.#nowMs);
    this.#stale.clear();
  }

  #refresh(chargePointId: ChargePointId, nowMs: number): void {
    const entry = this.#entries.get(chargePointId);
    if (entry === undefined) return;
    const before = entry.view;
    const view = viewOf(entry, nowMs, before, ++this.#revision);
    this.#tally.count(before, -1);
    this.#tally.count(view, 1);
    if (!saysTheSame(before, view)) this.#saysOther(entry);
    if (view.movedRevision !== before.movedRevision) this.#moves += 1;
    entry.view = view;
    this.#byRevision.delete(chargePointId);
    this.#byRevision.set(chargePointId, view);
    this.#watcher?.look(view, nowMs);
  }
}

function textOfEntry(entry: Entry): string {
  entry.text ??= textOf(entry.view);
  return entry.text;
}

function newestFirst(views: ReadonlyMap<ChargePointId, ChargePointView>): ChargePointView[] {
  return [...views.values()].toReversed();
}
