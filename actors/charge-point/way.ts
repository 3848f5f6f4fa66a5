import type { Decision, Effect } from '#actors/decision.ts';
import type { Protocol } from '#src/wire/protocol.ts';
import { save, saveFailed } from './command-lines.ts';
import { advanced } from './command-steps.ts';
import { commandOf, remember } from './kept-commands.ts';
import type { CommandView } from './messages.ts';
import { over } from './profile-measure.ts';
import { hidesSecret } from './secrets.ts';
import { withDurable, withLive, type ChargePointState } from './state.ts';
import { expiry } from './waiting.ts';

/**
 * The number of a link by which a charger without one is called all the same, because its station says where it listens
 * (OCP-09, OCP-10); null where nothing says so. It is told where the charger was last heard from.
 */
export type WayTo = (chargePointId: string, lastAddress: string | null) => Promise<number | null>;

/** By which link our calls leave now; null while they cannot. */
export function wayOut({ live }: ChargePointState): number | null {
  if (live.link === null) return live.way;
  return live.link.ready && live.unreachable?.heldAtMs === undefined ? live.link.linkId : null;
}

/**
 * Where a charger that keeps no connection was heard from is remembered, and by which name it called us: nobody else can
 * say where it listens, nor where it finds a file. `calledAs` null: it did not say.
 */
export function heardFrom(
  state: ChargePointState,
  protocol: Protocol | null,
  { address, calledAs }: { readonly address: string; readonly calledAs: string | null },
): ChargePointState {
  const keepsNone = protocol === 'ocpp-1.5-soap' || protocol === 'ocpp-1.6-soap';
  const { lastAddress, lastCalledAs } = state.durable;
  const name = calledAs ?? lastCalledAs;
  if (!keepsNone || (lastAddress === address && lastCalledAs === name)) return state;
  return withDurable(state, { lastAddress: address, lastCalledAs: name });
}

/** A charger that is heard, and could not be called: what waits for it is tried again with what it says so much later. */
export const HELD_BACK_MS = 600_000;

/** What waits for a charger that could not be called may be tried again; the same state when nothing is held back. */
export function heldNoLonger(state: ChargePointState): ChargePointState {
  const { unreachable } = state.live;
  if (unreachable?.heldAtMs === undefined) return state;
  const { heldAtMs: _heldAtMs, ...still } = unreachable;
  return withLive(state, { unreachable: still });
}

/**
 * Nobody answers where a charger is said to listen: it is absent. What may wait for it does; the rest comes to nothing.
 */
export function notThere(
  known: ChargePointState,
  of: { readonly callId: string; readonly detail: string; readonly atMs: number },
): Decision<ChargePointState> {
  const { callId, detail, atMs } = of;
  const gone = withLive(known, { way: null, inFlight: null, errand: null });
  const open = [commandOf(known, callId), ...known.live.waiting.map((id) => commandOf(known, id))]
    .filter((one) => one !== null)
    .filter(({ ended }) => !ended);
  const waits = open.filter((one) => isPatient(one, atMs));
  const waiting = withLive(gone, { waiting: waits.map(({ commandId }) => commandId) });
  const effects: Effect[] = [{ type: 'wake', key: `no-answer/${callId}`, atMs: null, volatile: true }];
  let state = waiting;
  for (const command of open) {
    if (!waits.includes(command)) {
      const failed = advanced(command, 'failed', atMs, { cause: 'unreachable', detail });
      state = remember(over(state, failed).state, failed);
      effects.push(...saveFailed(state, failed, atMs));
    } else if (command.phase !== 'queued') {
      const queued = notSent(command);
      state = remember(over(state, queued).state, queued);
      effects.push(save(state, queued), ...expiry(queued));
    }
  }
  return { state, effects };
}

/**
 * May it wait after it reached nobody? Not once the charger has shown that it has heard it; nor with a secret, which has
 * left and is nowhere any more. That of a file is made anew.
 */
export function isPatient({ call, file, phase, expiresAtMs }: CommandView, atMs: number): boolean {
  if (phase !== 'queued' && phase !== 'sent') return false;
  return expiresAtMs !== undefined && expiresAtMs > atMs && (file !== undefined || !hidesSecret(call));
}

/** It may be tried for days: what reached nobody was no step. */
function notSent(command: CommandView): CommandView {
  return { ...command, phase: 'queued', steps: command.steps.filter(({ phase }) => phase !== 'sent') };
}
