import { expect, test } from 'vitest';
import type { KnownKit } from '#src/edges/lafonpulse/kit-door.ts';
import { arrivingCar } from '#src/simulator/battery.ts';
import { ChargeRules } from '#src/simulator/kit/charge-rules.ts';
import { KitMemory } from '#src/simulator/kit/memory.ts';
import { KIT, startKitServer, wholeKit } from '../fixtures/kit.ts';
import { until } from '../fixtures/until.ts';

const NO_LIMITS = { minutes: null, wh: null, parked: null };
const STATION: NonNullable<KnownKit['set']> = {
  power: 22_000,
  more: null,
  unlock: null,
  max: NO_LIMITS,
  alerts: { before: null, after: null, parked: null },
  language: 'fr',
  text: null,
};

/** A charge of a whole kit at a station that sets this, until it has begun. */
async function charging(set: Partial<NonNullable<KnownKit['set']>>) {
  const server = await startKitServer({ set: { ...STATION, ...set } });
  const kit = wholeKit(server);
  kit.start();
  await server.viewWhen((view) => view.state === 'free', KIT);
  kit.happen({ type: 'driver-came', connectorId: 1, idTag: 'FREE' });
  await until('the charge to begin', async () => (await server.sessions(KIT)).length === 1, 10_000);
  const why = () =>
    until('its end', async () => {
      const [ended] = await server.events('StopTransaction');
      return ended === undefined ? null : (JSON.parse(ended.request ?? '{}') as { why?: string }).why;
    });
  return { server, kit, why };
}

test('LAF-08: a kit ends a charge by itself after the longest time', async () => {
  const { server, why } = await charging({ max: { ...NO_LIMITS, minutes: 10 } });
  expect(await why()).toBe('time');
  await until('the recharge to be whole', async () => (await server.sessions(KIT))[0]?.closing === 'final');
});

test('LAF-08: a kit ends a charge by itself with the most energy, and that charge alone', () => {
  const memory = new KitMemory();
  memory.settings = { max: { wh: 500 } };
  const waits: (() => void)[] = [];
  const stopped: number[] = [];
  const transaction = {
    key: 1,
    transactionId: 7,
    idTag: 'FREE',
    battery: arrivingCar(22_000, () => 0),
    countedToMs: 0,
  };
  const connector = {
    id: 1,
    registerWh: 9_000,
    operative: true,
    visit: 1,
    phase: { name: 'charging', transaction },
  } as const;
  let meterWh = 9_000;
  const rules = new ChargeRules({
    memory,
    speed: 1,
    now: () => 0,
    later: (_afterMs, run) => waits.push(run),
    connector: (point) => (point === 1 ? connector : undefined),
    meterWh: () => meterWh,
    stop: (point) => stopped.push(point),
  });
  rules.began(1, 1);
  for (meterWh of [9_100, 9_499, 9_500]) {
    expect(stopped).toEqual([]);
    waits.splice(0).forEach((run) => run());
  }
  expect(stopped).toEqual([1]);
  expect(waits).toEqual([]);
  expect(rules.ended(1)).toBe('value');
  // Another charge runs by now: the limit of the one before is over with it.
  rules.began(1, 0);
  waits.splice(0).forEach((run) => run());
  expect(stopped).toEqual([1]);
  expect(rules.ended(1)).toBeUndefined();
});

test('LAF-09: the unlocking badge ends a charge or frees a socket for a while, and the server is not asked', async () => {
  const { server, kit, why } = await charging({ unlock: 'MASTER' });
  const asked = (await server.events('Authorize')).length;
  kit.happen({ type: 'driver-came', connectorId: 1, idTag: 'MASTER' });
  expect(await why()).toBe('unlock');
  await until('the socket to be free', async () =>
    (await server.detail(KIT)).told['point/1']?.includes('"lock":false'),
  );
  kit.happen({ type: 'driver-came', connectorId: 2, idTag: 'MASTER' });
  await until('the other one too', async () => (await server.detail(KIT)).told['point/2']?.includes('"lock":false'));
  expect(await server.events('Authorize')).toHaveLength(asked);
  expect(await server.sessions(KIT)).toHaveLength(1);
});

test('LAF-06, LAF-07: a charge has the power that was there when it began, and the points share it', () => {
  const memory = new KitMemory();
  const at = (text: string) => Date.parse(`2026-11-26T${text}:00Z`);
  let nowMs = at('10:00');
  const deps = { now: () => nowMs, later: () => undefined, connector: () => undefined };
  const rules = new ChargeRules({ ...deps, memory, speed: 1, meterWh: () => 0, stop: () => undefined });
  expect(rules.availableW()).toBeNull();
  const more = { power: 36_000, from: '2026-11-26T06:00:00Z', to: '2026-11-26T20:00:00Z' };
  memory.settings = { power: 22_000, more };
  // What a part of the day has more is given with leave to charge, and to that charge.
  expect(rules.availableW()).toBe(22_000);
  rules.began(1, 1);
  expect(rules.availableW()).toBe(36_000);
  nowMs = at('21:00');
  memory.settings = { power: 22_000 };
  expect(rules.availableW()).toBe(36_000);
  rules.ended(1);
  memory.settings = { power: 22_000, more };
  rules.began(1, 2);
  expect(rules.availableW()).toBe(22_000);
});

