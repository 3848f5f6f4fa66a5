import type { AlertRecipient } from '#src/domain/alert.ts';
import type { Scope } from '#src/domain/office/access.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { TransactionId } from '#src/domain/ids.ts';
import type { PostMessage } from '#src/domain/post.ts';

/**
 * What may be asked of the disk for the back office. Only `sqlite/` keeps these promises: no simulation of chargers
 * needs a company. Every read is narrowed by a `Scope`, so that what is not the reader's is not there.
 */

export type RecordQuery = {
  readonly scope: Scope;
  /** Words, all of which must occur, anywhere in what the entity lets be searched. */
  readonly text: string;
  /** A field, `custom-<id>`, or `changedAtMs`. */
  readonly sort: string;
  readonly descending: boolean;
  readonly filters: readonly { readonly field: string; readonly value: string | null }[];
  readonly offset: number;
  /** Null for all. */
  readonly limit: number | null;
  /** The fields that are read of each record; without, all of them. */
  readonly fields?: readonly string[];
};
export type NextQuery = Pick<RecordQuery, 'scope' | 'text' | 'filters'> & {
  readonly after: RecordRow | null;
  readonly limit: number;
};
/** `isMore`: there are more than `found`, and nobody counted how many (a word that nearly everything has). */
export type RecordPage = { readonly rows: readonly RecordRow[]; readonly found: number; readonly isMore: boolean };

/** Something that was deleted, with what went with it; it can be brought back until it is purged. */
export type Deletion = {
  readonly deletionId: string;
  /** Of what was deleted together, bite by bite; null for what was deleted by itself. */
  readonly batchId: string | null;
  readonly subscriberId: string | null;
  readonly entity: string;
  readonly label: string;
  /** How many records of each entity went, this one included. */
  readonly counts: Readonly<Record<string, number>>;
  readonly atMs: number;
  readonly by: string;
};

/** What the deletion of a recharge is of: no record, so that no entity is called so. */
export const RECHARGE = 'session';

/** A line of the bin: one deletion, or the `size` that are left of a batch, by the batch's id and its first label. */
export type BinLine = Deletion & { readonly size: number };

/** What was done about how somebody gets in. */
export const DOOR_ACTS = [
  'password-changed',
  'password-set',
  'link-made',
  'factor-on',
  'factor-off',
  'codes-renewed',
  'recovery-used',
  'logins-ended',
  'entered',
] as const;
export type DoorAct = (typeof DOOR_ACTS)[number];

export type AuditRow = {
  readonly atMs: number;
  readonly by: string;
  readonly subscriberId: string | null;
  readonly act:
    | 'created'
    | 'changed'
    | 'deleted'
    | 'restored'
    | 'granted'
    | 'withdrawn'
    | 'accepted'
    | 'declined'
    | 'key-made'
    | 'apn-sent'
    | DoorAct;
  readonly entity: string;
  readonly recordId: string;
  readonly label: string;
  /** The names of the fields that changed; never their values, which may be personal. */
  readonly fields: readonly string[];
};

/** A maintainer that a merchant has offered a company to, and his answer (MPU-01..06). */
export type MaintenanceRow = {
  readonly companyId: string;
  readonly maintainerId: string;
  readonly offeredAtMs: number;
  readonly acceptedAtMs: number | null;
};

/**
 * One write of a transaction. What chargers' actors must know of a station (`StationRow`, `ChargePointRow`) follows its
 * record in the same transaction.
 */
