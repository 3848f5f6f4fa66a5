import { Hono } from 'hono';
import { html } from 'hono/html';
import { ownerIdOf } from '#src/domain/office/account.ts';
import type { Demo } from '#web/deps.ts';
import { safeNext } from '#web/door/address.ts';
import { proveCode, provePassword, troubleOf, type Door, type Proof } from '#web/door/door.ts';
import { signIn, signOut, whoIs } from '#web/door/login.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show, type Page } from '#web/views/page.ts';
import { formFields } from '#web/door/form.ts';

const NAME_LENGTH_MAX = 100;

export function loginPages(door: Door): Hono<WebEnv> {
  const { demo } = door;
  return new Hono<WebEnv>()
    .get('/login', async (c) => {
      const next = safeNext(c.req.query('next') ?? '');
      if (await whoIs(c, door)) return c.redirect(next, 303);
      const chosen = c.req.query('chosen') !== undefined;
      return show(c, loginPage(c.var.t, { next, username: '', error: null, demo, chosen }));
    })
    .post('/login', async (c) => {
      const { t, nowMs } = c.var;
      const { password = '', ...fields } = await formFields(c.req.raw);
      const username = (fields['username'] ?? '').trim().slice(0, NAME_LENGTH_MAX);
      const next = safeNext(fields['next'] ?? '');
      const proof = await provePassword(c, door, { username, password });
      const error = troubleOf(t, proof, t('login.wrong'));
      if (error !== null) return show(c, loginPage(t, { next, username, error, demo }), statusOf(c, proof));
      const account = await door.accounts.account(username, nowMs);
      if (account === null) return c.redirect('/login', 303);
      if (!account.hasSecondFactor) {
        await signIn(c, door, account);
        return c.redirect(next, 303);
      }
      const ticket = door.newId() + door.newId();
      door.tickets.put(ticket, { username, passwordSinceMs: account.passwordSinceMs, next }, nowMs);
      return show(c, codePage(t, { ticket, error: null }));
    })
    .get('/login/code', (c) => c.redirect('/login', 303))
    .post('/login/code', async (c) => {
      const { t, nowMs } = c.var;
      const { ticket = '', code: typed = '' } = await formFields(c.req.raw);
      const waiting = door.tickets.find(ticket, nowMs);
      const account = waiting === null ? null : await door.accounts.account(waiting.username, nowMs);
      // A password that was changed meanwhile has to be shown anew.
      if (waiting === null || account === null || account.passwordSinceMs !== waiting.passwordSinceMs) {
        const again = { next: '/', username: '', error: t('login.code.late'), demo };
        return show(c, loginPage(t, again), 422);
      }
      const { username, next } = waiting;
      const ownerId = ownerIdOf(account.userId, account.viewer.name);
      // Taken off by an administrator meanwhile: the password was right.
      const proof = account.hasSecondFactor ? await proveCode(c, door, { username, ownerId, typed }) : 'right';
      const error = troubleOf(t, proof, t('login.code.wrong'));
      if (error !== null) return show(c, codePage(t, { ticket, error }), statusOf(c, proof));
      door.tickets.use(ticket);
      await signIn(c, door, account);
      return c.redirect(next, 303);
    })
    .post('/logout', async (c) => {
      const ended = await signOut(c, door);
      if (ended !== null) door.streams.endOf(ended);
      return c.redirect('/login', 303);
    });
}

function statusOf(c: PageContext, proof: Proof): 422 | 429 {
  if (typeof proof !== 'object') return 422;
  c.header('Retry-After', String(Math.ceil(proof.lockedMs / 1000)));
  return 429;
}

/** The second step: six digits of the telephone, or a recovery code. */
function codePage(t: Translate, { ticket, error }: { readonly ticket: string; readonly error: string | null }): Page {
  const body = html`<div class="login-page">
    <section class="login-card">
      <h1>${t('login.code.title')}</h1>
      <p class="muted">${t('login.code.hint')}</p>
      <form method="post" action="/login/code">
        <input type="hidden" name="ticket" value="${ticket}" />
        ${error && html`<p id="login-error" class="notice bad" role="alert">${icon('octagon-alert')}${error}</p>`}
        <div class="field">
          <label for="code">${t('login.code')}</label
          ><input
            id="code"
            name="code"
            type="text"
            autocomplete="one-time-code"
            autocapitalize="none"
            spellcheck="false"
            maxlength="30"
            required${when(true, 'autofocus')}${error && html` aria-describedby="login-error"`}
          />
        </div>
        <button class="button primary wide">${t('login.submit')}</button>
      </form>
      <p class="sub">${t('login.code.lost')}</p>
      <p><a href="/login">${t('login.code.back')}</a></p>
    </section>
  </div>`;
  const title = error === null ? t('login.code.title') : `${t('form.error-title')} ${t('login.code.title')}`;
  return { title, section: 'login', body };
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
      <p><a href="/password/forgotten">${t('login.forgotten')}</a></p>
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
            <span><code>${username}</code> <span class="sub">${t(`login.demo.who.${who}`)}</span></span>
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
