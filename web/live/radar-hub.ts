import type { RadarView } from '#actors/radar/messages.ts';
import type { Directory } from '#actors/directory.ts';
import type { Log } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { SignedIn } from '#web/views/env.ts';
import { textOf } from '#web/views/html.ts';
import { radarList } from '#web/views/radar-view.ts';
import { beat, type EventStream, fullHouse, message, partial, type Streams } from './stream.ts';

const TURN_MS = 1_000;
const BEAT_EVERY_TURNS = 4;

export type RadarHub = { join(page: { readonly login: SignedIn; readonly t: Translate }): Response; close(): void };

type Page = { readonly stream: EventStream; readonly login: SignedIn; readonly t: Translate; told: string };

/** Moves the open radars: each is drawn again, and sent when it says something else. */
export function createRadarHub(deps: {
  readonly actors: Directory;
  readonly streams: Streams;
  readonly every: (intervalMs: number, run: () => void) => () => void;
  readonly now: () => number;
  readonly log: Log;
}): RadarHub {
  const { actors, streams, every, now, log } = deps;
  const pages = new Set<Page>();
  let turns = 0;
  let asking = false;

  async function turn(): Promise<void> {
    turns += 1;
    if (asking) return;
    asking = true;
    try {
      for (const page of pages) {
        const { stream, login, t } = page;
        if (!stream.ready()) continue;
        const view = await actors.radar(login).ask<RadarView>((replyTo) => ({ type: 'radar', replyTo }));
        const text = textOf(radarList(t, view, now()));
        // Ages are counted by the page itself, so they are no news.
        const news = text.replace(/(<time data-age[^>]*>)[^<]*/g, '$1');
        if (news !== page.told) stream.send(message([partial('radar-list', text, 'outerMorph')], null));
        page.told = news;
        if (turns % BEAT_EVERY_TURNS === 0) stream.send(beat(now()));
      }
    } finally {
      asking = false;
    }
  }

  const failed = (error: unknown): void => log.warn({ error: String(error) }, 'the radar did not move');
  const stop = every(TURN_MS, () => void turn().catch(failed));
  return {
    join({ login, t }) {
      const stream = streams.open(login, () => pages.delete(page));
      if (stream === null) return fullHouse();
      const page: Page = { stream, login, t, told: '' };
      pages.add(page);
      return stream.response;
    },
    close: stop,
  };
}
