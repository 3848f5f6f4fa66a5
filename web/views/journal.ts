import { html } from 'hono/html';
import type { StoredEvent } from '#src/storage/ports.ts';
import type { Translate } from '#web/i18n/t.ts';
import { EVENTS_PER_PAGE, journalSearch, LEVELS, type JournalFilter } from './event-query.ts';
import { eventDays } from './event-list.ts';
import { dayKey, whole } from './format.ts';
import { when, type Html } from './html.ts';
import { icon } from './icon.ts';

/** Only the latest events are exported (PRC-08). */
export const EXPORTED_EVENTS_MAX = 20_000;

export type Journal = {
  readonly filter: JournalFilter;
  readonly events: readonly StoredEvent[];
  /** Path of the journal: `/events` or that of one charger. */
  readonly path: string;
  /** Lines name their charger. */
  readonly named: boolean;
  readonly exports: boolean;
};

export function journal(t: Translate, all: Journal): Html {
  return html`${filters(t, all)}
    <div id="events" class="journal">${eventChunk(t, all)}</div>`;
}

/** The lines and the link to the next ones: a first page, or what « Charger plus » puts in its own place. */
export function eventChunk(t: Translate, { filter, events, path, named }: Journal): Html {
  const last = events.at(-1);
  const first = filter.before === null;
  if (last === undefined) return first ? html`<p class="empty-line muted">${t('journal.empty')}</p>` : html``;
  const more = `${path}${journalSearch(filter, { before: String(last.id), day: dayKey(last.atMs) })}`;
  return html`${eventDays(t, { events, named, afterDay: first ? null : filter.day })}
  ${events.length >= EVENTS_PER_PAGE && html`<p class="more"><a class="button" href="${more}" hx-get="${more}" hx-target="closest .more" hx-swap="outerHTML" hx-boost="false">${icon('chevron-down')}${t('journal.more')}</a></p>`}`;
}

function filters(t: Translate, { filter, path, exports }: Journal): Html {
  const download = (format: string, text: string): Html =>
    html`<a
      class="button quiet"
      href="${path}.${format}${journalSearch(filter)}"
      title="${t('journal.export', whole(t, EXPORTED_EVENTS_MAX))}"
      download
      >${icon('download')}${text}</a
    >`;
  return html`<form
    class="filters journal-filters"
    role="search"
    action="${path}"
    hx-get="${path}"
    hx-target="#journal"
    hx-select="#journal > *"
    hx-swap="innerMorph"
    hx-replace-url="true"
    hx-trigger="input delay:300ms, submit"
    hx-sync="this:replace"
  >
    <fieldset class="levels">
      <legend class="sr-only">${t('journal.level')}</legend>
      ${LEVELS.map((level) => html`<label class="lv-${level}"><input type="checkbox" name="level" value="${level}" ${when(filter.levels.includes(level), 'checked')} /> ${t(`journal.level.${level}`)}</label>`)}
    </fieldset>
    <label>${t('journal.from')} <input id="j-from" type="date" name="from" value="${filter.from}" /></label>
    <label>${t('journal.to')} <input id="j-to" type="date" name="to" value="${filter.to}" /></label>
    <label class="search"
      >${icon('search')}<span class="sr-only">${t('journal.text')}</span
      ><input
        id="j-q"
        type="search"
        name="q"
        value="${filter.text}"
        placeholder="${t('journal.text')}"
        autocomplete="off"
        data-search
    /></label>
    <button class="button no-script">${t('journal.filter')}</button>
    <span class="spacer"></span>
    ${exports && html`${download('xlsx', 'Excel')}${download('csv', 'CSV')}`}
  </form>`;
}
