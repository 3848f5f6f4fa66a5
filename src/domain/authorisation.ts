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
};

/** Badges that begin so are welcome as free service where strangers are (the demo). */
export const STRANGER_TAG_PREFIX = 'TEST';

/**
 * May a badge charge? OCPP 1.6 §5.1: `Expired` at or after its date, `Blocked` when blocked or when its wallet
 * refuses, `Invalid` when unknown, or by a support that the station does not take. A session that has no right keeps its driver, so that it can be explained (field-05).
 */
export function authorise(asked: {
  idTag: string;
  token: KnownToken | null;
  wallet: WalletVerdict | null;
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
    const welcome = asked.welcomeStrangers && idTagKey(asked.idTag).startsWith(STRANGER_TAG_PREFIX);
    return {
      verdict: welcome ? 'Accepted' : 'Invalid',
      driver: null,
      walletId: null,
      freeService: welcome,
      expiresAtMs: null,
    };
  }
  const { driver, walletId, freeService, expiresAtMs } = token;
  const who = { driver, walletId, freeService, expiresAtMs };
  if (refusesSupport) return { verdict: 'Invalid', ...who };
  if (token.blocked) return { verdict: 'Blocked', ...who };
  if (expiresAtMs !== null && asked.atMs >= expiresAtMs) return { verdict: 'Expired', ...who };
  if (wallet !== null && !wallet.ok) return { verdict: 'Blocked', ...who };
  return { verdict: 'Accepted', ...who };
}
