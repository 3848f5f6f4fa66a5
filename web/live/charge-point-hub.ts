import type { ChargePointDetail } from '#actors/charge-point/messages.ts';
import type { Directory } from '#actors/directory.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { SessionRow } from '#src/storage/ports.ts';
import { audienceOf, mayCommand } from '#src/domain/office/viewer.ts';
import type { Log } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { ChargePointFacts } from '#web/views/charge-point-facts.ts';
import { part, PART_IDS, type PartId } from '#web/views/charge-point-parts.ts';
import type { SignedIn } from '#web/views/env.ts';
import { textOf } from '#web/views/html.ts';
import { SESSIONS_SHOWN } from '#web/views/session-table.ts';
import { eventParts, markOf, readNews, type JournalCursor, type WatchedJournal } from './journal-watch.ts';
import { beat, type EventStream, fullHouse, message, named, partial, type Streams } from './stream.ts';

const TURN_MS = 400;
const BEAT_EVERY_TURNS = 8;

export type JoinChargePoint = {
  readonly login: SignedIn;
  readonly t: Translate;
  readonly chargePointId: string;
  /** Null: no events, because the list on the page is not one that grows. */
  readonly journal: WatchedJournal | null;
};
export type ChargePointHub = { join(page: JoinChargePoint): Response; close(): void };

type Page = {
  readonly stream: EventStream;
  readonly t: Translate;
  /** What each part on the page says; empty at first, so that a new page is told everything once. */
  readonly told: Map<PartId, string>;
  readonly journal: JournalCursor | null;
};
/** By the first who looks: the others of a watch find the same stations as he, and may do the same. */
type Watch = { readonly login: SignedIn; readonly chargePointId: string; readonly pages: Set<Page>; asking: boolean };

type HubDeps = {
  readonly actors: Directory;
  readonly streams: Streams;
  readonly every: (intervalMs: number, run: () => void) => () => void;
  readonly now: () => number;
  readonly log: Log;
};

/**
 * Moves the open pages and drawers of single chargers. Each watched charger is asked once per turn for each audience,
 * however many look at it; a page is sent the parts whose text differs from what it was last told, and the events it does not have.
 */
export function createChargePointHub({ actors, streams, every, now, log }: HubDeps): ChargePointHub {
  const watches = new Map<string, Watch>();
  let turns = 0;

  async function turnOf(watch: Watch): Promise<void> {
    const facts = await readFacts(actors, watch.login, watch.chargePointId, now());
    if (facts === null) {
      // It is not there any more, for this viewer: the page draws itself anew and finds that out.
      for (const { stream } of watch.pages) {
        stream.send(named('stale', ''));
        stream.end();
      }
      return;
    }
    const journals = [...watch.pages].flatMap((page) =>
      page.journal === null || !page.stream.ready() ? [] : [page.journal],
    );
    const news = await readNews(actors, watch.login, journals);
    const texts = new Map<string, string>();
    for (const page of watch.pages) {
      const { t, journal, stream } = page;
      const lines = journal === null ? [] : eventParts(t, journal, news.get(journal) ?? []);
      // What was read must go out, or it is lost: only the parts wait for a browser that does not keep up.
      if (lines.length === 0 && !stream.ready()) continue;
      const parts = [...changedParts(page, facts, texts), ...lines];
      const mark = journal && markOf(journal);
      if (parts.length > 0) stream.send(message(parts, mark));
      if (turns % BEAT_EVERY_TURNS === 0) stream.send(beat(now(), { mark }));
    }
  }

  function turn(): void {
    turns += 1;
    for (const watch of watches.values()) {
      if (watch.asking) continue;
      watch.asking = true;
      const { chargePointId } = watch;
      turnOf(watch)
        .catch((error: unknown) =>
          log.warn({ chargePointId, error: String(error) }, 'a charger’s page could not be moved'),
        )
        .finally(() => {
          watch.asking = false;
        });
    }
  }

  const stop = every(TURN_MS, turn);

  return {
    join: ({ login, t, chargePointId, journal }) => {
      const key = JSON.stringify([chargePointId, audienceOf(login), mayCommand(login)]);
      const watch = watches.get(key) ?? { login, chargePointId, pages: new Set<Page>(), asking: false };
      const stream = streams.open(login, () => {
        watch.pages.delete(page);
        if (watch.pages.size === 0 && watches.get(key) === watch) watches.delete(key);
      });
      if (stream === null) return fullHouse();
      const page: Page = { stream, t, told: new Map(), journal: journal && { ...journal } };
      watch.pages.add(page);
      watches.set(key, watch);
      return stream.response;
    },
    close: stop,
  };
}

/** What a charger's page shows, from the fleet, the charger itself and the archive; null when the charger is not there for this viewer. */
export async function readFacts(
  actors: Directory,
  login: SignedIn,
  chargePointId: string,
  nowMs: number,
): Promise<ChargePointFacts | null> {
  const chargePoint = actors.chargePoint(chargePointId, login);
  if (chargePoint === null) return null;
  const query = { chargePointId, limit: SESSIONS_SHOWN + 1 };
  const [view, detail, sessions] = await Promise.all([
    actors.fleet(login).ask<ChargePointView | null>((replyTo) => ({ type: 'find', chargePointId, replyTo })),
    chargePoint.ask<ChargePointDetail>((replyTo) => ({ type: 'view', replyTo })),
    actors.archive(login).ask<readonly SessionRow[]>((replyTo) => ({ type: 'sessions', query, replyTo })),
  ]);
  const called = view !== null && detail.callable ? { ...view, callable: true } : view;
  return called === null ? null : { view: called, detail, sessions, nowMs, mayCommand: mayCommand(login) };
}

function changedParts(page: Page, facts: ChargePointFacts, texts: Map<string, string>): Uint8Array[] {
  return PART_IDS.flatMap((id) => {
    const key = `${page.t.language} ${id}`;
    const text = texts.get(key) ?? textOf(part(page.t, id, facts));
    texts.set(key, text);
    // Ages are counted by the page itself, so they are no news.
    const news = text.replace(/(<time data-age[^>]*>)[^<]*/g, '$1');
    if (page.told.get(id) === news) return [];
    page.told.set(id, news);
    return [partial(id, text, 'outerMorph')];
  });
}
