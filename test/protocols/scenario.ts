import { describe, expect, test } from 'vitest';
import type { CommandView } from '#actors/charge-point/messages.ts';
import { cents } from '#src/domain/money.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';
import type { ScenarioAnswer, ScenarioCharger, ScenarioFamily } from './charger.ts';

const MINUTE_MS = 60_000;
/** 3 kWh at 0.35 EUR/kWh. */
const PRICE = cents(105);
/** What is in Alice's wallet at first. */
const PURSE = cents(5_000);

type Scene = { readonly server: TestServer; readonly charger: ScenarioCharger };

/** The life of a charger, told once for all families: actors must not be able to tell them apart. */
export function scenarioSuite(family: ScenarioFamily): void {
  async function booted(): Promise<Scene> {
    const server = await startServer();
    const charger = await family.connect(server, 'CP1');
    await charger.boot();
    await charger.status('Available');
    return { server, charger };
  }

  describe(`${family.name}, from boot to stop`, () => {
    test('a recharge is one session with its energy and its price, and the connector is free again', async () => {
      const { server, charger } = await booted();
      const startedAtMs = Date.now() - 60 * MINUTE_MS;
      expect(await charger.authorize('ALICE')).toBe(true);
      await charger.status('Preparing');
      const { transactionId, accepted } = await charger.start({ ...ALICE, atMs: startedAtMs });
      expect(accepted).toBe(true);
      await charger.status('Charging');
      await charger.meter({ transactionId, registerWh: 2_500, atMs: startedAtMs + 30 * MINUTE_MS });
      await server.viewWhen((view) => view.connectors[0]?.session?.energyWh === 1_500);
      await charger.stop({ transactionId, idTag: 'ALICE', meterStopWh: 4_000, atMs: Date.now() });
      await charger.status('Available');
      await debited(server, PRICE);
      const sessions = await server.sessions();
      expect(sessions).toMatchObject([{ closing: 'final', energyWh: 3_000, price: PRICE, startedAtMs }]);
      await server.viewWhen((view) => view.state === 'free');
    });

    test('a badge that is blocked is refused, and one that nobody knows', async () => {
      const { charger } = await booted();
      expect(await charger.authorize('BLOCKED')).toBe(false);
      expect(await charger.authorize('NOBODY')).toBe(false);
    });

    test('field-02: a start that is sent again gets the same transaction, and is one session', async () => {
      const { server, charger } = await booted();
      const start = { ...ALICE, atMs: Date.now() };
      const first = await charger.start(start);
      expect(await charger.start(start)).toEqual(first);
      expect(await server.sessions()).toHaveLength(1);
    });

    test('field-06: what the disk refuses is not answered, and is one session when it is sent again', async () => {
      const { server, charger } = await booted();
      const start = { ...ALICE, atMs: Date.now() };
      server.protectFile(true);
      await expect(charger.start(start)).rejects.toThrow(/not answered/);
      server.protectFile(false);
      await until('health to be good', () => server.storage.actors.health().writable);
      await charger.lose();
      await charger.back();
      const { transactionId } = await charger.start(start);
      expect(await server.sessions()).toMatchObject([{ transactionId, closing: 'open' }]);
    });
  });

  describe(`${family.name}, after the network was gone`, () => {
    test('a whole recharge that was kept offline comes in order, at its own times, and is debited once', async () => {
      const { server, charger } = await booted();
      await charger.lose();
      await charger.back();
      const startedAtMs = Date.now() - 120 * MINUTE_MS;
      const stoppedAtMs = startedAtMs + 60 * MINUTE_MS;
      const { transactionId } = await charger.start({ ...ALICE, atMs: startedAtMs });
      const stop = { transactionId, idTag: 'ALICE', meterStopWh: 4_000, atMs: stoppedAtMs };
      await charger.stop(stop);
      await charger.stop(stop);
      await debited(server, PRICE);
      expect(await server.sessions()).toMatchObject([{ startedAtMs, stoppedAtMs, energyWh: 3_000, price: PRICE }]);
    });

    test('a recharge that began before a restart of ours is ended after it', async () => {
      const { server, charger } = await booted();
      const { transactionId } = await charger.start({ ...ALICE, atMs: Date.now() - 60 * MINUTE_MS });
      await server.stop();
      const again = await startServer({ folder: server.folder });
      const returned = await family.connect(again, 'CP1');
      await returned.stop({ transactionId, idTag: 'ALICE', meterStopWh: 4_000, atMs: Date.now() });
      expect(await again.session(transactionId)).toMatchObject({ closing: 'final', energyWh: 3_000 });
    });
  });

  describe(`${family.name}, told by the server`, () => {
    test('a remote start is followed from its promise to the recharge, and a remote stop to its end', async () => {
      const { server, charger } = await booted();
      await server.command('c1', { action: 'RemoteStartTransaction', idTag: 'ALICE', connectorId: 1 });
      const start = await charger.nextCall();
      expect(start.call).toEqual({ action: 'RemoteStartTransaction', idTag: 'ALICE', connectorId: 1 });
      start.reply({ status: 'Accepted' });
      await server.commandIn('c1', 'accepted');
      await charger.authorize('ALICE');
      await charger.status('Preparing');
      const { transactionId } = await charger.start({ ...ALICE, atMs: Date.now() });
      await server.commandIn('c1', 'started');

      await server.command('c2', { action: 'RemoteStopTransaction', transactionId });
      const stop = await charger.nextCall();
      expect(stop.call).toEqual({ action: 'RemoteStopTransaction', transactionId });
      stop.reply({ status: 'Accepted' });
      await server.commandIn('c2', 'accepted');
      await charger.stop({ transactionId, meterStopWh: 1_000, atMs: Date.now() });
      await server.commandIn('c2', 'done');
    });

    test('a command that it refuses says so in its own word', async () => {
      const { server, charger } = await booted();
      const view = await carried({ server, charger }, { action: 'Reset', type: 'Hard' }, { status: 'Rejected' });
      expect(view).toMatchObject({ phase: 'refused', cause: 'rejected', detail: 'Rejected' });
    });

    const commands: readonly [CallToChargePoint, ScenarioAnswer][] = [
      [{ action: 'UnlockConnector', connectorId: 1 }, { status: 'Unlocked' }],
      [{ action: 'Reset', type: 'Soft' }, { status: 'Accepted' }],
      [{ action: 'ChangeAvailability', connectorId: 1, type: 'Inoperative' }, { status: 'Scheduled' }],
      [{ action: 'ChangeConfiguration', key: 'ConnectionTimeOut', value: '90' }, { status: 'Accepted' }],
      [{ action: 'ClearCache' }, { status: 'Accepted' }],
      [{ action: 'TriggerMessage', requestedMessage: 'StatusNotification', connectorId: 1 }, { status: 'Accepted' }],
      ...(family.movesFiles ? RESERVATIONS : []),
    ];
    test.each(commands.filter(([call]) => !family.lacks.has(call.action)))(
      'it carries out $action as it was asked',
      async (call, answer) => {
        const scene = await booted();
        expect(await carried(scene, call, answer)).toMatchObject({ phase: 'done', cause: null });
      },
    );

    if (family.movesFiles) {
      test('field-40: a software that was asked for before it came it fetches from us, installs it, and each step is seen', async () => {
        const server = await startServer();
        const firmwareId = await server.firmware('software');
        const retrieveDate = new Date().toISOString();
        const file = { kind: 'firmware', firmwareId, protocol: 'http' } as const;
        const expiresAtMs = Date.now() + 60 * MINUTE_MS;
        await server.ask('c1', { action: 'UpdateFirmware', location: 'Duo', retrieveDate }, { file, expiresAtMs });
        const charger = await family.connect(server, 'CP1');
        await charger.boot();
        const received = await charger.nextCall();
        if (received.call.action !== 'UpdateFirmware') throw new Error(`it was asked for ${received.call.action}`);
        const { location } = received.call;
        received.reply({});
        expect(await (await fetch(location)).text()).toBe('software');
        await charger.fileStatus?.('firmware', 'Downloaded');
        await charger.fileStatus?.('firmware', 'Installed');
        const { steps } = await server.commandIn('c1', 'done');
        expect(steps.map((step) => step.phase)).toEqual(expect.arrayContaining(['accepted', 'transferred', 'done']));
      });

      test('field-40, PRC-10: it leaves its log with us', async () => {
        const { server, charger } = await booted();
        const { calledAs } = await server.detail();
        const period = { fromMs: null, toMs: null };
        const offer = { commandId: 'c1', chargePointId: 'CP1', calledAs, protocol: 'http', ...period } as const;
        const location = await server.files.offerLog(offer);
        await server.command('c1', { action: 'GetDiagnostics', location });
        const received = await charger.nextCall();
        expect(received.call).toMatchObject({ action: 'GetDiagnostics', location });
        received.reply({ fileName: 'diag.log' });
        await fetch(`${location}diag.log`, { method: 'PUT', body: 'what happened' });
        await charger.fileStatus?.('log', 'Uploaded');
        await server.commandIn('c1', 'done');
        expect(await server.files.log('c1')).toMatchObject({ fileName: 'diag.log', bytes: 13 });
      });
    }

    if (!family.lacks.has('GetConfiguration'))
      test('OCP-18: its keys are read, and remembered with what may be changed', async () => {
        const { server, charger } = await booted();
        const configurationKey = [
          { key: 'ConnectionTimeOut', readonly: false, value: '60' },
          { key: 'NumberOfConnectors', readonly: true, value: '2' },
        ];
        const answer = { configurationKey, unknownKey: ['Nonsense'] };
        const key = ['ConnectionTimeOut', 'NumberOfConnectors', 'Nonsense'];
        await carried({ server, charger }, { action: 'GetConfiguration', key }, answer);
        expect((await server.detail()).configuration).toEqual(configurationKey);
      });

    if (family.lacks.size > 0)
      test.each(commands.filter(([call]) => family.lacks.has(call.action)))(
        '$action is refused at once: its protocol has no such call',
        async (call) => {
          const { server } = await booted();
          await server.command('c1', call);
          expect(await server.commandIn('c1', 'refused')).toMatchObject({ cause: 'not-supported' });
        },
      );
  });
}

