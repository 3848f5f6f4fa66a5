import smpp from 'smpp';
import { expect, test } from 'vitest';
import type { Notice } from '#actors/alert/messages.ts';
import { ALERT_CAUSES } from '#src/domain/alert.ts';
import { alertLetter } from '#web/letters/alert.ts';
import { anAudience, T0 } from '../fixtures/alert.ts';

const letterOf = alertLetter((path) => `https://vigie.example${path}`, 'Europe/Paris');
const notice = (change: Partial<Notice> = {}): Notice => ({
  alertId: 'a1',
  step: 'opened',
  chargePointId: 'PON 1/2',
  cause: 'fault',
  code: 'GroundFailure',
  parts: [0, 2],
  place: anAudience().place,
  openedAtMs: T0,
  atMs: T0 + 3_600_000,
  acknowledgedBy: null,
  ...change,
});

test('a letter says what, where, since when, and where to look and act', () => {
  const { subject, text } = letterOf(notice(), 'fr');
  expect(subject).toBe('Défaut – Quai Nord (PON 1/2)');
  expect(text.split('\n').filter((line) => line !== '')).toEqual([
    'Défaut de terre (la borne, point 2).',
    'Borne PON 1/2, station «\u00a0Quai Nord\u00a0», Brest.',
    'Constaté le 26/11/2026 10:00:00.',
    'Voir la borne\u00a0: https://vigie.example/fleet/PON%201%2F2',
    'Prendre en charge\u00a0: https://vigie.example/alerts',
    'Vous recevez ce message parce que vous êtes désigné dans «\u00a0Destinataires des alertes\u00a0» de cette station.',
  ]);
});

test('its end says from when to when and who had it in charge, and asks nobody to take it', () => {
  const { subject, text } = letterOf(notice({ step: 'ended', acknowledgedBy: 'Anne' }), 'en');
  expect(subject).toBe('End: Fault – Quai Nord (PON 1/2)');
  expect(text).toContain('ended on 26/11/2026, 11:00:00');
  expect(text).toContain('In the charge of Anne.');
  expect(text).not.toContain('/alerts');
});

test('every cause and step has its words in both languages, and an SMS fits the alphabet of telephones', () => {
  for (const cause of ALERT_CAUSES)
    for (const step of ['opened', 'escalated', 'ended'] as const)
      for (const language of ['fr', 'en'] as const) {
        const parts = cause === 'absent' ? [] : [1];
        const { subject, text, short } = letterOf(notice({ cause, step, parts, code: 'NoError' }), language);
        for (const words of [subject, text, short]) expect(words, `${cause} ${step}`).not.toMatch(/undefined|alert\./);
        expect(smpp.encodings.ASCII.match(short), short).toBe(true);
      }
});
