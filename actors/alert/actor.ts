import type { Behaviour } from '#actors/behaviour.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import { decide } from './decide.ts';
import type { AlertMessage, AlertReady, Audience, LetterOf } from './messages.ts';
import { alertsOf, freshAlerts, type AlertState } from './state.ts';

export type AlertOptions = {
  /** Whom the alerts of a charger concern at this moment; null: nobody, ever. */
  readonly audienceOf: (chargePointId: ChargePointId, atMs: number) => Promise<Audience | null>;
  readonly letterOf: LetterOf;
};

/** The alerts of one charger: what is sent is queued in the commit of what was decided. */
export function alertBehaviour({
  audienceOf,
  letterOf,
}: AlertOptions): Behaviour<AlertState, AlertMessage, AlertReady> {
  return {
    kind: 'alert',
    schema: 1,
    initial: (id) => freshAlerts(alertsOf(id)),
    restore: (_id, snapshot) => snapshot as AlertState,
    durable: (state) => state,
    snapshot: (state) => state,
    prepare: (state, message) =>
      audienceOf(state.chargePointId, message.atMs).then((audience) => ({ ...message, audience })),
    decide: (state, message) => decide(state, message, letterOf),
  };
}
