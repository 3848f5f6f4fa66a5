import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SIGN_AFTER_BOOT_MS } from '#actors/connector/decide.ts';
import { SETTLE_AFTER_MS } from '#actors/connector/session.ts';
import { connectorActorId, connectorOf } from '#actors/connector/state.ts';
import type { Effect } from '#actors/decision.ts';
import { energyPrice } from '#src/domain/tariff.ts';
import type { SessionRow } from '#src/storage/ports.ts';
import { aMeter, aStart, aStatus, aStop, at, ConnectorRun } from '../fixtures/connector.ts';
import { effectsOf } from '../fixtures/replay.ts';

function answered(effects: readonly Effect[]): unknown {
  return effectsOf(effects, 'answer')[0]?.answer;
}

describe('one session', () => {
  test('from start to stop: its energy is the difference of the registers, priced once and debited once', async () => {
    const run = new ConnectorRun();
    expect(answered(await run.take(aStart()))).toEqual({
      action: 'StartTransaction',
      transactionId: 7,
      idTagInfo: { status: 'Accepted' },
    });
    await run.take(aMeter({ registerWh: 2_500, powerW: 11_000 }));
    expect(run.state.use).toMatchObject({
      phase: 'charging',
      session: { energyWh: 1_500, powerW: 11_000, lastSampleAtMs: at(30) },
    });
    expect(answered(await run.take(aStop()))).toEqual({ action: 'StopTransaction' });
    expect(run.state.use).toEqual({ phase: 'free' });
    expect(await run.session(7)).toMatchObject({
      closing: 'final',
      energyWh: 3_000,
      price: 105,
      stoppedAtMs: at(60),
      stopReason: 'Local',
    });
    expect(effectsOf(run.effects, 'post').map((post) => post.envelope)).toMatchObject([
      {
        key: 'session/7',
        to: 'wallet/alice',
        message: { type: 'debit', key: 'session/7', amount: 105, transactionId: 7 },
      },
    ]);
  });

  test('a stop with a badge is answered Accepted: it ends its own session', async () => {
    const run = new ConnectorRun();
    await run.take(aStart());
    expect(answered(await run.take(aStop({ idTag: 'ALICE' })))).toEqual({
      action: 'StopTransaction',
      idTagInfo: { status: 'Accepted' },
    });
  });

  test('an expiry date of the badge goes with the answer, in UTC', async () => {
    const expiresAtMs = Date.UTC(2027, 0, 1);
    expect(answered(await new ConnectorRun().take(aStart({ change: { expiresAtMs } })))).toMatchObject({
      idTagInfo: { expiryDate: '2027-01-01T00:00:00.000Z' },
    });
  });

  test.each([
    { what: 'free service', change: { freeService: true } },
    { what: 'a badge without a wallet', change: { walletId: null } },
  ])('$what has no price and no debit', async ({ change }) => {
    const run = new ConnectorRun();
    await run.takeAll([aStart({ change }), aStop()]);
    expect(await run.session(7)).toMatchObject({ closing: 'final', energyWh: 3_000, price: null });
    expect(effectsOf(run.effects, 'post')).toEqual([]);
  });

  test('field-05: a session without right is kept with its verdict and its real transaction id', async () => {
    const run = new ConnectorRun();
    const effects = await run.take(aStart({ change: { verdict: 'Invalid', walletId: null, driver: null } }));
    expect(answered(effects)).toMatchObject({ transactionId: 7, idTagInfo: { status: 'Invalid' } });
    expect(effectsOf(effects, 'answer')[0]?.draft?.level).toBe('problem');
    expect(await run.session(7)).toMatchObject({ verdict: 'Invalid', closing: 'open' });
  });
});

