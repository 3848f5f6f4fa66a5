import { html } from 'hono/html';
import type { CertificateView } from '#src/domain/charger-security.ts';
import type { Translate } from '#web/i18n/t.ts';
import { dateTime } from './format.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';

/** The certificates that a charger was given, each with the way to void it; nothing without any. */
export function chargerCertificates(
  t: Translate,
  certificates: readonly CertificateView[],
  of: { readonly action: string; readonly mayRevoke: boolean; readonly nowMs: number },
): Html | null {
  if (certificates.length === 0) return null;
  return html`<h3>${t('certificate.title')}</h3>
    <p class="hint">${t('certificate.hint')}</p>
    <ul class="certificates">
      ${certificates.map((one) => {
        const isGood = one.revokedAtMs === null && one.expiresAtMs > of.nowMs;
        return html`<li>
          <code class="wrap">${one.serialNumber}</code>
          <span class="sub wrap">${one.subject}</span> ${stateOf(t, one, of.nowMs)}
          ${isGood && of.mayRevoke && revokeForm(t, one, of.action)}
        </li>`;
      })}
    </ul>`;
}

function stateOf(t: Translate, { revokedAtMs, revokedBy, expiresAtMs }: CertificateView, nowMs: number): Html {
  if (revokedAtMs !== null)
    return html`<span class="bad"
      >${icon('ban')}${t('certificate.revoked', revokedBy ?? '', dateTime(t, revokedAtMs))}</span
    >`;
  const when = dateTime(t, expiresAtMs);
  return expiresAtMs <= nowMs
    ? html`<span class="bad">${icon('octagon-alert')}${t('radar.certificates.expired', when)}</span>`
    : html`<span>${t('radar.certificates.until', when)}</span>`;
}

/** In two steps: it cannot be undone. */
function revokeForm(t: Translate, { fingerprint, serialNumber }: CertificateView, action: string): Html {
  return html`<details class="fold">
    <summary>${t('certificate.revoke')}</summary>
    <form method="post" action="${action}">
      <p class="notice warn">${icon('triangle-alert')}${t('certificate.revoke.sure')}</p>
      <input type="hidden" name="fingerprint" value="${fingerprint}" />
      <button class="button danger" name="act" value="revoke">${t('certificate.revoke.this', serialNumber)}</button>
    </form>
  </details>`;
}
