import { store, type Effect, type Post, type Store } from '#actors/decision.ts';
import { walletActorId } from '#actors/wallet/actor.ts';
import type { TransactionId } from '#src/domain/ids.ts';
import { plausibleEnergy } from '#src/domain/metering.ts';
import { cents, type Cents } from '#src/domain/money.ts';
import { energyPrice } from '#src/domain/tariff.ts';
import type { EventLevel, ReviewRow, SessionRow } from '#src/storage/ports.ts';
import type { ConnectorState, OpenSession } from './state.ts';

/** What a stop says of the end of a session. */
export type Ended = {
  readonly stoppedAtMs: number;
  readonly meterStopWh: number;
  readonly energyWh: number;
  readonly stopReason: string;
};
/** How long a true stop may take to come in before a session closed without it is debited as it stands. */
export const SETTLE_AFTER_MS = 6 * 3_600_000;
type Place = Pick<ConnectorState, 'chargePointId' | 'connectorId'>;

/** The row of a session that has just started. */
export function openRow(place: Place, session: OpenSession): SessionRow {
  const { transactionId, startKey, idTag, driver, walletId, verdict, freeService, startedAtMs, meterStartWh } = session;
  return {
    transactionId,
    chargePointId: place.chargePointId,
    connectorId: place.connectorId,
    startKey,
    idTag,
    driver,
    walletId,
    verdict,
    freeService,
    startedAtMs,
    meterStartWh,
    energyPriceMillsPerKwh: session.energyPriceMillsPerKwh,
    powerMaxW: session.powerMaxW,
    closing: 'open',
    stoppedAtMs: null,
    meterStopWh: null,
    energyWh: 0,
    stopReason: null,
    price: null,
    review: null,
  };
}

/**
 * Closes a session by its stop, or corrects by its true stop one that was closed for want of it (field-07). The wallet
 * is debited through the outbox of what was not debited before. Energy that the connector cannot have delivered is
 * held for a person instead (field-22).
 */
export function finishSession(known: SessionRow, ended: Ended, frame: string | null): Effect[] {
  const row: SessionRow = { ...known, ...ended, closing: 'final' };
  return settle(row, frame);
}

/**
 * Closes a session of which no stop came (field-07). It is debited `SETTLE_AFTER_MS` later, when the true stop has
 * had its time to come in.
 */
export function closeWithoutStop(place: Place, session: OpenSession, atMs: number): Effect[] {
  const stoppedAtMs = session.lastSampleAtMs ?? Math.max(atMs, session.startedAtMs);
  const meterStopWh = session.meterStartWh + session.energyWh;
  const row: SessionRow = {
    ...openRow(place, session),
    closing: 'provisional',
    stoppedAtMs,
    meterStopWh,
    energyWh: session.energyWh,
  };
  return [
    store({ type: 'session', session: row }),
    sessionEvent(row, { name: 'closed-without-stop', level: 'problem', atMs, frame: null }),
    settleLater(row.transactionId, atMs),
  ];
}

/**
 * Energy that was told after a session had been closed for want of a stop: attached, never reopened (field-08). The
 * session lasted at least until that was measured.
 */
export function attachEnergy(known: SessionRow, told: { energyWh: number; sampledAtMs: number }): Effect[] {
  const row: SessionRow = {
    ...known,
    energyWh: told.energyWh,
    meterStopWh: known.meterStartWh + told.energyWh,
    stoppedAtMs: Math.max(known.stoppedAtMs ?? known.startedAtMs, told.sampledAtMs),
  };
  return known.price === null ? [store({ type: 'session', session: row })] : settle(row, null);
}

/** Prices a closed session and debits the difference to what was debited so far; at most once for each price. */
export function settle(row: SessionRow, frame: string | null): Effect[] {
  const stoppedAtMs = row.stoppedAtMs ?? row.startedAtMs;
  const durationMs = stoppedAtMs - row.startedAtMs;
  if (!plausibleEnergy({ energyWh: row.energyWh, durationMs, powerMaxW: row.powerMaxW })) {
    const held: SessionRow = { ...row, review: 'implausible-energy' };
    return [
      store({ type: 'session', session: held }),
      ...holdForReview(held, 'implausible-energy', stoppedAtMs, frame),
    ];
  }
  const price = priceOf(row);
  const owed = (price ?? 0) - (row.price ?? 0);
  // A true stop that is plausible answers the doubt about what had been told before it.
  const review = row.review === 'implausible-energy' ? null : row.review;
  return [store({ type: 'session', session: { ...row, price, review } }), ...debit(row, cents(owed))];
}

/** Marks a closed session for a person: what was stored first stays authoritative (field-01). */
export function flagConflict(known: SessionRow, stop: { atMs: number; frame: string | null }): Effect[] {
  // Energy that is held as implausible stays held: this is one more thing to look at.
  const row: SessionRow = { ...known, review: known.review ?? 'conflicting-stop' };
  return [store({ type: 'session', session: row }), ...holdForReview(row, 'conflicting-stop', stop.atMs, stop.frame)];
}

export function settleKey(transactionId: TransactionId): string {
  return `settle/${transactionId}`;
}

/** A line of the journal about a session rather than about a frame. */
export function sessionEvent(
  of: Pick<SessionRow, 'chargePointId' | 'connectorId' | 'transactionId'>,
  event: { name: string; level: EventLevel; atMs: number; frame: string | null },
): Store {
  const { chargePointId, connectorId, transactionId } = of;
  const { name, level, atMs, frame } = event;
  const note = `transaction ${transactionId}`;
  return store({
    type: 'event',
    event: { atMs, chargePointId, connectorId, level, kind: 'session', name, request: frame, answer: null, note },
  });
}

function settleLater(transactionId: TransactionId, atMs: number): Effect {
  const dueMs = atMs + SETTLE_AFTER_MS;
  return {
    type: 'wake',
    key: settleKey(transactionId),
    atMs: dueMs,
    message: { type: 'settle', transactionId, atMs: dueMs },
  };
}

/** Null for whoever does not pay: free service, and sessions without a wallet. */
function priceOf(session: SessionRow): Cents | null {
  if (session.freeService || session.walletId === null) return null;
  return energyPrice(session.energyWh, session.energyPriceMillsPerKwh);
}

/** The key names the session and its energy: the same outcome is never debited twice, a correction has a key of its own. */
function debit(session: SessionRow, amount: Cents): Post[] {
  if (session.walletId === null || amount === 0) return [];
  const { transactionId } = session;
  const first = session.price === null;
  const key = first ? `session/${transactionId}` : `session/${transactionId}/correction/${session.energyWh}`;
  const atMs = session.stoppedAtMs ?? session.startedAtMs;
  const message = { type: 'debit', key, amount, atMs, transactionId };
  return [{ type: 'post', envelope: { key, to: walletActorId(session.walletId), atMs, message } }];
}

function holdForReview(session: SessionRow, kind: ReviewRow['kind'], atMs: number, frame: string | null): Store[] {
  const { chargePointId, connectorId, transactionId } = session;
  const key = `${kind}/${transactionId}`;
  const review: ReviewRow = { key, kind, chargePointId, connectorId, transactionId, atMs, frame };
  return [
    store({ type: 'review', review }),
    sessionEvent(session, { name: kind, level: 'problem', atMs, frame: null }),
  ];
}
