import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reread, wireOf } from '#src/wire/all.ts';
import { linkIdOf } from '#src/wire/protocol.ts';
import { CENTRAL_SYSTEM } from '#src/wire/ocpp-soap/descriptions.ts';
import { envelopeOf } from '#src/wire/ocpp-soap/envelope.ts';

const json = wireOf(linkIdOf('ocpp-1.6-json', 1));
const START =
  '[2,"s","StartTransaction",{"connectorId":2,"idTag":"ALICE","meterStart":10,"timestamp":"2026-06-01T08:00:00Z"}]';

test('a journalled start is read again with the transaction and the verdict that we gave', () => {
  const answer = json.result('s', {
    action: 'StartTransaction',
    transactionId: 77,
    idTagInfo: { status: 'Accepted' },
  });
  expect(reread(START, answer)).toMatchObject({
    call: { action: 'StartTransaction', connectorId: 2, idTag: 'ALICE', meterStart: 10 },
    transactionId: 77,
    status: 'Accepted',
  });
});

test.each(['1.5', '1.6'] as const)('an envelope of OCPP %s is read again in the same shapes', (version) => {
  const service = CENTRAL_SYSTEM[version];
  const fields = { connectorId: 2, idTag: 'ALICE', meterStart: 10, timestamp: '2026-06-01T08:00:00Z' };
  const request = envelopeOf({
    namespace: service.namespace,
    identity: 'CP1',
    action: '/StartTransaction',
    messageId: 's',
    relatesTo: null,
    body: service.write('startTransactionRequest', fields),
  });
  const answer = wireOf(linkIdOf(`ocpp-${version}-soap`, 1)).result('s', {
    action: 'StartTransaction',
    transactionId: 77,
    idTagInfo: { status: 'Accepted' },
  });
  expect(reread(request, answer)).toMatchObject({
    call: { action: 'StartTransaction', connectorId: 2, idTag: 'ALICE', meterStart: 10 },
    transactionId: 77,
    status: 'Accepted',
  });
});

test('what a kit says is read again in the same shapes', () => {
  const kit = wireOf(linkIdOf('lafonpulse', 1));
  const said = '{"say":"beat"}';
  const answer = kit.result('1', { action: 'Heartbeat', currentTime: '2026-06-01T08:00:00Z' });
  expect(reread(said, answer)).toEqual({ call: { action: 'Heartbeat' }, transactionId: null, status: null });
  const given = kit.result('1', { action: 'StartTransaction', transactionId: 77, idTagInfo: { status: 'Accepted' } });
  expect(reread(said, given)).toMatchObject({ transactionId: 77, status: 'Accepted' });
});

test('a call whose answer was not journalled, or was an error, is read all the same', () => {
  const error = json.error('s', { code: 'InternalError', detail: '' });
  for (const answer of [null, error])
    expect(reread(START, answer)).toMatchObject({ call: { idTag: 'ALICE' }, transactionId: null, status: null });
});

test('what is no call of a charger tells nothing, whatever text stands in the journal', () => {
  expect(reread('[3,"s",{}]', null)).toBeNull();
  expect(reread('{"action":"Reset","type":"Soft"}', null)).toBeNull();
  expect(reread('[2,"s","Nonsense",{}]', null)).toBeNull();
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string()), (request, answer) => {
      expect(() => reread(request, answer)).not.toThrow();
    }),
  );
});
