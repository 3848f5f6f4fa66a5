import { replyWith, type Decision, type Effect } from '#actors/decision.ts';
import { answerLine, save, saveFailed, sentLine, unexpectedLine } from './command-lines.ts';
import { advanced, follow, promised, reached, read, type Sign } from './command-steps.ts';
import { learnt } from './configuration.ts';
import type { CommandRequest, CommandView, LinkMessage } from './messages.ts';
import {
  counted,
  withDurable,
  withLive,
  type Alarm,
  type ChargePointState,
  type ReadyCallError,
  type ReadyResult,
} from './state.ts';

/** How long a charger may take to answer a call: some take a minute on a mobile link (field-15). */
export const CALL_ANSWER_MS = 90_000;
/** How long a promise may take to come true: the driver has to walk up and plug in (field-32). */
export const OUTCOME_MS = 180_000;
/** Commands that wait for one charger; one more is refused. */
export const COMMANDS_WAITING_MAX = 20;
/** Commands that a charge point remembers; older ones are on disk. */
const COMMANDS_KEPT = COMMANDS_WAITING_MAX + 4;

type Decided = Decision<ChargePointState>;
type Unreached = Extract<LinkMessage, { type: 'unreachable' }>;

/** A person or a program asks for a call. It is refused at once when there is no link (PRC-19). */
export function onRequest(state: ChargePointState, request: CommandRequest): Decided {
  const asked: CommandView = {
    commandId: request.commandId,
    call: request.call,
    requestedBy: request.requestedBy,
    requestedAtMs: request.atMs,
    phase: 'queued',
    cause: null,
    detail: null,
    answer: null,
    ended: false,
    steps: [{ phase: 'queued', atMs: request.atMs }],
  };
  const refusal =
    state.live.link === null
      ? 'no-link'
      : state.live.waiting.length >= COMMANDS_WAITING_MAX
        ? 'too-many-waiting'
        : null;
  if (refusal !== null) {
    const failed = advanced(asked, 'failed', request.atMs, { cause: refusal });
    const effects = [...saveFailed(state, failed, request.atMs), replyWith(request.replyTo, failed)];
    return { state: remember(state, failed), effects };
  }
  const waiting = withLive(remember(state, asked), { waiting: [...state.live.waiting, asked.commandId] });
  const sent = sendNext(waiting, request.atMs);
  const now = commandOf(sent.state, asked.commandId) ?? asked;
  return { state: sent.state, effects: [save(state, now), ...sent.effects, replyWith(request.replyTo, now)] };
}

/** The next call leaves when the link is ready and no other call of ours waits there (OCPP-J 1.6 §4.1.1). */
export function sendNext(state: ChargePointState, atMs: number): Decided {
  const { link, inFlight, waiting } = state.live;
  const [commandId, ...rest] = waiting;
  if (link === null || !link.ready || inFlight !== null || commandId === undefined) return { state, effects: [] };
  const command = commandOf(state, commandId);
  if (command === null) return sendNext(withLive(state, { waiting: rest }), atMs);
  const sent = advanced(command, 'sent', atMs);
  const next = withLive(remember(state, sent), { waiting: rest, inFlight: commandId });
  const { call } = command;
  const draft = sentLine(state, command, atMs);
  const alarm: Alarm = { type: 'no-answer', commandId, atMs: atMs + CALL_ANSWER_MS };
  return {
    state: next,
    effects: [
      save(state, sent),
      { type: 'call', linkId: link.linkId, callId: commandId, call, draft },
      { type: 'wake', key: `no-answer/${commandId}`, atMs: alarm.atMs, message: alarm, volatile: true },
    ],
  };
}

