import { replyWith, store, type Decision, type Effect } from '#actors/decision.ts';
import { answerLine, errandLine, save, saveFailed, unexpectedLine } from './command-lines.ts';
import { advanced, follow, promised, read, usefulUntilMs, waitsForLink, type Sign } from './command-steps.ts';
import { learnt } from './configuration.ts';
import { errandHeard, type Heard } from './errands.ts';
import { commandOf, hasRoomFor, remember } from './kept-commands.ts';
import { laidDown } from './laid.ts';
import { profileHeard, type Said } from './profile-climb.ts';
import { measured, measureDue, over as settled, type Climbed } from './profile-measure.ts';
import { passwordOutcome, passwordRow, withPassword } from './password.ts';
import { brokenPromise, outcomeAlarm } from './promises.ts';
import { shownCall } from './secrets.ts';
import type { LinkMessage } from '#src/wire/link-message.ts';
import type { AnswerFromChargePoint } from '#src/wire/ocpp/messages.ts';
import type { CommandView } from './messages.ts';
import { overruled } from './outcomes.ts';
import { beginReading, toldAll } from './reading.ts';
import {
  counted,
  withLive,
  type ChargePointState,
  type ReadyCall,
  type ReadyCallError,
  type ReadyCommand,
  type ReadyResult,
} from './state.ts';
import type { Errand } from './under-way.ts';
import { sendNext } from './sending.ts';
import { expiry, expiryGone } from './waiting.ts';
import { HELD_BACK_MS, heldNoLonger, isPatient, notThere } from './way.ts';

type Decided = Decision<ChargePointState>;
type Unreached = Extract<LinkMessage, { type: 'unreachable' }>;
type Asked = Omit<ReadyCommand, 'type' | 'replyTo'> & Pick<CommandView, 'limit'>;

/** A person or a program asks for a call. Without a link it is refused at once (PRC-19), unless it may wait for one. */
export function onRequest(known: ChargePointState, { way = null, ...request }: ReadyCommand): Decided {
  const tried = heldNoLonger(known);
  const state = way === null || known.live.link !== null ? tried : withLive(tried, { way });
  const { command, ...decided } = enqueued(state, request);
  return { state: decided.state, effects: [...decided.effects, replyWith(request.replyTo, command)] };
}

/** The same for a call that nobody waits to hear of. */
export function enqueued(state: ChargePointState, request: Asked): Decided & { readonly command: CommandView } {
  const { expiresAtMs } = request;
  const waits = expiresAtMs !== undefined;
  const asked: CommandView = {
    commandId: request.commandId,
    call: shownCall(request.call),
    requestedBy: request.requestedBy,
    requestedAtMs: request.atMs,
    ...(waits && { expiresAtMs: Math.min(expiresAtMs, usefulUntilMs(request.call, request.atMs)) }),
    ...(request.file !== undefined && { file: request.file }),
    ...(request.batchId !== undefined && { batchId: request.batchId }),
    ...(request.limit !== undefined && { limit: request.limit }),
    ...(request.profile !== undefined && {
      profile: { ...request.profile, trials: [], scheduledA: null, measuredMa: null },
    }),
    phase: 'queued',
    cause: null,
    detail: null,
    answer: null,
    ended: false,
    steps: [{ phase: 'queued', atMs: request.atMs }],
  };
  const refusal =
    state.live.link === null && state.live.way === null && !waits
      ? 'no-link'
      : hasRoomFor(state, request.commandId)
        ? null
        : 'too-many-waiting';
  if (refusal !== null) {
    const failed = advanced(asked, 'failed', request.atMs, { cause: refusal });
    return { state: remember(state, failed), effects: saveFailed(state, failed, request.atMs), command: failed };
  }
  // One that was withdrawn, or whose time is over, leaves no secret behind.
  const unshown = Object.fromEntries(
    Object.entries(state.live.unshown).filter(([id]) => state.live.waiting.includes(id)),
  );
  const waiting = withLive(remember(state, asked), {
    waiting: [...state.live.waiting, asked.commandId],
    unshown: asked.call === request.call ? unshown : { ...unshown, [asked.commandId]: request.call },
    passwords: withPassword(state, request),
  });
  const sent = sendNext(waiting, request.atMs);
  const now = commandOf(sent.state, asked.commandId) ?? asked;
  const alarm = waitsForLink(now) ? expiry(now) : [];
  return { state: sent.state, effects: [save(state, now), ...alarm, ...sent.effects], command: now };
}

