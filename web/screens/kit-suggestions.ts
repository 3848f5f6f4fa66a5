import { html } from 'hono/html';
import type { Suggestion } from '#actors/office/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { ago } from '#web/views/badge.ts';
import { dateTime } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import type { Aid, Fill } from './aids.ts';

/** What the browser offers as one types; the time is a text, for nothing else fits there. */
export function suggestionOptions(t: Translate, id: string, suggested: readonly Suggestion[]): Html {
  return html`<datalist id="${id}">
    ${suggested.map(({ value, heardAtMs }) =>
      heardAtMs === null
        ? html`<option value="${value}"></option>`
        : html`<option value="${value}" label="${t('kits.heard.at', value, dateTime(t, heardAtMs))}"></option>`,
    )}
  </datalist>`;
}

/** The kits that knock, the likeliest first, with when each was heard last. */
export function knockingList(t: Translate, suggested: readonly Suggestion[], nowMs: number): Html | null {
  const heard = suggested.flatMap(({ value, heardAtMs, isProven }) =>
    heardAtMs === null ? [] : [{ value, heardAtMs, isProven }],
  );
  if (heard.length === 0) return null;
  return html`<ul class="knocking" aria-label="${t('kits.heard.list')}">
    ${heard.map(
      ({ value, heardAtMs, isProven }) =>
        html`<li>
          <code>${value}</code> <span class="sub">${t('kits.heard')} ${ago(t, heardAtMs, nowMs)}</span>
          ${!isProven && html`<span class="sub warn">${icon('triangle-alert')}${t('kits.heard.unproven')}</span>`}
        </li>`,
    )}
  </ul>`;
}

/** LAF-02: asks anew which numbers the kit may well have; what was typed stays. */
const refresh: Fill = {
  name: 'kits',
  icon: 'refresh-cw',
  fills: ['kitSerial'],
  async run({ suggestions }, typed, t) {
    const found = await suggestions('kitSerial');
    const heard = found.filter(({ heardAtMs }) => heardAtMs !== null).length;
    const text =
      heard > 0 ? t('kits.heard.count', heard) : t(found.length > 0 ? 'kits.heard.none' : 'kits.heard.nothing');
    return { values: { kitSerial: typed('kitSerial') }, said: { tone: heard > 0 ? 'good' : 'warn', text } };
  },
};
export const STATION_KIT: Readonly<Record<string, Aid>> = { kitSerial: { fill: refresh } };
