import { describe, expect, test } from 'vitest';
import { startServer } from '../fixtures/server.ts';

const HOUR_MS = 3_600_000;

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * HOUR_MS).toISOString();
}

describe('several connectors', () => {
  test('field-38: transactions of two sockets and four connectors are never mixed up', async () => {
    const server = await startServer();
    const boxes = [await server.booted('CP1'), await server.booted('CP2')];
    const places = boxes.flatMap((box, index) => [1, 2].map((connectorId) => ({ box, index, connectorId })));
    const started = await Promise.all(
      places.map(async (place) => {
        const { box, connectorId } = place;
        return {
          ...place,
          ...(await box.start({ connectorId, idTag: 'FREE', timestamp: hoursAgo(2), meterStart: connectorId * 1_000 })),
        };
      }),
    );
    expect(new Set(started.map((one) => one.transactionId)).size).toBe(4);
    await Promise.all(
      started.map((one) => one.box.meter(one.connectorId, one.transactionId, one.connectorId * 1_000 + 500)),
    );
    await Promise.all(
      started.map((one) => one.box.stop(one.transactionId, { meterStop: one.connectorId * 1_000 + 700 + one.index })),
    );
    for (const { transactionId, index, connectorId } of started) {
      const chargePointId = `CP${index + 1}`;
      expect(await server.session(transactionId)).toMatchObject({
        chargePointId,
        connectorId,
        closing: 'final',
        energyWh: 700 + index,
      });
    }
  });

  test('field-38: a stop with the transaction of another station ends nothing there', async () => {
    const server = await startServer();
    const [one, two] = [await server.booted('CP1'), await server.booted('CP2')];
    const { transactionId } = await one.start({ timestamp: hoursAgo(1) });
    expect(await two.stop(transactionId)).toEqual({});
    expect(await server.session(transactionId)).toMatchObject({ closing: 'open' });
    expect(await server.reviews()).toMatchObject([{ kind: 'unmatched-stop', chargePointId: 'CP2' }]);
  });

  test('field-38: samples under the wrong connector go to the connector of their transaction', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ connectorId: 2, timestamp: hoursAgo(1) });
    await charger.meter(1, transactionId, 1_800);
    const view = await server.viewWhen((one) => one.connectors[1]?.session?.energyWh === 800);
    expect(view.connectors[0]?.session).toBeNull();
  });

  test('field-38: connector 0 of a box with one connector is that connector; a status of 0 is of the box', async () => {
    const server = await startServer({ chargePoints: [{ connectors: 1 }] });
    const charger = await server.booted('CP1');
    await charger.status(0, 'Available');
    const { transactionId } = await charger.start({ connectorId: 0, timestamp: hoursAgo(1) });
    await charger.meter(0, transactionId, 1_800);
    const view = await server.viewWhen((one) => one.connectors[0]?.session?.energyWh === 800);
    expect(view).toMatchObject({ status: 'Available', connectors: [{ connectorId: 1 }] });
  });
});
