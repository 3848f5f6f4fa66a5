/** What may be asked of the disk for how chargers prove who they are. Only hashes are there. */

export type ChargerCredential = {
  readonly stationId: string;
  readonly passwordHash: string | null;
  /** Of the key that the charger was told to change to: it may come back with either. */
  readonly nextHash: string | null;
  readonly setAtMs: number;
  readonly setBy: string;
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
}
