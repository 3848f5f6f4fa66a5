import { describe, expect, test } from 'vitest';
import { newId } from '../fixtures/charger.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

const PADDING = 'x'.repeat(20_000);

/** The first refusal of the disk. */
function refusal(server: TestServer) {
  return until('the disk to refuse', () => server.failures[0]);
}

/** The disk is asked again every second: health turns good by itself. */
function recovered(server: TestServer): Promise<unknown> {
  return until('health to be good', () => server.storage.actors.health().writable);
}

/** A status with enough text for a page of its own, so that a full disk refuses it. */
function bulky(id: string, status: string): string {
  return `[2,"${id}","StatusNotification",{"connectorId":1,"status":"${status}","errorCode":"NoError","comment":"${PADDING}"}]`;
}

describe('a disk that is full', () => {
  test('field-06: nothing is answered, health says so, and the repeat is answered once the disk accepts again', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    server.fillDisk();
    const id = newId();
    charger.send(bulky(id, 'Preparing'));
    const { code, health } = await refusal(server);
    expect(code).toBe('SQLITE_FULL');
    expect(health).toMatchObject({
      writable: false,
      lastError: expect.stringMatching(/full/),
      failedSinceMs: expect.any(Number),
    });
    // The link is closed rather than left in doubt: the charger keeps its message and comes back.
    expect((await charger.closed).code).toBe(1011);
    expect(charger.heard.filter((frame) => frame[1] === id)).toEqual([]);

    server.emptyDisk();
    await recovered(server);
    const returned = await server.dial('CP1');
    expect((await returned.ask(id, bulky(id, 'Preparing')))[0]).toBe(3);
    await server.viewWhen((view) => view.connectors[0]?.status === 'Preparing');
  });

  test('field-36: a charger whose link had to be closed is shown without a link', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.viewWhen((view) => view.linked);
    server.fillDisk();
    charger.send(bulky(newId(), 'Preparing'));
    await charger.closed;
    server.emptyDisk();
    await recovered(server);
    await server.viewWhen((view) => !view.linked);
  });

  test('field-06: transactions made while it was full are neither lost nor doubled', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const timestamp = new Date(Date.now() - 3_600_000).toISOString();
    const open = await charger.start({ connectorId: 2, idTag: 'ALICE', timestamp });
    server.fillDisk();
    const start = (id: string) =>
      `[2,"${id}","StartTransaction",${JSON.stringify({ connectorId: 1, idTag: 'FREE', meterStart: 0, timestamp, comment: PADDING })}]`;
    const stop = (id: string) =>
      `[2,"${id}","StopTransaction",${JSON.stringify({ transactionId: open.transactionId, meterStop: 4_000, timestamp: new Date().toISOString(), comment: PADDING })}]`;
    charger.send(start('a'));
    charger.send(stop('b'));
    await refusal(server);
    await charger.closed;
    expect(charger.heard.filter((frame) => frame[1] === 'a' || frame[1] === 'b')).toEqual([]);
    expect(await server.sessions()).toHaveLength(1);

    server.emptyDisk();
    await recovered(server);
    const returned = await server.dial('CP1');
    const [, , started] = await returned.ask('a', start('a'));
    await returned.ask('b', stop('b'));
    expect(await server.sessions()).toMatchObject([
      { transactionId: (started as { transactionId: number }).transactionId, closing: 'open' },
      { transactionId: open.transactionId, closing: 'final', energyWh: 3_000, price: 105 },
    ]);
    await until('the debit', async () => (await server.wallet('alice')).balance === 5_000 - 105);
    expect(await server.storage.reader.ledger('alice', 10)).toHaveLength(2);
  });

  test('field-06: chargers that only beat keep their links while it is full', async () => {
    const server = await startServer();
    const [busy, calm] = [await server.booted('CP1'), await server.booted('CP2')];
    server.fillDisk();
    busy.send(bulky('x', 'Preparing'));
    await busy.closed;
    expect(await calm.call('Heartbeat', {})).toHaveProperty('currentTime');
    expect(calm.socket.readyState).toBe(calm.socket.OPEN);
  });

  test('field-06: a disk that refuses is a fault of the disk, not a bug of ours', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    server.fillDisk();
    charger.send(bulky('x', 'Preparing'));
    await refusal(server);
    await charger.closed;
    server.emptyDisk();
    await recovered(server);
    expect(server.errors.map((error) => error.message)).toEqual(['the store failed']);
    expect(await server.events('bug')).toEqual([]);
  });
});

describe('a file that may only be read', () => {
  test('field-06: a start whose number cannot be reserved stays without an answer, and is no bug of ours', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    server.protectFile(true);
    const start =
      '[2,"s","StartTransaction",{"connectorId":1,"idTag":"FREE","meterStart":0,"timestamp":"2026-01-01T00:00:00Z"}]';
    charger.send(start);
    await charger.closed;
    await refusal(server);
    expect(charger.heard).toHaveLength(1);
    server.protectFile(false);
    await recovered(server);
    const returned = await server.dial('CP1');
    const [, , answer] = await returned.ask('s', start);
    const { transactionId } = answer as { transactionId: number };
    expect(await server.sessions()).toMatchObject([{ transactionId, closing: 'open' }]);
    expect(server.errors.map((error) => error.message)).toEqual(['the store failed']);
    expect(await server.events('bug')).toEqual([]);
  });

  test('field-06: chargers that come back while it lasts are let go again, and served as soon as it is over', async () => {
    const server = await startServer();
    server.protectFile(true);
    for (let round = 0; round < 3; round++) expect((await (await server.dial('CP1')).closed).code).toBe(1011);
    server.protectFile(false);
    expect(await (await server.dial('CP1')).boot()).toMatchObject({ status: 'Accepted' });
  });
});
