import type { Viewer } from './viewer.ts';

/** Somebody who may sign in, with what he may then do. */
export type Account = {
  /** Null for the operator account of the configuration. */
  readonly userId: string | null;
  readonly displayName: string;
  /** Null until he has chosen one. */
  readonly passwordHash: string | null;
  /** When that was chosen: what signed in before has ended (AUT-09). */
  readonly passwordSinceMs: number;
  /** He must choose another at his next login (AUT-12). */
  readonly mustChange: boolean;
  readonly viewer: Viewer;
};

/** Who may sign in. Read anew for each request: a right that was taken away is gone with the next click. */
export type Accounts = {
  /** Null for whoever does not exist, is inactive, or is past his last day (AUT-13). */
  account(username: string, nowMs: number): Promise<Account | null>;
  /** A single-use token by which this user chooses a password (USR-12). */
  passwordLink(userId: string, nowMs: number): Promise<string>;
  linkedUser(token: string, nowMs: number): Promise<LinkedUser | null>;
  /** Ends every link of this user. */
  setPassword(userId: string, password: string, nowMs: number): Promise<void>;
};
export type LinkedUser = {
  readonly userId: string;
  readonly username: string;
  /** Of the password that the new one must differ from (AUT-09); null when there is none yet. */
  readonly passwordHash: string | null;
};

export type WeakPassword = 'too-short' | 'too-simple' | 'holds-username' | 'too-long';

const LENGTH_MIN = 12;
/** From here on no kind of character is asked for. */
const LONG = 16;
const LENGTH_MAX = 200;
const KINDS_MIN = 3;

/**
 * The CNIL's recommendation of 2022: 80 bits for a password alone, which 12 characters of several kinds reach, or a
 * longer one of any kind. Null for a password that will do.
 */
export function weakness(password: string, username: string): WeakPassword | null {
  if (password.length > LENGTH_MAX) return 'too-long';
  if (password.length < LENGTH_MIN) return 'too-short';
  if (username.length >= 3 && password.toLowerCase().includes(username.toLowerCase())) return 'holds-username';
  if (new Set(password).size < LENGTH_MIN / 2) return 'too-simple';
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length;
  return password.length >= LONG || kinds >= KINDS_MIN ? null : 'too-simple';
}
