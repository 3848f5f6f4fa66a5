import { NO_STAY_LIMITS } from '#src/domain/stay-limits.ts';
import type { AlertRow } from '#src/domain/alert.ts';
import { cents } from '#src/domain/money.ts';
import type {
  Claim,
  Commit,
  EventLevel,
  EventRow,
  LedgerEntry,
  NewReview,
  Row,
  SessionRow,
  Storage,
} from '#src/storage/ports.ts';
import type { ChargePointRow, StationRow } from '#src/storage/registry-port.ts';

export const allLevels: readonly EventLevel[] = ['debug', 'info', 'problem', 'critical'];

export function anEvent(change: Partial<EventRow> = {}): EventRow {
  return {
    atMs: 1_000,
    chargePointId: 'CP1',
    connectorId: null,
    level: 'info',
    kind: 'frame-in',
    name: 'Heartbeat',
    request: '[2,"1","Heartbeat",{}]',
    answer: null,
    note: null,
    ...change,
  };
}

export function aSession(change: Partial<SessionRow> = {}): SessionRow {
  const transactionId = change.transactionId ?? 1;
  return {
    transactionId,
    chargePointId: 'CP1',
    connectorId: 1,
    startKey: `start-${transactionId}`,
    idTag: 'TAG1',
    driver: null,
    walletId: null,
    verdict: 'Accepted',
    freeService: false,
    energyPriceMillsPerKwh: 350,
    powerMaxW: 22_000,
    startedAtMs: 1_000,
    meterStartWh: 0,
    closing: 'open',
    stoppedAtMs: null,
    meterStopWh: null,
    energyWh: 0,
    stopReason: null,
    price: null,
    review: null,
    chargedMs: null,
    ...change,
  };
}

export function anEntry(change: Partial<LedgerEntry> = {}): LedgerEntry {
  return { key: 'top-up/1', walletId: 'w1', atMs: 1_000, amount: cents(500), transactionId: null, ...change };
}

export function aReview(change: Partial<NewReview> = {}): NewReview {
  return {
    key: 'unmatched-stop/CP1/77',
    kind: 'unmatched-stop',
    chargePointId: 'CP1',
    connectorId: null,
    transactionId: 77,
    atMs: 4,
    frame: '[2]',
    stop: null,
    ...change,
  };
}

export function aStation(change: Partial<StationRow> = {}): StationRow {
  return {
    stationId: 's1',
    name: 'Parking du port',
    address: '1 quai',
    postcode: '29200',
    city: 'Brest',
    merchant: 'Le port',
    access: 'public',
    subscriberId: null,
    companyId: null,
    ...change,
  };
}

export function aChargePoint(change: Partial<ChargePointRow> = {}): ChargePointRow {
  return {
    chargePointId: 'cp1',
    key: 'CP1',
    stationId: 's1',
    connectors: 2,
    powerMaxW: 22_000,
    energyPriceMillsPerKwh: 350,
    serialNumber: null,
    freeServiceTag: null,
    leniency: 'tolerant',
    limits: NO_STAY_LIMITS,
    inactive: false,
    ...change,
  };
}

export async function claimed(storage: Storage, actorId: string): Promise<Claim> {
  const [claim] = await storage.actors.claimMany([actorId]);
  if (!claim) throw new Error('claimMany answers each id');
  return claim;
}

/** What an actor at `claim` would commit next. */
export function aCommit(claim: Claim, state: unknown, rows: readonly Row[] = []): Commit {
  const { actorId, epoch, version } = claim;
  return { fence: { actorId, epoch, version }, snapshot: { schema: 1, state }, rows };
}

/** A commit of rows alone, by an actor of which nothing else is known. */
export async function storeRows(storage: Storage, ...rows: readonly Row[]) {
  const claim = await claimed(storage, 'writer/1');
  return storage.actors.commit({ fence: claim, snapshot: null, rows });
}

export function anAlert(change: Partial<AlertRow> = {}): AlertRow {
  return {
    alertId: 'CP1/fault/GroundFailure/1',
    chargePointId: 'CP1',
    cause: 'fault',
    code: 'GroundFailure',
    parts: [1],
    stationId: 's1',
    stationName: 'Quai Nord',
    city: 'Brest',
    subscriberId: 'ponant',
    companyId: 'c1',
    openedAtMs: 1,
    times: 1,
    endedAtMs: null,
    acknowledged: null,
    escalatedAtMs: null,
    told: [],
    ...change,
  };
}
