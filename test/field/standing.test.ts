import { expect, test } from 'vitest';
import { COMMANDS_WAITING_MAX } from '#actors/charge-point/kept-commands.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { Charger, Payload } from '../fixtures/charger.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';

const tag = (idTag: string) => ({ idTag, idTagInfo: { status: 'Accepted' } }) as const;
const list = (listVersion: number, updateType: 'Full' | 'Differential', ...entries: readonly { idTag: string }[]) =>
  ({ action: 'SendLocalList', listVersion, updateType, localAuthorizationList: entries }) as CallToChargePoint;

function limit(purpose: 'TxDefaultProfile' | 'ChargePointMaxProfile' | 'TxProfile', id: number, amperes: number) {
  return {
    action: 'SetChargingProfile',
    connectorId: purpose === 'TxProfile' ? 1 : 0,
    csChargingProfiles: {
      chargingProfileId: id,
      stackLevel: 0,
      chargingProfilePurpose: purpose,
      chargingProfileKind: 'Absolute',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: amperes }] },
    },
  } as const satisfies CallToChargePoint;
}

let commands = 0;
async function laid(server: TestServer, charger: Charger, call: CallToChargePoint, status = 'Accepted') {
  const id = `lay-${++commands}`;
  await server.command(id, call);
  const sent = await charger.nextCall();
  // A limit that is refused by its name is tried in no other way (field-30).
  if (status === 'Accepted') charger.reply(sent.id, { status });
  else charger.send(JSON.stringify([4, sent.id, status, '', {}]));
  if (call.action === 'SetChargingProfile' && status === 'Accepted')
    charger.reply((await charger.nextCall()).id, { status: 'Rejected' });
  await server.commandIn(id, status === 'Accepted' ? 'done' : 'refused');
}

/** Boots, and answers the calls that come of it. */
async function afterBoot(charger: Charger, count: number): Promise<readonly Payload[]> {
  await charger.boot();
  const payloads: Payload[] = [];
  for (let index = 0; index < count; index++) {
    const { id, payload } = await charger.nextCall();
    payloads.push(payload);
    charger.reply(id, { status: 'Accepted' });
  }
  // Whatever else the server had to say would come before its answer to this.
  await charger.call('Heartbeat', {});
  expect(charger.callsWaiting).toBe(0);
  return payloads;
}

test('field-31: the local list and the limits that a charger has taken are laid down again after each boot', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  await laid(server, charger, list(1, 'Full', tag('A'), tag('B')));
  await laid(server, charger, list(2, 'Differential', tag('C'), { idTag: 'a' }));
  await laid(server, charger, limit('ChargePointMaxProfile', 1, 32));
  await laid(server, charger, limit('TxDefaultProfile', 2, 10));
  await laid(server, charger, limit('TxDefaultProfile', 3, 16));
  const [sent, max, byDefault] = await afterBoot(charger, 3);
  expect(sent).toEqual({ listVersion: 2, updateType: 'Full', localAuthorizationList: [tag('B'), tag('C')] });
  expect(max).toMatchObject({ csChargingProfiles: { chargingProfileId: 1 } });
  expect(byDefault).toMatchObject({ csChargingProfiles: { chargingProfileId: 3 } });
  // Not what it refused, what ends with its transaction, or what was taken away.
  await laid(server, charger, limit('TxProfile', 4, 6));
  await laid(server, charger, limit('ChargePointMaxProfile', 5, 6), 'NotSupported');
  await laid(server, charger, { action: 'ClearChargingProfile', chargingProfilePurpose: 'TxDefaultProfile' });
  expect(await afterBoot(charger, 2)).toHaveLength(2);
});

test('field-31: a clearing takes away what it names and no more, also where the charger had forgotten it', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  await laid(server, charger, limit('ChargePointMaxProfile', 1, 32));
  await laid(server, charger, limit('TxDefaultProfile', 2, 16));
  const cleared = async (id: string, call: CallToChargePoint, status: string) => {
    await server.command(id, call);
    charger.reply((await charger.nextCall()).id, { status });
    await server.commandIn(id, status === 'Accepted' ? 'done' : 'refused');
  };
  await cleared('c1', { action: 'ClearChargingProfile', id: 1, connectorId: 3 }, 'Accepted');
  await cleared('c2', { action: 'ClearChargingProfile', stackLevel: 4 }, 'Accepted');
  expect(await afterBoot(charger, 2)).toHaveLength(2);
  await cleared('c3', { action: 'ClearChargingProfile', id: 1 }, 'Unknown');
  expect(await afterBoot(charger, 1)).toMatchObject([{ csChargingProfiles: { chargingProfileId: 2 } }]);
});

test('field-31: what was laid down survives a restart of ours', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  await laid(server, charger, list(7, 'Full', tag('A')));
  await charger.close();
  await server.stop();
  const heir = await startServer({ folder: server.folder });
  const [sent] = await afterBoot(await heir.dial('CP1'), 1);
  expect(sent).toMatchObject({ listVersion: 7, localAuthorizationList: [tag('A')] });
});

test('field-31: more limits than commands may wait are laid down again all the same, once however often it boots, and a person is served between', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  const many = COMMANDS_WAITING_MAX + 2;
  for (let level = 0; level < many; level++) {
    const { csChargingProfiles: one, ...call } = limit('TxDefaultProfile', level + 1, 16);
    await laid(server, charger, { ...call, csChargingProfiles: { ...one, stackLevel: level } });
  }
  await charger.boot();
  const first = await charger.nextCall();
  for (let mine = 0; mine < COMMANDS_WAITING_MAX; mine++)
    expect(await server.command(`mine-${mine}`, { action: 'ClearCache' })).toMatchObject({ phase: 'queued' });
  await charger.boot();
  charger.reply(first.id, { status: 'Accepted' });
  const levels: unknown[] = [];
  for (let call = 0; call < many + COMMANDS_WAITING_MAX; call++) {
    const { id, action, payload } = await charger.nextCall();
    charger.reply(id, { status: 'Accepted' });
    if (action !== 'ClearCache') levels.push((payload['csChargingProfiles'] as Payload)['stackLevel']);
  }
  // That which was on its way at the second boot may have been lost by it.
  expect(levels.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: many }, (_, level) => level));
});

test('field-31: chargers that boot in the same millisecond each have commands of their own', async () => {
  const nowMs = Date.now();
  const server = await startServer({ now: () => nowMs });
  const chargers = await Promise.all(['CP1', 'CP2'].map((identity) => server.booted(identity)));
  for (const [index, charger] of chargers.entries()) {
    await server.command(`list-${index}`, list(1, 'Full', tag('A')), `CP${index + 1}`);
    charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
    await server.commandIn(`list-${index}`, 'done');
  }
  await Promise.all(chargers.map((charger) => afterBoot(charger, 1)));
  for (const identity of ['CP1', 'CP2']) {
    const [latest] = (await server.detail(identity)).commands;
    expect(await server.storage.reader.command(latest?.commandId ?? '')).toMatchObject({ chargePointId: identity });
  }
});
