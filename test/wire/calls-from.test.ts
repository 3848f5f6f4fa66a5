import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCall } from '#src/wire/ocpp/calls-from.ts';
import { FRAME_BYTES_MAX } from '#src/wire/ocpp/frame.ts';
import type { CallErrorCode, Tolerance } from '#src/wire/ocpp/messages.ts';
import { CONNECTOR_ID_MAX, METER_WH_MAX, TRANSACTION_ID_MAX, type Fields } from '#src/wire/ocpp/reading.ts';
import { payloadOf, READ_TIMESTAMP, refusal, tolerant, VALID } from './payloads.ts';

test('each call is read with the names of the standard, and an absent field stays absent', () => {
  expect(tolerant('StartTransaction', { reservationId: 7 }).call).toEqual({
    action: 'StartTransaction',
    connectorId: 1,
    idTag: '04A1B2C3',
    meterStart: 1000,
    timestamp: READ_TIMESTAMP,
    reservationId: 7,
  });
  expect(Object.keys(tolerant('StartTransaction').call)).not.toContain('reservationId');
  expect(tolerant('StopTransaction').call).toEqual({
    action: 'StopTransaction',
    transactionId: 42,
    meterStop: 2000,
    timestamp: READ_TIMESTAMP,
    reason: 'Local',
    samples: [],
  });
  expect(tolerant('Heartbeat').call).toEqual({ action: 'Heartbeat' });
  expect(tolerant('DataTransfer', { messageId: 'm', data: ' as is\0 ' }).call).toEqual({
    action: 'DataTransfer',
    vendorId: 'com.example',
    messageId: 'm',
    data: ' as is\0 ',
  });
});

test.each(Object.keys(VALID))('a %s as the standard has it is read without any tolerance', (action) => {
  expect(tolerant(action).tolerated).toEqual([]);
});

test('the whole of a BootNotification is kept', () => {
  const all = {
    chargePointSerialNumber: 'a',
    chargeBoxSerialNumber: 'b',
    firmwareVersion: 'c',
    iccid: 'd',
    imsi: 'e',
    meterType: 'f',
    meterSerialNumber: 'g',
  };
  const call = { action: 'BootNotification', ...VALID.BootNotification, ...all };
  expect(tolerant('BootNotification', all)).toEqual({ ok: true, call, tolerated: [] });
});

test.each([-1, 0, 2 ** 63, TRANSACTION_ID_MAX + 1, null, '', 'none', '-1', 1.5, true, {}, []])(
  'field-04: the transaction id %j is no id of ours: it is read as unknown, and never refused',
  (transactionId) => {
    for (const action of ['StopTransaction', 'MeterValues']) {
      const { call, tolerated } = tolerant(action, { transactionId });
      expect(call).toMatchObject({ transactionId: null });
      expect(tolerated).toEqual(['odd-transaction-id']);
    }
  },
);

test.each<[string, string]>([
  ['Authorize', 'idTag'],
  ['StartTransaction', 'connectorId'],
  ['StartTransaction', 'meterStart'],
  ['StopTransaction', 'meterStop'],
  ['StatusNotification', 'connectorId'],
  ['StatusNotification', 'status'],
  ['FirmwareStatusNotification', 'status'],
  ['DiagnosticsStatusNotification', 'status'],
])('a %s without %s cannot be used in either mode', (action, name) => {
  const payload = payloadOf(action, { [name]: undefined });
  expect(refusal(action, payload, 'tolerant')).toBe('OccurenceConstraintViolation');
  expect(refusal(action, payload, 'strict')).toBe('OccurenceConstraintViolation');
});

test('a reading that names neither its connector nor its transaction cannot be used', () => {
  expect(refusal('MeterValues', { meterValue: [] }, 'tolerant')).toBe('OccurenceConstraintViolation');
});

