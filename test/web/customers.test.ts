import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knock, type Charger } from '../fixtures/charger.ts';
import { deskOver, MAINTAINER, MERCHANT, NEIGHBOUR } from '../fixtures/office-desk.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

/** What a merchant fills in; enough for a customer to be saved. */
const CUSTOMER = { version: '0', language: 'fr', terms: '1' } as const;

let server: OfficeServer;
let charger: Charger;
beforeAll(async () => {
  server = await startOfficeServer();
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PON-1`);
  if (!dialled.ok) throw new Error('the charger was refused');
  ({ charger } = dialled);
  await charger.boot();
});
afterAll(async () => {
  await charger.close();
  await server.stop();
});
const { namesOn, newUser } = deskOver(() => server);
const { made, formOf } = officeForms(() => server);

const newCustomer = (name: string, more: Record<string, string> = {}, by = MERCHANT): Promise<string> =>
  made(by, by === OPERATOR ? '/admin/customers' : '/customers', { ...CUSTOMER, name, ...more });

/** The OCPP AuthorizationStatus of a badge at the merchant's charger. */
async function verdictOn(idTag: string): Promise<unknown> {
  const { idTagInfo } = await charger.call('Authorize', { idTag });
  return (idTagInfo as { readonly status: string }).status;
}

describe('a customer of a merchant', () => {
  test('CPT-01, CPT-12: is made with a form, tied to the one company, and his badge opens a charger at once', async () => {
    expect(await verdictOn('0ABC01')).toBe('Invalid');
    const path = await newCustomer('Rozenn Abgrall', {
      badge1Kind: 'rfid',
      badge1Value: '0a:bc:01',
      vehicle1Model: 'Zoé',
    });
    const form = await formOf(MERCHANT, path);
    expect(form).toMatchObject({ name: 'Rozenn Abgrall', badge1Value: '0ABC01', vehicle1Model: 'Zoé' });
    expect(await verdictOn('0abc01')).toBe('Accepted');
    expect(
      (await made(MERCHANT, path, { ...form, badge2Kind: 'barcode', badge2Value: '77001' })).length,
    ).toBeGreaterThan(0);
    expect(await verdictOn('77001')).toBe('Accepted');
  });

  test('CPT-18: inactive he is refused, and welcome again once he is active, while the charger stays connected', async () => {
    const path = await newCustomer('Goulven Le Roux', { badge1Value: '0ABC02' });
    await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), inactive: '1' });
    expect(await verdictOn('0ABC02')).toBe('Blocked');
    const { inactive: _, ...active } = await formOf(MERCHANT, path);
    await made(MERCHANT, path, active);
    expect(await verdictOn('0ABC02')).toBe('Accepted');
  });

  test('CPT-18: he charges until his last day is over, and not after', async () => {
    const path = await newCustomer('Tifenn Cam', { badge1Value: '0ABC03', expiresOn: '2020-02-29' });
    expect(await verdictOn('0ABC03')).toBe('Expired');
    await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), expiresOn: '31/12/2199' });
    expect(await verdictOn('0ABC03')).toBe('Accepted');
    const token = await server.vigie.storage.reader.idToken('0ABC03', 'pon-1');
    // Midnight in France, in winter.
    expect(new Date(token?.expiresAtMs ?? 0).toISOString()).toBe('2199-12-31T23:00:00.000Z');
  });

  test('CPT-17: without his agreement to the terms nothing is saved, and what was typed stays', async () => {
    const { terms: _, ...fields } = CUSTOMER;
    const { status, text } = await server.post(MERCHANT, '/customers', { ...fields, name: 'Sans accord' });
    expect(status).toBe(422);
    expect(text).toContain('Cochez l’accord aux conditions générales d’utilisation');
    expect(text).toContain('value="Sans accord"');
    expect(await namesOn(MERCHANT, '/customers?q=Sans+accord')).toEqual([]);
  });

  test('CPT-20: two customers of a merchant have two names of at most 100 characters; his neighbour has his own', async () => {
    await newCustomer('Annick Bihan');
    const twice = await server.post(MERCHANT, '/customers', { ...CUSTOMER, name: 'ANNICK bihan' });
    expect([twice.status, twice.text.includes('Cette valeur est déjà prise.')]).toEqual([422, true]);
    const long = await server.post(MERCHANT, '/customers', { ...CUSTOMER, name: 'a'.repeat(101) });
    expect([long.status, long.text.includes('Au plus 100 caractères.')]).toEqual([422, true]);
    await newCustomer('Annick Bihan', {}, NEIGHBOUR);
  });

  test.each([
    ['of another customer', { badge1Value: '04B10CEDB10C01' }, 'Cette valeur est déjà prise.'],
    ['that is there twice', { badge1Value: 'AA01', badge2Value: 'aa 01' }, 'déjà plus haut dans cette fiche'],
    ['that is no telephone', { badge1Kind: 'sms', badge1Value: 'AA01' }, 'Un SMS vient d’un numéro de téléphone'],
    ['with markup', { badge1Value: '<b>' }, 'Tapez le numéro du support'],
  ])('a badge %s is refused beside its field', async (_what, badge, sentence) => {
    const { status, text } = await server.post(MERCHANT, '/customers', { ...CUSTOMER, name: 'Refusé', ...badge });
    expect([status, text.includes(sentence)]).toEqual([422, true]);
  });

  test('CPT-11, CPT-15, CPT-16: the form has its tabs, shows the balance, and warns that no tariff is no price', async () => {
    const { text } = await server.get(MERCHANT, await newCustomer('Ronan Jaffré'));
    const tabs = [...text.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, title]) => title);
    expect(tabs).toEqual([
      'Coordonnées',
      'Compte utilisateur',
      'Mode d’identification',
      'Véhicules',
      'Tarification',
      'Conditions générales d’utilisation',
    ]);
    expect(text).toContain('<output>0,00\u00a0€</output>');
    expect(text).toContain('Aucun tarif n’est affecté à ce client\u00a0: ses recharges sont gratuites');
  });

  test('CPT-11, INF-01: what the merchant adds to his customers is a tab of the form, « Complément »', async () => {
    await made(MERCHANT, '/custom-fields', {
      version: '0',
      form: 'customer',
      name: 'Matricule',
      order: '1',
      input: 'text',
      lengthMax: '20',
      shownInLists: '1',
    });
    expect((await server.get(MERCHANT, '/customers/new')).text).toContain('Matricule');
    expect((await server.get(MERCHANT, '/customers')).text).toContain('Matricule');
    expect((await server.get(NEIGHBOUR, '/customers/new')).text).not.toContain('Matricule');
  });

  test('CPT-05, CPT-06: the list shows who he is, since when, his balance and his account, and sorts by each', async () => {
    const { text } = await server.get(MERCHANT, '/customers?q=Camille');
    for (const heading of [
      'Nom',
      'Date création',
      'No mobile',
      'Email',
      'Adresse',
      'Solde',
      'Compte utilisateur',
      'Langue',
    ])
      expect(text).toMatch(new RegExp(`<th scope="col"[\\s\\S]{0,200}${heading}`));
    // A single company is shown nowhere (SOC-03).
    expect(text).not.toContain('Société</a>');
    expect(text).toContain('<option value="all"');
    for (const sort of ['createdOn', 'balance', 'account', 'email', 'language']) {
      expect((await namesOn(MERCHANT, `/customers?sort=${sort}`)).length).toBeGreaterThan(15);
    }
  });

  test('a search finds him by any part of his badge, and the files hold all of him', async () => {
    expect(await namesOn(MERCHANT, '/customers?q=a2b6f2')).toEqual(['Camille Moreau']);
    const { text } = await server.get(MERCHANT, '/customers.csv?q=a2b6f2');
    expect(text).toContain('Camille Moreau');
    expect(text).toContain('04A2B6F23C5D80');
  });

  test('CPT-10: his deletion names the sessions that it reaches, and the bin brings him back with his badge', async () => {
    const path = await newCustomer('Maëva Hénaff', { badge1Value: '0ABC09' });
    const { transactionId } = await charger.start({ idTag: '0ABC09' });
    await charger.stop(transactionId);
    const id = path.split('/').at(-1) ?? '';
    const asked = await server.post(MERCHANT, '/customers/delete', { id });
    expect(asked.text).toContain('Une recharge perdra le nom de son client.');
    await server.post(MERCHANT, '/customers/delete', { id, confirmed: '1' });
    expect(await verdictOn('0ABC09')).toBe('Invalid');
    const bin = await server.get(MERCHANT, '/bin');
    const [, back = ''] = /Maëva Hénaff[\s\S]*?action="(\/bin\/[^"]+)"/.exec(bin.text) ?? [];
    expect((await server.post(MERCHANT, back)).location).toBe('/bin?restored');
    expect(await verdictOn('0ABC09')).toBe('Accepted');
  });
});

test('what is done to customers is audited by the names of what changed, never by what it is', async () => {
  const path = await newCustomer('Nonna Pennec', { badge1Value: '0ABC40', email: 'nonna@client.example' });
  const form = await formOf(MERCHANT, path);
  await made(MERCHANT, path, { ...form, expiresOn: '2199-12-31', account: '1', badge1Value: '0ABC41' });
  const { status, text } = await server.get(MERCHANT, '/audit');
  expect(status).toBe(200);
  for (const word of ['Nonna Pennec', 'Date d’expiration', 'Compte utilisateur', 'Support 1\u00a0: numéro'])
    expect(text).toContain(word);
  for (const secret of ['0ABC41', 'nonna@client.example', '2199']) expect(text).not.toContain(secret);
});

describe('who finds customers', () => {
  test('MOD-12: public customers are the platform’s, in a list of their own, and charge at public stations', async () => {
    await newCustomer('Paul Public', { badge1Value: '0ABC20' }, OPERATOR);
    expect(await namesOn(OPERATOR, '/admin/customers?q=Paul')).toEqual(['Paul Public']);
    expect(await namesOn(MERCHANT, '/customers?q=Paul')).toEqual([]);
    expect((await server.get(MERCHANT, '/admin/customers')).status).toBe(404);
    expect(await verdictOn('0ABC20')).toBe('Accepted');
  });

  test('MOD-18: the same card may be that of a customer of two merchants', async () => {
    await newCustomer('Ici', { badge1Value: '0ABC30' });
    await newCustomer('Là', { badge1Value: '0ABC30' }, NEIGHBOUR);
    const { reader } = server.vigie.storage;
    expect((await reader.idToken('0ABC30', 'pon-1'))?.driver).toBe('Ici');
    expect((await reader.idToken('0ABC30', 'con-1'))?.driver).toBe('Là');
  });

  test('a maintainer finds no customers of those whom he maintains for, not even to choose from', async () => {
    expect((await server.get(MAINTAINER, '/customers')).status).toBe(404);
    expect((await server.get(MAINTAINER, '/users/new')).text).not.toContain('Camille Moreau');
  });

  test('USR-13: a user may be restricted to some customers, in place of companies or stations, and finds nothing else', async () => {
    const role = 'ponant-role-all';
    await newUser('guichet', { role, restriction: 'customers', customers: ['customer-2', 'customer-3'] });
    expect(await namesOn('guichet', '/customers')).toEqual(['Louise Petit', 'Nolwenn Tanguy']);
    expect(await namesOn('guichet', '/stations')).toEqual([]);
    expect(await namesOn('guichet', '/companies')).toEqual([]);
    expect((await server.get('guichet', '/customers/customer-1')).status).toBe(404);
    expect((await server.get('guichet', '/customers/new')).status).toBe(404);
    expect((await server.get('guichet', '/fleet/PON-1')).status).toBe(404);
    // He hands on no more than he has.
    const user = { version: '0', name: 'x', username: 'autre', language: 'fr', role };
    for (const more of [{ restriction: 'nothing' }, { restriction: 'companies', companies: 'ponant-company-1' }])
      expect((await server.post('guichet', '/users', { ...user, ...more })).status).toBe(422);
    await made('guichet', '/users', { ...user, restriction: 'customers', customers: 'customer-2' });
  });

  test('USR-13: whoever is restricted to companies finds their customers, and whoever is to stations finds none', async () => {
    const role = 'ponant-role-all';
    await newUser('parking', { role, restriction: 'stations', stations: ['pon-1'] });
    expect(await namesOn('parking', '/customers')).toEqual([]);
    await newUser('societe', { role, restriction: 'companies', companies: ['ponant-company-1'] });
    expect((await namesOn('societe', '/customers')).length).toBeGreaterThan(15);
  });
});

test('ABO-03: the menu of a merchant has its entries in their order, each of those that he has a right to', async () => {
  const menuOf = async (username: string, path: string): Promise<readonly (string | undefined)[]> => {
    const { text } = await server.get(username, path);
    const [, menu = ''] = /<nav class="office-nav" aria-label="Gestion">([\s\S]*?)<\/nav>/.exec(text) ?? [];
    return [...menu.matchAll(/<a href="([^"]+)"[^>]*>([^<]+)</g)].map(([, href, name]) => `${name} ${href}`);
  };
  expect(await menuOf(MERCHANT, '/companies')).toEqual([
    'Mon espace /companies',
    'Stations de charge /stations',
    'Clients /customers',
    'Recharges /recharges',
    'Utilisateurs /users',
  ]);
  await made(MERCHANT, '/roles', {
    version: '0',
    name: 'Accueil',
    administration: 'none',
    'rights:customers': 'customers:view',
  });
  const { text } = await server.get(MERCHANT, '/roles');
  const [, role = ''] = /href="\/roles\/([^"]+)"[^>]*>Accueil</.exec(text) ?? [];
  await newUser('accueil', { role });
  expect(await menuOf('accueil', '/customers')).toEqual(['Clients /customers']);
});
