/** What happens to messages between a simulated charger and the server, and to its clock. */
export type Weather = {
  /** Of a hundred messages, those that vanish. */
  readonly lossPercent: number;
  /** How late a message comes, on average, in ms. */
  readonly delayMs: number;
  /** The charger's clock less the true one, in seconds. */
  readonly skewSeconds: number;
  /** Of a hundred messages, those that come twice. */
  readonly duplicatesPercent: number;
  /** Of a hundred messages, those that later ones overtake. */
  readonly reorderPercent: number;
};

export const CALM: Weather = { lossPercent: 0, delayMs: 0, skewSeconds: 0, duplicatesPercent: 0, reorderPercent: 0 };

/** The least and the most of each: beyond it nothing is learnt. */
export const WEATHER_LIMITS: Readonly<Record<keyof Weather, { readonly min: number; readonly max: number }>> = {
  lossPercent: { min: 0, max: 50 },
  delayMs: { min: 0, max: 20_000 },
  skewSeconds: { min: -7_200, max: 7_200 },
  duplicatesPercent: { min: 0, max: 50 },
  reorderPercent: { min: 0, max: 50 },
};

export const WEATHER_NAMES = Object.keys(WEATHER_LIMITS) as (keyof Weather)[];

/** Null for what is no number within its limits. */
export function weatherFrom(typed: Readonly<Partial<Record<keyof Weather, string>>>): Weather | null {
  const weather: Record<string, number> = {};
  for (const name of WEATHER_NAMES) {
    const { min, max } = WEATHER_LIMITS[name];
    const text = typed[name] ?? '0';
    const value = /^-?\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) return null;
    weather[name] = value;
  }
  return weather as Weather;
}
