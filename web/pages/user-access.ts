import { Hono } from 'hono';
import { html } from 'hono/html';
import { LINK_MS } from '#src/domain/office/account.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { addressFor } from '#web/door/address.ts';
import type { Door } from '#web/door/door.ts';
import { formFields } from '#web/door/form.ts';
import { noticeLetter } from '#web/letters/account.ts';
import { endLogins, openLogins } from '#web/door/logins.ts';
import { readNewPassword, temporaryPassword } from '#web/door/new-password.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dateTime, whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { passwordField } from '#web/views/password-fields.ts';
import { problem } from './problem.ts';

/** What an administrator may do for a user who cannot get in, or should not any more (USR-12, AUT-12). */
export function userAccessPages(door: Door): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .post('/users/:id/password-link', async (c) => {
      const user = await admitted(c, door, c.req.param('id'));
      if (user === null) return problem(c, 'not-found', 404);
      const { t, login, nowMs } = c.var;
      const link = { userId: user.id, lastsMs: LINK_MS };
      const token = await door.accounts.passwordLink(link, { by: login.name, atMs: nowMs });
      const url = addressFor(c, door.site.publicUrl, `/password/reset/${token}`);
      const title = t('password.link.title', nameOf(user));
      return shownOnce(c, user, { title, id: 'password-link', text: url, hint: t('password.link.hint') });
    })
    .post('/users/:id/temporary-password', async (c) => {
      const user = await admitted(c, door, c.req.param('id'));
      if (user === null) return problem(c, 'not-found', 404);
      const { t, login, nowMs } = c.var;
      // His own is changed by whoever knows it.
      if (user.id === login.userId) return problem(c, 'not-found', 404);
      const fields = await formFields(c.req.raw);
      const isTyped = (fields['password'] ?? '') !== '' || (fields['again'] ?? '') !== '';
      const username = String(user.values['username']);
      const made = isTyped
        ? await readNewPassword(door, { username, passwordHash: null }, fields)
        : { password: temporaryPassword(door.newId()) };
      if ('trouble' in made) return askAgain(c, user, t(`password.trouble.${made.trouble}`));
      const change = { userId: user.id, password: made.password, temporary: true };
      const notice = noticeLetter(door, await door.accounts.recipient(user.id), 'password', nowMs);
      await door.accounts.setPassword(change, { by: login.name, atMs: nowMs, notice });
      await endLogins(door, { userId: user.id, username }, { by: login.name, nowMs, which: () => true });
      if (isTyped) return c.redirect(`/users/${user.id}?did=password-set`, 303);
      const title = t('password.temporary.title', nameOf(user));
      const hint = t('password.temporary.hint', username);
      return shownOnce(c, user, { title, id: 'temporary-password', text: made.password, hint });
    })
    .post('/users/:id/second-factor/off', async (c) => {
      const user = await admitted(c, door, c.req.param('id'));
      if (user === null) return problem(c, 'not-found', 404);
      const { login, nowMs } = c.var;
      if (user.id === login.userId) return problem(c, 'not-found', 404);
      const notice = noticeLetter(door, await door.accounts.recipient(user.id), 'factor-off', nowMs);
      await door.secondFactors.turnOff(user.id, { by: login.name, atMs: nowMs, notice });
      return c.redirect(`/users/${user.id}?did=factor-off`, 303);
    })
    .post('/users/:id/logins/end', async (c) => {
      const user = await admitted(c, door, c.req.param('id'));
      if (user === null) return problem(c, 'not-found', 404);
      const { login, nowMs } = c.var;
      const owner = { userId: user.id, username: String(user.values['username']) };
      const which = ({ tokenHash }: { readonly tokenHash: string }): boolean => tokenHash !== login.tokenHash;
      await endLogins(door, owner, { by: login.name, nowMs, which });
      return c.redirect(`/users/${user.id}?did=logins-ended`, 303);
    });
}

/** The user whom this viewer may help; null for who is not his, or has more rights than he. */
async function admitted(c: PageContext, door: Door, id: string): Promise<RecordRow | null> {
  return door.actors.office(c.var.login).ask<RecordRow | null>((replyTo) => ({ type: 'admit', id, replyTo }));
}

