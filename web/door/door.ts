import type { Context } from 'hono';
import type { WebDeps } from '#web/deps.ts';
import type { Streams } from '#web/live/stream.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { WebEnv } from '#web/views/env.ts';
import { accountEvent } from './login.ts';
import { LoginAttempts } from './attempts.ts';
import { Tickets } from './tickets.ts';

/** Checked when the name is unknown, so that a wrong name takes as long as a wrong password. Nothing hashes to it. */
const NOBODY = `argon2id$${'A'.repeat(22)}$${'A'.repeat(43)}`;
const PASSWORD_LENGTH_MAX = 1024;

/** What the pages of the door and of accounts share: who failed lately, who is between two steps, what ends with a login. */
export type Door = WebDeps & {
  readonly passwordAttempts: LoginAttempts;
  readonly codeAttempts: LoginAttempts;
  /** Links that were asked for by whoever forgot his password. */
  readonly linkAttempts: LoginAttempts;
  readonly tickets: Tickets;
  readonly streams: Streams;
};

export function doorOver(deps: WebDeps, streams: Streams): Door {
  return {
    ...deps,
    passwordAttempts: new LoginAttempts('passwords'),
    codeAttempts: new LoginAttempts('codes'),
    linkAttempts: new LoginAttempts('links'),
    tickets: new Tickets(),
    streams,
  };
}

export type Proof = 'right' | 'wrong' | { readonly lockedMs: number };

/** Is this the password of that name? Wrong ones are counted wherever they are typed, so that no page is a way round. */
export async function provePassword(
  c: Context<WebEnv>,
  door: Door,
  typed: { readonly username: string; readonly password: string },
): Promise<Proof> {
  const { username } = typed;
  const { nowMs } = c.var;
  const { address } = c.var;
  const lockedMs = door.passwordAttempts.lockedMs(username, address, nowMs);
  if (lockedMs > 0) return { lockedMs };
  door.passwordAttempts.begun(username, address, nowMs);
  const passwordHash = (await door.accounts.account(username, nowMs))?.passwordHash ?? null;
  const isRight = await door.verifyPassword(typed.password.slice(0, PASSWORD_LENGTH_MAX), passwordHash ?? NOBODY);
  if (passwordHash !== null && isRight) {
    door.passwordAttempts.succeeded(username, address);
    return 'right';
  }
  door.log.warn({ username, address }, 'wrong password');
  // A name that nobody has is often a password typed in the wrong box.
  const who = passwordHash === null ? '?' : username;
  door.note(accountEvent({ name: 'login-refused', level: 'problem', atMs: nowMs, note: `${who} ${address}` }));
  return 'wrong';
}

/** Is this his code? Counted by his name alone: whoever is asked for one has shown the password. */
export async function proveCode(
  c: Context<WebEnv>,
  door: Door,
  of: { readonly username: string; readonly ownerId: string; readonly typed: string },
): Promise<Proof> {
  const { nowMs } = c.var;
  const { username, ownerId, typed } = of;
  const { address } = c.var;
  const lockedMs = door.codeAttempts.lockedMs(username, address, nowMs);
  if (lockedMs > 0) return { lockedMs };
  door.codeAttempts.begun(username, address, nowMs);
  if (await door.secondFactors.passes({ ownerId, typed }, { by: username, atMs: nowMs })) {
    door.codeAttempts.succeeded(username, address);
    return 'right';
  }
  door.log.warn({ username, address }, 'wrong code');
  return 'wrong';
}

const MINUTE_MS = 60_000;

/** The sentence about a proof that failed, or null. */
export function troubleOf(t: Translate, proof: Proof, wrong: string): string | null {
  if (proof === 'right') return null;
  return proof === 'wrong' ? wrong : t('login.locked', Math.ceil(proof.lockedMs / MINUTE_MS));
}
