import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Door } from '#web/door/door.ts';
import { endLogins, handleOf, openLogins, type LoginOwner } from '#web/door/logins.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dateTime } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { problem } from './problem.ts';

/** Where somebody is signed in, and how he ends what he does not know or has left open elsewhere. */
export function loginPagesOfAccount(door: Door): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .post('/account/logins/end', async (c) => {
      const { login, nowMs } = c.var;
      const which = ({ tokenHash }: { readonly tokenHash: string }): boolean => tokenHash !== login.tokenHash;
      await endLogins(door, ownerOf(c), { by: login.name, nowMs, which });
      return c.redirect('/account#logins', 303);
    })
    .post('/account/logins/:handle/end', async (c) => {
      const { login, nowMs } = c.var;
      const handle = c.req.param('handle');
      const ended = await endLogins(door, ownerOf(c), {
        by: login.name,
        nowMs,
        which: (one) => handleOf(one) === handle,
      });
      return ended === 0 ? problem(c, 'not-found', 404) : c.redirect('/account#logins', 303);
    });
}

function ownerOf(c: PageContext): LoginOwner {
  const { userId, name: username } = c.var.login;
  return { userId, username };
}

export async function loginsPanel(c: PageContext, door: Door): Promise<Html> {
  const { t, login, nowMs } = c.var;
  const logins = await openLogins(door, ownerOf(c), nowMs);
  return html`<section class="panel" id="logins">
    <h2>${t('logins.title')}</h2>
    <table class="records">
      <thead>
        <tr>
          <th scope="col">${t('logins.browser')}</th>
          <th scope="col">${t('logins.address')}</th>
          <th scope="col">${t('logins.since')}</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${logins.map((one) => {
          const isThis = one.tokenHash === login.tokenHash;
          const browser = one.browser ?? t('logins.unknown');
          return html`<tr>
            <th scope="row">
              ${browser} ${isThis && html`<span class="badge st-free">${icon('check')}${t('logins.this')}</span>`}
            </th>
            <td data-label="${t('logins.address')}">${one.address ?? t('app.none')}</td>
            <td data-label="${t('logins.since')}">${dateTime(t, one.createdAtMs)}</td>
            <td>
              ${
                !isThis &&
                html`<form method="post" action="/account/logins/${handleOf(one)}/end">
                  <button class="button small">
                    ${t('logins.end')}<span class="sr-only"> ${browser}, ${dateTime(t, one.createdAtMs)}</span>
                  </button>
                </form>`
              }
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
    ${
      logins.length > 1 &&
      html`<form method="post" action="/account/logins/end">
        <button class="button danger">${icon('log-out')}${t('logins.end-others')}</button>
      </form>`
    }
  </section>`;
}