export type OfficeWrite =
  /** Inserted when `record.version` is 1, else it replaces the version before; anything else is `stale`. */
  | { readonly type: 'put'; readonly entity: Entity; readonly record: RecordRow }
  /** Deletes what `deletion` names and everything that depends on it. */
  | {
      readonly type: 'delete';
      readonly entity: Entity;
      readonly id: string;
      readonly deletion: Omit<Deletion, 'counts' | 'batchId'> & { readonly batchId?: string | null };
    }
  /** SUB-02: an ended recharge, about which nothing is asked; any other is `stale`. The ledger keeps its entry. */
  | {
      readonly type: 'delete-recharge';
      readonly transactionId: TransactionId;
      readonly deletion: Omit<Deletion, 'counts' | 'entity'>;
    }
  | { readonly type: 'restore'; readonly deletionId: string; readonly atMs: number }
  /** A part of a record that says no longer that it has it: gone for good, as an emptied field is. */
  | { readonly type: 'part-gone'; readonly entity: Entity; readonly id: string; readonly atMs: number }
  | { readonly type: 'audit'; readonly audit: AuditRow }
  | { readonly type: 'maintenance'; readonly row: MaintenanceRow }
  | { readonly type: 'maintenance-gone'; readonly companyId: string; readonly maintainerId: string }
  /** Queues a message with what caused it; a key that was there before is left as it is. */
  | {
      readonly type: 'post';
      readonly message: PostMessage;
      /** Of its channel, messages whose keys begin so give way to it, sent or not: what they told is no longer true. */
      readonly inPlaceOf?: string;
    }
  /** Whom of these users a station's alerts go to; one without any is no longer named. Others stay as they are. */
  | { readonly type: 'recipients'; readonly stationId: string; readonly recipients: readonly AlertRecipient[] }
  /** The key that a kit signs with from now on, 64 hexadecimal digits: in no list, no export and no record. */
  | { readonly type: 'kit-key'; readonly kitId: string; readonly key: string }
  | DoorWrite;

/** A change of how somebody gets in, written with its audit. A code or link that was used meanwhile is `stale`. */
export type DoorWrite =
  | { readonly type: 'password'; readonly userId: string; readonly credential: Credential }
  | {
      readonly type: 'password-link';
      readonly tokenHash: string;
      readonly userId: string;
      readonly expiresAtMs: number;
    }
  | { readonly type: 'link-used'; readonly tokenHash: string }
  | {
      readonly type: 'customer-invitation';
      readonly tokenHash: string;
      readonly customerId: string;
      readonly userId: string;
      readonly expiresAtMs: number;
    }
  | { readonly type: 'invitation-used'; readonly tokenHash: string }
  /** Forgets links that were not used in time. */
  | { readonly type: 'links-expired'; readonly nowMs: number }
  /** A new password ends every link of its user. */
  | { readonly type: 'links-gone'; readonly userId: string }
  | {
      readonly type: 'factor-on';
      readonly ownerId: string;
      readonly factor: SecondFactorRow;
      readonly recoveryHashes: readonly string[];
    }
  | { readonly type: 'factor-off'; readonly ownerId: string }
  | { readonly type: 'code-used'; readonly ownerId: string; readonly step: number }
  | { readonly type: 'recovery-used'; readonly ownerId: string; readonly codeHash: string };

/**
 * `stale`: somebody else has changed it since. `taken`: another record has that unique value. `orphan`: what would be
 * restored belongs to something deleted. Nothing was written.
 */
export type OfficeWritten = 'ok' | 'stale' | 'taken' | 'orphan';

/** A user's password, and whether he must choose another at his next login (AUT-12). */
export type Credential = {
  readonly passwordHash: string;
  readonly mustChange: boolean;
  readonly changedAtMs: number;
};

/** A telephone that shows another code every 30 seconds (RFC 6238). */
export type SecondFactorRow = {
  /** 160 bits in base 32. It cannot be hashed, for codes are computed from it: whoever reads the file can use it. */
  readonly secret: string;
  readonly sinceMs: number;
  /** The 30 seconds whose code was used last: no code is used twice. */
  readonly lastStep: number;
};

