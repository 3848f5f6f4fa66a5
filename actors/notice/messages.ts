import type { ReplyTo } from '#actors/decision.ts';
import type { ChargePointId, TransactionId } from '#src/domain/ids.ts';
import type { Cents } from '#src/domain/money.ts';

/**
 * A charge that is over. `ended`: its transaction is closed. `full`: its vehicle has taken nothing for a while, and the
 * transaction goes on until somebody comes.
 */
export type Ending = {
  readonly transactionId: TransactionId;
  readonly chargePointId: ChargePointId;
  readonly how: 'ended' | 'full';
  /** As the connector knows it, and since when it takes nothing: the row of an open session has neither. Else 0. */
  readonly energyWh: number;
  readonly fullSinceMs: number;
  /** The vehicle stands there still, as far as anybody knows. */
  readonly isParked: boolean;
};

export type NoticeMessage =
  | {
      readonly type: 'charge-over';
      readonly ending: Ending;
      readonly atMs: number;
      /** On disk, or nobody is to be told. */
      readonly replyTo: ReplyTo<true>;
    }
  /** Once in a while: is there a recharge that Girève was not told of? */
  | { readonly type: 'sweep'; readonly atMs: number };

/** What the letter of a charge that is over says. */
export type ChargeOver = {
  readonly how: Ending['how'];
  readonly stationName: string;
  /** Null while it waits for a person, for it cannot be. */
  readonly energyWh: number | null;
  /** Of the session; null while it goes on. */
  readonly lastedMs: number | null;
  /** Null where nothing is paid, and while it is not known. */
  readonly price: Cents | null;
  readonly isParked: boolean;
};
/** Pure: one SMS, without line breaks. */
export type ChargeLetterOf = (
  over: ChargeOver,
  language: 'fr' | 'en',
) => { readonly subject: string; readonly text: string };
