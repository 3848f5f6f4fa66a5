import { Hono } from 'hono';
import { html } from 'hono/html';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { WebDeps } from '#web/deps.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';
import { problem } from './problem.ts';

/** MPU-10: the platform makes one for a subscription that has none. */
export function testMerchantPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/admin/subscribers/:id/test-merchant', async (c) => {
    const subscriberId = c.req.param('id');
    const isDone = await deps.actors.office(c.var.login).ask<boolean>((replyTo) => ({
      type: 'make-test-merchant',
      subscriberId,
      newId: deps.newId(),
      atMs: c.var.nowMs,
      replyTo,
    }));
    if (!isDone) return problem(c, 'not-found', 404);
    return c.redirect(`/admin/subscribers/${encodeURIComponent(subscriberId)}`, 303);
  });
}

/** Below the form of a subscription: its test merchant, or the button that makes one. */
export async function testMerchantPanel(c: PageContext, deps: WebDeps, record: RecordRow): Promise<Html | null> {
  const { t } = c.var;
  const { testMerchant } = record.values;
  const isLacking = await deps.actors
    .office(c.var.login)
    .ask<boolean>((replyTo) => ({ type: 'lacks-test-merchant', subscriberId: record.id, replyTo }));
  const link =
    typeof testMerchant === 'string'
      ? html`<p><a href="/admin/subscribers/${encodeURIComponent(testMerchant)}">${t('test-merchant.open')}</a></p>`
      : null;
  if (link === null && !isLacking) return null;
  return html`<section class="panel">
    <h2>${t('test-merchant.title')}</h2>
    <p class="hint">${t('test-merchant.hint')}</p>
    ${
      isLacking
        ? html`<form method="post" action="/admin/subscribers/${encodeURIComponent(record.id)}/test-merchant">
            <button class="button">${t('test-merchant.make')}</button>
          </form>`
        : link
    }
  </section>`;
}
