/** « Durées maxi » of a station (OCP-13): what it allows one vehicle. Null: as much as it likes. */
export type StayLimits = {
  readonly chargeMinutes: number | null;
  readonly chargeWh: number | null;
  /** Counted from the start of the session; the socket unlocks once the charge is over too. */
  readonly unlockMinutes: number | null;
};

/** Which of them is exceeded. */
export const STAY_LIMITS = ['charge-time', 'charge-energy', 'parking-time'] as const;
export type StayLimit = (typeof STAY_LIMITS)[number];

export const NO_STAY_LIMITS: StayLimits = { chargeMinutes: null, chargeWh: null, unlockMinutes: null };
