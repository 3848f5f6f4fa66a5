import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseSubprotocol, identityFromPath, isOddPath, IDENTITY_CHARACTERS_MAX } from '#src/wire/ocpp/subprotocol.ts';

test('ocpp1.6 is chosen wherever it stands in the offer, in the spelling of the offer', () => {
  expect(chooseSubprotocol(['ocpp1.6'])).toEqual({ ok: true, version: '1.6', header: 'ocpp1.6' });
  expect(chooseSubprotocol(['ocpp2.0.1', 'ocpp1.6', 'ocpp1.5'])).toMatchObject({ ok: true, header: 'ocpp1.6' });
  expect(chooseSubprotocol(new Set([' OCPP1.6 ']))).toMatchObject({ ok: true, header: 'OCPP1.6' });
});

test('field-25: an offer of nothing is told apart from an offer of other versions', () => {
  expect(chooseSubprotocol([])).toEqual({ ok: false, why: 'none-offered' });
  expect(chooseSubprotocol([''])).toEqual({ ok: false, why: 'none-offered' });
  expect(chooseSubprotocol(['ocpp2.0.1', 'mqtt'])).toEqual({ ok: false, why: 'unsupported' });
});

test.each([
  ['/CP1', 'CP1'],
  ['/ocpp/CP1', 'CP1'],
  ['/a/b/c/CP1', 'CP1'],
  ['/CP1/', 'CP1'],
  ['/ocpp/CP1//', 'CP1'],
  ['/CP1/CP1', 'CP1'],
  ['/CP1/CP1/', 'CP1'],
  ['//CP1', 'CP1'],
  ['/ocpp/CP1?token=a/b', 'CP1'],
  ['/RDAM%20123', 'RDAM 123'],
  ['/%20CP1%20', 'CP1'],
  ['/born%C3%A9', 'borné'],
  ['ws://host:8189/ocpp/CP1', 'CP1'],
  ['/CP%2B1', 'CP+1'],
])('field-25: %s is dialled by %s', (path, identity) => {
  expect(identityFromPath(path)).toEqual({ ok: true, identity });
});

test.each([
  ['', 'missing'],
  ['/', 'missing'],
  ['//', 'missing'],
  ['/?id=CP1', 'missing'],
  ['/%20', 'missing'],
  ['/CP%', 'malformed'],
  ['/CP%FF', 'malformed'],
  ['/CP%00', 'malformed'],
  ['/CP%0A1', 'malformed'],
  ['/CP%7F', 'malformed'],
  ['/CP%E2%80%AE1', 'malformed'],
  ['/a%2Fb', 'malformed'],
  ['/..', 'malformed'],
  ['/ocpp/%2E%2E', 'malformed'],
  [`/${'x'.repeat(IDENTITY_CHARACTERS_MAX + 1)}`, 'too-long'],
])('field-25: %s names nobody: %s', (path, why) => {
  expect(identityFromPath(path)).toEqual({ ok: false, why });
});

test.each([
  ['/CP1', false],
  ['/ocpp/1.6/CP1', false],
  ['//CP1?token=/', false],
  ['/CP1/', true],
  ['/ocpp/CP1//?x=1', true],
  ['/CP1/CP1', true],
])('field-25: that %s is an odd way to dial is %s', (path, isOdd) => {
  expect(isOddPath(path)).toBe(isOdd);
});

test('an identity may be as long as the limit', () => {
  const identity = 'x'.repeat(IDENTITY_CHARACTERS_MAX);
  expect(identityFromPath(`/${identity}`)).toEqual({ ok: true, identity });
});

test('every identity that is accepted is dialled again by its own encoding', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webPath(),
        fc.string().map((text) => `/${encodeURIComponent(text.toWellFormed())}`),
      ),
      (path) => {
        const first = identityFromPath(path);
        if (first.ok) expect(identityFromPath(`/ocpp/${encodeURIComponent(first.identity)}/`)).toEqual(first);
      },
    ),
  );
});

test('no path makes identityFromPath throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (path) => {
      expect(typeof identityFromPath(path).ok).toBe('boolean');
    }),
  );
});
