import { describe, expect, test } from 'vitest';
import { cents } from '#src/domain/money.ts';
import { newId } from '../fixtures/charger.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

/** 0.35 EUR/kWh. */
const PRICE_OF_3_KWH = cents(105);
const HOUR_MS = 3_600_000;

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * HOUR_MS).toISOString();
}

function balance(server: TestServer, amount: number): Promise<unknown> {
  return until(`a balance of ${amount}`, async () => (await server.wallet('alice')).balance === amount);
}

describe('a stop that comes again', () => {
  test('field-01: an identical repeat is answered, changes nothing and is never debited twice', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
    const timestamp = new Date().toISOString();
    await charger.stop(transactionId, { timestamp });
    const first = await server.session(transactionId);
    await charger.stop(transactionId, { timestamp });
    await charger.stop(transactionId, { timestamp: hoursAgo(0.5), reason: 'Reboot' });
    expect(await server.session(transactionId)).toEqual(first);
    expect(first).toMatchObject({ closing: 'final', energyWh: 3_000, price: PRICE_OF_3_KWH, review: null });
    await balance(server, 5_000 - PRICE_OF_3_KWH);
    expect(await server.storage.reader.ledger('alice', 10)).toHaveLength(2);
    expect(await server.reviews()).toEqual([]);
  });

  test('field-01: a repeat with another meter value is answered, kept for a person, and the first stop stands', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
    await charger.stop(transactionId);
    await charger.stop(transactionId, { meterStop: 9_000 });
    expect(await server.session(transactionId)).toMatchObject({
      meterStopWh: 4_000,
      price: PRICE_OF_3_KWH,
      review: 'conflicting-stop',
    });
    expect(await server.reviews()).toMatchObject([{ kind: 'conflicting-stop', transactionId }]);
    await balance(server, 5_000 - PRICE_OF_3_KWH);
    expect(await server.storage.reader.ledger('alice', 10)).toHaveLength(2);
  });

  test('field-01: a repeat after a restart of ours is still known', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
    await charger.stop(transactionId);
    await balance(server, 5_000 - PRICE_OF_3_KWH);
    await server.stop();
    const again = await startServer({ folder: server.folder });
    const returned = await again.dial('CP1');
    await returned.stop(transactionId);
    expect(await again.session(transactionId)).toMatchObject({ closing: 'final', energyWh: 3_000, review: null });
    expect(await again.storage.reader.ledger('alice', 10)).toHaveLength(2);
  });
});

describe('a start that comes again', () => {
  test('field-02: the same start under a new message id gets the same transaction and the same verdict', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const start = { timestamp: hoursAgo(1) };
    const first = await charger.start(start);
    expect(first.verdict).toBe('Accepted');
    expect(await charger.start(start)).toEqual(first);
    expect(await charger.start({ ...start, idTag: 'alice' })).toEqual(first);
    expect(await server.sessions()).toHaveLength(1);
  });

  test('field-02: the first verdict is repeated even when the badge was blocked since', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const start = { timestamp: hoursAgo(1) };
    const first = await charger.start(start);
    const token = await server.storage.reader.idToken('ALICE', null);
    if (token !== null) await server.storage.registry.putIdToken({ ...token, blocked: true });
    expect(await charger.start(start)).toEqual(first);
  });

  test('field-02: sent again over a new connection, after the session has ended, it still finds it', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const start = { timestamp: hoursAgo(1) };
    const first = await charger.start(start);
    await charger.stop(first.transactionId);
    await charger.close();
    const returned = await server.dial('CP1');
    expect(await returned.start(start)).toEqual(first);
    expect(await server.sessions()).toHaveLength(1);
    expect(await server.session(first.transactionId)).toMatchObject({ closing: 'final' });
  });
});

