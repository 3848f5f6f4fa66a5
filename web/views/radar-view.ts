import { html } from 'hono/html';
import type { BlipView, CertificateTerm, RadarView } from '#actors/radar/messages.ts';
import type { HandshakeOddity } from '#src/wire/ocpp/messages.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { ago, elapsed } from './badge.ts';
import { nothing } from './empty.ts';
import { dateTime } from './format.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';

/** Before that nobody has to think of a certificate. */
const SOON_MS = 30 * 86_400_000;

/** What moves on the radar, its own id included. */
export function radarList(t: Translate, { blips }: RadarView, nowMs: number): Html {
  if (blips.length === 0)
    return html`<div id="radar-list" class="radar">
      ${nothing({ icon: 'circle-check', why: t('radar.empty'), hint: t('radar.empty.next') })}
    </div>`;
  return html`<ol id="radar-list" class="radar">
    ${blips.map((blip) => blipItem(t, blip, nowMs))}
  </ol>`;
}

function blipItem(t: Translate, blip: BlipView, nowMs: number): Html {
  const { identity, chargePointId, why, count, atMs, firstAtMs, remoteAddress, path, solvedAtMs } = blip;
  const [, word = why, found = ''] = /^([^\s:]+):?\s*(.*)$/s.exec(why) ?? [];
  const reason = translated(t, `refusal.${word}`) ?? word;
  const name =
    chargePointId === null
      ? html`<code>${identity ?? t('radar.no-identity')}</code>`
      : html`<a href="/fleet/${encodeURIComponent(chargePointId)}"><code>${chargePointId}</code></a>`;
  return html`<li class="panel blip${solvedAtMs === null ? '' : ' solved'}">
    <h2>
      ${name}
      <span class="reason"
        >${icon(solvedAtMs === null ? 'octagon-alert' : 'circle-check')}${reason}${found && ` (${translated(t, `close.${found}`) ?? found})`}</span
      >
    </h2>
    ${
      solvedAtMs === null
        ? html`<p class="fix">${translated(t, `fix.${word}`) ?? t('fix.other')} ${switchLink(t, word, blip)}</p>`
        : html`<p class="sub">${t('radar.solved')} ${elapsed(t, solvedAtMs, nowMs)}</p>`
    }
    <dl class="facts">
      <div>
        <dt>${t('radar.when')}</dt>
        <dd>${ago(t, atMs, nowMs)} <span class="sub">${t('radar.count', count)}</span></dd>
      </div>
      <div>
        <dt>${t('radar.from')}</dt>
        <dd>${dateTime(t, firstAtMs)}</dd>
      </div>
      <div>
        <dt>${t('box.fact.address')}</dt>
        <dd class="wrap">${t('radar.address', remoteAddress, path)}</dd>
      </div>
    </dl>
  </li>`;
}

/** What the choice of leniency of a known charger decides about (field-25). */
const BY_LENIENCY: ReadonlySet<string> = new Set<HandshakeOddity>([
  'no-subprotocol',
  'unsupported-subprotocol',
  'no-connection-upgrade',
  'odd-path',
]);

/** To the switch that lets it in. */
function switchLink(t: Translate, word: string, { stationId }: BlipView): Html | null {
  if (stationId === null || !BY_LENIENCY.has(word)) return null;
  const wanted = t(`choice.leniency.${word === 'unsupported-subprotocol' ? 'assume-1.6' : 'tolerant'}`);
  return html`<a href="/stations/${encodeURIComponent(stationId)}#field-leniency">${t('radar.leniency', wanted)}</a>`;
}

/** The expiry radar of field-27: the server's own certificate, and those that chargers were given. */
export function certificateList(t: Translate, certificates: readonly CertificateTerm[], nowMs: number): Html {
  if (certificates.length === 0) return html`<p class="muted">${t('radar.certificates.none')}</p>`;
  const inOrder = certificates.toSorted((a, b) => a.expiresAtMs - b.expiresAtMs);
  return html`<ul class="certificates">
    ${inOrder.map(({ chargePointId, subject, expiresAtMs }) => {
      const when = dateTime(t, expiresAtMs);
      const words =
        expiresAtMs < nowMs
          ? html`<span class="bad">${icon('octagon-alert')}${t('radar.certificates.expired', when)}</span>`
          : expiresAtMs < nowMs + SOON_MS
            ? html`<span class="warn">${icon('triangle-alert')}${t('radar.certificates.soon', when)}</span>`
            : html`<span>${t('radar.certificates.until', when)}</span>`;
      return html`<li>
        <b>${chargePointId ?? t('radar.certificates.server')}</b> <span class="sub wrap">${subject}</span> ${words}
      </li>`;
    })}
  </ul>`;
}
