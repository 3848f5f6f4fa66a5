import type { Habit } from '#actors/edition/habit.ts';
import type {
  ChargingProfile,
  ChargingProfilePurpose,
  ChargingRateUnit,
  ChargingSchedule,
} from '#src/wire/ocpp/charging-profile.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';

/** A limit as it is asked for, or as it is put to a charger. */
export type SetProfile = Extract<CallToChargePoint, { action: 'SetChargingProfile' }>;

/** What a ladder must know of the charger that it is for, and the moment at which it is climbed. */
export type LadderFacts = {
  readonly habit: Habit;
  /** How many connectors the charger has, as far as anyone knows; 0: nobody does. */
  readonly connectors: number;
  /** Of what the limit is for, where the profile does not say. */
  readonly phases: number;
  /** Epoch ms. */
  readonly atMs: number;
};

/** Ways of asking for one limit: enough for every two replacements at once. */
export const RUNGS_MAX = 12;
/** IEC 61851-1: no vehicle charges with less. In A of each phase. */
const CURRENT_A_MIN = 6;
/** Between a phase and the neutral (EN 50160). */
export const VOLTS = 230;
/** OCPP 1.6 §7.14: what is meant where nothing is said. */
export const PHASES_USUAL = 3;

type Configuration = readonly { readonly key: string; readonly value?: string }[];
type Rung = {
  readonly purpose: ChargingProfilePurpose;
  readonly stackLevel: number;
  readonly unit: ChargingRateUnit;
  /** The smallest current stands for a limit of 0. */
  readonly lifts: boolean;
};

/**
 * The ways in which a limit may be put to a charger (field-30), to be tried in order until one is taken: what its
 * make, model and firmware took before comes first, then what was asked for, then one replacement, then two. None
 * allows more than what was asked for, but for the smallest current where 0 is refused.
 */
export function ladderOf(asked: SetProfile, facts: LadderFacts): readonly SetProfile[] {
  const rungs = rungsOf(asked, facts);
  const usual = usualRung(asked, facts);
  // 0 is put as 0 to each charger, whatever others of its edition made of it: more than was asked needs a refusal.
  const lifted = facts.habit.refusesZero ? [{ ...usual, lifts: true }] : [];
  const first = [usual, ...lifted].flatMap((known) => rungs.find((rung) => isSameRung(rung, known)) ?? []);
  const ordered = [...first, ...rungs.filter((rung) => !first.includes(rung))];
  return ordered.slice(0, RUNGS_MAX).map((rung) => callFor(asked, rung, facts));
}

/** What an edition is known to take, once this call was taken for that one. */
export function habitAfter(habit: Habit, asked: SetProfile, taken: SetProfile): Habit {
  const before = asked.csChargingProfiles;
  const after = taken.csChargingProfiles;
  const unit = before.chargingSchedule.chargingRateUnit;
  const unitTaken = after.chargingSchedule.chargingRateUnit;
  return {
    ...habit,
    purposes: purposesAfter(habit.purposes, before, after),
    stackLevelMax: learnt(habit.stackLevelMax, {
      isReplaced: after.stackLevel < before.stackLevel,
      isDenied: habit.stackLevelMax !== null && after.stackLevel > habit.stackLevelMax,
      found: after.stackLevel,
    }),
    unit: learnt(habit.unit, {
      isReplaced: unitTaken !== unit,
      isDenied: habit.unit !== null && unitTaken !== habit.unit,
      found: unitTaken,
    }),
    refusesZero: hasZero(before.chargingSchedule) ? !hasZero(after.chargingSchedule) : habit.refusesZero,
  };
}

/** A charger says of itself what it takes, where it has told its configuration (OCPP 1.6 §9.4). */
export function habitBy(habit: Habit, configuration: Configuration): Habit {
  const level = countIn(configuration, 'ChargeProfileMaxStackLevel');
  const units = toldIn(configuration, 'ChargingScheduleAllowedChargingRateUnit');
  const only = /power/i.test(units) === /current/i.test(units) ? null : /power/i.test(units) ? 'W' : 'A';
  const levels = [habit.stackLevelMax, level].filter((one) => one !== null);
  return {
    ...habit,
    stackLevelMax: levels.length === 0 ? null : Math.min(...levels),
    unit: habit.unit ?? only,
  };
}

/** How many connectors it says that it has (OCPP 1.6 §9.1); 0 where it has not told. */
export function connectorsBy(configuration: Configuration): number {
  return countIn(configuration, 'NumberOfConnectors') ?? 0;
}

