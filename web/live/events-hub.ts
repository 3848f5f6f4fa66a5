import type { Directory } from '#actors/directory.ts';
import type { Log } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import { serverLogin, type SignedIn } from '#web/views/env.ts';
import { eventParts, markOf, readNews, type JournalCursor, type WatchedJournal } from './journal-watch.ts';
import { beat, type EventStream, fullHouse, message, type Streams } from './stream.ts';

const TURN_MS = 400;
const BEAT_EVERY_TURNS = 8;

export type JoinEvents = {
  readonly login: SignedIn;
  readonly t: Translate;
  /** Null: a list that does not grow; the stream then only says that the line is alive. */
  readonly journal: WatchedJournal | null;
};
export type EventsHub = { join(page: JoinEvents): Response; close(): void };

type Page = { readonly stream: EventStream; readonly t: Translate; readonly journal: JournalCursor | null };
type HubDeps = {
  readonly actors: Directory;
  readonly streams: Streams;
  readonly every: (intervalMs: number, run: () => void) => () => void;
  readonly now: () => number;
  readonly log: Log;
};

/** Only who sees everything may watch the journal of all chargers: it is read once for all of them. */
const HUB_LOGIN = serverLogin('live');

/** Moves the open journals of all chargers, refused connections included: pages with the same filter are read once. */
export function createEventsHub({ actors, streams, every, now, log }: HubDeps): EventsHub {
  const pages = new Set<Page>();
  let asking = false;
  let turns = 0;

  async function turn(): Promise<void> {
    turns += 1;
    if (pages.size === 0 || asking) return;
    asking = true;
    try {
      const open = [...pages].filter((page) => page.stream.ready());
      const journals = open.flatMap(({ journal }) => (journal === null ? [] : [journal]));
      const news = await readNews(actors, HUB_LOGIN, journals);
      for (const { stream, t, journal } of open) {
        const lines = journal === null ? [] : eventParts(t, journal, news.get(journal) ?? []);
        if (lines.length > 0) stream.send(message(lines, journal && markOf(journal)));
        if (turns % BEAT_EVERY_TURNS === 0) stream.send(beat(now(), { mark: journal && markOf(journal) }));
      }
    } finally {
      asking = false;
    }
  }

  const failed = (error: unknown): void =>
    log.warn({ error: String(error) }, 'the journal of all chargers did not move');
  const stop = every(TURN_MS, () => void turn().catch(failed));

  return {
    join: ({ login, t, journal }) => {
      const stream = streams.open(login, () => pages.delete(page));
      if (stream === null) return fullHouse();
      const page: Page = { stream, t, journal: journal && { ...journal } };
      pages.add(page);
      return stream.response;
    },
    close: stop,
  };
}