describe('a transaction that nobody knows', () => {
  test('field-03: its stop and its samples are answered with a result and kept for a person', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    expect(await charger.meter(1, 987_654, 5_000)).toEqual({});
    expect(await charger.stop(987_654, { idTag: 'ALICE' })).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await server.reviews()).toMatchObject([
      {
        kind: 'unmatched-stop',
        transactionId: 987_654,
        chargePointId: 'CP1',
        stop: { registerWh: 5_000, samples: { count: 1, firstWh: 5_000, highestWh: 5_000 } },
      },
    ]);
    expect((await server.events('StopTransaction'))[0]).toMatchObject({
      level: 'problem',
      note: 'unmatched-transaction',
    });
  });

  test('field-03: repeating such a stop adds nothing', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const timestamp = hoursAgo(1);
    await charger.stop(987_654, { timestamp });
    await charger.stop(987_654, { timestamp });
    expect(await server.reviews()).toHaveLength(1);
  });

  test('field-03: a stop without a usable id is married to the open session of its badge', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const one = await charger.start({ connectorId: 1, idTag: 'FREE', timestamp: hoursAgo(1) });
    const two = await charger.start({ connectorId: 2, idTag: 'ALICE', timestamp: hoursAgo(1) });
    await charger.stop(-1, { idTag: 'ALICE' });
    expect(await server.session(two.transactionId)).toMatchObject({ closing: 'final', energyWh: 3_000 });
    expect(await server.session(one.transactionId)).toMatchObject({ closing: 'open' });
  });

  test('field-03: a stop without an id that is no repeat does not accuse a session that has ended', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
    await charger.stop(transactionId);
    await charger.stop(0, { meterStop: 9_000 });
    expect(await server.session(transactionId)).toMatchObject({ review: null, energyWh: 3_000 });
    expect(await server.reviews()).toMatchObject([{ kind: 'unmatched-stop' }]);
  });

  test('field-03: such a stop, said twice, ends no session that another one had followed on its connector', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const lost = await charger.start({ connectorId: 2, timestamp: hoursAgo(5) });
    const next = await charger.start({ connectorId: 2, timestamp: hoursAgo(4), idTag: 'FREE', meterStart: 2_000 });
    await charger.stop(next.transactionId, { timestamp: hoursAgo(3), idTag: 'FREE', meterStop: 2_500 });
    const { transactionId } = await charger.start({ connectorId: 1, timestamp: hoursAgo(2) });
    const stop = { timestamp: hoursAgo(1), idTag: 'ALICE', meterStop: 4_000 };
    await charger.stop(-1, stop);
    await charger.stop(-1, stop);
    expect(await server.session(transactionId)).toMatchObject({ closing: 'final', energyWh: 3_000 });
    expect(await server.session(lost.transactionId)).toMatchObject({ closing: 'provisional', energyWh: 0 });
    expect(await server.reviews()).toEqual([]);
  });

  test.each([-1, 0, null, '', '9223372036854775807', 2 ** 63, 'abc'])(
    'field-04: the transaction id %j is answered, flagged, and means the session that is open',
    async (odd) => {
      const server = await startServer();
      const charger = await server.booted('CP1');
      const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
      await charger.meter(1, odd, 2_500);
      await server.viewWhen((view) => view.connectors[0]?.session?.energyWh === 1_500);
      await charger.stop(odd);
      expect(await server.session(transactionId)).toMatchObject({ closing: 'final', energyWh: 3_000 });
      const { tolerated } = await server.detail();
      expect(tolerated['odd-transaction-id']).toBe(2);
      expect((await server.events('StopTransaction'))[0]?.note).toContain('odd-transaction-id');
    },
  );
});

describe('a session without right', () => {
  test.each([
    { idTag: 'NOBODY', verdict: 'Invalid' },
    { idTag: 'BLOCKED', verdict: 'Blocked' },
    { idTag: 'EXPIRED', verdict: 'Expired' },
    { idTag: 'BOB', verdict: 'Blocked' },
  ])(
    'field-05: $idTag is answered $verdict with a real transaction id, and its energy is kept',
    async ({ idTag, verdict }) => {
      const server = await startServer();
      const charger = await server.booted('CP1');
      const started = await charger.start({ idTag, timestamp: hoursAgo(3) });
      expect(started.verdict).toBe(verdict);
      expect(started.transactionId).toBeGreaterThan(0);
      const view = await server.viewWhen((one) => one.connectors[0]?.session !== null);
      expect(view.connectors[0]?.session).toMatchObject({ idTag, verdict });
      await charger.stop(started.transactionId);
      expect(await server.session(started.transactionId)).toMatchObject({ verdict, closing: 'final', energyWh: 3_000 });
    },
  );

  test('field-05: a session kept offline while the badge was blocked is priced like any other', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ idTag: 'BLOCKED', timestamp: hoursAgo(3) });
    await charger.stop(transactionId, { timestamp: hoursAgo(2) });
    expect(await server.session(transactionId)).toMatchObject({ price: PRICE_OF_3_KWH });
    await balance(server, 5_000 - PRICE_OF_3_KWH);
  });
});

