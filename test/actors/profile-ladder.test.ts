import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowedA,
  habitAfter,
  habitBy,
  ladderOf,
  RUNGS_MAX,
  type SetProfile,
} from '#actors/charge-point/profile-ladder.ts';
import { measured } from '#actors/charge-point/profile-measure.ts';
import { freshDurable, freshLive, type ChargePointState } from '#actors/charge-point/state.ts';
import type { CommandView } from '#actors/charge-point/messages.ts';
import type { MeterSample } from '#src/wire/ocpp/messages.ts';
import { editionActorId, editionBehaviour } from '#actors/edition/actor.ts';
import { NO_HABIT, type Habit } from '#actors/edition/habit.ts';
import { decide, UNKNOWN_EDITION } from '#actors/edition/state.ts';
import { callPayload } from '#src/wire/ocpp/payload.ts';
import { violations } from '../wire/official-schemas.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 12);

type Change = Partial<Omit<SetProfile['csChargingProfiles'], 'chargingSchedule'>> & {
  readonly connectorId?: number;
  readonly limit?: number;
  readonly unit?: 'A' | 'W';
};

function aLimit({ connectorId = 1, limit = 16, unit = 'A', ...profile }: Change = {}): SetProfile {
  return {
    action: 'SetChargingProfile',
    connectorId,
    csChargingProfiles: {
      chargingProfileId: 7,
      transactionId: 42,
      stackLevel: 3,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      ...profile,
      chargingSchedule: { chargingRateUnit: unit, chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
    },
  };
}

const facts = (habit: Habit = NO_HABIT, connectors = 1) => ({ habit, connectors, phases: 3, atMs: NOW_MS });

function way({ connectorId, csChargingProfiles: one }: SetProfile): string {
  const { chargingRateUnit, chargingSchedulePeriod } = one.chargingSchedule;
  const limit = `${chargingSchedulePeriod[0]?.limit} ${chargingRateUnit}`;
  return `${one.chargingProfilePurpose}@${connectorId} level ${one.stackLevel} ${limit}`;
}

describe('field-30: the ways of asking for a limit', () => {
  test('what was asked comes first, then one replacement, then more', () => {
    expect(ladderOf(aLimit(), facts()).map(way)).toEqual([
      'TxProfile@1 level 3 16 A',
      'TxProfile@1 level 3 11040 W',
      'TxProfile@1 level 0 16 A',
      'TxDefaultProfile@1 level 3 16 A',
      'ChargePointMaxProfile@0 level 3 16 A',
      'TxProfile@1 level 0 11040 W',
      'TxDefaultProfile@1 level 3 11040 W',
      'TxDefaultProfile@1 level 0 16 A',
      'ChargePointMaxProfile@0 level 3 11040 W',
      'ChargePointMaxProfile@0 level 0 16 A',
      'TxDefaultProfile@1 level 0 11040 W',
      'ChargePointMaxProfile@0 level 0 11040 W',
    ]);
  });

  test('a limit of 0 that is refused becomes the smallest current, or what the profile says is the smallest', () => {
    const zero = aLimit({ limit: 0, stackLevel: 0 });
    expect(ladderOf(zero, facts()).map(way).slice(0, 2)).toEqual([
      'TxProfile@1 level 0 0 A',
      'TxProfile@1 level 0 6 A',
    ]);
    const { csChargingProfiles: profile } = zero;
    const chargingSchedule = { ...profile.chargingSchedule, minChargingRate: 8 };
    const told = { ...zero, csChargingProfiles: { ...profile, chargingSchedule } };
    expect(ladderOf(told, facts()).map(way)[1]).toBe('TxProfile@1 level 0 8 A');
  });

  test('the limit of a box stands for that of one connector only where there is no other', () => {
    const two = ladderOf(aLimit(), facts(NO_HABIT, 2)).map(way);
    expect(two.some((one) => one.startsWith('ChargePointMaxProfile'))).toBe(false);
    const box = aLimit({ connectorId: 0, chargingProfilePurpose: 'ChargePointMaxProfile', stackLevel: 0, limit: 40 });
    expect(ladderOf(box, facts(NO_HABIT, 3)).map(way)).toContain('TxDefaultProfile@0 level 0 13.3 A');
  });

  test('what the charger says of itself is tried first', () => {
    const keys = [
      { key: 'ChargeProfileMaxStackLevel', value: '1' },
      { key: 'ChargingScheduleAllowedChargingRateUnit', value: 'Power' },
    ];
    expect(way(ladderOf(aLimit(), facts(habitBy(NO_HABIT, keys)))[0] ?? aLimit())).toBe('TxProfile@1 level 1 11040 W');
    const both = [{ key: 'ChargingScheduleAllowedChargingRateUnit', value: 'Current,Power' }];
    expect(habitBy(NO_HABIT, both)).toEqual(NO_HABIT);
  });
});

const limits = fc
  .record({
    connectorId: fc.constantFrom(0, 1, 2),
    chargingProfilePurpose: fc.constantFrom('TxProfile', 'TxDefaultProfile', 'ChargePointMaxProfile'),
    stackLevel: fc.integer({ min: 0, max: 9 }),
    limit: fc.integer({ min: 0, max: 400 }).map((tenths) => tenths / 10),
    unit: fc.constantFrom('A', 'W'),
  })
  .map(({ chargingProfilePurpose: purpose, connectorId, ...one }) =>
    aLimit({
      ...one,
      chargingProfilePurpose: purpose,
      // OCPP 1.6 §3.13: where each purpose may lie.
      connectorId:
        purpose === 'ChargePointMaxProfile' ? 0 : purpose === 'TxProfile' ? Math.max(1, connectorId) : connectorId,
      chargingProfileKind: purpose === 'TxProfile' ? 'Relative' : 'Absolute',
    }),
  );
const connectors = fc.integer({ min: 1, max: 4 });

/** What all connectors that a call is about may draw together at most, in A. */
function togetherA({ connectorId, csChargingProfiles: one }: SetProfile, count: number): number {
  const each = allowedA(one.chargingSchedule, 0, 3) ?? Infinity;
  return one.chargingProfilePurpose === 'ChargePointMaxProfile' || connectorId > 0 ? each : each * count;
}

test('field-30: no way of asking allows more than what was asked, the smallest current for 0 aside', () => {
  fc.assert(
    fc.property(limits, connectors, (asked, count) => {
      for (const call of ladderOf(asked, facts(NO_HABIT, count))) {
        expect(violations('SetChargingProfile.req', JSON.parse(callPayload(call)))).toEqual([]);
        const isZero = asked.csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0]?.limit === 0;
        if (!isZero) expect(togetherA(call, count)).toBeLessThanOrEqual(togetherA(asked, count) + 1e-9);
        else expect(allowedA(call.csChargingProfiles.chargingSchedule, 0, 3)).toBeLessThanOrEqual(6);
      }
    }),
  );
});

