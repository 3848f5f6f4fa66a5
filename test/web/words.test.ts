import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FLEET_STATES, PART_STATUSES } from '#actors/fleet/messages.ts';
import type { StoredEvent } from '#src/storage/ports.ts';
import { safeNext } from '#web/door/address.ts';
import { en } from '#web/i18n/en.ts';
import { englishJournal } from '#web/i18n/en-journal.ts';
import { englishNotes } from '#web/i18n/en-notes.ts';
import { LANGUAGES, translator } from '#web/i18n/t.ts';
import { frenchSpacing } from '#web/i18n/typography.ts';
import { fleetUrl, PAGE_SIZES, readFleetQuery, SORTS } from '#web/pages/fleet-query.ts';
import { eventNote } from '#web/views/event-notes.ts';
import { eventName, eventSummary } from '#web/views/event-summary.ts';
import { dateTime, dayKey, dayStartMs, duration } from '#web/views/format.ts';
import { anchor } from '#web/views/html.ts';
import { simNumber } from '#web/views/sim.ts';

const french = translator('fr', 'Europe/Paris');

const queries = fc.record({
  states: fc.subarray([...FLEET_STATES], { maxLength: 3 }),
  faultOnly: fc.boolean(),
  access: fc.subarray(['public', 'private'] as const, { maxLength: 1 }),
  status: fc.constantFrom(...PART_STATUSES, null),
  station: fc.string({ maxLength: 60 }).map((text) => text.trim()),
  text: fc.string({ maxLength: 60 }).map((text) => text.trim()),
  sort: fc.constantFrom(...SORTS),
  descending: fc.boolean(),
  page: fc.integer({ min: 1, max: 400 }),
  pageSize: fc.constantFrom(...PAGE_SIZES, null),
});

test('a fleet address says its query and nothing else', () => {
  fc.assert(
    fc.property(queries, (query) => {
      const url = new URL(fleetUrl(query, { page: query.page }), 'http://vigie.invalid');
      expect(readFleetQuery(url.searchParams)).toEqual(query);
    }),
  );
});

test('any query string opens a page', () => {
  fc.assert(
    fc.property(fc.webQueryParameters(), (text) => {
      const query = readFleetQuery(new URLSearchParams(text));
      expect(query.page).toBeGreaterThanOrEqual(1);
    }),
  );
  expect(readFleetQuery(new URLSearchParams('state=broken&page=-3&size=7&sort=up'))).toEqual(
    readFleetQuery(new URLSearchParams()),
  );
});

test('where a login leads back to is always a path of ours', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl(),
        fc.string(),
        fc.string().map((text) => `/${text}`),
      ),
      (next) => {
        const path = safeNext(next);
        expect(new URL(path, 'http://vigie.invalid').host).toBe('vigie.invalid');
      },
    ),
  );
  expect(safeNext('//')).toBe('/');
  expect(safeNext('/\\')).toBe('/');
  expect(safeNext('/fleet/CP%201?level=debug#e7')).toBe('/fleet/CP%201?level=debug#e7');
});

test('an element id is safe in a selector, and different names have different ids', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      expect(anchor('r', one)).toMatch(/^r-[\w-]*$/);
      if (one !== other) expect(anchor('r', one)).not.toBe(anchor('r', other));
    }),
  );
});

test('PRC-06: the SIM number is twelve digits from the seventh on, then the Luhn key', () => {
  expect(simNumber('8933 0123 4567 8901 2345')).toEqual({ number: '234567890123', key: '4' });
  expect(simNumber('89330')).toBeNull();
  expect(simNumber('893301234567890123AB')).toBeNull();
});

test('durations are short, and never negative', () => {
  const spoken = [-5_000, 0, 59_999, 60_000, 3_600_000, 3_900_000, 86_400_000, 93_600_000].map((ms) =>
    duration(french, ms).replaceAll('\u00a0', ' '),
  );
  expect(spoken).toEqual(['0 s', '0 s', '59 s', '1 min', '1 h 00', '1 h 05', '1 j 0 h', '1 j 2 h']);
});

test('a day begins at midnight in Paris, also when the clocks change (field-21)', () => {
  expect(new Date(dayStartMs('2026-03-29', 'Europe/Paris') ?? 0).toISOString()).toBe('2026-03-28T23:00:00.000Z');
  expect(new Date(dayStartMs('2026-03-29', 'Europe/Paris', 1) ?? 0).toISOString()).toBe('2026-03-29T22:00:00.000Z');
  expect(dayKey(french, Date.parse('2026-10-24T22:30:00Z'))).toBe('2026-10-25');
  expect(dayStartMs('2026-02-31', 'Europe/Paris')).toBeNull();
});

