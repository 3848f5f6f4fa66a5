import type { Decision, Effect } from '#actors/decision.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { enqueued } from './commands.ts';
import { standingCalls, standingId } from './kept-commands.ts';
import type { ChargePointState } from './state.ts';

/** Who is said to have asked for what is laid down again. */
const SERVER = 'Vigie';

/**
 * After a boot: the local list and the limits, in the order in which they were laid down. What still waits since the boot
 * before is not queued again.
 */
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
  const linkId = before.live.link?.linkId ?? 0;
  const queued = new Set(standingCalls(before).map((call) => JSON.stringify(call)));
  let state = before;
  const effects: Effect[] = [];
  for (const [index, call] of calls.entries()) {
    if (queued.has(JSON.stringify(call))) continue;
    const commandId = standingId({ linkId, atMs, index });
    const next = enqueued(state, { commandId, call, requestedBy: SERVER, atMs });
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}
