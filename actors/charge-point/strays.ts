import { joined } from '#actors/connector/samples.ts';
import type { StraySamples } from '#actors/connector/messages.ts';
import type { StopTransaction } from '#src/wire/ocpp/messages.ts';
import { withDurable, type ChargePointState } from './state.ts';
import type { Stray } from './under-way.ts';

/** Transactions of which samples are kept: one for each of a few connectors, and some that never end. */
export const STRAYS_MAX = 8;

/** A connector was told samples of a transaction that is nobody's. The latest such transaction comes first. */
export function withStray(state: ChargePointState, message: StraySamples): ChargePointState {
  const { transactionId, connectorId, samples } = message;
  const { strays } = state.durable;
  const before = strays.find((one) => one.transactionId === transactionId);
  const known = before === undefined || before.ended === true ? null : before.samples;
  const stray: Stray = { transactionId, connectorId, samples: known === null ? samples : joined(known, samples) };
  return withDurable(state, { strays: [stray, ...strays.filter((one) => one !== before)].slice(0, STRAYS_MAX) });
}

/** The samples that came before this stop; undefined for none. */
export function strayOf(state: ChargePointState, { transactionId }: StopTransaction): Stray | undefined {
  return state.durable.strays.find((one) => one.transactionId === transactionId);
}

/** Its stop has come. It is kept: the stop may come again. */
export function strayEnded(state: ChargePointState, stray: Stray): ChargePointState {
  if (stray.ended === true) return state;
  const strays = state.durable.strays.map((one): Stray => (one === stray ? { ...one, ended: true } : one));
  return withDurable(state, { strays });
}
