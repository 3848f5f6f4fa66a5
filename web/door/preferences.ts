import { Hono, type Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { Saved } from '#actors/office/messages.ts';
import type { WebDeps } from '#web/deps.ts';
import { asLanguage, translator } from '#web/i18n/t.ts';
import type { Theme, WebEnv } from '#web/views/env.ts';
import { isSecure, safeNext } from './address.ts';
import { formFields } from './form.ts';
import { whoIs } from './login.ts';

const YEAR_S = 365 * 24 * 3600;

/** Language and theme from their cookies, so that the first paint is right. */
export const preferences = createMiddleware<WebEnv>(async (c, next) => {
  c.set('t', translator(asLanguage(getCookie(c, 'language'))));
  c.set('theme', asTheme(getCookie(c, 'theme')));
  await next();
});

/**
 * `POST /theme` leads back to where it was chosen, `POST /language` home in that language (GEN-06). Both are kept for a
 * year in this browser; a user's language is his own, and goes with him to another.
 */
export function preferencePages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .post('/theme', async (c) => {
      const { theme, next = '' } = await formFields(c.req.raw);
      keep(c, 'theme', asTheme(theme));
      return c.redirect(safeNext(next), 303);
    })
    .post('/language', async (c) => {
      const language = asLanguage((await formFields(c.req.raw))['language']);
      keep(c, 'language', language);
      const login = await whoIs(c, deps);
      const userId = login?.userId ?? null;
      if (login !== null && userId !== null) {
        const { nowMs: atMs } = c.var;
        await deps.actors
          .office(login)
          .ask<Saved>((replyTo) => ({ type: 'save-own-language', userId, language, atMs, replyTo }));
      }
      return c.redirect('/', 303);
    });
}

function keep(c: Context<WebEnv>, name: string, value: string): void {
  setCookie(c, name, value, { path: '/', maxAge: YEAR_S, sameSite: 'Lax', httpOnly: true, secure: isSecure(c) });
}

function asTheme(text: string | undefined): Theme {
  return text === 'light' || text === 'dark' ? text : 'auto';
}
