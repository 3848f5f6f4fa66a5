import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCall } from '#src/wire/ocpp/calls-from.ts';
import type { MeterSample, Tolerance } from '#src/wire/ocpp/messages.ts';
import { METER_SAMPLES_MAX } from '#src/wire/ocpp/meter.ts';
import { METER_WH_MAX, type ReadMode } from '#src/wire/ocpp/reading.ts';

const TIMESTAMP = '2026-03-02T08:30:00Z';
const READ_TIMESTAMP = { raw: TIMESTAMP, ms: Date.UTC(2026, 2, 2, 8, 30) };

type Read = { readonly samples: readonly MeterSample[]; readonly tolerated: readonly Tolerance[] };

function readMeterValue(meterValue: unknown, mode: ReadMode = 'tolerant'): Read {
  const read = readCall('MeterValues', { connectorId: 1, transactionId: 42, meterValue }, mode);
  if (!read.ok || read.call.action !== 'MeterValues') throw new Error(JSON.stringify(read));
  return { samples: read.call.samples, tolerated: read.tolerated };
}

/** The quantities of one element, without its time and context. */
function quantitiesOf(...sampledValue: readonly unknown[]) {
  const { samples, tolerated } = readMeterValue([{ timestamp: TIMESTAMP, sampledValue }]);
  expect(samples.length).toBeLessThanOrEqual(1);
  const { timestamp: _timestamp, context: _context, ...quantities } = samples[0] ?? { timestamp: null, context: '' };
  return { quantities, tolerated };
}

const ENERGY = 'Energy.Active.Import.Register';
const POWER = 'Power.Active.Import';
const CURRENT = 'Current.Import';

test('an element gives one sample, in our units', () => {
  const sampledValue = [
    { value: '15800', measurand: ENERGY, unit: 'Wh', context: 'Transaction.Begin', format: 'Raw', location: 'Outlet' },
    { value: '7.36', measurand: POWER, unit: 'kW', context: 'Transaction.Begin' },
    { value: '15.8', measurand: CURRENT, unit: 'A', context: 'Transaction.Begin' },
    { value: '42', measurand: 'SoC', unit: 'Percent', location: 'EV', context: 'Transaction.Begin' },
    { value: '230.1', measurand: 'Voltage', unit: 'V', context: 'Transaction.Begin' },
  ];
  expect(readMeterValue([{ timestamp: TIMESTAMP, sampledValue }], 'strict')).toEqual({
    samples: [
      {
        timestamp: READ_TIMESTAMP,
        context: 'Transaction.Begin',
        energyWh: 15_800,
        powerW: 7_360,
        currentMa: 15_800,
        socPercent: 42,
      },
    ],
    tolerated: [],
  });
});

test('a value that says nothing of itself is the energy register in Wh, sampled periodically', () => {
  expect(readMeterValue([{ timestamp: TIMESTAMP, sampledValue: [{ value: '1200' }] }])).toEqual({
    samples: [{ timestamp: READ_TIMESTAMP, context: 'Sample.Periodic', energyWh: 1200 }],
    tolerated: [],
  });
});

test.each([
  ['12.345', 'kWh', 12_345],
  ['1.005', 'kWh', 1_005],
  ['1200.4', 'Wh', 1_200],
  ['1200', undefined, 1_200],
  ['1e3', 'Wh', 1_000],
  [' 1200 ', 'Wh', 1_200],
  ['0', 'Wh', 0],
  ['-0', 'Wh', 0],
])('field-23: a register of %s %s is %d Wh', (value, unit, energyWh) => {
  expect(quantitiesOf({ value, unit })).toEqual({ quantities: { energyWh }, tolerated: [] });
});

test.each([
  [ENERGY, 'KWH', '2', { energyWh: 2_000 }],
  [ENERGY, 'wh', '2', { energyWh: 2 }],
  [POWER, 'KW', '2', { powerW: 2_000 }],
  [CURRENT, 'Amp', '2', { currentMa: 2_000 }],
  [CURRENT, 'mA', '2', { currentMa: 2 }],
  ['SoC', '%', '55.5', { socPercent: 55.5 }],
])('field-23: %s in the unit %s is read and tagged', (measurand, unit, value, quantities) => {
  expect(quantitiesOf({ value, measurand, unit })).toEqual({ quantities, tolerated: ['odd-unit'] });
});

