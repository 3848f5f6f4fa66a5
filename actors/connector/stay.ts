import { chargePointActorId } from '#actors/charge-point/state.ts';
import type { LimitReached } from '#actors/charge-point/messages.ts';
import type { Decision, Effect } from '#actors/decision.ts';
import { STAY_LIMITS, type StayLimit, type StayLimits } from '#src/domain/stay-limits.ts';
import type { ConnectorMessage, LimitDue, LimitTold } from './messages.ts';
import { sessionEvent } from './session.ts';
import type { ConnectorState, OpenSession, Stay } from './state.ts';

const MINUTE_MS = 60_000;
/** A session that was kept offline may have its end right behind it. */
export const LATE_START_MS = MINUTE_MS;
/** How often its charger is asked until it was told: it may be absent. */
export const ASK_AGAIN_MS = 5 * MINUTE_MS;

type Decided = Decision<ConnectorState>;
type Timed = Exclude<ConnectorMessage, { readonly type: 'state' }>;

/** What a session that begins is held to (OCP-13), by the limits that its station has then; null: to nothing. */
export function stayBegun(session: OpenSession, limits: StayLimits, atMs: number): Stay | null {
  const { chargeMinutes, chargeWh, unlockMinutes } = limits;
  if (chargeMinutes === null && chargeWh === null && unlockMinutes === null) return null;
  const dueMs = (minutes: number | null): number | null =>
    minutes === null ? null : Math.max(session.startedAtMs + minutes * MINUTE_MS, atMs + LATE_START_MS);
  const { transactionId } = session;
  const [chargeDueMs, unlockDueMs] = [dueMs(chargeMinutes), dueMs(unlockMinutes)];
  return { transactionId, chargeDueMs, chargeWh, unlockDueMs, asked: [], told: [] };
}

/** One stay after another: the alarms of the one before are gone. */
export function stayAlarms(before: Stay | null, now: Stay | null): readonly Effect[] {
  const dues: Readonly<Record<StayLimit, number | null>> = {
    'charge-time': now?.chargeDueMs ?? null,
    'charge-energy': null,
    'parking-time': now?.unlockDueMs ?? null,
  };
  return STAY_LIMITS.flatMap((limit): readonly Effect[] => {
    const dueMs = dues[limit];
    if (dueMs !== null) return [alarm(limit, dueMs)];
    return before === null ? [] : [silenced(limit)];
  });
}

/** The charger was told, or will not be: nobody asks any more. */
export function onLimitTold(connector: ConnectorState, { transactionId, limit }: LimitTold): Decided {
  const { stay } = connector;
  if (stay === null || stay.transactionId !== transactionId || stay.told.includes(limit))
    return { state: connector, effects: [] };
  return { state: { ...connector, stay: { ...stay, told: [...stay.told, limit] } }, effects: [silenced(limit)] };
}

/** After whatever was decided: has the vehicle left, or is a limit exceeded of which its charger must be told? */
export function heldToLimits({ state, effects }: Decided, message: Timed): Decided {
  const { stay } = state;
  if (stay === null) return { state, effects };
  if (isOver(state, stay)) return { state: { ...state, stay: null }, effects: [...effects, ...stayAlarms(stay, null)] };
  const { atMs } = message;
  const { asked, told } = stay;
  const rung = message.type === 'limit-due' ? message.limit : null;
  const over = exceeded(state, stay, atMs).filter((one) => !told.includes(one));
  const due = over.filter((one) => !asked.includes(one) || one === rung);
  const isOpen = state.use.phase === 'charging';
  const isLater = isOpen && rung !== null && asked.includes(rung) && !told.includes(rung) && !over.includes(rung);
  const fresh = due.filter((one) => !asked.includes(one));
  return {
    state: fresh.length === 0 ? state : { ...state, stay: { ...stay, asked: [...asked, ...fresh] } },
    effects: [
      ...effects,
      ...due.flatMap((limit) => asking(state, stay, limit, atMs)),
      // It charges again, or nobody knows whether it still does.
      ...(isLater ? [alarm(rung, atMs + ASK_AGAIN_MS)] : []),
    ],
  };
}

function exceeded({ use, reported }: ConnectorState, stay: Stay, atMs: number): readonly StayLimit[] {
  const { chargeDueMs, chargeWh, unlockDueMs, asked } = stay;
  const limits: StayLimit[] = [];
  // One that may have ended with a reboot shows first that it goes on (field-07).
  if (use.phase === 'charging' && use.doubtedSinceMs === null) {
    const isLong = chargeDueMs !== null && atMs >= chargeDueMs;
    const isLarge = chargeWh !== null && use.session.energyWh >= chargeWh;
    // One stop ends the charge, whichever limit came first.
    const first = asked.find((one) => one !== 'parking-time');
    if (isLong || isLarge) limits.push(first ?? (isLong ? 'charge-time' : 'charge-energy'));
  }
  const { status } = reported;
  // A vehicle that wants no more may stay in its transaction until it is unplugged (OCPP 1.6 §4.9).
  const isCharged = use.phase === 'free' || status === 'SuspendedEV' || status === 'Finishing';
  if (unlockDueMs !== null && atMs >= unlockDueMs && isCharged) limits.push('parking-time');
  return limits;
}

/** Another session has begun here, or its vehicle has left; or it has ended, and nothing limits its parking. */
function isOver({ use, parked }: ConnectorState, { transactionId, unlockDueMs }: Stay): boolean {
  if (use.phase === 'charging') return use.session.transactionId !== transactionId;
  return parked !== transactionId || unlockDueMs === null;
}

function asking(connector: ConnectorState, stay: Stay, limit: StayLimit, atMs: number): readonly Effect[] {
  const { chargePointId, connectorId } = connector;
  const { transactionId } = stay;
  const message: LimitReached = { type: 'limit-reached', connectorId, transactionId, limit, atMs };
  const line = sessionEvent(
    { chargePointId, connectorId, transactionId },
    { name: 'limit-reached', level: 'info', atMs, frame: null, more: [limit] },
  );
  return [
    ...(stay.asked.includes(limit) ? [] : [line]),
    { type: 'tell', to: chargePointActorId(chargePointId), message },
    alarm(limit, atMs + ASK_AGAIN_MS),
  ];
}

function alarm(limit: StayLimit, atMs: number): Effect {
  const message: LimitDue = { type: 'limit-due', limit, atMs };
  return { type: 'wake', key: keyOf(limit), atMs, message };
}

function silenced(limit: StayLimit): Effect {
  return { type: 'wake', key: keyOf(limit), atMs: null };
}

function keyOf(limit: StayLimit): string {
  return `stay/${limit}`;
}
