import { Hono } from 'hono';
import { html } from 'hono/html';
import type { ApnSent } from '#actors/office/messages.ts';
import { isPulse } from '#src/domain/office/charger.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { may } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import { translated } from '#web/i18n/t.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';

/** What is done with a kit beside its form: the key that it signs with, and the SMS of its access point (LAF-05). */
export function kitOrderPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .post('/admin/kits/:id/key', async (c) => {
      const key = deps.newKey();
      const kit = await deps.actors.office(c.var.login).ask<RecordRow | null>((replyTo) => ({
        type: 'make-kit-key',
        kitId: c.req.param('id'),
        key,
        atMs: c.var.nowMs,
        replyTo,
      }));
      if (kit === null) return problem(c, 'not-found', 404);
      c.header('Cache-Control', 'no-store');
      return show(c, { title: c.var.t('kit-key.title'), section: 'office', body: newKey(c, kit, key) });
    })
    .post('/stations/:id/apn', async (c) => {
      const stationId = c.req.param('id');
      const sent = await deps.actors.office(c.var.login).ask<ApnSent | null>((replyTo) => ({
        type: 'send-apn',
        stationId,
        messageId: deps.newId(),
        atMs: c.var.nowMs,
        replyTo,
      }));
      if (sent === null) return problem(c, 'not-found', 404);
      const outcome = sent.ok ? 'sent' : sent.why;
      return c.redirect(`/stations/${encodeURIComponent(stationId)}?apn=${outcome}#apn`, 303);
    });
}

/** Below the form of a kit, for the platform operator who grants it. */
export function kitKeyPanel(c: PageContext, kit: RecordRow): Html | null {
  const { t, login } = c.var;
  if (login.kind !== 'platform' || !may(login, 'kits', 'modify')) return null;
  return html`<section class="panel" id="key">
    <h2>${t('kit-key.title')}</h2>
    <p class="hint">${t('kit-key.hint')}</p>
    <form method="post" action="/admin/kits/${encodeURIComponent(kit.id)}/key">
      <button class="button">${t('kit-key.make')}</button>
    </form>
  </section>`;
}

/** The one time that a key is shown. */
function newKey(c: PageContext, kit: RecordRow, key: string): Html {
  const { t } = c.var;
  return html`<div class="form-page">
    <a class="back" href="/admin/kits/${encodeURIComponent(kit.id)}">${icon('arrow-left')}${t('kit-key.back')}</a>
    <h1>${t('kit-key.of', String(kit.values['serialNumber']))}</h1>
    <section class="panel">
      <p class="notice warn" role="status">${icon('triangle-alert')}${t('kit-key.once')}</p>
      <p>
        <button type="button" class="copy" data-copy="${key}" title="${t('app.copy')}">
          <code class="kit-key">${key}</code>${icon('copy')}<span class="sr-only">${t('app.copy')}</span>
        </button>
      </p>
    </section>
  </div>`;
}

/** LAF-05: below the form of a station whose kit has a modem, for whoever installs it. */
export function apnPanel(c: PageContext, station: RecordRow): Html | null {
  const { t, login } = c.var;
  const { values } = station;
  const isForHim = may(login, 'station-maintenance', 'modify');
  if (!isForHim || !isPulse(values) || values['mediaType'] !== 'gprs' || !values['kitSerial']) return null;
  const outcome = c.req.query('apn');
  const said = outcome === undefined ? null : translated(t, `apn.${outcome}`);
  return html`<section class="panel" id="apn">
    <h2>${t('apn.title')}</h2>
    <p class="hint">${t('apn.hint')}</p>
    ${
      said !== null &&
      html`<p class="notice ${outcome === 'sent' ? 'good' : 'bad'}" role="status">
        ${icon(outcome === 'sent' ? 'circle-check' : 'triangle-alert')}${said}
      </p>`
    }
    <form method="post" action="/stations/${encodeURIComponent(station.id)}/apn">
      <button class="button">${t('apn.send')}</button>
    </form>
  </section>`;
}