/** The charger answered one of our calls, in time or late. */
export function onAnswered(before: ChargePointState, message: ReadyResult): Decided {
  const { outcome, request, frame, atMs } = message;
  const state = counted(reachedAgain(before), outcome.ok ? outcome.tolerated : [], atMs);
  const { errand } = state.live;
  if (errand?.callId === message.callId) {
    const { outcome: said } = message;
    const heard: Heard = said.ok
      ? { type: 'answer', answer: said.answer }
      : { type: 'fault', detail: said.fault.detail };
    return errandOver(state, errand, heard, message);
  }
  const command = commandOf(state, message.callId);
  if (command === null) return unexpected(state, message);
  const said: Said = outcome.ok
    ? { type: 'answer', answer: outcome.answer }
    : { type: 'fault', detail: outcome.fault.code };
  const climbed = command.ended ? null : profileHeard(state, command, said, atMs);
  if (climbed !== null) return onClimbed(climbed, message);
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
    const knowing = withLive(informed(state, answered, outcome.answer, atMs), { isSlow: true });
    const late = [line, save(state, told), ...passwordOutcome(state, answered, atMs)];
    return freed({ state: remember(knowing, told), effects: late }, message.callId, atMs);
  }
  const line = answerLine(state, answered, { atMs, level, request, answer: frame });
  const told = outcome.ok && outcome.answer.action === 'GetConfiguration' ? outcome.answer.configurationKey : [];
  if (mayReadOn(state, command) && !toldAll(state, told)) {
    const learning = outcome.ok ? learnt(state, command.call, outcome.answer) : state;
    return freed({ state: beginReading(learning, command, told), effects: [line] }, command.commandId, atMs);
  }
  const knowing = outcome.ok ? informed(state, answered, outcome.answer, atMs) : state;
  return released(knowing, answered, atMs, [line, ...passwordOutcome(state, answered, atMs)]);
}

/** The charger's word on the first way of asking for a limit; what follows from it is under way. */
function onClimbed({ state, command, effects }: Climbed, message: ReadyResult | ReadyCallError): Decided {
  const { request, frame, atMs } = message;
  const isRefused = command.phase === 'refused' || command.phase === 'sent';
  const level = isRefused ? 'problem' : 'info';
  const line = answerLine(state, command, { atMs, level, request, answer: frame });
  const told = [line, ...effects, ...saved(state, command, atMs)];
  return freed({ state: remember(state, command), effects: told }, command.commandId, atMs);
}

/** What flows is asked for, or is waited for no longer (field-30). */
export function onMeasureDue(state: ChargePointState, alarm: { commandId: string; atMs: number }): Decided {
  const command = commandOf(state, alarm.commandId);
  if (command === null || command.ended) return { state: settled(state, alarm).state, effects: [] };
  const { atMs } = alarm;
  const due = measureDue(state, command, atMs);
  const kept = due.command === command ? due.state : remember(due.state, due.command);
  const sent = sendNext(kept, atMs);
  const told = due.command === command ? [] : saved(kept, due.command, atMs);
  return { state: sent.state, effects: [...due.effects, ...told, ...sent.effects] };
}

/** What flows was told: limits that wait for it are measured by it. */
export function onFlow(state: ChargePointState, told: Parameters<typeof measured>[2]): Decided {
  let decided: Decided = { state, effects: [] };
  for (const commandId of Object.keys(state.live.climbs)) {
    const command = commandOf(decided.state, commandId);
    const next = command === null || command.ended ? null : measured(decided.state, command, told);
    if (command === null || next === null) continue;
    const isTold = next.command !== command;
    const kept = isTold ? remember(next.state, next.command) : next.state;
    const rows = isTold ? saved(kept, next.command, told.atMs) : [];
    decided = { state: kept, effects: [...decided.effects, ...next.effects, ...rows] };
  }
  return decided;
}

/** What an answer tells of the charger: its configuration, what is in force there, what was laid down in it. */
function informed(
  state: ChargePointState,
  answered: CommandView,
  answer: AnswerFromChargePoint,
  atMs: number,
): ChargePointState {
  const { call } = answered;
  return laidDown(overruled(learnt(state, call, answer), call, answer, atMs), answered);
}

/** Was the whole configuration asked for, so that it may be read piece by piece instead (field-29)? */
function mayReadOn({ live }: ChargePointState, { call, phase }: CommandView): boolean {
  return call.action === 'GetConfiguration' && call.key === undefined && phase === 'sent' && live.reading === null;
}

