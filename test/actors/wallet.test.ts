import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { walletActorId, walletBehaviour } from '#actors/wallet/actor.ts';
import type { WalletMessage } from '#actors/wallet/messages.ts';
import { decide } from '#actors/wallet/state.ts';
import { cents } from '#src/domain/money.ts';
import { replay, stored } from '../fixtures/replay.ts';
import { aWallet, walletMessages } from '../fixtures/wallet.ts';

const TOP_UP: WalletMessage = { type: 'top-up', key: 'top-up/1', amount: cents(2_000), atMs: 5 };
const DEBIT: WalletMessage = { type: 'debit', key: 'session/7', amount: cents(105), atMs: 6, transactionId: 7 };
const replyTo = { ask: 1 };

describe('what is posted', () => {
  test('a top-up raises the balance and a debit lowers it, each with an entry of the ledger', () => {
    const { state, effects } = replay(decide, aWallet(), [TOP_UP, DEBIT]);
    expect(state.balance).toBe(1_895);
    expect(stored(effects, 'ledger-entry').map((row) => row.entry)).toEqual([
      { key: 'top-up/1', walletId: 'alice', amount: 2_000, atMs: 5, transactionId: null },
      { key: 'session/7', walletId: 'alice', amount: -105, atMs: 6, transactionId: 7 },
    ]);
  });

  test('a session may take a balance below zero: its energy was delivered', () => {
    expect(replay(decide, aWallet(), [DEBIT]).state.balance).toBe(-105);
  });

  test('a negative debit gives money back', () => {
    expect(replay(decide, aWallet(), [{ ...DEBIT, amount: cents(-40) }]).state.balance).toBe(40);
  });

  test('the same key again changes nothing, and writes nothing', () => {
    const once = decide(aWallet(), DEBIT).state;
    expect(decide(once, { ...DEBIT, amount: cents(999) })).toEqual({ state: once, effects: [] });
    expect(decide(once, DEBIT).state).toBe(once);
  });

  test('a balance is always the sum of the entries that were stored', () => {
    fc.assert(
      fc.property(walletMessages, (messages) => {
        const { state, effects } = replay(decide, aWallet(), messages);
        const amounts = stored(effects, 'ledger-entry').map((row) => row.entry.amount);
        expect(state.balance).toBe(amounts.reduce((sum, amount) => sum + amount, 0));
      }),
    );
  });

  test('no key is posted twice, however messages repeat', () => {
    fc.assert(
      fc.property(walletMessages, (messages) => {
        const keys = stored(replay(decide, aWallet(), [...messages, ...messages]).effects, 'ledger-entry').map(
          (row) => row.entry.key,
        );
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('the order of different postings does not matter to the balance', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -5_000, max: 5_000 }), { maxLength: 30 }), (amounts) => {
        const messages = amounts.map((amount, index): WalletMessage => ({
          ...TOP_UP,
          key: `k${index}`,
          amount: cents(amount),
        }));
        expect(replay(decide, aWallet(), messages.toReversed()).state.balance).toBe(
          replay(decide, aWallet(), messages).state.balance,
        );
      }),
    );
  });

  test('the keys it remembers are bounded', () => {
    const many = Array.from({ length: 500 }, (_, index): WalletMessage => ({ ...TOP_UP, key: `k${index}` }));
    const { state } = replay(decide, aWallet(), many);
    expect(state.posted).toHaveLength(50);
    expect(state.posted.at(-1)).toBe('k499');
    expect(state.balance).toBe(500 * 2_000);
  });
});

describe('may it charge', () => {
  test.each([
    { wallet: aWallet({ balance: cents(500), minimum: cents(500) }), answer: { ok: true } },
    { wallet: aWallet({ balance: cents(499), minimum: cents(500) }), answer: { ok: false, why: 'too-low' } },
    { wallet: aWallet({ balance: cents(-1) }), answer: { ok: false, why: 'too-low' } },
    { wallet: aWallet({ balance: cents(9_000), inactive: true }), answer: { ok: false, why: 'inactive' } },
  ])('a wallet of $wallet.balance cents with a minimum of $wallet.minimum answers $answer', ({ wallet, answer }) => {
    expect(decide(wallet, { type: 'authorise', replyTo })).toEqual({
      state: wallet,
      effects: [{ type: 'reply', to: replyTo, value: answer }],
    });
  });

  test('new terms hold for the next answer', () => {
    const { effects } = replay(decide, aWallet({ balance: cents(100) }), [
      { type: 'terms', minimum: cents(200), inactive: false },
      { type: 'authorise', replyTo },
      { type: 'view', replyTo },
    ]);
    expect(effects.map((effect) => (effect.type === 'reply' ? effect.value : null))).toEqual([
      { ok: false, why: 'too-low' },
      { balance: 100, minimum: 200, inactive: false },
    ]);
  });

  test('questions change nothing', () => {
    const wallet = aWallet();
    for (const type of ['authorise', 'view'] as const) expect(decide(wallet, { type, replyTo }).state).toBe(wallet);
  });
});

test('its snapshot round-trips through JSON', () => {
  fc.assert(
    fc.property(walletMessages, (messages) => {
      const { state } = replay(decide, aWallet(), messages);
      const id = walletActorId(state.walletId);
      const snapshot: unknown = JSON.parse(JSON.stringify(walletBehaviour.snapshot(state)));
      expect(walletBehaviour.restore(id, snapshot, walletBehaviour.schema)).toEqual(state);
    }),
  );
});

test('a wallet that was never stored is empty, and named by its id', () => {
  expect(walletBehaviour.initial(walletActorId('bob/2'))).toEqual(aWallet({ walletId: 'bob/2' }));
});
