import type { Directory } from '#actors/directory.ts';
import type { Departure } from '#actors/fleet/departures.ts';
import type { ChargePointView, FleetChanges, FleetCounts, FleetQuery } from '#actors/fleet/messages.ts';
import { matcher } from '#actors/fleet/query.ts';
import { audienceOf, mayCommand, type Viewer } from '#src/domain/office/viewer.ts';
import type { Log } from '#web/deps.ts';
import { type Language, type Translate, translator } from '#web/i18n/t.ts';
import type { SignedIn } from '#web/views/env.ts';
import { counterFigures, shareBar, verdict } from '#web/views/fleet-counts.ts';
import { fleetRow, goneRow, rowId } from '#web/views/fleet-row.ts';
import { textOf } from '#web/views/html.ts';
import { goneStateCell, stateCell, stateCellId } from '#web/views/state-cell.ts';
import { beat, type EventStream, fullHouse, message, named, partial, type Streams } from './stream.ts';

/** How often the fleet is asked, once for every page together. */
const TURN_MS = 250;
/** A row costs a browser about one millisecond; more than these wait for the next turn. */
const ROWS_PER_MESSAGE_MAX = 60;
const BEAT_EVERY_TURNS = 12;
/** Chargers named in one message about the list; who is further behind refreshes anyway. */
const MOVED_PER_MESSAGE_MAX = 100;

type Drawing = 'row' | 'state';
export type JoinFleet = {
  readonly login: SignedIn;
  readonly t: Translate;
  /** What the page shows of each charger: its row of « État du parc », or its state beside its station. */
  readonly draws: Drawing;
  /** The chargers on the page; null watches all. */
  readonly shown: ReadonlySet<string> | null;
  /** What the page was asked for: a charger that it does not show but now fits is a change of the list. */
  readonly query: FleetQuery;
  /** The revision that the page was drawn at. */
  readonly since: number;
};
export type FleetHub = { join(page: JoinFleet): Response; close(): void };

type Page = {
  readonly stream: EventStream;
  readonly language: Language;
  readonly draws: Drawing;
  readonly shown: ReadonlySet<string> | null;
  readonly query: FleetQuery;
  readonly fits: (view: ChargePointView) => boolean;
  /** What has moved in the list since the last message, and what of it is a new fault. */
  readonly moved: Map<string, Moved>;
  /** Up to where moves were looked for. */
  seen: number;
  /** The newest state of each row that still has to go out: a slow browser gets one row per charger, not a queue. */
  readonly waiting: Map<string, ChargePointView>;
  /** Rows on the page whose charger is not there any more. */
  readonly gone: Map<string, Departure>;
  /** What the counters on the page say, once they were sent. */
  counts: FleetCounts | null;
  caughtUp: boolean;
};

/** One line of the `moved` event: `row` is the id of a row that the page may or may not have. */
export type Moved = { readonly row: string; readonly name: string; readonly fault: boolean; readonly listed: boolean };

type HubDeps = {
  readonly timeZone: string;
  readonly actors: Directory;
  readonly streams: Streams;
  readonly every: (intervalMs: number, run: () => void) => () => void;
  readonly now: () => number;
  readonly log: Log;
};

/** One hub for each audience: viewers who find the same stations are told the same, drawn once for all of them. */
export function createFleetHub(deps: HubDeps): FleetHub {
  const hubs = new Map<string, FleetHub>();
  return {
    join(page) {
      // Rows are drawn once for all: with boxes for those who may command.
      const audience = `${mayCommand(page.login)} ${audienceOf(page.login)}`;
      let hub = hubs.get(audience);
      if (hub === undefined) {
        const own = createAudienceHub(deps, page.login, () => {
          own.close();
          hubs.delete(audience);
        });
        hubs.set(audience, (hub = own));
      }
      return hub.join(page);
    },
    close: () => hubs.forEach((hub) => hub.close()),
  };
}

/**
 * Moves every open fleet page of one audience with one question to the fleet per turn. A changed row is drawn and encoded once per
 * language; each page is sent only the rows it shows, and nothing at all when none of them changed.
 */
