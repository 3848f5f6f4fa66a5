import { Workbook } from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deskOver, MAINTAINER, MERCHANT, NEIGHBOUR, STATION } from '../fixtures/office-desk.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const { newStation, namesOn } = deskOver(() => server);

describe('a list', () => {
  test('LST-01: 50, 100 or all rows a page, and the address keeps which', async () => {
    const { text } = await server.get(MERCHANT, '/stations?size=all');
    for (const size of ['50', '100', 'all']) expect(text).toContain(`<option value="${size}"`);
    expect(text).toMatch(/<option value="all"\s+selected>Tout/);
  });

  test('LST-03: the title of a column is a link that sorts by it, and then the other way round', async () => {
    expect(await namesOn(MERCHANT, '/stations?q=quai+concarneau&sort=identity')).toEqual(['Quai Nord', 'Quai Sud']);
    const { text } = await server.get(MERCHANT, '/stations?sort=identity');
    expect(text).toContain('aria-sort="ascending"');
    expect(text).toContain('href="/stations?sort=identity&amp;order=desc"');
    const reversed = await namesOn(MERCHANT, '/stations?q=quai+concarneau&sort=identity&order=desc');
    expect(reversed).toEqual(['Quai Sud', 'Quai Nord']);
  });

  test('LST-02, LST-05, LST-06: it names each record with a link to its form, says how many, and offers a new one', async () => {
    const { status, text } = await server.get(MERCHANT, '/stations');
    expect(status).toBe(200);
    expect(text).toContain('href="/stations/pon-1"');
    expect(text).toContain('href="/stations/new"');
    expect(text).toMatch(/Lignes 1 à \d+ sur \d+/);
  });

  test('LST-04, LST-10: what is typed narrows it; nothing found says so', async () => {
    const found = await server.get(MERCHANT, '/stations?q=quai+nord');
    expect(found.text).toContain('Quai Nord');
    expect(found.text).not.toContain('Quai Sud');
    expect((await server.get(MERCHANT, '/stations?q=nowhere')).text).toContain('aucune donnée ne correspond');
  });

  test('LST-07: an inactive record stands on a row of its own colour, with a word', async () => {
    const path = await newStation('En travaux', { inactive: '1' });
    const { text } = await server.get(MERCHANT, '/stations?q=travaux');
    expect(text).toMatch(/<tr id="row-[^"]+" class="inactive">/);
    expect(text).toContain('Inactif');
    expect(path).toMatch(/^\/stations\//);
  });

  test('LST-09: its export holds every record that the filters find, with all of their fields, and no formula', async () => {
    await newStation('=1+1', { city: 'Quimper' });
    const csv = await server.get(MERCHANT, '/stations.csv?q=quimper');
    expect(csv.text).toContain('Téléphone');
    expect(csv.text).toContain("'=1+1");
    expect(csv.text).not.toContain('Quai Nord');
    const answer = await fetch(`${server.url}/stations.xlsx`, { headers: { Cookie: await server.cookie(MERCHANT) } });
    const book = new Workbook();
    await book.xlsx.load(await answer.arrayBuffer());
    const names = book.worksheets[0]?.getColumn(2).values.map(String) ?? [];
    expect(names).toContain('Quai Nord');
    expect(names).not.toContain('Ville close');
  });
});

describe('a form', () => {
  test('FIC-01, STA-09: it says what is required, and what was typed is kept beside each error', async () => {
    const answer = await server.post(MERCHANT, '/stations', { ...STATION, name: '', position: 'au bout du quai' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Erreur\u00a0:');
    expect(answer.text).toContain('Ce champ est obligatoire.');
    expect(answer.text).toContain('value="au bout du quai"');
    expect(answer.text).toContain('Tapez latitude;longitude');
    expect(answer.text).toContain('value="02 98 00 00 01"');
  });

  test('STA-10: what is pasted is kept in one form', async () => {
    const path = await newStation('Pasted');
    const { text } = await server.get(MERCHANT, path);
    expect(text).toContain('value="0298000001"');
    expect(text).toContain('value="camille@ponant.example"');
    expect(text).toContain('value="48.39;-4.48"');
  });

  test('STA-06, STA-11, STA-14, STA-15, STA-22: a station keeps its settings, texts and charger, in tabs', async () => {
    const flags = ['publicCustomers', 'smsIdentification', 'smsToAccountCustomers', 'smsToPublicCustomers'];
    const on = [...flags, 'visibleToPublic', 'openData'];
    const path = await newStation('Réglée', {
      ...Object.fromEntries(on.map((name) => [name, '1'])),
      language: 'en',
      chargesBeforeRegistration: '3',
      customerInfo: 'Au fond du parking',
      openingHours: 'De 6 h à 22 h',
      manufacturer: 'Volterre',
      make: 'Parvis',
      model: '22-2',
      serialNumber: 'SN-44',
      evses: '4',
    });
    const { text } = await server.get(MERCHANT, path);
    for (const name of on) expect(text).toMatch(new RegExp(`name="${name}"\\s+value="1"\\s+checked`));
    for (const kept of ['3', 'Volterre', 'Parvis', '22-2', 'SN-44', '4']) expect(text).toContain(`value="${kept}"`);
    expect(text).toMatch(/<option value="en"\s+selected>/);
    for (const kept of ['Au fond du parking', 'De 6 h à 22 h']) expect(text).toContain(`${kept}</textarea>`);
    for (const tab of ['Informations générales', 'Configuration borne']) expect(text).toContain(`<h2>${tab}</h2>`);
    expect((await server.post(MERCHANT, '/stations', { ...STATION, name: 'Trop', evses: '5' })).text).toContain(
      'De 1 à 4.',
    );
  });

  test('INF-04: a custom field is defined by its form, label, order and kind of input', async () => {
    const values = {
      version: '0',
      form: 'station',
      name: 'No de place',
      order: '2',
      input: 'choice',
      shownInLists: '1',
    };
    const made = await server.post(MERCHANT, '/custom-fields', { ...values, choices: 'A1\nA2' });
    expect(made.status, made.text).toBe(303);
    expect(await namesOn(MERCHANT, '/custom-fields?form=station')).toContain('No de place');
    const { text } = await server.get(MERCHANT, new URL(made.location ?? '', server.url).pathname);
    expect(text).toContain('A1\nA2</textarea>');
    expect((await server.post(MERCHANT, '/custom-fields', { ...values, order: '' })).status).toBe(422);
  });

  test('two users at one form: the second is told by whom, keeps what he typed, and may then replace it', async () => {
    const path = await newStation('Deux mains');
    const mine = { ...STATION, name: 'Deux mains', version: '1' };
    expect((await server.post(MERCHANT, path, { ...mine, city: 'Lorient' })).status).toBe(303);
    const late = await server.post(MERCHANT, path, { ...mine, city: 'Vannes' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('commercant a modifié cette fiche');
    expect(late.text).toContain('Champs qui diffèrent\u00a0: Ville.');
    expect(late.text).toContain('value="Vannes"');
    expect(late.text).toContain('name="version" value="2"');
    expect((await server.post(MERCHANT, path, { ...mine, version: '2', city: 'Vannes' })).status).toBe(303);
  });

  test('a value that another record has is refused beside its field', async () => {
    const answer = await server.post(MERCHANT, '/stations', { ...STATION, name: 'quai nord' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Cette valeur est déjà prise.');
  });

  test('SOC-03: with a single company it is used by default and hidden', async () => {
    expect((await server.get(NEIGHBOUR, '/stations/new')).text).not.toContain('name="company"');
  });

  test('SUB-03: a tab without its option is left out', async () => {
    expect((await server.get(MERCHANT, '/companies/ponant-company-1')).text).toContain('name="smsIdentification"');
    expect((await server.get(NEIGHBOUR, '/companies/concarneau-company-1')).text).not.toContain('smsIdentification');
  });

  test('SUB-03: without its option a tab’s settings are neither lost nor set by a form', async () => {
    const path = '/companies/concarneau-company-1';
    const setting = async () => {
      const csv = await server.get(NEIGHBOUR, '/companies.csv');
      return csv.text.split('\r\n')[1];
    };
    const before = await setting();
    const [, version = ''] = /name="version" value="(\d+)"/.exec((await server.get(NEIGHBOUR, path)).text) ?? [];
    const form = { version, name: 'Régie de Concarneau', smsIdentification: '1', smsToPublicCustomers: '1' };
    await server.post(NEIGHBOUR, path, form);
    const column = (line: string | undefined) => line?.split(';')[15];
    expect(column(await setting())).toBe(column(before));
  });

  test('SUB-04: companies beyond the contract are refused, and nothing is lost of what was typed', async () => {
    const answer = await server.post(NEIGHBOUR, '/companies', { version: '0', name: 'Seconde' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('limité à 1');
    expect(answer.text).toContain('value="Seconde"');
  });

  test('markup that is typed is text, everywhere it is shown', async () => {
    const path = await newStation('<b>&"gras"');
    for (const url of [path, '/stations', '/fleet']) {
      const { text } = await server.get(MERCHANT, url);
      expect(text, url).not.toContain('<b>&');
    }
  });
});

describe('what cannot be deleted', () => {
  test('LST-08: more than a filter should find cannot be deleted at once, and says so; of what nobody finds nothing is asked', async () => {
    const id = Array.from({ length: 20_001 }, (_, index) => `s-${index}`);
    const answer = await server.post(MERCHANT, '/stations/delete', { id });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Au plus 20000');
    expect((await server.post(MERCHANT, '/stations/delete', { id: id.slice(0, 201) })).status).toBe(404);
  });
});

describe('additional fields', () => {
  test('INF-01..07, LST-11: they extend forms, lists and exports of their subscriber, in their order', async () => {
    const define = async (fields: Record<string, string>): Promise<string> => {
      const answer = await server.post(MERCHANT, '/custom-fields', { version: '0', form: 'station', ...fields });
      expect(answer.status, answer.text).toBe(303);
      return new URL(answer.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    };
    const incomplete = { version: '0', form: 'station', name: 'Liste', order: '1', input: 'choice' };
    const refused = await server.post(MERCHANT, '/custom-fields', incomplete);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('id="e-choices"');

    const contract = await define({
      name: 'Contrat Enedis',
      order: '2',
      input: 'text',
      lengthMax: '14',
      isRequired: '1',
      shownInLists: '1',
    });
    const mount = await define({ name: 'Support', order: '1', input: 'choice', choices: 'Mât\nMural' });
    const posed = await define({ name: 'Posée le', order: '3', input: 'date' });
    const section = await define({ name: 'Section', order: '4', input: 'number', decimals: '1' });
    const fenced = await define({ name: 'Clôturée', order: '5', input: 'flag' });

    const form = await server.get(MERCHANT, '/stations/new?company=ponant-company-1');
    expect(form.text).toContain('Complément');
    expect(form.text.indexOf('>Support<')).toBeLessThan(form.text.indexOf('>Contrat Enedis<'));
    expect((await server.get(NEIGHBOUR, '/stations/new?company=ponant-company-1')).text).not.toContain(
      'Contrat Enedis',
    );

    const missing = await server.post(MERCHANT, '/stations', {
      ...STATION,
      company: 'ponant-company-1',
      name: 'Avec complément',
    });
    expect(missing.status).toBe(422);
    expect(missing.text).toContain(`id="e-custom-${contract}"`);
    const path = await newStation('Avec complément', {
      company: 'ponant-company-1',
      [`custom-${contract}`]: '14 chiffres',
      [`custom-${mount}`]: 'Mural',
      [`custom-${posed}`]: '2026-11-25',
      [`custom-${section}`]: '2,5',
      [`custom-${fenced}`]: '1',
    });
    const { text } = await server.get(MERCHANT, path);
    expect(text).toContain('value="14 chiffres"');
    expect(text).toContain('value="2026-11-25"');
    expect(text).toContain('value="2,5"');

    const list = await server.get(MERCHANT, `/stations?sort=custom-${contract}&q=compl`);
    expect(list.text).toContain('Contrat Enedis');
    expect(list.text).toContain('14 chiffres');
    expect(list.text).not.toContain('Mural');
    const csv = await server.get(MERCHANT, '/stations.csv?q=compl');
    for (const cell of ['Contrat Enedis', 'Mural', '14 chiffres', 'Posée le']) expect(csv.text).toContain(cell);

    const form2 = await server.get(MAINTAINER, path);
    expect(form2.text).toContain('14 chiffres');
    expect(form2.text).not.toContain(`name="custom-${contract}"`);
    // Other tests make stations without them.
    const ids = [contract, mount, posed, section, fenced];
    expect((await server.post(MERCHANT, '/custom-fields/delete', { id: ids, confirmed: '1' })).status).toBe(303);
    expect((await server.get(MERCHANT, path)).text).not.toContain('Contrat Enedis');
  });
});
