import type { IdTagInfo } from './values.ts';

/** What the server asks by the profiles FirmwareManagement, LocalAuthListManagement and Reservation of OCPP 1.6. */

/** Where a charger fetches a file or leaves one, and how often it tries. Times are UTC with a final Z. */
type Transfer = {
  readonly location: string;
  readonly retries?: number;
  /** Seconds. */
  readonly retryInterval?: number;
};

/** `idTagInfo` is absent only in a differential update, for a badge that goes (OCPP 1.6 §7.9). */
export type LocalListEntry = { readonly idTag: string; readonly idTagInfo?: IdTagInfo };

export type ManagementCall =
  | ({ readonly action: 'UpdateFirmware'; readonly retrieveDate: string } & Transfer)
  | ({ readonly action: 'GetDiagnostics'; readonly startTime?: string; readonly stopTime?: string } & Transfer)
  | { readonly action: 'GetLocalListVersion' }
  | {
      readonly action: 'SendLocalList';
      readonly listVersion: number;
      readonly updateType: 'Differential' | 'Full';
      readonly localAuthorizationList?: readonly LocalListEntry[];
    }
  | {
      readonly action: 'ReserveNow';
      /** 0: whichever is free. */
      readonly connectorId: number;
      readonly expiryDate: string;
      readonly idTag: string;
      readonly parentIdTag?: string;
      readonly reservationId: number;
    }
  | { readonly action: 'CancelReservation'; readonly reservationId: number };

export type ManagementAnswer =
  /** It has no word for no: a charger that cannot answers with a CALLERROR, or tells by its status. */
  | { readonly action: 'UpdateFirmware' }
  /** Null: it has nothing to send. */
  | { readonly action: 'GetDiagnostics'; readonly fileName: string | null }
  /** 0: no list; -1: it keeps none. */
  | { readonly action: 'GetLocalListVersion'; readonly listVersion: number };
