import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide as decideChargePoint } from '#actors/charge-point/decide.ts';
import { LIMIT_TRIES_MAX, STATUSES_MS } from '#actors/charge-point/stay-limits.ts';
import { freshDurable, freshLive, type ChargePointReady, type ChargePointState } from '#actors/charge-point/state.ts';
import { connectorBehaviour } from '#actors/connector/actor.ts';
import { connectorActorId } from '#actors/connector/state.ts';
import { ASK_AGAIN_MS, LATE_START_MS } from '#actors/connector/stay.ts';
import type { Effect } from '#actors/decision.ts';
import { NO_STAY_LIMITS, type StayLimit, type StayLimits } from '#src/domain/stay-limits.ts';
import { aMeter, aStart, aStatus, aStop, at, connectorMessages, ConnectorRun } from '../fixtures/connector.ts';
import { effectsOf, replay } from '../fixtures/replay.ts';

const started = (limits: Partial<StayLimits>, minutes = 0) =>
  aStart({ minutes, terms: { limits: { ...NO_STAY_LIMITS, ...limits } } });
const due = (limit: StayLimit, minutes: number) => ({ type: 'limit-due', limit, atMs: at(minutes) }) as const;

/** The limits of which the charge point is told, and the lines of the journal about them. */
function asked(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => {
    const message = effect.type === 'tell' ? (effect.message as { type: string; limit: string }) : null;
    return message?.type === 'limit-reached' ? [message.limit] : [];
  });
}
function lines(effects: readonly Effect[]): readonly (string | null)[] {
  return effects.flatMap((effect) =>
    effect.type === 'store' && effect.row.type === 'event' && effect.row.event.name === 'limit-reached'
      ? [effect.row.event.note]
      : [],
  );
}
function wakes(effects: readonly Effect[]): readonly (readonly [string, number | null])[] {
  return effects.flatMap((effect) =>
    effect.type === 'wake' && effect.key.startsWith('stay/') ? [[effect.key, effect.atMs] as const] : [],
  );
}

