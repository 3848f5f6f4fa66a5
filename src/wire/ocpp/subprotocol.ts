/** The longest charge point identity, in characters once decoded (OCPP 2.0.1 part 4 §3.1.1; 1.6 names no limit). */
export const IDENTITY_CHARACTERS_MAX = 48;

/**
 * `header` is what goes back in Sec-WebSocket-Protocol, spelled as the charger spelled it. With `none-offered`, the
 * box's own settings say whether 1.6 is assumed (field-25); with `unsupported`, the handshake is completed without
 * the header and the socket closed at once (OCPP-J 1.6 §3.1.2).
 */
export type SubprotocolChoice =
  | { readonly ok: true; readonly version: '1.6'; readonly header: string }
  | { readonly ok: false; readonly why: 'none-offered' | 'unsupported' };

/** Chooses among the offered sub-protocols, which come by the charger's preference. Only `ocpp1.6` is spoken. */
export function chooseSubprotocol(offered: Iterable<string>): SubprotocolChoice {
  const names = [...offered].map((name) => name.trim()).filter((name) => name !== '');
  if (names.length === 0) return { ok: false, why: 'none-offered' };
  const header = names.find((name) => name.toLowerCase() === 'ocpp1.6');
  return header === undefined ? { ok: false, why: 'unsupported' } : { ok: true, version: '1.6', header };
}

/** Is the identity followed by a slash, or written twice? Both are understood (field-25). */
export function isOddPath(path: string): boolean {
  const segments = path.replace(/[?#].*$/s, '').split('/');
  const last = segments.findLastIndex((segment) => segment.trim() !== '');
  return last < segments.length - 1 || (last > 0 && segments[last - 1] === segments[last]);
}

export type PathIdentity =
  | { readonly ok: true; readonly identity: string }
  | { readonly ok: false; readonly why: 'missing' | 'too-long' | 'malformed' };

/**
 * The identity of a charge point is the last segment of the path it dials, percent-decoded (OCPP-J 1.6 §3.1.1). A
 * trailing slash, a query and an identity written twice (`/CP1/CP1`) change nothing (field-25). `malformed`: bad
 * percent-encoding, control or invisible characters, or a name that means something else in a path.
 */
export function identityFromPath(path: string): PathIdentity {
  const segments = path.replace(/[?#].*$/s, '').split('/');
  const last = segments.findLast((segment) => segment.trim() !== '');
  if (last === undefined) return { ok: false, why: 'missing' };
  const decoded = percentDecoded(last);
  return decoded === undefined ? { ok: false, why: 'malformed' } : identityFrom(decoded);
}

/** An identity as it was written in a path or in a header. */
export function identityFrom(written: string): PathIdentity {
  const identity = written.trim();
  if (identity === '') return { ok: false, why: 'missing' };
  if (/[\p{C}/\\]/u.test(identity) || identity === '.' || identity === '..') return { ok: false, why: 'malformed' };
  if ([...identity].length > IDENTITY_CHARACTERS_MAX) return { ok: false, why: 'too-long' };
  return { ok: true, identity };
}

function percentDecoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // URIError: a lone percent sign, or bytes that are not UTF-8.
    return undefined;
  }
}
