import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { asLanguage, translator } from '#web/i18n/t.ts';
import type { Theme, WebEnv } from '#web/views/env.ts';
import { isSecure, safeNext } from './address.ts';
import { formFields } from './form.ts';

const YEAR_S = 365 * 24 * 3600;

/** Language and theme from their cookies, so that the first paint is right. */
export const preferences = createMiddleware<WebEnv>(async (c, next) => {
  c.set('t', translator(asLanguage(getCookie(c, 'language'))));
  c.set('theme', asTheme(getCookie(c, 'theme')));
  await next();
});

/** `POST /language` and `POST /theme`: a choice is kept for a year and leads back to where it was made. */
export function preferencePages(): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/:name{language|theme}', async (c) => {
    const name = c.req.param('name');
    const { [name]: chosen = '', next = '' } = await formFields(c.req.raw);
    const value = name === 'theme' ? asTheme(chosen) : asLanguage(chosen);
    setCookie(c, name, value, { path: '/', maxAge: YEAR_S, sameSite: 'Lax', httpOnly: true, secure: isSecure(c) });
    return c.redirect(safeNext(next), 303);
  });
}

function asTheme(text: string | undefined): Theme {
  return text === 'light' || text === 'dark' ? text : 'auto';
}
