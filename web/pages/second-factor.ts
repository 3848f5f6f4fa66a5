import { Hono } from 'hono';
import { html } from 'hono/html';
import { ownerIdOf } from '#src/domain/office/account.ts';
import type { PostMessage } from '#src/domain/post.ts';
import { provePassword, troubleOf, type Door } from '#web/door/door.ts';
import { formFields } from '#web/door/form.ts';
import { noticeLetter } from '#web/letters/account.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dateTime } from '#web/views/format.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { passwordField } from '#web/views/password-fields.ts';
import { qrCode } from '#web/views/qr-code.ts';

const PATH = '/account/second-factor';
type Trouble = { readonly of: 'old' | 'code'; readonly text: string } | null;

/** Double authentification: turned on with a code, off with the password; offered to everybody. */
export function secondFactorPages(door: Door): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get(PATH, (c) => draw(c, door, { secret: door.secondFactors.freshSecret(), trouble: null }))
    .post(PATH, async (c) => {
      const { t } = c.var;
      const { secret = '', code = '', old = '' } = await formFields(c.req.raw);
      const wrong = await wrongPassword(c, door, old);
      if (wrong !== null) return draw(c, door, { secret, trouble: { of: 'old', text: wrong } });
      const ownerId = ownerOf(c);
      // Nobody's telephone is replaced by another's without having been turned off.
      if ((await door.secondFactors.of(ownerId)) !== null) return c.redirect(PATH, 303);
      const notice = await noticeOf(c, door, 'factor-on');
      const codes = await door.secondFactors.turnOn({ ownerId, secret, code }, { ...doer(c), notice });
      return codes === null
        ? draw(c, door, { secret, trouble: { of: 'code', text: t('login.code.wrong') } })
        : showCodes(c, codes);
    })
    .post(`${PATH}/codes`, async (c) => {
      const { old = '' } = await formFields(c.req.raw);
      const wrong = await wrongPassword(c, door, old);
      if (wrong !== null) return draw(c, door, { secret: '', trouble: { of: 'old', text: wrong } });
      const codes = await door.secondFactors.renewCodes(ownerOf(c), doer(c));
      return codes === null ? c.redirect(PATH, 303) : showCodes(c, codes);
    })
    .post(`${PATH}/off`, async (c) => {
      const { old = '' } = await formFields(c.req.raw);
      const wrong = await wrongPassword(c, door, old);
      if (wrong !== null) return draw(c, door, { secret: '', trouble: { of: 'old', text: wrong } });
      await door.secondFactors.turnOff(ownerOf(c), { ...doer(c), notice: await noticeOf(c, door, 'factor-off') });
      return c.redirect('/account', 303);
    });
}

function ownerOf(c: PageContext): string {
  return ownerIdOf(c.var.login.userId, c.var.login.name);
}

function doer(c: PageContext): { readonly by: string; readonly atMs: number } {
  return { by: c.var.login.name, atMs: c.var.nowMs };
}

async function noticeOf(c: PageContext, door: Door, about: 'factor-on' | 'factor-off'): Promise<PostMessage | null> {
  const { login, nowMs } = c.var;
  return login.userId === null ? null : noticeLetter(door, await door.accounts.recipient(login.userId), about, nowMs);
}

async function wrongPassword(c: PageContext, door: Door, password: string): Promise<string | null> {
  const { t, login } = c.var;
  const proof = await provePassword(c, door, { username: login.name, password });
  return troubleOf(t, proof, t('password.trouble.wrong'));
}

async function draw(
  c: PageContext,
  door: Door,
  { secret, trouble }: { readonly secret: string; readonly trouble: Trouble },
): Promise<Response> {
  const { t } = c.var;
  const factor = await door.secondFactors.of(ownerOf(c));
  // A secret that came back changed is not one of ours.
  const offered = /^[A-Z2-7]{32}$/.test(secret) ? secret : door.secondFactors.freshSecret();
  const body = html`<div class="form-page">
    <a class="back" href="/account">${icon('arrow-left')}${t('account.title')}</a>
    <h1>${t('factor.title')}</h1>
    ${trouble !== null && html`<p class="notice bad" role="alert">${icon('octagon-alert')}${trouble.text}</p>`}
    ${
      factor === null
        ? enrolment(c, { secret: offered, uri: door.secondFactors.keyUri(offered, c.var.login.name) })
        : management(c, factor)
    }
  </div>`;
  const title = trouble === null ? t('factor.title') : `${t('form.error-title')} ${t('factor.title')}`;
  return show(c, { title, section: 'account', body }, trouble === null ? 200 : 422);
}

function enrolment(c: PageContext, { secret, uri }: { readonly secret: string; readonly uri: string }): Html {
  const { t } = c.var;
  return html`<section class="panel enrolment">
    <p>${t('factor.why')}</p>
    <ol>
      <li>${t('factor.step.app')}</li>
      <li>
        ${t('factor.step.scan')}
        <div class="key">
          ${qrCode(uri, t('factor.qr'))}
          <p>${t('factor.step.type')}<br /><code class="secret">${secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
          <p><a href="${uri}">${t('factor.open-app')}</a></p>
        </div>
      </li>
      <li>${t('factor.step.code')}</li>
    </ol>
    <form method="post" action="${PATH}" class="record-form">
      <input type="hidden" name="secret" value="${secret}" />
      <div class="fields">
        <div class="field">
          <label for="code">${t('factor.code')}<span class="star" aria-hidden="true"> *</span></label>
          <input
            id="code"
            name="code"
            type="text"
            inputmode="numeric"
            autocomplete="one-time-code"
            maxlength="10"
            ${when(true, 'required')}
          />
        </div>
        ${passwordField(t, 'old', { required: true })}
      </div>
      <div class="form-actions"><button class="button primary">${t('factor.turn-on')}</button></div>
    </form>
  </section>`;
}

function management(c: PageContext, factor: { readonly sinceMs: number; readonly codesLeft: number }): Html {
  const { t } = c.var;
  return html`<section class="panel">
    <p>${t('factor.on-since', dateTime(t, factor.sinceMs))}</p>
    <p>${t('factor.codes-left', factor.codesLeft)}</p>
    <form method="post" class="record-form">
      <p class="hint">${t('factor.manage.hint')}</p>
      <div class="fields">${passwordField(t, 'old', { required: true })}</div>
      <div class="form-actions">
        <button class="button" formaction="${PATH}/codes">${icon('refresh-cw')}${t('factor.renew')}</button>
        <button class="button danger" formaction="${PATH}/off">${t('factor.turn-off')}</button>
      </div>
    </form>
  </section>`;
}

/** Told once: only their hashes are kept. */
function showCodes(c: PageContext, codes: readonly string[]): Promise<Response> {
  const { t } = c.var;
  const body = html`<div class="form-page">
    <h1>${t('factor.codes.title')}</h1>
    <section class="panel">
      <p class="notice good" role="status">${icon('circle-check')}${t('factor.on-now')}</p>
      <p>${t('factor.codes.hint')}</p>
      <ul class="recovery-codes">
        ${codes.map((code) => html`<li><code>${code}</code></li>`)}
      </ul>
      <p>
        <button class="button small" type="button" data-copy="${codes.join('\n')}">
          ${icon('copy')}${t('account.copy')}
        </button>
      </p>
      <p><a class="button primary" href="/account">${t('factor.codes.kept')}</a></p>
    </section>
  </div>`;
  return show(c, { title: t('factor.codes.title'), section: 'account', body });
}
