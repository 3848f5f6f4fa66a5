import { replyWith, store, type Decision, type Reply, type Store } from '#actors/decision.ts';
import type { WalletId } from '#src/domain/ids.ts';
import { cents, type Cents } from '#src/domain/money.ts';
import type { LedgerEntry } from '#src/storage/ports.ts';
import type { Authorised, WalletMessage } from './messages.ts';

/** `posted` holds the latest keys, so that a repeat changes nothing; older ones are refused by the ledger itself. */
export type WalletState = {
  readonly walletId: WalletId;
  readonly balance: Cents;
  /** The balance under which no session may start. */
  readonly minimum: Cents;
  readonly inactive: boolean;
  readonly posted: readonly string[];
};
const POSTED_MAX = 50;

/** What a wallet does with one message. Pure: no clock, no chance, no I/O, no throw for anything a peer may send. */
export function decide(wallet: WalletState, message: WalletMessage): Decision<WalletState, Reply | Store> {
  switch (message.type) {
    case 'authorise':
      return { state: wallet, effects: [replyWith(message.replyTo, mayCharge(wallet))] };
    case 'view': {
      const { balance, minimum, inactive } = wallet;
      return { state: wallet, effects: [replyWith(message.replyTo, { balance, minimum, inactive })] };
    }
    case 'terms':
      return { state: { ...wallet, minimum: message.minimum, inactive: message.inactive }, effects: [] };
    case 'top-up':
      return post(wallet, { key: message.key, amount: message.amount, atMs: message.atMs, transactionId: null });
    case 'debit': {
      const { key, atMs, transactionId } = message;
      return post(wallet, { key, amount: cents(-message.amount), atMs, transactionId });
    }
  }
}

function mayCharge(wallet: WalletState): Authorised {
  if (wallet.inactive) return { ok: false, why: 'inactive' };
  return wallet.balance >= wallet.minimum ? { ok: true } : { ok: false, why: 'too-low' };
}

function post(wallet: WalletState, entry: Omit<LedgerEntry, 'walletId'>): Decision<WalletState, Store> {
  if (wallet.posted.includes(entry.key)) return { state: wallet, effects: [] };
  const posted = [...wallet.posted, entry.key].slice(-POSTED_MAX);
  const balance = cents(wallet.balance + entry.amount);
  const row = { type: 'ledger-entry', entry: { ...entry, walletId: wallet.walletId } } as const;
  return { state: { ...wallet, balance, posted }, effects: [store(row)] };
}
