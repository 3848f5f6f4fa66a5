import type { AlertRecipient, AlertRow, ParkingLimits } from '#src/domain/alert.ts';
import type { ChargePointId } from '#src/domain/ids.ts';

/** What may be asked of the disk about alerts. They are written as rows of the commits of their actors (`ports.ts`). */

export type AlertQuery = {
  readonly open: boolean;
  readonly offset: number;
  readonly limit: number;
};
export type AlertPage = { readonly rows: readonly AlertRow[]; readonly found: number };

export interface AlertStore {
  /** Newest first, at these stations; at all of them without `among`. */
  list(query: AlertQuery & { readonly among?: readonly string[] }): Promise<AlertPage>;
  find(alertId: string): Promise<AlertRow | null>;
  /** Whoever is named at a station, whether or not he may still be told. */
  recipients(stationId: string): Promise<readonly AlertRecipient[]>;
  /** The limits of every charger whose station has one, or of one charger alone. */
  parkingLimits(chargePointId?: ChargePointId): Promise<ReadonlyMap<ChargePointId, ParkingLimits>>;
  /** Alerts that ended before are forgotten, with who was told of them; returns how many. */
  purgeEnded(beforeMs: number, limit: number): Promise<number>;
}
