/** What may be asked of the disk for how chargers prove who they are. Only hashes are there. */

export type ChargerCredential = {
  readonly stationId: string;
  readonly passwordHash: string | null;
  /** Of the key that the charger was told to change to: it may come back with either. */
  readonly nextHash: string | null;
  readonly setAtMs: number;
  readonly setBy: string;
};

/** A certificate that our authority gave a charger. It is the station's charger's: another station's is another. */
export type ChargerCertificate = {
  /** SHA-256 of the whole certificate, in hex. */
  readonly fingerprint: string;
  readonly chargePointId: string;
  readonly stationId: string;
  readonly serialNumber: string;
  readonly subject: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** Since when nobody may come in by it; null while it is good. */
  readonly revokedAtMs: number | null;
  readonly revokedBy: string | null;
};
type NewCertificate = Omit<ChargerCertificate, 'stationId' | 'revokedAtMs' | 'revokedBy'>;

export interface ChargerCredentials {
  /** By `chargePointKey` of the identity. */
  of(key: string): Promise<ChargerCredential | null>;
  ofStation(stationId: string): Promise<ChargerCredential | null>;
  /** In the place of the one before. */
  put(credential: ChargerCredential): Promise<void>;
  clear(stationId: string): Promise<void>;
  /** The charger came with the key that it was told to change to: the one before is void. */
  changed(stationId: string): Promise<void>;
  /** For the station that has this identity now; nothing is kept for an identity that nobody declares. */
  putCertificate(certificate: NewCertificate): Promise<void>;
  certificate(fingerprint: string): Promise<ChargerCertificate | null>;
  /** The latest of each charger that was not revoked, those that end first first, at most `limit`. */
  certificates(limit: number): Promise<readonly ChargerCertificate[]>;
  /** Newest first, at most `limit`. */
  certificatesOf(stationId: string, limit: number): Promise<readonly ChargerCertificate[]>;
  /** For good; one that was revoked stays as it is. */
  revoke(of: { readonly fingerprint: string; readonly atMs: number; readonly by: string }): Promise<void>;
}
