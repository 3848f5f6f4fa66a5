import type { Decision, Effect } from '#actors/decision.ts';
import { idTagKey } from '#src/domain/ids.ts';
import { deliveredWh } from '#src/domain/metering.ts';
import type { EventLevel, HeldStop, ReviewRow, SessionRow } from '#src/storage/ports.ts';
import type { AnswerToChargePoint, MeterSample } from '#src/wire/ocpp/messages.ts';
import { answerTo } from './answers.ts';
import { trust } from './doubt.ts';
import type { ReadyStop, StopMessage } from './messages.ts';
import { chargedWithin, flowByStop } from './flow.ts';
import { highest } from './samples.ts';
import { finishSession, flagConflict, openRow, settleKey, unplugged, type Ended, type Settling } from './session.ts';
import type { ConnectorState, OpenSession } from './state.ts';

type Decided = Decision<ConnectorState>;

/** A stop: of the open session, of one that was closed for want of it, of one that had its stop, or of nobody's. */
export function onStop(connector: ConnectorState, message: ReadyStop): Decided {
  const { call, known, atMs, frame, reviews } = message;
  const { use } = connector;
  const stop = heldStop(message);
  const answer = (note: string | null, level: EventLevel = 'info') =>
    answerTo(connector, message, stopAnswer(call.idTag !== undefined), level, note);
  if (use.phase === 'charging' && closes(message, use.session)) {
    const closed = closeBy(connector, openRow(connector, use.session), stop, { atMs, frame, reviews });
    return { state: closed.state, effects: [...closed.effects, answer(null)] };
  }
  if (known === null)
    return {
      state: connector,
      effects: [answer('unmatched-transaction', 'problem'), ...unmatched(connector, message, stop)],
    };
  if (known.closing === 'final') {
    // The first stop that was stored is authoritative; a repeat of one that is known changes nothing (field-01).
    const repeated = known.meterStopWh === call.meterStop || isJudged(stop, reviews);
    if (repeated) return { state: connector, effects: [answer('repeated')] };
    return {
      state: connector,
      effects: [...flagConflict(known, { atMs, frame, stop }), answer('conflicting-stop', 'problem')],
    };
  }
  const closed = closeBy(connector, known, stop, { atMs, frame, reviews });
  return { state: closed.state, effects: [...closed.effects, answer('corrected')] };
}

/** Has this register been told of that session before, and is it in a person's hands or out of them? */
function isJudged(stop: HeldStop, reviews: readonly ReviewRow[]): boolean {
  return reviews.some(({ kind, stop: told, resolution }) => {
    const before = resolution?.changes?.before.meterStopWh;
    return kind === 'conflicting-stop' && (told?.meterStopWh === stop.meterStopWh || before === stop.meterStopWh);
  });
}

/**
 * Ends a session that had no true stop by this one, and frees the connector when it is the one under way. The same for
 * a stop that comes in and for one that a person attaches (field-03).
 */
export function closeBy(
  connector: ConnectorState,
  row: SessionRow,
  stop: HeldStop,
  how: Omit<Settling, 'cause'>,
): Decided {
  const { use } = connector;
  const cause = 'stop';
  if (use.phase === 'charging' && use.session.transactionId === row.transactionId) {
    const sure = trust(connector);
    const { energyWh, flow } = use.session;
    const known: SessionRow = { ...row, energyWh };
    const ended = endedBy(known, stop);
    const { stoppedAtMs } = ended;
    const { status } = connector.reported;
    const toStop = flowByStop(flow, { atMs: stoppedAtMs, status, grew: ended.energyWh > energyWh });
    const chargedMs = chargedWithin(toStop, stoppedAtMs - row.startedAtMs);
    // By this reason the vehicle has left; by any other it may stand there for hours (REC-04).
    const hasLeft = stop.reason === 'EVDisconnected';
    return {
      state: { ...sure.state, use: { phase: 'free' }, parked: hasLeft ? null : row.transactionId },
      effects: [
        ...sure.effects,
        ...finishSession(known, { ...ended, chargedMs }, { ...how, cause }),
        ...(hasLeft ? [unplugged(row.transactionId, stoppedAtMs)] : []),
      ],
    };
  }
  const cancel: Effect = { type: 'wake', key: settleKey(row.transactionId), atMs: null };
  return { state: connector, effects: [...finishSession(row, endedBy(row, stop), { ...how, cause }), cancel] };
}

