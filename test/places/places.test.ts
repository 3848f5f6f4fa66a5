import { afterEach, describe, expect, test } from 'vitest';
import { AddressService } from '#src/places/address-service.ts';
import { placesOver } from '#src/places/places.ts';
import type { Places } from '#src/domain/places.ts';
import { addressService, BASSENS, collection, type RealService } from '../fixtures/address-service.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function service(
  answer: RealService['answer'],
): Promise<{ places: Places; asked: readonly string[]; failures: readonly string[] }> {
  const failures: string[] = [];
  const { url, asked, close } = await addressService(answer);
  closers.push(close);
  const places = placesOver({ service: new AddressService(`${url}/`, 300), onFailure: (why) => failures.push(why) });
  return { places, asked, failures };
}

const ADDRESS = { street: '42 Avenue\nJean Jaurès', postcode: '33530', city: 'Bassens' };
const POSITION = { latitude: 44.89864, longitude: -0.51624 };

describe('STA-10: with an address service', () => {
  test('an address is asked of it as one line, and is found to the house', async () => {
    const { places, asked } = await service((_request, response) => response.end(collection(BASSENS)));
    expect(await places.locate(ADDRESS)).toEqual({
      serviceFailed: false,
      found: {
        street: '42 Avenue Jean Jaurès',
        postcode: '33530',
        city: 'Bassens',
        communeCode: '33032',
        position: { latitude: 44.898637, longitude: -0.516241 },
        precision: 'address',
      },
    });
    const url = new URL(asked[0] ?? '', 'http://service');
    expect(url.pathname).toBe('/geocodage/search');
    expect(url.searchParams.get('q')).toBe('42 Avenue Jean Jaurès 33530 Bassens');
  });

  test('a position is asked of it, longitude and latitude by name', async () => {
    const { places, asked } = await service((_request, response) => response.end(collection(BASSENS)));
    expect((await places.addressAt(POSITION)).found?.street).toBe('42 Avenue Jean Jaurès');
    expect(asked).toEqual(['/geocodage/reverse?lon=-0.51624&lat=44.89864&limit=1']);
  });

  test('what it is not sure of is marked, and a town is no street', async () => {
    const low = { ...BASSENS, properties: { ...BASSENS.properties, score: 0.3 } };
    const town = { ...BASSENS, properties: { ...BASSENS.properties, type: 'municipality', name: 'Bassens' } };
    const answers = [low, town];
    const { places } = await service((_request, response) => response.end(collection(answers.shift())));
    expect((await places.locate(ADDRESS)).found?.precision).toBe('doubtful');
    expect((await places.locate(ADDRESS)).found).toMatchObject({ precision: 'commune', street: null });
  });

  test('what it does not find is looked up in the list of communes, which is no failure', async () => {
    const { places, failures } = await service((_request, response) => response.end(collection()));
    const { found, serviceFailed } = await places.locate(ADDRESS);
    expect(found).toMatchObject({ city: 'Bassens', communeCode: '33032', precision: 'commune' });
    expect([serviceFailed, failures]).toEqual([false, []]);
  });

  test.each<[string, RealService['answer'], RegExp]>([
    ['refuses', (_request, response) => response.writeHead(429).end('later'), /429/],
    ['breaks the line', (request) => request.socket.destroy(), /./],
    ['answers no JSON', (_request, response) => response.end('<html>'), /JSON/],
    ['answers another shape', (_request, response) => response.end('{"features":[{"geometry":null}]}'), /geometry/],
    [
      'answers a place beyond the world',
      (_request, response) => response.end(collection({ ...BASSENS, geometry: { coordinates: [500, 44] } })),
      /180/,
    ],
    ['answers without end', (_request, response) => response.end(`"${'x'.repeat(300_000)}"`), /too long/],
    ['never answers', () => undefined, /timeout/i],
  ])('a service that %s is told of, and the list of communes answers', async (_how, answer, why) => {
    const { places, failures } = await service(answer);
    const { found, serviceFailed } = await places.locate(ADDRESS);
    expect(serviceFailed).toBe(true);
    expect(found).toMatchObject({ city: 'Bassens', precision: 'commune' });
    expect(failures.join()).toMatch(why);
  });
});

describe('STA-10: without an address service', () => {
  const places = placesOver({ service: null, onFailure: (why) => expect(why).toBe('never') });

  test('an address is known to its town, and an unknown town by its postcode', async () => {
    expect((await places.locate({ street: '1 rue', postcode: '29900', city: 'concarneau' })).found).toMatchObject({
      city: 'Concarneau',
      precision: 'commune',
    });
    expect((await places.locate({ street: '', postcode: '29900', city: 'Chez Mr Lafon' })).found?.city).toBe(
      'Concarneau',
    );
    expect((await places.locate({ street: '', postcode: '', city: 'Nulle part' })).found).toBeNull();
  });

  test('a position gives the nearest town and a postcode of it, and keeps itself', async () => {
    const { found } = await places.addressAt(POSITION);
    expect(found).toMatchObject({ street: null, postcode: '33530', city: 'Bassens', position: POSITION });
    expect((await places.addressAt({ latitude: 0, longitude: 0 })).found).toBeNull();
  });

  test('a large town keeps the postcode that was typed', async () => {
    expect((await places.locate({ street: '', postcode: '75011', city: 'Paris' })).found?.postcode).toBe('75011');
  });
});
