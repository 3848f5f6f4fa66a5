import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { distanceM, plainName, positionFrom, positionText, type Position } from '#src/domain/places.ts';
import { readGazetteer, type Gazetteer } from '#src/places/gazetteer.ts';

type Line = { readonly code: string; readonly name: string; readonly postcode: string; readonly position: Position };
const lines: readonly Line[] = readFileSync(new URL('../../src/places/communes.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [code = '', name = '', postcodes = '', , latitude, longitude] = line.split('\t');
    const position = { latitude: Number(latitude), longitude: Number(longitude) };
    return { code, name, postcode: postcodes.split(' ')[0] ?? '', position };
  });
let gazetteer: Gazetteer;
beforeAll(async () => {
  gazetteer = await readGazetteer();
});

const communes = fc.constantFrom(...lines);
/** Ways in which people write one and the same name. */
const spellings = fc.constantFrom<(name: string) => string>(
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => name.normalize('NFD').replace(/\p{M}/gu, ''),
  (name) => name.replace(/[-'’]/g, ' '),
  (name) => name.replace(/\bSaint(e?)\b/g, 'St$1'),
  (name) => `  ${name} CEDEX 2`,
);
const inFrance = fc.record({
  latitude: fc.double({ min: 41, max: 51.5, noNaN: true }),
  longitude: fc.double({ min: -6, max: 10, noNaN: true }),
});

describe('STA-10: the list of communes', () => {
  test('holds nearly every commune of France, within its borders or overseas', () => {
    expect(lines.length).toBeGreaterThan(34_800);
    for (const { position, name } of lines) expect(positionFrom(positionText(position)), name).not.toBeNull();
    const metropolitan = lines.filter(({ code }) => code < '97');
    for (const { position, code } of metropolitan) {
      expect(position.latitude, code).toBeGreaterThan(41);
      expect(position.latitude, code).toBeLessThan(51.2);
      expect(position.longitude, code).toBeGreaterThan(-5.3);
      expect(position.longitude, code).toBeLessThan(9.7);
    }
  });

  test.each([
    ['33530', 'Bassens', '44.9;-0.52', 'Gironde'],
    ['73000', 'Bassens', '45.57;5.94', 'Savoie'],
    ['75011', 'Paris', '48.85;2.35', 'Paris'],
    ['69003', 'Lyon 3e', '45.75;4.85', 'Rhône'],
    ['33077', 'Bordeaux Cedex', '44.84;-0.58', 'Gironde'],
    ['29200', 'BREST', '48.39;-4.49', 'Finistère'],
    ['20000', 'Ajaccio', '41.92;8.74', 'Corse-du-Sud'],
    ['97400', 'St Denis', '-20.88;55.45', 'La Réunion'],
    ['97300', 'Cayenne', '4.93;-52.33', 'Guyane'],
  ])('%s %s is at %s, in %s', (postcode, city, place, department) => {
    const found = gazetteer.named(postcode, city);
    const expected = positionFrom(place);
    if (found === null || expected === null) throw new Error(`${city} is not found`);
    expect(distanceM(found.position, expected)).toBeLessThan(5_000);
    expect(found.department.name).toBe(department);
  });

  test('finds each commune by its postcode and its name, however people write it', () => {
    fc.assert(
      fc.property(communes, spellings, ({ name, postcode }, spelling) => {
        const found = gazetteer.named(postcode, spelling(name));
        expect(plainName(found?.name ?? '')).toBe(plainName(name));
        expect(found?.postcodes).toContain(postcode);
      }),
      { numRuns: 500 },
    );
  });

  test('knows no commune by a name that no commune has', () => {
    expect(gazetteer.named('33530', 'Zanzibar')).toBeNull();
    expect(gazetteer.named('99999', 'Bassens')).toBeNull();
    expect(gazetteer.named('33530', '')).toBeNull();
    expect(gazetteer.atPostcode('99999')).toBeNull();
  });

  test('the commune of a position is the nearest one, and none at sea or abroad', () => {
    fc.assert(
      fc.property(inFrance, (position) => {
        const nearestM = Math.min(...lines.map((line) => distanceM(position, line.position)));
        const found = gazetteer.nearest(position);
        if (nearestM > 30_000) expect(found).toBeNull();
        else expect(distanceM(position, found?.position ?? { latitude: 0, longitude: 0 })).toBeCloseTo(nearestM, 3);
      }),
      { numRuns: 100 },
    );
    expect(gazetteer.nearest({ latitude: 44.89864, longitude: -0.51624 })).toMatchObject({
      name: 'Bassens',
      code: '33032',
    });
    expect(gazetteer.nearest({ latitude: 0, longitude: 0 })).toBeNull();
    expect(gazetteer.nearest({ latitude: 90, longitude: 180 })).toBeNull();
  });

  test('suggests every commune once its name and postcode are typed, and none that does not fit', () => {
    fc.assert(
      fc.property(communes, fc.nat(), ({ code, name, postcode }, cut) => {
        expect(gazetteer.suggest(`${postcode} ${name}`, 20).map((one) => one.code)).toContain(code);
        const typed = plainName(name).slice(0, 2 + (cut % 6));
        for (const one of gazetteer.suggest(typed, 20)) {
          const words = [...plainName(one.name).split(' '), ...one.postcodes];
          for (const word of plainName(typed).split(' '))
            expect(
              words.some((whole) => whole.startsWith(word)),
              `${typed}: ${one.name}`,
            ).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('suggests the whole name before longer ones, then the largest, and nothing for a single letter', () => {
    const names = (typed: string) =>
      gazetteer.suggest(typed, 3).map(({ name, department }) => `${name} ${department.code}`);
    expect(names('bassens')).toEqual(['Bassens 33', 'Bassens 73']);
    expect(names('st-etienne')[0]).toBe('Saint-Étienne 42');
    expect(names('33 bass')[0]).toBe('Bassens 33');
    expect(names('rennes')[0]).toBe('Rennes 35');
    expect(names('b')).toEqual([]);
    expect(names(' -  ')).toEqual([]);
  });
});

describe('a position', () => {
  test('is written as its field keeps it, to a metre', () => {
    fc.assert(
      fc.property(inFrance, (position) => {
        const back = positionFrom(positionText(position));
        expect(back).not.toBeNull();
        if (back !== null) expect(distanceM(position, back)).toBeLessThan(1.5);
      }),
    );
  });

  test.each(['', '44.9', '44.9;', '91;0', '0;181', '44.9;-0.5;1', 'NaN;0', '1e1;0'])('%j is none', (text) => {
    expect(positionFrom(text)).toBeNull();
  });

  test('distances are those of the globe', () => {
    const paris = { latitude: 48.8566, longitude: 2.3522 };
    expect(distanceM(paris, { latitude: 45.764, longitude: 4.8357 }) / 1000).toBeCloseTo(391.5, 0);
    expect(distanceM(paris, paris)).toBe(0);
  });
});
