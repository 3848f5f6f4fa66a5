import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressService, BASSENS, collection, type RealService } from '../fixtures/address-service.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let service: RealService;
let online: OfficeServer;
let offline: OfficeServer;
beforeAll(async () => {
  service = await addressService((_request, response) => response.end(collection(BASSENS)));
  [online, offline] = await Promise.all([startOfficeServer({ geocoderUrl: service.url }), startOfficeServer()]);
}, 60_000);
afterAll(async () => {
  await Promise.all([online.stop(), offline.stop()]);
  await service.close();
});

const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';
const MAINTAINER = 'mainteneur';
/** What somebody has typed so far: not enough to be saved. */
const TYPED = {
  version: '0',
  name: 'Presque',
  address: '42 avenue Jean Jaurès',
  postcode: '33530',
  city: 'Bassens',
  position: '',
  timeZone: 'Europe/Paris',
  customerInfo: 'Au <fond> du parking',
  visibleToPublic: '1',
};
const fill = (server: OfficeServer, name: string, typed: Record<string, string> = {}, path = '/stations') =>
  server.post(MERCHANT, path, { ...TYPED, ...typed, fill: name });
const inputValue = (text: string, name: string) =>
  new RegExp(`<input[^>]*name="${name}"[^>]*?value="([^"]*)"`).exec(text)?.[1];

/** As htmx asks: for the parts that change. */
async function partsOf(server: OfficeServer, path: string, typed: Record<string, string>): Promise<string> {
  const answer = await fetch(server.url + path, {
    method: 'POST',
    headers: {
      Cookie: await server.cookie(MERCHANT),
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Site': 'same-origin',
      'HX-Request': 'true',
      'HX-Request-Type': 'partial',
    },
    body: new URLSearchParams({ ...TYPED, ...typed }).toString(),
  });
  return answer.text();
}

describe('STA-10: « Trouver la position depuis l’adresse »', () => {
  test('without script the form comes back with the position, and with all that was typed; nothing is saved', async () => {
    const { status, text } = await fill(online, 'position');
    expect(status).toBe(200);
    expect(inputValue(text, 'position')).toBe('44.89864;-0.51624');
    expect(inputValue(text, 'name')).toBe('Presque');
    expect(text).toContain('Au &lt;fond&gt; du parking</textarea>');
    expect(text).toMatch(/name="visibleToPublic"\s+value="1"\s+checked/);
    expect(text).not.toMatch(/name="openData"\s+value="1"\s+checked/);
    expect(text).toContain('Position trouvée\u00a0: 42 Avenue Jean Jaurès, 33530 Bassens. Vérifiez-la');
    expect(await faultsOfHtml(text)).toEqual([]);
    expect((await online.get(MERCHANT, '/stations')).text).not.toContain('Presque');
  });

  test('with script only the field and the sentence are sent', async () => {
    const text = await partsOf(online, '/stations', { fill: 'position' });
    expect(text).not.toContain('<html');
    expect(text).toContain('hx-target="#field-position"');
    expect(text).toContain('hx-target="#said-position"');
    expect(text).not.toContain('hx-target="#field-city"');
    expect(inputValue(text, 'position')).toBe('44.89864;-0.51624');
  });

  test('without an address service it is the middle of the town, and the sentence says so', async () => {
    const { text } = await fill(offline, 'position');
    expect(inputValue(text, 'position')).toMatch(/^44\.9\d*;-0\.5\d*$/);
    expect(text).toContain('Position du centre de 33530 Bassens\u00a0: précisez-la');
  });

  test('an address service that fails is told of, beside what the list of communes knows', async () => {
    const before = service.answer;
    service.answer = (_request, response) => response.writeHead(503).end();
    const { text } = await fill(online, 'position');
    service.answer = before;
    expect(text).toContain('Le service d’adresses ne répond pas');
    expect(text).toContain('Position du centre de 33530 Bassens');
  });

  test('an empty postcode is filled in with it; a place that nobody knows leaves the form as it was', async () => {
    const alone = await fill(offline, 'position', { postcode: '', city: 'Brest' });
    expect(inputValue(alone.text, 'postcode')).toBe('29200');
    const nowhere = await fill(offline, 'position', { postcode: '', city: 'Nulle part', position: '1;2' });
    expect(inputValue(nowhere.text, 'position')).toBe('1;2');
    expect(nowhere.text).toContain('Cette adresse est introuvable');
  });

  test('STA-12: a place overseas brings its time zone; one that was chosen abroad stays', async () => {
    const { text } = await fill(offline, 'position', { postcode: '97400', city: 'Saint-Denis' });
    expect(text).toMatch(/<option value="Indian\/Reunion"\s+selected>/);
    expect(text).toContain('Fuseau horaire proposé\u00a0: La Réunion.');
    expect(text).toContain('UTC+04:00 toute l’année.');
    const abroad = await fill(offline, 'position', { postcode: '97400', city: 'Saint-Denis', timeZone: 'Asia/Tokyo' });
    expect(abroad.text).toMatch(/<option value="Asia\/Tokyo"\s+selected>/);
  });
});

