import type { ChargingProfilePurpose, ChargingRateUnit } from '#src/wire/ocpp/charging-profile.ts';

/** How chargers of one make, model and firmware take limits, where it is not as they are asked for (field-30). */
export type Habit = {
  /** The purpose that is taken in place of another. */
  readonly purposes: Readonly<Partial<Record<ChargingProfilePurpose, ChargingProfilePurpose>>>;
  /** The highest stack level that is taken; null: none was refused. */
  readonly stackLevelMax: number | null;
  /** The only unit that is taken; null: none was refused. */
  readonly unit: ChargingRateUnit | null;
  /** A limit of 0 is refused: the smallest current stands for it. */
  readonly refusesZero: boolean;
  /** GetCompositeSchedule is not known there. */
  readonly lacksComposite: boolean;
};

/** Of an edition that takes limits as they are asked for, or of which nothing is known. */
export const NO_HABIT: Habit = {
  purposes: {},
  stackLevelMax: null,
  unit: null,
  refusesZero: false,
  lacksComposite: false,
};

/** Does nothing tell them apart? A purpose that is not named is the same as none. */
export function isSameHabit(a: Habit, b: Habit): boolean {
  return (
    a.stackLevelMax === b.stackLevelMax &&
    a.unit === b.unit &&
    a.refusesZero === b.refusesZero &&
    a.lacksComposite === b.lacksComposite &&
    PURPOSES.every((purpose) => a.purposes[purpose] === b.purposes[purpose])
  );
}

const PURPOSES: readonly ChargingProfilePurpose[] = ['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile'];