test.each([
  [ENERGY, 'varh'],
  [ENERGY, 'W'],
  [ENERGY, 'parsec'],
  // It cannot even be written as text.
  [ENERGY, { toString: false }],
  [POWER, 'Wh'],
  [POWER, 'VA'],
  [CURRENT, 'W'],
  ['SoC', 'V'],
])('field-23: %s in the unit %s is left out rather than misread', (measurand, unit) => {
  expect(quantitiesOf({ value: '1', measurand, unit })).toEqual({ quantities: {}, tolerated: ['odd-unit'] });
});

test('field-23: per-phase energy and power are summed, of per-phase current the largest is taken', () => {
  const perPhase = (measurand: string, values: readonly string[]) =>
    values.map((value, index) => ({ value, measurand, phase: `L${index + 1}` }));
  const all = [
    ...perPhase(ENERGY, ['100', '200', '300']),
    ...perPhase(POWER, ['1000', '2000', '3000']),
    ...perPhase(CURRENT, ['6', '10', '8']),
  ];
  expect(quantitiesOf(...all)).toEqual({
    quantities: { energyWh: 600, powerW: 6_000, currentMa: 10_000 },
    tolerated: [],
  });
});

test('field-23: a value without phase wins over the phases, wherever it stands', () => {
  const whole = { value: '610' };
  const phases = [
    { value: '100', phase: 'L1' },
    { value: '200', phase: 'L2-N' },
  ];
  expect(quantitiesOf(whole, ...phases).quantities).toEqual({ energyWh: 610 });
  expect(quantitiesOf(...phases, whole).quantities).toEqual({ energyWh: 610 });
});

test('field-23: a phase counts once, the neutral and a value between phases not at all', () => {
  const values = [
    { value: '100', phase: 'L1' },
    { value: '101', phase: 'L1-N' },
    { value: '7', phase: 'N' },
    { value: '9', phase: 'L1-L2' },
  ];
  expect(quantitiesOf(...values)).toEqual({ quantities: { energyWh: 100 }, tolerated: [] });
});

test('field-19: a phase in small letters is that phase, an empty one is none, an unknown one is left out', () => {
  const tolerated = ['unknown-enum'];
  expect(quantitiesOf({ value: '5', phase: 'l2' })).toEqual({ quantities: { energyWh: 5 }, tolerated });
  expect(quantitiesOf({ value: '5', phase: '' })).toEqual({ quantities: { energyWh: 5 }, tolerated });
  expect(quantitiesOf({ value: '5', phase: 'R' })).toEqual({ quantities: {}, tolerated });
});

test('field-23: of two places the one nearer to the outlet is believed, and they are never added up', () => {
  const inlet = { value: '900', location: 'Inlet' };
  const outlet = { value: '850', location: 'Outlet' };
  expect(quantitiesOf(inlet, outlet).quantities).toEqual({ energyWh: 850 });
  expect(quantitiesOf(outlet, inlet).quantities).toEqual({ energyWh: 850 });
  expect(quantitiesOf(inlet).quantities).toEqual({ energyWh: 900 });
  expect(quantitiesOf({ ...inlet, phase: 'L1' }, { ...outlet, phase: 'L2' }).quantities).toEqual({ energyWh: 850 });
});

test('field-23: neither an energy per interval, nor an export, nor an offer is taken for what was imported', () => {
  const measurands = [
    'Energy.Active.Import.Interval',
    'Energy.Active.Export.Register',
    'Energy.Reactive.Import.Register',
    'Power.Offered',
    'Power.Active.Export',
    'Current.Offered',
    'Voltage',
  ];
  const values = measurands.map((measurand) => ({ value: '5', measurand }));
  expect(quantitiesOf(...values)).toEqual({ quantities: {}, tolerated: [] });
});

