import type { Behaviour } from '#actors/behaviour.ts';
import { cents } from '#src/domain/money.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { WalletMessage } from './messages.ts';
import { decide, type WalletState } from './state.ts';

const PREFIX = 'wallet/';

export function walletActorId(walletId: string): ActorId {
  return PREFIX + walletId;
}

/** A customer's wallet: its whole state is durable. */
export const walletBehaviour: Behaviour<WalletState, WalletMessage> = {
  kind: 'wallet',
  schema: 1,
  initial: (id) => ({
    walletId: id.slice(PREFIX.length),
    balance: cents(0),
    minimum: cents(0),
    inactive: false,
    posted: [],
  }),
  restore: (_id, snapshot) => snapshot as WalletState,
  durable: (state) => state,
  snapshot: (state) => state,
  prepare: (_state, message) => message,
  decide,
};
