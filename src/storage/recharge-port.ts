import type { TransactionId } from '#src/domain/ids.ts';
import type { Cents } from '#src/domain/money.ts';
import type { RechargeMark, RechargeSort, RechargeState } from '#src/domain/recharge.ts';
import type { SessionRow } from './ports.ts';

/** What may be asked of the disk about recharges: sessions, as lists show them. They are written by their connectors. */

/** A session with what only lists need of it. */
export type RechargeRow = SessionRow & {
  /** The station that had the charger when it began; null where nobody knows. */
  readonly stationId: string | null;
  /** When its vehicle was unplugged; null until then, and where the charger never told. */
  readonly unpluggedAtMs: number | null;
};

/** Which recharges; each member narrows. */
export type RechargeFilter = {
  /** That began at these stations; null for all there are. */
  readonly among: readonly string[] | null;
  /** Of these customers, by their wallets; null for everybody's. */
  readonly customers: readonly string[] | null;
  /** That began then: `fromMs` included, `toMs` not. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Words, each anywhere in the badge or the driver's name, without letter case and accents. */
  readonly text: string;
  readonly state: RechargeState | null;
};

export type RechargeQuery = RechargeFilter & {
  readonly sort: RechargeSort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
  /** Where the page begins or ends, in the order of starts: what a long list has instead of an offset. */
  readonly mark: RechargeMark | null;
};

/** Over everything that a filter finds; what still runs is counted and not summed. */
export type RechargeTotals = {
  readonly count: number;
  readonly running: number;
  readonly energyWh: number;
  readonly parkedMs: number;
  /** Of those of which it is known. */
  readonly chargedMs: number;
  /** Of those that have a price; VAT included. */
  readonly amount: Cents;
};

export type RechargePage = {
  readonly rows: readonly RechargeRow[];
  /** Null for a long list, which nobody has counted: it is in the order of starts, whatever was asked. */
  readonly totals: RechargeTotals | null;
  /** Of a long list, when the last row is not the last there is. */
  readonly isMore: boolean;
  /** Where looking was given up before the page was full: more may be found beyond. */
  readonly lookedTo: RechargeMark | null;
};

export interface RechargeStore {
  page(query: RechargeQuery): Promise<RechargePage>;
  find(transactionId: TransactionId): Promise<RechargeRow | null>;
}
