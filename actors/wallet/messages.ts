import type { ReplyTo } from '#actors/decision.ts';
import type { TransactionId } from '#src/domain/ids.ts';
import type { Cents } from '#src/domain/money.ts';

export type Authorised = { readonly ok: true } | { readonly ok: false; readonly why: 'too-low' | 'inactive' };
export type WalletView = { readonly balance: Cents; readonly minimum: Cents; readonly inactive: boolean };

/** `atMs` counts from 1970 and is stamped by the sender. `key` names the payment or the session: posted once, ever. */
export type WalletMessage =
  | { readonly type: 'authorise'; readonly replyTo: ReplyTo<Authorised> }
  | { readonly type: 'view'; readonly replyTo: ReplyTo<WalletView> }
  /** `minimum`: the balance under which no session may start. */
  | { readonly type: 'terms'; readonly minimum: Cents; readonly inactive: boolean }
  | { readonly type: 'top-up'; readonly key: string; readonly amount: Cents; readonly atMs: number }
  /** A negative amount gives money back: a session corrected downwards. */
  | {
      readonly type: 'debit';
      readonly key: string;
      readonly amount: Cents;
      readonly atMs: number;
      readonly transactionId: TransactionId;
    };
