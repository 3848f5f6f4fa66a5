import { Hono } from 'hono';
import { html } from 'hono/html';
import type { CustomerLevel } from '#src/domain/office/account.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Door } from '#web/door/door.ts';
import { formFields } from '#web/door/form.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { euros, writtenDay } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';

/** « Accès » (ABO-02): the accounts below one's own, and the way back to the level above, « Accueil ». */
export function accessPages(door: Door): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/access', async (c) => {
      const { login } = c.var;
      if (login.below.length === 0 && !login.isCustomer && login.entered === null) return problem(c, 'not-found', 404);
      return show(c, { title: c.var.t('access.title'), section: 'access', body: await levels(c, door) });
    })
    .post('/access', async (c) => {
      const { login, nowMs } = c.var;
      const { account: subscriberId = '' } = await formFields(c.req.raw);
      const account = await door.accounts.account(login.name, nowMs);
      const entered = account && (await door.accounts.enter(account, subscriberId));
      if (!entered) return problem(c, 'not-found', 404);
      await door.accounts.hasEntered(entered, { by: login.name, atMs: nowMs });
      await moveTo(c, door, subscriberId);
      return c.redirect('/', 303);
    })
    .post('/access/leave', async (c) => {
      if (c.var.login.entered === null) return problem(c, 'not-found', 404);
      await moveTo(c, door, null);
      return c.redirect('/', 303);
    });
}

/** Every page of this browser is of one account: those that are open draw themselves anew. */
async function moveTo(c: PageContext, door: Door, enteredId: string | null): Promise<void> {
  const { tokenHash } = c.var.login;
  const login = await door.registry.login(tokenHash);
  if (login === null) return;
  await door.registry.putLogin({ ...login, enteredId });
  door.streams.redrawOf(tokenHash);
}

async function levels(c: PageContext, door: Door): Promise<Html> {
  const { t, login } = c.var;
  const { entered, below, userId } = login;
  const customers = userId === null ? [] : await door.accounts.customersOf(userId);
  return html`<div class="form-page">
    <h1>${t('access.title')}</h1>
    ${
      entered !== null &&
      html`<section class="panel access-panel">
        <p>${t('access.inside', entered.name)}</p>
        <form method="post" action="/access/leave">
          <button class="button primary">${icon('arrow-left')}${t('access.home')}</button>
        </form>
      </section>`
    }
    ${below
      .filter((one) => one.subscriberId !== entered?.subscriberId)
      .map((one) => enterPanel(c, one.name, one.subscriberId))}
    ${customers.length > 0 && html`<p><a class="button" href="/me/sessions">${icon('activity')}${t('own-recharges.title')}</a></p>`}
    ${customers.map((one) => customerPanel(c, one))}
  </div>`;
}

/** MOD-18: one of the customers whose login this is: at which merchant, or public, and what is in the wallet. */
function customerPanel(c: PageContext, customer: CustomerLevel): Html {
  const { t } = c.var;
  const { customerId, merchant, name, balance, lastDay, inactive } = customer;
  return html`<section class="panel access-panel">
    <h2>${merchant ?? t('access.public-customer')}</h2>
    <dl class="facts">
      <div>
        <dt>${t('access.customer')}</dt>
        <dd>${name}${inactive && html` <span class="badge st-fault">${t('access.forbidden')}</span>`}</dd>
      </div>
      <div>
        <dt>${t('field.balance')}</dt>
        <dd>${euros(t, balance)}</dd>
      </div>
      ${
        lastDay !== null &&
        html`<div>
          <dt>${t('field.expiresOn')}</dt>
          <dd>${writtenDay(t, lastDay)}</dd>
        </div>`
      }
    </dl>
    <p><a class="button" href="/me/${encodeURIComponent(customerId)}">${icon('user')}${t('me.title')}</a></p>
  </section>`;
}

function enterPanel(c: PageContext, title: string, subscriberId: string): Html {
  const { t } = c.var;
  return html`<section class="panel access-panel">
    <h2>${title}</h2>
    <p class="hint">${t('access.why')}</p>
    <form method="post" action="/access">
      <input type="hidden" name="account" value="${subscriberId}" />
      <button class="button">${icon('key-round')}${t('access.enter')}</button>
    </form>
  </section>`;
}

/** Below the form of a subscriber: the platform operator works in his account as its administrator. */
export function accessPanel(c: PageContext, subscriber: RecordRow): Html | null {
  const { t, login } = c.var;
  if (login.kind !== 'platform' || subscriber.inactive) return null;
  return enterPanel(c, t('access.title'), subscriber.id);
}
