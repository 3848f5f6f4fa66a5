import { ownerIdOf } from '#src/domain/office/account.ts';
import type { LoginRow } from '#src/storage/registry-port.ts';
import type { Door } from './door.ts';

/** Whose logins: a user's, or the operator's of the configuration, who has no id. */
export type LoginOwner = { readonly userId: string | null; readonly username: string };

/** What a page calls a login by: enough of its hash to tell it from the others of its owner, and not the hash. */
export function handleOf({ tokenHash }: Pick<LoginRow, 'tokenHash'>): string {
  return tokenHash.slice(0, 16);
}

/** His logins that still let somebody in, newest first. */
export async function openLogins(door: Door, owner: LoginOwner, nowMs: number): Promise<readonly LoginRow[]> {
  const account = await door.accounts.account(owner.username, nowMs);
  const sinceMs = account?.passwordSinceMs ?? 0;
  const logins = await door.registry.loginsOf(owner.userId, owner.username);
  return logins.filter((login) => login.expiresAtMs > nowMs && login.createdAtMs >= sinceMs);
}

/** Ends those that `which` says, with their streams; returns how many. */
export async function endLogins(
  door: Door,
  owner: LoginOwner,
  { by, nowMs, which }: { readonly by: string; readonly nowMs: number; readonly which: (login: LoginRow) => boolean },
): Promise<number> {
  const ending = (await openLogins(door, owner, nowMs)).filter(which);
  for (const { tokenHash } of ending) {
    await door.registry.deleteLogin(tokenHash);
    door.streams.endOf(tokenHash);
  }
  if (ending.length > 0) await door.accounts.loginsEnded(ownerIdOf(owner.userId, owner.username), { by, atMs: nowMs });
  return ending.length;
}
