import { expect, test } from 'vitest';
import { readCall } from '#src/wire/ocpp/calls-from.ts';
import { TEXT_CHARACTERS_MAX, TRANSACTION_ID_MAX, type Fields } from '#src/wire/ocpp/reading.ts';
import { payloadOf, READ_TIMESTAMP, refusal, tolerant, VALID } from './payloads.ts';

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
