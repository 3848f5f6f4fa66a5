import { store, type Effect, type Post, type Store } from '#actors/decision.ts';
import { walletActorId } from '#actors/wallet/actor.ts';
import type { TransactionId } from '#src/domain/ids.ts';
import { plausibleEnergy } from '#src/domain/metering.ts';
import { cents, type Cents } from '#src/domain/money.ts';
import { energyPrice } from '#src/domain/tariff.ts';
import type {
  EventLevel,
  HeldStop,
  NewReview,
  ReviewKind,
  ReviewResolution,
  ReviewRow,
  SessionFigures,
  SessionRow,
} from '#src/storage/ports.ts';
import { chargedWithin } from './flow.ts';
import type { ConnectorState, OpenSession } from './state.ts';

/** What a stop says of the end of a session. */
export type Ended = {
  readonly stoppedAtMs: number;
  readonly meterStopWh: number;
  readonly energyWh: number;
  readonly stopReason: string;
  readonly chargedMs: number | null;
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
    chargedMs: null,
  };
}

/** How a session is settled. */
export type Settling = {
  /** The frame that gave the energy. */
  readonly frame: string | null;
  readonly atMs: number;
  /** Every review of the session. */
  readonly reviews: readonly ReviewRow[];
  /** What brings this price, so that its correction has a key of its own; null: the energy itself, which only grows. */
  readonly cause: string | null;
};

/**
 * Closes a session by its stop, or corrects by its true stop one that was closed for want of it (field-07). The wallet
 * is debited through the outbox of what was not debited before. Energy that the connector cannot have delivered is
 * held for a person instead (field-22).
 */
export function finishSession(known: SessionRow, ended: Ended, how: Settling): Effect[] {
  return settle({ ...known, ...ended, closing: 'final' }, how);
}

/**
 * Closes a session of which no stop came (field-07). It is debited `SETTLE_AFTER_MS` later, when the true stop has
 * had its time to come in.
 */
export function closeWithoutStop(place: Place, session: OpenSession, atMs: number): Effect[] {
  // A reading without id may be of before the session: what was kept offline, or a clock that was set since.
  const stoppedAtMs = Math.max(session.lastSampleAtMs ?? atMs, session.startedAtMs);
  const meterStopWh = session.meterStartWh + session.energyWh;
  const row: SessionRow = {
    ...openRow(place, session),
    closing: 'provisional',
    stoppedAtMs,
    meterStopWh,
    energyWh: session.energyWh,
    chargedMs: chargedWithin(session.flow, stoppedAtMs - session.startedAtMs),
  };
  return [
    store({ type: 'session', session: row }),
    sessionEvent(row, { name: 'closed-without-stop', level: 'problem', atMs, frame: null }),
    settleLater(row.transactionId, atMs),
  ];
}

/**
 * Energy that was told after a session had been closed for want of a stop: attached, never reopened (field-08). The
 * session lasted at least until that was measured. `atMs`: when it came in.
 */
export function attachEnergy(
  known: SessionRow,
  told: { energyWh: number; sampledAtMs: number; atMs: number },
): Effect[] {
  const row: SessionRow = {
    ...known,
    energyWh: told.energyWh,
    meterStopWh: known.meterStartWh + told.energyWh,
    stoppedAtMs: Math.max(known.stoppedAtMs ?? known.startedAtMs, told.sampledAtMs),
  };
  if (known.price === null) return [store({ type: 'session', session: row })];
  return settle(row, { frame: null, atMs: told.atMs, reviews: [], cause: null });
}

/** Prices a closed session and debits the difference to what was debited so far; at most once for each price. */
export function settle(row: SessionRow, how: Settling): Effect[] {
  const stoppedAtMs = row.stoppedAtMs ?? row.startedAtMs;
  const durationMs = stoppedAtMs - row.startedAtMs;
  const doubts = how.reviews.filter((review) => review.kind === 'implausible-energy' && review.resolution === null);
  if (!plausibleEnergy({ energyWh: row.energyWh, durationMs, powerMaxW: row.powerMaxW })) {
    const held: SessionRow = { ...row, review: 'implausible-energy' };
    // One question about one session is enough: who answers it sees the figures of now.
    const asked = doubts.length > 0 ? [] : holdForReview(held, 'implausible-energy', { ...how, stop: null });
    return [store({ type: 'session', session: held }), ...asked];
  }
  const left = how.reviews.filter((review) => !doubts.includes(review));
  const settled = priced({ ...row, review: openMark(row, left) }, how.cause);
  // A stop that is plausible answers the doubt about what had been told before it.
  const answered = doubts.map(({ key }) =>
    resolved(key, {
      outcome: 'answered-by-stop',
      atMs: how.atMs,
      by: null,
      changes: { transactionId: row.transactionId, before: figures(row), after: figures(settled.row) },
    }),
  );
  return [...settled.effects, ...answered];
}

