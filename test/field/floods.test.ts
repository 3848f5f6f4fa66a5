import { describe, expect, test } from 'vitest';
import { BOOT_LOOP_BOOTS } from '#actors/charge-point/links.ts';
import { FLOOD_CALLS_MAX } from '#src/edges/flood.ts';
import { newId, type Charger } from '../fixtures/charger.ts';
import { startServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

const CALLS = 40;
/** On a shared machine; a server that let one charger hold it up would be far beyond. */
const SLOWER_BY_MS = 150;

/** Time at a hundredth of its pace: what is counted in one window stays in one, however slow the disk. */
function slowClock(): () => number {
  const startMs = Date.now();
  return () => Math.floor(startMs + (Date.now() - startMs) / 100);
}

/** The middle of the times that a charger waited for its answers, in ms. */
async function medianWaitMs(charger: Charger): Promise<number> {
  const waits: number[] = [];
  for (let index = 0; index < CALLS; index++) {
    const startedMs = performance.now();
    await charger.status(1, index % 2 === 0 ? 'Available' : 'Preparing');
    waits.push(performance.now() - startedMs);
  }
  return waits.toSorted((a, b) => a - b)[CALLS / 2] ?? 0;
}

describe('a flood', () => {
  test('field-37: while one charger floods, another waits no longer than a moment', async () => {
    const server = await startServer();
    const [flooder, calm] = [await server.booted('CP1'), await server.booted('CP2')];
    const before = await medianWaitMs(calm);
    const beats = Array.from({ length: 3_000 }, () => `[2,"${newId()}","Heartbeat",{}]`);
    for (const text of beats) flooder.send(text);
    const during = await medianWaitMs(calm);
    expect(during).toBeLessThan(before + SLOWER_BY_MS);
  });

  test('field-37: every call of a flood is answered, its journal is bounded, and one alert is given', async () => {
    const server = await startServer({ now: slowClock() });
    const charger = await server.booted('CP1');
    const calls = FLOOD_CALLS_MAX + 100;
    const status = '{"connectorId":1,"status":"Available","errorCode":"NoError"}';
    for (let index = 0; index < calls; index++) charger.send(`[2,"f${index}","StatusNotification",${status}]`);
    // Each waits for its turn on the disk.
    await until('every answer', () => charger.heard.length === calls + 1, 50_000);
    await charger.start({ idTag: 'FREE' });
    const alert = await server.event('flood');
    expect(alert).toMatchObject({ level: 'problem', chargePointId: 'CP1' });
    expect(await server.events('flood')).toHaveLength(1);
    const journalled = await server.storage.reader.events({
      levels: ['debug', 'info', 'problem', 'critical'],
      limit: calls * 2,
    });
    expect(journalled.length).toBeLessThan(FLOOD_CALLS_MAX + 10);
    expect(journalled.some((event) => event.name === 'StartTransaction')).toBe(true);
  }, 60_000);

  test('field-37: a flood of answers that nobody asked for is bounded in the journal, and told once', async () => {
    const server = await startServer({ now: slowClock() });
    const charger = await server.booted('CP1');
    for (let index = 0; index < FLOOD_CALLS_MAX + 200; index++) charger.send(`[3,"nothing-${index}",{}]`);
    await until('the alert', async () => (await server.events('flood')).length > 0, 18_000);
    await charger.call('Heartbeat', {});
    const journalled = await server.storage.reader.events({ levels: ['problem'], limit: FLOOD_CALLS_MAX * 2 });
    expect(journalled.length).toBeLessThan(FLOOD_CALLS_MAX + 10);
    expect(await server.events('flood')).toHaveLength(1);
  });

  test('field-37: a box that boots again and again is answered every time, and told of once', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    for (let boot = 1; boot < BOOT_LOOP_BOOTS - 1; boot++) await charger.boot();
    expect(await server.events('boot-loop')).toHaveLength(0);
    for (let boot = 0; boot < 20; boot++) expect(await charger.boot()).toMatchObject({ status: 'Accepted' });
    expect(await server.events('boot-loop')).toMatchObject([{ level: 'problem', chargePointId: 'CP1' }]);
  });

  test('field-37: a status that is told again and again is one status', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await charger.status(1, 'Faulted', { errorCode: 'GroundFailure' });
    const { since, revision } = await server
      .viewWhen((view) => view.fault)
      .then((view) => ({ since: view.connectors[0]?.statusAtMs, revision: view.revision }));
    for (let index = 0; index < 20; index++) await charger.status(1, 'Faulted', { errorCode: 'GroundFailure' });
    const later = await server.viewWhen((view) => view.revision > revision);
    expect(later.connectors[0]?.statusAtMs).toBe(since);
  });
});

describe('message ids that come again', () => {
  test('field-35: the same start under the same id gets the same answer, on this link and on the next', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const timestamp = new Date().toISOString();
    const first = await charger.start({ timestamp }, 'same');
    expect(await charger.start({ timestamp }, 'same')).toEqual(first);
    await charger.close();
    const returned = await server.dial('CP1');
    expect(await returned.start({ timestamp }, 'same')).toEqual(first);
    expect(await server.sessions()).toHaveLength(1);
  });

  test('field-35: the same id over another start is another transaction', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const first = await charger.start({ connectorId: 1, idTag: 'FREE' }, 'same');
    const second = await charger.start({ connectorId: 2, idTag: 'FREE' }, 'same');
    expect(second.transactionId).not.toBe(first.transactionId);
    expect(await server.sessions()).toHaveLength(2);
  });

  test('field-35: a badge that was declared since is not answered with yesterday’s verdict', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const verdict = async () => (await charger.call('Authorize', { idTag: 'NEW' }, '1'))['idTagInfo'];
    expect(await verdict()).toEqual({ status: 'Invalid' });
    const token = await server.storage.reader.idToken('FREE', null);
    if (token !== null) await server.storage.registry.putIdToken({ ...token, key: 'NEW', idTag: 'NEW' });
    expect(await verdict()).toEqual({ status: 'Accepted' });
  });
});
