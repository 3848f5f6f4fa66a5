import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCall } from '#src/wire/ocpp/calls-from.ts';
import { FRAME_BYTES_MAX } from '#src/wire/ocpp/frame.ts';
import type { CallErrorCode, Tolerance } from '#src/wire/ocpp/messages.ts';
import {
  CONNECTOR_ID_MAX,
  METER_WH_MAX,
  TEXT_CHARACTERS_MAX,
  TRANSACTION_ID_MAX,
  type Fields,
} from '#src/wire/ocpp/reading.ts';

const TIMESTAMP = '2026-03-02T08:15:00Z';
const READ_TIMESTAMP = { raw: TIMESTAMP, ms: Date.UTC(2026, 2, 2, 8, 15) };

const VALID: Readonly<Record<string, Fields>> = {
  BootNotification: { chargePointVendor: 'Exemple', chargePointModel: 'M1' },
  Heartbeat: {},
  StatusNotification: { connectorId: 1, status: 'Available', errorCode: 'NoError' },
  Authorize: { idTag: '04A1B2C3' },
  StartTransaction: { connectorId: 1, idTag: '04A1B2C3', meterStart: 1000, timestamp: TIMESTAMP },
  StopTransaction: { transactionId: 42, meterStop: 2000, timestamp: TIMESTAMP },
  MeterValues: { connectorId: 1, transactionId: 42, meterValue: [] },
  DataTransfer: { vendorId: 'com.example' },
  FirmwareStatusNotification: { status: 'Installed' },
  DiagnosticsStatusNotification: { status: 'Uploaded' },
};

