import { html } from 'hono/html';
import type { EventsFound, StoredEvent } from '#src/storage/ports.ts';
import type { Translate } from '#web/i18n/t.ts';
import {
  EVENTS_PER_PAGE,
  isLive,
  journalSearch,
  LEVELS,
  NO_LEVEL,
  type JournalFilter,
  JOURNAL_TYPES,
  type JournalType,
} from './event-query.ts';
import { eventDays } from './event-list.ts';
import { dayBox, filterForm, searchBox, selectBox } from './filter-form.ts';
import { dateTime, dayKey, whole } from './format.ts';
import { anchor, when, type Html } from './html.ts';
import { liveStream } from './live-stream.ts';
import { icon } from './icon.ts';

/** Only the latest events are exported (PRC-08). */
export const EXPORTED_EVENTS_MAX = 20_000;

/** The filter form, as htmx names it when it asks. */
export const JOURNAL_FORM = 'form#journal-filters';

export type Journal = {
  readonly filter: JournalFilter;
  readonly events: readonly StoredEvent[];
  /** Where the search stopped, when it did not go to its end. */
  readonly searchedTo: EventsFound['searchedTo'];
  /** The newest event of all when the list was read, shown or not. */
  readonly headId: number;
  readonly nowMs: number;
  /** Path of the page that the list is on: filters stay there. */
  readonly page: string;
  /** Path of the journal: `/events` or that of one charger. */
  readonly path: string;
  /** Path of the stream. */
  readonly live: string;
  /** Lines name their charger. */
  readonly named: boolean;
  /** It is that of a Pulse kit. */
  readonly ofKit: boolean;
  readonly exports: boolean;
};

/** The journal with its stream: filtering draws both anew, so that the stream always fits the list. */
export function journalRegion(t: Translate, list: Journal): Html {
  return html`<div id="journal">
    ${filters(t, list)} ${wayOn(t, list)}
    <div id="events" class="journal">${eventChunk(t, list)}</div>
    ${journalStream(t, list)}
  </div>`;
}

/** The stream of a page with a list of events; of a list that does not grow, the stream of the rest of the page. */
export function journalStream(t: Translate, { filter, events, headId, nowMs, live }: Journal): Html {
  const [newest] = events;
  const more: Record<string, string> = {};
  if (isLive(filter, nowMs)) {
    more['after'] = String(Math.max(headId, newest?.id ?? 0));
    if (newest !== undefined) more['day'] = dayKey(t, newest.atMs);
  }
  const url = `${live}${journalSearch(filter, more)}`;
  return liveStream(anchor('live', url), url);
}

/** The lines and the link to the next ones: a first page, or what « Charger plus » puts in its own place. */
export function eventChunk(t: Translate, list: Journal): Html {
  const { filter, events, path, named, searchedTo } = list;
  const further = searchedTo && searchOn(t, list, searchedTo);
  const last = events.at(-1);
  const first = filter.before === null;
  if (last === undefined) {
    const why = filter.levels.length === 0 ? 'journal.empty.levels' : 'journal.empty';
    return html`${first && html`<p class="empty-line muted">${t(why)}</p>`}${further}`;
  }
  const more = `${path}${journalSearch(filter, { before: String(last.id), day: dayKey(t, last.atMs) })}`;
  return html`${eventDays(t, { events, named, afterDay: first ? null : filter.day })}
  ${(events.length >= EVENTS_PER_PAGE || filter.since !== null) && html`<p class="more"><a class="button" href="${more}" hx-get="${more}" hx-target="closest .more" hx-swap="outerHTML" hx-boost="false">${icon('chevron-down')}${t('journal.more')}</a></p>`}${further}`;
}

/** A search stops somewhere in a long journal: it says where, and goes on when asked. */
function searchOn(t: Translate, { filter, path }: Journal, to: { readonly id: number; readonly atMs: number }): Html {
  const more = `${path}${journalSearch(filter, { before: String(to.id) })}`;
  return html`<p class="more">
    <span class="sub">${t('journal.searched-to', dateTime(t, to.atMs))}</span>
    <a class="button" href="${more}" hx-get="${more}" hx-target="closest .more" hx-swap="outerHTML" hx-boost="false"
      >${icon('search')}${t('journal.search-on')}</a
    >
  </p>`;
}

/** Of one charger there are only those that happen to a charger; a kit takes its access point by SMS. */
function typesOf({ named, ofKit }: Journal): readonly JournalType[] {
  const all = Object.keys(JOURNAL_TYPES) as JournalType[];
  const elsewhere: readonly JournalType[] = ofKit ? ['mails', 'accounts'] : ['mails', 'sms', 'accounts'];
  return named ? all : all.filter((type) => !elsewhere.includes(type));
}

/** From a list that begins further down, the way to what came after it, and back to now. */
function wayOn(t: Translate, { filter, events, path }: Journal): Html | false {
  if (filter.at === null && filter.since === null && filter.before === null) return false;
  const [newest] = events;
  const newer = newest === undefined ? null : `${path}${journalSearch(filter, { since: String(newest.id) })}`;
  const full = filter.since === null || events.length >= EVENTS_PER_PAGE;
  return html`<p class="way-on">
    ${full && newer !== null && html`<a class="button" href="${newer}">${icon('arrow-up')}${t('journal.newer')}</a>`}
    <a class="button quiet" href="${path}">${icon('activity')}${t('journal.now')}</a>
  </p>`;
}

function filters(t: Translate, list: Journal): Html {
  const { filter, page } = list;
  return filterForm(t, {
    id: 'journal-filters',
    look: 'journal-filters',
    path: page,
    target: 'journal',
    fields: html`<fieldset class="levels">
        <legend class="sr-only">${t('journal.level')}</legend>
        <input type="hidden" name="level" value="${NO_LEVEL}" />
        ${LEVELS.map((level) => html`<label class="lv-${level}"><input type="checkbox" name="level" value="${level}" ${when(filter.levels.includes(level), 'checked')} /> ${t(`journal.level.${level}`)}</label>`)}
      </fieldset>
      ${selectBox({
        label: t('journal.type'),
        name: 'type',
        id: 'f-type',
        any: t('journal.type.any'),
        options: typesOf(list).map((type) => ({ value: type, text: t(`journal.type.${type}`) })),
        chosen: filter.type,
      })}
      <span class="period"
        >${dayBox({ label: t('journal.from'), name: 'from', day: filter.from })}
        ${dayBox({ label: t('journal.to'), name: 'to', day: filter.to })}</span
      >
      ${searchBox({ label: t('journal.text'), value: filter.text })}`,
    ends: html`<span class="spacer"></span> ${list.exports && downloads(t, list)}`,
  });
}

/** Says how many lines the file will hold: exactly when all of them are on the page, else the most there can be. */
function downloads(t: Translate, { filter, events, path }: Journal): Html {
  const all = filter.before === null && filter.at === null && filter.since === null && events.length < EVENTS_PER_PAGE;
  const link = (format: string, text: string): Html =>
    html`<a class="button quiet" href="${path}.${format}${journalSearch(filter)}" download
      >${icon('download')}${text}</a
    >`;
  return html`<span class="exports"
    ><span class="sub"
      >${all ? t('journal.export.exactly', whole(t, events.length), events.length) : t('journal.export.most', whole(t, EXPORTED_EVENTS_MAX))}</span
    >${link('xlsx', 'Excel')}${link('csv', 'CSV')}</span
  >`;
}