test('signed data is not taken for a number', () => {
  const signed = { value: '00112233', format: 'SignedData' };
  expect(quantitiesOf(signed, { value: '1200' })).toEqual({ quantities: { energyWh: 1200 }, tolerated: [] });
});

test.each(['', 'nan', '-5', '12,5', '12 kWh', '0x10', '1e999', String(METER_WH_MAX * 2), '١٢'])(
  'field-23: the reading %j is left out and tagged, and the rest of the batch is read',
  (value) => {
    expect(quantitiesOf({ value }, { value: '7', measurand: CURRENT })).toEqual({
      quantities: { currentMa: 7_000 },
      tolerated: ['odd-value'],
    });
  },
);

test('a state of charge is between 0 and 100', () => {
  expect(quantitiesOf({ value: '100', measurand: 'SoC' }).quantities).toEqual({ socPercent: 100 });
  expect(quantitiesOf({ value: '101', measurand: 'SoC' }).tolerated).toEqual(['odd-value']);
});

test('field-17: numeric values are read and tagged', () => {
  expect(quantitiesOf({ value: 1200.6 })).toEqual({ quantities: { energyWh: 1201 }, tolerated: ['coerced-type'] });
});

test('field-17: a lone element or value stands for a list of one', () => {
  const { samples, tolerated } = readMeterValue({ timestamp: TIMESTAMP, sampledValue: { value: '5' } });
  expect(samples).toMatchObject([{ energyWh: 5 }]);
  expect(tolerated).toEqual(['coerced-type']);
});

test('field-19: a measurand in another spelling is mended, an unknown one passed over', () => {
  const tolerated = ['unknown-enum'];
  const mended = quantitiesOf({ value: '5', measurand: 'energy.active.import.register' });
  expect(mended).toEqual({ quantities: { energyWh: 5 }, tolerated });
  expect(quantitiesOf({ value: '5', measurand: 'Energy.Magic' })).toEqual({ quantities: {}, tolerated });
});

test('field-23: an element without energy says nothing of energy', () => {
  const { samples } = readMeterValue([
    { timestamp: TIMESTAMP, sampledValue: [{ value: '5' }] },
    { timestamp: TIMESTAMP, sampledValue: [{ value: '6', measurand: CURRENT }] },
    { timestamp: TIMESTAMP, sampledValue: [{ value: '230', measurand: 'Voltage' }] },
    { timestamp: TIMESTAMP, sampledValue: [] },
  ]);
  expect(samples).toHaveLength(2);
  expect(Object.keys(samples[1] ?? {})).not.toContain('energyWh');
});

test('field-23: values of two contexts in one element are two samples', () => {
  const sampledValue = [
    { value: '1000', context: 'Transaction.Begin' },
    { value: '2000', context: 'Transaction.End' },
    { value: '0', context: 'Transaction.Begin', measurand: CURRENT },
  ];
  expect(readMeterValue([{ timestamp: TIMESTAMP, sampledValue }]).samples).toEqual([
    { timestamp: READ_TIMESTAMP, context: 'Transaction.Begin', energyWh: 1000, currentMa: 0 },
    { timestamp: READ_TIMESTAMP, context: 'Transaction.End', energyWh: 2000 },
  ]);
});

test('field-20: an element without time is read', () => {
  expect(readMeterValue([{ sampledValue: [{ value: '5' }] }])).toEqual({
    samples: [{ timestamp: { raw: '', ms: null }, context: 'Sample.Periodic', energyWh: 5 }],
    tolerated: ['missing-property'],
  });
});

test('of more samples than the limit, the first and the latest are kept', () => {
  const elements = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ timestamp: TIMESTAMP, sampledValue: [{ value: String(index) }] }));
  expect(readMeterValue(elements(METER_SAMPLES_MAX))).toMatchObject({ tolerated: [] });
  const { samples, tolerated } = readMeterValue(elements(METER_SAMPLES_MAX + 10));
  expect(tolerated).toEqual(['over-long']);
  expect(samples).toHaveLength(METER_SAMPLES_MAX);
  expect(samples[0]).toMatchObject({ energyWh: 0 });
  expect(samples[1]).toMatchObject({ energyWh: 11 });
  expect(samples.at(-1)).toMatchObject({ energyWh: METER_SAMPLES_MAX + 9 });
});