test('field-30: whatever is taken once is the first that is tried the next time, after 0 itself, and every way once', () => {
  fc.assert(
    fc.property(limits, connectors, fc.nat(), (asked, count, at) => {
      const ladder = ladderOf(asked, facts(NO_HABIT, count));
      expect(ladder.length).toBeLessThanOrEqual(RUNGS_MAX);
      expect(new Set(ladder.map(way)).size).toBe(ladder.length);
      const taken = ladder[at % ladder.length] ?? asked;
      const habit = habitAfter(NO_HABIT, asked, taken);
      const again = ladderOf(asked, facts(habit, count));
      const [first, second] = again;
      expect(habit.refusesZero ? second : first).toEqual(taken);
      if (habit.refusesZero) expect(allowedA((first ?? asked).csChargingProfiles.chargingSchedule, 0, 3)).toBe(0);
      expect(again.map(way).toSorted()).toEqual(ladder.map(way).toSorted());
    }),
  );
});

test('field-30: a purpose that was refused without a transaction is not held against the edition', () => {
  const { transactionId: _none, ...profile } = aLimit().csChargingProfiles;
  const without: SetProfile = { ...aLimit(), csChargingProfiles: profile };
  const taken = aLimit({ chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 0 });
  expect(habitAfter(NO_HABIT, without, taken)).toEqual({ ...NO_HABIT, stackLevelMax: 0 });
});

test('field-30: what is found to be taken after all is forgotten', () => {
  const habit: Habit = { ...NO_HABIT, purposes: { TxProfile: 'TxDefaultProfile' }, stackLevelMax: 0, unit: 'W' };
  expect(habitAfter(habit, aLimit(), aLimit())).toEqual(NO_HABIT);
});

test('field-30: an edition learns what is new, and its snapshot says it all', () => {
  const habit: Habit = { ...NO_HABIT, refusesZero: true };
  const learn = { type: 'learn', habit, by: 'CP1', atMs: NOW_MS } as const;
  const { state } = decide(UNKNOWN_EDITION, learn);
  expect(decide(state, { ...learn, by: 'CP2' }).state).toBe(state);
  const id = editionActorId({ make: 'A/B', model: 'C', firmware: '' }) ?? '';
  expect(id).toBe('edition/A%2FB/C/');
  const snapshot: unknown = JSON.parse(JSON.stringify(editionBehaviour.snapshot(state)));
  expect(editionBehaviour.restore(id, snapshot, 1)).toEqual(state);
  expect(editionActorId({ make: '', model: '', firmware: '1' })).toBeNull();
});