describe('a stop that never comes', () => {
  test('field-07: Available closes the session with its last sample, and the badge may charge elsewhere', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
    await charger.meter(1, transactionId, 3_500);
    await charger.status(1, 'Available');
    expect(await server.session(transactionId)).toMatchObject({ closing: 'provisional', energyWh: 2_500, price: null });
    expect(await server.events('closed-without-stop')).toHaveLength(1);
    const other = await server.booted('CP2');
    expect((await other.start()).verdict).toBe('Accepted');
  });

  test('field-07: a new start on the connector closes what was open there', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const lost = await charger.start({ timestamp: hoursAgo(2) });
    const next = await charger.start({ timestamp: hoursAgo(1), meterStart: 6_000 });
    expect(await server.session(lost.transactionId)).toMatchObject({ closing: 'provisional' });
    expect(await server.session(next.transactionId)).toMatchObject({ closing: 'open' });
    expect((await server.sessions()).filter((row) => row.closing === 'open')).toHaveLength(1);
  });

  test('field-07: after a boot, an open session that shows no sign is closed; one that goes on is not', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const silent = await charger.start({ connectorId: 1, timestamp: hoursAgo(2) });
    const alive = await charger.start({ connectorId: 2, timestamp: hoursAgo(2) });
    await charger.boot();
    await charger.status(2, 'Charging');
    for (const [connectorId, { transactionId }] of [silent, alive].entries()) {
      server.ring(`connector/CP1/${connectorId + 1}`, { type: 'no-sign-after-boot', transactionId, atMs: Date.now() });
    }
    await until(
      'the silent one closed',
      async () => (await server.session(silent.transactionId)).closing === 'provisional',
    );
    await charger.status(2, 'Charging');
    expect(await server.session(alive.transactionId)).toMatchObject({ closing: 'open' });
  });

  test('field-07: an alarm that fell due while the server was down waits until the boxes had time to come back', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
    await charger.boot();
    const actorId = 'connector/CP1/1';
    const [fence] = await server.storage.actors.claimMany([actorId]);
    if (fence === undefined) throw new Error('claimMany answers each id');
    const atMs = Date.now() - 60_000;
    const message = { type: 'no-sign-after-boot', transactionId, atMs };
    const timer = { actorId, key: 'no-sign-after-boot', atMs, message };
    await server.storage.actors.commit({ fence, snapshot: null, rows: [{ type: 'timer', timer }] });
    server.crash();
    const again = await startServer({ folder: server.folder });
    const back = await again.dial('CP1');
    await back.status(1, 'Charging');
    expect(await again.session(transactionId)).toMatchObject({ closing: 'open' });
    expect(await again.storage.actors.pendingTimers()).toEqual([]);
  });

  test('field-07: a status kept since before the session began says nothing of it', async () => {
    const server = await startServer();
    await (await server.booted('CP1')).close();
    const charger = await server.dial('CP1');
    await charger.status(2, 'Available', { timestamp: hoursAgo(0) });
    const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
    await charger.status(1, 'Available', { timestamp: hoursAgo(2) });
    expect(await server.session(transactionId)).toMatchObject({ closing: 'open' });
    await charger.status(1, 'Available', { timestamp: hoursAgo(0) });
    expect(await server.session(transactionId)).toMatchObject({ closing: 'provisional' });
  });

  test('field-07: the true stop corrects it days later, and is debited once', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(72) });
    await charger.meter(1, transactionId, 2_000, new Date(Date.now() - 71 * HOUR_MS));
    await charger.status(1, 'Available');
    server.ring('connector/CP1/1', { type: 'settle', transactionId, atMs: Date.now() });
    await balance(server, 5_000 - 35);
    await charger.stop(transactionId, { timestamp: hoursAgo(70) });
    expect(await server.session(transactionId)).toMatchObject({
      closing: 'final',
      energyWh: 3_000,
      price: PRICE_OF_3_KWH,
    });
    await balance(server, 5_000 - PRICE_OF_3_KWH);
    await charger.stop(transactionId, { timestamp: hoursAgo(70) });
    await charger.status(1, 'Available');
    const amounts = (await server.storage.reader.ledger('alice', 10)).map((entry) => entry.amount);
    expect(amounts.toSorted((a, b) => a - b)).toEqual([-70, -35, 5_000]);
  });

  test('field-07: sessions kept offline come in order, and each gets its own stop', async () => {
    const server = await startServer();
    const charger = await server.dial('CP1');
    const one = await charger.start({ timestamp: hoursAgo(9), meterStart: 0 });
    await charger.stop(one.transactionId, { timestamp: hoursAgo(8), meterStop: 3_000 });
    const two = await charger.start({ timestamp: hoursAgo(7), meterStart: 3_000 });
    await charger.stop(two.transactionId, { timestamp: hoursAgo(6), meterStop: 7_000 });
    expect((await server.sessions()).map((row) => [row.closing, row.energyWh])).toEqual([
      ['final', 4_000],
      ['final', 3_000],
    ]);
  });

  test('field-07: an older session that comes in late does not close the newer one', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const now = await charger.start({ timestamp: hoursAgo(1), meterStart: 8_000 });
    const late = await charger.start({ timestamp: hoursAgo(30), meterStart: 1_000 });
    expect(await server.session(now.transactionId)).toMatchObject({ closing: 'open' });
    await charger.stop(late.transactionId, { timestamp: hoursAgo(29) });
    expect(await server.session(late.transactionId)).toMatchObject({ closing: 'final', energyWh: 3_000 });
    expect(await server.session(now.transactionId)).toMatchObject({ closing: 'open' });
  });
});