/** The charger answered one of our calls, in time or late. */
export function onAnswered(before: ChargePointState, message: ReadyResult): Decided {
  const { outcome, request, frame, atMs } = message;
  const state = counted(reachedAgain(before), outcome.ok ? outcome.tolerated : [], atMs);
  const command = commandOf(state, message.callId);
  if (command === null) return unexpected(state, message);
  const answered = outcome.ok
    ? read(command, outcome.answer, atMs)
    : advanced(command, 'refused', atMs, { cause: 'unreadable-answer', detail: outcome.fault.detail });
  const level = answered.phase === 'refused' ? 'problem' : 'info';
  if (command.ended) {
    // After its time, what the answer says still counts; after a sign or a lost link it changes nothing (field-15).
    const isLate = command.cause === 'no-answer' && outcome.ok;
    const told: CommandView = isLate ? { ...answered, cause: 'late-answer', ended: true } : command;
    const line = answerLine(state, told, { atMs, level, request, answer: frame });
    if (!isLate) return freed({ state, effects: [line] }, message.callId, atMs);
    const knowing = learnt(state, command.call, outcome.answer);
    return freed({ state: remember(knowing, told), effects: [line, save(state, told)] }, message.callId, atMs);
  }
  const knowing = outcome.ok ? learnt(state, command.call, outcome.answer) : state;
  return released(knowing, answered, atMs, [answerLine(state, answered, { atMs, level, request, answer: frame })]);
}

/** The charger refused one of our calls with a CALLERROR. */
export function onCallError(before: ChargePointState, error: ReadyCallError): Decided {
  const state = reachedAgain(before);
  const { callId, code, description, request, frame, atMs } = error;
  const command = commandOf(state, callId);
  if (command === null) return unexpected(state, error);
  const line = answerLine(state, command, { atMs, level: 'problem', request, answer: frame });
  if (command.ended) return freed({ state, effects: [line] }, callId, atMs);
  const cause = code === 'NotImplemented' || code === 'NotSupported' ? 'not-supported' : 'call-error';
  const detail = description === '' ? code : `${code}: ${description}`;
  return released(state, advanced(command, 'refused', atMs, { cause, detail: detail.slice(0, 200) }), atMs, [line]);
}

/** Nobody answers where the charger is said to listen: « injoignable », until a call of ours gets through. */
export function onUnreachable(known: ChargePointState, message: Unreached): Decided {
  const { callId, linkId, why, address, atMs } = message;
  if (known.live.link?.linkId !== linkId) return { state: known, effects: [] };
  const sinceMs = known.live.unreachable?.sinceMs ?? atMs;
  const state = withLive(known, { unreachable: { sinceMs, why, address } });
  const command = commandOf(state, callId);
  if (command === null || command.ended) return freed({ state, effects: [] }, callId, atMs);
  const detail = address === null ? why : `${why} ${address}`.slice(0, 200);
  return released(state, advanced(command, 'failed', atMs, { cause: 'unreachable', detail }), atMs, []);
}

function reachedAgain(state: ChargePointState): ChargePointState {
  return state.live.unreachable === null ? state : withLive(state, { unreachable: null });
}

/** An answer to a call that we never made: a line of the journal, except in a flood. */
function unexpected(state: ChargePointState, message: ReadyResult | ReadyCallError): Decided {
  const { callId, frame, atMs } = message;
  const effects = frame === null ? [] : [unexpectedLine(state, { atMs, answer: frame })];
  return freed({ state, effects }, callId, atMs);
}

/** No answer came in time: the way is free for the next call; a late answer is still recorded (field-15). */
export function onNoAnswer(state: ChargePointState, alarm: { commandId: string; atMs: number }): Decided {
  const command = commandOf(state, alarm.commandId);
  if (command === null || command.ended) return freed({ state, effects: [] }, alarm.commandId, alarm.atMs);
  // What the charger did since has told more than its answer would have.
  if (command.phase !== 'sent') return released(state, command, alarm.atMs, []);
  return released(state, advanced(command, 'failed', alarm.atMs, { cause: 'no-answer' }), alarm.atMs, []);
}

/** The charger had promised, and nothing came of it (field-32). */
export function onNoOutcome(state: ChargePointState, alarm: { commandId: string; atMs: number }): Decided {
  const command = commandOf(state, alarm.commandId);
  if (command === null || command.ended) return { state, effects: [] };
  const cause =
    command.call.action === 'RemoteStopTransaction'
      ? 'not-stopped'
      : reached(command, 'plugged')
        ? 'not-started'
        : 'not-plugged';
  const failed = advanced(command, 'failed', alarm.atMs, { cause });
  return { state: remember(state, failed), effects: saveFailed(state, failed, alarm.atMs) };
}