describe('repeats', () => {
  test('field-02: a repeated start keeps the state and repeats the first verdict', async () => {
    const run = new ConnectorRun();
    await run.take(aStart());
    const before = run.state;
    const effects = await run.take(aStart({ transactionId: 99, change: { verdict: 'Blocked' } }));
    expect(run.state).toBe(before);
    expect(answered(effects)).toMatchObject({ transactionId: 7, idTagInfo: { status: 'Accepted' } });
    expect(await run.sessions()).toHaveLength(1);
  });

  test('field-01: a repeated stop changes nothing; another register is kept for a person', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aStop()]);
    const first = await run.session(7);
    await run.take(aStop({ minutes: 70 }));
    expect(await run.session(7)).toEqual(first);
    await run.take(aStop({ meterStop: 5_000 }));
    expect(await run.session(7)).toEqual({ ...first, review: 'conflicting-stop' });
    expect(run.debited).toBe(105);
    expect(await run.storage.reader.reviews({ chargePointId: 'CP1', limit: 9 })).toMatchObject([
      { kind: 'conflicting-stop', key: 'conflicting-stop/7/5000' },
    ]);
  });

  test('field-01: a stop without id that comes again ends no earlier session of its badge that never had one', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aMeter({ minutes: 10, registerWh: 2_000 }), aStatus('Available', 20)]);
    await run.take(aStart({ transactionId: 8, minutes: 30, meterStart: 2_500 }));
    const stop = { transactionId: null, minutes: 60, idTag: 'ALICE' };
    await run.takeAll([5_500, 5_500, 5_520].map((meterStop) => aStop({ ...stop, meterStop })));
    expect(await run.session(8)).toMatchObject({ closing: 'final', energyWh: 3_000 });
    expect(await run.session(7)).toMatchObject({ closing: 'provisional', energyWh: 1_000 });
    expect(await run.reviews()).toMatchObject([{ kind: 'unmatched-stop', stop: { meterStopWh: 5_520 } }]);
    // Its own, which was kept offline, still does.
    await run.take(aStop({ ...stop, minutes: 20, meterStop: 2_500 }));
    expect(await run.session(7)).toMatchObject({ closing: 'final', energyWh: 1_500 });
  });

  test('a status that says nothing new keeps the state object, and so writes no snapshot', async () => {
    const run = new ConnectorRun();
    await run.take(aStatus('Charging', 1));
    const before = run.state;
    await run.take(aStatus('Charging', 2));
    expect(run.state).toBe(before);
    expect(run.state.reported.atMs).toBe(at(1));
  });
});

describe('a stop that does not come', () => {
  test('field-07: Available closes with what is known, and sets the alarm that will debit it', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aMeter({ registerWh: 2_000, minutes: 20 })]);
    const effects = await run.take(aStatus('Available', 40));
    expect(await run.session(7)).toMatchObject({
      closing: 'provisional',
      energyWh: 1_000,
      meterStopWh: 2_000,
      stoppedAtMs: at(20),
      price: null,
    });
    expect(effectsOf(effects, 'wake')).toEqual([
      {
        type: 'wake',
        key: 'settle/7',
        atMs: at(40) + SETTLE_AFTER_MS,
        message: { type: 'settle', transactionId: 7, atMs: at(40) + SETTLE_AFTER_MS },
      },
    ]);
    await run.take({ type: 'settle', transactionId: 7, atMs: at(400) });
    expect(await run.session(7)).toMatchObject({ closing: 'provisional', price: 35 });
    await run.take({ type: 'settle', transactionId: 7, atMs: at(400) });
    expect(run.debited).toBe(35);
  });

  test('field-07: a session never ends before it began, though its last reading is of before', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart({ minutes: 60 }), aMeter({ minutes: 0, transactionId: null, registerWh: 0 })]);
    await run.take(aStatus('Available', 70));
    expect(await run.session(7)).toMatchObject({ closing: 'provisional', startedAtMs: at(60), stoppedAtMs: at(60) });
  });

  test('field-07: the true stop cancels that alarm when it comes first', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aStatus('Available', 40)]);
    const effects = await run.take(aStop());
    expect(effectsOf(effects, 'wake')).toEqual([{ type: 'wake', key: 'settle/7', atMs: null }]);
    await run.take({ type: 'settle', transactionId: 7, atMs: at(400) });
    expect(await run.session(7)).toMatchObject({ closing: 'final', energyWh: 3_000, price: 105 });
    expect(run.debited).toBe(105);
  });

  test('field-07: a correction debits the difference, upwards and downwards', async () => {
    for (const { meterStop, price } of [
      { meterStop: 9_000, price: 280 },
      { meterStop: 1_500, price: 18 },
    ]) {
      const run = new ConnectorRun();
      await run.takeAll([
        aStart(),
        aMeter({ registerWh: 4_000 }),
        aStatus('Available', 40),
        { type: 'settle', transactionId: 7, atMs: at(400) },
      ]);
      expect(run.debited).toBe(105);
      await run.take(aStop({ meterStop }));
      expect((await run.session(7)).price).toBe(price);
      expect(run.debited).toBe(price);
    }
  });

  test('field-07: a correction back to an energy that was corrected to before is debited like any other', async () => {
    const run = new ConnectorRun();
    const settle = { type: 'settle', transactionId: 7, atMs: at(400) } as const;
    await run.takeAll([aStart(), aMeter({ registerWh: 2_000 }), aStatus('Available', 40), settle]);
    await run.takeAll([aMeter({ registerWh: 4_000 }), aMeter({ registerWh: 5_000 }), aStop({ meterStop: 4_000 })]);
    expect([(await run.session(7)).price, run.debited]).toEqual([105, 105]);
  });

  test('field-07: after a boot it is waited for a sign; Charging or a sample is one', async () => {
    for (const sign of [
      aStatus('Charging', 62),
      aStatus('SuspendedEV', 62),
      aMeter({ minutes: 62, registerWh: 1_200 }),
    ]) {
      const run = new ConnectorRun();
      await run.take(aStart());
      const [wake] = effectsOf(await run.take({ type: 'booted', atMs: at(61) }), 'wake');
      expect(wake).toMatchObject({ key: 'no-sign-after-boot', atMs: at(61) + SIGN_AFTER_BOOT_MS });
      expect(run.state.use).toMatchObject({ phase: 'charging', doubtedSinceMs: at(61) });
      expect(effectsOf(await run.take(sign), 'wake')).toEqual([
        { type: 'wake', key: 'no-sign-after-boot', atMs: null },
      ]);
      await run.take({ type: 'no-sign-after-boot', transactionId: 7, atMs: at(64) });
      expect(run.state.use.phase).toBe('charging');
    }
  });

  test('field-07: after a boot without a sign it is closed; Finishing or a fault is no sign', async () => {
    for (const noSign of ['Finishing', 'Faulted', 'Preparing'] as const) {
      const run = new ConnectorRun();
      await run.takeAll([
        aStart(),
        { type: 'booted', atMs: at(61) },
        aStatus(noSign, 62),
        { type: 'no-sign-after-boot', transactionId: 7, atMs: at(64) },
      ]);
      expect(run.state.use).toEqual({ phase: 'free' });
      expect(await run.session(7)).toMatchObject({ closing: 'provisional' });
    }
  });

  test('field-07: the alarm of a session that has ended since says nothing to the next one', async () => {
    const run = new ConnectorRun();
    await run.takeAll([
      aStart(),
      { type: 'booted', atMs: at(1) },
      aStop({ minutes: 2 }),
      aStart({ minutes: 3, transactionId: 8, meterStart: 4_000 }),
    ]);
    await run.takeAll([
      { type: 'booted', atMs: at(4) },
      { type: 'no-sign-after-boot', transactionId: 7, atMs: at(5) },
    ]);
    expect(run.state.use).toMatchObject({ phase: 'charging', session: { transactionId: 8 } });
  });
});

