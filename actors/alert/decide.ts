import { replyWith, store, type Decision, type Effect } from '#actors/decision.ts';
import { kindOf, type AlertSubject } from '#src/domain/alert.ts';
import { told } from './letters.ts';
import type { AlertReady, Audience, ChargerFacts, LetterOf } from './messages.ts';
import { parkingDues, staysAfter } from './parking.ts';
import { rowOf, subjectKey, type AlertState, type OpenAlert } from './state.ts';

/** A fault that goes and comes back within this time is one fault: nobody is told twice. */
export const CALM_MS = 10 * 60_000;
/** A fault that nobody has taken in charge is told to the administrators. */
export const ESCALATE_MS = 30 * 60_000;

const DUE_KEY = 'due';

type Asked = { readonly atMs: number; readonly audience: Audience | null; readonly letterOf: LetterOf };
type Step = { readonly state: AlertState; readonly effects: readonly Effect[] };

/**
 * What the alerts of a charger do with one message. Pure. What is true of the charger is told whole and as often as one
 * likes: what is open already is not opened again, so a message that was lost or repeated changes nothing.
 */
export function decide(state: AlertState, message: AlertReady, letterOf: LetterOf): Decision<AlertState> {
  const { atMs, audience } = message;
  const asked = { atMs, audience, letterOf };
  switch (message.type) {
    case 'observed':
      return advanced(withFacts(state, message.facts, asked), asked);
    case 'due':
      // The alarm that rang is gone: the next one is set anew.
      return advanced({ state: { ...state, wakeAtMs: null }, effects: [] }, asked);
    case 'acknowledge':
      return acknowledged(state, message, asked);
  }
}

function withFacts(before: AlertState, facts: ChargerFacts, asked: Asked): Step {
  const { atMs, audience } = asked;
  if (audience === null) return withoutAudience(before, atMs);
  const { state, effects } = ofThisStation(before, audience, atMs);
  const subjects = subjectsOf(facts);
  const seen = state.open.map((alert) => observed(alert, subjects, facts, atMs));
  const known = new Set(state.open.map(subjectKey));
  const opened = subjects
    .filter((subject) => !known.has(subjectKey(subject)))
    .map((subject) => openedFor(state, subject, asked));
  const changed = seen.filter((alert, index) => alert !== state.open[index]);
  const stays = staysAfter(state.stays, facts);
  const isSame =
    changed.length + opened.length === 0 &&
    JSON.stringify([stays, facts.limits]) === JSON.stringify([state.stays, state.limits]);
  if (isSame) return { state, effects };
  return {
    state: { ...state, limits: facts.limits, stays, open: [...seen, ...opened.map(({ alert }) => alert)] },
    effects: [
      ...effects,
      ...changed.map((alert) => kept(state, alert)),
      ...opened.flatMap((one) => [kept(state, one.alert), ...one.effects]),
    ],
  };
}

/** Nobody is to be told of this charger any more: what was open ends without a word (ALR-04). */
function withoutAudience(state: AlertState, atMs: number): Step {
  if (state.open.length + state.stays.length === 0) return { state, effects: [] };
  return {
    state: { ...state, open: [], stays: [], limits: null },
    effects: state.open.map((alert) => ended(state, alert, atMs)),
  };
}

/** An identity that moved to another station begins anew: its past is not the new one's. */
function ofThisStation(state: AlertState, { place }: Audience, atMs: number): Step {
  const others = state.open.filter((alert) => alert.place.stationId !== place.stationId);
  if (others.length === 0) return { state, effects: [] };
  return {
    state: { ...state, open: state.open.filter((alert) => !others.includes(alert)), stays: [] },
    effects: others.map((alert) => ended(state, alert, atMs)),
  };
}

function subjectsOf({ faults, absent }: ChargerFacts): readonly AlertSubject[] {
  return [
    ...faults.map(({ code, parts }): AlertSubject => ({ cause: 'fault', code, parts })),
    ...(absent === true ? [{ cause: 'absent', code: null, parts: [] } as const] : []),
  ];
}

/** An alert of a fault after what was seen; the same object when that changes nothing of it. */
function observed(alert: OpenAlert, subjects: readonly AlertSubject[], facts: ChargerFacts, atMs: number): OpenAlert {
  if (kindOf(alert.cause) === 'parking') return alert;
  const here = subjects.find((subject) => subjectKey(subject) === subjectKey(alert));
  if (here === undefined) {
    const cannotTell = alert.cause === 'absent' && facts.absent === null;
    return cannotTell || alert.goneSinceMs !== null ? alert : { ...alert, goneSinceMs: atMs };
  }
  const parts = [...new Set([...alert.parts, ...here.parts])].toSorted((a, b) => a - b);
  if (alert.goneSinceMs === null && parts.length === alert.parts.length) return alert;
  const times = alert.goneSinceMs === null ? alert.times : alert.times + 1;
  return { ...alert, parts, times, goneSinceMs: null };
}

