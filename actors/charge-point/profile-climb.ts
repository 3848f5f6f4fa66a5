import type { Effect } from '#actors/decision.ts';
import { editionActorId } from '#actors/edition/actor.ts';
import { isSameHabit, type Habit } from '#actors/edition/habit.ts';
import type { EditionMessage } from '#actors/edition/messages.ts';
import type { AnswerFromChargePoint, CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { advanced } from './command-steps.ts';
import { remember } from './kept-commands.ts';
import { laidDown } from './laid.ts';
import type { CommandView, ProfileProgress } from './messages.ts';
import {
  allowedA,
  connectorsBy,
  habitAfter,
  habitBy,
  ladderOf,
  limitA,
  PHASES_USUAL,
  phasesOf,
  type SetProfile,
} from './profile-ladder.ts';
import { measureNext, over, type Climbed } from './profile-measure.ts';
import { editionOf } from './quirks.ts';
import { withDurable, withLive, type ChargePointState } from './state.ts';
import type { Climb, Errand } from './under-way.ts';

/** What a charger said to one call of a climb. */
export type Said =
  | { readonly type: 'answer'; readonly answer: AnswerFromChargePoint }
  | { readonly type: 'fault'; readonly detail: string }
  | { readonly type: 'silence'; readonly why: 'no-answer' | 'unreachable' };

/** A composite schedule is asked for so many seconds: what holds now is all that is looked at. */
const COMPOSITE_S = 60;
/** Kept of one charger: more than it has connectors. */
const STAND_INS_MAX = 24;
/** Chargers round, and tell tenths. */
const ROUNDING_A = 0.15;

/** The first rung, when the command leaves; null for a command that is no limit, or one without facts. */
export function climbBegun(state: ChargePointState, { call, profile }: CommandView, atMs: number): Climb | null {
  if (call.action !== 'SetChargingProfile' || profile === undefined) return null;
  const { configuration, connectors } = state.durable;
  // All that anyone knows of: one that has not spoken yet may charge all the same.
  const most = Math.max(connectors.length, profile.declared ?? 0, connectorsBy(configuration));
  const all = new Set([...connectors, ...Array.from({ length: most }, (_, index) => index + 1)]);
  const phases = phasesOf(call.connectorId, [...all], profile.singlePhase ?? []);
  const facts = { habit: habitBy(profile.habit, configuration), connectors: most, phases, atMs };
  return { ladder: ladderOf(call, facts), rung: 0, stage: 'asking', measures: 0, measuredMa: {} };
}

/** The charger's word on the rung that was tried (field-30): the next one, or on to what confirms it. */
export function profileHeard(state: ChargePointState, command: CommandView, said: Said, atMs: number): Climbed | null {
  const climb = climbOf(state, command);
  if (climb === null || climb.stage !== 'asking') return null;
  const word = wordOf(said);
  if (word === 'Accepted') return accepted(state, command, climb, atMs);
  if (said.type === 'silence') return over(state, advanced(command, 'failed', atMs, { cause: said.why }));
  if (said.type === 'fault' && isUnknownCall(said.detail))
    return over(state, advanced(tried(command, climb, word, atMs), 'refused', atMs, { cause: 'not-supported' }));
  return nextRung(state, tried(command, climb, word, atMs), climb, atMs);
}

/** What the charger says that it goes by now. One that says more than it has taken did not take it. */
export function compositeHeard(state: ChargePointState, command: CommandView, said: Said, atMs: number): Climbed {
  const climb = climbOf(state, command);
  if (climb === null || climb.stage !== 'composite') return { state, command, effects: [] };
  const taken = climb.ladder[climb.rung];
  const told = said.type === 'answer' && said.answer.action === 'GetCompositeSchedule' ? said.answer : null;
  const { connectors } = state.durable;
  const phases = phasesOf(taken?.connectorId ?? 0, connectors, command.profile?.singlePhase ?? []);
  const scheduledA = told?.chargingSchedule === undefined ? null : allowedA(told.chargingSchedule, 0, phases);
  const limit = taken === undefined ? null : limitA(taken, atMs, phases);
  if (told?.status === 'Accepted' && scheduledA !== null && limit !== null) {
    const known = progress(command, { scheduledA });
    if (scheduledA <= limit + ROUNDING_A) return measureNext(state, advanced(known, 'confirmed', atMs), atMs);
    if (tellsOfLimit(command, taken)) return nextRung(state, tried(known, climb, 'not-applied', atMs), climb, atMs);
  }
  const lacks = said.type === 'fault' && isUnknownCall(said.detail);
  const effects = lacks ? learn(state, { ...habitOf(command), lacksComposite: true }, atMs) : [];
  const next = measureNext(state, command, atMs);
  return { ...next, effects: [...effects, ...next.effects] };
}

function climbOf({ live }: ChargePointState, { commandId }: CommandView): Climb | null {
  return live.climbs[commandId] ?? null;
}

/** Limits of a transaction show in the schedule of a connector that charges; that of the box always does. */
function tellsOfLimit({ profile }: CommandView, taken: SetProfile | undefined): boolean {
  if (taken === undefined) return false;
  if (taken.csChargingProfiles.chargingProfilePurpose === 'ChargePointMaxProfile') return true;
  return profile?.charging.includes(taken.connectorId) === true;
}

function accepted(state: ChargePointState, command: CommandView, climb: Climb, atMs: number): Climbed {
  const { call } = command;
  const taken = climb.ladder[climb.rung];
  if (taken === undefined || call.action !== 'SetChargingProfile') return { state, command, effects: [] };
  const answer = { action: 'SetChargingProfile', status: 'Accepted' } as const;
  const told = advanced({ ...tried(command, climb, 'Accepted', atMs), answer }, 'accepted', atMs, {
    detail: 'Accepted',
  });
  // That of a transaction ends with it, whatever purpose had to stand for it.
  const isOfSession = call.csChargingProfiles.chargingProfilePurpose === 'TxProfile';
  const laid = isOfSession ? standingIn(state, call, taken) : laidDown(state, { ...told, call: taken });
  const habit = habitAfter(habitOf(command), call, taken);
  const effects = learn(state, habit, atMs, habitOf(command));
  const known = progress(told, { habit });
  const asks = !habit.lacksComposite && limitA(taken, atMs, PHASES_USUAL) !== null;
  if (!asks) {
    const next = measureNext(laid, known, atMs);
    return { ...next, effects: [...effects, ...next.effects] };
  }
  const errand: Errand = {
    callId: `${command.commandId}.c${climb.rung}`,
    call: { action: 'GetCompositeSchedule', connectorId: taken.connectorId, duration: COMPOSITE_S },
    by: command.requestedBy,
    commandId: command.commandId,
  };
  const climbs = { ...laid.live.climbs, [command.commandId]: { ...climb, stage: 'composite' as const } };
  return { state: withLive(laid, { climbs, errands: [...laid.live.errands, errand] }), command: known, effects };
}

/** A newer limit leaves, or a clearing: what the older ones there come to cannot be seen any more. */
export function superseded(
  before: ChargePointState,
  by: CallToChargePoint,
  atMs: number,
): { readonly state: ChargePointState; readonly older: readonly CommandView[] } {
  const isAbout = (connectorId: number): boolean => {
    if (by.action === 'ClearChargingProfile') return true;
    return by.action === 'SetChargingProfile' && (connectorId * by.connectorId === 0 || connectorId === by.connectorId);
  };
  const older = before.durable.commands
    .filter(({ commandId, ended }) => {
      const climb = before.live.climbs[commandId];
      return climb !== undefined && !ended && isAbout(climb.ladder[climb.rung]?.connectorId ?? 0);
    })
    .map((one) => advanced(one, 'done', atMs, { cause: 'superseded' }));
  const state = older.reduce((now, one) => remember(over(now, one).state, one), before);
  return { state, older };
}

/** What stands for the profile of a transaction would limit those after it, too. */
function standingIn(state: ChargePointState, asked: SetProfile, taken: SetProfile): ChargePointState {
  const { transactionId, chargingProfileId: profileId } = asked.csChargingProfiles;
  const others = state.durable.standIns.filter((one) => one.profileId !== profileId);
  const isStandIn = transactionId !== undefined && taken.csChargingProfiles.chargingProfilePurpose !== 'TxProfile';
  if (!isStandIn && others.length === state.durable.standIns.length) return state;
  const own = isStandIn ? [{ transactionId, profileId }] : [];
  return withDurable(state, { standIns: [...others, ...own].slice(-STAND_INS_MAX) });
}

/** The transaction is over: what stood for its profile goes. */
export function standInsGone(state: ChargePointState, transactionId: number): ChargePointState {
  const { standIns } = state.durable;
  if (standIns.every((one) => one.transactionId !== transactionId)) return state;
  const told = standIns.map((one) => (one.transactionId === transactionId ? { ...one, ended: true as const } : one));
  return standInsCleared(withDurable(state, { standIns: told }));
}

/** What stood for limits of charges that are over is cleared next: before a newer limit of the same id is laid down. */
export function standInsCleared(state: ChargePointState): ChargePointState {
  const { errand, errands } = state.live;
  const clearing = state.durable.standIns
    .filter(({ ended }) => ended === true)
    .map(({ transactionId, profileId }): Errand => ({
      callId: `clear-${transactionId}-${profileId}`,
      call: { action: 'ClearChargingProfile', id: profileId },
      by: null,
      urgent: true,
    }))
    .filter(({ callId }) => [errand, ...errands].every((one) => one?.callId !== callId));
  return clearing.length === 0 ? state : withLive(state, { errands: [...clearing, ...errands] });
}

/** The charger's word on a clearing: whatever it says, there is nothing more to ask. Silence says nothing. */
export function clearingHeard(state: ChargePointState, profileId: number | undefined, said: Said): ChargePointState {
  if (said.type === 'silence') return state;
  const standIns = state.durable.standIns.filter((one) => one.ended !== true || one.profileId !== profileId);
  return standIns.length === state.durable.standIns.length ? state : withDurable(state, { standIns });
}

/** It goes before everything that waits, or an older limit would come after a newer one. */
function nextRung(state: ChargePointState, command: CommandView, climb: Climb, atMs: number): Climbed {
  const { commandId, requestedBy } = command;
  const rung = climb.rung + 1;
  const call = climb.ladder[rung];
  const last = command.profile?.trials.at(-1)?.said;
  if (call === undefined)
    return over(
      state,
      advanced(command, 'refused', atMs, {
        cause: last === 'not-applied' ? 'not-applied' : last === 'NotSupported' ? 'not-supported' : 'rejected',
        ...(last !== undefined && last !== 'not-applied' && { detail: last }),
      }),
    );
  const errand: Errand = { callId: `${commandId}.${rung}`, call, by: requestedBy, commandId, urgent: true };
  const climbs = { ...state.live.climbs, [commandId]: { ...climb, rung, stage: 'asking' as const } };
  const errands = [errand, ...state.live.errands];
  return { state: withLive(state, { climbs, errands }), command, effects: [] };
}

function tried(command: CommandView, { ladder, rung }: Climb, said: string, atMs: number): CommandView {
  const call = ladder[rung];
  const trials = command.profile?.trials ?? [];
  if (call === undefined) return command;
  const before = said === 'not-applied' ? trials.filter((one) => one.call !== call) : trials;
  return progress(command, { trials: [...before, { call, said, atMs }] });
}

function progress(command: CommandView, change: Partial<ProfileProgress>): CommandView {
  return command.profile === undefined ? command : { ...command, profile: { ...command.profile, ...change } };
}

function habitOf({ profile }: CommandView): Habit {
  if (profile === undefined) throw new Error('a limit without what its edition takes');
  return profile.habit;
}

/** Other chargers of this edition begin where this one has arrived. */
function learn(state: ChargePointState, habit: Habit, atMs: number, known: Habit | null = null): Effect[] {
  const to = editionActorId(editionOf(state.durable.boot));
  if (to === null || (known !== null && isSameHabit(known, habit))) return [];
  const message: EditionMessage = { type: 'learn', habit, by: state.chargePointId, atMs };
  return [{ type: 'tell', to, message }];
}

/** A status, or the code of a CALLERROR. */
function wordOf(said: Said): string {
  if (said.type === 'silence') return said.why;
  if (said.type === 'fault') return said.detail;
  return 'status' in said.answer ? said.answer.status : 'Accepted';
}

/** It does not know the call itself, so that no other way of asking helps. */
function isUnknownCall(detail: string): boolean {
  return /^Not(Implemented|Supported)\b/.test(detail);
}