test('field-21: the same moment is shown by the clocks of the zone that is configured', () => {
  const atMs = Date.parse('2026-10-24T22:30:00Z');
  const shown = (zone: string): string =>
    `${dayKey(translator('fr', zone), atMs)} ${dateTime(translator('fr', zone), atMs)}`;
  expect(shown('Europe/Paris')).toBe('2026-10-25 25/10/2026 00:30:00');
  expect(shown('Indian/Reunion')).toBe('2026-10-25 25/10/2026 02:30:00');
  expect(shown('America/Guadeloupe')).toBe('2026-10-24 24/10/2026 18:30:00');
  expect(new Date(dayStartMs('2026-10-25', 'Indian/Reunion') ?? 0).toISOString()).toBe('2026-10-24T20:00:00.000Z');
});

test('French counts nothing as singular, English as plural', () => {
  expect(french('fleet.alarm.fault', 0)).toBe('0 borne en défaut');
  expect(translator('en', 'Europe/Paris')('fleet.alarm.fault', 0)).toBe('0 chargers with a fault');
});

const anEvent = (event: Partial<StoredEvent>): StoredEvent => ({
  id: 1,
  atMs: 0,
  chargePointId: 'CP',
  connectorId: 1,
  level: 'info',
  kind: 'frame-in',
  name: 'Heartbeat',
  request: null,
  answer: null,
  note: null,
  ...event,
});

test.each([
  [
    'StatusNotification',
    { connectorId: 2, status: 'Faulted', errorCode: 'GroundFailure' },
    null,
    'Point 2 : En défaut, défaut de terre',
  ],
  ['StatusNotification', { connectorId: 0, status: 'Dreaming', errorCode: 'NoError' }, null, 'Borne : Dreaming'],
  ['Authorize', { idTag: 'AB12' }, { idTagInfo: { status: 'Blocked' } }, 'Badge AB12 présenté : bloqué'],
  [
    'StopTransaction',
    { transactionId: 7, meterStop: 12_400, reason: 'PowerLoss' },
    {},
    'Fin de recharge 7, compteur à 12,4 kWh (coupure de courant)',
  ],
  [
    'MeterValues',
    {
      connectorId: 1,
      meterValue: [
        {
          sampledValue: [
            { value: '3.5', unit: 'kWh' },
            { value: '54', measurand: 'SoC' },
          ],
        },
      ],
    },
    {},
    'Point 1 : relevé 3,5 kWh · 54 %',
  ],
])('a %s line reads as a sentence', (name, request, answer, sentence) => {
  const event = anEvent({
    name,
    request: JSON.stringify([2, 'a', name, request]),
    answer: answer === null ? null : JSON.stringify([3, 'a', answer]),
  });
  expect(eventSummary(french, event).replaceAll('\u00a0', ' ')).toBe(sentence);
});

const english = translator('en', 'Europe/Paris');

test.each([
  ['[3,"x",{"status":"Rejected"}]', 'Réponse à «\u00a0Redémarrage logiciel\u00a0»\u00a0: refusé'],
  ['[4,"x","NotSupported","",{}]', 'Réponse à «\u00a0Redémarrage logiciel\u00a0»\u00a0: non pris en charge'],
  [
    '[4,"x","InternalError","no relay",{}]',
    'Réponse à «\u00a0Redémarrage logiciel\u00a0»\u00a0: erreur interne (no relay)',
  ],
  ['[3,"x",{}]', 'Réponse à «\u00a0Redémarrage logiciel\u00a0»'],
])('the answer %s to a command of ours reads as such', (answer, sentence) => {
  const event = { name: 'Reset', answer, request: '[2,"x","Reset",{"type":"Soft"}]', note: 'by anne' };
  expect(eventSummary(french, anEvent({ ...event, kind: 'command' }))).toBe(sentence);
});

test('a command says who sent it, and why nothing came of it, in words and without ids', () => {
  const request = '[2,"x","ChangeAvailability",{"connectorId":1,"type":"Inoperative"}]';
  const sent = { name: 'ChangeAvailability', kind: 'frame-out', request } as const;
  expect(eventSummary(french, anEvent({ ...sent, note: 'by anne' }))).toBe('Mettre hors-service · Point 1 — par anne');
  expect(eventSummary(english, anEvent({ ...sent, note: 'command x7 by anne' }))).toBe(
    'Take out of service · Connector 1 — by anne',
  );
  const failed = { name: 'Reset', kind: 'command', request: '{"action":"Reset","type":"Hard"}' } as const;
  expect(eventSummary(french, anEvent({ ...failed, note: 'no-answer,by anne' }))).toBe(
    'Échec de «\u00a0Redémarrage complet\u00a0»\u00a0: la borne n’a pas répondu à temps',
  );
  expect(eventNote(french, anEvent({ ...failed, note: 'no-answer,by anne' }))).toBe(
    'la borne n’a pas répondu à temps, par anne',
  );
  expect(eventNote(french, anEvent({ ...failed, note: 'command x7' }))).toBeNull();
});

