import { Hono } from 'hono';
import { html } from 'hono/html';
import { FORGOTTEN_LINK_MS } from '#src/domain/office/account.ts';
import { readField, type Field } from '#src/domain/office/field.ts';
import type { Door } from '#web/door/door.ts';
import { formFields } from '#web/door/form.ts';
import { forgottenLetter } from '#web/letters/account.ts';
import { whole } from '#web/views/format.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { when } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';

const PATH = '/password/forgotten';
const MINUTE_MS = 60_000;
const EMAIL: Field = { kind: 'text', max: 254, shape: 'email', required: true };

/** « Identifiants oubliés » (AUT-06, AUT-08). */
export function forgottenPages(door: Door): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get(PATH, (c) => draw(c, { email: '', error: null }))
    .post(PATH, async (c) => {
      const { t, nowMs, address } = c.var;
      const { email: typed = '' } = await formFields(c.req.raw);
      const read = readField(EMAIL, [typed]);
      if (!read.ok) return draw(c, { email: typed, error: t('fault.shape.email') }, 422);
      const email = String(read.value);
      const lockedMs = door.linkAttempts.lockedMs(email, address, nowMs);
      if (lockedMs > 0) {
        c.header('Retry-After', String(Math.ceil(lockedMs / 1000)));
        return draw(c, { email, error: t('forgotten.locked', whole(t, Math.ceil(lockedMs / MINUTE_MS))) }, 429);
      }
      door.linkAttempts.begun(email, address, nowMs);
      // Not waited for: the answer takes as long, and says the same, whether or not somebody has this address.
      void send(door, email, nowMs).catch((error: unknown) =>
        door.log.error({ error: String(error) }, 'a link for a forgotten password was not queued'),
      );
      return drawSent(c, email);
    });
}

async function send(door: Door, email: string, nowMs: number): Promise<void> {
  const to = await door.accounts.recipientAt(email, nowMs);
  if (to === null) return;
  const letter = forgottenLetter(door, to, nowMs);
  const link = { userId: to.userId, lastsMs: FORGOTTEN_LINK_MS, letter };
  await door.accounts.passwordLink(link, { by: to.username, atMs: nowMs });
}

function draw(
  c: PageContext,
  { email, error }: { readonly email: string; readonly error: string | null },
  status: 200 | 422 | 429 = 200,
): Promise<Response> {
  const { t } = c.var;
  const body = html`<div class="login-page">
    <section class="login-card">
      <h1>${t('forgotten.title')}</h1>
      <p class="muted">${t('forgotten.hint')}</p>
      <form method="post" action="${PATH}" novalidate>
        ${error !== null && html`<p id="email-error" class="notice bad" role="alert">${icon('octagon-alert')}${error}</p>`}
        <div class="field">
          <label for="email">${t('field.email')}<span class="star" aria-hidden="true"> *</span></label>
          <input
            id="email"
            name="email"
            type="email"
            autocomplete="email"
            value="${email}"
            required${when(true, 'autofocus')}${error !== null && html` aria-describedby="email-error"`}
          />
        </div>
        <button class="button primary wide">${t('forgotten.submit')}</button>
      </form>
      <p class="sub">${t('forgotten.no-address')}</p>
      <p><a href="/login">${t('forgotten.back')}</a></p>
    </section>
  </div>`;
  const title = error === null ? t('forgotten.title') : `${t('form.error-title')} ${t('forgotten.title')}`;
  return show(c, { title, section: 'login', body }, status);
}

function drawSent(c: PageContext, email: string): Promise<Response> {
  const { t } = c.var;
  const body = html`<div class="login-page">
    <section class="login-card">
      <h1>${t('forgotten.title')}</h1>
      <p class="notice good" role="status">${icon('circle-check')}${t('forgotten.sent', email)}</p>
      <p class="sub">${t('forgotten.no-address')}</p>
      <p><a href="/login">${t('forgotten.back')}</a></p>
    </section>
  </div>`;
  return show(c, { title: t('forgotten.title'), section: 'login', body });
}
