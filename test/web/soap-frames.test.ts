import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SOAP_WIRES } from '#src/wire/ocpp-soap/wire.ts';
import type { StoredEvent } from '#src/storage/ports.ts';
import { translator } from '#web/i18n/t.ts';
import { eventSummary } from '#web/views/event-summary.ts';
import { prettyFrame, readFrame } from '#web/views/frames.ts';
import { envelope } from '../wire/soap/envelopes.ts';

const t = translator('fr', 'Europe/Paris');
const BASE = {
  eventId: 1,
  atMs: 0,
  chargePointId: 'CP1',
  connectorId: null,
  level: 'info',
  kind: 'frame-in',
  answer: null,
  note: null,
} as const;

function summary(name: string, request: string, answer: string | null = null): string {
  return eventSummary(t, { ...BASE, name, request, answer } as unknown as StoredEvent).replaceAll(/\s/g, ' ');
}

describe('an envelope in the journal', () => {
  test('is told in the same sentence as its JSON', () => {
    const start = `<c:startTransactionRequest><c:connectorId>1</c:connectorId><c:idTag>ALICE</c:idTag></c:startTransactionRequest>`;
    const answer = SOAP_WIRES['ocpp-1.6-soap'].result('m1', {
      action: 'StartTransaction',
      transactionId: 42,
      idTagInfo: { status: 'Accepted' },
    });
    expect(summary('StartTransaction', envelope({ body: start }), answer)).toBe(
      'Point 1 : début de recharge, badge ALICE (transaction 42, accepté)',
    );
  });

  test('tells readings in either version', () => {
    const of15 = `<c:meterValuesRequest><c:connectorId>1</c:connectorId><c:values><c:timestamp>x</c:timestamp>
      <c:value measurand="Energy.Active.Import.Register" unit="Wh">1200</c:value></c:values></c:meterValuesRequest>`;
    const of16 = `<c:meterValuesRequest><c:connectorId>1</c:connectorId><c:meterValue><c:timestamp>x</c:timestamp>
      <c:sampledValue><c:value>1200</c:value><c:unit>Wh</c:unit></c:sampledValue></c:meterValue></c:meterValuesRequest>`;
    const [one, other] = [of15, of16].map((body) => summary('MeterValues', envelope({ body })));
    expect(one).toContain('1,2 kWh');
    expect(other).toBe(one);
  });

  test('tells a fault by its own word', () => {
    const fault = SOAP_WIRES['ocpp-1.6-soap'].error('m1', { code: 'NotSupported', detail: 'no "Teleport" < here' });
    expect(readFrame(fault).error).toEqual({ code: 'NotSupported', text: 'no "Teleport" < here' });
    expect(summary('bad-frame', envelope({ body: '<c:teleportRequest/>' }), fault)).toContain('Teleport');
  });

  test('is shown one element to a line, and can be read as before', () => {
    const text = envelope({ body: '<c:authorizeRequest><c:idTag>A</c:idTag></c:authorizeRequest>' });
    const lines = prettyFrame(text).split('\n');
    expect(lines).toContain('      <c:idTag>A</c:idTag>');
    expect(readFrame(lines.join('\n')).fields).toEqual({ idTag: 'A' });
  });

  test('never stops the page, however broken it is', () => {
    const whole = envelope({ body: '<c:authorizeRequest><c:idTag a="b">A</c:idTag></c:authorizeRequest>' });
    const bent = fc
      .tuple(fc.nat({ max: whole.length }), fc.nat({ max: 200 }), fc.string({ maxLength: 10 }))
      .map(([at, length, text]) => whole.slice(0, at) + text + whole.slice(at + length));
    fc.assert(
      fc.property(bent, (text) => {
        expect(typeof summary('Authorize', text)).toBe('string');
        expect(typeof prettyFrame(text)).toBe('string');
      }),
    );
  });
});
