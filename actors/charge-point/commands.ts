import { replyWith, store, type Decision, type Effect } from '#actors/decision.ts';
import { idTagKey } from '#src/domain/ids.ts';
import type { AnswerFromChargePoint, CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { CommandCause, CommandPhase, CommandRequest, CommandView } from './messages.ts';
import { withDurable, withLive, type Alarm, type ChargePointState, type ReadyResult } from './state.ts';

/** How long a charger may take to answer a call: some take a minute on a mobile link (field-15). */
export const CALL_ANSWER_MS = 90_000;
/** How long a promise may take to come true: the driver has to walk up and plug in (field-32). */
export const OUTCOME_MS = 180_000;
/** Commands that wait for one charger; one more is refused. */
export const COMMANDS_WAITING_MAX = 20;
/** Commands that a charge point remembers; older ones are on disk. */
const COMMANDS_KEPT = COMMANDS_WAITING_MAX + 4;

type Decided = Decision<ChargePointState>;

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
    return { state: remember(state, failed), effects: [save(state, failed), replyWith(request.replyTo, failed)] };
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
  const draft = {
    atMs,
    chargePointId: state.chargePointId,
    connectorId: connectorIdOf(call),
    level: 'info',
    kind: 'frame-out',
    name: call.action,
    answer: null,
    note: `command ${commandId} by ${command.requestedBy}`,
  } as const;
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
export function onAnswered(state: ChargePointState, message: ReadyResult): Decided {
  const command = commandOf(state, message.callId);
  const { outcome, atMs } = message;
  if (command === null && message.frame === null) return { state, effects: [] };
  const level = outcome.ok ? 'debug' : 'problem';
  const journal: Effect = store({
    type: 'event',
    event: {
      atMs,
      chargePointId: state.chargePointId,
      connectorId: command === null ? null : connectorIdOf(command.call),
      level,
      kind: 'frame-in',
      name: command?.call.action ?? 'unexpected-answer',
      request: null,
      answer: message.frame,
      note: command === null ? `no call ${message.callId.slice(0, 40)}` : `command ${message.callId}`,
    },
  });
  if (command === null || command.ended) {
    const told = command === null ? { state, effects: [journal] } : late(state, command, message, journal);
    return freed(told, message.callId, atMs);
  }
  const answered = outcome.ok
    ? read(command, outcome.answer, atMs)
    : advanced(command, 'refused', atMs, { cause: 'unreadable-answer', detail: outcome.fault.detail });
  const learned =
    outcome.ok && outcome.answer.action === 'GetConfiguration' ? learn(state, outcome.answer.configurationKey) : state;
  return released(learned, answered, atMs, [journal]);
}

/** The charger refused one of our calls with a CALLERROR. */
export function onCallError(
  state: ChargePointState,
  error: { callId: string; code: string; description: string; frame: string | null; atMs: number },
): Decided {
  const { callId, code, description, frame, atMs } = error;
  const command = commandOf(state, callId);
  if (command === null && frame === null) return { state, effects: [] };
  const name = command?.call.action ?? 'unexpected-answer';
  const connectorId = command === null ? null : connectorIdOf(command.call);
  const journal: Effect = store({
    type: 'event',
    event: {
      atMs,
      chargePointId: state.chargePointId,
      connectorId,
      level: 'problem',
      kind: 'frame-in',
      name,
      request: null,
      answer: frame,
      note: code.slice(0, 60),
    },
  });
  if (command === null || command.ended) return freed({ state, effects: [journal] }, callId, atMs);
  const cause = code === 'NotImplemented' || code === 'NotSupported' ? 'not-supported' : 'call-error';
  const detail = description === '' ? code : `${code}: ${description}`;
  return released(state, advanced(command, 'refused', atMs, { cause, detail: detail.slice(0, 200) }), atMs, [journal]);
}

/** No answer came in time: the way is free for the next call; a late answer is still recorded (field-15). */
export function onNoAnswer(state: ChargePointState, alarm: { commandId: string; atMs: number }): Decided {
  const command = commandOf(state, alarm.commandId);
  if (command === null || command.ended) return freed({ state, effects: [] }, alarm.commandId, alarm.atMs);
  // What the charger did since has told more than its answer would have.
  const waited = command.phase === 'sent' ? advanced(command, 'failed', alarm.atMs, { cause: 'no-answer' }) : command;
  return released(state, waited, alarm.atMs, []);
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
  return { state: remember(state, failed), effects: [save(state, failed)] };
}

/** What the charger did shows how far a promised start or stop has got (field-32). */
export type Sign =
  | { readonly seen: 'authorised'; readonly idTag: string; readonly accepted: boolean }
  | { readonly seen: 'plugged'; readonly connectorId: number }
  | { readonly seen: 'started'; readonly connectorId: number; readonly idTag: string; readonly accepted: boolean }
  | { readonly seen: 'stopped'; readonly transactionId: number };

export function onSign(state: ChargePointState, sign: Sign, atMs: number): Decided {
  const command = state.durable.commands.find((one) => !one.ended && promised(one, sign));
  if (command === undefined) return { state, effects: [] };
  const next = follow(command, sign, atMs);
  if (next === command) return { state, effects: [] };
  const cancel: Effect[] = next.ended
    ? [{ type: 'wake', key: `no-outcome/${command.commandId}`, atMs: null, volatile: true }]
    : [];
  return { state: remember(state, next), effects: [save(state, next), ...cancel] };
}

/** The link is gone: what waited or was under way fails at once (field-09). */
export function failAll(state: ChargePointState, atMs: number): Decided {
  const cut = state.durable.commands.filter((one) => one.phase === 'queued' || one.phase === 'sent');
  if (cut.length === 0 && state.live.inFlight === null) return { state, effects: [] };
  const failed = cut.map((one) => advanced(one, 'failed', atMs, { cause: 'link-lost' }));
  const next = failed.reduce(remember, withLive(state, { waiting: [], inFlight: null }));
  return { state: next, effects: failed.map((one) => save(state, one)) };
}

/** A command that a restart cut off: its outcome will never be known. */
export function orphaned(command: CommandView, atMs: number): CommandView {
  return advanced(command, 'failed', atMs, { cause: 'restart' });
}

export function save(state: Pick<ChargePointState, 'chargePointId'>, command: CommandView): Effect {
  const { commandId, call, requestedBy, requestedAtMs } = command;
  const { chargePointId } = state;
  const connectorId = connectorIdOf(call);
  return store({
    type: 'command',
    command: { commandId, chargePointId, connectorId, name: call.action, state: command, requestedBy, requestedAtMs },
  });
}

function released(state: ChargePointState, command: CommandView, atMs: number, before: Effect[]): Decided {
  const { commandId } = command;
  const remembered = remember(state, command);
  const alarm: Alarm = { type: 'no-outcome', commandId, atMs: atMs + OUTCOME_MS };
  const watch: Effect[] = command.ended
    ? []
    : [{ type: 'wake', key: `no-outcome/${commandId}`, atMs: alarm.atMs, message: alarm, volatile: true }];
  return freed({ state: remembered, effects: [...before, save(state, command), ...watch] }, commandId, atMs);
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

function late(state: ChargePointState, command: CommandView, message: ReadyResult, journal: Effect): Decided {
  if (command.cause !== 'no-answer' || !message.outcome.ok) return { state, effects: [journal] };
  const { answer } = message.outcome;
  const told: CommandView = { ...read(command, answer, message.atMs), cause: 'late-answer', ended: true };
  const learned = answer.action === 'GetConfiguration' ? learn(state, answer.configurationKey) : state;
  return { state: remember(learned, told), effects: [journal, save(state, told)] };
}

const SUCCESSES: ReadonlySet<string> = new Set(['Accepted', 'Scheduled', 'RebootRequired', 'Unlocked']);
const UNSUPPORTED: ReadonlySet<string> = new Set([
  'NotSupported',
  'NotImplemented',
  'UnknownVendorId',
  'UnknownMessageId',
]);

function read(command: CommandView, answer: AnswerFromChargePoint, atMs: number): CommandView {
  if (answer.action === 'GetConfiguration') return { ...advanced(command, 'done', atMs), answer };
  const detail = answer.status;
  if (UNSUPPORTED.has(answer.status))
    return { ...advanced(command, 'refused', atMs, { cause: 'not-supported', detail }), answer };
  if (!SUCCESSES.has(answer.status))
    return { ...advanced(command, 'refused', atMs, { cause: 'rejected', detail }), answer };
  const promise = command.call.action === 'RemoteStartTransaction' || command.call.action === 'RemoteStopTransaction';
  return { ...advanced(command, promise ? 'accepted' : 'done', atMs, { detail }), answer };
}

function promised(command: CommandView, sign: Sign): boolean {
  const { call } = command;
  if (call.action === 'RemoteStopTransaction')
    return sign.seen === 'stopped' && sign.transactionId === call.transactionId;
  if (call.action !== 'RemoteStartTransaction' || sign.seen === 'stopped') return false;
  // A charger may show signs before it has answered us: both sides may speak at once (field-14).
  if (command.phase === 'queued') return false;
  const here = sign.seen === 'authorised' || call.connectorId === undefined || call.connectorId === sign.connectorId;
  return here && (sign.seen === 'plugged' || idTagKey(sign.idTag) === idTagKey(call.idTag));
}

function follow(command: CommandView, sign: Sign, atMs: number): CommandView {
  switch (sign.seen) {
    case 'stopped':
      return advanced(command, 'done', atMs);
    case 'authorised':
      if (!sign.accepted) return advanced(command, 'failed', atMs, { cause: 'not-authorised' });
      return reached(command, 'authorised') ? command : advanced(command, 'authorised', atMs);
    case 'plugged':
      return reached(command, 'plugged') ? command : advanced(command, 'plugged', atMs);
    case 'started':
      return sign.accepted
        ? advanced(command, 'started', atMs)
        : advanced(command, 'failed', atMs, { cause: 'not-authorised' });
  }
}

/** A sign that was seen before adds no step: a charger may repeat itself for as long as it likes. */
function reached(command: CommandView, phase: CommandPhase): boolean {
  return command.steps.some((step) => step.phase === phase);
}

const ENDS: ReadonlySet<CommandPhase> = new Set(['started', 'done', 'refused', 'failed']);

function advanced(
  command: CommandView,
  phase: CommandPhase,
  atMs: number,
  why: { cause?: CommandCause; detail?: string } = {},
): CommandView {
  return {
    ...command,
    phase,
    cause: why.cause ?? null,
    detail: why.detail ?? command.detail,
    steps: [...command.steps, { phase, atMs }],
    ended: ENDS.has(phase),
  };
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

function connectorIdOf(call: CallToChargePoint): number | null {
  return 'connectorId' in call ? (call.connectorId ?? null) : null;
}

/** Values just read replace those of the same key; a partial read forgets nothing. */
function learn(state: ChargePointState, keys: ChargePointState['durable']['configuration']): ChargePointState {
  const byKey = new Map(state.durable.configuration.map((one) => [one.key.toLowerCase(), one]));
  for (const one of keys) byKey.set(one.key.toLowerCase(), one);
  return withDurable(state, { configuration: [...byKey.values()].slice(0, CONFIGURATION_KEYS_MAX) });
}
/** Keys remembered of one charger; real ones have fewer than 200. */
const CONFIGURATION_KEYS_MAX = 500;