describe('STA-10: « Trouver l’adresse depuis la position »', () => {
  test('street, postcode and town come from the address service', async () => {
    const { text } = await fill(online, 'address', {
      address: '',
      postcode: '',
      city: '',
      position: '44,89864;-0,51624',
    });
    expect(text).toContain('42 Avenue Jean Jaurès</textarea>');
    expect([inputValue(text, 'postcode'), inputValue(text, 'city')]).toEqual(['33530', 'Bassens']);
    expect(inputValue(text, 'position')).toBe('44,89864;-0,51624');
    expect(service.asked.at(-1)).toBe('/geocodage/reverse?lon=-0.51624&lat=44.89864&limit=1');
  });

  test('without it the nearest town is known, and the street that was typed stays', async () => {
    const { text } = await fill(offline, 'address', { postcode: '', city: '', position: '48.39;-4.48' });
    expect([inputValue(text, 'postcode'), inputValue(text, 'city')]).toEqual(['29200', 'Brest']);
    expect(text).toContain('42 avenue Jean Jaurès</textarea>');
    expect(text).toContain('Commune la plus proche\u00a0: 29200 Brest.');
    const same = await fill(offline, 'address', { postcode: '75011', city: 'PARIS', position: '48.853;2.349' });
    expect(inputValue(same.text, 'postcode')).toBe('75011');
  });

  test.each(['', 'au bout du quai', '91;0'])('%j is no position to look from', async (position) => {
    const { text } = await fill(offline, 'address', { position });
    expect(text).toContain('Tapez d’abord la position');
    expect(inputValue(text, 'city')).toBe('Bassens');
  });

  test('out at sea there is no town', async () => {
    const { text } = await fill(offline, 'address', { position: '0;0' });
    expect(text).toContain('Aucune commune de France');
  });
});

describe('what fills in a form', () => {
  test('is on the form of a station that exists too, and saves nothing there', async () => {
    const { status, text } = await fill(online, 'position', { version: '1' }, '/stations/pon-1');
    expect(status).toBe(200);
    expect(text).toContain('name="version" value="1"');
    expect((await online.get(MERCHANT, '/stations/pon-1')).text).toContain('value="Quai Nord"');
  });

  test('is for who may change those fields: a maintainer sees no button, and gets nothing by its address', async () => {
    const { text } = await online.get(MAINTAINER, '/stations/pon-1');
    expect(text).not.toMatch(/name="fill"\s+value="(?:position|address)"/);
    for (const user of [MAINTAINER, NEIGHBOUR]) {
      const { status } = await online.post(user, '/stations/pon-1', { ...TYPED, fill: 'position' });
      expect(status, user).toBe(404);
    }
    expect((await online.post('integrateur', '/stations', { ...TYPED, fill: 'position' })).status).toBe(404);
    expect((await fill(online, 'nothing')).status).toBe(404);
    expect((await online.post(MERCHANT, '/users', { ...TYPED, fill: 'position' })).status).toBe(404);
  });
});

