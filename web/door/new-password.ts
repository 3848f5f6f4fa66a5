import { createHash } from 'node:crypto';
import { weakness } from '#src/domain/office/account.ts';
import type { WebDeps } from '#web/deps.ts';

/** Why a new password will not do: `same` as the present one, or typed in two ways (AUT-09). */
export type PasswordTrouble = NonNullable<ReturnType<typeof weakness>> | 'differs' | 'same';
export type NewPassword = { readonly password: string } | { readonly trouble: PasswordTrouble };

/** Reads the two fields of a new password, for whoever has this name and, if any, this present password. */
export async function readNewPassword(
  deps: Pick<WebDeps, 'verifyPassword'>,
  user: { readonly username: string; readonly passwordHash: string | null },
  fields: Readonly<Record<string, string>>,
): Promise<NewPassword> {
  const { password = '', again = '' } = fields;
  if (password !== again) return { trouble: 'differs' };
  const weak = weakness(password, user.username);
  if (weak !== null) return { trouble: weak };
  const isSame = user.passwordHash !== null && (await deps.verifyPassword(password, user.passwordHash));
  return isSame ? { trouble: 'same' } : { password };
}

/** Without the letters that are read as others: such a password is dictated. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const LETTERS_COUNT = 20;

/** `k3tz-9fqa-…`, of 100 of the random bits of `id`: a password for one login. */
export function temporaryPassword(id: string): string {
  const bytes = [...createHash('sha256').update(id).digest()].slice(0, LETTERS_COUNT);
  const letters = bytes.map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}
