import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONFIGURATION_KEYS_MAX, CONFIGURATION_VALUE_CHARACTERS_MAX, readAnswer } from '#src/wire/ocpp/answers-from.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { callsToChargePoint } from './arbitraries.ts';
import { officialSchema, validFor } from './official-schemas.ts';

const RESET: CallToChargePoint = { action: 'Reset', type: 'Soft' };
const GET_CONFIGURATION: CallToChargePoint = { action: 'GetConfiguration' };

function configuration(payload: unknown) {
  const read = readAnswer(GET_CONFIGURATION, payload);
  if (!read.ok || read.answer.action !== 'GetConfiguration') throw new Error(JSON.stringify(read));
  const { configurationKey, unknownKey } = read.answer;
  return { configurationKey, unknownKey, tolerated: read.tolerated };
}

test('a status is read under the action of the call it answers', () => {
  expect(readAnswer(RESET, { status: 'Accepted' })).toEqual({
    ok: true,
    answer: { action: 'Reset', status: 'Accepted' },
    tolerated: [],
  });
});

test('field-19: a status in another spelling is mended, one of 1.5 is translated, an unknown one is kept', () => {
  const tolerated = ['unknown-enum'];
  expect(readAnswer(RESET, { status: 'accepted' })).toMatchObject({ answer: { status: 'Accepted' }, tolerated });
  const unlock: CallToChargePoint = { action: 'UnlockConnector', connectorId: 1 };
  expect(readAnswer(unlock, { status: 'Accepted' })).toMatchObject({ answer: { status: 'Unlocked' }, tolerated });
  expect(readAnswer(RESET, { status: 'Later' })).toMatchObject({ answer: { status: 'Later' }, tolerated });
  expect(readAnswer(RESET, { status: 'Accepted', more: 1 })).toMatchObject({
    answer: { status: 'Accepted' },
    tolerated: ['extra-property'],
  });
});

test('an answer that says nothing is a fault', () => {
  expect(readAnswer(RESET, {})).toMatchObject({ ok: false, fault: { code: 'OccurenceConstraintViolation' } });
  expect(readAnswer(RESET, null)).toMatchObject({ ok: false, fault: { code: 'OccurenceConstraintViolation' } });
  expect(readAnswer(RESET, { status: {} })).toMatchObject({ ok: false, fault: { code: 'TypeConstraintViolation' } });
  expect(readAnswer(RESET, 'Accepted')).toMatchObject({ ok: false, fault: { code: 'FormationViolation' } });
});

test('a configuration is read with its unknown keys', () => {
  const configurationKey = [
    { key: 'HeartbeatInterval', readonly: false, value: '900' },
    { key: 'AuthorizationKey', readonly: true },
  ];
  const read = configuration({ configurationKey, unknownKey: ['PDL_Power'] });
  expect(read).toEqual({ configurationKey, unknownKey: ['PDL_Power'], tolerated: [] });
});

test('field-29: both lists of a configuration may be missing', () => {
  expect(configuration({})).toEqual({ configurationKey: [], unknownKey: [], tolerated: [] });
  expect(configuration({ unknownKey: null })).toMatchObject({ unknownKey: [], tolerated: ['coerced-type'] });
  expect(configuration(null)).toMatchObject({ configurationKey: [], tolerated: ['null-payload'] });
});

test.each([
  [
    { readonly: 'true', value: 'x' },
    { readonly: true, value: 'x' },
  ],
  [
    { readonly: 'False', value: 'x' },
    { readonly: false, value: 'x' },
  ],
  [
    { readonly: 1, value: 'x' },
    { readonly: true, value: 'x' },
  ],
  [
    { readonly: 0, value: 900 },
    { readonly: false, value: '900' },
  ],
  [
    { readonly: false, value: true },
    { readonly: false, value: 'true' },
  ],
  [
    { readonly: false, value: 0.5 },
    { readonly: false, value: '0.5' },
  ],
  [
    { readonly: false, value: ['Core', 'Reservation'] },
    { readonly: false, value: 'Core,Reservation' },
  ],
  [
    { readonly: false, value: { a: 1 } },
    { readonly: false, value: '{"a":1}' },
  ],
  [{ readonly: false, value: null }, { readonly: false }],
])('field-17: a configuration key with %j is read as %j', (written, expected) => {
  expect(configuration({ configurationKey: [{ key: 'K', ...written }] })).toEqual({
    configurationKey: [{ key: 'K', ...expected }],
    unknownKey: [],
    tolerated: ['coerced-type'],
  });
});

