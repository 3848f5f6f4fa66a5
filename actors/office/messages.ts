import type { ReplyTo } from '#actors/decision.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { EntityName } from '#src/domain/office/entities/all.ts';
import type { FaultsByField, RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import type { OpenDataStation } from '#src/domain/office/open-data.ts';
import type { PointChange } from '#src/domain/office/points-told.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import type { RoamingPartner } from '#src/domain/roaming.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type {
  AuditRow,
  BinLine,
  MaintenanceRow,
  NextQuery,
  RecordPage,
  RecordQuery,
} from '#src/storage/office-port.ts';

/** The id of the actor that changes what is declared: one message after the other. */
export const OFFICE: ActorId = 'office';
/** Records deleted, or brought back, by one message: a page of a list. More go in bites. */
export const DELETED_AT_ONCE_MAX = 200;

export type Choice = { readonly id: string; readonly name: string };
/** The names behind the references of some records: by entity, then by id. */
export type Names = Readonly<Record<string, ReadonlyMap<string, string>>>;

export type Saved =
  | { readonly ok: true; readonly record: RecordRow }
  | { readonly ok: false; readonly why: 'not-found' }
  | { readonly ok: false; readonly why: 'faults'; readonly faults: FaultsByField }
  /** Somebody else saved it first: his values are in `record`, nothing of ours was written. */
  | { readonly ok: false; readonly why: 'stale'; readonly record: RecordRow }
  | { readonly ok: false; readonly why: 'quota'; readonly max: number };

export type Removed =
  | { readonly ok: true; readonly count: number }
  | { readonly ok: false; readonly why: 'not-found' | 'protected' | 'in-use' };

/** A public maintainer of a company, with what he has given of himself, and the stations that he has thereby. */
export type Maintainer = {
  readonly row: MaintenanceRow;
  /** What merchants call him by (MPU-10). */
  readonly name: string;
  readonly subscriber: RecordRow;
  readonly stations: number;
};

/** Some of the companies whose maintenance was offered to a maintainer, by name; how many there are as in `RecordPage`. */
export type OfferPage = Pick<RecordPage, 'found' | 'isMore'> & {
  readonly offers: readonly { readonly row: MaintenanceRow; readonly company: RecordRow }[];
};

/** `orphan`: what it belongs to must be brought back first. `quota`: the contract does not allow so many any more. */
export type Restored = 'ok' | 'not-found' | 'taken' | 'orphan' | 'quota';
/** How many came back, and why the last of the others did not. */
export type RestoredAll = { readonly count: number; readonly refused: Exclude<Restored, 'ok'> | null };

/** What became of the SMS of an access point (LAF-05). */
export type ApnSent =
  | { readonly ok: true; readonly to: string }
  | {
      readonly ok: false;
      readonly why:
        | 'no-kit'
        | 'no-modem'
        | 'card-not-granted'
        | 'no-phone'
        | 'no-apn'
        | 'old-software'
        | 'no-kit-key'
        | 'does-not-fit';
    };

/** The models of an integrator, and his kits: those in no model yet, and those in the one that he looks at. */
export type KitAssignment = {
  readonly models: readonly RecordRow[];
  readonly model: RecordRow | null;
  readonly free: readonly RecordRow[];
  readonly own: readonly RecordRow[];
};
/** `card-not-granted`: its SIM card is the platform's, and not this merchant's (LAF-04). */
export type KitState = 'none' | 'attached' | 'card-not-granted';

/** Stations whose points each partner's customers may use. */
export type RoamingCounts = Readonly<Record<RoamingPartner, number>>;

/** Chargers whose statuses wait to be sent; `isUnderWay`: those of so many are being queued, little by little. */
export type StatusesSent = { readonly count: number; readonly isUnderWay: boolean };

/** `changed`: the points are not any more as they were when the changes were proposed. */
export type PointsSet = 'ok' | 'not-found' | 'changed';

