import { Workbook } from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';
import { knock } from '../fixtures/charger.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';
const MAINTAINER = 'mainteneur';
const INTEGRATOR = 'integrateur';

/** What a merchant fills in; enough for a station to be saved. */
const STATION = {
  version: '0',
  name: 'Halles',
  access: 'public',
  address: '2 place des Halles',
  postcode: '29200',
  city: 'Brest',
  country: 'France',
  position: '48,39;-4,48',
  contactName: 'Camille Roux',
  contactPhone: '02 98 00 00 01',
  contactEmail: 'Camille@Ponant.example',
  language: 'fr',
  timeZone: 'Europe/Paris',
  evses: '1',
  permanentPowerW: '22',
} as const;
const PASSPHRASE = 'Dinard-et-Saint-Malo';

async function newStation(name: string, more: Record<string, string> = {}): Promise<string> {
  const answer = await server.post(MERCHANT, '/stations', { ...STATION, name, ...more });
  expect(answer.status, answer.text).toBe(303);
  return new URL(answer.location ?? '', server.url).pathname;
}

/** A user of the merchant, with a password. */
async function newUser(username: string, more: Record<string, string | readonly string[]>): Promise<void> {
  const fields = { version: '0', name: username, username, language: 'fr', restriction: 'nothing', ...more };
  const made = await server.post(MERCHANT, '/users', fields);
  expect(made.status, made.text).toBe(303);
  await choosePassword(MERCHANT, new URL(made.location ?? '', server.url).pathname, username);
}

/** By the link that somebody makes for this user. */
async function choosePassword(by: string, path: string, username: string): Promise<void> {
  const shown = await server.post(by, `${path}/password-link`);
  const [, link = ''] = /<code id="password-link">([^<]+)</.exec(shown.text) ?? [];
  const chosen = { password: PASSPHRASE, again: PASSPHRASE };
  expect((await server.post(null, new URL(link).pathname, chosen)).status).toBe(303);
  await server.cookie(username, PASSPHRASE);
}

/** The names of a list, from top to bottom. */
async function namesOn(username: string, path: string): Promise<readonly (string | undefined)[]> {
  const { text } = await server.get(username, path);
  return [...text.matchAll(/<a class="record-link"[^>]*>([^<]+)</g)].map(([, name]) => name);
}

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
    expect(answer.text).toContain('Erreur :');
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
    expect(late.text).toContain('Champs qui diffèrent : Ville.');
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