test.each([
  ['link', 'link-down', 'code 1006', 'Liaison fermée — coupée sans prévenir', 'Link closed — cut without a word'],
  ['link', 'link-down', 'code 3999', 'Liaison fermée — code de fermeture 3999', 'Link closed — close code 3999'],
  [
    'link',
    'link-up',
    '::1 no-subprotocol',
    'Liaison ouverte — ::1 sans sous-protocole',
    'Link opened — ::1 no sub-protocol',
  ],
  ['link', 'link-up', 'a b', 'Liaison ouverte — a b', 'Link opened — a b'],
  ['link', 'clock-skew', '-3600 s', 'Horloge de la borne décalée — −1 h 00', 'The charger’s clock is off — −1 h 00'],
  ['link', 'flood', '1200 calls', 'Trop de messages : le journal en saute — 1 200 messages', null],
  ['link', 'boot-loop', '6 boots in 15 min', 'La borne redémarre sans cesse — 6 démarrages en 15 min', null],
  [
    'refused',
    'X',
    'identity-too-long 1.2.3.4 ×3',
    'Connexion refusée : X — identité trop longue · 1.2.3.4 ×3',
    'Connection refused: X — identity too long · 1.2.3.4 ×3',
  ],
  [
    'refused',
    'X',
    'unsupported-subprotocol: ocpp2.0 1.2.3.4',
    'Connexion refusée : X — sous-protocole non pris en charge · ocpp2.0 1.2.3.4',
    null,
  ],
] as const)('%s %s with the note %s holds no word of a program', (kind, name, note, inFrench, inEnglish) => {
  const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');
  expect(plain(eventSummary(french, anEvent({ kind, name, note })))).toBe(inFrench);
  if (inEnglish !== null) expect(plain(eventSummary(english, anEvent({ kind, name, note })))).toBe(inEnglish);
});

test.each([
  ['FormationViolation', 'not JSON', 'Trame illisible'],
  ['NotImplemented', '[2,"a","LogStatusNotification",{}]', 'Message non pris en charge\u00a0: LogStatusNotification'],
  [
    'TypeConstraintViolation',
    '[2,"a","MeterValues",{}]',
    'Message invalide\u00a0: MeterValues — valeur du mauvais type',
  ],
])('a frame refused with %s says what is wrong with it', (code, request, sentence) => {
  const event = anEvent({
    name: 'bad-frame',
    request,
    answer: JSON.stringify([4, 'a', code, 'x', {}]),
    note: `${code}: x`,
  });
  expect(eventSummary(french, event)).toBe(sentence);
  expect(eventName(french, event)).toBe('Trame reçue');
});

test('French punctuation keeps to its word at the end of a line, in texts and in those that are made of arguments', () => {
  expect(french('login.forgotten')).toBe('Mot de passe oublié\u00a0?');
  expect(french('alert.letter.subject.ended', 'Défaut')).toBe('Fin\u00a0: Défaut');
  expect(english('login.forgotten')).not.toContain('\u00a0');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(' ', ':', ';', '«', '»', '?', '!', 'é', '/', 'a') }), (text) => {
      const printed = frenchSpacing(text);
      expect(printed).not.toMatch(/ [:;?!»]|« /);
      expect(printed.replaceAll('\u00a0', ' ')).toBe(text);
    }),
  );
});

test('English has no space before a colon', () => {
  const texts = Object.values({ ...en, ...englishJournal, ...englishNotes });
  const sentences = texts.map((text) =>
    typeof text === 'string' ? text : (text as (...args: string[]) => string)('a', 'b'),
  );
  expect(sentences.filter((text) => /[\s\u00a0]:/.test(text))).toEqual([]);
});

test('any frame gives a sentence in both languages, whatever it holds', () => {
  const names = fc.constantFrom(
    'BootNotification',
    'StatusNotification',
    'Authorize',
    'StartTransaction',
    'MeterValues',
    'StopTransaction',
    'DataTransfer',
    'Reset',
    'toString',
    'other',
  );
  const frames = fc.option(
    fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((json) => `[2,"a","b",${json}]`),
      fc.json().map((json) => `[3,"a",${json}]`),
    ),
  );
  const kinds = fc.constantFrom('frame-in', 'frame-out', 'link', 'refused', 'session', 'server', 'command');
  fc.assert(
    fc.property(
      names,
      frames,
      frames,
      kinds,
      fc.constantFrom(...LANGUAGES),
      (name, request, answer, kind, language) => {
        expect(
          eventSummary(translator(language, 'Europe/Paris'), anEvent({ name, request, answer, kind })).length,
        ).toBeGreaterThan(0);
      },
    ),
  );
});