/** The row with its price, and the debit of what was not debited yet. */
export function priced(
  session: SessionRow,
  cause: string | null,
): { readonly row: SessionRow; readonly effects: Effect[] } {
  const price = priceOf(session);
  const row: SessionRow = { ...session, price };
  const owed = cents((price ?? 0) - (session.price ?? 0));
  return {
    row,
    effects: [store({ type: 'session', session: row }), ...debit(session, owed, cause ?? `${row.energyWh}`)],
  };
}

/** Marks a closed session for a person: what was stored first stays authoritative (field-01). */
export function flagConflict(
  known: SessionRow,
  stop: { atMs: number; frame: string | null; stop: HeldStop },
): Effect[] {
  // Energy that is held as implausible stays held: this is one more thing to look at.
  const row: SessionRow = { ...known, review: known.review ?? 'conflicting-stop' };
  const cause = String(stop.stop.meterStopWh);
  return [store({ type: 'session', session: row }), ...holdForReview(row, 'conflicting-stop', { ...stop, cause })];
}

/** What a session still waits for, by its reviews: energy before a conflict, or nothing. */
export function openMark(session: SessionRow, reviews: readonly ReviewRow[]): SessionRow['review'] {
  const open = reviews.filter(({ chargePointId, resolution }) => {
    return resolution === null && chargePointId === session.chargePointId;
  });
  const kinds = ['implausible-energy', 'conflicting-stop'] as const;
  return kinds.find((kind) => open.some((review) => review.kind === kind)) ?? null;
}

export function figures({ stoppedAtMs, meterStopWh, energyWh, price }: SessionRow): SessionFigures {
  return { stoppedAtMs, meterStopWh, energyWh, price };
}

export function resolved(key: string, resolution: ReviewResolution): Store {
  return store({ type: 'review-resolved', key, resolution });
}

/** The vehicle of this session has left (REC-04). */
export function unplugged(transactionId: TransactionId, atMs: number): Store {
  return store({ type: 'unplugged', transactionId, atMs });
}

export function settleKey(transactionId: TransactionId): string {
  return `settle/${transactionId}`;
}

/** A line of the journal about a session rather than about a frame. */
export function sessionEvent(
  of: Pick<SessionRow, 'chargePointId' | 'connectorId'> & { readonly transactionId: TransactionId | null },
  event: { name: string; level: EventLevel; atMs: number; frame: string | null; more?: readonly string[] },
): Store {
  const { chargePointId, connectorId, transactionId } = of;
  const { name, level, atMs, frame } = event;
  const note = [transactionId === null ? [] : `transaction ${transactionId}`, event.more ?? []].flat().join(', ');
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

/** The key names the session, and for a correction what caused it: the same outcome is never debited twice. */
function debit(session: SessionRow, amount: Cents, cause: string): Post[] {
  if (session.walletId === null || amount === 0) return [];
  const { transactionId } = session;
  const key = session.price === null ? `session/${transactionId}` : `session/${transactionId}/correction/${cause}`;
  const atMs = session.stoppedAtMs ?? session.startedAtMs;
  const message = { type: 'debit', key, amount, atMs, transactionId };
  return [{ type: 'post', envelope: { key, to: walletActorId(session.walletId), atMs, message } }];
}

type Held = {
  readonly atMs: number;
  readonly frame: string | null;
  readonly stop: HeldStop | null;
  readonly cause: string | null;
};

/** `cause` tells this question from an earlier one of its kind about the same session. */
function holdForReview(session: SessionRow, kind: ReviewKind, { atMs, frame, stop, cause }: Held): Store[] {
  const { chargePointId, connectorId, transactionId } = session;
  const key = [kind, transactionId, ...(cause === null ? [] : [cause])].join('/');
  const review: NewReview = { key, kind, chargePointId, connectorId, transactionId, atMs, frame, stop };
  return [
    store({ type: 'review', review }),
    sessionEvent(session, { name: kind, level: 'problem', atMs, frame: null }),
  ];
}
