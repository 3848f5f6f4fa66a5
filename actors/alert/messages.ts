import type { ReplyTo } from '#actors/decision.ts';
import type {
  AlertKind,
  AlertPlace,
  AlertRecipient,
  AlertStep,
  AlertSubject,
  ParkingLimits,
} from '#src/domain/alert.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import type { PostChannel } from '#src/domain/post.ts';
import type { AlertPage, AlertQuery } from '#src/storage/alert-port.ts';

/** Where a vehicle is in its stay. `unknown`: the part says something that tells nothing of a vehicle. */
export type Occupancy = 'before' | 'charging' | 'after' | 'unknown';

/** What is true of a charger now, as far as alerts go. Plain JSON: two of them are compared by their text. */
export type ChargerFacts = {
  readonly faults: readonly { readonly code: string; readonly parts: readonly number[] }[];
  /** Silent for longer than an hour; null: too soon after a start of the server to tell. */
  readonly absent: boolean | null;
  /** Null where the station has no limit, and where no vehicle stands: most of the fleet, which needs no alerts. */
  readonly limits: ParkingLimits | null;
  /** Of the connectors where one stands, or where nobody can tell. */
  readonly vehicles: readonly {
    readonly connectorId: number;
    readonly occupancy: Occupancy;
    /** Since when it is so. */
    readonly sinceMs: number;
  }[];
};

/** Somebody who can be told: his subscription has the option and he has the address, for each of `to` (ABO-06, ABO-07). */
export type Reachable = {
  readonly userId: string;
  readonly subscriberId: string;
  readonly name: string;
  readonly language: 'fr' | 'en';
  readonly to: Readonly<Partial<Record<PostChannel, string>>>;
};
export type Recipient = Reachable & Readonly<Record<AlertKind, readonly PostChannel[]>>;

/** Whom the alerts of one charger concern. */
export type Audience = {
  readonly place: AlertPlace;
  readonly recipients: readonly Recipient[];
  /** Of the subscriptions of these recipients, for what nobody takes in charge. */
  readonly administrators: readonly Reachable[];
};

/** What a message says. */
export type Notice = AlertSubject & {
  readonly alertId: string;
  readonly step: AlertStep;
  readonly chargePointId: string;
  readonly place: AlertPlace;
  readonly openedAtMs: number;
  readonly atMs: number;
  readonly acknowledgedBy: string | null;
};
/** Pure. */
export type LetterOf = (
  notice: Notice,
  language: 'fr' | 'en',
) => { readonly subject: string; readonly text: string; readonly short: string };

/** `ended`: there is nothing left to take care of. */
export type Acknowledged = 'ok' | 'already' | 'ended' | 'not-found';

/** To the alerts of one charger. `audience` is null for a charger without alerts: undeclared, or of a test merchant. */
export type AlertMessage =
  | { readonly type: 'observed'; readonly facts: ChargerFacts; readonly atMs: number }
  /** Something is due: a calm that lasted, an escalation, a limit of parking. */
  | { readonly type: 'due'; readonly atMs: number }
  | {
      readonly type: 'acknowledge';
      readonly alertId: string;
      readonly by: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<Acknowledged>;
    };
export type AlertReady = AlertMessage & { readonly audience: Audience | null };

/** One user of the tab « Destinataires des alertes ». */
export type RecipientChoice = AlertRecipient & {
  readonly name: string;
  /** What he can get: his subscription's options, and his addresses. */
  readonly hasOption: Readonly<Record<PostChannel, boolean>>;
  readonly hasAddress: Readonly<Record<PostChannel, boolean>>;
};

export type AlertsRequest =
  | { readonly type: 'list'; readonly query: AlertQuery; readonly replyTo: ReplyTo<AlertPage> }
  | {
      readonly type: 'acknowledge';
      readonly alertId: string;
      readonly by: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<Acknowledged>;
    }
  /** The users whom this viewer may name at a station; null for a station that he does not find. */
  | {
      readonly type: 'recipients';
      readonly stationId: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<readonly RecipientChoice[] | null>;
    }
  /** Names them: those of his own account are replaced, nobody else's. */
  | {
      readonly type: 'name-recipients';
      readonly stationId: string;
      readonly recipients: readonly AlertRecipient[];
      readonly atMs: number;
      readonly replyTo: ReplyTo<boolean>;
    };
export type AlertsMessage = AlertsRequest & { readonly viewer: Viewer };