test.each<[string, string, unknown, CallErrorCode]>([
  ['Authorize', 'idTag', {}, 'TypeConstraintViolation'],
  ['Authorize', 'idTag', ['04A1'], 'TypeConstraintViolation'],
  ['StartTransaction', 'connectorId', -1, 'PropertyConstraintViolation'],
  ['StartTransaction', 'connectorId', CONNECTOR_ID_MAX + 1, 'PropertyConstraintViolation'],
  ['StartTransaction', 'connectorId', 1.5, 'TypeConstraintViolation'],
  ['StartTransaction', 'connectorId', 'left', 'TypeConstraintViolation'],
  ['StartTransaction', 'connectorId', true, 'TypeConstraintViolation'],
  ['StartTransaction', 'meterStart', Infinity, 'PropertyConstraintViolation'],
  ['StartTransaction', 'meterStart', NaN, 'PropertyConstraintViolation'],
  ['StartTransaction', 'meterStart', '1e999', 'PropertyConstraintViolation'],
  ['StartTransaction', 'meterStart', 2 ** 63, 'PropertyConstraintViolation'],
  ['StartTransaction', 'meterStart', METER_WH_MAX + 1, 'PropertyConstraintViolation'],
  ['StartTransaction', 'meterStart', '0x10', 'TypeConstraintViolation'],
  ['StopTransaction', 'meterStop', '12 kWh', 'TypeConstraintViolation'],
  ['StopTransaction', 'meterStop', { value: 1 }, 'TypeConstraintViolation'],
])('a %s with %s %j cannot be used in either mode', (action, name, value, code) => {
  const payload = payloadOf(action, { [name]: value });
  expect(refusal(action, payload, 'tolerant')).toBe(code);
  expect(refusal(action, payload, 'strict')).toMatch(/^(Type|Property)ConstraintViolation$/);
});

test.each([1, 'text', true, [1], [{}]])('a payload that is %j is refused in both modes', (payload) => {
  for (const action of Object.keys(VALID)) {
    expect(refusal(action, payload, 'tolerant')).toBe('FormationViolation');
    expect(refusal(action, payload, 'strict')).toBe('FormationViolation');
  }
});

test.each<[string, Fields, CallErrorCode]>([
  ['StartTransaction', { timestamp: undefined }, 'OccurenceConstraintViolation'],
  ['StartTransaction', { idTag: undefined }, 'OccurenceConstraintViolation'],
  ['StopTransaction', { transactionId: undefined }, 'OccurenceConstraintViolation'],
  ['StatusNotification', { errorCode: undefined }, 'OccurenceConstraintViolation'],
  ['StartTransaction', { connectorId: '1' }, 'TypeConstraintViolation'],
  ['StartTransaction', { meterStart: 1.5 }, 'TypeConstraintViolation'],
  ['StartTransaction', { idTag: 12 }, 'TypeConstraintViolation'],
  ['StartTransaction', { timestamp: 12 }, 'TypeConstraintViolation'],
  ['StopTransaction', { transactionId: null }, 'TypeConstraintViolation'],
  ['StopTransaction', { transactionData: {} }, 'TypeConstraintViolation'],
  ['DataTransfer', { data: {} }, 'TypeConstraintViolation'],
  ['StartTransaction', { idTag: 'x'.repeat(21) }, 'PropertyConstraintViolation'],
  ['StartTransaction', { idTag: '04A1\0' }, 'PropertyConstraintViolation'],
  ['StartTransaction', { timestamp: '2026-03-02T08:15:00' }, 'PropertyConstraintViolation'],
  ['StatusNotification', { status: 'Occupied' }, 'PropertyConstraintViolation'],
  ['StatusNotification', { errorCode: 'DoorOpen' }, 'PropertyConstraintViolation'],
  ['StopTransaction', { reason: 'local' }, 'PropertyConstraintViolation'],
])('in strict mode a %s with %j is refused with its code, in tolerant mode it is read', (action, changes, code) => {
  expect(refusal(action, payloadOf(action, changes), 'strict')).toBe(code);
  expect(tolerant(action, changes).tolerated).not.toEqual([]);
});