/** What this stop makes of a session. */
export function endedBy(
  known: Pick<SessionRow, 'energyWh' | 'meterStartWh' | 'startedAtMs' | 'chargedMs'>,
  stop: HeldStop,
): Ended {
  const { meterStopWh, reason } = stop;
  // A register that restarted tells nothing: the samples do (field-22, field-23).
  const sampledWh = deliveredWh(known, stop.registerWh ?? undefined);
  const energyWh = meterStopWh > known.meterStartWh ? meterStopWh - known.meterStartWh : sampledWh;
  const stoppedAtMs = Math.max(stop.stoppedAtMs, known.startedAtMs);
  const chargedMs = chargedWithin(known, stoppedAtMs - known.startedAtMs);
  return { stoppedAtMs, meterStopWh, energyWh, stopReason: reason, chargedMs };
}

/** What a stop said, as it is kept for a person. The highest register is all that its samples can tell of energy. */
function heldStop({ call, stoppedAtMs, samples }: Pick<StopMessage, 'call' | 'stoppedAtMs' | 'samples'>): HeldStop {
  const registers = call.samples.flatMap(({ energyWh }) => (energyWh === undefined ? [] : [Math.round(energyWh)]));
  return {
    stoppedAtMs,
    meterStopWh: call.meterStop,
    registerWh: highest(registers.length === 0 ? null : Math.max(...registers), samples?.highestWh ?? null),
    reason: call.reason,
    idTag: call.idTag ?? null,
    ...(samples !== undefined && { samples }),
  };
}

/** Does this stop end the open session? By its id; or, without a usable id, by tag and time (field-03, field-04). */
function closes(stop: ReadyStop, session: OpenSession): boolean {
  if (stop.call.transactionId === session.transactionId) return true;
  return stop.known === null && fits(stop, session);
}

type Start = Pick<OpenSession, 'idTag' | 'startedAtMs' | 'meterStartWh'>;

/** Can this stop, whose transaction id says nothing, be the end of that session? */
export function fits(stop: Pick<StopMessage, 'call' | 'stoppedAtMs'>, session: Start): boolean {
  return heldFits(heldStop(stop), session);
}

/** The same of a stop that was kept. */
export function heldFits(stop: HeldStop, session: Start): boolean {
  const sameTag = stop.idTag === null || idTagKey(stop.idTag) === idTagKey(session.idTag);
  return sameTag && stop.stoppedAtMs >= session.startedAtMs && stop.meterStopWh >= session.meterStartWh;
}

/**
 * Can this stop, whose transaction id says nothing, be the end of a session on disk, or a repeat of it? `sessions`: the
 * latest of its charger. A session that had its stop is meant only by a repeat of it: another register is another
 * session's, unknown to us. One without a stop was over when the next one began: a stop of later, even one that
 * contradicts itself, is not its own (field-01, field-07).
 */
export function endsOrRepeats(
  stop: Pick<StopMessage, 'call' | 'stoppedAtMs'>,
  session: SessionRow,
  sessions: readonly SessionRow[],
): boolean {
  if (!fits(stop, session)) return false;
  if (session.closing === 'final') return session.meterStopWh === stop.call.meterStop;
  return !sessions.some((next) => isNext(next, session) && isWithin(stop, next));
}

function isNext(next: SessionRow, session: SessionRow): boolean {
  return next.connectorId === session.connectorId && next.startedAtMs > session.startedAtMs;
}

/** By the time and by the register: a box may lose its clock, or count each session from zero (field-20, field-23). */
function isWithin({ call, stoppedAtMs }: Pick<StopMessage, 'call' | 'stoppedAtMs'>, session: SessionRow): boolean {
  return stoppedAtMs >= session.startedAtMs && call.meterStop > session.meterStartWh;
}

function unmatched(connector: ConnectorState, message: StopMessage, stop: HeldStop): Effect[] {
  const { chargePointId, connectorId } = connector;
  const { transactionId, timestamp, meterStop } = message.call;
  const key = `unmatched-stop/${chargePointId}/${transactionId}/${timestamp.raw}/${meterStop}`;
  const review = {
    key,
    kind: 'unmatched-stop',
    chargePointId,
    connectorId,
    transactionId,
    atMs: message.atMs,
    frame: message.frame,
    stop,
  } as const;
  return [{ type: 'store', row: { type: 'review', review } }];
}

/** A stop cannot be refused: the tag is accepted for having ended its own session (OCPP 1.6 §4.10). */
function stopAnswer(withTag: boolean): AnswerToChargePoint {
  return withTag ? { action: 'StopTransaction', idTagInfo: { status: 'Accepted' } } : { action: 'StopTransaction' };
}

/** What samples make of the energy that was known. */
export function energyAfter(
  known: { energyWh: number; meterStartWh: number },
  samples: readonly MeterSample[],
): number {
  return samples.reduce(
    (energyWh, sample) => deliveredWh({ energyWh, meterStartWh: known.meterStartWh }, sample.energyWh),
    known.energyWh,
  );
}
