import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectorBehaviour } from '#actors/connector/actor.ts';
import type { ConnectorMessage } from '#actors/connector/messages.ts';
import { connectorActorId } from '#actors/connector/state.ts';
import type { Effect } from '#actors/decision.ts';
import { aMeter, aStart, aStatus, aStop, at, connectorMessages, ConnectorRun } from '../fixtures/connector.ts';

const MINUTE_MS = 60_000;

async function chargedMinutes(...messages: readonly ConnectorMessage[]): Promise<number | null> {
  const run = new ConnectorRun();
  await run.takeAll(messages);
  const { chargedMs } = await run.session(7);
  return chargedMs === null ? null : chargedMs / MINUTE_MS;
}

/** When vehicles left, by session. */
function departures(effects: readonly Effect[]): readonly (readonly [transactionId: number, atMs: number])[] {
  return effects.flatMap((effect) =>
    effect.type === 'store' && effect.row.type === 'unplugged' ? [[effect.row.transactionId, effect.row.atMs]] : [],
  );
}

describe('REC-05: the time during which current flows', () => {
  test('is counted while the charger says that it charges', async () => {
    const states = [aStatus('Preparing', 1), aStatus('Charging', 5), aStatus('SuspendedEV', 35)];
    expect(await chargedMinutes(aStart(), ...states, aStop({ minutes: 60 }))).toBe(30);
    const again = [aStatus('Charging', 40), aStatus('Finishing', 50)];
    expect(await chargedMinutes(aStart(), ...states, ...again, aStop({ minutes: 60 }))).toBe(40);
    expect(await chargedMinutes(aStart(), aStatus('Charging', 5), aStop({ minutes: 60 }))).toBe(55);
  });

  test('is counted by readings where it says nothing else: a register that grows, or a power', async () => {
    const registers = [2_000, 3_000, 3_000, 3_000].map((registerWh, index) =>
      aMeter({ minutes: 10 * (index + 1), registerWh }),
    );
    expect(await chargedMinutes(aStart(), ...registers, aStop({ minutes: 60, meterStop: 3_000 }))).toBe(20);
    expect(await chargedMinutes(aStart(), ...registers, aStop({ minutes: 60, meterStop: 3_500 }))).toBe(40);
    const powers = [11_000, 7_000, 0].map((powerW, index) => aMeter({ minutes: 15 * (index + 1), powerW }));
    expect(await chargedMinutes(aStart(), ...powers, aStop({ minutes: 60 }))).toBe(45);
  });

  test('ends with the charge, though the register is read later', async () => {
    const told = [
      aStatus('Charging', 0),
      aMeter({ minutes: 10, registerWh: 2_000 }),
      aStatus('SuspendedEV', 15),
      aMeter({ minutes: 20, registerWh: 2_400 }),
    ];
    expect(await chargedMinutes(aStart(), ...told, aStop({ minutes: 60 }))).toBe(15);
  });

  test('is not known of a charger that tells nothing, and stays with a session whose stop was lost', async () => {
    expect(await chargedMinutes(aStart(), aStop())).toBeNull();
    const lost = [aMeter({ minutes: 10, registerWh: 2_000 }), aMeter({ minutes: 20, registerWh: 3_000 })];
    expect(await chargedMinutes(aStart(), ...lost, aStatus('Available', 30))).toBe(20);
    expect(await chargedMinutes(aStart(), ...lost, aStatus('Available', 30), aStop({ minutes: 25 }))).toBe(20);
  });

  test('is never longer than the session', async () => {
    await fc.assert(
      fc.asyncProperty(connectorMessages, async (messages) => {
        const run = new ConnectorRun();
        await run.takeAll(messages);
        for (const { chargedMs, startedAtMs, stoppedAtMs } of await run.sessions()) {
          if (chargedMs === null) continue;
          expect(chargedMs).toBeGreaterThanOrEqual(0);
          expect(chargedMs).toBeLessThanOrEqual((stoppedAtMs ?? Infinity) - startedAtMs);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('costs no write: a reading stores what it stored before', async () => {
    const run = new ConnectorRun();
    await run.take(aStart());
    const effects = await run.take(aMeter({ minutes: 10, registerWh: 2_000 }));
    expect(effects.map(({ type }) => type)).toEqual(['answer']);
  });
});

describe('REC-04: parking ends when the vehicle is unplugged', () => {
  test('which may be long after the charge was stopped', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aStop({ minutes: 60 }), aStatus('Finishing', 60)]);
    expect(departures(run.effects)).toEqual([]);
    expect(departures(await run.take(aStatus('Available', 95)))).toEqual([[7, at(95)]]);
    expect(departures(await run.take(aStatus('Available', 99)))).toEqual([]);
  });

  test('which is the stop where unplugging stopped the charge', async () => {
    const run = new ConnectorRun();
    await run.take(aStart());
    expect(departures(await run.take(aStop({ minutes: 60, reason: 'EVDisconnected' })))).toEqual([[7, at(60)]]);
    expect(departures(await run.take(aStatus('Available', 61)))).toEqual([]);
  });

  test('which is all that is known where the stop was lost', async () => {
    const run = new ConnectorRun();
    await run.take(aStart());
    expect(departures(await run.take(aStatus('Available', 70)))).toEqual([[7, at(70)]]);
  });

  test('which nobody told of where the next one charges already', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aStop({ minutes: 60 }), aStart({ transactionId: 8, minutes: 90, idTag: 'BOB' })]);
    await run.take(aStop({ transactionId: 8, minutes: 120 }));
    expect(departures(await run.take(aStatus('Available', 130)))).toEqual([[8, at(130)]]);
    expect(departures(run.effects)).toHaveLength(1);
  });
});

test('a connector that an older release stored goes on charging', async () => {
  const run = new ConnectorRun();
  await run.take(aStart());
  const { parked: _parked, ...older } = run.state;
  const { use } = older;
  if (use.phase === 'free') throw new Error('it charges');
  const { flow: _flow, ...session } = use.session;
  const snapshot: unknown = JSON.parse(JSON.stringify({ ...older, use: { ...use, session } }));
  expect(connectorBehaviour.restore(connectorActorId('CP1', 1), snapshot, 1)).toEqual(run.state);
});