function createAudienceHub(
  { actors, streams, every, now, log, timeZone }: HubDeps,
  viewer: Viewer,
  emptied: () => void,
): FleetHub {
  const pages = new Set<Page>();
  const picks = mayCommand(viewer);
  type Drawn = Readonly<Record<Language, WeakMap<ChargePointView, Uint8Array>>>;
  const drawn: Readonly<Record<Drawing, Drawn>> = {
    row: { fr: new WeakMap(), en: new WeakMap() },
    state: { fr: new WeakMap(), en: new WeakMap() },
  };
  const figures: Partial<Record<Language, { readonly of: FleetCounts; readonly parts: readonly Uint8Array[] }>> = {};
  /** Up to where every page was told; 0 while no page is open. */
  let revision = 0;
  let counts: FleetCounts | null = null;
  let asking = false;
  let turns = 0;

  const changesSince = (since: number): Promise<FleetChanges> =>
    actors.fleet(viewer).ask<FleetChanges>((replyTo) => ({ type: 'changes', since, replyTo }));

  /** A page that just opened gets what changed between its drawing and now; the turns cover the rest. */
  async function catchUp(page: Page, since: number): Promise<void> {
    const changes = await changesSince(since);
    if (!changes.complete) {
      page.stream.send(named('stale', ''));
      return page.stream.end();
    }
    if (revision === 0) revision = changes.revision;
    counts ??= changes.counts;
    wait(page, changes);
    page.caughtUp = true;
  }

  /** With nobody left to tell, there is nothing to keep up with: the next page begins anew. */
  function leave(page: Page): void {
    pages.delete(page);
    if (pages.size > 0) return;
    revision = 0;
    emptied();
  }

  function wait(page: Page, { changed, gone, revision: upTo }: FleetChanges): void {
    for (const view of changed) note(page, view);
    page.seen = Math.max(page.seen, upTo);
    for (const departure of gone) {
      page.waiting.delete(departure.chargePointId);
      if (page.shown === null || page.shown.has(departure.chargePointId))
        page.gone.set(departure.chargePointId, departure);
    }
    for (const view of changed) {
      if (page.shown !== null && !page.shown.has(view.chargePointId)) continue;
      const older = page.waiting.get(view.chargePointId);
      if (older === undefined || older.revision <= view.revision) page.waiting.set(view.chargePointId, view);
      page.gone.delete(view.chargePointId);
    }
  }

  /**
   * A list is never changed under the pointer: the page is told that it would be another one by now. Without a filter
   * only what is new counts, a charger or a fault: that page two of a large fleet moves is no news.
   */
  function note(page: Page, view: ChargePointView): void {
    const { query, seen } = page;
    // A list of stations is another list: no fault changes what is in it.
    if (page.draws === 'state') return;
    const fault = view.fault && view.faultRevision > seen;
    const byState = (query.faultOnly || query.states.length > 0) && view.movedRevision > seen;
    const entered = fault || byState || view.declaredRevision > seen;
    const listed = entered && !page.shown?.has(view.chargePointId) && page.fits(view);
    if (!fault && !listed) return;
    const known = page.moved.get(view.chargePointId);
    page.moved.set(view.chargePointId, {
      row: rowId(view.chargePointId),
      name: view.stationName,
      fault: fault || known?.fault === true,
      listed: listed || known?.listed === true,
    });
  }

  async function turn(): Promise<void> {
    turns += 1;
    if (pages.size === 0 || asking || revision === 0) return;
    asking = true;
    try {
      const changes = await changesSince(revision);
      if (!changes.complete) return startAgain();
      if (pages.size > 0) revision = changes.revision;
      counts = changes.counts;
      for (const page of pages) wait(page, changes);
      for (const page of pages) write(page);
    } finally {
      asking = false;
    }
  }

  /** The fleet cannot say what we missed: every page draws itself anew. */
  function startAgain(): void {
    revision = 0;
    for (const page of pages) {
      page.stream.send(named('stale', ''));
      page.stream.end();
    }
  }

  function write(page: Page): void {
    if (!page.stream.ready()) return;
    const parts: Uint8Array[] = [];
    for (const [id, view] of page.waiting) {
      if (parts.length >= ROWS_PER_MESSAGE_MAX) break;
      parts.push(page.draws === 'row' ? rowPart(page.language, view) : statePart(page.language, view));
      page.waiting.delete(id);
    }
    for (const departure of page.gone.values()) parts.push(gonePart(page, departure));
    page.gone.clear();
    if (counts !== null && page.draws === 'row' && !sameCounts(page.counts, counts)) {
      parts.push(...countParts(page.language, counts));
      page.counts = counts;
    }
    // The number goes out with the last waiting row: a reconnection must not skip those still here.
    const upTo = page.waiting.size === 0 && page.caughtUp ? revision : null;
    if (page.moved.size > 0) {
      page.stream.send(named('moved', JSON.stringify([...page.moved.values()].slice(0, MOVED_PER_MESSAGE_MAX))));
      page.moved.clear();
    }
    if (parts.length > 0) page.stream.send(message(parts, upTo));
    if (turns % BEAT_EVERY_TURNS === 0) page.stream.send(beat(now()));
  }

  function rowPart(language: Language, view: ChargePointView): Uint8Array {
    const known = drawn.row[language].get(view);
    if (known !== undefined) return known;
    // Indentation is for whoever reads the page's source; on the wire it is weight.
    const row = textOf(fleetRow(translator(language, timeZone), view, now(), picks)).replace(/\n\s*/g, ' ');
    const part = partial(rowId(view.chargePointId), row, 'outerMorph');
    drawn.row[language].set(view, part);
    return part;
  }

  function statePart(language: Language, view: ChargePointView): Uint8Array {
    const known = drawn.state[language].get(view);
    if (known !== undefined) return known;
    const cell = textOf(stateCell(translator(language, timeZone), view, now())).replace(/\n\s*/g, ' ');
    const part = partial(stateCellId(view.chargePointId), cell, 'outerMorph');
    drawn.state[language].set(view, part);
    return part;
  }

  function gonePart({ draws, language }: Page, departure: Departure): Uint8Array {
    const { chargePointId } = departure;
    if (draws === 'state')
      return partial(stateCellId(chargePointId), textOf(goneStateCell(chargePointId)), 'outerMorph');
    return partial(rowId(chargePointId), textOf(goneRow(translator(language, timeZone), departure)), 'outerMorph');
  }

  function countParts(language: Language, of: FleetCounts): readonly Uint8Array[] {
    const known = figures[language];
    if (known?.of === of) return known.parts;
    const t = translator(language, timeZone);
    const parts = [
      partial('verdict', textOf(verdict(t, of)), 'outerMorph'),
      partial('shares', textOf(shareBar(of)), 'outerMorph'),
      ...counterFigures(t, of).map(([id, figure]) => partial(id, figure, 'innerHTML')),
    ];
    figures[language] = { of, parts };
    return parts;
  }

  const failed = (error: unknown): void => log.warn({ error: String(error) }, 'the fleet did not tell its changes');
  const stop = every(TURN_MS, () => void turn().catch(failed));

  return {
    join: ({ login, t, draws, shown, query, since }) => {
      const stream = streams.open(login, () => leave(page));
      if (stream === null) return fullHouse();
      const page: Page = {
        stream,
        language: t.language,
        draws,
        shown,
        query,
        fits: matcher(query),
        moved: new Map(),
        seen: since,
        waiting: new Map(),
        gone: new Map(),
        counts: null,
        caughtUp: false,
      };
      pages.add(page);
      catchUp(page, since).catch((error: unknown) => {
        failed(error);
        stream.end();
      });
      return stream.response;
    },
    close: stop,
  };
}

function sameCounts(a: FleetCounts | null, b: FleetCounts): boolean {
  return a !== null && (Object.keys(b) as (keyof FleetCounts)[]).every((key) => a[key] === b[key]);
}
