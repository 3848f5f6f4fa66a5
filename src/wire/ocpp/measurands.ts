import { METER_WH_MAX } from './reading.ts';
import { vocabulary, type Vocabulary } from './vocabulary.ts';

/** The measurands that Vigie uses, and `other` for those it knows of and passes over, or does not know. */
export type Measurand = 'Energy.Active.Import.Register' | 'Power.Active.Import' | 'Current.Import' | 'SoC' | 'other';

const USED: readonly Measurand[] = ['Energy.Active.Import.Register', 'Power.Active.Import', 'Current.Import', 'SoC'];
const PASSED_OVER = [
  'Energy.Active.Export.Register',
  'Energy.Reactive.Export.Register',
  'Energy.Reactive.Import.Register',
  'Energy.Active.Export.Interval',
  'Energy.Active.Import.Interval',
  'Energy.Reactive.Export.Interval',
  'Energy.Reactive.Import.Interval',
  'Power.Active.Export',
  'Power.Offered',
  'Power.Reactive.Export',
  'Power.Reactive.Import',
  'Power.Factor',
  'Current.Export',
  'Current.Offered',
  'Voltage',
  'Frequency',
  'Temperature',
  'RPM',
];

/** OCPP 1.6 §7.31. An energy per interval is passed over: it is no register, and sums of it miss what was lost. */
export const MEASURANDS: Vocabulary<Measurand> = withPassedOver(vocabulary(USED));

function withPassedOver(used: Vocabulary<Measurand>): Vocabulary<Measurand> {
  return { exact: new Map([...PASSED_OVER.map((word) => [word, 'other'] as const), ...used.exact]), near: used.near };
}

/** OCPP 1.6 §7.35 */
export const CONTEXTS = vocabulary<string>([
  'Sample.Periodic',
  'Transaction.Begin',
  'Transaction.End',
  'Sample.Clock',
  'Interruption.Begin',
  'Interruption.End',
  'Trigger',
  'Other',
]);

export const FORMATS = vocabulary<'Raw' | 'SignedData'>(['Raw', 'SignedData']);

/** OCPP 1.6 §7.30, nearest to the vehicle's cable first: of two places, the one nearer to the outlet is believed. */
export const LOCATIONS = vocabulary<Location>(['Outlet', 'Cable', 'EV', 'Inlet', 'Body']);
export type Location = 'Outlet' | 'Cable' | 'EV' | 'Inlet' | 'Body';
export const LOCATION_RANKS: Readonly<Record<Location, number>> = { Outlet: 0, Cable: 1, EV: 2, Inlet: 3, Body: 4 };

/** `whole` has no phase; `none` is the neutral or between two phases, which is no part of a total. */
export type Phase = 'whole' | 'L1' | 'L2' | 'L3' | 'none';

/** OCPP 1.6 §7.33 */
export const PHASES: ReadonlyMap<unknown, Phase> = new Map<unknown, Phase>([
  [undefined, 'whole'],
  ['L1', 'L1'],
  ['L2', 'L2'],
  ['L3', 'L3'],
  ['L1-N', 'L1'],
  ['L2-N', 'L2'],
  ['L3-N', 'L3'],
  ['N', 'none'],
  ['L1-L2', 'none'],
  ['L2-L3', 'none'],
  ['L3-L1', 'none'],
]);

/** Every unit of OCPP 1.6 §7.38, with the `Hertz` that some of its published copies add. */
export const UNITS: ReadonlySet<unknown> = new Set<unknown>([
  undefined,
  'Wh',
  'kWh',
  'varh',
  'kvarh',
  'W',
  'kW',
  'VA',
  'kVA',
  'var',
  'kvar',
  'A',
  'V',
  'K',
  'Celcius',
  'Celsius',
  'Fahrenheit',
  'Percent',
  'Hertz',
]);

/** What one of the measurand's units is in ours (Wh, W, mA, percent); `max` is in ours too, and never delivered. */
export type Scale = {
  /** By the unit as the standard spells it; without one, the measurand's usual unit is meant. */
  readonly exact: ReadonlyMap<unknown, number>;
  /** By another spelling, in small letters. */
  readonly odd: ReadonlyMap<string, number>;
  readonly max: number;
};

export const SCALES: Readonly<Record<Exclude<Measurand, 'other'>, Scale>> = {
  'Energy.Active.Import.Register': {
    exact: new Map<unknown, number>([
      [undefined, 1],
      ['Wh', 1],
      ['kWh', 1000],
    ]),
    odd: new Map([
      ['wh', 1],
      ['kwh', 1000],
    ]),
    max: METER_WH_MAX,
  },
  'Power.Active.Import': {
    exact: new Map<unknown, number>([
      [undefined, 1],
      ['W', 1],
      ['kW', 1000],
    ]),
    odd: new Map([
      ['w', 1],
      ['kw', 1000],
    ]),
    max: 10_000_000,
  },
  'Current.Import': {
    exact: new Map<unknown, number>([
      [undefined, 1000],
      ['A', 1000],
    ]),
    odd: new Map([
      ['a', 1000],
      ['amp', 1000],
      ['amps', 1000],
      ['ampere', 1000],
      ['ma', 1],
    ]),
    max: 10_000_000,
  },
  SoC: {
    exact: new Map<unknown, number>([
      [undefined, 1],
      ['Percent', 1],
    ]),
    odd: new Map([
      ['percent', 1],
      ['%', 1],
    ]),
    max: 100,
  },
};
