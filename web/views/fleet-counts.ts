import { html } from 'hono/html';
import type { FleetCounts, FleetState } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { whole } from './format.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';

/** Trouble first: the reader's eye begins on the left. */
export const COUNTER_STATES = [
  'offline',
  'out-of-service',
  'occupied',
  'free',
] as const satisfies readonly FleetState[];
const BAR_WIDTH = 1000;

/** The answer to "is anything wrong?", in one sentence. */
export function verdict(t: Translate, counts: FleetCounts): Html {
  const troubles = [
    counts.fault > 0 && t('fleet.alarm.fault', counts.fault),
    counts.offline > 0 && t('fleet.alarm.offline', counts.offline),
    counts.unlinked > 0 && t('fleet.alarm.unlinked', counts.unlinked),
  ].filter((text) => text !== false);
  const tone = counts.fault > 0 ? 'fault' : troubles.length > 0 ? 'warn' : 'calm';
  return html`<p id="verdict" class="verdict tone-${tone}">
    ${icon(tone === 'calm' ? 'circle-check' : 'triangle-alert')}<span
      >${troubles.length > 0 ? troubles.join(', ') : t('fleet.calm', counts.total)}</span
    ><span class="sub">${counts.charging > 0 && t('fleet.counter.charging', counts.charging)}</span>
  </p>`;
}

/** The shares of the fleet as one bar. The counters beside it say the same in figures. */
export function shareBar(counts: FleetCounts): Html {
  let from = 0;
  const parts = COUNTER_STATES.map((state) => {
    const width = counts.total === 0 ? 0 : Math.round((counts[state] / counts.total) * BAR_WIDTH * 10) / 10;
    const part = html`<rect class="st-${state}" x="${from}" y="0" width="${width}" height="8"></rect>`;
    from += width;
    return part;
  });
  return html`<svg
    id="shares"
    class="shares"
    viewBox="0 0 ${BAR_WIDTH} 8"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${parts}
  </svg>`;
}

/** The figures by the id of the element that holds each: the stream replaces those that changed. */
export function counterFigures(t: Translate, counts: FleetCounts): readonly (readonly [id: string, figure: string])[] {
  return [
    ['n-fault', whole(t, counts.fault)],
    ...COUNTER_STATES.map((state) => [`n-${state}`, whole(t, counts[state])] as const),
    ['n-total', whole(t, counts.total)],
  ];
}