/** The charger refused one of our calls with a CALLERROR. */
export function onCallError(before: ChargePointState, error: ReadyCallError): Decided {
  const state = reachedAgain(before);
  const { callId, code, description, request, frame, atMs } = error;
  const { errand } = state.live;
  if (errand?.callId === callId) return errandOver(state, errand, { type: 'fault', detail: code }, error);
  const command = commandOf(state, callId);
  if (command === null) return unexpected(state, error);
  const line = answerLine(state, command, { atMs, level: 'problem', request, answer: frame });
  if (command.ended) return freed({ state, effects: [line] }, callId, atMs);
  const climbed = profileHeard(state, command, { type: 'fault', detail: code }, atMs);
  if (climbed !== null) return onClimbed(climbed, error);
  const cause = code === 'NotImplemented' || code === 'NotSupported' ? 'not-supported' : 'call-error';
  if (cause === 'call-error' && mayReadOn(state, command))
    return freed({ state: beginReading(state, command, []), effects: [line] }, callId, atMs);
  const detail = description === '' ? code : `${code}: ${description}`;
  return released(state, advanced(command, 'refused', atMs, { cause, detail: detail.slice(0, 200) }), atMs, [
    line,
    ...passwordRow(state, command, 'refused', atMs),
  ]);
}

/** Nobody answers where the charger is said to listen: « injoignable », until a call of ours gets through. */
export function onUnreachable(known: ChargePointState, message: Unreached): Decided {
  const { callId, linkId, why, address, atMs } = message;
  const isWay = known.live.link === null && known.live.way === linkId;
  if (!isWay && known.live.link?.linkId !== linkId) return { state: known, effects: [] };
  const sinceMs = known.live.unreachable?.sinceMs ?? atMs;
  const state = withLive(known, { unreachable: { sinceMs, why, address } });
  const detail = address === null ? why : `${why} ${address}`.slice(0, 200);
  if (isWay) return notThere(state, { callId, detail, atMs });
  const { errand } = state.live;
  if (errand?.callId === callId)
    return errandOver(state, errand, { type: 'silence', why: 'unreachable' }, { request: null, frame: null, atMs });
  const command = commandOf(state, callId);
  if (command === null || command.ended) return freed({ state, effects: [] }, callId, atMs);
  if (isPatient(command, atMs))
    return notThere(withLive(state, { unreachable: { sinceMs, why, address, heldAtMs: atMs } }), {
      callId,
      detail,
      atMs,
    });
  const failed = advanced(command, 'failed', atMs, { cause: 'unreachable', detail });
  return released(settled(state, failed).state, failed, atMs, []);
}

/** A charger that was heard, and could not be called: what waits for it is tried again after it has spoken. */
export function onHeard(decided: Decided, { call, atMs }: Pick<ReadyCall, 'call' | 'atMs'>): Decided {
  const { state, effects } = decided;
  const heldAtMs = state.live.unreachable?.heldAtMs;
  if (heldAtMs === undefined || (call.action !== 'BootNotification' && atMs - heldAtMs < HELD_BACK_MS)) return decided;
  const sent = sendNext(heldNoLonger(state), atMs);
  return { state: sent.state, effects: [...effects, ...sent.effects] };
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
  const { errand } = state.live;
  if (errand?.callId === alarm.commandId) {
    const { atMs } = alarm;
    return errandOver(state, errand, { type: 'silence', why: 'no-answer' }, { request: null, frame: null, atMs });
  }
  const command = commandOf(state, alarm.commandId);
  if (command === null || command.ended) return freed({ state, effects: [] }, alarm.commandId, alarm.atMs);
  if (mayReadOn(state, command))
    return freed({ state: beginReading(state, command, 'silence'), effects: [] }, alarm.commandId, alarm.atMs);
  const silence: Said = { type: 'silence', why: 'no-answer' };
  const climbed = profileHeard(state, command, silence, alarm.atMs);
  if (climbed !== null) return released(climbed.state, climbed.command, alarm.atMs, []);
  // What the charger did since has told more than its answer would have.
  if (command.phase !== 'sent') return released(state, command, alarm.atMs, []);
  return released(state, advanced(command, 'failed', alarm.atMs, { cause: 'no-answer' }), alarm.atMs, []);
}

/** The charger had promised, and nothing came of it (field-32). */
export function onNoOutcome(state: ChargePointState, alarm: { commandId: string; atMs: number }): Decided {
  const command = commandOf(state, alarm.commandId);
  if (command === null || command.ended) return { state, effects: [] };
  const failed = advanced(command, 'failed', alarm.atMs, { cause: brokenPromise(command) });
  return { state: remember(state, failed), effects: saveFailed(state, failed, alarm.atMs) };
}

