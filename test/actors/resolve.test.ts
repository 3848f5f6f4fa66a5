import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectorMessage } from '#actors/connector/messages.ts';
import { energyPrice } from '#src/domain/tariff.ts';
import type { ReviewRow } from '#src/storage/ports.ts';
import { aMeter, aResolve, aStart, aStatus, aStop, at, ConnectorRun, deskDays } from '../fixtures/connector.ts';
import { effectsOf, stored } from '../fixtures/replay.ts';

/** A session of 910 kWh in an hour: a lifetime register billed as a session. */
async function held(): Promise<ConnectorRun> {
  const run = new ConnectorRun();
  await run.takeAll([aStart({ meterStart: 0 }), aStop({ meterStop: 910_000 })]);
  return run;
}
const HELD = 'implausible-energy/7/stop';

/** A session of 3 kWh, of which a second stop says 4 kWh ten minutes later. */
async function contradicted(): Promise<ConnectorRun> {
  const run = new ConnectorRun();
  await run.takeAll([aStart(), aStop(), aStop({ meterStop: 5_000, minutes: 70 })]);
  return run;
}
const CONTRADICTED = 'conflicting-stop/7/5000';

const LOST = { meterStop: 4_200, minutes: 50, idTag: 'CAROL' } as const;

/** A stop of a transaction that nobody knows, by a badge that has none open. */
async function unmatched(run: ConnectorRun): Promise<ReviewRow> {
  await run.take(aStop({ transactionId: 99, ...LOST }));
  const review = (await run.reviews()).find(({ kind }) => kind === 'unmatched-stop');
  if (review === undefined) throw new Error('the stop was kept');
  return review;
}

describe('energy that cannot be', () => {
  test('field-22: what a person says is billed is priced, debited once, and no longer waits', async () => {
    const run = await held();
    expect(await run.resolve(HELD, { type: 'bill', energyWh: 12_400 })).toMatchObject({
      ok: true,
      resolution: {
        outcome: 'energy-set',
        by: 'ada',
        atMs: at(500),
        changes: {
          transactionId: 7,
          before: { energyWh: 910_000, price: null },
          after: { energyWh: 12_400, price: 434, meterStopWh: 910_000 },
        },
      },
    });
    expect(await run.session(7)).toMatchObject({ energyWh: 12_400, price: 434, review: null, closing: 'final' });
    expect(effectsOf(run.effects, 'post').map(({ envelope }) => envelope.key)).toEqual(['session/7']);
    expect(run.debited).toBe(434);
    expect((await run.reviews())[0]?.resolution).toMatchObject({ outcome: 'energy-set' });
    expect(stored(run.effects, 'event').at(-1)?.event).toMatchObject({
      name: 'review-energy-set',
      kind: 'session',
      note: 'transaction 7, 910000 Wh → 12400 Wh, ada',
    });
  });

  test('field-22: nothing at all may be billed; a session that is free costs nothing either', async () => {
    const run = await held();
    await run.resolve(HELD, { type: 'bill', energyWh: 0 });
    expect(await run.session(7)).toMatchObject({ energyWh: 0, price: 0, review: null });
    expect(run.debited).toBe(0);
    const free = new ConnectorRun();
    await free.takeAll([aStart({ meterStart: 0, change: { freeService: true } }), aStop({ meterStop: 910_000 })]);
    await free.resolve(HELD, { type: 'bill', energyWh: 5_000 });
    expect(await free.session(7)).toMatchObject({ energyWh: 5_000, price: null, review: null });
    expect(free.debited).toBe(0);
  });

  test.each([-1, 0.5, 910_001, Number.NaN])('field-22: %d Wh are not billed', async (energyWh) => {
    const run = await held();
    expect(await run.resolve(HELD, { type: 'bill', energyWh })).toEqual({ ok: false, why: 'not-offered' });
    expect(await run.session(7)).toMatchObject({ review: 'implausible-energy' });
  });

  test('field-22: the same stop again, or late samples, do not undo what a person has said', async () => {
    const run = new ConnectorRun();
    await run.takeAll([
      aStart({ meterStart: 0 }),
      aStatus('Available', 10),
      { type: 'settle', transactionId: 7, atMs: at(400) },
      aMeter({ registerWh: 910_000, minutes: 9 }),
    ]);
    expect(await run.session(7)).toMatchObject({ closing: 'provisional', review: 'implausible-energy', price: 0 });
    expect(await run.resolve('implausible-energy/7', { type: 'bill', energyWh: 2_000 })).toMatchObject({ ok: true });
    const decided = await run.session(7);
    await run.takeAll([aMeter({ registerWh: 920_000, minutes: 9 }), aStop({ meterStop: 910_000 })]);
    await run.take({ type: 'settle', transactionId: 7, atMs: at(600) });
    expect(await run.session(7)).toEqual(decided);
    expect(run.debited).toBe(energyPrice(2_000, 350));
  });

  test('field-22: a plausible true stop answers the doubt before anybody does', async () => {
    const run = new ConnectorRun();
    await run.takeAll([
      aStart({ meterStart: 0 }),
      aStatus('Available', 10),
      aMeter({ registerWh: 910_000, minutes: 9 }),
      { type: 'settle', transactionId: 7, atMs: at(400) },
      aStop({ meterStop: 3_000 }),
    ]);
    expect(await run.reviews()).toMatchObject([{ resolution: { outcome: 'answered-by-stop', by: null } }]);
    expect(await run.resolve('implausible-energy/7', { type: 'bill', energyWh: 1 })).toMatchObject({ why: 'already' });
    expect(run.debited).toBe(105);
  });
});

