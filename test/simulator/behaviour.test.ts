import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrivingCar, charge, drawnPowerW } from '#src/simulator/battery.ts';
import { BLANK_MEMORY, limitedW, setProfile } from '#src/simulator/memory.ts';
import { decide } from '#src/simulator/behaviour.ts';
import { seededChance } from '#src/simulator/chance.ts';
import { changeKey, factoryConfiguration, readKeys } from '#src/simulator/configuration.ts';
import { nameplatesFor } from '#src/simulator/models.ts';
import type { Payload } from '#src/simulator/payload.ts';
import {
  newCharger,
  statusOf,
  type Charger,
  type ChargerEvent,
  type Effect,
  type OutgoingCall,
} from '#src/simulator/state.ts';

const START_MS = Date.UTC(2026, 4, 4, 8);
const [nameplate] = nameplatesFor(['FR*VIG*1']);
if (!nameplate) throw new Error('no model');

/** A charger played by hand: each event in turn, its effects kept. */
class Bench {
  charger: Charger;
  nowMs = START_MS;
  effects: Effect[] = [];
  private readonly chance = seededChance(7);

  constructor(autonomous = false, speed = 1) {
    this.charger = newCharger(nameplate!, { speed, autonomous, registersWh: [1_000_000, 2_000_000] });
  }

  tell(
    event: ChargerEvent extends infer Each ? (Each extends { nowMs: number } ? Omit<Each, 'nowMs'> : never) : never,
  ): Effect[] {
    const step = decide(this.charger, { ...event, nowMs: this.nowMs }, this.chance);
    this.charger = step.charger;
    this.effects.push(...step.effects);
    return [...step.effects];
  }

  command(action: string, payload: Payload): Effect[] {
    return this.tell({ type: 'commanded', messageId: 'm1', action, payload });
  }

  answer(call: OutgoingCall | undefined, payload: Payload): Effect[] {
    if (!call) throw new Error('nothing to answer');
    return this.tell({ type: 'answered', call, payload });
  }

  boot(): this {
    const [boot] = calls(this.tell({ type: 'opened' }));
    this.answer(boot, { status: 'Accepted', currentTime: new Date(this.nowMs).toISOString(), interval: 300 });
    return this;
  }

  /** Plugs, badges, and lets the server accept. */
  charging(transactionId = 41): this {
    this.tell({ type: 'driver-came', connectorId: 1, idTag: 'TEST1' });
    const [authorise] = calls(this.tell({ type: 'woke', wake: { kind: 'badge', connectorId: 1, visit: 1 } }));
    const [start] = calls(this.answer(authorise, { idTagInfo: { status: 'Accepted' } }));
    this.answer(start, { transactionId, idTagInfo: { status: 'Accepted' } });
    return this;
  }

  status(connectorId = 1): string {
    return statusOf(this.charger.connectors[connectorId - 1]!);
  }
}

function calls(effects: readonly Effect[]): OutgoingCall[] {
  return effects.flatMap((effect) => (effect.type === 'call' ? [effect.call] : []));
}

function answerOf(effects: readonly Effect[]): Payload | undefined {
  return effects.flatMap((effect) => (effect.type === 'answer' ? [effect.payload] : []))[0];
}

test('a charger boots first, then reports connector 0 and every connector', () => {
  const bench = new Bench();
  expect(calls(bench.tell({ type: 'opened' })).map(({ action }) => action)).toEqual(['BootNotification']);
  const boot = calls(bench.effects)[0];
  const reported = calls(bench.answer(boot, { status: 'Accepted', interval: 60 }));
  expect(reported.map(({ payload }) => payload['connectorId'])).toEqual([0, 1, 2]);
});

test('a charger that is not accepted boots again after the interval of the answer, and reports nothing', () => {
  const bench = new Bench();
  const [boot] = calls(bench.tell({ type: 'opened' }));
  const effects = bench.answer(boot, { status: 'Pending', interval: 12 });
  expect(effects).toEqual([{ type: 'wake', wake: { kind: 'boot-again' }, afterMs: 12_000 }]);
});

