import { replyWith, type Decision, type Effect } from '#actors/decision.ts';
import type { HeldStop, ReviewOutcome, ReviewResolution, ReviewRow, SessionRow } from '#src/storage/ports.ts';
import type { ReadyResolve, Resolved, ReviewChoice } from './messages.ts';
import { figures, openMark, priced, resolved, sessionEvent, settle, settleKey } from './session.ts';
import type { ConnectorState } from './state.ts';
import { closeBy, endedBy } from './stops.ts';

type Decided = Decision<ConnectorState>;
type Open = { readonly review: ReviewRow; readonly message: ReadyResolve };

/**
 * A person's word on something that waited for it. It stands: the session is final from then on, and whatever a
 * charger tells about it later is one more question, never a silent change.
 */
export function onResolve(connector: ConnectorState, message: ReadyResolve): Decided {
  const { review, choice } = message;
  if (review === null || review.chargePointId !== connector.chargePointId) return refuse(connector, message, 'unknown');
  if (review.resolution !== null) {
    const { resolution } = review;
    return { state: connector, effects: [replyWith(message.replyTo, { ok: false, why: 'already', resolution })] };
  }
  const open = { review, message };
  switch (choice.type) {
    case 'bill':
      return review.kind === 'implausible-energy' ? bill(connector, open, choice) : notOffered(connector, message);
    case 'keep-first':
    case 'take-second':
      return review.kind === 'conflicting-stop' ? between(connector, open, choice) : notOffered(connector, message);
    case 'attach':
      return review.kind === 'unmatched-stop' ? attach(connector, open) : notOffered(connector, message);
    case 'set-aside':
      return review.kind === 'unmatched-stop' ? setAside(connector, open) : notOffered(connector, message);
    case 'seen':
      return notOffered(connector, message);
  }
}

/** What a person saw of a session when deciding: it is refused when this has changed since. */
export function sessionMark(session: SessionRow): string {
  const { closing, stoppedAtMs, meterStopWh, energyWh, price } = session;
  return [closing, stoppedAtMs, meterStopWh, energyWh, price].join(' ');
}

/** The energy is the person's, whatever the connector can deliver: it was looked at (field-22). */
function bill(connector: ConnectorState, open: Open, choice: Extract<ReviewChoice, { type: 'bill' }>): Decided {
  const { message, review } = open;
  const { known } = message;
  const { energyWh } = choice;
  if (known === null || known.review !== 'implausible-energy' || sessionMark(known) !== choice.mark) {
    return refuse(connector, message, 'changed');
  }
  if (!Number.isSafeInteger(energyWh) || energyWh < 0 || energyWh > known.energyWh)
    return notOffered(connector, message);
  const left = openMark(known, without(message.reviews, review));
  const { row, effects } = priced({ ...known, energyWh, closing: 'final', review: left }, review.key);
  const settled: Effect = { type: 'wake', key: settleKey(row.transactionId), atMs: null };
  return done(connector, open, { outcome: 'energy-set', before: known, after: row, effects: [...effects, settled] });
}

/** One of two stops that contradict each other (field-01). */
function between(
  connector: ConnectorState,
  open: Open,
  choice: Extract<ReviewChoice, { type: 'keep-first' | 'take-second' }>,
): Decided {
  const { message, review } = open;
  const { known, atMs } = message;
  if (known === null || sessionMark(known) !== choice.mark) return refuse(connector, message, 'changed');
  const reviews = without(message.reviews, review);
  if (choice.type === 'keep-first') {
    const row: SessionRow = { ...known, review: openMark(known, reviews) };
    const effects: Effect[] = [{ type: 'store', row: { type: 'session', session: row } }];
    return done(connector, open, { outcome: 'first-kept', before: known, after: row, effects });
  }
  if (review.stop === null) return notOffered(connector, message);
  const row: SessionRow = { ...known, ...endedBy(known, review.stop) };
  const effects = settle(row, { frame: review.frame, atMs, reviews, cause: review.key });
  return done(connector, open, { outcome: 'second-taken', before: known, after: storedRow(effects, row), effects });
}

/** The stop that nobody's id was on ends the session that the person names, as if it had named it (field-03). */
function attach(connector: ConnectorState, open: Open): Decided {
  const { message, review } = open;
  const { known, reviews, atMs } = message;
  const stop: HeldStop | null = review.stop;
  const here = known?.chargePointId === connector.chargePointId && known.connectorId === connector.connectorId;
  if (stop === null || known === null || !here) return notOffered(connector, message);
  if (known.closing === 'final') return refuse(connector, message, 'changed');
  const closed = closeBy(connector, known, stop, { frame: review.frame, atMs, reviews });
  const { effects } = closed;
  return done(closed.state, open, { outcome: 'attached', before: known, after: storedRow(effects, known), effects });
}

function setAside(connector: ConnectorState, open: Open): Decided {
  const { review, message } = open;
  const resolution: ReviewResolution = { outcome: 'set-aside', atMs: message.atMs, by: message.by, changes: null };
  const { transactionId } = review;
  const event = resolutionEvent({ ...review, connectorId: connector.connectorId, transactionId }, resolution);
  return {
    state: connector,
    effects: [resolved(review.key, resolution), event, replyWith(message.replyTo, yes(resolution))],
  };
}

type Change = {
  readonly outcome: ReviewOutcome;
  readonly before: SessionRow;
  readonly after: SessionRow;
  readonly effects: readonly Effect[];
};

function done(state: ConnectorState, { review, message }: Open, { outcome, before, after, effects }: Change): Decided {
  const changes = { transactionId: after.transactionId, before: figures(before), after: figures(after) };
  const resolution: ReviewResolution = { outcome, atMs: message.atMs, by: message.by, changes };
  return {
    state,
    effects: [
      ...effects,
      resolved(review.key, resolution),
      resolutionEvent(after, resolution),
      replyWith(message.replyTo, yes(resolution)),
    ],
  };
}

/** The journal says who decided what; its name says how. */
function resolutionEvent(
  of: { chargePointId: string; connectorId: number; transactionId: number | null },
  { outcome, by, atMs, changes }: ReviewResolution,
): Effect {
  const energy = changes === null ? [] : [`${changes.before.energyWh} Wh → ${changes.after.energyWh} Wh`];
  const more = [...energy, ...(by === null ? [] : [by])];
  return sessionEvent(of, { name: `review-${outcome}`, level: 'info', atMs, frame: null, more });
}

/** The session as the effects leave it. */
function storedRow(effects: readonly Effect[], before: SessionRow): SessionRow {
  return effects.reduce((row, effect) => {
    return effect.type === 'store' && effect.row.type === 'session' ? effect.row.session : row;
  }, before);
}

function without(reviews: readonly ReviewRow[], { key }: ReviewRow): readonly ReviewRow[] {
  return reviews.filter((review) => review.key !== key);
}

function yes(resolution: ReviewResolution): Resolved {
  return { ok: true, resolution };
}

function notOffered(connector: ConnectorState, message: ReadyResolve): Decided {
  return refuse(connector, message, 'not-offered');
}

function refuse(connector: ConnectorState, message: ReadyResolve, why: 'unknown' | 'changed' | 'not-offered'): Decided {
  return { state: connector, effects: [replyWith<Resolved>(message.replyTo, { ok: false, why })] };
}
