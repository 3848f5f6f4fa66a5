/** Charging profiles of OCPP 1.6 §7 and §5.16, in the standard's own words and units. */

export type ChargingRateUnit = 'A' | 'W';
export type ChargingProfilePurpose = 'ChargePointMaxProfile' | 'TxDefaultProfile' | 'TxProfile';

export type ChargingSchedulePeriod = {
  /** Seconds from the start of the schedule; the first is 0. */
  readonly startPeriod: number;
  /** In the schedule's unit, one decimal at most. Amperes are of each phase, watts of all of them. */
  readonly limit: number;
  /** 3 when absent. */
  readonly numberPhases?: number;
};

export type ChargingSchedule = {
  /** Seconds; without it the last period goes on. */
  readonly duration?: number;
  /** UTC with a final Z. Only an absolute or recurring profile has one. */
  readonly startSchedule?: string;
  readonly chargingRateUnit: ChargingRateUnit;
  readonly chargingSchedulePeriod: readonly ChargingSchedulePeriod[];
  readonly minChargingRate?: number;
};

export type ChargingProfile = {
  readonly chargingProfileId: number;
  readonly transactionId?: number;
  /** The highest of those of one purpose wins. */
  readonly stackLevel: number;
  readonly chargingProfilePurpose: ChargingProfilePurpose;
  readonly chargingProfileKind: 'Absolute' | 'Recurring' | 'Relative';
  readonly recurrencyKind?: 'Daily' | 'Weekly';
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly chargingSchedule: ChargingSchedule;
};

/** OCPP 1.6 SmartCharging: what the server asks of a charger's limits. */
export type SmartChargingCall =
  | {
      readonly action: 'SetChargingProfile';
      /** 0: the whole charger, or each of its connectors, by the purpose. */
      readonly connectorId: number;
      readonly csChargingProfiles: ChargingProfile;
    }
  | {
      readonly action: 'ClearChargingProfile';
      readonly id?: number;
      readonly connectorId?: number;
      readonly chargingProfilePurpose?: ChargingProfilePurpose;
      readonly stackLevel?: number;
    }
  | {
      readonly action: 'GetCompositeSchedule';
      readonly connectorId: number;
      /** Seconds. */
      readonly duration: number;
      readonly chargingRateUnit?: ChargingRateUnit;
    };

export type CompositeScheduleAnswer = {
  readonly action: 'GetCompositeSchedule';
  readonly status: string;
  readonly connectorId?: number;
  readonly scheduleStart?: string;
  readonly chargingSchedule?: ChargingSchedule;
};
