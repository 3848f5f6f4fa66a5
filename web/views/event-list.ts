import { html } from 'hono/html';
import type { EventKind, StoredEvent } from '#src/storage/ports.ts';
import type { Translate } from '#web/i18n/t.ts';
import { eventNote } from './event-notes.ts';
import { eventName, eventSummary } from './event-summary.ts';
import { dayKey, dayName, dateTime, timeOfDay } from './format.ts';
import { prettyFrame } from './frames.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';

export type EventListing = {
  readonly events: readonly StoredEvent[];
  /** Lines name their charger: for the journal of all of them. */
  readonly named: boolean;
  /** The day that the list above ends with, for the next page of a list: its heading is not said twice. */
  readonly afterDay: string | null;
};

/** Newest first, under a heading for each day. */
export function eventDays(t: Translate, { events, named, afterDay }: EventListing): Html {
  const days = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const day = dayKey(t, event.atMs);
    const known = days.get(day);
    if (known === undefined) days.set(day, [event]);
    else known.push(event);
  }
  // Only the first page of a list is alive, so only its days are named for the stream.
  return html`${[...days].map(([day, lines]) => eventDay(t, { day, lines, named, heading: day !== afterDay, alive: afterDay === null }))}`;
}

type Day = {
  readonly day: string;
  readonly lines: readonly StoredEvent[];
  readonly named: boolean;
  readonly heading: boolean;
  readonly alive: boolean;
};

export function eventDay(t: Translate, { day, lines, named, heading, alive }: Day): Html {
  const [first] = lines;
  return html`<section class="day">${heading && first && html`<h3>${dayName(t, first.atMs)}</h3>`}<ol${alive && html` id="events-${day}"`} class="events">${lines.map((event) => eventLine(t, event, named))}</ol></section>`;
}

/** Request and answer as one line; both frames unfold below it. The time is the line's permanent link. */
export function eventLine(t: Translate, event: StoredEvent, named: boolean): Html {
  const box = event.chargePointId;
  const journal = box === null || named ? '/events' : `/fleet/${encodeURIComponent(box)}/events`;
  const line = html`<span class="ev-name">${icon(kindIcon[event.kind])}<span>${eventName(t, event)}</span></span
    ><span class="ev-text">${eventSummary(t, event)}</span
    >${event.level !== 'info' && html`<span class="ev-level">${t(`journal.level.${event.level}`)}</span>`}`;
  const foldable = event.request !== null || event.answer !== null || event.note !== null;
  return html`<li id="e${event.id}" class="event lv-${event.level}">
    <a
      class="ev-time"
      href="${journal}?at=${event.id}#e${event.id}"
      title="${t('journal.link')} · ${dateTime(t, event.atMs)}"
      >${timeOfDay(t, event.atMs)}</a
    >${named && (box === null ? html`<span class="ev-box">${t('app.none')}</span>` : html`<a class="ev-box" href="/fleet/${encodeURIComponent(box)}"><code>${box}</code></a>`)}${
      foldable
        ? html`<details>
            <summary>${line}</summary>
            ${unfolded(t, event)}
          </details>`
        : html`<div class="ev-plain">${line}</div>`
    }
  </li>`;
}

function unfolded(t: Translate, event: StoredEvent): Html {
  const { kind, request, answer } = event;
  const note = eventNote(t, event);
  const silence = kind === 'frame-out' ? t('journal.answer-follows') : kind === 'frame-in' && t('journal.no-answer');
  return html`<div class="frames">
    ${event.chargePointId !== null && html`<p><a href="/fleet/${encodeURIComponent(event.chargePointId)}?at=${event.atMs}">${t('past.event-link')}</a></p>`}
    ${note && html`<p class="note"><b>${t('journal.note')}</b> ${note}</p>`}${request && frame(t('journal.request'), request)}${answer ? frame(t('journal.answer'), answer) : silence && html`<p class="note">${silence}</p>`}
  </div>`;
}

function frame(title: string, text: string): Html {
  return html`<figure>
    <figcaption>${title}</figcaption>
    <pre tabindex="0">${prettyFrame(text)}</pre>
  </figure>`;
}

const kindIcon: Readonly<Record<EventKind, string>> = {
  'frame-in': 'arrow-down-left',
  'frame-out': 'arrow-up-right',
  link: 'link-2',
  command: 'send',
  refused: 'octagon-alert',
  server: 'database',
  session: 'zap',
  post: 'message-square',
  sms: 'message-square',
  account: 'key-round',
  gireve: 'send',
  easyconnect: 'send',
};