describe('readings', () => {
  test('field-08: energy told after a closing without stop is attached, never reopens, and is debited if it was debited', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aStatus('Available', 10), aMeter({ registerWh: 3_000, minutes: 9 })]);
    expect(await run.session(7)).toMatchObject({ closing: 'provisional', energyWh: 2_000, price: null });
    await run.take({ type: 'settle', transactionId: 7, atMs: at(400) });
    await run.take(aMeter({ registerWh: 3_500, minutes: 9 }));
    expect(run.state.use).toEqual({ phase: 'free' });
    expect(run.debited).toBe(energyPrice(2_500, 350));
  });

  test('field-22: energy that cannot be is held, whoever pays', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart({ meterStart: 0 }), aStop({ meterStop: 910_000 })]);
    expect(await run.session(7)).toMatchObject({ closing: 'final', review: 'implausible-energy', price: null });
    expect(run.debited).toBe(0);
  });

  test('field-22: a charger whose power nobody declared is believed', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart({ meterStart: 0, terms: { powerMaxW: 0 } }), aStop({ meterStop: 910_000 })]);
    expect(await run.session(7)).toMatchObject({ review: null, price: energyPrice(910_000, 350) });
  });

  test('field-38: values of a transaction on another connector of the box are passed on to it', async () => {
    const run = new ConnectorRun();
    const other: SessionRow = { ...(await openOn(run, 2)), transactionId: 8 };
    const [tell] = effectsOf(await run.take(aMeter({ transactionId: other.transactionId, registerWh: 1_500 })), 'tell');
    expect(tell).toMatchObject({
      to: connectorActorId('CP1', 2),
      message: { type: 'meter', from: null, frame: null, call: { connectorId: 2 } },
    });
  });
});

/** A session of another connector, as its own actor would have stored it. */
async function openOn(run: ConnectorRun, connectorId: number): Promise<SessionRow> {
  await run.take(aStart());
  const session: SessionRow = { ...(await run.session(7)), transactionId: 8, connectorId, startKey: 'other' };
  const [fence] = await run.storage.actors.claimMany([connectorActorId('CP1', connectorId)]);
  if (fence === undefined) throw new Error('claimMany answers each id');
  await run.storage.actors.commit({ fence, snapshot: null, rows: [{ type: 'session', session }] });
  await run.take(aStop());
  return session;
}

describe('its name', () => {
  test('is made of the charge point and the number, whatever characters an identity holds', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.integer({ min: 1, max: 24 }),
        (chargePointId, connectorId) => {
          fc.pre(chargePointId.isWellFormed());
          expect(connectorOf(connectorActorId(chargePointId, connectorId))).toEqual({ chargePointId, connectorId });
        },
      ),
    );
  });

  test('anything else is a bug', () => {
    expect(() => connectorOf('wallet/1')).toThrow(/not the id of a connector/);
    expect(() => connectorOf('connector/CP1')).toThrow(/not the id of a connector/);
  });
});
