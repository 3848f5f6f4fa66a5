/** A charge point's ChargeBoxIdentity as first registered. Compare through `chargePointKey`. */
export type ChargePointId = string;
/** `customer` wallets are named by the customer's id. */
export type WalletId = string;
/** Counted by the server, unique on it, positive, at most `TRANSACTION_ID_MAX`. */
export type TransactionId = number;

/** OCPP transaction ids are signed 32-bit on the wire of most chargers. */
export const TRANSACTION_ID_MAX = 2_147_483_647;

/** The form under which identities are compared: chargers and people disagree about letter case (field-24). */
export function chargePointKey(identity: string): string {
  return identity.trim().toUpperCase();
}

/** The form under which badges are compared: case, padding and the separators of printed UIDs do not count (field-18, field-24). */
export function idTagKey(idTag: string): string {
  // oxlint-disable-next-line no-control-regex -- firmwares pad a badge with whatever their buffer held
  return idTag.replace(/[\s:\u0000-\u001f]+/g, '').toUpperCase();
}
