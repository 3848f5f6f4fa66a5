import type { Cents } from '../money.ts';
import type { PostMessage } from '../post.ts';
import type { RecordRow } from './entity.ts';
import type { Viewer } from './viewer.ts';

/** Somebody who may sign in, with what he may then do. */
export type Account = {
  /** Null for the operator account of the configuration. */
  readonly userId: string | null;
  readonly displayName: string;
  /** Of his pages and of messages to him (GEN-07); null for the operator, whose browser decides. */
  readonly language: 'fr' | 'en' | null;
  /** Null until he has chosen one. */
  readonly passwordHash: string | null;
  /** When that was chosen: what signed in before has ended (AUT-09). */
  readonly passwordSinceMs: number;
  /** He must choose another at his next login (AUT-12). */
  readonly mustChange: boolean;
  /** Is a code asked for after his password? */
  readonly hasSecondFactor: boolean;
  readonly viewer: Viewer;
  /** The accounts that he may enter from his own (ABO-02); the platform operator any, so that none is named. */
  readonly below: readonly Level[];
  /** Is this the login of a customer (MOD-18)? */
  readonly isCustomer: boolean;
};

/** A customer whose login somebody has. */
export type CustomerLevel = {
  readonly customerId: string;
  readonly name: string;
  /** Null: a public customer. */
  readonly merchant: string | null;
  readonly inactive: boolean;
  readonly balance: Cents;
  /** `YYYY-MM-DD`; null for no end. */
  readonly lastDay: string | null;
};

/** An account that somebody may enter. */
export type Level = { readonly subscriberId: string; readonly name: string };
/** One that he has entered, and what he may do there. */
export type Entered = Level & { readonly viewer: Viewer };

/** Who does it, and when: for the audit. `notice` is queued with it. */
export type Doer = { readonly by: string; readonly atMs: number; readonly notice?: PostMessage | null };

/** Somebody with an address, to whom a mail can be written in his language. */
export type Recipient = {
  readonly userId: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly language: 'fr' | 'en';
  readonly subscriberId: string | null;
};

/** A link that an administrator makes is used the same day, or on Monday. */
export const LINK_MS = 72 * 3_600_000;
/** One that anybody can have mailed is used at once. */
export const FORGOTTEN_LINK_MS = 3_600_000;

/** Who may sign in, as it was last written: a right that was taken away is gone with the next click. */
export type Accounts = {
  /** Null for whoever does not exist, is inactive, or is past his last day (AUT-13). */
  account(username: string, nowMs: number): Promise<Account | null>;
  /** Null for an account that he may not enter, or not any more. */
  enter(account: Account, subscriberId: string): Promise<Entered | null>;
  /** Audits, in the account itself, that he has entered it. */
  hasEntered(entered: Entered, doer: Doer): Promise<void>;
  /** The customers whose login this user has: of merchants by name, then public ones (MOD-18). */
  customersOf(userId: string): Promise<readonly CustomerLevel[]>;
  /** Asks whoever reads the mail of the login with this customer's address whether the customer is he (CPT-14). */
  inviteCustomer(
    customer: RecordRow,
    letterOf: (to: Recipient, merchant: string | null) => (token: string) => PostMessage,
    doer: Doer,
  ): Promise<void>;
  /** The customer that this user was asked about; `merchant` is null for a public one. */
  invited(
    token: string,
    userId: string,
    nowMs: number,
  ): Promise<{ readonly name: string; readonly merchant: string | null } | null>;
  /** He says that it is he: the customer's id, or null for a link that leads nowhere any more. */
  joinCustomer(of: { readonly token: string; readonly userId: string }, doer: Doer): Promise<string | null>;
  /** Null without a mail address. */
  recipient(userId: string): Promise<Recipient | null>;
  /** Whose address this is, if he may sign in; letter case does not count. */
  recipientAt(email: string, nowMs: number): Promise<Recipient | null>;
  /** A single-use token by which this user chooses a password (USR-12); `letter` is queued with it. */
  passwordLink(
    of: { readonly userId: string; readonly lastsMs: number; readonly letter?: (token: string) => PostMessage },
    doer: Doer,
  ): Promise<string>;
  linkedUser(token: string, nowMs: number): Promise<LinkedUser | null>;
  /** False when the link was used meanwhile. Ends every link of this user. */
  choosePassword(of: { readonly token: string; readonly password: string }, doer: Doer): Promise<boolean>;
  /** Ends every link of this user. One that another has set is `temporary` (AUT-12). */
  setPassword(
    of: { readonly userId: string; readonly password: string; readonly temporary: boolean },
    doer: Doer,
  ): Promise<void>;
  /** Audits that logins of this user were ended by somebody. */
  loginsEnded(ownerId: string, doer: Doer): Promise<void>;
};

/** The second step of a login: six digits of a telephone, or one of the recovery codes (RFC 6238). */
export type SecondFactors = {
  of(ownerId: string): Promise<{ readonly sinceMs: number; readonly codesLeft: number } | null>;
  /** A fresh secret, kept by nobody until it is confirmed. */
  freshSecret(): string;
  /** The `otpauth://` address that a telephone reads. */
  keyUri(secret: string, username: string): string;
  /** The recovery codes, told this once; null when the code is not the telephone's. */
  turnOn(
    of: { readonly ownerId: string; readonly secret: string; readonly code: string },
    doer: Doer,
  ): Promise<readonly string[] | null>;
  /** New recovery codes in place of the old; null without a second factor. */
  renewCodes(ownerId: string, doer: Doer): Promise<readonly string[] | null>;
  turnOff(ownerId: string, doer: Doer): Promise<void>;
  /** Uses up what was typed: no code passes twice. */
  passes(of: { readonly ownerId: string; readonly typed: string }, doer: Doer): Promise<boolean>;
};

const OPERATOR = 'operator:';

/** Under which his second factor is kept: his id, or for the operator of the configuration, who has none, his name. */
export function ownerIdOf(userId: string | null, username: string): string {
  return userId ?? OPERATOR + username;
}

/** The name in an id that `ownerIdOf` made of one; null for a user's id. */
export function operatorNamed(ownerId: string): string | null {
  return ownerId.startsWith(OPERATOR) ? ownerId.slice(OPERATOR.length) : null;
}

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