test('after a mere cut of the link there is no boot, only the present statuses', () => {
  const bench = new Bench().boot();
  bench.tell({ type: 'closed' });
  expect(calls(bench.tell({ type: 'opened' })).map(({ action }) => action)).toEqual(
    Array.from({ length: 3 }, () => 'StatusNotification'),
  );
});

test('a session runs from Preparing to Charging, Finishing and Available, and its energy is on the register', () => {
  const bench = new Bench().boot().charging();
  expect(bench.status()).toBe('Charging');
  bench.nowMs += 600_000;
  const [stop] = calls(bench.tell({ type: 'driver-stopped', connectorId: 1 }));
  expect(stop).toMatchObject({ action: 'StopTransaction', payload: { reason: 'Local', idTag: 'TEST1' }, keep: true });
  expect(Number(stop?.payload['meterStop'])).toBeGreaterThan(1_000_300);
  expect(bench.status()).toBe('Finishing');
  bench.tell({ type: 'driver-unplugged', connectorId: 1 });
  expect(bench.status()).toBe('Available');
  const told = calls(bench.effects).filter(({ action }) => action === 'StatusNotification');
  expect(told.slice(3).map(({ payload }) => payload['status'])).toEqual([
    'Preparing',
    'Charging',
    'Finishing',
    'Available',
  ]);
});

test('a badge refused by the server starts nothing', () => {
  const bench = new Bench().boot();
  bench.tell({ type: 'driver-came', connectorId: 1, idTag: 'TEST1' });
  const [authorise] = calls(bench.tell({ type: 'woke', wake: { kind: 'badge', connectorId: 1, visit: 1 } }));
  bench.answer(authorise, { idTagInfo: { status: 'Blocked' } });
  expect(bench.status()).toBe('Preparing');
  expect(calls(bench.effects).some(({ action }) => action === 'StartTransaction')).toBe(false);
});

test('a start that the server answers Invalid is stopped with reason DeAuthorized', () => {
  const bench = new Bench().boot();
  bench.tell({ type: 'driver-came', connectorId: 1, idTag: 'TEST1' });
  const [authorise] = calls(bench.tell({ type: 'woke', wake: { kind: 'badge', connectorId: 1, visit: 1 } }));
  const [start] = calls(bench.answer(authorise, { idTagInfo: { status: 'Accepted' } }));
  const [stop] = calls(bench.answer(start, { transactionId: 9, idTagInfo: { status: 'Invalid' } }));
  expect(stop).toMatchObject({ action: 'StopTransaction', payload: { reason: 'DeAuthorized' } });
});

test('without a link the charger trusts the badge and keeps the start for later', () => {
  const bench = new Bench().boot();
  bench.tell({ type: 'closed' });
  bench.tell({ type: 'driver-came', connectorId: 1, idTag: 'TEST1' });
  const kept = calls(bench.tell({ type: 'woke', wake: { kind: 'badge', connectorId: 1, visit: 1 } }));
  expect(kept).toMatchObject([{ action: 'StartTransaction', keep: true }]);
});

test('a remote stop ends that transaction only, with reason Remote', () => {
  const bench = new Bench().boot().charging(41);
  expect(answerOf(bench.command('RemoteStopTransaction', { transactionId: 40 }))).toEqual({ status: 'Rejected' });
  const effects = bench.command('RemoteStopTransaction', { transactionId: 41 });
  expect(effects[0]).toMatchObject({ type: 'answer', payload: { status: 'Accepted' } });
  expect(calls(effects)[0]).toMatchObject({ action: 'StopTransaction', payload: { reason: 'Remote' } });
});

test('field-32: a remote start waits for the cable, and gives up after ConnectionTimeOut', () => {
  const bench = new Bench().boot();
  expect(answerOf(bench.command('RemoteStartTransaction', { idTag: 'TEST9', connectorId: 2 }))).toEqual({
    status: 'Accepted',
  });
  expect(bench.status(2)).toBe('Preparing');
  bench.tell({ type: 'woke', wake: { kind: 'cable-timeout', connectorId: 2, visit: 1 } });
  expect(bench.status(2)).toBe('Available');
});

