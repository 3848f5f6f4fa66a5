import { expect, test } from 'vitest';
import { MEASURE_AFTER_MS, MEASURES_MAX } from '#actors/charge-point/profile-measure.ts';
import { RUNGS_MAX, type SetProfile } from '#actors/charge-point/profile-ladder.ts';
import type { CommandView } from '#actors/charge-point/messages.ts';
import { chargePointActorId } from '#actors/charge-point/state.ts';
import type { Charger, ServerCall } from '../fixtures/charger.ts';
import { startServer, type ServerOptions, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

const EDITION = { chargePointVendor: 'Têtu', chargePointModel: 'Mur 22', firmwareVersion: '1.0' };

/** A server whose clock the test moves on. */
async function start(options: ServerOptions = {}) {
  let laterMs = 0;
  const server = await startServer({ now: () => Date.now() + laterMs, ...options });
  return { server, wait: (ms: number) => void (laterMs += ms), now: () => Date.now() + laterMs };
}

async function plugged(server: TestServer, identity = 'CP1', change = {}): Promise<[Charger, number]> {
  const charger = await server.dial(identity);
  await charger.boot({ ...EDITION, ...change });
  await charger.status(1, 'Charging');
  const { transactionId } = await charger.start();
  return [charger, transactionId];
}

function ofSession(transactionId: number, limit: number, unit: 'A' | 'W' = 'A', stackLevel = 0): SetProfile {
  return {
    action: 'SetChargingProfile',
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1,
      transactionId,
      stackLevel,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: unit, chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
    },
  };
}

type Profile = SetProfile['csChargingProfiles'];
const profileOf = ({ payload }: ServerCall): Profile => payload['csChargingProfiles'] as Profile;
const limitOf = (one: Profile): number | undefined => one.chargingSchedule.chargingSchedulePeriod[0]?.limit;

/** Answers profiles until one is taken; the calls that it took. */
async function picky(charger: Charger, takes: (profile: Profile) => boolean): Promise<readonly Profile[]> {
  const asked: Profile[] = [];
  for (;;) {
    const call = await charger.nextCall();
    expect(call.action).toBe('SetChargingProfile');
    asked.push(profileOf(call));
    const isTaken = takes(profileOf(call));
    charger.reply(call.id, { status: isTaken ? 'Accepted' : 'Rejected' });
    if (isTaken) return asked;
  }
}

async function schedule(charger: Charger, limit: number): Promise<void> {
  const { id, action } = await charger.nextCall();
  expect(action).toBe('GetCompositeSchedule');
  const chargingSchedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] };
  charger.reply(id, { status: 'Accepted', connectorId: 1, chargingSchedule });
}

/** A charger whose default profile stands for the limit of the charge that runs. */
async function stoodFor() {
  const { server } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 10));
  await picky(charger, (one) => one.chargingProfilePurpose === 'TxDefaultProfile');
  await schedule(charger, 10);
  await server.commandIn('p1', 'confirmed');
  return { server, charger, transactionId };
}

/** The charger is asked what flows, and tells it. */
async function flows(server: TestServer, charger: Charger, of: { commandId: string; amperes: number; atMs: number }) {
  const { commandId, amperes, atMs } = of;
  server.ring(chargePointActorId('CP1'), { type: 'measure-due', commandId, atMs });
  const { id, payload } = await charger.nextCall();
  expect(payload).toEqual({ requestedMessage: 'MeterValues', connectorId: 1 });
  charger.reply(id, { status: 'Accepted' });
  const sampledValue = [{ value: String(amperes), measurand: 'Current.Import', unit: 'A', phase: 'L1' }];
  const meterValue = [{ timestamp: new Date(atMs).toISOString(), sampledValue }];
  await charger.call('MeterValues', { connectorId: 1, meterValue });
}

const stubborn = (one: Profile): boolean =>
  one.chargingProfilePurpose === 'TxDefaultProfile' &&
  one.stackLevel === 0 &&
  one.chargingSchedule.chargingRateUnit === 'A';

