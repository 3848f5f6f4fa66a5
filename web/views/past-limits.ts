import { html } from 'hono/html';
import { EVENTS_READ_MAX, type PastView } from '#actors/archive/time-machine.ts';
import type { Translate } from '#web/i18n/t.ts';
import { dateTime, whole } from './format.ts';
import type { Html } from './html.ts';

const DAY_MS = 86_400_000;

/** How long lines of the journal stay, in ms. */
export type JournalKept = { readonly debugMs: number; readonly othersMs: number };

type Facts = {
  readonly past: PastView;
  readonly momentMs: number;
  readonly nowMs: number;
  readonly isFuture: boolean;
  readonly kept: JournalKept;
};

/** What the page cannot know, said plainly; nothing where nothing is missing. */
export function pastLimits(t: Translate, facts: Facts): Html | null {
  const limits = limitsOf(t, facts);
  if (limits.length === 0) return null;
  return html`<section class="notice warn limits">
    <h2>${t('past.limits')}</h2>
    <ul>
      ${limits.map((limit) => html`<li>${limit}</li>`)}
    </ul>
  </section>`;
}

function limitsOf(t: Translate, { past, momentMs, nowMs, isFuture, kept }: Facts): readonly string[] {
  const { readBackToMs, isWhole, historySinceMs } = past;
  const { floodedAtMs } = past.past;
  const days = (ms: number): string => whole(t, ms / DAY_MS);
  return [
    isFuture && t('past.limit.future'),
    historySinceMs > momentMs && t('past.limit.history', dateTime(t, historySinceMs)),
    momentMs < nowMs - kept.othersMs
      ? t('past.limit.others', days(kept.othersMs))
      : momentMs < nowMs - kept.debugMs && t('past.limit.debug', days(kept.debugMs)),
    !past.isComplete && isWhole && t('past.limit.whole'),
    !past.isComplete &&
      !isWhole &&
      readBackToMs !== null &&
      t('past.limit.read-back', dateTime(t, readBackToMs), whole(t, EVENTS_READ_MAX)),
    floodedAtMs !== null && t('past.limit.flood', dateTime(t, floodedAtMs)),
  ].filter((limit) => limit !== false);
}
