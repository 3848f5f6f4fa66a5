import { isIP } from 'node:net';
import type { Context } from 'hono';

/** Whether the browser reached us over TLS, here or at a proxy in front. A forged header only makes cookies stricter. */
export function isSecure(c: Context): boolean {
  return c.req.url.startsWith('https:') || c.req.header('X-Forwarded-Proto') === 'https';
}

/**
 * The whole address of a path, for whoever asked: as configured, else as he asked for this page, over TLS if a proxy in
 * front took it off. For his own eyes only: what is mailed is built from the settings alone.
 */
export function addressFor(c: Context, publicUrl: string | null, path: string): string {
  const url = new URL(path, publicUrl ?? c.req.url);
  if (publicUrl === null && isSecure(c)) url.protocol = 'https:';
  return url.href;
}

/** A path of ours to go on to, or his first page: never another server, however the text is written. */
export function safeNext(next: string): string {
  if (!next.startsWith('/')) return '/';
  // A browser reads `//host` and, as we do here, `/\host` as another server.
  const url = URL.parse(next, 'http://here.invalid');
  return url?.host === 'here.invalid' ? url.pathname + url.search + url.hash : '/';
}

/**
 * Where a request came from: by its socket, or by what the last of so many proxies of ours says. More is not believed:
 * whoever writes the header himself would lift the limits of the door.
 */
export function remoteAddress(c: Context, proxies: number): string {
  const env = c.env as { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } } | undefined;
  const peer = env?.incoming?.socket?.remoteAddress ?? 'unknown';
  const told = proxies === 0 ? undefined : c.req.header('X-Forwarded-For')?.split(',').at(-proxies)?.trim();
  return told !== undefined && isIP(told) !== 0 ? told : peer;
}
