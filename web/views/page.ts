import { gzipSync } from 'node:zlib';
import { document, type Section } from './document.ts';
import type { Layout, PageContext, SignedIn } from './env.ts';
import type { Html } from './html.ts';

export type PageStatus = 200 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;
export type Page = { readonly title: string; readonly section: Section; readonly body: Html };

const VARY = 'HX-Request-Type, Cookie';
/** Below it there is nothing to gain. */
const COMPRESSED_CHARACTERS_MIN = 1_024;
/** About 1 ms. */
const COMPRESSED_CHARACTERS_MAX = 200_000;
/**
 * Pages repeat themselves nearby: a smaller window finds that too, and is quicker to set up. What Node keeps of each page
 * until the old generation is collected is its last chunk, just too long to be cut from the pool of small buffers, and
 * the bytes that are compressed, which therefore stand in one place for all (decision 0033).
 */
const COMPRESSION = { level: 1, windowBits: 14, memLevel: 8, chunkSize: 2_049 };
const UTF8_BYTES_MAX = 3;
const uncompressed = Buffer.allocUnsafeSlow(UTF8_BYTES_MAX * COMPRESSED_CHARACTERS_MAX);

/** htmx wants the bare fragment; a reload, a boosted link, `hx-select` and the Back button want the whole page. */
export function wantsFragment(c: PageContext): boolean {
  return c.req.header('HX-Request-Type') === 'partial' && !c.req.header('HX-History-Restore-Request');
}

/** Sends the fragment to an htmx request for a part, the whole page to everyone else. */
export async function show(c: PageContext, page: Page, status: PageStatus = 200): Promise<Response> {
  c.header('Vary', VARY);
  c.header('Cache-Control', 'no-store');
  if (wantsFragment(c)) return send(c, page.body, status);
  const { t, theme, nowMs } = c.var;
  // Typed as always there, but the login page and early errors come before it.
  const login = (c.var.login as SignedIn | undefined) ?? null;
  const layout = (c.var.layout as Layout | undefined) ?? { shown: 'desktop', isForced: false };
  const waiting = (c.var.waiting as number | null | undefined) ?? null;
  const url = new URL(c.req.url);
  return send(
    c,
    document({ t, theme, layout, login, nowMs, waiting, here: url.pathname + url.search, ...page }),
    status,
  );
}

/**
 * In one piece, compressed where the browser can read it: a stream for each page costs six times its compression, the
 * way to another thread and back as much as that. « Tout » of a long list is left to the stream, which lets others in.
 */
async function send(c: PageContext, body: Html, status: PageStatus): Promise<Response> {
  const text = String(await body);
  const accepts = /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '');
  if (!accepts || text.length < COMPRESSED_CHARACTERS_MIN || text.length > COMPRESSED_CHARACTERS_MAX)
    return c.html(text, status);
  c.header('Content-Type', 'text/html; charset=UTF-8');
  c.header('Content-Encoding', 'gzip');
  c.header('Vary', `${VARY}, Accept-Encoding`);
  const bytes = uncompressed.subarray(0, uncompressed.write(text));
  return c.body(gzipSync(bytes, COMPRESSION), status);
}