/** Does all that is due by now, and sets the alarm for what comes next. */
function advanced({ state: before, effects: earlier }: Step, asked: Asked): Decision<AlertState> {
  const { atMs, audience } = asked;
  const effects: Effect[] = [...earlier];
  let state = before;
  if (audience !== null) {
    const exceeded = parkingDues(state).filter((due) => due.atMs <= atMs);
    const open: OpenAlert[] = [];
    for (const alert of state.open) {
      const next = settled(
        state,
        alert,
        exceeded.some(({ key }) => key === subjectKey(alert)),
        asked,
      );
      effects.push(...next.effects);
      if (next.alert !== null) open.push(next.alert);
    }
    for (const { subject, key } of exceeded) {
      if (state.open.some((alert) => subjectKey(alert) === key)) continue;
      const opened = openedFor(state, subject, asked);
      effects.push(kept(state, opened.alert), ...opened.effects);
      open.push(opened.alert);
    }
    const isSame = open.length === state.open.length && open.every((alert, index) => alert === state.open[index]);
    if (!isSame) state = { ...state, open };
  }
  const wakeAtMs = nextDueMs(state);
  if (wakeAtMs === state.wakeAtMs) return { state, effects };
  const wake: Effect =
    wakeAtMs === null
      ? { type: 'wake', key: DUE_KEY, atMs: null }
      : { type: 'wake', key: DUE_KEY, atMs: wakeAtMs, message: { type: 'due', atMs: wakeAtMs } };
  return { state: { ...state, wakeAtMs }, effects: [...effects, wake] };
}

/** One open alert at this moment: over, escalated, or as it was. `isExceeded`: its limit of parking still is. */
function settled(
  state: AlertState,
  alert: OpenAlert,
  isExceeded: boolean,
  { atMs, audience, letterOf }: Asked,
): { readonly alert: OpenAlert | null; readonly effects: readonly Effect[] } {
  if (audience === null) return { alert, effects: [] };
  const isOver = kindOf(alert.cause) === 'parking' ? !isExceeded : calmAtMs(alert) <= atMs;
  if (isOver) {
    const last = told({ state, alert, step: 'ended', atMs }, audience, letterOf);
    return { alert: null, effects: [ended(state, last.alert, atMs), ...last.effects] };
  }
  if (escalateAtMs(alert) > atMs) return { alert, effects: [] };
  const next = told({ state, alert: { ...alert, escalatedAtMs: atMs }, step: 'escalated', atMs }, audience, letterOf);
  return { alert: next.alert, effects: [kept(state, next.alert), ...next.effects] };
}

function openedFor(state: AlertState, subject: AlertSubject, { atMs, audience, letterOf }: Asked) {
  if (audience === null) throw new Error('an alert without an audience');
  const alert: OpenAlert = {
    ...subject,
    alertId: `${state.chargePointId}/${subjectKey(subject)}/${atMs}`,
    place: audience.place,
    openedAtMs: atMs,
    times: 1,
    goneSinceMs: null,
    acknowledged: null,
    escalatedAtMs: null,
    told: [],
  };
  return told({ state, alert, step: 'opened', atMs }, audience, letterOf);
}

function acknowledged(
  state: AlertState,
  message: Extract<AlertReady, { type: 'acknowledge' }>,
  asked: Asked,
): Decision<AlertState> {
  const { alertId, by, atMs, replyTo } = message;
  const alert = state.open.find((one) => one.alertId === alertId);
  if (alert === undefined || alert.acknowledged !== null) {
    return { state, effects: [replyWith(replyTo, alert === undefined ? 'ended' : 'already')] };
  }
  const taken: OpenAlert = { ...alert, acknowledged: { by, atMs } };
  const open = state.open.map((one) => (one === alert ? taken : one));
  const next = { state: { ...state, open }, effects: [kept(state, taken), replyWith(replyTo, 'ok')] };
  return advanced(next, asked);
}

/** When it has been calm for long enough; never while the cause is there. */
function calmAtMs({ goneSinceMs }: OpenAlert): number {
  return goneSinceMs === null ? Infinity : goneSinceMs + CALM_MS;
}

/** When administrators are to be told; never of what is in somebody's hands, is away, or was told to nobody. */
function escalateAtMs({ cause, acknowledged: taken, escalatedAtMs, goneSinceMs, told: people, openedAtMs }: OpenAlert) {
  const isDone = taken !== null || escalatedAtMs !== null || goneSinceMs !== null;
  return isDone || people.length === 0 || kindOf(cause) === 'parking' ? Infinity : openedAtMs + ESCALATE_MS;
}

function nextDueMs(state: AlertState): number | null {
  const open = new Set(state.open.map(subjectKey));
  const next = Math.min(
    ...state.open.flatMap((alert) => [calmAtMs(alert), escalateAtMs(alert)]),
    ...parkingDues(state).flatMap(({ key, atMs }) => (open.has(key) ? [] : [atMs])),
  );
  return next === Infinity ? null : next;
}

function kept(state: AlertState, alert: OpenAlert): Effect {
  return store({ type: 'alert', alert: rowOf(state.chargePointId, alert, null) });
}

function ended(state: AlertState, alert: OpenAlert, atMs: number): Effect {
  return store({ type: 'alert', alert: rowOf(state.chargePointId, alert, atMs) });
}