export type OfficeRequest =
  | {
      readonly type: 'list';
      readonly entity: EntityName;
      readonly query: Omit<RecordQuery, 'scope'>;
      readonly replyTo: ReplyTo<(RecordPage & { readonly names: Names }) | null>;
    }
  /** The next page of an export, by name. */
  | {
      readonly type: 'next';
      readonly entity: EntityName;
      readonly query: Omit<NextQuery, 'scope'>;
      readonly replyTo: ReplyTo<{ readonly rows: readonly RecordRow[]; readonly names: Names }>;
    }
  | {
      readonly type: 'find';
      readonly entity: EntityName;
      readonly id: string;
      readonly replyTo: ReplyTo<RecordRow | null>;
    }
  /** The user whom this viewer may give a password link; null for who has more rights than he. */
  | { readonly type: 'admit'; readonly id: string; readonly replyTo: ReplyTo<RecordRow | null> }
  /** A key for a kit: 64 hexadecimal digits. Answered with its record; null where it is not his to give. */
  | {
      readonly type: 'make-kit-key';
      readonly kitId: string;
      readonly key: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<RecordRow | null>;
    }
  /** LAF-05. `key` is the message's in the outbox; null for a station that he does not find. */
  | {
      readonly type: 'send-apn';
      readonly stationId: string;
      /** One of a kind. */
      readonly messageId: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<ApnSent | null>;
    }
  /** LAF-04: told by a kit, not by a person. */
  | { readonly type: 'card-detected'; readonly chargePointId: string; readonly iccid: string; readonly atMs: number }
  /** The zone of the station with this charger; null without one. */
  | { readonly type: 'zone-of'; readonly identity: string; readonly replyTo: ReplyTo<string | null> }
  /** His own record, whose login this is; pages take the id from the login and nowhere else. */
  | { readonly type: 'own'; readonly userId: string; readonly replyTo: ReplyTo<RecordRow | null> }
  /** ABO-04: of `values` only `OWN_FIELDS` are taken. */
  | {
      readonly type: 'save-own';
      readonly userId: string;
      readonly version: number;
      readonly values: Values;
      readonly atMs: number;
      readonly replyTo: ReplyTo<Saved>;
    }
  | {
      readonly type: 'save-own-language';
      readonly userId: string;
      readonly language: 'fr' | 'en';
      readonly atMs: number;
      readonly replyTo: ReplyTo<Saved>;
    }
  /** One of the customers whose login this user has (MOD-18); pages take the user from the login and nowhere else. */
  | {
      readonly type: 'own-customer';
      readonly userId: string;
      readonly id: string;
      readonly replyTo: ReplyTo<RecordRow | null>;
    }
  /** CPT-13: of `values` only `OWN_CUSTOMER_FIELDS` are taken. */
  | {
      readonly type: 'save-own-customer';
      readonly userId: string;
      readonly id: string;
      readonly version: number;
      readonly values: Values;
      readonly atMs: number;
      readonly replyTo: ReplyTo<Saved>;
    }
  /** What a `ref` or `refs` field may hold for this viewer, by name. */
  | {
      readonly type: 'choices';
      readonly to: string;
      /** What was chosen before, and is offered even if it is inactive; null for all that is. */
      readonly kept: readonly string[] | null;
      readonly replyTo: ReplyTo<readonly Choice[]>;
    }
  /** The points of a station or of a model, from the left; none where he does not find them (MOD-03). */
  | {
      readonly type: 'points';
      readonly of: 'evse' | 'model-evse';
      readonly id: string;
      readonly replyTo: ReplyTo<readonly RecordRow[]>;
    }
  /** STA-25: what somebody has confirmed of what was proposed to him. */
  | {
      readonly type: 'set-points';
      readonly stationId: string;
      readonly changes: readonly PointChange[];
      readonly atMs: number;
      readonly replyTo: ReplyTo<PointsSet>;
    }
  /** PRC-20: how many of his stations roam with each partner; null for whoever may send nothing. */
  | { readonly type: 'roaming-counts'; readonly replyTo: ReplyTo<RoamingCounts | null> }
  /** PRC-20: the statuses of one of his stations, or of all, are queued for the partner. Null: not for him. */
  | {
      readonly type: 'send-statuses';
      readonly partner: RoamingPartner;
      readonly stationId: string | null;
      /** Fresh: it makes the keys of these reports their own. */
      readonly id: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<StatusesSent | null>;
    }
  /** The rest of them: told by the office to itself, so that others are served between two bites. */
  | {
      readonly type: 'send-more-statuses';
      readonly partner: RoamingPartner;
      readonly id: string;
      readonly atMs: number;
      readonly after: RecordRow;
    }
  /** PRC-20: a charger that roams is in another state; told by the server itself. */
  | {
      readonly type: 'report-statuses';
      readonly chargePointId: ChargePointId;
      /** Fresh, as above. */
      readonly id: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<true>;
    }
  /** The next of his stations that are to be in the national list, by name (STA-04). */
  | {
      readonly type: 'open-data';
      readonly after: RecordRow | null;
      readonly limit: number;
      readonly replyTo: ReplyTo<readonly OpenDataStation[]>;
    }
  /** The definitions that extend the form of a record, or of a new one, in their order (INF-01, INF-05). */
  | {
      readonly type: 'custom-fields';
      readonly entity: EntityName;
      readonly id: string | null;
      readonly replyTo: ReplyTo<readonly RecordRow[]>;
    }
  /** `id` null makes a new record. `version` is the one that the form was drawn from. */
  | {
      readonly type: 'save';
      readonly entity: EntityName;
      readonly id: string | null;
      readonly newId: string;
      readonly version: number;
      readonly values: Values;
      readonly custom: Values;
      readonly inactive: boolean;
      readonly atMs: number;
      readonly replyTo: ReplyTo<Saved>;
    }
  /** What would go with these, by entity. */
  | {
      readonly type: 'dependants';
      readonly entity: EntityName;
      readonly ids: readonly string[];
      readonly replyTo: ReplyTo<{
        readonly labels: readonly string[];
        readonly counts: Readonly<Record<string, number>>;
      }>;
    }
  | {
      readonly type: 'delete';
      readonly entity: EntityName;
      readonly ids: readonly string[];
      /** A fresh id for each. */
      readonly deletionIds: readonly string[];
      /** Of what is deleted together, bite by bite: one line of the bin. Null: a line for each. */
      readonly batchId: string | null;
      readonly atMs: number;
      readonly replyTo: ReplyTo<Removed>;
    }
  | { readonly type: 'deletions'; readonly replyTo: ReplyTo<readonly BinLine[]> }
  /** Of a line of the bin, the deletions that it stands for; none for one that is not his. */
  | { readonly type: 'deletions-behind'; readonly id: string; readonly replyTo: ReplyTo<readonly string[]> }
  | {
      readonly type: 'restore';
      readonly deletionIds: readonly string[];
      readonly atMs: number;
      readonly replyTo: ReplyTo<RestoredAll>;
    }
  | { readonly type: 'audits'; readonly replyTo: ReplyTo<readonly AuditRow[]> }
  /** What a field may well hold, by the record whose form it is on; null for a new one. */
  | {
      readonly type: 'suggestions';
      readonly of: 'kits';
      readonly id: string | null;
      /** What is typed in the field that it depends on; for kits, the integrator's model. */
      readonly by: string | null;
      readonly replyTo: ReplyTo<readonly Suggestion[]>;
    }
  | { readonly type: 'kit-state'; readonly stationId: string; readonly replyTo: ReplyTo<KitState> }
  /** INT-05; null for whoever has no kits and models. */
  | {
      readonly type: 'kit-assignment';
      readonly modelId: string | null;
      readonly replyTo: ReplyTo<KitAssignment | null>;
    }
  | {
      readonly type: 'assign-kits';
      readonly modelId: string;
      readonly kitIds: readonly string[];
      readonly atMs: number;
      readonly replyTo: ReplyTo<boolean>;
    }
  /** MPU-10: may one be made for this subscription? */
  | { readonly type: 'lacks-test-merchant'; readonly subscriberId: string; readonly replyTo: ReplyTo<boolean> }
  | {
      readonly type: 'make-test-merchant';
      readonly subscriberId: string;
      readonly newId: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<boolean>;
    }
  /** SOC-09..11: sets one setting of a company on all of its stations. */
  | {
      readonly type: 'apply-to-stations';
      readonly companyId: string;
      readonly field: string;
      readonly atMs: number;
      readonly replyTo: ReplyTo<number | null>;
    }
  /** The companies whose maintenance was offered to this maintainer (MPU-07). */
  | {
      readonly type: 'offers';
      readonly query: Pick<RecordQuery, 'text' | 'offset' | 'limit'>;
      readonly replyTo: ReplyTo<OfferPage>;
    }
  /** Whom a company that he finds has offered its maintenance to (MPU-05). */
  | {
      readonly type: 'maintainers';
      readonly companyId: string;
      readonly replyTo: ReplyTo<readonly Maintainer[]>;
    }
  | {
      readonly type: 'answer-offer';
      readonly companyId: string;
      readonly accept: boolean;
      readonly atMs: number;
      readonly replyTo: ReplyTo<boolean>;
    };

/** Requests that change nothing: they need not wait for one another. */
export const OFFICE_READS: ReadonlySet<OfficeRequest['type']> = new Set([
  'list',
  'next',
  'find',
  'own-customer',
  'choices',
  'custom-fields',
  'points',
  'open-data',
  'roaming-counts',
  'suggestions',
  'kit-state',
  'maintainers',
  'dependants',
  'deletions',
  'deletions-behind',
  'audits',
  'offers',
]);

/** What a field may well hold, the likeliest first. */
export type Suggestion = {
  readonly value: string;
  /** When the kit knocked last; null for one that does not. */
  readonly heardAtMs: number | null;
  /** It signed with its key when it knocked. */
  readonly isProven: boolean;
};

/** A request with who asks: the directory adds him, so that no page can leave him out. */
export type OfficeMessage = OfficeRequest & { readonly viewer: Viewer };
