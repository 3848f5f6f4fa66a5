/** « Type de support utilisé sur la borne » of a station (OCP-15). */
export const TOKEN_TYPES = ['rfid', 'rfid-long', 'barcode'] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];
/** By what somebody made himself known to a charger. */
export type TokenKind = TokenType | 'sms';

/**
 * The kind of the badge that an idTag comes from: by its format where that tells, else what the station says that its
 * charger reads; null where nobody says. The UID of a contactless card has 4, 7 or 10 bytes (ISO 14443-3), which are
 * told from a number by a letter among them; a bar code of 13 digits has its check digit (EAN-13).
 */
export function tokenKindOf(idTag: string, declared: unknown): TokenKind | null {
  if (/^\+\d{6,15}$/.test(idTag)) return 'sms';
  if (isUid(idTag)) return idTag.length === 8 ? 'rfid' : 'rfid-long';
  if (isEan(idTag)) return 'barcode';
  return TOKEN_TYPES.find((one) => one === declared) ?? null;
}

function isUid(idTag: string): boolean {
  return /^(?:[\da-f]{8}|[\da-f]{14}|[\da-f]{20})$/i.test(idTag) && /[a-f]/i.test(idTag);
}

function isEan(idTag: string): boolean {
  if (!/^\d{13}$/.test(idTag)) return false;
  const sum = [...idTag].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}
