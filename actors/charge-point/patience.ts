import type { Protocol } from '#src/wire/protocol.ts';
import type { ChargePointState } from './state.ts';

/**
 * How long a charger may take to answer a call of ours before the call counts as unanswered and the next one leaves, by
 * what it speaks (field-15). An answer that comes later is still recorded.
 */
export const ANSWER_MS: Readonly<Record<Protocol, number>> = {
  // Its socket is open: most answer within a second, and what is longer waits for something else.
  'ocpp-1.6-json': 60_000,
  // Each call looks for the charger first, often behind a router, before it has its minute.
  'ocpp-1.6-soap': 120_000,
  'ocpp-1.5-soap': 120_000,
  // An order is repeated for so long (docs/protocols/lafonpulse.md, section 5).
  lafonpulse: 90_000,
};
/** For a charger on a mobile network, which says so by its SIM card, and for one that has answered late before. */
export const SLOW_ANSWER_MS = 120_000;

/** How long the charger may take for the call that leaves now. */
export function answerMs({ live, durable }: ChargePointState): number {
  const { boot } = durable;
  // Only who is called without a link has never said what it speaks: it keeps none.
  const usual = ANSWER_MS[live.protocol ?? 'ocpp-1.6-soap'];
  const isMobile = Boolean(boot?.iccid) || Boolean(boot?.imsi);
  return isMobile || live.isSlow ? Math.max(usual, SLOW_ANSWER_MS) : usual;
}
