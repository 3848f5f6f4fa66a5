import { html } from 'hono/html';
import type { PastView } from '#actors/archive/time-machine.ts';
import type { Translate } from '#web/i18n/t.ts';
import { dayName } from './format.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';
import { localMoment, placeInDay } from './moment.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

type Moment = {
  /** Of the charger's page. */
  readonly path: string;
  readonly momentMs: number;
  readonly nowMs: number;
  readonly past: PastView;
};

/** The moment, and the ways to another: typed, along its day, by time, and from event to event. */
export function pastSteps(t: Translate, { path, momentMs, nowMs, past }: Moment): Html {
  const { day, second, seconds } = placeInDay(momentMs, t.timeZone);
  const ownSecond = Math.floor(momentMs / SECOND_MS);
  const previous = past.before.find(({ atMs }) => Math.floor(atMs / SECOND_MS) < ownSecond);
  const [next] = past.after;
  const to = (atMs: number | null, text: string, drawing: string | null): Html =>
    atMs === null || atMs > nowMs
      ? html`<span class="button" aria-disabled="true">${drawing && icon(drawing)}${text}</span>`
      : html`<a class="button" href="${path}?at=${atMs}">${drawing && icon(drawing)}${text}</a>`;
  return html`<section class="panel moments">
    <form class="filters" action="${path}">
      <label
        >${t('past.at')}
        <input
          type="datetime-local"
          step="1"
          name="at"
          required
          value="${localMoment(momentMs, t.timeZone)}"
          max="${localMoment(nowMs, t.timeZone)}"
      /></label>
      <button class="button primary">${t('past.show')}</button>
    </form>
    <form
      class="day-slider"
      action="${path}"
      hx-get="${path}"
      hx-target="#past"
      hx-select="#past"
      hx-swap="outerMorph"
      hx-push-url="true"
      hx-trigger="change, submit"
      hx-sync="this:replace"
    >
      <input type="hidden" name="day" value="${day}" />
      <label
        >${t('past.day', dayName(t, momentMs))}
        <input type="range" name="second" min="0" max="${seconds - 1}" value="${second}"
      /></label>
      <button class="button no-script">${t('past.show')}</button>
    </form>
    <nav aria-label="${t('past.steps')}">
      ${to(previous?.atMs ?? null, t('past.previous'), 'arrow-left')}
      ${to(momentMs - HOUR_MS, t('past.earlier.hour'), null)}
      ${to(momentMs - MINUTE_MS, t('past.earlier.minute'), null)}
      ${to(momentMs + MINUTE_MS, t('past.later.minute'), null)} ${to(momentMs + HOUR_MS, t('past.later.hour'), null)}
      ${to(next?.atMs ?? null, t('past.next'), 'chevron-right')}
    </nav>
  </section>`;
}