describe('two stops that contradict each other', () => {
  test('field-01: keeping the first changes nothing but the mark', async () => {
    const run = await contradicted();
    const before = await run.session(7);
    expect(await run.resolve(CONTRADICTED, { type: 'keep-first' })).toMatchObject({
      resolution: { outcome: 'first-kept' },
    });
    expect(await run.session(7)).toEqual({ ...before, review: null });
    expect(run.debited).toBe(105);
  });

  test('field-01: taking the second posts the difference under a key of its own', async () => {
    const run = await contradicted();
    expect(await run.resolve(CONTRADICTED, { type: 'take-second' })).toMatchObject({
      resolution: { outcome: 'second-taken', changes: { before: { price: 105 }, after: { price: 140 } } },
    });
    expect(await run.session(7)).toMatchObject({
      meterStopWh: 5_000,
      stoppedAtMs: at(70),
      energyWh: 4_000,
      price: 140,
      review: null,
    });
    expect(effectsOf(run.effects, 'post').map(({ envelope }) => envelope.key)).toEqual([
      'session/7',
      `session/7/correction/${CONTRADICTED}`,
    ]);
    expect(run.debited).toBe(140);
  });

  test('field-01: neither of the two stops is asked about again; a third one is', async () => {
    for (const choice of ['keep-first', 'take-second'] as const) {
      const run = await contradicted();
      await run.resolve(CONTRADICTED, { type: choice });
      const decided = await run.session(7);
      await run.takeAll([aStop(), aStop({ meterStop: 5_000, minutes: 70 })]);
      expect(await run.session(7)).toEqual(decided);
      expect(await run.storage.reader.openReviews()).toBe(0);
      await run.take(aStop({ meterStop: 6_000 }));
      expect(await run.session(7)).toEqual({ ...decided, review: 'conflicting-stop' });
      expect(await run.storage.reader.openReviews()).toBe(1);
    }
  });

  test('field-22: a second stop that cannot be is held like any other', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aStop(), aStop({ meterStop: 911_000 })]);
    await run.resolve('conflicting-stop/7/911000', { type: 'take-second' });
    expect(await run.session(7)).toMatchObject({ energyWh: 910_000, price: 105, review: 'implausible-energy' });
    expect(run.debited).toBe(105);
    const [review] = await run.storage.reader.reviews({ open: true, limit: 9 });
    await run.resolve(review?.key ?? '', { type: 'bill', energyWh: 2_000 });
    expect(await run.session(7)).toMatchObject({ energyWh: 2_000, price: 70, review: null });
    expect(run.debited).toBe(70);
  });
});

describe('a stop that is nobody’s', () => {
  test('field-03: attached to the open session it ends it, as if it had named it', async () => {
    const named = new ConnectorRun();
    await named.takeAll([aStart(), aStop(LOST)]);
    const run = new ConnectorRun();
    await run.take(aStart());
    const review = await unmatched(run);
    expect(await run.resolve(review.key, { type: 'attach', transactionId: 7 })).toMatchObject({
      resolution: { outcome: 'attached', changes: { transactionId: 7, after: { energyWh: 3_200, price: 112 } } },
    });
    expect(run.state.use).toEqual({ phase: 'free' });
    expect(await run.session(7)).toEqual(await named.session(7));
    expect(run.debited).toBe(112);
  });

  test('field-03: attached to a session closed for want of it, it corrects it and cancels its alarm', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aStatus('Available', 60)]);
    const review = await unmatched(run);
    await run.resolve(review.key, { type: 'attach', transactionId: 7 });
    expect(await run.session(7)).toMatchObject({ closing: 'final', energyWh: 3_200, price: 112, stopReason: 'Local' });
    expect(effectsOf(run.effects, 'wake').at(-1)).toEqual({ type: 'wake', key: 'settle/7', atMs: null });
    expect(run.debited).toBe(112);
  });

  test('field-03: set aside, it changes no session, and its repeat adds nothing', async () => {
    const run = new ConnectorRun();
    const review = await unmatched(run);
    expect(await run.resolve(review.key, { type: 'set-aside' })).toMatchObject({ resolution: { changes: null } });
    await unmatched(run);
    expect(await run.reviews()).toHaveLength(1);
    expect(await run.storage.reader.openReviews()).toBe(0);
  });

  test('field-03: a session that had its true stop meanwhile is refused', async () => {
    const run = new ConnectorRun();
    const review = await unmatched(run);
    await run.takeAll([aStart(), aStop()]);
    expect(await run.resolve(review.key, { type: 'attach', transactionId: 7 })).toEqual({ ok: false, why: 'changed' });
    expect(await run.resolve(review.key, { type: 'attach', transactionId: 8 })).toEqual({
      ok: false,
      why: 'not-offered',
    });
  });
});

