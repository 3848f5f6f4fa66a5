import type { ForcedKeyRow } from '#src/domain/forced-keys.ts';
import type { ChargePointId, WalletId } from '#src/domain/ids.ts';
import type { StayLimits } from '#src/domain/stay-limits.ts';
import type { Leniency } from '#src/domain/leniency.ts';

/** What may be asked of the disk for what people declare; the two implementations of `ports.ts` keep these promises too. */

/** A badge, as a customer has it, or without one. */
export type IdTokenRow = {
  /** `idTagKey` of the badge: unique among those of a merchant's customers. */
  readonly key: string;
  readonly idTag: string;
  readonly blocked: boolean;
  readonly expiresAtMs: number | null;
  /** The wallet that pays, or null: charges for free. */
  readonly walletId: WalletId | null;
  readonly driver: string | null;
  readonly freeService: boolean;
};

export type StationRow = {
  readonly stationId: string;
  readonly name: string;
  readonly address: string;
  readonly postcode: string;
  readonly city: string;
  readonly merchant: string;
  readonly access: 'public' | 'private';
  /** Whose it is; null for a station that no subscriber has. */
  readonly subscriberId: string | null;
  readonly companyId: string | null;
};

/** What was declared about a charger, not what it says of itself. */
export type ChargePointRow = {
  readonly chargePointId: ChargePointId;
  /** `chargePointKey` of the identity: unique (field-24). */
  readonly key: string;
  readonly stationId: string;
  /** 1 to 4 by the manual, more by adoption; 0 while unknown. */
  readonly connectors: number;
  /** The most this charger can deliver on one connector, in W: the cap of field-22. */
  readonly powerMaxW: number;
  /** Price of energy in mills (1/1000 EUR) per kWh, VAT included; 0 is free. */
  readonly energyPriceMillsPerKwh: number;
  /** The serial number it must have; null until first told (field-10). */
  readonly serialNumber: string | null;
  /** The badge by which this box starts its free charges: welcome without a customer (OCP-14). */
  readonly freeServiceTag: string | null;
  readonly leniency: Leniency;
  /** What it allows each vehicle (OCP-13); nothing is limited for a Pulse kit, which knows its limits itself. */
  readonly limits: StayLimits;
  readonly inactive: boolean;
};

/** A declared charger with its station and the last time it was heard, for the fleet. */
export type RosterRow = ChargePointRow & {
  readonly station: StationRow;
  readonly heardAtMs: number | null;
  /** The identity was another station's before: what is older is that one's history. 0: it never was. */
  readonly historySinceMs: number;
  /** Connectors that are sockets of one point: one vehicle at a time charges there (MOD-03). Absent without any. */
  readonly shared?: readonly (readonly number[])[];
};

export type UserRow = {
  readonly username: string;
  readonly passwordHash: string;
  readonly displayName: string;
  readonly createdAtMs: number;
};

/** A browser's login. `tokenHash` is the SHA-256 of the cookie, in hex. */
export type LoginRow = {
  readonly tokenHash: string;
  readonly username: string;
  /** Null for the operator account of the configuration. */
  readonly userId: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** From where, and with what: for its user, who looks at his logins. Null for a login from before they were kept. */
  readonly address: string | null;
  /** `Firefox`, never the whole header, which tells browsers apart. */
  readonly browser: string | null;
  /** The subscriber whose account its user has entered (ABO-02); null: his own. */
  readonly enteredId: string | null;
};

/** What people declare: stations, chargers, badges, logins. Written outside any actor, never on a charger's path. */
export interface Registry {
  putStation(station: StationRow): Promise<void>;
  /** Inserted, or replaced by `key`; rejects when its station was never put. */
  putChargePoint(chargePoint: ChargePointRow): Promise<void>;
  /** A badge without a customer; a public customer's stays as his record says. */
  putIdToken(token: IdTokenRow): Promise<void>;
  /** Left as it is when the station forces that key already. */
  declareForcedKey(forced: ForcedKeyRow): Promise<void>;
  putUser(user: UserRow): Promise<void>;
  user(username: string): Promise<UserRow | null>;
  putLogin(login: LoginRow): Promise<void>;
  login(tokenHash: string): Promise<LoginRow | null>;
  /** Newest first. `userId` null: those of the operator of this name. */
  loginsOf(userId: string | null, username: string): Promise<readonly LoginRow[]>;
  deleteLogin(tokenHash: string): Promise<void>;
  deleteExpiredLogins(nowMs: number): Promise<void>;
  putApiToken(token: {
    readonly tokenHash: string;
    readonly label: string;
    readonly createdAtMs: number;
  }): Promise<void>;
  apiToken(tokenHash: string): Promise<{ readonly label: string } | null>;
  /** Purges what is older than the cut of its level (PRC-09), in bites of at most `limit` rows; returns how many went. */
  purgeEvents(cut: {
    readonly debugBeforeMs: number;
    readonly otherBeforeMs: number;
    readonly limit: number;
  }): Promise<number>;
}