const RESERVATIONS: readonly [CallToChargePoint, ScenarioAnswer][] = [
  [
    {
      action: 'ReserveNow',
      connectorId: 1,
      expiryDate: '2030-01-01T12:00:00.000Z',
      idTag: 'ALICE',
      reservationId: 7,
    },
    { status: 'Accepted' },
  ],
  [{ action: 'CancelReservation', reservationId: 7 }, { status: 'Accepted' }],
  [{ action: 'GetLocalListVersion' }, { listVersion: 3 }],
];

const ALICE = { idTag: 'ALICE', meterStartWh: 1_000 } as const;

function debited(server: TestServer, amount: number): Promise<unknown> {
  return until(`${amount} to be debited`, async () => (await server.wallet('alice')).balance === PURSE - amount);
}

/** A command as it ended, after the charger got exactly that call and answered it. */
async function carried(scene: Scene, call: CallToChargePoint, answer: ScenarioAnswer): Promise<CommandView> {
  const { server, charger } = scene;
  await server.command('c1', call);
  const received = await charger.nextCall();
  // The package of SOAP makes a Date of a time.
  expect(JSON.parse(JSON.stringify(received.call))).toEqual(call);
  received.reply(answer);
  return until('the command to end', async () => {
    const view = (await server.storage.reader.command('c1'))?.state as CommandView | undefined;
    return view?.ended === true ? view : null;
  });
}
