import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Demo, WebDeps } from '#web/deps.ts';
import { remoteAddress, safeNext } from '#web/door/address.ts';
import { LoginAttempts } from '#web/door/attempts.ts';
import { signIn, signOut, whoIs } from '#web/door/login.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { Streams } from '#web/live/stream.ts';
import type { WebEnv } from '#web/views/env.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { formFields } from '#web/door/form.ts';

const PASSWORD_LENGTH_MAX = 1024;
const MINUTE_MS = 60_000;
/** Checked when the name is unknown, so that a wrong name takes as long as a wrong password. Nothing hashes to it. */
const NOBODY = `argon2id$${'A'.repeat(22)}$${'A'.repeat(43)}`;

export function loginPages(deps: WebDeps, streams: Streams): Hono<WebEnv> {
  const attempts = new LoginAttempts();
  return new Hono<WebEnv>()
    .get('/login', async (c) => {
      const next = safeNext(c.req.query('next') ?? '');
      if (await whoIs(c, deps)) return c.redirect(next, 303);
      return show(
        c,
        loginPage(c.var.t, {
          next,
          username: '',
          error: null,
          demo: deps.demo,
          chosen: c.req.query('chosen') !== undefined,
        }),
      );
    })
    .post('/login', async (c) => {
      const { t, nowMs } = c.var;
      const fields = await formFields(c.req.raw);
      const username = (fields['username'] ?? '').trim();
      const password = (fields['password'] ?? '').slice(0, PASSWORD_LENGTH_MAX);
      const next = safeNext(fields['next'] ?? '');
      const address = remoteAddress(c);

      const lockedMs = attempts.lockedMs(username, address, nowMs);
      if (lockedMs > 0) {
        c.header('Retry-After', String(Math.ceil(lockedMs / 1000)));
        const error = t('login.locked', Math.ceil(lockedMs / MINUTE_MS));
        return show(c, loginPage(t, { next, username, error, demo: deps.demo }), 429);
      }
      const account = await deps.accounts.account(username, nowMs);
      const right = await deps.verifyPassword(password, account?.passwordHash ?? NOBODY);
      if (account === null || account.passwordHash === null || !right) {
        attempts.failed(username, address, nowMs);
        deps.log.warn({ username, address }, 'wrong password');
        return show(c, loginPage(t, { next, username, error: t('login.wrong'), demo: deps.demo }), 422);
      }
      attempts.succeeded(username, address);
      await signIn(c, deps, account);
      return c.redirect(next, 303);
    })
    .post('/logout', async (c) => {
      const ended = await signOut(c, deps);
      if (ended !== null) streams.endOf(ended);
      return c.redirect('/login', 303);
    });
}

type LoginView = {
  readonly next: string;
  readonly username: string;
  readonly error: string | null;
  readonly demo: Demo | null;
  /** A password was just chosen. */
  readonly chosen?: boolean;
};

function loginPage(t: Translate, view: LoginView) {
  const { next, username, error, demo } = view;
  const title = error === null ? t('login.title') : `${t('form.error-title')} ${t('login.title')}`;
  const body = html`<div class="login-page">
    <section class="login-card">
      <h1>${t('login.title')}</h1>
      <p class="muted">${t('app.tagline')}</p>
      ${view.chosen && html`<p class="notice good" role="status">${icon('circle-check')}${t('password.chosen')}</p>`}
      <form id="login" method="post" action="/login">
        <input type="hidden" name="next" value="${next}" />
        ${error && html`<p id="login-error" class="notice bad" role="alert">${icon('octagon-alert')}${error}</p>`}
        <div class="field">
          <label for="username">${t('login.username')}</label
          ><input
            id="username"
            type="text"
            name="username"
            value="${username}"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required${when(username === '', 'autofocus')}${error && html` aria-describedby="login-error"`}
          />
        </div>
        <div class="field">
          <label for="password">${t('login.password')}</label
          ><input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required${when(username !== '', 'autofocus')}${error && html` aria-describedby="login-error"`}
          />
        </div>
        <button class="button primary wide">${t('login.submit')}</button>
      </form>
    </section>
    ${demo && demoCard(t, demo)}
  </div>`;
  return { title, section: 'login', body } as const;
}

function demoCard(t: Translate, demo: Demo): Html {
  return html`<aside class="login-demo">
    <h2>${t('login.demo')}</h2>
    <p class="muted">${t('login.demo.hint')}</p>
    <ul class="demo-logins">
      ${demo.logins.map(
        ({ username, who }) =>
          html`<li>
            <span><code>${username}</code> ${t(`login.demo.who.${who}`)}</span>
            <button
              type="button"
              class="button small scripted"
              data-fill-username="${username}"
              data-fill-password="${demo.password}"
            >
              ${t('login.demo.fill')}<span class="sr-only"> ${username}</span>
            </button>
          </li>`,
      )}
    </ul>
    <p>${t('login.demo.password')} <code>${demo.password}</code></p>
    ${pairs(
      t('login.demo.addresses'),
      demo.addresses.map(({ label, url }) => [label, html`<code>${url}</code>`]),
    )}
    ${pairs(
      t('login.demo.badges'),
      demo.badges.map(({ kind, idTag }) => [t(`login.demo.badge.${kind}`), html`<code>${idTag}</code>`]),
    )}
    ${pairs(t('login.demo.api'), [
      [t('login.demo.api.token'), html`<code>${demo.apiToken}</code>`],
      [t('login.demo.api.document'), html`<a href="/api/openapi.json">/api/openapi.json</a>`],
    ])}
  </aside>`;
}

function pairs(title: string, rows: readonly (readonly [label: string, value: Html])[]): Html | null {
  if (rows.length === 0) return null;
  return html`<h3>${title}</h3>
    <dl class="facts">
      ${rows.map(
        ([label, value]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}