describe('while one types', () => {
  test('towns and postcodes are suggested, with the department that tells them apart', async () => {
    const suggested = async (query: string) => {
      const { text } = await offline.get(MERCHANT, `/places/communes?${query}`);
      return [...text.matchAll(/>\s*([^<>]+?)\s*<span class="muted">([^<]+)</g)].map(([, place, department]) => [
        place,
        department,
      ]);
    };
    expect((await suggested('city=bassens')).slice(0, 2)).toEqual([
      ['33530 Bassens', 'Gironde'],
      ['73000 Bassens', 'Savoie'],
    ]);
    expect((await suggested('city=st-etienne'))[0]).toEqual(['42000… Saint-Étienne', 'Loire']);
    expect(await suggested('postcode=3353')).toEqual([['33530 Bassens', 'Gironde']]);
    expect((await suggested('postcode=75011'))[0]).toEqual(['75011… Paris', 'Paris']);
    expect((await offline.get(MERCHANT, `/places/communes?city=${'x'.repeat(5_000)}`)).text).toBe('');
    expect((await offline.get(null, '/places/communes?city=bass')).status).toBe(303);
    for (const path of ['/stations/new', '/companies/new'])
      expect((await offline.get(MERCHANT, path)).text).toContain('data-suggest="l-city"');
  });

  test('STA-12, STA-13: a zone is chosen with France first, and its next change of clocks stands beside it', async () => {
    const { text } = await offline.get(MERCHANT, '/stations/new');
    expect(text).toMatch(/<select\s+id="f-timeZone"/);
    const groups = [...text.matchAll(/<optgroup label="([^"]+)"/g)].map(([, label]) => label);
    expect(groups.slice(0, 2)).toEqual(['France métropolitaine', 'France d’outre-mer']);
    expect(text).toMatch(/<option value="Europe\/Paris"\s+selected>France métropolitaine \(UTC\+0[12]:00\)/);
    expect(text).toMatch(
      /UTC\+0[12]:00\u00a0; passage à l’heure d’(été|hiver) le \d+ (mars|octobre) \d{4} à 0[23]:00\./,
    );
    const tokyo = await offline.get(MERCHANT, '/places/time-zone?timeZone=Asia/Tokyo');
    expect(tokyo.text).toBe('UTC+09:00 toute l’année.');
    expect((await offline.get(MERCHANT, '/places/time-zone?timeZone=<Mars>')).text).toContain('Choisissez le fuseau');
  });
});

describe('STA-02, STA-03: in the list of stations', () => {
  test('the state of its charger and its last word stand beside each station, and open it in the fleet', async () => {
    const { text } = await offline.get(MERCHANT, '/stations?q=quai');
    expect(text).toContain('État de la borne');
    expect(text).toContain('href="/fleet/PON-1"');
    expect(text).toMatch(/Non connectée[^]*Entendue\s:\s+jamais/);
    expect((await offline.get(MERCHANT, '/fleet/PON-1')).status).toBe(200);
  });

  test('a station without charger, or with an inactive one, has none', async () => {
    const station = {
      ...TYPED,
      access: 'public',
      country: 'France',
      position: '44.9;-0.5',
      language: 'fr',
      contactName: 'Camille',
      contactPhone: '0298000001',
      contactEmail: 'camille@ponant.example',
    };
    const empty = await offline.post(MERCHANT, '/stations', { ...station, name: 'Sans borne' });
    const resting = {
      ...station,
      name: 'Au repos',
      identity: 'REST-1',
      evses: '1',
      permanentPowerW: '22',
      chargerInactive: '1',
    };
    const inactive = await offline.post(MERCHANT, '/stations', resting);
    expect([empty.status, inactive.status]).toEqual([303, 303]);
    for (const name of ['Sans borne', 'Au repos']) {
      const { text } = await offline.get(MERCHANT, `/stations?q=${name}`);
      expect(text).toContain(`>${name}<`);
      expect(text).not.toContain('href="/fleet/');
    }
  });

  test('who maintains a station of another subscriber finds it there too', async () => {
    expect((await offline.get(MAINTAINER, '/stations')).text).toContain('href="/fleet/PON-2"');
  });
});

test('who may not change a field still reads it on a form that came back with an error', async () => {
  const answer = await offline.post(MAINTAINER, '/stations/pon-1', { version: '1', evses: '9' });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('<output>Quai Nord</output>');
});
