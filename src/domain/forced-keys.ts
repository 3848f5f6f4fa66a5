/** « Forcer cette valeur »: what a station sends to whatever charger stands there, at each of its boots (OCP-20). */
export type ForcedKeyRow = {
  readonly stationId: string;
  /** As it was typed; chargers compare keys without case, and so do we. */
  readonly key: string;
  readonly value: string;
  /** A username. */
  readonly by: string;
  readonly atMs: number;
};

/** What is known of a station that decides about the keys of its charger. */
export type StationKeys = {
  readonly stationId: string;
  readonly manufacturer: string | null;
  readonly make: string | null;
  /** « Puissance disponible en permanence »; null while nobody has said. */
  readonly permanentPowerW: number | null;
  /** It limits the energy of a charge (OCP-13), which then must be told while it goes on. */
  readonly limitsEnergy: boolean;
  /** « Message borne » of its company (SOC-08); null without. */
  readonly message: string | null;
  /** In the order of their keys. */
  readonly forced: readonly ForcedKeyRow[];
};

/** Where a value comes from: a person, the form of the station, or this server. */
export type KeyOrigin = 'person' | 'station' | 'server';
export type WantedKey = {
  readonly key: string;
  readonly value: string;
  readonly origin: KeyOrigin;
  /** Null when no person forced it. */
  readonly by: string | null;
};

/** Keys that people may force at one station; each is sent at every boot. */
export const FORCED_KEYS_MAX = 40;

/** OCP-16, OCP-17: a beat every 15 minutes, and no meter values during a charge. In seconds, as on the wire. */
const DEFAULTS: readonly WantedKey[] = [
  { key: 'HeartbeatInterval', value: '900', origin: 'server', by: null },
  { key: 'MeterValueSampleInterval', value: '0', origin: 'server', by: null },
];
/** OCP-12: in kW, of chargers by MADIC industries. */
const POWER_KEY = 'PDL_Power';
/** Where a charge is limited by its energy: in seconds. */
const LIMITED_SAMPLES: WantedKey = { key: 'MeterValueSampleInterval', value: '60', origin: 'station', by: null };

/**
 * Where the message of the company goes in a value that is forced (SOC-08): OCPP 1.6 has no message for a display, and
 * each make that shows one has a key of its own, which a person knows.
 */
const MESSAGE_PLACE = '{message}';

/** A forced value as it is sent to the charger of this station. Values of OCPP are of one line. */
export function sentValue({ message }: Pick<StationKeys, 'message'>, value: string): string {
  return value.replaceAll(MESSAGE_PLACE, () => (message ?? '').replaceAll(/\s*\n\s*/g, ' ').trim());
}

/** Two names of one key are alike in this form. */
export function foldedKey(key: string): string {
  return key.toLowerCase();
}

/** Chargers never show these again, and neither do we (OCPP 1.6 security whitepaper, AuthorizationKey). */
export function isSecretKey(key: string): boolean {
  return foldedKey(key) === 'authorizationkey';
}

/** What a charger is to be told after each boot: a person's word goes before the station's form, and that before ours. */
export function wantedKeys(station: StationKeys, vendor: string | null): readonly WantedKey[] {
  const wanted = new Map(DEFAULTS.map((one) => [foldedKey(one.key), one]));
  const { permanentPowerW, manufacturer, make } = station;
  if (station.limitsEnergy) wanted.set(foldedKey(LIMITED_SAMPLES.key), LIMITED_SAMPLES);
  if (permanentPowerW !== null && [vendor, manufacturer, make].some((name) => /\bmadic\b/i.test(name ?? ''))) {
    const value = String(permanentPowerW / 1_000);
    wanted.set(foldedKey(POWER_KEY), { key: POWER_KEY, value, origin: 'station', by: null });
  }
  for (const { key, value, by } of station.forced)
    wanted.set(foldedKey(key), { key, value: sentValue(station, value), origin: 'person', by });
  return [...wanted.values()];
}
