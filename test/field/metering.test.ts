import { describe, expect, test } from 'vitest';
import type { Charger, Payload } from '../fixtures/charger.ts';
import { startServer } from '../fixtures/server.ts';

const HOUR_MS = 3_600_000;

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * HOUR_MS).toISOString();
}

/** One MeterValues of these sampled values. */
function sample(charger: Charger, transactionId: number, sampledValue: readonly Payload[]): Promise<Payload> {
  return charger.call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp: new Date().toISOString(), sampledValue }],
  });
}

describe('energy that cannot have been delivered', () => {
  test('field-22: a lifetime register billed as a session is held for a person and not debited', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ meterStart: 0, timestamp: hoursAgo(0.1) });
    await charger.stop(transactionId, { meterStop: 910_000 });
    expect(await server.session(transactionId)).toMatchObject({
      closing: 'final',
      energyWh: 910_000,
      price: null,
      review: 'implausible-energy',
    });
    expect(await server.reviews()).toMatchObject([{ kind: 'implausible-energy', transactionId }]);
    expect((await server.events('implausible-energy'))[0]).toMatchObject({ level: 'problem' });
    expect((await server.wallet('alice')).balance).toBe(5_000);
  });

  test('field-22: a sample that cannot be is not shown, and the next true one is', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ meterStart: 0, timestamp: hoursAgo(0.1) });
    await charger.meter(1, transactionId, 910_000);
    await charger.meter(1, transactionId, 800);
    const view = await server.viewWhen((one) => one.connectors[0]?.session?.energyWh === 800);
    expect(view.connectors[0]?.session?.energyWh).toBe(800);
    expect((await server.events('MeterValues')).at(-1)).toMatchObject({ level: 'problem', note: 'implausible-energy' });
  });

  test('field-22: a register that restarted at zero leaves what the samples told', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ meterStart: 50_000, timestamp: hoursAgo(1) });
    await charger.meter(1, transactionId, 52_500);
    await charger.stop(transactionId, { meterStop: 83 });
    expect(await server.session(transactionId)).toMatchObject({ energyWh: 2_500, meterStopWh: 83, review: null });
  });

  test('field-22: a plausible true stop ends the doubt that an earlier register had caused', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ meterStart: 0, timestamp: hoursAgo(0.2) });
    const atEnd = [{ value: '910000', context: 'Transaction.End' }];
    await charger.status(1, 'Available');
    await charger.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [{ timestamp: hoursAgo(0), sampledValue: atEnd }],
    });
    server.ring('connector/CP1/1', { type: 'settle', transactionId, atMs: Date.now() });
    await server.event('settled-without-stop');
    expect(await server.session(transactionId)).toMatchObject({
      closing: 'provisional',
      review: 'implausible-energy',
      price: null,
    });
    await charger.stop(transactionId, { meterStop: 2_000 });
    expect(await server.session(transactionId)).toMatchObject({
      closing: 'final',
      energyWh: 2_000,
      review: null,
      price: 70,
    });
  });
});

describe('batches of samples', () => {
  test('field-23: a batch without energy leaves the total as it is', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ meterStart: 1_000, timestamp: hoursAgo(1) });
    await charger.meter(1, transactionId, 2_500);
    await sample(charger, transactionId, [
      { value: '7400', measurand: 'Power.Active.Import', unit: 'W' },
      { value: '61', measurand: 'SoC', unit: 'Percent' },
    ]);
    const view = await server.viewWhen((one) => one.connectors[0]?.session?.powerW === 7_400);
    expect(view.connectors[0]?.session).toMatchObject({ energyWh: 1_500, socPercent: 61 });
  });

  test('field-23: phases are summed, kilowatt-hours are converted, and a total without phase wins', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ meterStart: 1_000, timestamp: hoursAgo(1) });
    const register = { measurand: 'Energy.Active.Import.Register' };
    await sample(
      charger,
      transactionId,
      ['L1', 'L2', 'L3'].map((phase) => ({ ...register, phase, value: '0.6', unit: 'kWh' })),
    );
    await server.viewWhen((one) => one.connectors[0]?.session?.energyWh === 800);
    await sample(charger, transactionId, [
      { ...register, value: '2.0', unit: 'kWh' },
      { ...register, value: '0.5', unit: 'kWh', phase: 'L1' },
    ]);
    await server.viewWhen((one) => one.connectors[0]?.session?.energyWh === 1_000);
  });

  test('field-23: a total never goes down, whatever the order of the samples', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ meterStart: 1_000, timestamp: hoursAgo(1) });
    for (const register of [3_000, 2_000, 0, 1_000, 2_999]) await charger.meter(1, transactionId, register);
    const view = await server.viewWhen((one) => one.connectors[0]?.session !== null);
    expect(view.connectors[0]?.session?.energyWh).toBe(2_000);
  });

  test('field-23: samples that come with the stop count, and the register of the stop decides', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ meterStart: 1_000, timestamp: hoursAgo(1) });
    const sampledValue = [{ value: '3900', context: 'Transaction.End', measurand: 'Energy.Active.Import.Register' }];
    await charger.stop(transactionId, {
      meterStop: 4_000,
      transactionData: [{ timestamp: hoursAgo(0), sampledValue }],
    });
    expect(await server.session(transactionId)).toMatchObject({ energyWh: 3_000, meterStopWh: 4_000 });
  });
});