export function onSign(state: ChargePointState, sign: Sign, atMs: number): Decided {
  const command = state.durable.commands.find((one) => !one.ended && promised(one, sign));
  if (command === undefined) return { state, effects: [] };
  const next = follow(command, sign, atMs);
  return next === command ? { state, effects: [] } : onProgress(state, next, atMs);
}

/** The link is gone: what was under way fails at once (field-09), and what waited too, but `keep` keeps what may wait. */
export function failAll(state: ChargePointState, atMs: number, keep: boolean): Decided {
  const stageOf = ({ commandId, ended }: CommandView) => (ended ? null : (state.live.climbs[commandId]?.stage ?? null));
  // A limit that the charger did not go by is asked for in another way: that it took the first one says nothing.
  const cut = state.durable.commands.filter(
    (one) =>
      one.phase === 'sent' || stageOf(one) === 'asking' || (one.phase === 'queued' && !(keep && waitsForLink(one))),
  );
  const { waiting, inFlight, errands } = state.live;
  if (cut.length === 0 && inFlight === null && errands.length === 0) return { state, effects: [] };
  // The charger has taken these limits, and what it goes by will not be told any more.
  const unsure = state.durable.commands.filter((one) => stageOf(one) === 'composite');
  const failed = cut.map((one) => advanced(one, 'failed', atMs, { cause: 'link-lost' }));
  const left = waiting.filter((id) => cut.every((one) => one.commandId !== id));
  // What was taken already is measured by whatever comes next.
  const climbs = Object.fromEntries(
    Object.entries(state.live.climbs).filter(([id]) => [...cut, ...unsure].every((one) => one.commandId !== id)),
  );
  const idle = withLive(state, { waiting: left, inFlight: null, errands: [], errand: null, reading: null, climbs });
  const over = unsure.map((one) => advanced(one, 'done', atMs, { cause: 'not-measured' }));
  const next = [...failed, ...over].reduce(remember, idle);
  const gone = cut.filter(waitsForLink).flatMap(expiryGone);
  const told = [...failed.flatMap((one) => saveFailed(state, one, atMs)), ...over.map((one) => save(state, one))];
  return { state: next, effects: [...told, ...gone] };
}

/** The journal has the charger's word on an errand; the way is free for the next call. */
function errandOver(
  state: ChargePointState,
  errand: Errand,
  heard: Heard,
  { request, frame, atMs }: Pick<ReadyResult, 'request' | 'frame' | 'atMs'>,
): Decided {
  const { callId, call } = errand;
  const after = errandHeard(state, errand, heard, atMs);
  const level = isFine(errand, heard) ? 'info' : 'problem';
  // Without an answer the line says what was asked for: it stands alone.
  const asked = heard.type === 'silence' ? JSON.stringify(call) : request;
  const word = heard.type === 'silence' ? heard.why : null;
  const line = errandLine(state, errand, { atMs, level, kind: 'command', request: asked, answer: frame }, word);
  const effects: Effect[] = [store({ type: 'event', event: line })];
  if (after.command === null) return freed({ state: after.state, effects }, callId, atMs);
  const { command } = after;
  const told = remember(after.state, command);
  const all = [...effects, ...(after.effects ?? []), ...saved(told, command, atMs)];
  return freed({ state: told, effects: all }, callId, atMs);
}

/** A value of ours that a charger does not know is nobody's problem, one that a person forced is his. */
function isFine({ by }: Errand, heard: Heard): boolean {
  if (heard.type === 'silence') return false;
  const word = heard.type === 'fault' ? heard.detail : 'status' in heard.answer ? heard.answer.status : 'Accepted';
  return word === 'Accepted' || word === 'RebootRequired' || (by === null && /^Not(Supported|Implemented)$/.test(word));
}

/** A command is further, or at its end, by what the charger did. */
export function onProgress(state: ChargePointState, next: CommandView, atMs: number): Decided {
  const cancel: Effect[] = next.ended ? [outcomeAlarm(next, null)] : [];
  return { state: remember(state, next), effects: [...saved(state, next, atMs), ...cancel] };
}

function released(state: ChargePointState, command: CommandView, atMs: number, before: Effect[]): Decided {
  const { commandId } = command;
  const remembered = remember(state, command);
  const watch: Effect[] = command.ended ? [] : [outcomeAlarm(command, atMs)];
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
