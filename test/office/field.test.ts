import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { readField, writeField, type Field, type TextShape } from '#src/domain/office/field.ts';
import { hostileText, valueOf } from './arbitraries.ts';
import { SHAPED_EXAMPLES } from './examples.ts';

const declared = Object.entries(ENTITIES).flatMap(([entity, { fields }]) =>
  Object.entries(fields).map(([name, field]) => [`${entity}.${name}`, field] as const),
);

describe('every declared field', () => {
  test.each(declared)(
    '%s reads anything without throwing, and keeps only what reads back as itself',
    (_name, field) => {
      fc.assert(
        fc.property(fc.array(hostileText, { maxLength: 3 }), (posted) => {
          const read = readField(field, posted);
          if (!read.ok || read.value === null || typeof read.value === 'object') return;
          expect(readField(field, [writeField(field, read.value, 'fr')])).toEqual(read);
          expect(readField(field, [writeField(field, read.value, 'en')])).toEqual(read);
        }),
        { numRuns: 60 },
      );
    },
  );

  test.each(declared)('%s takes back every value that it may hold', (_name, field) => {
    fc.assert(
      fc.property(valueOf(field), (value) => {
        const posted = Array.isArray(value) ? (value as readonly string[]) : [writeField(field, value, 'fr')];
        expect(readField(field, posted)).toEqual({ ok: true, value });
      }),
      { numRuns: 60 },
    );
  });
});

describe('what people type', () => {
  const text: Field = { kind: 'text', max: 10, required: true };
  test('FIC-01: a required field that is empty or blank says so', () => {
    for (const posted of [[], [''], ['   ']])
      expect(readField(text, posted)).toMatchObject({ fault: { why: 'required' } });
  });

  test('spaces around a text go, control characters are refused, and too long says how long', () => {
    expect(readField(text, ['  Brest '])).toEqual({ ok: true, value: 'Brest' });
    expect(readField(text, ['a\u0007b'])).toMatchObject({ fault: { why: 'control-characters' } });
    expect(readField(text, ['a\nb'])).toMatchObject({ fault: { why: 'control-characters' } });
    expect(readField(text, ['x'.repeat(11)])).toMatchObject({ fault: { why: 'too-long', max: 10 } });
    expect(readField({ ...text, lines: 3 }, ['a\r\nb'])).toEqual({ ok: true, value: 'a\nb' });
  });

  test('GRA-16: numbers take comma or point and spaces between thousands, and are kept whole', () => {
    const amperes: Field = { kind: 'number', decimals: 3, min: 0, max: 63_000 };
    const value = (typed: string) => readField(amperes, [typed]);
    expect(value('13,2')).toEqual({ ok: true, value: 13_200 });
    expect(value('32.000')).toEqual({ ok: true, value: 32_000 });
    expect(value('13,2001')).toMatchObject({ fault: { why: 'decimals', decimals: 3 } });
    expect(value('63,001')).toMatchObject({ fault: { why: 'out-of-range' } });
    for (const odd of ['1e3', '0x10', 'treize', '1,2,3', '--1', 'NaN', 'Infinity']) {
      expect(value(odd), odd).toMatchObject({ fault: { why: 'not-a-number' } });
    }
    const count: Field = { kind: 'number', decimals: 0, min: 0, max: 99_999 };
    expect(readField(count, ['12 500'])).toEqual({ ok: true, value: 12_500 });
  });

  test('dates are days that exist, as browsers send them or as French people type them', () => {
    const date: Field = { kind: 'date' };
    expect(readField(date, ['2028-02-29'])).toEqual({ ok: true, value: '2028-02-29' });
    expect(readField(date, ['1/3/2026'])).toEqual({ ok: true, value: '2026-03-01' });
    for (const odd of ['2026-02-29', '31/04/2026', '00/01/2026', '2026-13-01', 'demain', '01/01/0026']) {
      expect(readField(date, [odd]), odd).toMatchObject({ fault: { why: 'not-a-date' } });
    }
  });

  test('STA-10: a position is lat;lon within the world', () => {
    const position: Field = { kind: 'position' };
    expect(readField(position, ['44.89864;-0.51624'])).toEqual({ ok: true, value: '44.89864;-0.51624' });
    expect(readField(position, ['44,89864 ; -0,51624'])).toEqual({ ok: true, value: '44.89864;-0.51624' });
    for (const odd of ['91;0', '0;181', '44.8', '44.8,-0.5', 'nord;sud']) {
      expect(readField(position, [odd]), odd).toMatchObject({ fault: { why: 'not-a-position' } });
    }
  });

  const pasted: readonly (readonly [TextShape, string, string])[] = [
    ['phone', '+33 6 12.34-56 78', '+33612345678'],
    ['email', 'Camille.Roux@Exemple.FR', 'camille.roux@exemple.fr'],
    ['cpo-id', 'fr-pon', 'FR*PON'],
  ];
  test.each(pasted)('a %s is taken as people paste it, and kept in one form', (shape, typed, kept) => {
    expect(readField({ kind: 'text', max: 300, shape }, [typed])).toEqual({ ok: true, value: kept });
  });

  test.each(Object.keys(SHAPED_EXAMPLES) as TextShape[])('a text that is no %s is refused', (shape) => {
    for (const odd of ['a b, c d e f', '<b>', '@,;', 'Nowhere/Town/Here/There', '☃']) {
      expect(readField({ kind: 'text', max: 300, shape }, [odd]).ok, odd).toBe(false);
    }
  });

  test('USR-04: levels are those of known sections, and none is left out', () => {
    const rights: Field = { kind: 'levels', of: ['companies', 'users'] };
    expect(readField(rights, ['companies:modify', 'users:none'])).toEqual({ ok: true, value: ['companies:modify'] });
    for (const odd of ['companies:own', 'subscribers:modify', 'companies', 'companies:modify:x']) {
      expect(readField(rights, [odd]).ok, odd).toBe(false);
    }
  });
});
