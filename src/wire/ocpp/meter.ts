import {
  CONTEXTS,
  FORMATS,
  LOCATION_RANKS,
  LOCATIONS,
  MEASURANDS,
  PHASES,
  SCALES,
  UNITS,
  type Measurand,
  type Phase,
} from './measurands.ts';
import type { MeterSample, Timestamp } from './messages.ts';
import { isObject, type Fields, type Reading } from './reading.ts';

/** Samples kept of one message: the first, with which a session begins, and the latest ones. */
export const METER_SAMPLES_MAX = 500;
/** The standard has eight contexts; the values of a ninth in one element are passed over. */
const CONTEXTS_MAX = 8;

const METER_VALUE_PROPERTIES = new Set(['timestamp', 'sampledValue']);
const SAMPLED_VALUE_PROPERTIES = new Set(['value', 'context', 'format', 'measurand', 'phase', 'location', 'unit']);
const NO_SAMPLES: readonly MeterSample[] = Object.freeze([]);
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** One quantity as its phases tell it; null where nothing was said. `rank` is the location's, 0 the outlet. */
type Tally = { rank: number; whole: number | null; L1: number | null; L2: number | null; L3: number | null };
const NO_RANK = 1_000;
/** Null for a quantity of which nothing was said. */
type Tallies = {
  readonly context: string;
  energy: Tally | null;
  power: Tally | null;
  current: Tally | null;
  soc: Tally | null;
};

/**
 * A `meterValue` or `transactionData` array as samples in our units, in its order. An element gives one sample per
 * context it holds and none when nothing in it is of use. Values are never invented: what is unreadable, negative,
 * signed or in a unit of another quantity is left out (field-23). `undefined` is an array without elements.
 */
export function readMeterSamples(raw: unknown, name: string, reading: Reading): readonly MeterSample[] {
  if (raw === undefined) return NO_SAMPLES;
  const samples: MeterSample[] = [];
  for (const element of elementsOf(raw, name, reading)) readMeterValue(element, samples, reading);
  if (samples.length <= METER_SAMPLES_MAX) return samples;
  reading.note('over-long');
  return [...samples.slice(0, 1), ...samples.slice(1 - METER_SAMPLES_MAX)];
}

/** The objects of an array; a lone object stands for an array of one. */
function elementsOf(raw: unknown, name: string, reading: Reading): readonly Fields[] {
  if (Array.isArray(raw) && raw.every(isObject)) return raw;
  reading.forgive('coerced-type', 'TypeConstraintViolation', `${name} is not an array of objects`);
  if (isObject(raw)) return [raw];
  return Array.isArray(raw) ? raw.filter(isObject) : [];
}

function readMeterValue(fields: Fields, samples: MeterSample[], reading: Reading): void {
  reading.onlyKnown(fields, METER_VALUE_PROPERTIES);
  const timestamp = reading.wantedTimestamp(fields.timestamp);
  const values = reading.wanted(fields.sampledValue, 'sampledValue', []);
  const byContext: Tallies[] = [];
  for (const value of elementsOf(values, 'sampledValue', reading)) readSampledValue(value, byContext, reading);
  for (const tallies of byContext) samples.push(sampleOf(timestamp, tallies));
}

function readSampledValue(fields: Fields, byContext: Tallies[], reading: Reading): void {
  reading.onlyKnown(fields, SAMPLED_VALUE_PROPERTIES);
  const measurand = reading.word(fields.measurand, 'measurand', MEASURANDS, 'other') ?? 'Energy.Active.Import.Register';
  const format = reading.word(fields.format, 'format', FORMATS, 'Raw');
  const location = reading.word(fields.location, 'location', LOCATIONS, 'Body') ?? 'Outlet';
  const context = reading.openWord(fields.context, 'context', CONTEXTS) ?? 'Sample.Periodic';
  const phase = PHASES.get(fields.phase) ?? oddPhase(fields.phase, reading);
  if (!UNITS.has(fields.unit)) {
    reading.forgive('odd-unit', 'PropertyConstraintViolation', "unit is not one of the standard's values");
  }
  const written = reading.wanted(fields.value, 'value', null);
  if (typeof written !== 'string' && written !== null) {
    reading.forgive('coerced-type', 'TypeConstraintViolation', 'value is not a text');
  }
  if (measurand === 'other' || format === 'SignedData' || phase === 'none' || written === null) return;
  const amount = readAmount(written, fields.unit, measurand, reading);
  if (amount === null) return;
  const tallies = talliesFor(context, byContext);
  if (tallies !== undefined) enter(tallyOf(tallies, measurand), phase, LOCATION_RANKS[location], amount);
}