test('field-17: lone entries stand for lists of one, and entries without a name are passed over', () => {
  expect(configuration({ configurationKey: { key: 'K', readonly: false }, unknownKey: 'X' })).toEqual({
    configurationKey: [{ key: 'K', readonly: false }],
    unknownKey: ['X'],
    tolerated: ['coerced-type'],
  });
  const configurationKey = [null, 5, {}, { key: '', readonly: true }, { key: 'K' }];
  expect(configuration({ configurationKey, unknownKey: [null, {}, 5] })).toMatchObject({
    configurationKey: [{ key: 'K', readonly: false }],
    unknownKey: ['5'],
  });
});

test('field-18: a value longer than 500 characters is accepted, up to a limit', () => {
  const read = (length: number) =>
    configuration({ configurationKey: [{ key: 'K', readonly: false, value: 'x'.repeat(length) }] });
  expect(read(500).tolerated).toEqual([]);
  expect(read(501)).toMatchObject({ configurationKey: [{ value: 'x'.repeat(501) }], tolerated: ['over-long'] });
  expect(read(CONFIGURATION_VALUE_CHARACTERS_MAX + 1).configurationKey[0]?.value).toHaveLength(
    CONFIGURATION_VALUE_CHARACTERS_MAX,
  );
});

test('keys beyond the limit are passed over', () => {
  const configurationKey = Array.from({ length: CONFIGURATION_KEYS_MAX + 1 }, (_, index) => ({
    key: `K${index}`,
    readonly: false,
  }));
  const read = configuration({ configurationKey });
  expect(read.configurationKey).toHaveLength(CONFIGURATION_KEYS_MAX);
  expect(read.tolerated).toEqual(['over-long']);
});

test('a data transfer is answered with its data as it is', () => {
  const call: CallToChargePoint = { action: 'DataTransfer', vendorId: 'com.example' };
  expect(readAnswer(call, { status: 'Accepted', data: ' x ' })).toEqual({
    ok: true,
    answer: { action: 'DataTransfer', status: 'Accepted', data: ' x ' },
    tolerated: [],
  });
  expect(readAnswer(call, { status: 'UnknownVendorId' })).toMatchObject({ answer: { status: 'UnknownVendorId' } });
});

test('every answer that the official schema allows is read with nothing to tolerate', () => {
  const answered = callsToChargePoint.chain((call) =>
    fc.tuple(fc.constant(call), validFor(officialSchema(`${call.action}.conf`))),
  );
  fc.assert(
    fc.property(answered, ([call, payload]) => {
      const read = readAnswer(call, payload);
      expect(read).toMatchObject({ ok: true, answer: { action: call.action } });
    }),
    { numRuns: 500 },
  );
});

test('no JSON makes readAnswer throw', () => {
  const entry = fc.dictionary(fc.constantFrom('key', 'readonly', 'value'), fc.jsonValue());
  const payloads = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom('status', 'data', 'unknownKey'), fc.jsonValue()),
    fc.record({ configurationKey: fc.array(fc.oneof(entry, fc.jsonValue())), unknownKey: fc.jsonValue() }),
  );
  fc.assert(
    fc.property(callsToChargePoint, payloads, (call, payload) => {
      const read = readAnswer(call, payload);
      if (read.ok) expect(read.answer.action).toBe(call.action);
      else expect(read.fault.code).toMatch(/Violation$/);
    }),
    { numRuns: 2_000 },
  );
});
