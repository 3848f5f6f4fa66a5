import { Hono } from 'hono';
import { html } from 'hono/html';
import { weakness, type LinkedUser } from '#src/domain/office/account.ts';
import { mayCreate, scopeOf } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import { signIn } from '#web/door/login.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';

type Trouble = ReturnType<typeof weakness> | 'differs' | 'same' | 'wrong';

/** A password is chosen by a single-use link, before any login (AUT-08, USR-12). */
export function passwordLinkPages(deps: WebDeps): Hono<WebEnv> {
  const path = '/password/reset/:token';
  return new Hono<WebEnv>()
    .get(path, async (c) => {
      const user = await deps.accounts.linkedUser(c.req.param('token'), c.var.nowMs);
      return user === null ? gone(c) : ask(c, { username: user.username, trouble: null, old: false });
    })
    .post(path, async (c) => {
      const user = await deps.accounts.linkedUser(c.req.param('token'), c.var.nowMs);
      if (user === null) return gone(c);
      const trouble = await chosen(deps, user, await formFields(c.req.raw));
      if (trouble === null || typeof trouble !== 'object')
        return ask(c, { username: user.username, trouble, old: false });
      await deps.accounts.setPassword(user.userId, trouble.password, c.var.nowMs);
      return c.redirect('/login?chosen', 303);
    });
}

/** A password is changed by who knows the old one, and must be when an administrator set it (AUT-09, AUT-12). */
export function passwordPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/password/change', (c) => ask(c, { username: c.var.login.name, trouble: null, old: true }))
    .post('/password/change', async (c) => {
      const { login, nowMs } = c.var;
      const account = await deps.accounts.account(login.name, nowMs);
      if (account?.userId == null || account.passwordHash === null) return problem(c, 'not-found', 404);
      const fields = await formFields(c.req.raw);
      const isRight = await deps.verifyPassword(fields['old'] ?? '', account.passwordHash);
      if (!isRight) return ask(c, { username: login.name, trouble: 'wrong', old: true });
      const user = { userId: account.userId, username: login.name, passwordHash: account.passwordHash };
      const trouble = await chosen(deps, user, fields);
      if (trouble === null || typeof trouble !== 'object') return ask(c, { username: login.name, trouble, old: true });
      await deps.accounts.setPassword(user.userId, trouble.password, nowMs);
      // Every other login of his has ended; this browser goes on.
      await signIn(c, deps, account);
      return c.redirect('/', 303);
    })
    .post('/users/:id/password-link', async (c) => {
      const { t, login, nowMs } = c.var;
      const id = c.req.param('id');
      const user = await deps.actors.office(login).ask<RecordRow | null>((replyTo) => ({ type: 'admit', id, replyTo }));
      if (user === null) return problem(c, 'not-found', 404);
      const token = await deps.accounts.passwordLink(user.id, nowMs);
      const url = new URL(`/password/reset/${token}`, c.req.url).href;
      const name = String(user.values['name']);
      const body = html`<div class="form-page">
        <a class="back" href="/users/${user.id}">${icon('arrow-left')}${name}</a>
        <h1>${t('password.link.title', name)}</h1>
        <section class="panel">
          <p>${t('password.link.hint')}</p>
          <p class="link-line">
            <code id="password-link">${url}</code>
            <button class="button small" type="button" data-copy="${url}">${icon('copy')}${t('app.copy')}</button>
          </p>
        </section>
      </div>`;
      return show(c, { title: t('password.link.title', name), section: 'office', body });
    });
}

/** Below the form of a user: what an administrator may do for him (USR-12). */
export function passwordLinkButton(c: PageContext, user: RecordRow): Html | null {
  const { t, login } = c.var;
  if (scopeOf(login, ENTITIES.user).length === 0 || !mayCreate(login, ENTITIES.user)) return null;
  return html`<section class="panel">
    <h2>${t('password.title')}</h2>
    <p class="hint">${t('password.link.why')}</p>
    <form method="post" action="/users/${user.id}/password-link">
      <button class="button">${icon('key-round')}${t('password.link.make')}</button>
    </form>
  </section>`;
}

/** The password, or what is wrong with it. */
async function chosen(
  deps: WebDeps,
  user: LinkedUser,
  fields: Readonly<Record<string, string>>,
): Promise<Trouble | { readonly password: string }> {
  const password = fields['password'] ?? '';
  if (password !== fields['again']) return 'differs';
  const weak = weakness(password, user.username);
  if (weak !== null) return weak;
  if (user.passwordHash !== null && (await deps.verifyPassword(password, user.passwordHash))) return 'same';
  return { password };
}

function ask(c: PageContext, of: { username: string; trouble: Trouble; old: boolean }): Promise<Response> {
  const { t } = c.var;
  const { username, trouble, old } = of;
  const body = html`<div class="login-page">
    <section class="login-card">
      <h1>${t('password.choose')}</h1>
      <p class="muted">${username}</p>
      <form method="post">
        ${trouble !== null && html`<p class="notice bad" role="alert">${icon('octagon-alert')}${t(`password.trouble.${trouble}`)}</p>`}
        ${old && input(t, 'old', t('password.old'), 'current-password')}
        ${input(t, 'password', t('password.new'), 'new-password')}
        ${input(t, 'again', t('password.again'), 'new-password')}
        <p class="hint">${t('password.policy')}</p>
        <button class="button primary wide">${t('form.submit')}</button>
      </form>
    </section>
  </div>`;
  const title = trouble === null ? t('password.choose') : `${t('form.error-title')} ${t('password.choose')}`;
  return show(c, { title, section: 'login', body }, trouble === null ? 200 : 422);
}

function input(_t: Translate, name: string, label: string, autocomplete: string): Html {
  return html`<div class="field">
    <label for="f-${name}">${label}</label>
    <input id="f-${name}" name="${name}" type="password" autocomplete="${autocomplete}" required />
  </div>`;
}

function gone(c: PageContext): Promise<Response> {
  const { t } = c.var;
  const body = html`<div class="problem">
    <h1>${t('password.link.gone')}</h1>
    <p>${t('password.link.gone.text')}</p>
    <p><a class="button" href="/login">${t('login.title')}</a></p>
  </div>`;
  return show(c, { title: t('password.link.gone'), section: 'login', body }, 404);
}
