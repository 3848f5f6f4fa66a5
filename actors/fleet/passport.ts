import { isSameEdition, usesOf, type Edition, type EditionQuirks, type QuirkUse } from '#actors/charge-point/quirks.ts';
import { editionActorId } from '#actors/edition/actor.ts';
import { isSameHabit, NO_HABIT, type Habit } from '#actors/edition/habit.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { Tolerance } from '#src/wire/ocpp/messages.ts';

/** One tolerance, over the chargers of one edition. */
export type PassportQuirk = {
  readonly tolerance: Tolerance;
  readonly count: number;
  /** How many of the chargers needed it. */
  readonly chargePoints: number;
  readonly lastAtMs: number;
  /** The charger that needed it last: where an example stands in the journal. */
  readonly lastBy: ChargePointId;
};

/** What one make, model and firmware was forgiven: the charger's own words, texts empty where it said nothing. */
export type Passport = Edition & {
  /** Chargers that were forgiven something while they ran it, or that run it and take limits in their own way. */
  readonly chargePoints: number;
  /** Most used first. */
  readonly quirks: readonly PassportQuirk[];
  /** How it takes limits, where that is not as they are asked for (field-30). */
  readonly habit?: Habit;
};

type Of = {
  readonly chargePointId: ChargePointId;
  readonly editions: readonly EditionQuirks[];
  /** What it is now. */
  readonly edition?: Edition;
};
type Counted = {
  edition: Edition;
  chargePoints: number;
  quirks: Map<Tolerance, PassportQuirk>;
  habit?: Habit;
};

/** The passports of these chargers, by make, model and firmware. `habits` by the actors that remember them. */
export function passportsOf(
  chargePoints: Iterable<Of>,
  habits: ReadonlyMap<ActorId, Habit> = new Map(),
): readonly Passport[] {
  const byEdition = new Map<string, Counted>();
  for (const { chargePointId, editions, edition: present } of chargePoints) {
    const habit = present === undefined ? undefined : habits.get(editionActorId(present) ?? '');
    if (present !== undefined && habit !== undefined && !isSameHabit(habit, NO_HABIT)) {
      const key = JSON.stringify([present.make, present.model, present.firmware]);
      const { make, model, firmware } = present;
      const known = byEdition.get(key) ?? {
        edition: { make, model, firmware },
        chargePoints: 0,
        quirks: new Map<Tolerance, PassportQuirk>(),
      };
      const isCounted = editions.some((one) => isSameEdition(one, present));
      byEdition.set(key, { ...known, habit, chargePoints: known.chargePoints + (isCounted ? 0 : 1) });
    }
    for (const { quirks, ...edition } of editions) {
      const key = JSON.stringify([edition.make, edition.model, edition.firmware]);
      const known = byEdition.get(key) ?? { edition, chargePoints: 0, quirks: new Map<Tolerance, PassportQuirk>() };
      known.chargePoints += 1;
      for (const [tolerance, use] of usesOf(quirks)) {
        known.quirks.set(tolerance, withUse(known.quirks.get(tolerance), { tolerance, use, chargePointId }));
      }
      byEdition.set(key, known);
    }
  }
  return [...byEdition.values()]
    .map(({ edition, chargePoints: count, quirks, habit }) => ({
      ...edition,
      chargePoints: count,
      ...(habit !== undefined && { habit }),
      quirks: [...quirks.values()].toSorted((a, b) => b.count - a.count || (a.tolerance < b.tolerance ? -1 : 1)),
    }))
    .toSorted(byName);
}

function withUse(
  before: PassportQuirk | undefined,
  { tolerance, use, chargePointId }: { tolerance: Tolerance; use: QuirkUse; chargePointId: ChargePointId },
): PassportQuirk {
  if (before === undefined) return { tolerance, ...use, chargePoints: 1, lastBy: chargePointId };
  const isLater = use.lastAtMs > before.lastAtMs;
  return {
    tolerance,
    count: before.count + use.count,
    chargePoints: before.chargePoints + 1,
    lastAtMs: isLater ? use.lastAtMs : before.lastAtMs,
    lastBy: isLater ? chargePointId : before.lastBy,
  };
}

function byName(a: Edition, b: Edition): number {
  return compare(a.make, b.make) || compare(a.model, b.model) || compare(a.firmware, b.firmware);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
