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
};

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
  putCertificate(certificate: Omit<ChargerCertificate, 'stationId'>): Promise<void>;
  certificate(fingerprint: string): Promise<ChargerCertificate | null>;
  /** The latest of each charger, those that end first first, at most `limit`. */
  certificates(limit: number): Promise<readonly ChargerCertificate[]>;
}