/** The value in our unit, or `null` after noting why it is left out. */
function readAmount(
  written: unknown,
  unit: unknown,
  measurand: Exclude<Measurand, 'other'>,
  reading: Reading,
): number | null {
  const scale = SCALES[measurand];
  const name = unit ?? '';
  // An object has no name, and may well refuse to be written as text.
  const odd = typeof name === 'string' ? scale.odd.get(name.trim().toLowerCase()) : undefined;
  const factor = scale.exact.get(unit) ?? odd;
  if (factor === undefined) {
    reading.note('odd-unit');
    return null;
  }
  const number = typeof written === 'string' && DECIMAL.test(written.trim()) ? Number(written) : written;
  if (typeof number !== 'number') {
    reading.forgive('odd-value', 'PropertyConstraintViolation', 'value is not a decimal number');
    return null;
  }
  const amount = measurand === 'SoC' ? number : Math.round(number * factor);
  if (amount >= 0 && amount <= scale.max) return amount + 0; // -0 becomes 0
  reading.note('odd-value');
  return null;
}

function oddPhase(written: unknown, reading: Reading): Phase {
  reading.forgive('unknown-enum', 'PropertyConstraintViolation', "phase is not one of the standard's values");
  if (written === null || written === '') return 'whole';
  return typeof written === 'string' ? (PHASES.get(written.trim().toUpperCase()) ?? 'none') : 'none';
}

function talliesFor(context: string, byContext: Tallies[]): Tallies | undefined {
  const known = byContext.find((one) => one.context === context);
  if (known !== undefined || byContext.length >= CONTEXTS_MAX) return known;
  const tallies: Tallies = { context, energy: null, power: null, current: null, soc: null };
  byContext.push(tallies);
  return tallies;
}

function tallyOf(tallies: Tallies, measurand: Exclude<Measurand, 'other'>): Tally {
  switch (measurand) {
    case 'Energy.Active.Import.Register':
      return (tallies.energy ??= noTally());
    case 'Power.Active.Import':
      return (tallies.power ??= noTally());
    case 'Current.Import':
      return (tallies.current ??= noTally());
    case 'SoC':
      return (tallies.soc ??= noTally());
  }
}

function noTally(): Tally {
  return { rank: NO_RANK, whole: null, L1: null, L2: null, L3: null };
}

/** Each phase counts once, and places are never mixed: a value from nearer the outlet replaces all the others. */
function enter(tally: Tally, phase: Exclude<Phase, 'none'>, rank: number, amount: number): void {
  if (rank > tally.rank) return;
  if (rank < tally.rank) {
    tally.rank = rank;
    tally.whole = tally.L1 = tally.L2 = tally.L3 = null;
  }
  tally[phase] ??= amount;
}

type DraftSample = { -readonly [Name in keyof MeterSample]: MeterSample[Name] };

function sampleOf(timestamp: Timestamp, { context, energy, power, current, soc }: Tallies): MeterSample {
  const sample: DraftSample = { timestamp, context };
  if (energy !== null) sample.energyWh = sumOf(energy);
  if (power !== null) sample.powerW = sumOf(power);
  if (current !== null) sample.currentMa = largestOf(current);
  if (soc !== null) sample.socPercent = largestOf(soc);
  return sample;
}

/** A value without phase is the meter's own total and wins over a sum of ours. */
function sumOf({ whole, L1, L2, L3 }: Tally): number {
  return whole ?? (L1 ?? 0) + (L2 ?? 0) + (L3 ?? 0);
}

function largestOf({ whole, L1, L2, L3 }: Tally): number {
  return whole ?? Math.max(L1 ?? 0, L2 ?? 0, L3 ?? 0);
}