/** A valid payload with some of its properties replaced; `undefined` takes one away. */
function payloadOf(action: string, changes: Fields = {}): Fields {
  const entries = Object.entries({ ...VALID[action], ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function tolerant(action: string, changes: Fields = {}) {
  const read = readCall(action, payloadOf(action, changes), 'tolerant');
  if (!read.ok) throw new Error(`${read.fault.code}: ${read.fault.detail}`);
  return read;
}

function refusal(action: string, payload: unknown, mode: 'tolerant' | 'strict'): CallErrorCode | null {
  const read = readCall(action, payload, mode);
  return read.ok ? null : read.fault.code;
}

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

test('field-04: a transaction id written as text is the id', () => {
  expect(tolerant('StopTransaction', { transactionId: '42' })).toMatchObject({
    call: { transactionId: 42 },
    tolerated: ['coerced-type'],
  });
  expect(tolerant('MeterValues', { transactionId: TRANSACTION_ID_MAX })).toMatchObject({
    call: { transactionId: TRANSACTION_ID_MAX },
    tolerated: [],
  });
});

test('field-04: a stop without transaction id is read; a reading without one is as the standard has it', () => {
  expect(tolerant('StopTransaction', { transactionId: undefined })).toMatchObject({
    call: { transactionId: null },
    tolerated: ['missing-property'],
  });
  expect(tolerant('MeterValues', { transactionId: undefined })).toMatchObject({
    call: { transactionId: null },
    tolerated: [],
  });
});

test.each<[string, string, unknown, Fields]>([
  ['StartTransaction', 'connectorId', '2', { connectorId: 2 }],
  ['StartTransaction', 'meterStart', '1500', { meterStart: 1500 }],
  ['StartTransaction', 'meterStart', ' 1500.4 ', { meterStart: 1500 }],
  ['StartTransaction', 'meterStart', 1500.5, { meterStart: 1501 }],
  ['StartTransaction', 'idTag', 12345678, { idTag: '12345678' }],
  ['StopTransaction', 'meterStop', 1999.6, { meterStop: 2000 }],
  ['BootNotification', 'firmwareVersion', 1.2, { firmwareVersion: '1.2' }],
  ['BootNotification', 'chargePointModel', true, { chargePointModel: 'true' }],
  ['DataTransfer', 'data', { a: [1] }, { data: '{"a":[1]}' }],
  ['DataTransfer', 'data', 5, { data: '5' }],
  ['StatusNotification', 'info', 5, { info: '5' }],
])('field-17: %s with %s given as %j is read and tagged', (action, name, value, expected) => {
  expect(tolerant(action, { [name]: value })).toMatchObject({ call: expected, tolerated: ['coerced-type'] });
});

test.each<[string, string]>([
  ['StatusNotification', 'info'],
  ['StatusNotification', 'timestamp'],
  ['StartTransaction', 'reservationId'],
  ['StopTransaction', 'idTag'],
  ['BootNotification', 'imsi'],
  ['DataTransfer', 'messageId'],
  ['DataTransfer', 'data'],
])('field-17: %s with %s null is read as if it were absent', (action, name) => {
  const { call, tolerated } = tolerant(action, { [name]: null });
  expect(Object.keys(call)).not.toContain(name);
  expect(tolerated).toEqual(['coerced-type']);
});

test('field-17: a payload that is an empty array, empty text or null is an empty object', () => {
  for (const payload of [[], '', null, undefined]) {
    expect(readCall('Heartbeat', payload, 'tolerant')).toMatchObject({ ok: true, call: { action: 'Heartbeat' } });
    expect(refusal('Heartbeat', payload, 'strict')).toBe('FormationViolation');
  }
});

test.each<[string, Fields, Fields]>([
  ['StartTransaction', { reservationId: 'none' }, { connectorId: 1 }],
  ['StartTransaction', { reservationId: 1e300 }, { connectorId: 1 }],
  ['StatusNotification', { info: { text: 'x' } }, { connectorId: 1, status: 'Available' }],
  ['StatusNotification', { vendorId: [] }, { connectorId: 1 }],
  ['MeterValues', { connectorId: -1 }, { connectorId: 0, transactionId: 42 }],
  ['MeterValues', { connectorId: undefined }, { connectorId: 0, transactionId: 42 }],
  ['MeterValues', { meterValue: undefined }, { samples: [] }],
  ['MeterValues', { meterValue: 'none' }, { samples: [] }],
])('field-17: %s with %j is read without what cannot be used in it', (action, changes, expected) => {
  const { call, tolerated } = tolerant(action, changes);
  expect(call).toMatchObject(expected);
  expect(tolerated).toHaveLength(1);
});

test.each([
  [' 04A1B2C3', '04A1B2C3', ['padded-text']],
  ['04A1B2C3   ', '04A1B2C3', ['padded-text']],
  ['04A1B2C3\0', '04A1B2C3', ['padded-text']],
  ['04A1B2C3\0\u0010x', '04A1B2C3', ['padded-text']],
  ['\u0000\u000004A1B2C3', '04A1B2C3', ['padded-text']],
  ['\u000004A1B2C3\u0000junk', '04A1B2C3', ['padded-text']],
  ['04A1B2C3\ufffd\u0003 ', '04A1B2C3', ['padded-text']],
  ['04A1\u0007B2C3', '04A1B2C3', ['padded-text']],
  ['04A1B2C3\r\n', '04A1B2C3', ['padded-text']],
  ['\ufeff04A1B2C3\ufffd\ufffd', '04A1B2C3', ['padded-text']],
  ['04A1B2C3              ', '04A1B2C3', ['padded-text']],
  ['\u000204A1B2C3\u0003', '04A1B2C3', ['padded-text']],
  ['04A1B2C3D4E5F60718293A4B', '04A1B2C3D4E5F60718293A4B', ['over-long']],
  ['\0\0\0', '', ['padded-text']],
  ['', '', []],
])('field-18: the tag %j is read as %j', (idTag, expected, tolerated) => {
  expect(tolerant('Authorize', { idTag })).toMatchObject({ call: { idTag: expected }, tolerated });
});

test('field-18: over-long text is accepted, and kept up to a limit', () => {
  const firmwareVersion = 'x'.repeat(TEXT_CHARACTERS_MAX + 1);
  expect(tolerant('BootNotification', { firmwareVersion })).toMatchObject({
    call: { firmwareVersion: 'x'.repeat(TEXT_CHARACTERS_MAX) },
    tolerated: ['over-long'],
  });
  const vendorId = 'x'.repeat(255);
  expect(tolerant('DataTransfer', { vendorId })).toMatchObject({ call: { vendorId }, tolerated: [] });
});

test.each([
  ['Occupied', 'Preparing'],
  ['available', 'Available'],
  ['SUSPENDED_EV', 'SuspendedEV'],
  ['SuspendedEvse', 'SuspendedEVSE'],
  ['Inoperative', 'Unavailable'],
  ['Fault', 'Faulted'],
])('field-19: the status %s is read as %s', (status, expected) => {
  const { call, tolerated } = tolerant('StatusNotification', { status });
  expect(call).toEqual({ action: 'StatusNotification', connectorId: 1, status: expected, errorCode: 'NoError' });
  expect(tolerated).toEqual(['unknown-enum']);
});

test('field-19: a status that nobody knows promises nothing, and its word is kept in info', () => {
  expect(tolerant('StatusNotification', { status: 'Initializing' })).toMatchObject({
    call: { status: 'Unavailable', errorCode: 'NoError', info: 'Initializing' },
    tolerated: ['unknown-enum'],
  });
});

test.each([
  ['Mode3Error', 'EVCommunicationError', undefined],
  ['noError', 'NoError', undefined],
  ['OverVoltageFailure', 'OverVoltage', undefined],
  ['DoorOpen', 'OtherError', 'DoorOpen'],
  [17, 'OtherError', '17'],
])('field-19: the error code %j is read as %s', (errorCode, expected, info) => {
  const { call, tolerated } = tolerant('StatusNotification', { errorCode });
  expect(call).toMatchObject({ errorCode: expected, ...(info === undefined ? {} : { info }) });
  expect(tolerated).toContain('unknown-enum');
});

test('field-19: words that nobody knows are added to the info of the charger, which comes first', () => {
  const changes = { status: 'Booting', errorCode: 'DoorOpen', info: 'left door' };
  expect(tolerant('StatusNotification', changes).call).toMatchObject({ info: 'left door; DoorOpen; Booting' });
});

test.each([
  ['evDisconnected', 'EVDisconnected'],
  ['Deauthorized', 'DeAuthorized'],
  ['Meteorite', 'Other'],
])('field-19: the reason %s is read as %s', (reason, expected) => {
  const { call, tolerated } = tolerant('StopTransaction', { reason });
  expect(call).toMatchObject({ reason: expected });
  expect(tolerated).toEqual(['unknown-enum']);
});

test('field-19: the status of a firmware or of diagnostics is kept as it is written', () => {
  expect(tolerant('FirmwareStatusNotification', { status: 'Verifying' })).toMatchObject({
    call: { status: 'Verifying' },
    tolerated: ['unknown-enum'],
  });
  expect(tolerant('DiagnosticsStatusNotification', { status: 'uploaded' }).call).toMatchObject({ status: 'Uploaded' });
});

test.each(Object.keys(VALID))('field-19: an extra property of a %s is passed over and tagged', (action) => {
  const { call, tolerated } = tolerant(action, { vendorExtra: { a: 1 } });
  expect(call).toEqual(tolerant(action).call);
  expect(tolerated).toEqual(['extra-property']);
  expect(refusal(action, payloadOf(action, { vendorExtra: 1 }), 'strict')).toBe('FormationViolation');
});

test('field-20: a start and a stop without a time, or with one that cannot be read, are read', () => {
  for (const action of ['StartTransaction', 'StopTransaction']) {
    expect(tolerant(action, { timestamp: undefined })).toMatchObject({
      call: { timestamp: { raw: '', ms: null } },
      tolerated: ['missing-property'],
    });
    expect(tolerant(action, { timestamp: 'yesterday' })).toMatchObject({
      call: { timestamp: { raw: 'yesterday', ms: null } },
      tolerated: ['odd-timestamp'],
    });
    expect(tolerant(action, { timestamp: '2026-03-02 10:15:00+02' })).toMatchObject({
      call: { timestamp: { ms: READ_TIMESTAMP.ms } },
      tolerated: ['odd-timestamp'],
    });
  }
});

test('field-20: a clock that stands at 1970 is tagged in both modes and refused in neither', () => {
  const payload = payloadOf('StartTransaction', { timestamp: '1970-01-01T00:00:12Z' });
  for (const mode of ['tolerant', 'strict'] as const) {
    expect(readCall('StartTransaction', payload, mode)).toMatchObject({ ok: true, tolerated: ['odd-timestamp'] });
  }
});

test('what the standard requires but a message can do without is replaced and tagged', () => {
  const tolerated = ['missing-property'];
  const boot = tolerant('BootNotification', { chargePointVendor: undefined, chargePointModel: undefined });
  expect(boot).toMatchObject({ call: { chargePointVendor: '', chargePointModel: '' }, tolerated });
  const status = tolerant('StatusNotification', { errorCode: undefined });
  expect(status).toMatchObject({ call: { errorCode: 'NoError' }, tolerated });
  expect(tolerant('StartTransaction', { idTag: undefined })).toMatchObject({ call: { idTag: '' }, tolerated });
  expect(tolerant('DataTransfer', { vendorId: undefined })).toMatchObject({ call: { vendorId: '' }, tolerated });
});

test('field-38: a start on connector 0 is read and tagged; strict mode refuses it', () => {
  const { call, tolerated } = tolerant('StartTransaction', { connectorId: 0 });
  expect(call).toMatchObject({ connectorId: 0 });
  expect(tolerated).toEqual(['odd-value']);
  expect(refusal('StartTransaction', payloadOf('StartTransaction', { connectorId: 0 }), 'strict')).toBe(
    'PropertyConstraintViolation',
  );
});

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
