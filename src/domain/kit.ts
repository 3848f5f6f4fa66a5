/** « Kit Pulse »: what an edge must know of one that knocks. Its station is its charger's (manual, LAF-02..10). */

/** A kit's charger is named by the kit's serial number: no OCPP identity begins so. */
const PREFIX = 'kit:';

export function kitChargePointId(serial: string): string {
  return PREFIX + serial;
}

/** The serial number of the kit that this charger is; null for a charger of OCPP. */
export function kitSerialOf(chargePointId: string): string | null {
  const isKit = chargePointId.slice(0, PREFIX.length).toLowerCase() === PREFIX;
  return isKit ? chargePointId.slice(PREFIX.length) : null;
}

/** The badge of a charge that nobody had to ask leave for at a kit: free service, unless the station names another. */
export const KIT_FREE_BADGE = 'LIBRE-SERVICE';

/** What a station's page says that its kit must be told. Powers in W, energy in Wh, times in minutes. */
export type KitSettings = {
  readonly permanentPowerW: number;
  /** LAF-07: at these times of the station's day, `HH:MM`, more is available. */
  readonly maxPower: { readonly powerW: number; readonly from: string; readonly to: string } | null;
  readonly timeZone: string;
  readonly unlockToken: string | null;
  readonly chargeMinutesMax: number | null;
  readonly chargeWhMax: number | null;
  readonly unlockMinutes: number | null;
  readonly parkingBeforeMinutes: number | null;
  readonly parkingAfterMinutes: number | null;
  readonly parkingMinutesMax: number | null;
  readonly language: string;
  readonly text: string | null;
};

export type KnownKit = {
  /** As it was declared. */
  readonly serial: string;
  /** 32 bytes, shared with the kit alone. */
  readonly key: Buffer;
  /** Null while it is in no station. */
  readonly settings: KitSettings | null;
};

/** Who knows kits. Null: nobody has granted this one a key. */
export type KitRegistry = { find(serial: string): Promise<KnownKit | null> };

/** What a kit needs of its SIM card's network (LAF-04). */
export type KitAccess = { readonly apn: string; readonly login: string; readonly password: string };
/** The SMS that tells it, signed with its key (LAF-05). */
export type ApnSms =
  | { readonly ok: true; readonly text: string }
  /** `no-kit-key`: nobody has made this kit a key. `does-not-fit`: too long, or characters that no SMS carries. */
  | { readonly ok: false; readonly why: 'no-kit-key' | 'does-not-fit' };
export type WriteApnSms = (serial: string, access: KitAccess) => Promise<ApnSms>;

/** The key of an SMS that gives a kit its access point; `id`: one of a kind. */
export function apnKey(chargePointId: string, id: string): string {
  return ['apn', encodeURIComponent(chargePointId), id].join('/');
}

/** The kit that a message with this key is about; null for any other message. */
export function chargePointOfApn(key: string): string | null {
  const chargePointId = /^apn\/([^/]+)\/[^/]+$/.exec(key)?.[1];
  return chargePointId === undefined ? null : decodeURIComponent(chargePointId);
}

/** From this version of its software on, a kit takes its access point from an SMS (manual, L1844). */
const APN_BY_SMS_SINCE = 200;

/** The version in `KIPA1B204A`, or in `204`; null where nobody can tell. */
export function kitVersionOf(software: string): number | null {
  const digits = /B(\d{3})/i.exec(software)?.[1] ?? /^\D*(\d{3})\D*$/.exec(software)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** May its access point be sent by SMS? What is not known to be too old may be tried. */
export function takesApnBySms(software: string | null): boolean {
  return (kitVersionOf(software ?? '') ?? APN_BY_SMS_SINCE) >= APN_BY_SMS_SINCE;
}

/** A kit that knocks and is let in nowhere, as its port tells of it (LAF-02). */
export type KnockingKit = {
  /** As it wrote it. */
  readonly serial: string;
  /** When it was heard last. */
  readonly atMs: number;
  /** Did it sign with its key? Anybody can write a serial number. */
  readonly isProven: boolean;
  /** The SIM card that it says is in it; null for a cable, and for whoever proved nothing. */
  readonly iccid: string | null;
};

/** What a kit shows on its display: a text in each language that it may be in, empty to show no more (`show` of section 9). */
export type KitMessage = {
  /** By code of ISO 639-1. */
  readonly texts: Readonly<Record<string, string>>;
  /** Seconds; null: until another comes. */
  readonly seconds: number | null;
};
export const SHOWN_CHARACTERS_MAX = 120;
/** What all of its texts may take together, as JSON: it leaves in one datagram beside the longest serial number. */
export const SHOWN_BYTES_MAX = 1_100;
/** Every display has these; a kit tells which others it has. */
export const KIT_LANGUAGES: readonly string[] = ['fr', 'en'];

/** How many bytes the texts take beyond what fits; 0 when they fit. */
export function bytesTooMany({ texts }: KitMessage): number {
  return Math.max(0, new TextEncoder().encode(JSON.stringify(texts)).length - SHOWN_BYTES_MAX);
}
