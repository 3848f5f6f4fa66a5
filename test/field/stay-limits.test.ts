import { describe, expect, test } from 'vitest';
import { NO_STAY_LIMITS } from '#src/domain/stay-limits.ts';
import { startServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

const HOUR_MS = 3_600_000;

describe('OCP-13: « Durées maxi »', () => {
  test('the largest charge is stopped by a command with its reason, which ends with the stop', async () => {
    const server = await startServer({ chargePoints: [{ limits: { ...NO_STAY_LIMITS, chargeWh: 2_000 } }] });
    const charger = await server.booted('CP1');
    const timestamp = new Date(Date.now() - HOUR_MS).toISOString();
    const { transactionId } = await charger.start({ timestamp });
    await charger.status(1, 'Charging');
    await charger.meter(1, transactionId, 2_900);
    await charger.meter(1, transactionId, 3_000);
    const call = await charger.nextCall();
    expect(call).toMatchObject({ action: 'RemoteStopTransaction', payload: { transactionId } });
    charger.reply(call.id, { status: 'Accepted' });
    await charger.stop(transactionId, { meterStop: 3_010, reason: 'Remote' });
    const command = await server.commandIn(`stay-${transactionId}-charge-energy.1`, 'done');
    expect(command).toMatchObject({ limit: 'charge-energy', requestedBy: 'Vigie' });
    expect(await server.events('limit-reached')).toMatchObject([
      { level: 'info', connectorId: 1, note: `transaction ${transactionId}, charge-energy` },
    ]);
    const notes = (await server.events('RemoteStopTransaction')).map(({ note }) => note);
    expect(new Set(notes)).toEqual(new Set(['charge-energy,by Vigie']));
    expect(charger.callsWaiting).toBe(0);
  });

  test('the longest charge and parking outlive a power cut of the server and an absent charger, and act once', async () => {
    let nowMs = Date.now();
    const limits = { chargeMinutes: 60, chargeWh: null, unlockMinutes: 90 };
    const first = await startServer({ now: () => nowMs, chargePoints: [{ limits }] });
    const before = await first.booted('CP1');
    const { transactionId } = await before.start();
    await before.status(1, 'Charging');
    first.crash();
    nowMs += HOUR_MS + 60_000;
    const server = await startServer({ now: () => nowMs, folder: first.folder });
    expect((await server.storage.actors.pendingTimers()).map(({ key }) => key)).toEqual(
      expect.arrayContaining(['stay/charge-time', 'stay/parking-time']),
    );
    const ring = (limit: string) => server.ring('connector/CP1/1', { type: 'limit-due', limit, atMs: 0 });
    // Nobody is there to be told: there is a line of the journal, and no command.
    ring('charge-time');
    await server.event('limit-reached');
    expect(await server.storage.reader.command(`stay-${transactionId}-charge-time.1`)).toBeNull();
    const charger = await server.booted('CP1');
    // What it says of its session shows that this goes on after its boot.
    await charger.status(1, 'Charging');
    ring('charge-time');
    const stop = await charger.nextCall();
    expect(stop).toMatchObject({ action: 'RemoteStopTransaction', payload: { transactionId } });
    charger.reply(stop.id, { status: 'Accepted' });
    await charger.stop(transactionId, { timestamp: new Date(nowMs).toISOString(), reason: 'Remote' });
    await charger.status(1, 'Finishing');
    await server.commandIn(`stay-${transactionId}-charge-time.1`, 'done');
    nowMs += HOUR_MS;
    ring('charge-time');
    ring('parking-time');
    const unlock = await charger.nextCall();
    expect(unlock).toMatchObject({ action: 'UnlockConnector', payload: { connectorId: 1 } });
    charger.reply(unlock.id, { status: 'Unlocked' });
    await server.commandIn(`stay-${transactionId}-parking-time.1`, 'done');
    ring('parking-time');
    await charger.status(1, 'Available');
    await until('the end of the stay', async () => {
      const timers = await server.storage.actors.pendingTimers();
      return timers.every(({ key }) => !key.startsWith('stay/'));
    });
    expect(charger.callsWaiting).toBe(0);
    expect((await server.events('limit-reached')).map(({ note }) => note)).toEqual([
      `transaction ${transactionId}, parking-time`,
      `transaction ${transactionId}, charge-time`,
    ]);
  });
});
