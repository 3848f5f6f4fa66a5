import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { Account } from '#src/domain/office/account.ts';
import type { EventRow } from '#src/storage/ports.ts';
import type { WebDeps } from '#web/deps.ts';
import type { SignedIn, WebEnv } from '#web/views/env.ts';
import { translator } from '#web/i18n/t.ts';
import { isSecure } from './address.ts';
import { browserFamily } from './browser.ts';

const COOKIE = 'vigie';
/** A login ends after this long, used or not. */
export const LOGIN_MS = 7 * 24 * 3_600_000;

type LoginDeps = Pick<WebDeps, 'accounts' | 'registry' | 'newId' | 'note' | 'now' | 'timeZone'>;

/** The form under which tokens are stored: whoever reads the database cannot sign in with it. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Sets the cookie of a new login. The token itself is nowhere else. */
export async function signIn(
  c: Context<WebEnv>,
  { registry, newId, note, now }: LoginDeps,
  account: Account,
): Promise<void> {
  const token = newId() + newId();
  const { userId, viewer } = account;
  const createdAtMs = now();
  await registry.deleteExpiredLogins(createdAtMs);
  await registry.putLogin({
    tokenHash: tokenHash(token),
    username: viewer.name,
    userId,
    createdAtMs,
    expiresAtMs: createdAtMs + LOGIN_MS,
    address: c.var.address,
    browser: browserFamily(c.req.header('User-Agent')),
    enteredId: null,
  });
  note(accountEvent({ name: 'signed-in', level: 'info', atMs: createdAtMs, note: `${viewer.name} ${c.var.address}` }));
  setCookie(c, COOKIE, token, {
    path: '/',
    maxAge: LOGIN_MS / 1000,
    sameSite: 'Lax',
    httpOnly: true,
    secure: isSecure(c),
  });
}

/** What happened at the door, as a line of the journal. */
export function accountEvent(of: Pick<EventRow, 'name' | 'level' | 'atMs' | 'note'>): EventRow {
  return { ...of, kind: 'account', chargePointId: null, connectorId: null, request: null, answer: null };
}

/** Forgets the login, and returns its hash so that its streams can be ended. */
export async function signOut(c: Context<WebEnv>, { registry }: LoginDeps): Promise<string | null> {
  const token = getCookie(c, COOKIE);
  deleteCookie(c, COOKIE, { path: '/', secure: isSecure(c) });
  if (token === undefined) return null;
  const hash = tokenHash(token);
  await registry.deleteLogin(hash);
  return hash;
}

/** Who the cookie says this is, or null. */
export async function whoIs(c: Context<WebEnv>, { accounts, registry, now }: LoginDeps): Promise<SignedIn | null> {
  const token = getCookie(c, COOKIE);
  if (token === undefined || token === '') return null;
  return loginOf(tokenHash(token), { accounts, registry, now });
}

/** Who this login is of, for as long as it lasts: it ends when he may not sign in any more, and when his password changes. */
export async function loginOf(
  hash: string,
  { accounts, registry, now }: Pick<LoginDeps, 'accounts' | 'registry' | 'now'>,
): Promise<SignedIn | null> {
  const login = await registry.login(hash);
  if (login === null || login.expiresAtMs <= now()) return null;
  const account = await accounts.account(login.username, now());
  // His name may be another's by now.
  if (account === null || account.userId !== login.userId || login.createdAtMs < account.passwordSinceMs) return null;
  const { displayName, userId, mustChange, language, below, isCustomer } = account;
  const entered = login.enteredId === null ? null : await accounts.enter(account, login.enteredId);
  const level = entered && { subscriberId: entered.subscriberId, name: entered.name };
  const viewer = entered?.viewer ?? account.viewer;
  return { ...viewer, displayName, tokenHash: hash, userId, mustChange, language, entered: level, below, isCustomer };
}

/**
 * Lets the signed in pass. A page is redirected to the login; a fetch by script gets 401 and is told where to go,
 * because it would follow a redirect and put the login page into a table cell.
 */
export function signedInOnly(deps: LoginDeps) {
  return createMiddleware<WebEnv>(async (c, next) => {
    const login = await whoIs(c, deps);
    if (login !== null) {
      c.set('login', login);
      if (login.language !== null) c.set('t', translator(login.language, deps.timeZone));
      return next();
    }
    const url = new URL(c.req.url);
    const byScript =
      c.req.header('HX-Request') !== undefined || (c.req.header('Accept') ?? '').includes('text/event-stream');
    if (byScript) return c.body(null, 401, { 'HX-Redirect': '/login', 'Cache-Control': 'no-store' });
    const here =
      c.req.method === 'GET' && url.pathname !== '/fleet' && url.pathname !== '/'
        ? `?next=${encodeURIComponent(url.pathname + url.search)}`
        : '';
    return c.redirect(`/login${here}`, 303);
  });
}