test('an action that OCPP does not have, and one that is not for a charge point to call, are told apart', () => {
  for (const action of ['MakeCoffee', '', '__proto__', 'constructor', 'heartbeat', 'x'.repeat(10_000)]) {
    expect(refusal(action, {}, 'tolerant')).toBe('NotImplemented');
  }
  for (const action of ['RemoteStartTransaction', 'GetConfiguration', 'GetLog', 'InstallCertificate']) {
    expect(refusal(action, {}, 'tolerant')).toBe('NotSupported');
  }
});

test('dangerous property names are neither read nor followed', () => {
  const payload: unknown = JSON.parse('{"idTag":"A","__proto__":{"idTag":"B"},"constructor":{"prototype":{"x":1}}}');
  expect(readCall('Authorize', payload, 'tolerant')).toEqual({
    ok: true,
    call: { action: 'Authorize', idTag: 'A' },
    tolerated: ['extra-property'],
  });
  const inherited: unknown = JSON.parse('{"__proto__":{"idTag":"B"}}');
  expect(refusal('Authorize', inherited, 'tolerant')).toBe('OccurenceConstraintViolation');
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('data nested deeper than the stack is left out rather than thrown at us', () => {
  let data: unknown = 1;
  for (let depth = 0; depth < 1_000_000; depth += 1) data = [data];
  const read = readCall('DataTransfer', { vendorId: 'x', data }, 'tolerant');
  expect(read).toMatchObject({ ok: true, tolerated: ['coerced-type'] });
});

test('a field as long as a frame is read or refused in time', () => {
  const long = FRAME_BYTES_MAX;
  for (const value of [
    `x${' '.repeat(long)}x`,
    `${'1'.repeat(long)}x`,
    `${'0'.repeat(long)}.`,
    '\0'.repeat(long),
    `a${'\u0003'.repeat(long)}b`,
    '-'.repeat(long),
  ]) {
    const startedMs = performance.now();
    for (const name of ['idTag', 'meterStart', 'connectorId', 'timestamp', 'reservationId']) {
      readCall('StartTransaction', payloadOf('StartTransaction', { [name]: value }), 'tolerant');
    }
    readCall('StatusNotification', payloadOf('StatusNotification', { status: value, errorCode: value }), 'tolerant');
    const sampledValue = [{ value }, { value: '1', unit: value, phase: value, measurand: value, context: value }];
    readCall('MeterValues', payloadOf('MeterValues', { meterValue: [{ timestamp: value, sampledValue }] }), 'tolerant');
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  }
});

const TOLERANCES: readonly Tolerance[] = [
  'null-payload',
  'coerced-type',
  'over-long',
  'padded-text',
  'unknown-enum',
  'extra-property',
  'missing-property',
  'odd-timestamp',
  'odd-transaction-id',
  'odd-unit',
  'odd-value',
];

test('no JSON makes readCall throw; it is read into plain data with each tolerance told once, or refused', () => {
  const values = fc.oneof(fc.jsonValue(), fc.string(), fc.double(), fc.constantFrom('', -1, Infinity, null, [], {}));
  const payloads = fc.constantFrom(...Object.keys(VALID)).chain((action) =>
    fc.tuple(
      fc.constant(action),
      fc.oneof(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom(...Object.keys(VALID[action] ?? {}), 'info', 'data'), values).map((changes) => ({
          ...VALID[action],
          ...changes,
        })),
      ),
      fc.constantFrom('tolerant' as const, 'strict' as const),
    ),
  );
  fc.assert(
    fc.property(payloads, ([action, payload, mode]) => {
      const read = readCall(action, payload, mode);
      if (!read.ok) {
        expect(read.fault.code).toMatch(/Violation$/);
        return;
      }
      expect(read.call.action).toBe(action);
      expect(JSON.parse(JSON.stringify(read.call))).toEqual(read.call);
      expect(new Set(read.tolerated).size).toBe(read.tolerated.length);
      for (const tolerance of read.tolerated) expect(TOLERANCES).toContain(tolerance);
    }),
    { numRuns: 3_000 },
  );
});