export interface Credentials {
  of(userId: string): Promise<Credential | null>;
  /** Whose link this is, while it lasts. */
  linkedUser(tokenHash: string, nowMs: number): Promise<string | null>;
  /** Whom a link asks about which customer, while it lasts (CPT-14). */
  invitation(
    tokenHash: string,
    nowMs: number,
  ): Promise<{ readonly customerId: string; readonly userId: string } | null>;
  isInvited(userId: string, nowMs: number): Promise<boolean>;
  factor(ownerId: string): Promise<SecondFactorRow | null>;
  /** How many recovery codes are left. */
  recoveryCodes(ownerId: string): Promise<number>;
}

export interface Office {
  list(entity: Entity, query: RecordQuery): Promise<RecordPage>;
  /** The next records by name after `after`, for exports: constant memory and time for each page, whatever the size. */
  next(entity: Entity, query: NextQuery): Promise<readonly RecordRow[]>;
  count(entity: Entity, query: Pick<RecordQuery, 'scope' | 'text' | 'filters'>): Promise<number>;
  find(entity: Entity, id: string, scope: Scope): Promise<RecordRow | null>;
  /** Ids and names, for choosing one of them; at most `limit`, by name. */
  names(
    entity: Entity,
    scope: Scope,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** The names of these, whether deleted or not. */
  namesOf(entity: Entity, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Is there another live record with this value? Letter case does not count. */
  isTaken(of: {
    readonly entity: Entity;
    readonly field: string;
    readonly value: string;
    readonly subscriberId: string | null;
    readonly exceptId: string | null;
  }): Promise<boolean>;
  /**
   * Has another customer of this merchant this badge? `subscriberId` null: a public customer, or a badge without a
   * customer. `value` is in the form under which badges are compared.
   */
  isBadgeTaken(of: {
    readonly value: string;
    readonly subscriberId: string | null;
    readonly exceptId: string | null;
  }): Promise<boolean>;
  /** The live customers whose login this user has: of merchants by name, then public ones (MOD-18). */
  customersOf(userId: string): Promise<readonly RecordRow[]>;
  /** Is this the username of an account of the configuration? Letter case does not count. */
  isOperator(username: string): Promise<boolean>;
  /** Does a message wait to be sent whose key begins so? With `ended`, or has there been one that nothing replaced? */
  isPosted(keyStem: string, of?: { readonly ended: boolean }): Promise<boolean>;
  /** Is there a deleted record with this value, that may still be brought back? Letter case does not count. */
  isInBin(entity: Entity, field: string, value: string): Promise<boolean>;
  /** What went with a deletion, of this entity. */
  inBin(entity: Entity, deletionId: string): Promise<readonly RecordRow[]>;
  /** Whoever has this value, whatever the letter case; for the server itself, which has no scope. */
  findBy(entity: Entity, field: string, value: string): Promise<RecordRow | null>;
  readonly credentials: Credentials;
  /** How many live records of each entity would go with this one, and as `session`, how many sessions out of sight. */
  dependants(entity: Entity, id: string): Promise<Readonly<Record<string, number>>>;
  /** The latest lines of the bin. */
  deletions(subscriberId: string | null, limit: number): Promise<readonly BinLine[]>;
  /** The deletions that are left of a batch; of any other deletion, itself. */
  batch(id: string): Promise<readonly string[]>;
  deletion(deletionId: string): Promise<Deletion | null>;
  maintenanceOf(
    of: { readonly companyId: string } | { readonly maintainerId: string },
  ): Promise<readonly MaintenanceRow[]>;
  audits(subscriberId: string | null, limit: number): Promise<readonly AuditRow[]>;
  /** How often something was written, or tried to be: what was read since the last time is as it was. */
  readonly writes: () => number;
  /** All or none, on disk when it resolves. */
  write(writes: readonly OfficeWrite[]): Promise<OfficeWritten>;
  /**
   * Purges what was deleted before, and the recharges of its stations, some at a time; returns how many went, 0 once
   * nothing is left. The ledger keeps its entries. What it has begun with is not brought back any more.
   */
  purgeDeleted(beforeMs: number, limit: number): Promise<number>;
}
