import { Hono, type Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { Saved } from '#actors/office/messages.ts';
import type { WebDeps } from '#web/deps.ts';
import { asLanguage, translator } from '#web/i18n/t.ts';
import type { Layout, Theme, WebEnv } from '#web/views/env.ts';
import { isSecure, safeNext } from './address.ts';
import { formFields } from './form.ts';
import { whoIs } from './login.ts';

const YEAR_S = 365 * 24 * 3600;

/** Language, theme and layout from their cookies, so that the first paint is right. */
export function preferences({ timeZone }: Pick<WebDeps, 'timeZone'>) {
  return createMiddleware<WebEnv>(async (c, next) => {
    c.set('t', translator(asLanguage(getCookie(c, 'language')), timeZone));
    c.set('theme', asTheme(getCookie(c, 'theme')));
    c.set('layout', layoutOf(getCookie(c, 'layout'), c.req.header('User-Agent')));
    await next();
  });
}

/**
 * `POST /theme` and `POST /layout` lead back to where they were chosen, `POST /language` home in that language (GEN-06).
 * All are kept for a year in this browser; a user's language is his own, and goes with him to another.
 */
export function preferencePages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .post('/theme', async (c) => {
      const { theme, next = '' } = await formFields(c.req.raw);
      keep(c, 'theme', asTheme(theme));
      return c.redirect(safeNext(next), 303);
    })
    .post('/layout', async (c) => {
      const { layout, next = '' } = await formFields(c.req.raw);
      keep(c, 'layout', layout === 'mobile' ? 'mobile' : 'desktop');
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

/** GEN-02: the version of the device, by what it calls itself, until the other one was chosen. */
function layoutOf(chosen: string | undefined, userAgent: string | undefined): Layout {
  const isPhone = /\b(?:Mobi|Mobile|iPhone|Android)\b/.test(userAgent ?? '');
  const shown = chosen === 'mobile' || chosen === 'desktop' ? chosen : isPhone ? 'mobile' : 'desktop';
  return { shown, isForced: shown !== (isPhone ? 'mobile' : 'desktop') };
}
