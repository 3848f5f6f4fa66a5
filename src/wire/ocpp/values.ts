/** Values that messages of several profiles hold. */

/** A time as a charger wrote it. `ms` counts from 1970 UTC; `null` when nothing could be read from `raw` (field-20). */
export type Timestamp = { readonly raw: string; readonly ms: number | null };

/** OCPP 1.6 §7.2 */
type AuthorizationStatus = 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | 'ConcurrentTx';
export type IdTagInfo = {
  readonly status: AuthorizationStatus;
  readonly expiryDate?: string;
  readonly parentIdTag?: string;
};