describe('a reading after the end', () => {
  test('field-08: what a session without a stop went on to deliver is billed for the time it took', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(3) });
    await charger.meter(1, transactionId, 2_000, new Date(Date.now() - 2.9 * HOUR_MS));
    await charger.status(1, 'Available');
    await charger.meter(1, transactionId, 37_000, new Date(Date.now() - HOUR_MS));
    server.ring('connector/CP1/1', { type: 'settle', transactionId, atMs: Date.now() });
    await balance(server, 5_000 - 1_260);
    expect(await server.session(transactionId)).toMatchObject({ energyWh: 36_000, price: 1_260, review: null });
  });

  test('field-08: it is attached to the closed session, which stays closed, and the gauges are at rest', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
    await charger.meter(1, transactionId, 2_000);
    await charger.status(1, 'Available');
    await charger.meter(1, transactionId, 3_000);
    expect(await server.session(transactionId)).toMatchObject({ closing: 'provisional', energyWh: 2_000 });
    await charger.stop(transactionId);
    await charger.meter(1, transactionId, 99_000);
    expect(await server.session(transactionId)).toMatchObject({
      closing: 'final',
      energyWh: 3_000,
      meterStopWh: 4_000,
    });
    const view = await server.viewWhen(
      (one) => one.connectors[0]?.status === 'Available' && one.connectors[0].session === null,
    );
    expect(view.state).toBe('free');
  });
});

describe('what is acknowledged', () => {
  test('field-06: whatever was acknowledged is there after the process has ended without a word', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: hoursAgo(1) });
    await charger.stop(transactionId);
    server.crash();
    const again = await startServer({ folder: server.folder });
    expect(await again.session(transactionId)).toMatchObject({ closing: 'final', energyWh: 3_000 });
    // The debit was in the outbox with the stop, or taken already: either way it is made, once.
    await balance(again, 5_000 - PRICE_OF_3_KWH);
  });

  test('field-06: a call that was not answered is asked again and gives one session', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const payload = JSON.stringify({ connectorId: 1, idTag: 'ALICE', meterStart: 1_000, timestamp: hoursAgo(1) });
    charger.send(`[2,"${newId()}","StartTransaction",${payload}]`);
    server.crash();
    const again = await startServer({ folder: server.folder });
    const returned = await again.dial('CP1');
    const answer = await returned.ask('again', `[2,"again","StartTransaction",${payload}]`);
    const [session, ...others] = await again.sessions();
    expect(others).toEqual([]);
    expect(answer[2]).toMatchObject({ transactionId: session?.transactionId });
  });
});
