import { folded } from './office/field.ts';

/** In degrees, WGS84. */
export type Position = { readonly latitude: number; readonly longitude: number };

/** A commune of France, overseas included. */
export type Commune = {
  /** INSEE's code, such as `33032` or `2A004`. */
  readonly code: string;
  readonly name: string;
  readonly postcodes: readonly string[];
  readonly department: { readonly code: string; readonly name: string };
  readonly population: number;
  /** Of its town where that is known, else of its middle. */
  readonly position: Position;
};

export type Address = { readonly street: string; readonly postcode: string; readonly city: string };

/** What an address or a position was found to be. */
export type FoundPlace = {
  /** Null where only the commune is known. */
  readonly street: string | null;
  readonly postcode: string;
  readonly city: string;
  /** Of INSEE; null when the service did not say. */
  readonly communeCode: string | null;
  readonly position: Position;
  /** `commune`: known to the town only, from our own list. `doubtful`: the service itself is not sure. */
  readonly precision: 'address' | 'doubtful' | 'commune';
};
export type PlaceAnswer = {
  readonly found: FoundPlace | null;
  /** The address service is configured, was asked, and gave no usable answer. */
  readonly serviceFailed: boolean;
};

/** Addresses and positions, one from the other. Nothing of it throws: what is not found is null. */
export type Places = {
  locate(address: Address): Promise<PlaceAnswer>;
  addressAt(position: Position): Promise<PlaceAnswer>;
  /** Communes whose name or postcode begins with what was typed so far, the best first. */
  suggest(typed: string, limit: number): Promise<readonly Commune[]>;
  /** The commune of an address, by its postcode and its name. */
  communeOf(postcode: string, city: string): Promise<Commune | null>;
};

/** The department of a commune by its code of INSEE, or nearly always by a postcode: `33`, `2A`, `971`. */
export function departmentOf(code: string): string {
  return code.slice(0, /^9[78]/.test(code) ? 3 : 2);
}

const EARTH_RADIUS_M = 6_371_000;
const RADIANS = Math.PI / 180;

/** Along the great circle, in m. */
export function distanceM(from: Position, to: Position): number {
  const north = Math.sin(((to.latitude - from.latitude) * RADIANS) / 2);
  const east = Math.sin(((to.longitude - from.longitude) * RADIANS) / 2);
  const chord = north ** 2 + Math.cos(from.latitude * RADIANS) * Math.cos(to.latitude * RADIANS) * east ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** `44.89864;-0.51624`, as a position field keeps it; null for anything else. */
export function positionFrom(text: string): Position | null {
  const parts = /^(-?\d{1,2}(?:\.\d+)?);(-?\d{1,3}(?:\.\d+)?)$/.exec(text);
  const [latitude, longitude] = [Number(parts?.[1]), Number(parts?.[2])];
  return parts === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180 ? null : { latitude, longitude };
}

/** To a metre, as a position field keeps it. */
export function positionText({ latitude, longitude }: Position): string {
  return `${Number(latitude.toFixed(5))};${Number(longitude.toFixed(5))}`;
}

/** A name as it is compared: « St-Étienne-d’Orgues » and « saint etienne d'orgues » are one. */
export function plainName(name: string): string {
  return folded(name)
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replace(/[^a-z\d]+/g, ' ')
    .trim()
    .replace(/\bst\b/g, 'saint')
    .replace(/\bste\b/g, 'sainte');
}