test('field-30: whatever a charger calls itself, half a character too, its edition is remembered under a name', () => {
  const text = fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((all) => String.fromCharCode(...all));
  fc.assert(
    fc.property(text, text, text, (make, model, firmware) => {
      const id = editionActorId({ make, model, firmware });
      if (make === '' && model === '') expect(id).toBeNull();
      else expect(id?.split('/')).toHaveLength(4);
    }),
  );
  expect(editionActorId({ make: '\ud800', model: 'M', firmware: '1' })).toBe('edition/%EF%BF%BD/M/1');
});

describe('field-30: what flows, beside what was allowed', () => {
  const TAKEN_MS = NOW_MS - 20_000;
  /** A limit that was taken 20 s ago, of a connector that charges; `singlePhase`: those of the station. */
  function phaseAfter(
    asked: SetProfile,
    told: Partial<MeterSample>,
    of: { singlePhase?: readonly number[]; offsetMs?: number | null; sampledMs?: number; taken?: SetProfile } = {},
  ): string | undefined {
    const { singlePhase = [], offsetMs = 0, sampledMs = NOW_MS, taken = asked } = of;
    const command: CommandView = {
      commandId: 'p1',
      call: asked,
      requestedBy: 'ada',
      requestedAtMs: TAKEN_MS,
      phase: 'accepted',
      cause: null,
      detail: null,
      answer: null,
      ended: false,
      steps: [{ phase: 'accepted', atMs: TAKEN_MS }],
      profile: { habit: NO_HABIT, charging: [1], singlePhase, trials: [], scheduledA: null, measuredMa: null },
    };
    const climb = { ladder: [taken], rung: 0, stage: 'measuring', measures: 1, measuredMa: {} } as const;
    const state: ChargePointState = {
      chargePointId: 'CP1',
      durable: { ...freshDurable(), connectors: [1], commands: [command] },
      live: { ...freshLive(), climbs: { p1: climb } },
    };
    const timestamp = { raw: '', ms: sampledMs };
    const sample: MeterSample = { timestamp, context: 'Sample.Periodic', ...told };
    return measured(state, command, { connectorId: 1, samples: [sample], offsetMs, atMs: NOW_MS })?.command.phase;
  }

  test('power alone is of as many phases as feed the connector, by what its station says', () => {
    const limit = aLimit({ limit: 10 });
    expect(phaseAfter(limit, { powerW: 3_680 })).toBe('done');
    expect(phaseAfter(limit, { powerW: 3_680 }, { singlePhase: [1] })).toBe('accepted');
    expect(phaseAfter(limit, { powerW: 2_300 }, { singlePhase: [1] })).toBe('done');
  });

  test('a limit in watts is one of all phases together: a vehicle on one of them may carry more there', () => {
    const limit = aLimit({ limit: 6_900, unit: 'W' });
    expect(phaseAfter(limit, { powerW: 3_680, currentMa: 16_000 })).toBe('done');
    expect(phaseAfter(limit, { powerW: 7_600, currentMa: 11_000 })).toBe('accepted');
    expect(phaseAfter(limit, { currentMa: 10_000 })).toBe('done');
    // Asked for in amperes, what each phase carries counts, though the charger took watts.
    const asked = aLimit({ limit: 10 });
    expect(phaseAfter(asked, { powerW: 3_680, currentMa: 16_000 }, { taken: limit })).toBe('accepted');
  });

  test('what was measured before the limit was taken tells nothing of it, however late it comes', () => {
    const limit = aLimit({ limit: 10 });
    const within = { currentMa: 9_000 };
    expect(phaseAfter(limit, within, { sampledMs: TAKEN_MS - 1_000 })).toBeUndefined();
    expect(phaseAfter(limit, within, { sampledMs: TAKEN_MS + 6_000 })).toBe('done');
    // By our clock: one that is known to be an hour slow says so an hour early.
    expect(phaseAfter(limit, within, { sampledMs: NOW_MS - 3_600_000, offsetMs: -3_600_000 })).toBe('done');
    // A clock of which nothing is known, or that was never set, says nothing.
    expect(phaseAfter(limit, within, { sampledMs: NOW_MS - 3_600_000, offsetMs: null })).toBe('done');
    expect(phaseAfter(limit, within, { sampledMs: 0 })).toBe('done');
  });

  test('amperes become watts, and watts amperes, for the one phase that feeds a connector', () => {
    const one = { ...facts(), phases: 1 };
    expect(ladderOf(aLimit(), one).map(way)).toContain('TxProfile@1 level 3 3680 W');
    expect(ladderOf(aLimit({ limit: 3_680, unit: 'W' }), one).map(way)).toContain('TxProfile@1 level 3 16 A');
  });
});