test('WHL-04, WHL-05: a kit that starts without its server goes by its list, and tells of it when the server is back', async () => {
  const server = await startKitServer();
  const kit = wholeKit(server, 0.02);
  kit.start();
  await server.viewWhen((view) => view.state === 'free', KIT);
  kit.happen({ type: 'driver-came', connectorId: 1, idTag: 'FREE' });
  await until('the charge to begin', async () => (await server.sessions(KIT)).length === 1);
  kit.happen({ type: 'driver-unplugged', connectorId: 1 });
  await until('the recharge to be whole', async () => (await server.sessions(KIT))[0]?.closing === 'final');
  await server.command('reset', { action: 'Reset', type: 'Hard' }, KIT);
  await server.commandIn('reset', 'done');
  kit.dropLink(1_500);
  // Neither is asked about for long: one is on the list, the other is not.
  kit.happen({ type: 'driver-came', connectorId: 1, idTag: 'STRANGER' });
  kit.happen({ type: 'driver-came', connectorId: 2, idTag: 'FREE' });
  const phases = () => kit.state().connectors.map(({ phase }) => phase.name);
  await until('the one to charge', () => phases()[1] === 'charging');
  expect(phases()[0]).not.toBe('charging');
  const late = await until(
    'the server to hear of it',
    async () => (await server.events('StartTransaction')).find(({ connectorId }) => connectorId === 2),
    10_000,
  );
  expect(JSON.parse(late.request ?? '{}')).toMatchObject({ leave: 'list', by: { kind: 'rfid', value: 'FREE' } });
  expect((await server.events('StartTransaction')).filter(({ connectorId }) => connectorId === 1)).toHaveLength(1);
});

test('its own keys: the languages of the display can be put in another order, and what it has no texts in is refused', async () => {
  const server = await startKitServer();
  wholeKit(server).start();
  await server.viewWhen((view) => view.linked, KIT);
  const write = (id: string, key: string, value: string) =>
    server.command(id, { action: 'ChangeConfiguration', key, value }, KIT);
  await write('l1', 'Languages', 'de,fr');
  await server.commandIn('l1', 'done');
  await until('the kit to tell it', async () =>
    (await server.detail(KIT)).told['kit']?.includes('"languages":["de","fr"]'),
  );
  for (const [id, key, value] of [
    ['l2', 'Languages', 'de,ja'],
    ['l3', 'ListMode', 'sometimes'],
    ['l4', 'ListSize', '0'],
  ] as const) {
    await write(id, key, value);
    await server.commandIn(id, 'refused');
  }
  await write('m1', 'ListMode', 'closed');
  await until('the mode to be told', async () => (await server.detail(KIT)).told['kit']?.includes('"mode":"closed"'));
});

test('LAF-01: a kit shows what it is told in the language of its display, for as long, and tells what it shows', async () => {
  const server = await startKitServer({ set: { ...STATION, language: 'en', text: 'Welcome' } });
  wholeKit(server).start();
  const shows = (text: string) =>
    until(`its display to show ${text}`, async () =>
      (await server.detail(KIT)).told['kit']?.includes(JSON.stringify({ shown: text }).slice(1, -1)),
    );
  await shows('Welcome');
  const show = async (id: string, message: object) => {
    const data = JSON.stringify(message);
    await server.command(id, { action: 'DataTransfer', vendorId: 'LafonPulse', messageId: 'show', data }, KIT);
  };
  await show('both', { texts: { fr: 'Travaux', en: 'Works' }, seconds: 86_400 });
  await server.commandIn('both', 'done');
  await shows('Works');
  // In a language that it is not in, the first that was given; and when it is over, what the station says.
  await show('brief', { texts: { de: 'Bauarbeiten' }, seconds: 1 });
  await shows('Bauarbeiten');
  await shows('Welcome');
  await show('again', { texts: { fr: 'Travaux' } });
  await shows('Travaux');
  await show('gone', { texts: {} });
  await shows('Welcome');
  await show('long', { texts: { fr: 'x'.repeat(121) } });
  await show('foreign', { texts: { ja: 'ようこそ' } });
  for (const id of ['long', 'foreign']) await server.commandIn(id, 'refused');
  // As it came before there were languages.
  const data = 'Bonjour';
  await server.command('plain', { action: 'DataTransfer', vendorId: 'LafonPulse', messageId: 'show', data }, KIT);
  await shows('Bonjour');
});