test('the data of a stop are read as meter values are', () => {
  const transactionData = [{ timestamp: TIMESTAMP, sampledValue: [{ value: '5', context: 'Transaction.End' }] }];
  const payload = { transactionId: 42, meterStop: 5, timestamp: TIMESTAMP, transactionData };
  expect(readCall('StopTransaction', payload, 'strict')).toMatchObject({
    ok: true,
    call: { samples: [{ timestamp: READ_TIMESTAMP, context: 'Transaction.End', energyWh: 5 }] },
  });
});

test('strict mode refuses in a meter value what the standard forbids', () => {
  const refusal = (element: unknown) => {
    const read = readCall('MeterValues', { connectorId: 1, meterValue: [element] }, 'strict');
    return read.ok ? null : read.fault.code;
  };
  const value = (changes: object) => ({ timestamp: TIMESTAMP, sampledValue: [{ value: '5', ...changes }] });
  expect(refusal(value({}))).toBeNull();
  expect(refusal(value({ value: 5 }))).toBe('TypeConstraintViolation');
  expect(refusal(value({ value: 'five' }))).toBe('PropertyConstraintViolation');
  expect(refusal(value({ unit: 'parsec' }))).toBe('PropertyConstraintViolation');
  expect(refusal(value({ phase: 'R' }))).toBe('PropertyConstraintViolation');
  expect(refusal(value({ measurand: 'Energy.Magic' }))).toBe('PropertyConstraintViolation');
  expect(refusal(value({ context: 'Sample.Sometimes' }))).toBe('PropertyConstraintViolation');
  expect(refusal(value({ colour: 'blue' }))).toBe('FormationViolation');
  expect(refusal({ sampledValue: [] })).toBe('OccurenceConstraintViolation');
  expect(refusal({ timestamp: TIMESTAMP })).toBe('OccurenceConstraintViolation');
  expect(refusal({ timestamp: TIMESTAMP, sampledValue: [{}] })).toBe('OccurenceConstraintViolation');
  expect(refusal({ timestamp: TIMESTAMP, sampledValue: {} })).toBe('TypeConstraintViolation');
  expect(refusal(5)).toBe('TypeConstraintViolation');
});

test('no JSON makes the reading of a meter value throw, and every quantity is in its range', () => {
  const word = (...words: readonly string[]) => fc.oneof(fc.constantFrom(...words), fc.jsonValue());
  const sampledValue = fc.record(
    {
      value: fc.oneof(fc.double().map(String), fc.jsonValue(), fc.nat().map(String)),
      measurand: word(ENERGY, POWER, CURRENT, 'SoC'),
      unit: word('Wh', 'kWh', 'W', 'kW', 'A', 'Percent', 'MA'),
      phase: word('L1', 'L2', 'L3', 'N'),
      context: fc.oneof(fc.string(), fc.jsonValue()),
      location: word('Outlet', 'Inlet'),
    },
    { requiredKeys: ['value'] },
  );
  const element = fc.record({ timestamp: fc.constant(TIMESTAMP), sampledValue: fc.array(sampledValue) });
  fc.assert(
    fc.property(fc.oneof(fc.array(element), fc.jsonValue()), (meterValue) => {
      for (const sample of readMeterValue(meterValue).samples) {
        const { energyWh = 0, powerW = 0, currentMa = 0, socPercent = 0 } = sample;
        for (const whole of [energyWh, powerW, currentMa]) expect(Number.isSafeInteger(whole) && whole >= 0).toBe(true);
        expect(socPercent >= 0 && socPercent <= 100).toBe(true);
        expect(Object.values(sample)).not.toContain(undefined);
      }
    }),
    { numRuns: 1_000 },
  );
});
