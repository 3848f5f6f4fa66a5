import { Hono } from 'hono';
import { html } from 'hono/html';
import type { HealthReport, WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { WebEnv } from '#web/views/env.ts';
import { dateTime, duration, tenths, whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';

/** The page for people. */
export function healthPages({ health }: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/health', (c) => {
    const report = health();
    const body = healthView(c.var.t, report, c.var.nowMs);
    return show(c, { title: c.var.t('health.title'), section: 'health', body }, report.storage.writable ? 200 : 503);
  });
}

/** The two probes for machines, before any login: alive, and able to keep what chargers say. */
export function healthProbes({ health }: WebDeps): Hono {
  const probe = () => {
    const { storage, version } = health();
    const ready = storage.writable && !storage.fenced;
    return { ready, body: { status: ready ? 'ok' : 'storage-not-writable', version } };
  };
  const app = new Hono();
  for (const path of ['/healthz', '/readyz']) {
    app.get(path, (c) => {
      const { ready, body } = probe();
      return c.json(body, ready ? 200 : 503, { 'Cache-Control': 'no-store' });
    });
  }
  return app;
}

function healthView(
  t: Translate,
  { storage, linkedChargePoints, startedAtMs, version }: HealthReport,
  nowMs: number,
): Html {
  const good = storage.writable && !storage.fenced;
  const sentence = storage.fenced ? t('health.fenced') : good ? t('health.good') : t('health.bad');
  const rows: readonly (readonly [string, string | null])[] = [
    [t('health.storage'), storage.writable ? t('health.writable') : t('health.refusing')],
    [t('health.since'), storage.failedSinceMs === null ? null : dateTime(t, storage.failedSinceMs)],
    [t('health.error'), storage.lastError],
    [t('health.commits'), whole(t, storage.commits)],
    [t('health.groups'), whole(t, storage.groups)],
    [t('health.per-group'), storage.groups === 0 ? null : tenths(t, storage.commits / storage.groups)],
    [t('health.linked'), whole(t, linkedChargePoints)],
    [t('health.uptime'), duration(t, nowMs - startedAtMs)],
    [t('health.epoch'), whole(t, storage.epoch)],
    [t('health.version'), version],
  ];
  return html`<div class="narrow health">
    <h1>${t('health.title')}</h1>
    <p class="verdict tone-${good ? 'calm' : 'fault'}">
      ${icon(good ? 'circle-check' : 'triangle-alert')}<span>${sentence}</span>
    </p>
    <section class="panel">
      <dl class="facts">
        ${rows.map(
          ([label, value]) =>
            value !== null &&
            html`<div>
              <dt>${label}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
    </section>
  </div>`;
}
