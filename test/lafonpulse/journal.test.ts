import fc from 'fast-check';
import { expect, test } from 'vitest';
import { translator } from '#web/i18n/t.ts';
import { eventSummary } from '#web/views/event-summary.ts';
import { readFrame } from '#web/views/frames.ts';
import { lafonPulse } from '#src/wire/lafonpulse/wire.ts';
import { anEvent } from '../storage/rows.ts';

const french = translator('fr', 'Europe/Paris');
const AT = '"at":"2026-11-26T08:15:00Z"';
const BY = '"by":{"kind":"rfid","value":"04A1"}';

const SENTENCES: readonly (readonly [name: string, said: string, reply: string, sentence: RegExp])[] = [
  [
    'BootNotification',
    '{"say":"start","make":"Atelier","model":"Pulse 22","soft":"KIPA1B204A"}',
    '{"ok":true}',
    /Atelier Pulse 22.*KIPA1B204A/,
  ],
  ['StatusNotification', `{"say":"state","point":2,${AT},"state":"fault","fault":"earth"}`, '{}', /Point 2.*défaut/i],
  ['StatusNotification', `{"say":"left","point":1,${AT}}`, '{}', /Point 1.*disponible/i],
  ['Authorize', `{"say":"may","point":1,${BY}}`, '{"ok":false,"why":"blocked"}', /04A1.*bloqué/i],
  [
    'StartTransaction',
    `{"say":"began","point":1,${AT},${BY},"meter":1}`,
    '{"number":42,"ok":true}',
    /Point 1.*04A1.*42.*accepté/i,
  ],
  [
    'MeterValues',
    `{"say":"meter","point":1,${AT},"meter":1500,"power":7000,"charge":40}`,
    '{}',
    /Point 1.*1,5.kWh.*7,0.kW.*40/,
  ],
  [
    'StopTransaction',
    `{"say":"ended","point":1,${AT},"number":42,"meter":4000,"why":"order"}`,
    '{}',
    /42.*4,0.kWh.*distance/i,
  ],
  ['DataTransfer', '{"say":"sensors","point":1,"vehicle":true}', '{}', /LafonPulse.*point\/1/],
];

test.each(SENTENCES)('a person reads of %s what a kit said: %s', (name, request, answer, sentence) => {
  expect(eventSummary(french, { ...anEvent({ name, request, answer }), id: 1 })).toMatch(sentence);
});

test('an order reads as the command that it was made of, with what the kit made of it', () => {
  const call = { action: 'ChangeAvailability', connectorId: 1, type: 'Inoperative' } as const;
  const request = lafonPulse.call('c1', call, 'kit:K7');
  const event = anEvent({ kind: 'command', name: call.action, request, answer: '{"status":"scheduled"}', note: null });
  expect(eventSummary(french, { ...event, id: 1 })).toMatch(/Mettre hors-service · Point 1.*/);
});

test('what the server could not read stands there with its fault', () => {
  const fault = lafonPulse.error('1', { code: 'PropertyConstraintViolation', detail: 'state: none of free' });
  expect(readFrame(fault).error).toEqual({ code: 'PropertyConstraintViolation', text: 'state: none of free' });
});

test('whatever a kit said, the journal reads it without a fault of its own', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('say', 'do', 'ok', 'status', 'keys', 'by', 'fault'),
      (value, member) => {
        readFrame(JSON.stringify({ [member]: value, by: value }));
      },
    ),
  );
});