describe('people', () => {
  test('the second of two who decide the same is told who was first, and nothing happens', async () => {
    const run = await contradicted();
    await run.resolve(CONTRADICTED, { type: 'keep-first' }, 'ada');
    const before = await run.session(7);
    const effects = run.effects.length;
    expect(await run.resolve(CONTRADICTED, { type: 'take-second' }, 'bob')).toMatchObject({
      ok: false,
      why: 'already',
      resolution: { outcome: 'first-kept', by: 'ada' },
    });
    expect(run.effects.slice(effects).map(({ type }) => type)).toEqual(['reply']);
    expect(await run.session(7)).toEqual(before);
  });

  test('a session that is no longer what was seen is refused', async () => {
    for (const choice of [
      { type: 'keep-first', mark: 'old' } as const,
      { type: 'take-second', mark: 'old' } as const,
    ]) {
      const run = await contradicted();
      expect(await run.answerTo(aResolve({ key: CONTRADICTED, choice }))).toEqual({ ok: false, why: 'changed' });
    }
    const run = await held();
    const choice = { type: 'bill', energyWh: 1, mark: 'old' } as const;
    expect(await run.answerTo(aResolve({ key: HELD, choice }))).toEqual({ ok: false, why: 'changed' });
    expect(run.debited).toBe(0);
  });

  test('what a review does not offer, or what is no review, is refused', async () => {
    const run = await contradicted();
    for (const choice of [{ type: 'set-aside' }, { type: 'bill', energyWh: 1 }, { type: 'seen' }] as const) {
      expect(await run.resolve(CONTRADICTED, choice)).toEqual({ ok: false, why: 'not-offered' });
    }
    expect(await run.resolve('nowhere', { type: 'set-aside' })).toEqual({ ok: false, why: 'unknown' });
  });
});

/** Runs a day of chargers and people, and looks at the end of it. */
async function worked(day: typeof deskDays extends fc.Arbitrary<infer D> ? D : never): Promise<ConnectorRun> {
  const run = new ConnectorRun();
  const said: ConnectorMessage[] = [];
  for (const step of day) {
    if ('type' in step || 'again' in step) {
      const message = 'type' in step ? step : said.at(-1 - step.again);
      if (message !== undefined) await run.take(message);
      if ('type' in step) said.push(step);
      continue;
    }
    const reviews = await run.reviews();
    const review = reviews[step.pick % Math.max(1, reviews.length)];
    if (review === undefined) continue;
    const answer = await run.resolve(review.key, step.choice);
    if (review.resolution !== null) expect(answer).toMatchObject({ why: 'already', resolution: review.resolution });
    if (answer.ok) expect(await run.resolve(review.key, step.choice)).toMatchObject({ why: 'already' });
  }
  return run;
}

describe('laws that hold whatever chargers tell and people decide', () => {
  const RUNS = { numRuns: 300 };

  test('what left the wallets is always the sum of the prices', async () => {
    await fc.assert(
      fc.asyncProperty(deskDays, async (day) => {
        const run = await worked(day);
        const prices = (await run.sessions()).reduce((sum, row) => sum + (row.price ?? 0), 0);
        expect(run.debited).toBe(prices);
        const keys = effectsOf(run.effects, 'post').map((post) => post.envelope.key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      RUNS,
    );
  });

  test('a session waits for a person exactly while a review of it is open', async () => {
    await fc.assert(
      fc.asyncProperty(deskDays, async (day) => {
        const run = await worked(day);
        const open = await run.storage.reader.reviews({ open: true, limit: 1_000 });
        for (const { transactionId, review } of await run.sessions()) {
          const kinds = open.filter((one) => one.transactionId === transactionId).map(({ kind }) => kind);
          expect(kinds.filter((kind) => kind === 'implausible-energy').length).toBe(
            review === 'implausible-energy' ? 1 : 0,
          );
          if (review !== 'implausible-energy') expect(kinds.includes('conflicting-stop')).toBe(review !== null);
        }
      }),
      RUNS,
    );
  });
});