describe('OCP-13: what a station allows a vehicle', () => {
  test('a charge that has lasted for long enough is stopped once, by an alarm that is on disk', async () => {
    const run = new ConnectorRun();
    expect(wakes(await run.take(started({ chargeMinutes: 60 })))).toEqual([['stay/charge-time', at(60)]]);
    expect(asked(await run.take(aMeter({ minutes: 59, registerWh: 2_000 })))).toEqual([]);
    run.nowMs = at(60);
    const rung = await run.take(due('charge-time', 60));
    expect(asked(rung)).toEqual(['charge-time']);
    expect(lines(rung)).toEqual(['transaction 7, charge-time']);
    expect(asked(await run.take(aMeter({ minutes: 61, registerWh: 2_100 })))).toEqual([]);
    const stopped = await run.take(aStop({ minutes: 62, meterStop: 2_200 }));
    expect(wakes(stopped)).toEqual([
      ['stay/charge-time', null],
      ['stay/charge-energy', null],
      ['stay/parking-time', null],
    ]);
    expect(run.state.stay).toBeNull();
    run.nowMs = at(70);
    expect(await run.take(due('charge-time', 60))).toEqual([]);
  });

  test('a charge that has delivered enough is stopped by the reading that says so', async () => {
    const run = new ConnectorRun();
    expect(wakes(await run.take(started({ chargeWh: 3_000 })))).toEqual([]);
    expect(asked(await run.take(aMeter({ minutes: 10, registerWh: 3_999 })))).toEqual([]);
    expect(asked(await run.take(aMeter({ minutes: 11, registerWh: 4_000 })))).toEqual(['charge-energy']);
    expect(asked(await run.take(aMeter({ minutes: 12, registerWh: 4_100 })))).toEqual([]);
  });

  test('whichever limit comes first stops the charge, and the other says nothing more', async () => {
    const run = new ConnectorRun();
    await run.takeAll([started({ chargeMinutes: 30, chargeWh: 3_000 }), aMeter({ minutes: 20, registerWh: 5_000 })]);
    run.nowMs = at(30);
    expect(asked(await run.take(due('charge-time', 30)))).toEqual([]);
  });

  test('its charger is asked again until it was told, and the journal says it once', async () => {
    const run = new ConnectorRun();
    await run.take(started({ chargeMinutes: 60 }));
    run.nowMs = at(60);
    expect(wakes(await run.take(due('charge-time', 60)))).toEqual([['stay/charge-time', at(60) + ASK_AGAIN_MS]]);
    // Hours of an outage later it is asked at that time, not at the time at which it should have been.
    run.nowMs = at(400);
    const again = await run.take(due('charge-time', 65));
    expect(asked(again)).toEqual(['charge-time']);
    expect(lines(again)).toEqual([]);
    expect(wakes(again)).toEqual([['stay/charge-time', at(400) + ASK_AGAIN_MS]]);
    const told = await run.take({ type: 'limit-told', transactionId: 7, limit: 'charge-time', atMs: at(401) });
    expect(wakes(told)).toEqual([['stay/charge-time', null]]);
    run.nowMs = at(410);
    expect(asked(await run.take(due('charge-time', 405)))).toEqual([]);
  });

  test('parking too long unlocks the socket when the charge is over: with it, or later', async () => {
    const run = new ConnectorRun();
    await run.takeAll([started({ unlockMinutes: 60 }), aStatus('Charging', 1)]);
    run.nowMs = at(60);
    expect(asked(await run.take(due('parking-time', 60)))).toEqual([]);
    expect(asked(await run.take(aStatus('SuspendedEVSE', 70)))).toEqual([]);
    expect(asked(await run.take(aStatus('SuspendedEV', 80)))).toEqual(['parking-time']);
    const other = new ConnectorRun();
    await other.takeAll([started({ unlockMinutes: 60 }), aStop({ minutes: 30 }), aStatus('Finishing', 31)]);
    other.nowMs = at(60);
    expect(asked(await other.take(due('parking-time', 60)))).toEqual(['parking-time']);
  });

  test('a vehicle that has left is asked for nothing', async () => {
    const run = new ConnectorRun();
    await run.takeAll([started({ unlockMinutes: 60 }), aStop({ minutes: 30 }), aStatus('Available', 40)]);
    expect(run.state.stay).toBeNull();
    run.nowMs = at(60);
    expect(await run.take(due('parking-time', 60))).toEqual([]);
  });

  test('a session that was kept offline has a minute to end, before its charger is asked to stop it', async () => {
    const run = new ConnectorRun();
    const late = { ...started({ chargeMinutes: 60 }), atMs: at(300) };
    const effects = await run.take(late);
    expect(asked(effects)).toEqual([]);
    expect(wakes(effects)).toEqual([['stay/charge-time', at(300) + LATE_START_MS]]);
  });

  test('field-07: one that may have ended with a reboot first shows that it goes on', async () => {
    const run = new ConnectorRun();
    await run.takeAll([started({ chargeMinutes: 60 }), { type: 'booted', atMs: at(59) }]);
    run.nowMs = at(60);
    expect(asked(await run.take(due('charge-time', 60)))).toEqual([]);
    expect(asked(await run.take(aStatus('Charging', 61)))).toEqual(['charge-time']);
  });

  test('a connector of an earlier release has no limits, and one with limits comes back with them', async () => {
    const run = new ConnectorRun();
    await run.take(started({ chargeMinutes: 60 }));
    const id = connectorActorId('CP1', 1);
    expect(connectorBehaviour.restore(id, JSON.parse(JSON.stringify(run.state)), 2)).toEqual(run.state);
    const { stay: _, ...older } = run.state;
    expect(connectorBehaviour.restore(id, older, 2)).toEqual({ ...run.state, stay: null });
  });

  test('whatever happens, the journal says each limit of a session at most once, and never of one without', async () => {
    await fc.assert(
      fc.asyncProperty(connectorMessages, async (messages) => {
        const run = new ConnectorRun();
        run.nowMs = at(600);
        const said = lines(await run.takeAll(messages));
        // A session that was stored is found again, so its id is not given to another.
        expect(new Set(said).size).toBe(said.length);
        expect(said.every((note) => /^transaction [34], /.test(note ?? ''))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('OCP-13: the charger of a vehicle that has had enough', () => {
  const NOW_MS = at(0);
  const LINK = {
    linkId: 3,
    remoteAddress: '10.0.0.1',
    calledAs: null,
    security: 0,
    sinceMs: NOW_MS - STATUSES_MS,
    ready: true,
  } as const;
  const BOX: ChargePointState = { chargePointId: 'CP1', durable: freshDurable(), live: { ...freshLive(), link: LINK } };
  const reached = (limit: StayLimit, minutes = 0, way: number | null = null): ChargePointReady => ({
    type: 'limit-reached',
    connectorId: 2,
    transactionId: 7,
    limit,
    atMs: at(minutes),
    way,
  });
  const noAnswer = (number: number, minutes: number): ChargePointReady => ({
    type: 'no-answer',
    commandId: `stay-7-charge-time.${number}`,
    atMs: at(minutes),
  });
  const told = (effects: readonly Effect[]) => effectsOf(effects, 'tell').map((one) => one.message);

  test.each([
    ['charge-time', { action: 'RemoteStopTransaction', transactionId: 7 }],
    ['charge-energy', { action: 'RemoteStopTransaction', transactionId: 7 }],
    ['parking-time', { action: 'UnlockConnector', connectorId: 2 }],
  ] as const)('for %s is told %j, by a command that says why', (limit, call) => {
    const { state, effects } = decideChargePoint(BOX, reached(limit));
    expect(effectsOf(effects, 'call')).toMatchObject([{ callId: `stay-7-${limit}.1`, call }]);
    expect(state.durable.commands).toMatchObject([{ call, limit, requestedBy: 'Vigie', phase: 'sent' }]);
    expect(effectsOf(effects, 'call')[0]?.draft.note).toBe(`${limit},by Vigie`);
    // Asked again while that is under way, it does nothing.
    expect(decideChargePoint(state, reached(limit, 1))).toEqual({ state, effects: [] });
  });

  test('has no command while it is absent; a stop goes by the way that is known, a socket waits for its statuses', () => {
    const absent = { ...BOX, live: { ...BOX.live, link: null } };
    for (const limit of ['charge-time', 'parking-time'] as const)
      expect(decideChargePoint(absent, reached(limit))).toEqual({ state: absent, effects: [] });
    expect(effectsOf(decideChargePoint(absent, reached('charge-time', 0, 9)).effects, 'call')).toHaveLength(1);
    expect(effectsOf(decideChargePoint(absent, reached('parking-time', 0, 9)).effects, 'call')).toEqual([]);
    const back = { ...BOX, live: { ...BOX.live, link: { ...LINK, sinceMs: NOW_MS - STATUSES_MS + 1 } } };
    expect(effectsOf(decideChargePoint(back, reached('charge-time')).effects, 'call')).toHaveLength(1);
    expect(effectsOf(decideChargePoint(back, reached('parking-time')).effects, 'call')).toEqual([]);
  });

  test('that has answered is told no more; one that nobody heard is told again, so many times', () => {
    const refused = replay(decideChargePoint, BOX, [
      reached('charge-time'),
      {
        type: 'answered',
        linkId: 3,
        callId: 'stay-7-charge-time.1',
        outcome: { ok: true, answer: { action: 'RemoteStopTransaction', status: 'Rejected' }, tolerated: [] },
        request: null,
        frame: null,
        atMs: at(1),
      },
      reached('charge-time', 5),
    ]);
    expect(effectsOf(refused.effects, 'call')).toHaveLength(1);
    expect(told(refused.effects)).toEqual([
      { type: 'limit-told', transactionId: 7, limit: 'charge-time', atMs: at(5) },
    ]);
    const numbers = Array.from({ length: LIMIT_TRIES_MAX + 1 }, (_, index) => index + 1);
    const silent = replay(
      decideChargePoint,
      BOX,
      numbers.flatMap((number) => [reached('charge-time', 5 * number), noAnswer(number, 5 * number + 2)]),
    );
    expect(effectsOf(silent.effects, 'call').map(({ callId }) => callId)).toEqual(
      numbers.slice(0, LIMIT_TRIES_MAX).map((number) => `stay-7-charge-time.${number}`),
    );
    expect(told(silent.effects)).toHaveLength(1);
  });
});