test('field-30: a profile that is refused is put in other ways until one is taken, confirmed and measured', async () => {
  const { server, wait, now } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 11_040, 'W', 3));
  const asked = await picky(charger, stubborn);
  expect(asked.length).toBeGreaterThan(4);
  expect(asked[0]).toMatchObject({ chargingProfilePurpose: 'TxProfile', stackLevel: 3, transactionId });
  const taken = asked.at(-1);
  expect(taken && limitOf(taken)).toBe(16);
  expect(taken).not.toHaveProperty('transactionId');
  await schedule(charger, 16);
  await server.commandIn('p1', 'confirmed');
  wait(MEASURE_AFTER_MS);
  await flows(server, charger, { commandId: 'p1', amperes: 15.2, atMs: now() });
  const done = await server.commandIn('p1', 'done');
  expect(done.steps.map(({ phase }) => phase)).toEqual(['queued', 'sent', 'accepted', 'confirmed', 'measured', 'done']);
  expect(done).toMatchObject({ cause: null, profile: { scheduledA: 16, measuredMa: 15_200 } });
  expect(done.profile?.trials.map(({ said }) => said)).toEqual([...asked.slice(1).map(() => 'Rejected'), 'Accepted']);
  // It would limit the sessions that come after.
  await charger.stop(transactionId, { meterStop: 1_500 });
  expect(await charger.nextCall()).toMatchObject({ action: 'ClearChargingProfile', payload: { id: 1 } });
  // What was asked for stays what the command is called by.
  expect(done.call).toMatchObject({ csChargingProfiles: { chargingProfilePurpose: 'TxProfile' } });
});

test('field-30: what one charger took is tried first on every other of its make, model and firmware, also after a restart', async () => {
  const { server } = await start();
  const [first, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 11_040, 'W', 3));
  await picky(first, stubborn);
  await schedule(first, 16);
  const [second, other] = await plugged(server, 'CP2');
  await server.command('p2', ofSession(other, 6_900, 'W', 3), 'CP2');
  const asked = await picky(second, stubborn);
  expect(asked.map(limitOf)).toEqual([10]);
  await first.close();
  await second.close();
  await server.stop();
  const { server: heir } = await start({ folder: server.folder });
  const [again, third] = await plugged(heir);
  await heir.command('p3', ofSession(third, 6_900, 'W', 3));
  expect(await picky(again, stubborn)).toHaveLength(1);
  // Another firmware may take what the former one refused.
  const [updated, fourth] = await plugged(heir, 'CP2', { firmwareVersion: '1.1' });
  await heir.command('p4', ofSession(fourth, 6_900, 'W', 3), 'CP2');
  expect(await picky(updated, () => true)).toMatchObject([{ chargingProfilePurpose: 'TxProfile', stackLevel: 3 }]);
});

test('field-30: a limit that is taken and not gone by is put in another way', async () => {
  const { server } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 10));
  await picky(charger, () => true);
  await schedule(charger, 32);
  const [next] = await picky(charger, () => true);
  expect(next?.chargingSchedule.chargingRateUnit).toBe('W');
  await schedule(charger, 10);
  const confirmed = await server.commandIn('p1', 'confirmed');
  expect(confirmed.profile?.trials.map(({ said }) => said)).toEqual(['not-applied', 'Accepted']);
});

test('field-30: the limit of a box is shared by every connector that its station or its configuration tells of, spoken of or not', async () => {
  const server = await startServer({ chargePoints: [{ connectors: 2 }, { chargePointId: 'CP2', connectors: 0 }] });
  const { csChargingProfiles: one, ...rest } = ofSession(0, 32);
  const { transactionId: _none, ...profile } = { ...one, chargingProfilePurpose: 'ChargePointMaxProfile' as const };
  const ofBox: SetProfile = { ...rest, connectorId: 0, csChargingProfiles: profile };
  const takes = ({ chargingProfilePurpose }: Profile) => chargingProfilePurpose === 'TxDefaultProfile';

  const [declared] = await plugged(server);
  await server.command('p1', ofBox);
  expect((await picky(declared, takes)).at(-1)).toMatchObject({ chargingProfilePurpose: 'TxDefaultProfile' });
  expect((await server.commandIn('p1', 'accepted')).profile?.trials.at(-1)?.call).toMatchObject({
    csChargingProfiles: { chargingSchedule: { chargingSchedulePeriod: [{ limit: 16 }] } },
  });

  const [telling] = await plugged(server, 'CP2');
  await server.command('k', { action: 'GetConfiguration', key: ['NumberOfConnectors'] }, 'CP2');
  const read = await telling.nextCall();
  const configurationKey = [{ key: 'NumberOfConnectors', readonly: true, value: '4' }];
  telling.reply(read.id, { configurationKey });
  await server.commandIn('k', 'done');
  await server.command('p2', ofBox, 'CP2');
  expect((await picky(telling, takes)).map(limitOf).at(-1)).toBe(8);
});

test('field-30: a limit of 0 that is refused becomes the smallest current', async () => {
  const { server } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 0));
  const asked = await picky(charger, (one) => (limitOf(one) ?? 0) > 0);
  expect(asked.map(limitOf)).toEqual([0, 6]);
});

