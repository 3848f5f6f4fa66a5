/** How a charger proves who it is (OCPP 1.6 security whitepaper): its password, and what people see of it. */

/** 16 to 20 bytes by the whitepaper; chargers that take a text take longer ones. */
export const KEY_BYTES_MIN = 16;
export const KEY_BYTES_MAX = 40;
const HEX = /^(?:[\da-f]{2})+$/i;

/**
 * The key that was typed, as bytes in hex: of 32 to 40 hexadecimal digits their bytes, of any other text its own
 * (field-26). Null for what is too short or too long to be one.
 */
export function keyTyped(typed: string): string | null {
  const text = typed.trim();
  const isHex = HEX.test(text) && text.length >= 2 * KEY_BYTES_MIN && text.length <= 2 * KEY_BYTES_MAX;
  const key = isHex ? text.toLowerCase() : Buffer.from(text).toString('hex');
  const bytes = key.length / 2;
  return bytes >= KEY_BYTES_MIN && bytes <= KEY_BYTES_MAX ? key : null;
}

/**
 * The keys that a presented password may stand for: its bytes, and where it is written in hex the bytes that are meant.
 * Chargers do both with the same key (field-26).
 */
export function keysPresented(password: Uint8Array): readonly string[] {
  const bytes = Buffer.from(password);
  if (bytes.length === 0 || bytes.length > 2 * KEY_BYTES_MAX) return [];
  const text = bytes.toString('latin1');
  return HEX.test(text) ? [bytes.toString('hex'), text.toLowerCase()] : [bytes.toString('hex')];
}

/** What a station has as its charger's password. Never the password, nor what could be made of it. */
export type CredentialView = {
  readonly isSet: boolean;
  /** The charger was given another one, and has not yet come back with it. */
  readonly isChanging: boolean;
  readonly setAtMs: number;
  readonly setBy: string;
};

/** A certificate that a station's charger was given. */
export type CertificateView = {
  /** SHA-256 in hex: its name towards us. */
  readonly fingerprint: string;
  readonly serialNumber: string;
  readonly subject: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number | null;
  readonly revokedBy: string | null;
};

/** By what the link of a charger is protected (whitepaper, section 2). 0: by nothing. */
export type SecurityProfile = 0 | 1 | 2 | 3;

/** What pages may do about the passwords of chargers. */
export type ChargerSecurity = {
  credential(stationId: string): Promise<CredentialView | null>;
  /** False for what is no key. */
  setPassword(of: { readonly stationId: string; readonly typed: string; readonly by: string }): Promise<boolean>;
  clearPassword(stationId: string): Promise<void>;
  /** A new random key in hex, as `ChangeConfiguration` carries it. */
  newKey(): string;
  /** What is stored of a key, for a charger that is told to change its own; null for what is no key. */
  hashOf(typed: string): Promise<string | null>;
  /** Newest first; the latest ones only. */
  certificates(stationId: string): Promise<readonly CertificateView[]>;
  /** Nobody comes in by it any more, and whoever did is cut off. False where the station's charger has no such one. */
  revoke(of: { readonly stationId: string; readonly fingerprint: string; readonly by: string }): Promise<boolean>;
};
