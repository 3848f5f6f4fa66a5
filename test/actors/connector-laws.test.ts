import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectorBehaviour } from '#actors/connector/actor.ts';
import type { ConnectorMessage } from '#actors/connector/messages.ts';
import { connectorActorId, type ConnectorState } from '#actors/connector/state.ts';
import { connectorMessages, ConnectorRun } from '../fixtures/connector.ts';
import { effectsOf } from '../fixtures/replay.ts';

/** Laws over any order of messages: fewer runs, for each is many commits. */
const RUNS = { numRuns: 60 };

function energyOf(state: ConnectorState): number | null {
  return state.use.phase === 'charging' ? state.use.session.energyWh : null;
}

/** Runs the messages and looks at the connector after each. */
async function throughout(
  messages: readonly ConnectorMessage[],
  look: (run: ConnectorRun, before: ConnectorState) => Promise<void> | void,
) {
  const run = new ConnectorRun();
  for (const message of messages) {
    const before = run.state;
    await run.take(message);
    await look(run, before);
  }
  return run;
}

describe('laws that hold for any order of messages', () => {
  test('a connector never has two open sessions', async () => {
    await fc.assert(
      fc.asyncProperty(connectorMessages, async (messages) => {
        await throughout(messages, async (run) => {
          const open = (await run.sessions()).filter((row) => row.closing === 'open');
          expect(open.map((row) => row.transactionId)).toEqual(
            run.state.use.phase === 'charging' ? [run.state.use.session.transactionId] : [],
          );
        });
      }),
      RUNS,
    );
  });

  test('field-23: the energy of an open session never decreases', async () => {
    await fc.assert(
      fc.asyncProperty(connectorMessages, async (messages) => {
        await throughout(messages, (run, before) => {
          if (before.use.phase !== 'charging' || run.state.use.phase !== 'charging') return;
          if (before.use.session.transactionId !== run.state.use.session.transactionId) return;
          expect(energyOf(run.state)).toBeGreaterThanOrEqual(energyOf(before) ?? 0);
        });
      }),
      RUNS,
    );
  });

  test('a session that had its true stop keeps its energy and its price for ever', async () => {
    await fc.assert(
      fc.asyncProperty(connectorMessages, async (messages) => {
        const final = new Map<number, { energyWh: number; price: number | null }>();
        await throughout(messages, async (run) => {
          for (const { transactionId, closing, energyWh, price } of await run.sessions()) {
            const known = final.get(transactionId);
            if (known !== undefined) expect({ closing, energyWh, price }).toEqual({ closing: 'final', ...known });
            if (closing === 'final') final.set(transactionId, { energyWh, price });
          }
        });
      }),
      RUNS,
    );
  });

  test('what was debited is always the sum of the prices, and no debit has the key of another', async () => {
    await fc.assert(
      fc.asyncProperty(connectorMessages, async (messages) => {
        const run = await throughout(messages, () => undefined);
        const prices = (await run.sessions()).reduce((sum, row) => sum + (row.price ?? 0), 0);
        expect(run.debited).toBe(prices);
        const keys = effectsOf(run.effects, 'post').map((post) => post.envelope.key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      RUNS,
    );
  });

  test('every call is answered, once, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(connectorMessages, async (messages) => {
        const run = new ConnectorRun();
        for (const message of messages) {
          const answers = effectsOf(await run.take(message), 'answer').length;
          expect(answers).toBe('call' in message ? 1 : 0);
        }
      }),
      RUNS,
    );
  });

  test('its snapshot round-trips through JSON', async () => {
    await fc.assert(
      fc.asyncProperty(connectorMessages, async (messages) => {
        const { state } = await throughout(messages, () => undefined);
        const snapshot: unknown = JSON.parse(JSON.stringify(connectorBehaviour.snapshot(state)));
        expect(connectorBehaviour.restore(connectorActorId('CP1', 1), snapshot, connectorBehaviour.schema)).toEqual(
          state,
        );
      }),
      RUNS,
    );
  });
});