test('a remote start on a plugged car starts at once; on a busy charger it is Rejected', () => {
  const bench = new Bench().boot();
  bench.tell({ type: 'driver-came', connectorId: 1, idTag: 'TEST1' });
  const effects = bench.command('RemoteStartTransaction', { idTag: 'TEST9', connectorId: 1 });
  expect(calls(effects)[0]).toMatchObject({ action: 'StartTransaction', payload: { idTag: 'TEST9' } });
  expect(answerOf(bench.command('RemoteStartTransaction', { idTag: 'TEST9', connectorId: 1 }))).toEqual({
    status: 'Rejected',
  });
});

test('a reset stops every transaction, drops the link and boots again', () => {
  const bench = new Bench().boot().charging();
  const effects = bench.command('Reset', { type: 'Soft' });
  expect(calls(effects)[0]).toMatchObject({ action: 'StopTransaction', payload: { reason: 'SoftReset' } });
  expect(effects.at(-1)).toMatchObject({ type: 'drop-link', flush: true });
  bench.tell({ type: 'closed' });
  expect(calls(bench.tell({ type: 'opened' }))).toMatchObject([{ action: 'BootNotification', first: true }]);
});

test('availability is Scheduled during a charge and shows once the car has gone', () => {
  const bench = new Bench().boot().charging();
  expect(answerOf(bench.command('ChangeAvailability', { connectorId: 0, type: 'Inoperative' }))).toEqual({
    status: 'Scheduled',
  });
  expect([bench.status(1), bench.status(2)]).toEqual(['Charging', 'Unavailable']);
  bench.tell({ type: 'driver-unplugged', connectorId: 1 });
  expect(bench.status(1)).toBe('Unavailable');
});

test('a fault ends the charge, shows its code, and is over once repaired', () => {
  const bench = new Bench().boot().charging();
  const effects = bench.tell({ type: 'broke', connectorId: 1, errorCode: 'GroundFailure' });
  expect(calls(effects)).toMatchObject([
    { action: 'StopTransaction', payload: { reason: 'Other' } },
    { action: 'StatusNotification', payload: { status: 'Faulted', errorCode: 'GroundFailure' } },
  ]);
  bench.tell({ type: 'repaired', connectorId: 1 });
  expect(bench.status()).toBe('Available');
});

test('a triggered message comes after the answer to the trigger', () => {
  const bench = new Bench().boot().charging();
  const effects = bench.command('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 });
  expect(effects.map(({ type }) => type)).toEqual(['answer', 'call']);
  expect(calls(effects)[0]).toMatchObject({ action: 'MeterValues', transactionKey: 1 });
});

test('unlocking stops a charge; a connector that does not exist is NotSupported', () => {
  const bench = new Bench().boot().charging();
  expect(answerOf(bench.command('UnlockConnector', { connectorId: 5 }))).toEqual({ status: 'NotSupported' });
  const effects = bench.command('UnlockConnector', { connectorId: 1 });
  expect(calls(effects)[0]).toMatchObject({ payload: { reason: 'UnlockCommand' } });
});

test('an action that the model does not know is refused as NotImplemented', () => {
  expect(new Bench().boot().command('InstallCertificate', {})).toMatchObject([
    { type: 'refuse', code: 'NotImplemented' },
  ]);
});

test('configuration: read-only keys are Rejected, unknown ones NotSupported, values checked, spelling of case free', () => {
  const factory = factoryConfiguration(2);
  expect(changeKey(factory, 'NumberOfConnectors', '9').status).toBe('Rejected');
  expect(changeKey(factory, 'Nonsense', '9').status).toBe('NotSupported');
  expect(changeKey(factory, 'HeartbeatInterval', '-1').status).toBe('Rejected');
  const { configuration, status } = changeKey(factory, 'heartbeatinterval', '900');
  expect(status).toBe('Accepted');
  expect(readKeys(configuration, ['HeartbeatInterval', 'Nonsense'])).toEqual({
    configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '900' }],
    unknownKey: ['Nonsense'],
  });
});

test('a heartbeat interval changed by the server silences the older round of heartbeats', () => {
  const bench = new Bench().boot();
  const older = bench.charger.heartbeatRound;
  bench.command('ChangeConfiguration', { key: 'HeartbeatInterval', value: '20' });
  expect(bench.tell({ type: 'woke', wake: { kind: 'heartbeat', round: older } })).toEqual([]);
  expect(calls(bench.tell({ type: 'woke', wake: { kind: 'heartbeat', round: older + 1 } }))).toMatchObject([
    { action: 'Heartbeat' },
  ]);
});

