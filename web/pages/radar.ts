import { Hono } from 'hono';
import { html } from 'hono/html';
import type { RadarView } from '#actors/radar/messages.ts';
import type { WebDeps } from '#web/deps.ts';
import type { RadarHub } from '#web/live/radar-hub.ts';
import type { WebEnv } from '#web/views/env.ts';
import { liveStream } from '#web/views/live-stream.ts';
import { show } from '#web/views/page.ts';
import { certificateList, radarList } from '#web/views/radar-view.ts';

/** The onboarding radar: every refused or half-made connection, live, with its reason and what mends it (field-25..27). */
export function radarPages(deps: WebDeps, hub: RadarHub): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/radar', async (c) => {
      const { t, login, nowMs } = c.var;
      const view = await deps.actors.radar(login).ask<RadarView>((replyTo) => ({ type: 'radar', replyTo }));
      const body = html`<div class="narrow radar-page">
        <h1>${t('radar.title')}</h1>
        <p class="muted">${t('radar.intro')}</p>
        ${liveStream('radar-live', '/radar/live')} ${radarList(t, view, nowMs)}
        <section class="panel">
          <h2>${t('radar.certificates')}</h2>
          ${certificateList(t, view.certificates, nowMs)}
        </section>
      </div>`;
      return show(c, { title: t('radar.title'), section: 'radar', body });
    })
    .get('/radar/live', (c) => hub.join({ login: c.var.login, t: c.var.t }));
}
