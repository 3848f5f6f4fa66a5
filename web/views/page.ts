import { document, type Section } from './document.ts';
import type { Layout, PageContext, SignedIn } from './env.ts';
import type { Html } from './html.ts';

export type PageStatus = 200 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;
export type Page = { readonly title: string; readonly section: Section; readonly body: Html };

/** htmx wants the bare fragment; a reload, a boosted link, `hx-select` and the Back button want the whole page. */
export function wantsFragment(c: PageContext): boolean {
  return c.req.header('HX-Request-Type') === 'partial' && !c.req.header('HX-History-Restore-Request');
}

/** Sends the fragment to an htmx request for a part, the whole page to everyone else. */
export async function show(c: PageContext, page: Page, status: PageStatus = 200): Promise<Response> {
  c.header('Vary', 'HX-Request-Type, Cookie');
  c.header('Cache-Control', 'no-store');
  if (wantsFragment(c)) return c.html(page.body, status);
  const { t, theme, nowMs } = c.var;
  // Typed as always there, but the login page and early errors come before it.
  const login = (c.var.login as SignedIn | undefined) ?? null;
  const layout = (c.var.layout as Layout | undefined) ?? { shown: 'desktop', isForced: false };
  const waiting = (c.var.waiting as number | null | undefined) ?? null;
  const url = new URL(c.req.url);
  return c.html(
    document({ t, theme, layout, login, nowMs, waiting, here: url.pathname + url.search, ...page }),
    status,
  );
}