test('field-30: what flows above the limit fails the command, however often it is looked at', async () => {
  const { server, wait, now } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 10));
  await picky(charger, () => true);
  await schedule(charger, 10);
  await server.commandIn('p1', 'confirmed');
  for (let look = 0; look < MEASURES_MAX; look++) {
    wait(MEASURE_AFTER_MS);
    await flows(server, charger, { commandId: 'p1', amperes: 16, atMs: now() });
  }
  server.ring(chargePointActorId('CP1'), { type: 'measure-due', commandId: 'p1', atMs: now() });
  expect(await server.commandIn('p1', 'failed')).toMatchObject({
    cause: 'over-limit',
    profile: { measuredMa: 16_000 },
  });
});

test('field-30: the limit of a box is held against what flows through all of its connectors together', async () => {
  const { server, wait, now } = await start();
  const [charger] = await plugged(server);
  await charger.status(2, 'Charging');
  await charger.start({ connectorId: 2, idTag: 'BOB' });
  const { csChargingProfiles: one, ...rest } = ofSession(0, 32);
  const { transactionId: _none, ...profile } = { ...one, chargingProfilePurpose: 'ChargePointMaxProfile' as const };
  await server.command('p1', { ...rest, connectorId: 0, csChargingProfiles: profile });
  await picky(charger, () => true);
  const { id, action } = await charger.nextCall();
  expect(action).toBe('GetCompositeSchedule');
  charger.reply(id, { status: 'Rejected' });
  await server.event('GetCompositeSchedule');
  wait(MEASURE_AFTER_MS);
  const tells = (connectorId: number, amperes: number) => {
    const sampledValue = [{ value: String(amperes), measurand: 'Current.Import', unit: 'A', phase: 'L1' }];
    const meterValue = [{ timestamp: new Date(now()).toISOString(), sampledValue }];
    return charger.call('MeterValues', { connectorId, meterValue });
  };
  // Each is within it by itself.
  await tells(1, 20);
  await tells(2, 20);
  const over = (await server.detail()).commands.find(({ commandId }) => commandId === 'p1');
  expect(over).toMatchObject({ ended: false, profile: { measuredMa: 40_000 } });
  await tells(2, 12);
  expect(await server.commandIn('p1', 'done')).toMatchObject({ cause: null, profile: { measuredMa: 32_000 } });
});

test('field-30: a limit that is cleared before it is measured is told as superseded', async () => {
  const { server } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 10));
  await picky(charger, () => true);
  await schedule(charger, 10);
  await server.commandIn('p1', 'confirmed');
  await server.command('c1', { action: 'ClearChargingProfile' });
  expect(await server.commandIn('p1', 'done')).toMatchObject({ cause: 'superseded' });
});

test('field-30: a charger that takes no way at all says so once; one that does not know the call is asked once', async () => {
  const { server } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 10));
  let count = 0;
  const refused = await until('the end', async (): Promise<CommandView | null> => {
    while (charger.callsWaiting > 0) {
      const { id } = await charger.nextCall();
      charger.reply(id, { status: 'Rejected' });
      count++;
    }
    const [command] = (await server.detail()).commands;
    return command?.ended === true ? command : null;
  });
  expect(refused).toMatchObject({ phase: 'refused', cause: 'rejected' });
  expect(refused.profile?.trials).toHaveLength(count);
  await server.command('p2', ofSession(transactionId, 10));
  const { id } = await charger.nextCall();
  charger.send(JSON.stringify([4, id, 'NotImplemented', '', {}]));
  expect(await server.commandIn('p2', 'refused')).toMatchObject({ cause: 'not-supported' });
  expect(charger.callsWaiting).toBe(0);
});

test('field-30: without a charge there is nothing to measure, and a charger without composite schedules is not asked twice', async () => {
  const { server } = await start();
  const charger = await server.dial('CP1');
  await charger.boot(EDITION);
  await charger.status(1, 'Available');
  const byDefault = (id: number): SetProfile => {
    const { transactionId: _none, ...profile } = ofSession(0, 10).csChargingProfiles;
    const csChargingProfiles = {
      ...profile,
      chargingProfileId: id,
      chargingProfilePurpose: 'TxDefaultProfile',
    } as const;
    return { action: 'SetChargingProfile', connectorId: 1, csChargingProfiles };
  };
  await server.command('p1', byDefault(1));
  await picky(charger, () => true);
  const { id, action } = await charger.nextCall();
  expect(action).toBe('GetCompositeSchedule');
  charger.send(JSON.stringify([4, id, 'NotSupported', '', {}]));
  expect(await server.commandIn('p1', 'done')).toMatchObject({ cause: 'not-measured', profile: { scheduledA: null } });
  await server.command('p2', byDefault(2));
  await picky(charger, () => true);
  await server.commandIn('p2', 'done');
  expect(charger.callsWaiting).toBe(0);
});