describe('next door', () => {
  test('what is not his is not there, to see, to change, to delete or to export', async () => {
    for (const path of [
      '/stations/con-1',
      '/companies/concarneau-company-1',
      '/fleet/CON-1',
      '/users/concarneau-administrator',
    ]) {
      expect((await server.get(MERCHANT, path)).status, path).toBe(404);
    }
    expect((await server.post(MERCHANT, '/stations/con-1', { ...STATION, version: '1' })).status).toBe(404);
    expect((await server.post(MERCHANT, '/stations/delete', { id: 'con-1', confirmed: '1' })).status).toBe(404);
    expect((await server.get(MERCHANT, '/stations')).text).not.toContain('Ville close');
    expect((await server.get(MERCHANT, '/stations.csv')).text).not.toContain('Ville close');
    expect((await server.get(NEIGHBOUR, '/stations/con-1')).status).toBe(200);
  });

  test('a station cannot be moved to a company next door', async () => {
    const answer = await server.post(MERCHANT, '/stations', {
      ...STATION,
      name: 'Fuite',
      company: 'concarneau-company-1',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('n’est pas à vous');
  });

  test('the fleet page shows and counts only what is his', async () => {
    const { text } = await server.get(NEIGHBOUR, '/fleet');
    expect(text).toContain('Ville close');
    expect(text).not.toContain('Quai Nord');
    expect(text).toMatch(/id="n-total">1</);
  });

  test('a command to a charger next door is refused as to one that does not exist', async () => {
    expect((await server.post(NEIGHBOUR, '/fleet/PON-1/commands/clear-cache')).status).toBe(404);
  });
});

describe('a charger', () => {
  test('OCP-05, STA-21: a station without charger gets one by its identity, is let in at once, and out when it is deleted', async () => {
    const identity = 'NEUVE-1';
    const dial = () => knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
    const path = await newStation('Avec borne');
    expect(await dial()).toEqual({ ok: false, status: 404 });
    const saved = await server.post(MERCHANT, path, {
      ...STATION,
      name: 'Avec borne',
      version: '1',
      identity,
      evses: '2',
    });
    expect(saved.status).toBe(303);
    const dialled = await dial();
    if (!dialled.ok) throw new Error('the charger was refused');
    await dialled.charger.boot();
    await until('it on the fleet page', async () => (await server.get(MERCHANT, '/fleet')).text.includes(identity));
    const id = path.split('/').at(-1) ?? '';
    expect((await server.post(MERCHANT, '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    expect((await dialled.charger.closed).code).toBe(4002);
    expect(await dial()).toEqual({ ok: false, status: 404 });
    await until('it gone', async () => !(await server.get(MERCHANT, '/fleet')).text.includes(identity));
  });

  test('a charger keeps its link and its state when its station is renamed, and dials again when its identity is', async () => {
    const dial = async (identity: string) => {
      const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
      if (!dialled.ok) throw new Error('the charger was refused');
      await dialled.charger.boot();
      return dialled.charger;
    };
    const view = (chargePointId: string) =>
      server.vigie.chargers.supervision.directory
        .fleet(platformViewer('test'))
        .ask<ChargePointView | null>((replyTo) => ({ type: 'find', chargePointId, replyTo }));
    const path = await newStation('Avant', { identity: 'LETTRES-1' });
    const charger = await dial('LETTRES-1');
    const before = await until('its link', async () => {
      const found = await view('LETTRES-1');
      return found?.linked === true && found;
    });
    const renamed = { ...STATION, version: '1', name: 'Après', identity: 'LETTRES-1' };
    expect((await server.post(MERCHANT, path, renamed)).status).toBe(303);
    const after = await until('its new name', async () => {
      const found = await view('LETTRES-1');
      return found?.stationName === 'Après' && found;
    });
    expect(after).toMatchObject({ linked: true, declaredRevision: before.declaredRevision });
    expect(after.stateSinceMs).toBe(before.stateSinceMs);
    const respelled = { ...renamed, version: '2', identity: 'lettres-1' };
    expect((await server.post(MERCHANT, path, respelled)).status).toBe(303);
    expect((await charger.closed).code).toBe(4002);
    await dial('LETTRES-1');
    await until('its link by the new letters', async () => (await view('lettres-1'))?.linked);
    expect(await view('LETTRES-1')).toBeNull();
  });

  test('an identity is one charger’s on the whole server', async () => {
    const answer = await server.post(MERCHANT, '/stations', { ...STATION, name: 'Usurpée', identity: 'con-1' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Cette valeur est déjà prise.');
  });
});

describe('a deletion', () => {
  test('LST-08: it asks first, by name, and says that it can be brought back', async () => {
    const id = (await newStation('À supprimer')).split('/').at(-1) ?? '';
    const asked = await server.post(MERCHANT, '/stations/delete', { id });
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('À supprimer');
    expect(asked.text).toContain('corbeille');
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(200);
    expect((await server.post(MERCHANT, '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(404);
    const bin = await server.get(MERCHANT, '/bin');
    const [, deletionId = ''] = /action="\/bin\/([^"]+)"/.exec(bin.text) ?? [];
    expect(bin.text).toContain('À supprimer');
    expect((await server.post(NEIGHBOUR, `/bin/${deletionId}`)).status).toBe(404);
    expect((await server.post(MERCHANT, `/bin/${deletionId}`)).location).toBe('/bin?restored');
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(200);
  });

  test('what belongs to something deleted is brought back after it, not before', async () => {
    const company = await server.post(MERCHANT, '/companies', { version: '0', name: 'Port' });
    const companyId = new URL(company.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    const id = (await newStation('Capitainerie', { company: companyId })).split('/').at(-1) ?? '';
    expect((await server.post(MERCHANT, '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    expect((await server.post(MERCHANT, '/companies/delete', { id: companyId, confirmed: '1' })).status).toBe(303);
    const { text } = await server.get(MERCHANT, '/bin');
    const deletionOf = (label: string): string =>
      new RegExp(`<th scope="row">${label} [\\s\\S]*?action="(/bin/[^"]+)"`).exec(text)?.[1] ?? '';
    expect((await server.post(MERCHANT, deletionOf('Capitainerie'))).location).toBe('/bin?orphan');
    expect((await server.get(MERCHANT, '/bin?orphan')).text).toContain('rétablissez d’abord celui-là');
    expect((await server.post(MERCHANT, deletionOf('Port'))).location).toBe('/bin?restored');
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(404);
    expect((await server.post(MERCHANT, deletionOf('Capitainerie'))).location).toBe('/bin?restored');
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(200);
    await server.post(MERCHANT, '/companies/delete', { id: companyId, confirmed: '1' });
  });

  test('SOC-04: what goes with it is counted, and more than ten losses ask for a word', async () => {
    const company = await server.post(MERCHANT, '/companies', { version: '0', name: 'Éphémère' });
    const companyId = new URL(company.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    for (let index = 0; index < 11; index++) await newStation(`Éphémère ${index}`, { company: companyId });
    const asked = await server.post(MERCHANT, '/companies/delete', { id: companyId });
    expect(asked.text).toContain('11 stations de charge');
    expect((await server.post(MERCHANT, '/companies/delete', { id: companyId, confirmed: '1' })).status).toBe(422);
    const sure = { id: companyId, confirmed: '1', word: 'Supprimer' };
    expect((await server.post(MERCHANT, '/companies/delete', sure)).status).toBe(303);
    expect((await server.get(MERCHANT, '/stations?q=ephemere')).text).toContain('aucune donnée');
  });

  test('SUB-09, USR-11: company 1, the administrator and his role stay', async () => {
    for (const [path, id] of [
      ['/companies/delete', 'ponant-company-1'],
      ['/users/delete', 'ponant-administrator'],
      ['/roles/delete', 'ponant-role-all'],
    ] as const) {
      const word = { word: 'supprimer' };
      const answer = await server.post(MERCHANT, path, { id, confirmed: '1', ...word });
      expect(answer.status, path).toBe(422);
      expect(answer.text, path).toContain('ne peuvent pas être supprimés');
    }
  });
});

describe('a company', () => {
  test('SOC-05..08: it keeps its CPO ID, EASYCONNECT key and message, in the tabs of the manual', async () => {
    const values = { version: '0', name: 'Fiche', cpoId: 'fr-pon', easyconnectKey: 'K-7', chargerMessage: 'Bienvenue' };
    const made = await server.post(MERCHANT, '/companies', values);
    const path = new URL(made.location ?? '', server.url).pathname;
    const { text } = await server.get(MERCHANT, path);
    for (const kept of ['FR*PON', 'K-7']) expect(text).toContain(`value="${kept}"`);
    expect(text).toContain('Bienvenue</textarea>');
    for (const tab of ['Informations générales', 'Contact', 'Informations pour les bornes', 'Mainteneurs publics'])
      expect(text).toContain(`<h2>${tab}</h2>`);
    // With a second company a station would have to name its own.
    const id = path.split('/').at(-1) ?? '';
    expect((await server.post(MERCHANT, '/companies/delete', { id, confirmed: '1' })).status).toBe(303);
  });

  test('SOC-09..11, SOC-13: a setting is applied to all of its stations when asked, not before', async () => {
    const path = await newStation('À l’heure', { publicCustomers: '1' });
    const company = '/companies/ponant-company-1';
    const isTicked = async () =>
      /name="publicCustomers"\s+value="1"\s+checked/.test((await server.get(MERCHANT, path)).text);
    expect(await isTicked()).toBe(true);
    const form = await server.get(MERCHANT, company);
    const [, version = ''] = /name="version" value="(\d+)"/.exec(form.text) ?? [];
    const values = { version, name: 'Syndicat Mobilités du Ponant', maintainers: 'atlantique' };
    expect((await server.post(MERCHANT, company, values)).status).toBe(303);
    expect(await isTicked()).toBe(true);
    const applied = await server.post(MERCHANT, `${company}/apply`, { field: 'publicCustomers' });
    expect(applied.location).toMatch(/\?applied=[1-9]/);
    expect(await isTicked()).toBe(false);
    expect((await server.post(NEIGHBOUR, `${company}/apply`, { field: 'publicCustomers' })).status).toBe(404);
  });

  test('SOC-12: a new station begins with the settings of its company, which is chosen first where there are several', async () => {
    const made = await server.post(MERCHANT, '/companies', { version: '0', name: 'Estran', openData: '1' });
    const id = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    const asked = (await server.get(MERCHANT, '/stations/new')).text;
    for (const one of ['ponant-company-1', id]) expect(asked).toContain(`href="/stations/new?company=${one}"`);
    const ticked = async (company: string) => {
      const { text } = await server.get(MERCHANT, `/stations/new?company=${company}`);
      expect(text).toContain(`<option value="${company}"  selected`);
      return /name="openData"\s+value="1"\s+checked/.test(text);
    };
    expect([await ticked('ponant-company-1'), await ticked(id)]).toEqual([false, true]);
    expect((await server.get(MERCHANT, '/stations/new?company=concarneau-company-1')).text).toContain(
      'Pour quelle société',
    );
    await server.post(MERCHANT, '/companies/delete', { id, confirmed: '1' });
  });
});

describe('a maintainer', () => {
  const own = '/companies/concarneau-company-1';

  test('MPU-01, MPU-02, MPU-06, MPU-07: he is offered a company, sees nothing of it before he accepts, and nothing once it is withdrawn', async () => {
    const offer = async (maintainers: readonly string[]) => {
      const form = await server.get(NEIGHBOUR, own);
      const [, version = ''] = /name="version" value="(\d+)"/.exec(form.text) ?? [];
      return server.post(NEIGHBOUR, own, { version, name: 'Régie de Concarneau', maintainers });
    };
    expect((await server.get(MAINTAINER, '/fleet/CON-1')).status).toBe(404);
    expect((await offer(['atlantique'])).status).toBe(303);
    expect((await server.get(MAINTAINER, '/merchants')).text).toContain('Régie de Concarneau');
    expect((await server.get(MAINTAINER, '/fleet/CON-1')).status).toBe(404);
    expect((await server.post(MAINTAINER, '/merchants/concarneau-company-1', { accept: '1' })).status).toBe(303);
    expect((await server.get(MAINTAINER, '/fleet/CON-1')).status).toBe(200);
    expect((await server.get(MAINTAINER, '/stations/con-1')).status).toBe(200);
    expect((await offer([])).status).toBe(303);
    expect((await server.get(MAINTAINER, '/fleet/CON-1')).status).toBe(404);
    expect((await server.post(MAINTAINER, '/merchants/concarneau-company-1', { accept: '1' })).status).toBe(404);
    expect((await offer(['atlantique'])).status).toBe(303);
    expect((await server.get(MAINTAINER, '/stations/con-1')).status).toBe(404);
  });

  test('MPU-03, MPU-04: he completes a station that a merchant made, and can neither make nor delete one', async () => {
    expect((await server.get(MAINTAINER, '/stations/new')).status).toBe(404);
    expect((await server.post(MAINTAINER, '/stations/delete', { id: 'pon-1', confirmed: '1' })).status).toBe(404);
    const path = await newStation('À équiper');
    const form = await server.get(MAINTAINER, path);
    expect(form.text).toContain('name="serialNumber"');
    expect(form.text).not.toContain('name="address"');
    const filled = { version: '1', serialNumber: 'SN-9', evses: '2', name: 'Renommée' };
    expect((await server.post(MAINTAINER, path, filled)).status).toBe(303);
    const after = await server.get(MERCHANT, path);
    expect(after.text).toContain('SN-9');
    expect(after.text).toContain('value="À équiper"');
  });

  test('MPU-08, MPU-09: the stations of all his merchants are in one list, by company when asked, and in one fleet', async () => {
    expect(await namesOn(MAINTAINER, '/stations?company=ponant-company-1')).toContain('Quai Nord');
    expect(await namesOn(MAINTAINER, '/stations')).toContain('Quai Nord');
    expect(await namesOn(MAINTAINER, '/stations?company=essai-company-1')).toEqual([]);
    expect((await server.get(MAINTAINER, '/stations')).text).toContain('<option value="essai-company-1"');
    expect((await server.get(MAINTAINER, '/fleet')).text).toContain('Quai Nord');
  });
});

describe('users and roles', () => {
  test('USR-10, USR-12, USR-14, AUT-10, AUT-13, SUB-07: a user without mail is made, chooses a good password by a link that works once, signs in, and is out after the last day', async () => {
    const role = 'ponant-role-view';
    const made = await server.post(MERCHANT, '/users', {
      version: '0',
      name: 'Maëlle Tanguy',
      username: 'maelle',
      language: 'fr',
      role,
      restriction: 'stations',
      stations: 'pon-1',
    });
    expect(made.status, made.text).toBe(303);
    const path = new URL(made.location ?? '', server.url).pathname;
    await expect(server.cookie('maelle', 'Un-mot-de-passe-9')).rejects.toThrow('cannot sign in');
    expect((await server.post(NEIGHBOUR, `${path}/password-link`)).status).toBe(404);
    const shown = await server.post(MERCHANT, `${path}/password-link`);
    const [, link = ''] = /<code id="password-link">([^<]+)</.exec(shown.text) ?? [];
    const linkPath = new URL(link).pathname;
    expect((await server.get(null, linkPath)).status).toBe(200);
    for (const [password, again, sentence] of [
      ['court', 'court', 'Au moins 12'],
      ['Un-mot-de-passe-9', 'autre', 'différentes'],
      ['MaelleMaelle-99', 'MaelleMaelle-99', 'identifiant'],
    ] as const) {
      const refused = await server.post(null, linkPath, { password, again });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain(sentence);
    }
    const chosen = { password: 'Un-mot-de-passe-9', again: 'Un-mot-de-passe-9' };
    expect((await server.post(null, linkPath, chosen)).location).toBe('/login?chosen');
    expect((await server.get(null, linkPath)).status).toBe(404);
    await server.cookie('maelle', 'Un-mot-de-passe-9');

    // She finds the one station, and may change nothing.
    expect((await server.get('maelle', '/fleet')).text).not.toContain('PON-2');
    expect((await server.get('maelle', '/stations/pon-1')).text).not.toContain('name="address"');
    expect((await server.get('maelle', '/stations/pon-2')).status).toBe(404);
    expect((await server.get('maelle', '/stations/new')).status).toBe(404);
    expect((await server.post('maelle', '/stations/pon-1', { ...STATION, version: '1' })).status).toBe(404);
    expect((await server.get('maelle', '/bin')).status).toBe(404);

    // Past her last day there is no login any more.
    const gone = { version: '1', name: 'Maëlle', username: 'maelle', language: 'fr', role, restriction: 'nothing' };
    expect((await server.post(MERCHANT, path, { ...gone, lastDay: '2020-01-01' })).status).toBe(303);
    expect((await server.get('maelle', '/fleet')).status).toBe(303);
  });

  test('USR-03, USR-04, FIC-02: a role gives levels by section, and a user with it sees just these', async () => {
    const made = await server.post(MERCHANT, '/roles', {
      version: '0',
      name: 'Accueil',
      administration: 'none',
      'rights:companies': 'companies:view',
      'rights:users': 'users:none',
    });
    expect(made.status, made.text).toBe(303);
    const { text } = await server.get(MERCHANT, '/roles?q=accueil');
    expect(text).toContain('Sociétés (Visualisation)');
    expect(text).not.toContain('Utilisateurs (');
    const [, role = ''] = /href="\/roles\/([^"?]+)" hx-boost/.exec(text.split('<tbody>')[1] ?? '') ?? [];
    await newUser('accueil', { role });
    const form = await server.get('accueil', '/companies/ponant-company-1');
    expect(form.text).toContain('Retour');
    expect(form.text).not.toContain('Valider');
    expect(form.text).not.toContain('href="/users"');
    for (const path of ['/companies/new', '/users', '/roles', '/stations', '/custom-fields', '/bin', '/audit'])
      expect((await server.get('accueil', path)).status, path).toBe(404);
  });

  test('a role that users have cannot be deleted', async () => {
    const made = await server.post(MERCHANT, '/users', {
      version: '0',
      name: 'Hugo',
      username: 'hugo.petit',
      language: 'fr',
      role: 'ponant-role-maintenance',
      restriction: 'nothing',
    });
    expect(made.status).toBe(303);
    const answer = await server.post(MERCHANT, '/roles/delete', { id: 'ponant-role-maintenance', confirmed: '1' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('donnez-lui d’abord un autre profil');
  });
});

describe('an account', () => {
  test('USR-07: « Administration » shows or gives everything, without ticking a section', async () => {
    await newUser('lecteur', { role: 'ponant-role-view' });
    await newUser('adjoint', { role: 'ponant-role-all' });
    for (const path of ['/companies', '/stations', '/users', '/roles', '/custom-fields']) {
      expect((await server.get('lecteur', path)).status, path).toBe(200);
      expect((await server.get('lecteur', `${path}/new`)).status, path).toBe(404);
      expect((await server.get('adjoint', `${path}/new`)).status, path).toBe(200);
    }
  });

  test('USR-13, USR-14: restricted to a company, a user finds its stations and no others', async () => {
    const company = await server.post(MERCHANT, '/companies', { version: '0', name: 'Presqu’île' });
    const companyId = new URL(company.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    const path = await newStation('Crozon', { company: companyId });
    await newUser('crozon', { role: 'ponant-role-all', restriction: 'companies', companies: companyId });
    expect(await namesOn('crozon', '/stations')).toEqual(['Crozon']);
    expect(await namesOn('crozon', '/companies')).toEqual(['Presqu’île']);
    expect((await server.get('crozon', path)).status).toBe(200);
    expect((await server.get('crozon', '/stations/pon-1')).status).toBe(404);
    expect((await server.get('crozon', '/fleet')).text).not.toContain('Quai Nord');
    expect((await server.get('crozon', '/stations.csv')).text).not.toContain('Quai Nord');
  });

  test('USR-14: a restriction outlasts the bin: what is deleted is not on the form, and is named again when it is back', async () => {
    const made = await server.post(MERCHANT, '/companies', { version: '0', name: 'Archipel' });
    const archipel = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    const companies = ['ponant-company-1', archipel];
    await newUser('deux-societes', { role: 'ponant-role-view', restriction: 'companies', companies });
    await server.post(MERCHANT, '/companies/delete', { id: archipel, confirmed: '1' });
    const user = () => server.vigie.storage.office.findBy(ENTITIES.user, 'username', 'deux-societes');
    const path = `/users/${(await user())?.id}`;
    expect((await server.get(MERCHANT, path)).text).not.toContain(archipel);
    const fields = {
      version: '1',
      name: 'Renommé',
      username: 'deux-societes',
      language: 'fr',
      role: 'ponant-role-view',
    };
    const restriction = { restriction: 'companies', companies: 'ponant-company-1' };
    expect((await server.post(MERCHANT, path, { ...fields, ...restriction })).status).toBe(303);
    expect((await user())?.values).toMatchObject({ name: 'Renommé', companies });
  });

  test('AUT-09: a changed password differs from the present one, which must be known', async () => {
    await newUser('nolwenn', { role: 'ponant-role-view' });
    const change = (old: string, password: string) =>
      server.post('nolwenn', '/password/change', { old, password, again: password });
    expect((await change('autre chose', 'Cancale-et-Granville')).text).toContain('actuel est incorrect');
    expect((await change(PASSPHRASE, PASSPHRASE)).text).toContain('différent de l’actuel');
    expect((await change(PASSPHRASE, 'Cancale-et-Granville')).status).toBe(303);
    server.forgetLogins();
    await expect(server.cookie('nolwenn', PASSPHRASE)).rejects.toThrow('cannot sign in');
    await server.cookie('nolwenn', 'Cancale-et-Granville');
  });

  test('AUT-11: a mail address is one account’s on the whole server', async () => {
    const fields = { version: '0', name: 'Double', username: 'double', language: 'fr', restriction: 'nothing' };
    const role = 'concarneau-role-view';
    const answer = await server.post(NEIGHBOUR, '/users', { ...fields, role, email: 'Camille.Roux@ponant.example' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Cette valeur est déjà prise.');
  });

  test('GEN-04: the logo leads home, which is what this account has first', async () => {
    expect((await server.get(MERCHANT, '/companies')).text).toContain('class="brand" href="/"');
    expect((await server.get(MERCHANT, '/')).location).toBe('/fleet');
    expect((await server.get(INTEGRATOR, '/')).location).toBe('/models');
  });
});

describe('an integrator', () => {
  test('INT-01, INT-02: he declares models, which nobody else finds', async () => {
    const values = { version: '0', manufacturer: 'Volterre', make: 'Volterre', name: 'Parvis 3', outlet: 'type-2' };
    const made = await server.post(INTEGRATOR, '/models', { ...values, evses: '2', zeReady: '1' });
    expect(made.status, made.text).toBe(303);
    expect(await namesOn(INTEGRATOR, '/models')).toContain('Parvis 3');
    expect((await server.get(MERCHANT, '/models')).status).toBe(404);
    expect((await server.get(MERCHANT, new URL(made.location ?? '', server.url).pathname)).status).toBe(404);
  });
});

describe('the platform operator', () => {
  test('SUB-01, SUB-08, SUB-09, USR-02: a subscription comes with its company, roles and administrator, who chooses a password', async () => {
    const made = await server.post(OPERATOR, '/admin/subscribers', {
      version: '0',
      kind: 'merchant',
      name: 'Ville de Dinan',
      administrator: 'dinan',
      language: 'fr',
      options: ['mail'],
      chargersMax: '1',
    });
    expect(made.status, made.text).toBe(303);
    const id = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    await choosePassword(OPERATOR, `/users/${id}-administrator`, 'dinan');
    expect((await server.get('dinan', '/companies')).text).toContain('Ville de Dinan');
    expect(await namesOn('dinan', '/roles')).toEqual([
      'Clients',
      'Gestion de parking',
      'Gestion de société',
      'Maintenance',
      'Tous les droits',
      'Visualisation totale',
    ]);
    expect((await server.get('dinan', '/stations')).text).not.toContain('Quai Nord');
    const taken = await server.post(OPERATOR, '/admin/subscribers', {
      version: '0',
      kind: 'chain',
      name: 'Autre',
      administrator: 'DINAN',
      language: 'fr',
    });
    expect(taken.status).toBe(422);
  });

  test('SUB-02, SUB-03: its administrator makes and deletes what he wants, but no charger beyond the contract', async () => {
    const made = await server.post('dinan', '/stations', { ...STATION, name: 'Vieux port', identity: 'DIN-1' });
    expect(made.status, made.text).toBe(303);
    const beyond = { ...STATION, name: 'Remparts', identity: 'DIN-2' };
    const refused = await server.post('dinan', '/stations', beyond);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('limité à 1');
    const id = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    expect((await server.post('dinan', '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    expect((await server.post('dinan', '/stations', beyond)).status).toBe(303);
  });

  test('MOD-06: an inactive subscription is as though it did not exist, and a deleted one goes with all it has, and comes back', async () => {
    const path = '/admin/subscribers/concarneau';
    const form = { kind: 'merchant', name: 'Régie de Concarneau', administrator: NEIGHBOUR, language: 'fr' };
    const dial = async (): Promise<boolean> => {
      const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/CON-1`);
      if (dialled.ok) dialled.charger.socket.close();
      return dialled.ok;
    };
    const save = async (more: Record<string, string>) => {
      const [, version = ''] = /name="version" value="(\d+)"/.exec((await server.get(OPERATOR, path)).text) ?? [];
      expect((await server.post(OPERATOR, path, { version, ...form, ...more })).status).toBe(303);
    };
    const isOnFleet = async () => (await server.get(OPERATOR, '/fleet')).text.includes('CON-1');
    expect(await dial()).toBe(true);
    await save({ inactive: '1' });
    expect(await dial()).toBe(false);
    await until('its charger gone', async () => !(await isOnFleet()));
    expect((await server.get(NEIGHBOUR, '/fleet')).status).toBe(303);
    await save({});
    expect(await dial()).toBe(true);
    await until('its charger back', isOnFleet);

    const asked = await server.post(OPERATOR, '/admin/subscribers/delete', { id: 'concarneau' });
    expect(asked.text).toContain('1 stations de charge');
    const sure = { id: 'concarneau', confirmed: '1', word: 'supprimer' };
    expect((await server.post(OPERATOR, '/admin/subscribers/delete', sure)).status).toBe(303);
    expect(await dial()).toBe(false);
    await until('its charger deleted', async () => !(await isOnFleet()));
    expect((await server.get(OPERATOR, '/users')).text).not.toContain('concarneau-administrator');
    const [, deletionId = ''] = /action="\/bin\/([^"]+)"/.exec((await server.get(OPERATOR, '/bin')).text) ?? [];
    expect((await server.post(OPERATOR, `/bin/${deletionId}`)).location).toBe('/bin?restored');
    expect(await dial()).toBe(true);
    await until('its charger restored', isOnFleet);
    expect((await server.get(NEIGHBOUR, '/stations/con-1')).status).toBe(200);
  });

  test('every act is in the audit of its subscriber, with the names of what changed and none of the values', async () => {
    const { text } = await server.get(MERCHANT, '/audit');
    expect(text).toContain('Création');
    expect(text).toContain('commercant');
    expect(text).not.toContain('0298000001');
    expect((await server.get(NEIGHBOUR, '/audit')).text).not.toContain('Quai Nord');
  });
});

describe('what cannot be deleted', () => {
  test('more than a page cannot be deleted at once, and says so', async () => {
    const id = Array.from({ length: 201 }, (_, index) => `s-${index}`);
    const answer = await server.post(MERCHANT, '/stations/delete', { id });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Au plus 200');
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