test('field-22: energy never exceeds what the charger can give in real time, whatever the speed, and power tapers', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.constantFrom(7_400, 22_000, 50_000),
      fc.integer({ min: 1, max: 60 }),
      (seed, powerW, speed) => {
        const car = arrivingCar(powerW, seededChance(seed));
        expect(car.target).toBeGreaterThan(car.charge);
        const after = charge(car, { chargerPowerW: powerW, elapsedMs: 600_000, speed });
        expect(after.energyWh).toBeGreaterThan(0);
        expect(after.energyWh).toBeLessThanOrEqual(powerW / 6);
        expect(after.battery.charge).toBeLessThanOrEqual(Math.max(car.target, car.charge));
        const nearlyFull = { ...car, charge: 0.94, target: 1, heldS: 60 };
        expect(drawnPowerW(nearlyFull, powerW)).toBeLessThan(drawnPowerW({ ...nearlyFull, charge: 0.3 }, powerW));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a limit that was laid down holds what is given; connectors share that of the whole charger', () => {
  const limit = (purpose: string, connectorId: number, amperes: number) => ({
    connectorId,
    csChargingProfiles: {
      chargingProfileId: connectorId,
      stackLevel: 0,
      chargingProfilePurpose: purpose,
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: amperes }] },
    },
  });
  const { memory } = setProfile(BLANK_MEMORY, limit('TxDefaultProfile', 1, 6), new Set());
  expect(limitedW(memory, 1, { powerW: 22_000, charging: 2 })).toBe(4_140);
  expect(limitedW(memory, 2, { powerW: 22_000, charging: 2 })).toBe(22_000);
  const whole = setProfile(memory, limit('ChargePointMaxProfile', 0, 20), new Set()).memory;
  expect(limitedW(whole, 2, { powerW: 22_000, charging: 2 })).toBe(6_900);
});

test('whatever happens, registers never go back, starts and stops alternate, and stops follow their start', () => {
  const kinds = ['badge', 'cable', 'cable-timeout', 'watch', 'sample', 'leave', 'unplug', 'repair'] as const;
  const happening = fc.record({
    pick: fc.nat(17),
    connectorId: fc.integer({ min: 1, max: 2 }),
    waitMs: fc.nat(90_000),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 80 }), (happenings) => {
      const bench = new Bench(true, 10).boot();
      const open = new Map<number, number>();
      let registers = bench.charger.connectors.map(({ registerWh }) => registerWh);
      for (const { pick, connectorId, waitMs } of happenings) {
        bench.nowMs += waitMs;
        const kind = kinds[pick];
        const visit = bench.charger.connectors[connectorId - 1]!.visit;
        const effects = kind
          ? bench.tell({ type: 'woke', wake: { kind, connectorId, visit } })
          : pick < 11
            ? bench.tell({ type: 'driver-came', connectorId, idTag: `TEST${pick}` })
            : pick < 13
              ? bench.tell({ type: 'woke', wake: { kind: 'mishap' } })
              : pick === 13
                ? bench.tell({ type: 'closed' })
                : pick === 14
                  ? bench.tell({ type: 'opened' })
                  : bench.command('RemoteStartTransaction', { idTag: 'TEST', connectorId });
        for (const call of calls(effects)) {
          if (call.action === 'Authorize') effects.push(...bench.answer(call, { idTagInfo: { status: 'Accepted' } }));
        }
        for (const call of calls(effects)) {
          if (call.action === 'StartTransaction') {
            expect(open.has(call.connectorId!)).toBe(false);
            open.set(call.connectorId!, call.transactionKey!);
          }
          if (call.action === 'StopTransaction') {
            expect(open.get(call.connectorId!)).toBe(call.transactionKey);
            open.delete(call.connectorId!);
          }
        }
        const now = bench.charger.connectors.map(({ registerWh }) => registerWh);
        now.forEach((registerWh, index) => expect(registerWh).toBeGreaterThanOrEqual(registers[index]!));
        registers = now;
      }
    }),
  );
});