test('field-30: a limit that was taken is told as taken when the link, or the server, goes before it is measured', async () => {
  const { server } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 10));
  await picky(charger, () => true);
  await server.commandIn('p1', 'accepted');
  await charger.close();
  expect(await server.commandIn('p1', 'done')).toMatchObject({ cause: 'not-measured' });
  const [again, next] = await plugged(server);
  await server.command('p2', ofSession(next, 10));
  await picky(again, () => true);
  await schedule(again, 10);
  await server.commandIn('p2', 'confirmed');
  await again.close();
  await server.stop();
  const { server: heir } = await start({ folder: server.folder });
  const back = await heir.dial('CP1');
  await back.boot(EDITION);
  expect(await heir.commandIn('p2', 'done')).toMatchObject({ cause: 'not-measured' });
});

test('field-30: a limit that is replaced before it is measured says so, and never comes back over the newer one', async () => {
  const { server } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 10));
  await picky(charger, () => true);
  await server.commandIn('p1', 'accepted');
  // Asked for while the schedule of the first is: it waits for that answer.
  await server.command('p2', ofSession(transactionId, 20));
  await schedule(charger, 10);
  expect(await picky(charger, () => true)).toHaveLength(1);
  await schedule(charger, 20);
  await server.commandIn('p2', 'confirmed');
  expect(await server.commandIn('p1', 'done')).toMatchObject({ cause: 'superseded', profile: { scheduledA: 10 } });
});

test('field-30: up to the last way of asking no call has an id longer than 36 characters (OCPP-J 1.6 §4.1.4)', async () => {
  const { server, now } = await start({ chargePoints: [{ connectors: 1 }] });
  const [charger, transactionId] = await plugged(server);
  // As long as ours are.
  const commandId = 'x'.repeat(24);
  await server.command(commandId, ofSession(transactionId, 11_040, 'W', 3));
  const ids: string[] = [];
  const answered = async (answer: { readonly status: string }): Promise<void> => {
    const { id } = await charger.nextCall();
    ids.push(id);
    charger.reply(id, answer);
  };
  for (let rung = 1; rung < RUNGS_MAX; rung++) await answered({ status: 'Rejected' });
  await answered({ status: 'Accepted' });
  await answered({ status: 'Rejected' });
  await until('its answer to be heard', async () =>
    (await server.events('GetCompositeSchedule')).some(({ kind }) => kind === 'command'),
  );
  server.ring(chargePointActorId('CP1'), { type: 'measure-due', commandId, atMs: now() });
  await answered({ status: 'Accepted' });
  expect(new Set(ids).size).toBe(RUNGS_MAX + 2);
  expect(Math.max(...ids.map((id) => id.length))).toBeLessThanOrEqual(36);
});

test('field-30: what stood for the limit of a charge goes when that ends, before a newer limit that waits comes', async () => {
  const { server, charger, transactionId } = await stoodFor();
  await server.command('c1', { action: 'ClearCache' });
  const busy = await charger.nextCall();
  await server.command('p2', ofSession(transactionId, 20));
  await charger.stop(transactionId, { meterStop: 1_500 });
  charger.reply(busy.id, { status: 'Accepted' });
  const clearing = await charger.nextCall();
  expect(clearing).toMatchObject({ action: 'ClearChargingProfile', payload: { id: 1 } });
  charger.reply(clearing.id, { status: 'Accepted' });
  expect((await charger.nextCall()).action).toBe('SetChargingProfile');
});

test('field-30: what stood for the limit of a charge is cleared by the next link when this one is lost first, and only once', async () => {
  const { server, charger, transactionId } = await stoodFor();
  await charger.stop(transactionId, { meterStop: 1_500 });
  expect((await charger.nextCall()).action).toBe('ClearChargingProfile');
  await charger.close();
  const again = await server.dial('CP1');
  await again.boot(EDITION);
  const clearing = await again.nextCall();
  expect(clearing).toMatchObject({ action: 'ClearChargingProfile', payload: { id: 1 } });
  again.reply(clearing.id, { status: 'Unknown' });
  await until('its answer to be heard', async () =>
    (await server.events('ClearChargingProfile')).some(({ kind, answer }) => kind === 'command' && answer !== null),
  );
  await again.close();
  const third = await server.dial('CP1');
  await third.boot(EDITION);
  await server.command('c1', { action: 'ClearCache' });
  expect((await third.nextCall()).action).toBe('ClearCache');
});

test('field-30: a limit that was not gone by fails when the link is lost before it was taken in another way', async () => {
  const { server } = await start();
  const [charger, transactionId] = await plugged(server);
  await server.command('p1', ofSession(transactionId, 10));
  await picky(charger, () => true);
  await schedule(charger, 32);
  expect((await charger.nextCall()).action).toBe('SetChargingProfile');
  await charger.close();
  expect(await server.commandIn('p1', 'failed')).toMatchObject({ cause: 'link-lost' });
});