const DONE = ['password-set', 'factor-off', 'logins-ended'] as const;

/** Below the form of a user. */
export async function userAccessPanel(c: PageContext, door: Door, record: RecordRow): Promise<Html | null> {
  const user = await admitted(c, door, record.id);
  if (user === null) return null;
  const { t, login, nowMs } = c.var;
  const action = `/users/${user.id}`;
  const logins = await openLogins(door, { userId: user.id, username: String(user.values['username']) }, nowMs);
  const factor = await door.secondFactors.of(user.id);
  const did = DONE.find((one) => one === c.req.query('did'));
  const isHimself = user.id === login.userId;
  return html`<section class="panel access-panel" id="access">
    <h2>${t('user-access.title')}</h2>
    ${did !== undefined && html`<p class="notice good" role="status">${icon('circle-check')}${t(`user-access.did.${did}`)}</p>`}
    <form method="post" action="${action}/password-link">
      <p class="hint">${t('password.link.why')}</p>
      <button class="button">${icon('key-round')}${t('password.link.make')}</button>
    </form>
    ${!isHimself && temporaryForm(c, action, null)} ${factor === null && html`<p>${t('user-access.factor.none')}</p>`}
    ${factor !== null && html`<p>${t('user-access.factor.since', dateTime(t, factor.sinceMs))}</p>`}
    ${
      factor !== null &&
      !isHimself &&
      html`<form method="post" action="${action}/second-factor/off">
        <p class="hint">${t('user-access.factor.why')}</p>
        <button class="button danger">${t('user-access.factor.off')}</button>
      </form>`
    }
    <p>${t('user-access.logins', whole(t, logins.length), logins.length)}</p>
    ${
      logins.some(({ tokenHash }) => tokenHash !== login.tokenHash) &&
      html`<form method="post" action="${action}/logins/end">
        <button class="button danger">${icon('log-out')}${t('user-access.logins.end')}</button>
      </form>`
    }
  </section>`;
}

/** Two fields, or none for one that is made up. */
function temporaryForm(c: PageContext, action: string, trouble: string | null): Html {
  const { t } = c.var;
  return html`<form method="post" action="${action}/temporary-password" class="temporary">
    <h3>${t('password.temporary')}</h3>
    <p class="hint" id="temporary-why">${t('password.temporary.why')}</p>
    <div class="fields">
      ${passwordField(t, 'password', { required: false, error: trouble })}
      ${passwordField(t, 'again', { required: false, hint: t('password.policy') })}
    </div>
    <button class="button">${icon('key-round')}${t('password.temporary.make')}</button>
  </form>`;
}

function askAgain(c: PageContext, user: RecordRow, trouble: string): Promise<Response> {
  const { t } = c.var;
  const title = t('password.temporary.title', nameOf(user));
  const body = html`<div class="form-page">
    <a class="back" href="/users/${user.id}">${icon('arrow-left')}${nameOf(user)}</a>
    <h1>${title}</h1>
    <section class="panel access-panel">${temporaryForm(c, `/users/${user.id}`, trouble)}</section>
  </div>`;
  return show(c, { title: `${t('form.error-title')} ${title}`, section: 'office', body }, 422);
}

/** Something that is told now and never again. */
function shownOnce(
  c: PageContext,
  user: RecordRow,
  of: { readonly title: string; readonly id: string; readonly text: string; readonly hint: string },
): Promise<Response> {
  const { t } = c.var;
  const body = html`<div class="form-page">
    <a class="back" href="/users/${user.id}">${icon('arrow-left')}${nameOf(user)}</a>
    <h1>${of.title}</h1>
    <section class="panel">
      <p>${of.hint}</p>
      <p class="link-line">
        <code id="${of.id}">${of.text}</code>
        <button class="button small" type="button" data-copy="${of.text}">${icon('copy')}${t('account.copy')}</button>
      </p>
    </section>
  </div>`;
  return show(c, { title: of.title, section: 'office', body });
}

function nameOf(user: RecordRow): string {
  return String(user.values['name']);
}
