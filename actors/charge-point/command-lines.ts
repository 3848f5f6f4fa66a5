import { store, type Effect } from '#actors/decision.ts';
import type { EventRow } from '#src/storage/ports.ts';
import { connectorIdOf } from './command-steps.ts';
import type { CommandView } from './messages.ts';
import type { ChargePointState } from './state.ts';
import type { Errand } from './under-way.ts';

type Of = Pick<ChargePointState, 'chargePointId'>;

/** The command's own row: how far it has got. */
export function save(state: Of, command: CommandView): Effect {
  const { commandId, call, requestedBy, requestedAtMs } = command;
  const { chargePointId } = state;
  const connectorId = connectorIdOf(call);
  return store({
    type: 'command',
    command: {
      commandId,
      chargePointId,
      connectorId,
      name: call.action,
      state: command,
      requestedBy,
      requestedAtMs,
      batchId: command.batchId ?? null,
    },
  });
}

/** A command that came to nothing: its row, and the line of the journal that says why (field-32). */
export function saveFailed(state: Of, command: CommandView, atMs: number): Effect[] {
  const { cause, call } = command;
  const line = lineOf(state, command, {
    atMs,
    level: 'problem',
    kind: 'command',
    // What was asked for: it may never have been a frame.
    request: JSON.stringify(call),
    answer: null,
    note: noteOf(command, cause),
  });
  return [save(state, command), store({ type: 'event', event: line })];
}

/** The line that holds a command and its answer; `request` is the frame that left, null when it was not ours. */
export function answerLine(
  state: Of,
  command: CommandView,
  of: Pick<EventRow, 'atMs' | 'level' | 'request' | 'answer'>,
): Effect {
  const note = noteOf(command, command.cause === 'late-answer' ? command.cause : null);
  return store({ type: 'event', event: lineOf(state, command, { ...of, kind: 'command', note }) });
}

/** The line of a command that leaves: the shell adds its frame. What becomes of it has a line of its own. */
export function sentLine(state: Of, command: CommandView, atMs: number): Omit<EventRow, 'request'> {
  return lineOf(state, command, { atMs, level: 'info', kind: 'frame-out', answer: null, note: noteOf(command, null) });
}

/** A line about a call that the server makes of itself. */
export function errandLine<Rest extends Pick<EventRow, 'level' | 'kind'>>(
  { chargePointId }: Of,
  { call, by }: Errand,
  rest: Rest,
  word: string | null = null,
) {
  const forced = call.action === 'ChangeConfiguration' ? 'forced' : null;
  const note = [word, forced, by && `by ${by}`].filter(Boolean).join(',') || null;
  return { chargePointId, connectorId: connectorIdOf(call), name: call.action, ...rest, note };
}

/** An answer to a call that we never made. */
export function unexpectedLine(state: Of, of: Pick<EventRow, 'atMs' | 'answer'>): Effect {
  const { chargePointId } = state;
  const none = { connectorId: null, request: null, note: null } as const;
  const event = {
    ...of,
    ...none,
    chargePointId,
    level: 'problem',
    kind: 'frame-in',
    name: 'unexpected-answer',
  } as const;
  return store({ type: 'event', event });
}

function lineOf<Rest extends Pick<EventRow, 'level' | 'kind'>>(state: Of, command: CommandView, rest: Rest) {
  const { chargePointId } = state;
  return { chargePointId, connectorId: connectorIdOf(command.call), name: command.call.action, ...rest };
}

/** Closed words, then who asked for it: `no-answer,by operator`. */
function noteOf({ requestedBy, limit }: CommandView, word: string | null): string {
  return [word, limit, `by ${requestedBy}`].filter((one) => one != null).join(',');
}
