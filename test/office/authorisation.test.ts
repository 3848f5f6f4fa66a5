import fc from 'fast-check';
import { expect, test } from 'vitest';
import { authorise, noteOf, type KnownToken } from '#src/domain/authorisation.ts';

const ASKED = {
  idTag: '04NOBODY',
  token: null,
  wallet: null,
  allowance: null,
  welcomeStrangers: false,
  freeServiceTag: null,
  atMs: 1_000,
} as const;

const allowances = fc.option(fc.record({ companyId: fc.constant('c1'), left: fc.integer({ min: 0, max: 3 }) }), {
  nil: null,
});
const tokens: fc.Arbitrary<KnownToken> = fc.record({
  blocked: fc.boolean(),
  expiresAtMs: fc.option(fc.constantFrom(500, 2_000), { nil: null }),
  walletId: fc.option(fc.constant('w1'), { nil: null }),
  driver: fc.option(fc.constant('Anne'), { nil: null }),
  freeService: fc.boolean(),
});

test('SOC-09: a badge that is nobody’s may charge while some of its charges are left, for free and as nobody', () => {
  fc.assert(
    fc.property(allowances, (allowance) => {
      const answer = authorise({ ...ASKED, allowance });
      expect(answer.verdict).toBe((allowance?.left ?? 0) > 0 ? 'Accepted' : 'Invalid');
      expect(answer).toMatchObject({ driver: null, walletId: null, freeService: false });
      expect(answer.allowance ?? null).toEqual(allowance);
      // SOC-10: not by a support that the station does not take.
      expect(authorise({ ...ASKED, allowance, refusesSupport: true }).verdict).toBe('Invalid');
    }),
  );
  expect([undefined, { companyId: 'c1', left: 1 }, { companyId: 'c1', left: 0 }].map(noteOf)).toEqual([
    null,
    'unregistered',
    'registration-due',
  ]);
});

test('SOC-09: what a station lets nobody’s badges do changes nothing for a badge that somebody has, nor for free service', () => {
  fc.assert(
    fc.property(tokens, allowances, (token, allowance) => {
      expect(authorise({ ...ASKED, token, allowance })).toEqual(authorise({ ...ASKED, token }));
      const free = authorise({ ...ASKED, freeServiceTag: ASKED.idTag, allowance });
      expect(free).toMatchObject({ verdict: 'Accepted', freeService: true });
      expect(free.allowance).toBeUndefined();
    }),
  );
});