function toldIn(configuration: Configuration, key: string): string {
  return configuration.find((one) => one.key.toLowerCase() === key.toLowerCase())?.value ?? '';
}

function countIn(configuration: Configuration, key: string): number | null {
  const told = toldIn(configuration, key).trim();
  return /^\d{1,4}$/.test(told) ? Number(told) : null;
}

/** How many phases feed what a limit is for: one connector, or with 0 all of them. */
export function phasesOf(connectorId: number, connectors: readonly number[], singlePhase: readonly number[]): number {
  const fed = connectorId === 0 ? connectors : [connectorId];
  return fed.length > 0 && fed.every((one) => singlePhase.includes(one)) ? 1 : PHASES_USUAL;
}

/**
 * In A of each phase, `elapsedMs` after the schedule has begun; null where it says nothing of that moment. `phases` is
 * what is meant where the schedule does not say.
 */
export function allowedA(schedule: ChargingSchedule, elapsedMs: number, phases: number): number | null {
  const elapsedS = elapsedMs / 1_000;
  const isOver = schedule.duration !== undefined && elapsedS >= schedule.duration;
  const period = schedule.chargingSchedulePeriod.findLast(({ startPeriod }) => startPeriod <= elapsedS);
  if (period === undefined || isOver) return null;
  const { limit, numberPhases = phases } = period;
  return schedule.chargingRateUnit === 'A' ? limit : limit / (VOLTS * numberPhases);
}

/** The same of a profile that is in force at that moment; null for one that is not, or not yet, or not always. */
export function limitA({ csChargingProfiles: profile }: SetProfile, atMs: number, phases: number): number | null {
  const { chargingProfileKind: kind, validFrom, validTo, chargingSchedule } = profile;
  if (validFrom !== undefined && !(Date.parse(validFrom) <= atMs)) return null;
  if (validTo !== undefined && !(Date.parse(validTo) > atMs)) return null;
  const { startSchedule } = chargingSchedule;
  if (kind === 'Relative' || startSchedule === undefined) return allowedA(chargingSchedule, 0, phases);
  const elapsedMs = atMs - Date.parse(startSchedule);
  const roundMs = kind === 'Absolute' ? Infinity : profile.recurrencyKind === 'Weekly' ? 7 * DAY_MS : DAY_MS;
  return elapsedMs < 0 ? null : allowedA(chargingSchedule, elapsedMs % roundMs, phases);
}

const DAY_MS = 86_400_000;

/** By how many replacements, then in this order: what changes least for the driver first. */
function rungsOf(asked: SetProfile, facts: LadderFacts): readonly Rung[] {
  const { stackLevel, chargingSchedule } = asked.csChargingProfiles;
  const unit = chargingSchedule.chargingRateUnit;
  const { stackLevelMax } = facts.habit;
  const lower = stackLevelMax === null ? [] : [Math.min(stackLevel, stackLevelMax)];
  const levels = [...new Set([stackLevel, ...lower, 0])];
  const lifts = hasZero(chargingSchedule) ? [false, true] : [false];
  const units: readonly ChargingRateUnit[] = [unit, unit === 'A' ? 'W' : 'A'];
  const all = purposesFor(asked, facts).flatMap((purpose, byPurpose) =>
    levels.flatMap((level, byLevel) =>
      units.flatMap((one, byUnit) =>
        lifts.map((lift, byLift) => ({
          rung: { purpose, stackLevel: level, unit: one, lifts: lift },
          replaced: [byPurpose, byLevel, byUnit, byLift].filter((by) => by > 0).length,
        })),
      ),
    ),
  );
  // A sort that keeps the order of equals: purposes vary last.
  return all.toSorted((a, b) => a.replaced - b.replaced).map(({ rung }) => rung);
}

/**
 * What may stand for a purpose. The limit of a whole charger stands for that of one connector only where it has no
 * other.
 */
function purposesFor(asked: SetProfile, { connectors }: LadderFacts): readonly ChargingProfilePurpose[] {
  const { chargingProfilePurpose: purpose } = asked.csChargingProfiles;
  const whole: readonly ChargingProfilePurpose[] =
    connectors === 1 || asked.connectorId === 0 ? ['ChargePointMaxProfile'] : [];
  switch (purpose) {
    case 'TxProfile':
      return ['TxProfile', 'TxDefaultProfile', ...whole];
    case 'TxDefaultProfile':
      return ['TxDefaultProfile', ...whole];
    case 'ChargePointMaxProfile':
      return connectors === 0 ? ['ChargePointMaxProfile'] : ['ChargePointMaxProfile', 'TxDefaultProfile'];
  }
}

