import { Hono } from 'hono';
import { html } from 'hono/html';
import { provePassword, troubleOf, type Door } from '#web/door/door.ts';
import { formFields } from '#web/door/form.ts';
import { noticeLetter } from '#web/letters/account.ts';
import { signIn } from '#web/door/login.ts';
import { readNewPassword } from '#web/door/new-password.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { passwordField } from '#web/views/password-fields.ts';
import { problem } from './problem.ts';

/** A password is chosen by a single-use link, before any login (AUT-08, USR-12). */
export function passwordLinkPages(door: Door): Hono<WebEnv> {
  const path = '/password/reset/:token';
  return new Hono<WebEnv>()
    .get(path, async (c) => {
      const user = await door.accounts.linkedUser(c.req.param('token'), c.var.nowMs);
      return user === null ? gone(c) : ask(c, { username: user.username, trouble: null, old: false });
    })
    .post(path, async (c) => {
      const { t, nowMs } = c.var;
      const token = c.req.param('token');
      const user = await door.accounts.linkedUser(token, nowMs);
      if (user === null) return gone(c);
      const { username } = user;
      const read = await readNewPassword(door, user, await formFields(c.req.raw));
      if ('trouble' in read) return ask(c, { username, trouble: t(`password.trouble.${read.trouble}`), old: false });
      const notice = noticeLetter(door, await door.accounts.recipient(user.userId), 'password', nowMs);
      const doer = { by: username, atMs: nowMs, notice };
      if (!(await door.accounts.choosePassword({ token, password: read.password }, doer))) return gone(c);
      // Whoever came by a link is let in again, though others have typed his name fifty times.
      door.passwordAttempts.succeeded(username, c.var.address);
      return c.redirect('/login?chosen', 303);
    });
}

/** A password is changed by who knows the old one, and must be when an administrator set it (AUT-09, AUT-12). */
export function passwordPages(door: Door): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/password/change', (c) => ask(c, { username: c.var.login.name, trouble: null, old: true }))
    .post('/password/change', async (c) => {
      const { t, login, nowMs } = c.var;
      const { name: username } = login;
      const account = await door.accounts.account(username, nowMs);
      if (account?.userId == null) return problem(c, 'not-found', 404);
      const fields = await formFields(c.req.raw);
      const proof = await provePassword(c, door, { username, password: fields['old'] ?? '' });
      const wrong = troubleOf(t, proof, t('password.trouble.wrong'));
      if (wrong !== null) return ask(c, { username, trouble: wrong, old: true });
      const read = await readNewPassword(door, { username, passwordHash: account.passwordHash }, fields);
      if ('trouble' in read) return ask(c, { username, trouble: t(`password.trouble.${read.trouble}`), old: true });
      const change = { userId: account.userId, password: read.password, temporary: false };
      const notice = noticeLetter(door, await door.accounts.recipient(account.userId), 'password', nowMs);
      await door.accounts.setPassword(change, { by: username, atMs: nowMs, notice });
      // Every other login of his has ended; this browser goes on.
      await signIn(c, door, account);
      return c.redirect('/', 303);
    });
}

function ask(
  c: PageContext,
  of: { readonly username: string; readonly trouble: string | null; readonly old: boolean },
): Promise<Response> {
  const { t } = c.var;
  const { username, trouble, old } = of;
  const body = html`<div class="login-page">
    <section class="login-card">
      <h1>${t('password.choose')}</h1>
      <p class="muted">${username}</p>
      <form method="post">
        ${trouble !== null && html`<p class="notice bad" role="alert">${icon('octagon-alert')}${trouble}</p>`}
        ${old && passwordField(t, 'old', { required: true })} ${passwordField(t, 'password', { required: true })}
        ${passwordField(t, 'again', { required: true, hint: t('password.policy') })}
        <button class="button primary wide">${t('form.submit')}</button>
      </form>
    </section>
  </div>`;
  const title = trouble === null ? t('password.choose') : `${t('form.error-title')} ${t('password.choose')}`;
  return show(c, { title, section: 'login', body }, trouble === null ? 200 : 422);
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
