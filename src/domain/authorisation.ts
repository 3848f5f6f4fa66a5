import { idTagKey, type WalletId } from './ids.ts';

/** What is known of a badge; null when nobody declared it. */
export type KnownToken = {
  readonly blocked: boolean;
  readonly expiresAtMs: number | null;
  readonly walletId: WalletId | null;
  readonly driver: string | null;
  readonly freeService: boolean;
};
/** What its wallet said, or null when it has none. */
export type WalletVerdict = { readonly ok: true } | { readonly ok: false; readonly why: 'too-low' | 'inactive' };

/** The answer to "may this badge charge": an OCPP AuthorizationStatus, and who is behind it. */
export type Authorisation = {
  readonly verdict: 'Accepted' | 'Blocked' | 'Expired' | 'Invalid';
  readonly driver: string | null;
  readonly walletId: WalletId | null;
  readonly freeService: boolean;
  readonly expiresAtMs: number | null;
  /** It is nobody's, and the station lets such badges charge so often: what was left of that before this charge. */
  readonly allowance?: UnregisteredAllowance;
};
/** What a station lets a badge charge before its driver registers; counted over the stations of its company. */
type UnregisteredAllowance = { readonly companyId: string; readonly left: number };

/** Badges that begin so are welcome as free service where strangers are (the demo). */
export const STRANGER_TAG_PREFIX = 'TEST';

/**
 * May a badge charge? OCPP 1.6 §5.1: `Expired` at or after its date, `Blocked` when blocked or when its wallet
 * refuses, `Invalid` when unknown, or by a support that the station does not take. A badge that nobody has may charge a few
 * times where the station says so (SOC-09; manual, « Finir l'inscription »), for free, as the public customer that its
 * driver would become. A session that has no right keeps its driver, so that it can be explained (field-05).
 */
export function authorise(asked: {
  idTag: string;
  token: KnownToken | null;
  wallet: WalletVerdict | null;
  /** Null where a badge that is nobody's may not charge. */
  allowance: UnregisteredAllowance | null;
  welcomeStrangers: boolean;
  /** The badge by which this charger starts its free charges (OCP-14); null without. */
  freeServiceTag: string | null;
  /** The station does not let people make themselves known by such a support (SOC-10). */
  refusesSupport?: boolean;
  atMs: number;
}): Authorisation {
  const { token, wallet, freeServiceTag, refusesSupport = false } = asked;
  if (freeServiceTag !== null && idTagKey(asked.idTag) === idTagKey(freeServiceTag)) {
    return { verdict: 'Accepted', driver: null, walletId: null, freeService: true, expiresAtMs: null };
  }
  if (token === null) {
    const nobody = { driver: null, walletId: null, expiresAtMs: null };
    if (asked.welcomeStrangers && idTagKey(asked.idTag).startsWith(STRANGER_TAG_PREFIX))
      return { verdict: 'Accepted', freeService: true, ...nobody };
    const { allowance } = asked;
    if (allowance === null || refusesSupport) return { verdict: 'Invalid', freeService: false, ...nobody };
    return { verdict: allowance.left > 0 ? 'Accepted' : 'Invalid', freeService: false, ...nobody, allowance };
  }
  const { driver, walletId, freeService, expiresAtMs } = token;
  const who = { driver, walletId, freeService, expiresAtMs };
  if (refusesSupport) return { verdict: 'Invalid', ...who };
  if (token.blocked) return { verdict: 'Blocked', ...who };
  if (expiresAtMs !== null && asked.atMs >= expiresAtMs) return { verdict: 'Expired', ...who };
  if (wallet !== null && !wallet.ok) return { verdict: 'Blocked', ...who };
  return { verdict: 'Accepted', ...who };
}

/** The word of the journal for a badge that is nobody's; null for any other, and where none may charge. */
export function noteOf(allowance: UnregisteredAllowance | undefined): 'unregistered' | 'registration-due' | null {
  if (allowance === undefined) return null;
  return allowance.left > 0 ? 'unregistered' : 'registration-due';
}
