import type { ReplyTo } from '#actors/decision.ts';
import type { RunningSessionView } from '#actors/fleet/messages.ts';
import type { TransactionId } from '#src/domain/ids.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import type { RechargeMark } from '#src/domain/recharge.ts';
import type { TokenKind } from '#src/domain/token-kind.ts';
import type { RechargeFilter, RechargePage, RechargeQuery, RechargeRow } from '#src/storage/recharge-port.ts';

/** What the form of a station says of the connector of a recharge (REC-06, REC-12). */
export type RechargePlace = {
  /** From the left. */
  readonly point: number;
  /** From the top, and of which type; none where the connector is a point without sockets. */
  readonly outlets: readonly { readonly number: number; readonly type: string; readonly speed: string | null }[];
};

/** A recharge as its reader finds it. */
export type Recharge = RechargeRow & {
  /** Null for a station that has no name any more. */
  readonly stationName: string | null;
  /** Null where nobody has described the connector. */
  readonly place: RechargePlace | null;
  /** By which kind of badge (OCP-15); null where nothing tells, and for a charge without one. */
  readonly tokenKind: TokenKind | null;
  /** What its connector knows while it runs: its row is written at its end. */
  readonly live: RunningSessionView | null;
};

/** A question about the recharges of the stations that somebody finds. */
export type RechargeScope = Omit<RechargeFilter, 'among' | 'customers'> & {
  /** Of this company alone. */
  readonly company: string | null;
  /** Of stations whose names hold this, without letter case and accents. */
  readonly station: string;
};
export type RechargeListing = Omit<RechargePage, 'rows'> & {
  readonly rows: readonly Recharge[];
  /** The names of some stations to choose from. */
  readonly stations: readonly string[];
  /** The companies to choose from; none where there is but one (SOC-03). */
  readonly companies: readonly { readonly id: string; readonly name: string }[];
};

/** What somebody has charged himself, wherever, by the badges of the customers whose login he has (CLI-10). */
export type OwnRecharges = Omit<RechargePage, 'rows'> & {
  readonly rows: readonly Recharge[];
  readonly badges: readonly string[];
};

/** Some recharges of an export, and where the next ones begin; null at the end. */
export type RechargeBite = { readonly rows: readonly Recharge[]; readonly next: RechargeMark | null };

export type RechargeRequest =
  | {
      readonly type: 'list';
      readonly query: RechargeScope & Omit<RechargeQuery, keyof RechargeFilter>;
      readonly replyTo: ReplyTo<RechargeListing>;
    }
  /** For an export: the next rows in the order of starts, newest first. */
  | {
      readonly type: 'next';
      readonly query: RechargeScope & Pick<RechargeQuery, 'mark' | 'limit'>;
      readonly replyTo: ReplyTo<RechargeBite>;
    }
  /** CLI-10; pages take the user from the login and nowhere else. */
  | {
      readonly type: 'own';
      readonly userId: string;
      readonly query: Pick<RechargeScope, 'text' | 'station' | 'fromMs' | 'toMs'> &
        Pick<RechargeQuery, 'mark' | 'limit' | 'offset'>;
      readonly replyTo: ReplyTo<OwnRecharges>;
    }
  /** SUB-02: those that he finds, which have ended and about which nothing is asked, go to the bin. Answers how many. */
  | {
      readonly type: 'delete';
      readonly transactionIds: readonly TransactionId[];
      /** A fresh id for each, and one for all of them together. */
      readonly deletionIds: readonly string[];
      readonly batchId: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<number>;
    }
  /** Null where there is none, or not for him. */
  | { readonly type: 'find'; readonly transactionId: TransactionId; readonly replyTo: ReplyTo<Recharge | null> };
/** A request with who asks: the directory adds him. */
export type RechargeMessage = RechargeRequest & { readonly viewer: Viewer };
