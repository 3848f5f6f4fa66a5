import type { Decision, Effect } from '#actors/decision.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { enqueued } from './commands.ts';
import type { ChargePointState } from './state.ts';

/** Who is said to have asked for what is laid down again. */
const SERVER = 'Vigie';

/** After a boot: the local list and the limits, in the order in which they were laid down. */
export function layDownAgain(before: ChargePointState, atMs: number): Decision<ChargePointState> {
  const { list, profiles } = before.durable.standing;
  const calls: CallToChargePoint[] = [
    ...(list === null
      ? []
      : [
          {
            action: 'SendLocalList',
            listVersion: list.listVersion,
            updateType: 'Full',
            localAuthorizationList: list.entries,
          } as const,
        ]),
    ...profiles,
  ];
  let state = before;
  const effects: Effect[] = [];
  for (const [index, call] of calls.entries()) {
    const commandId = `standing-${atMs.toString(36)}-${index}`;
    const next = enqueued(state, { commandId, call, requestedBy: SERVER, atMs });
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}
