import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSoapCall, versionFault } from '#src/wire/ocpp-soap/calls-from.ts';
import { CHARGE_POINT, type SoapVersion } from '#src/wire/ocpp-soap/descriptions.ts';
import { readEnvelope } from '#src/wire/ocpp-soap/envelope.ts';
import { fieldsOf } from '#src/wire/ocpp-soap/fields.ts';
import { httpStatusOf, readFault } from '#src/wire/ocpp-soap/faults.ts';
import { NOT_IN_THIS_VERSION, SOAP_WIRES, unnamed } from '#src/wire/ocpp-soap/wire.ts';
import type { CallErrorCode, CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { envelope, NAMESPACES, type Bent } from './envelopes.ts';

const WIRES = { '1.5': SOAP_WIRES['ocpp-1.5-soap'], '1.6': SOAP_WIRES['ocpp-1.6-soap'] } as const;

function opened(text: string) {
  const read = readEnvelope(text);
  if (!read.ok) throw new Error(read.fault.detail);
  return read.envelope;
}

function call(bent: Bent = {}) {
  const version: SoapVersion = bent.version ?? '1.6';
  return readSoapCall(opened(envelope(bent)), version, 'tolerant');
}

const AT = '2026-03-02T08:30:00Z';
const READ_AT = { raw: AT, ms: Date.UTC(2026, 2, 2, 8, 30) };

describe('a call in OCPP 1.6', () => {
  test('is read into the same shape as its JSON, and forgives nothing that is as the standard has it', () => {
    const body = `<c:startTransactionRequest><c:connectorId>1</c:connectorId><c:idTag>04A1</c:idTag>
      <c:timestamp>${AT}</c:timestamp><c:meterStart>1000</c:meterStart></c:startTransactionRequest>`;
    expect(call({ body, action: '/StartTransaction' })).toEqual({
      ok: true,
      call: { action: 'StartTransaction', connectorId: 1, idTag: '04A1', meterStart: 1_000, timestamp: READ_AT },
      tolerated: [],
    });
  });

  test('samples come with their phases and units', () => {
    const sampled = (value: string, more: string) =>
      `<c:sampledValue><c:value>${value}</c:value>${more}</c:sampledValue>`;
    const body = `<c:meterValuesRequest><c:connectorId>1</c:connectorId><c:transactionId>42</c:transactionId>
      <c:meterValue><c:timestamp>${AT}</c:timestamp>
      ${sampled('1.2', '<c:measurand>Energy.Active.Import.Register</c:measurand><c:unit>kWh</c:unit>')}
      ${sampled('15.8', '<c:measurand>Current.Import</c:measurand><c:phase>L1</c:phase><c:unit>A</c:unit>')}
      </c:meterValue></c:meterValuesRequest>`;
    expect(call({ body })).toMatchObject({
      ok: true,
      call: { transactionId: 42, samples: [{ timestamp: READ_AT, energyWh: 1_200, currentMa: 15_800 }] },
      tolerated: [],
    });
  });

  test.each([
    ['children in another order', `<c:authorizeRequest><c:idTag>A</c:idTag></c:authorizeRequest>`, []],
    ['children of no namespace', `<c:authorizeRequest><idTag>A</idTag></c:authorizeRequest>`, ['odd-namespace']],
    ['a body of no namespace', `<authorizeRequest><idTag>A</idTag></authorizeRequest>`, ['odd-namespace']],
    ['an undeclared prefix', `<q:authorizeRequest><q:idTag>A</q:idTag></q:authorizeRequest>`, ['odd-namespace']],
    [
      'a namespace without its last slash',
      `<x:authorizeRequest xmlns:x="urn://Ocpp/Cs/2015/10"><x:idTag>A</x:idTag></x:authorizeRequest>`,
      ['odd-namespace'],
    ],
    [
      'an element that the standard does not have',
      `<c:authorizeRequest><c:idTag>A</c:idTag><c:more/></c:authorizeRequest>`,
      ['extra-property'],
    ],
  ])('field-28: %s is read, and what was forgiven is told', (_what, body, tolerated) => {
    expect(call({ body, action: '/Authorize' })).toEqual({
      ok: true,
      call: { action: 'Authorize', idTag: 'A' },
      tolerated,
    });
  });

  test.each([
    ['a full action', { action: 'urn://Ocpp/Cs/2015/10/Heartbeat' }, []],
    ['an action that is one word', { action: 'Heartbeat' }, []],
    ['no action', { action: '' }, ['missing-header']],
    ['no message id', { messageId: '' }, ['missing-header']],
    ['no body but an action', { body: '' }, []],
  ])('field-28: %s changes nothing', (_what, bent, tolerated) => {
    expect(call(bent)).toEqual({ ok: true, call: { action: 'Heartbeat' }, tolerated });
  });

  test.each<[string, Bent, CallErrorCode]>([
    ['neither body nor action', { body: '', action: '' }, 'ProtocolError'],
    ['an action that nobody knows', { body: '<c:teleportRequest/>' }, 'NotSupported'],
    ['an action that JSON alone has', { body: '<c:signCertificateRequest/>' }, 'NotSupported'],
    ['an action of the other side', { body: '<c:resetRequest><c:type>Hard</c:type></c:resetRequest>' }, 'NotSupported'],
    ['a badge without a badge', { body: '<c:authorizeRequest/>' }, 'OccurenceConstraintViolation'],
    [
      'a connector that is a word',
      { body: '<c:startTransactionRequest><c:connectorId>one</c:connectorId></c:startTransactionRequest>' },
      'TypeConstraintViolation',
    ],
  ])('%s is a fault', (_what, bent, code) => {
    expect(call(bent)).toMatchObject({ ok: false, fault: { code } });
  });

  test('a body of another version is told from one of this', () => {
    const other = opened(envelope({ version: '1.5' }));
    expect(versionFault(other, '1.6')?.detail).toContain('urn://Ocpp/Cs/2012/06/ is not OCPP 1.6');
    expect(versionFault(other, '1.5')).toBeNull();
  });
});

describe('a call in OCPP 1.5', () => {
  const at15 = (body: string) => call({ version: '1.5', body });

  test('an occupied connector is one where something is plugged in, and nothing was forgiven for it', () => {
    const body = `<c:statusNotificationRequest><c:connectorId>1</c:connectorId><c:status>Occupied</c:status>
      <c:errorCode>Mode3Error</c:errorCode></c:statusNotificationRequest>`;
    expect(at15(body)).toEqual({
      ok: true,
      call: { action: 'StatusNotification', connectorId: 1, status: 'Preparing', errorCode: 'EVCommunicationError' },
      tolerated: [],
    });
  });

  const VALUES = `<c:values><c:timestamp>${AT}</c:timestamp>
    <c:value measurand="Energy.Active.Import.Register" unit="Wh">1200</c:value>
    <c:value measurand="Current.Import" unit="Amp">15.8</c:value></c:values>`;
  const SAMPLES = [{ timestamp: READ_AT, context: 'Sample.Periodic', energyWh: 1_200, currentMa: 15_800 }];

  test('values with attributes are samples', () => {
    const body = `<c:meterValuesRequest><c:connectorId>1</c:connectorId><c:transactionId>42</c:transactionId>${VALUES}</c:meterValuesRequest>`;
    expect(at15(body)).toEqual({
      ok: true,
      call: { action: 'MeterValues', connectorId: 1, transactionId: 42, samples: SAMPLES },
      tolerated: [],
    });
  });

  test('a value without attributes is the register in Wh', () => {
    const body = `<c:meterValuesRequest><c:connectorId>1</c:connectorId><c:values><c:timestamp>${AT}</c:timestamp>
      <c:value>1200</c:value></c:values></c:meterValuesRequest>`;
    expect(at15(body)).toMatchObject({ ok: true, call: { samples: [{ energyWh: 1_200 }] }, tolerated: [] });
  });

  test('a stop has no reason, and its values lie one level deeper', () => {
    const body = `<c:stopTransactionRequest><c:transactionId>42</c:transactionId><c:idTag>A</c:idTag>
      <c:timestamp>${AT}</c:timestamp><c:meterStop>4000</c:meterStop>
      <c:transactionData>${VALUES}</c:transactionData></c:stopTransactionRequest>`;
    const stop = { action: 'StopTransaction', transactionId: 42, idTag: 'A', timestamp: READ_AT, meterStop: 4_000 };
    expect(at15(body)).toEqual({ ok: true, call: { ...stop, reason: 'Local', samples: SAMPLES }, tolerated: [] });
  });
});

describe('what we write', () => {
  const answered = (version: SoapVersion, action: 'Accepted' | 'Pending') =>
    WIRES[version].result('urn:uuid:7', {
      action: 'BootNotification',
      status: action,
      currentTime: AT,
      interval: 900,
    });

  test('an answer relates to its message, under an action and a namespace that are declared', () => {
    expect(answered('1.6', 'Accepted')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" ' +
        'xmlns:w="http://www.w3.org/2005/08/addressing" xmlns:o="urn://Ocpp/Cs/2015/10/"><s:Header>' +
        '<w:Action>/BootNotificationResponse</w:Action>' +
        '<w:RelatesTo>urn:uuid:7</w:RelatesTo></s:Header><s:Body>' +
        '<o:bootNotificationResponse xmlns:o="urn://Ocpp/Cs/2015/10/" xmlns="urn://Ocpp/Cs/2015/10/">' +
        `<o:status>Accepted</o:status><o:currentTime>${AT}</o:currentTime><o:interval>900</o:interval>` +
        '</o:bootNotificationResponse></s:Body></s:Envelope>',
    );
  });

  test('1.5 has its own word for the interval, and none for a charger that must wait', () => {
    const text = answered('1.5', 'Pending');
    expect(text).toContain(`<o:status>Rejected</o:status><o:currentTime>${AT}</o:currentTime>`);
    expect(text).toContain('<o:heartbeatInterval>900</o:heartbeatInterval></o:bootNotificationResponse>');
  });

  test('a message that came without an id is answered without one', () => {
    expect(WIRES['1.6'].result(unnamed(3), { action: 'MeterValues' })).not.toContain('RelatesTo');
  });

  test('a message id with markup in it is text', () => {
    const text = WIRES['1.6'].result('<s:Fault>"&', { action: 'MeterValues' });
    expect(text).toContain('<w:RelatesTo>&lt;s:Fault&gt;&quot;&amp;</w:RelatesTo>');
    expect(httpStatusOf(text)).toBe(200);
  });

  test.each<[CallErrorCode, string, string, number]>([
    ['FormationViolation', 'Sender', 'ProtocolError', 400],
    ['SecurityError', 'Sender', 'SecurityError', 400],
    ['NotImplemented', 'Receiver', 'NotSupported', 500],
    ['NotSupported', 'Receiver', 'NotSupported', 500],
    ['InternalError', 'Receiver', 'InternalError', 500],
  ])('%s is a fault of the %s, in the word %s', (code, whose, subcode, status) => {
    const text = WIRES['1.6'].error('urn:uuid:7', { code, detail: 'a < b' });
    expect(text).toContain(`<s:Code><s:Value>s:${whose}</s:Value><s:Subcode><s:Value>o:${subcode}</s:Value>`);
    expect(httpStatusOf(text)).toBe(status);
    expect(readFault(opened(text).body)).toEqual({ code: subcode, text: 'a < b' });
  });

  test('a call names the charger, its own id and its elements in the order of the description', () => {
    const text = WIRES['1.6'].call('c1', { action: 'ReserveNow' } as never, 'BORNE & 1');
    expect(text).toContain('<o:chargeBoxIdentity s:mustUnderstand="true">BORNE &amp; 1</o:chargeBoxIdentity>');
    const start = WIRES['1.6'].call('c1', { action: 'RemoteStartTransaction', idTag: 'A', connectorId: 2 }, 'CP1');
    expect(start).toContain('<o:connectorId>2</o:connectorId><o:idTag>A</o:idTag>');
    const start15 = WIRES['1.5'].call('c1', { action: 'RemoteStartTransaction', idTag: 'A', connectorId: 2 }, 'CP1');
    expect(start15).toContain('<o:idTag>A</o:idTag><o:connectorId>2</o:connectorId>');
    expect(start15).toContain('<w:MessageID>c1</w:MessageID>');
  });

  test('what 1.5 has no call for is not written', () => {
    const call16: CallToChargePoint = { action: 'TriggerMessage', requestedMessage: 'Heartbeat' };
    expect(WIRES['1.5'].call('c1', call16, 'CP1')).toBe(NOT_IN_THIS_VERSION);
    expect(WIRES['1.6'].call('c1', call16, 'CP1')).toContain('<o:requestedMessage>Heartbeat</o:requestedMessage>');
  });

  test('OCP-16: 1.5 spells the key of the heartbeat its own way', () => {
    const change = { action: 'ChangeConfiguration', key: 'HeartbeatInterval', value: '900' } as const;
    expect(WIRES['1.5'].call('c1', change, 'CP1')).toContain('<o:key>HeartBeatInterval</o:key>');
    expect(WIRES['1.6'].call('c1', change, 'CP1')).toContain('<o:key>HeartbeatInterval</o:key>');
  });
});

describe('what a charger answers', () => {
  const answer = (version: SoapVersion, called: CallToChargePoint, body: string) => {
    const namespace = NAMESPACES[version].replace('Cs', 'Cp');
    return WIRES[version].readAnswer(called, opened(envelope({ version, namespace, body })).body);
  };

  test('an unlocked connector is unlocked in the words of either version', () => {
    const unlock = { action: 'UnlockConnector', connectorId: 1 } as const;
    const body = (status: string) =>
      `<c:unlockConnectorResponse><c:status>${status}</c:status></c:unlockConnectorResponse>`;
    const unlocked = { ok: true, answer: { action: 'UnlockConnector', status: 'Unlocked' }, tolerated: [] };
    expect(answer('1.5', unlock, body('Accepted'))).toEqual(unlocked);
    expect(answer('1.6', unlock, body('Unlocked'))).toEqual(unlocked);
  });

  test('a configuration has its keys, one or many, with booleans and empty values as they are', () => {
    const one = (key: string, value: string) =>
      `<c:configurationKey><c:key>${key}</c:key><c:readonly>false</c:readonly>${value}</c:configurationKey>`;
    const body = (keys: string) => `<c:getConfigurationResponse>${keys}</c:getConfigurationResponse>`;
    const get = { action: 'GetConfiguration' } as const;
    expect(answer('1.5', get, body(one('HeartBeatInterval', '<c:value>900</c:value>')))).toMatchObject({
      ok: true,
      answer: { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '900' }], unknownKey: [] },
      tolerated: [],
    });
    expect(
      answer('1.6', get, body(`${one('A', '<c:value/>')}${one('B', '')}<c:unknownKey>C</c:unknownKey>`)),
    ).toMatchObject({
      answer: {
        configurationKey: [
          { key: 'A', readonly: false, value: '' },
          { key: 'B', readonly: false },
        ],
        unknownKey: ['C'],
      },
      tolerated: [],
    });
  });

  test('a limit of a schedule is a number', () => {
    const shape = CHARGE_POINT['1.6'].shapeOf('getCompositeScheduleResponse');
    const body = opened(
      envelope({
        body: `<c:getCompositeScheduleResponse><c:status>Accepted</c:status><c:chargingSchedule>
          <c:chargingRateUnit>A</c:chargingRateUnit><c:chargingSchedulePeriod><c:startPeriod>0</c:startPeriod>
          <c:limit>16.1</c:limit></c:chargingSchedulePeriod></c:chargingSchedule></c:getCompositeScheduleResponse>`,
      }),
    ).body;
    expect(body === null ? null : fieldsOf(body, shape)).toEqual({
      status: 'Accepted',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.1 }] },
    });
  });

  test('an answer to another call, or to none, is unreadable', () => {
    const reset = { action: 'Reset', type: 'Soft' } as const;
    expect(answer('1.6', reset, '<c:clearCacheResponse/>')).toMatchObject({
      fault: { detail: '<clearCacheResponse> is no answer to Reset' },
    });
    expect(WIRES['1.6'].readAnswer(reset, null)).toMatchObject({
      fault: { detail: 'an empty body is no answer to Reset' },
    });
  });
});

test('whatever an envelope holds, it is read or refused, in both versions', () => {
  const names = fc.constantFrom(
    'connectorId',
    'idTag',
    'timestamp',
    'values',
    'value',
    'transactionData',
    'meterValue',
    'x',
  );
  const text = fc.string({ maxLength: 8 }).map((raw) => raw.replaceAll(/[<&]/g, ''));
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      text,
      fc
        .tuple(names, fc.array(tie('tree'), { maxLength: 3 }))
        .map(([name, inner]) => `<c:${name}>${inner.join('')}</c:${name}>`),
    ),
  }));
  const actions = fc.constantFrom(
    'meterValues',
    'stopTransaction',
    'statusNotification',
    'startTransaction',
    'dataTransfer',
  );
  fc.assert(
    fc.property(fc.constantFrom('1.5', '1.6'), actions, fc.array(tree, { maxLength: 5 }), (version, action, inner) => {
      const body = `<c:${action}Request>${inner.join('')}</c:${action}Request>`;
      const read = readSoapCall(opened(envelope({ version, body })), version, 'tolerant');
      if (read.ok) expect(JSON.parse(JSON.stringify(read.call))).toMatchObject({ action: expect.any(String) });
      else expect(read.fault.detail).not.toBe('');
    }),
  );
});