/** Where the edition's habit leads. */
function usualRung(asked: SetProfile, { habit }: LadderFacts): Rung {
  const { chargingProfilePurpose: purpose, stackLevel, chargingSchedule } = asked.csChargingProfiles;
  return {
    purpose: habit.purposes[purpose] ?? purpose,
    stackLevel: Math.min(stackLevel, habit.stackLevelMax ?? stackLevel),
    unit: habit.unit ?? chargingSchedule.chargingRateUnit,
    lifts: false,
  };
}

function isSameRung(a: Rung, b: Rung): boolean {
  return a.purpose === b.purpose && a.stackLevel === b.stackLevel && a.unit === b.unit && a.lifts === b.lifts;
}

function callFor(asked: SetProfile, rung: Rung, { connectors, phases, atMs }: LadderFacts): SetProfile {
  const { transactionId, ...profile } = asked.csChargingProfiles;
  const { chargingProfilePurpose: purpose, chargingProfileKind: kind } = profile;
  const isWhole = rung.purpose === 'ChargePointMaxProfile';
  // A limit of the whole charger has no session whose start it could count from.
  const isToBegin = isWhole && kind === 'Relative';
  // Each connector gets its part of what all of them may draw.
  const shares = purpose === 'ChargePointMaxProfile' && !isWhole ? Math.max(1, connectors) : 1;
  const schedule = scheduleFor(profile.chargingSchedule, rung, { shares, phases });
  return {
    action: 'SetChargingProfile',
    connectorId: isWhole ? 0 : asked.connectorId,
    csChargingProfiles: {
      ...profile,
      ...(transactionId !== undefined && rung.purpose === 'TxProfile' && { transactionId }),
      chargingProfilePurpose: rung.purpose,
      stackLevel: rung.stackLevel,
      ...(isToBegin && { chargingProfileKind: 'Absolute' as const }),
      chargingSchedule: isToBegin ? { ...schedule, startSchedule: new Date(atMs).toISOString() } : schedule,
    },
  };
}

function scheduleFor(
  asked: ChargingSchedule,
  { unit, lifts }: Rung,
  { shares, phases: usual }: { readonly shares: number; readonly phases: number },
): ChargingSchedule {
  const { chargingRateUnit: from, minChargingRate } = asked;
  const smallest = (phases: number): number => {
    const told = minChargingRate !== undefined && minChargingRate > 0 ? minChargingRate : null;
    return told === null ? converted(CURRENT_A_MIN, { from: 'A', to: unit, phases }) : inUnit(told, phases);
  };
  const inUnit = (limit: number, phases: number): number => converted(limit, { from, to: unit, phases });
  const periods = asked.chargingSchedulePeriod.map((period) => {
    const { limit, numberPhases = usual } = period;
    const next = limit === 0 && lifts ? smallest(numberPhases) : tenthsBelow(inUnit(limit, numberPhases) / shares);
    return { ...period, limit: next };
  });
  return {
    ...asked,
    chargingRateUnit: unit,
    chargingSchedulePeriod: periods,
    ...(minChargingRate !== undefined && { minChargingRate: inUnit(minChargingRate, usual) }),
  };
}

function converted(
  limit: number,
  { from, to, phases }: { readonly from: ChargingRateUnit; readonly to: ChargingRateUnit; readonly phases: number },
): number {
  if (from === to) return limit;
  return tenthsBelow(to === 'W' ? limit * VOLTS * phases : limit / (VOLTS * phases));
}

/** OCPP 1.6 §7.14: one decimal at most. Below, so that nothing more is allowed than was. */
function tenthsBelow(amount: number): number {
  return Math.floor(amount * 10 + 1e-9) / 10;
}

function hasZero({ chargingSchedulePeriod }: ChargingSchedule): boolean {
  return chargingSchedulePeriod.some(({ limit }) => limit === 0);
}

function learnt<T>(
  known: T | null,
  { isReplaced, isDenied, found }: { readonly isReplaced: boolean; readonly isDenied: boolean; readonly found: T },
): T | null {
  if (isReplaced) return found;
  return isDenied ? null : known;
}

/** A TxProfile without a transaction may have been refused for want of one: that says nothing of the edition. */
function purposesAfter(known: Habit['purposes'], before: ChargingProfile, after: ChargingProfile): Habit['purposes'] {
  const { chargingProfilePurpose: asked } = before;
  const { chargingProfilePurpose: taken } = after;
  if (asked === 'TxProfile' && before.transactionId === undefined) return known;
  const { [asked]: _before, ...others } = known;
  return asked === taken ? others : { ...others, [asked]: taken };
}