export function onSign(state: ChargePointState, sign: Sign, atMs: number): Decided {
  const command = state.durable.commands.find((one) => !one.ended && promised(one, sign));
  if (command === undefined) return { state, effects: [] };
  const next = follow(command, sign, atMs);
  if (next === command) return { state, effects: [] };
  const cancel: Effect[] = next.ended
    ? [{ type: 'wake', key: `no-outcome/${command.commandId}`, atMs: null, volatile: true }]
    : [];
  return { state: remember(state, next), effects: [...saved(state, next, atMs), ...cancel] };
}

/** The link is gone: what waited or was under way fails at once (field-09). */
export function failAll(state: ChargePointState, atMs: number): Decided {
  const cut = state.durable.commands.filter((one) => one.phase === 'queued' || one.phase === 'sent');
  if (cut.length === 0 && state.live.inFlight === null) return { state, effects: [] };
  const failed = cut.map((one) => advanced(one, 'failed', atMs, { cause: 'link-lost' }));
  const next = failed.reduce(remember, withLive(state, { waiting: [], inFlight: null }));
  return { state: next, effects: failed.flatMap((one) => saveFailed(state, one, atMs)) };
}

function released(state: ChargePointState, command: CommandView, atMs: number, before: Effect[]): Decided {
  const { commandId } = command;
  const remembered = remember(state, command);
  const alarm: Alarm = { type: 'no-outcome', commandId, atMs: atMs + OUTCOME_MS };
  const watch: Effect[] = command.ended
    ? []
    : [{ type: 'wake', key: `no-outcome/${commandId}`, atMs: alarm.atMs, message: alarm, volatile: true }];
  return freed({ state: remembered, effects: [...before, ...saved(state, command, atMs), ...watch] }, commandId, atMs);
}

/** A refusal has the line of its answer; what failed without a word of the charger needs one of ours. */
function saved(state: ChargePointState, command: CommandView, atMs: number): Effect[] {
  return command.phase === 'failed' ? saveFailed(state, command, atMs) : [save(state, command)];
}

/**
 * The way is free for the next call. A command may have ended before its answer came: a charger that starts or stops
 * at once tells of the transaction first (field-14).
 */
function freed(decided: Decided, commandId: string, atMs: number): Decided {
  const { state, effects } = decided;
  if (state.live.inFlight !== commandId) return decided;
  const sent = sendNext(withLive(state, { inFlight: null }), atMs);
  const cancel: Effect = { type: 'wake', key: `no-answer/${commandId}`, atMs: null, volatile: true };
  return { state: sent.state, effects: [...effects, cancel, ...sent.effects] };
}

function remember(state: ChargePointState, command: CommandView): ChargePointState {
  const { commands } = state.durable;
  // A whole configuration is kept once, as the charger's, not with every command that read it.
  const slim = command.answer?.action === 'GetConfiguration' ? { ...command, answer: null } : command;
  const at = commands.findIndex((one) => one.commandId === command.commandId);
  return withDurable(state, { commands: at < 0 ? latest([slim, ...commands]) : commands.with(at, slim) });
}

/** Oldest first, what has ended is forgotten, then promises; never what is on its way, for its answer must find it. */
function latest(commands: readonly CommandView[]): readonly CommandView[] {
  const ended = commands.findLastIndex((one) => one.ended);
  const forgotten =
    ended >= 0 ? ended : commands.findLastIndex((one) => one.phase !== 'queued' && one.phase !== 'sent');
  return commands.length <= COMMANDS_KEPT || forgotten < 0 ? commands : commands.toSpliced(forgotten, 1);
}

function commandOf(state: ChargePointState, commandId: string): CommandView | null {
  return state.durable.commands.find((one) => one.commandId === commandId) ?? null;
}
