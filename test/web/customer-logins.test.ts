import { afterAll, beforeAll, expect, test } from 'vitest';
import { MERCHANT, NEIGHBOUR, PASSPHRASE } from '../fixtures/office-desk.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
});
afterAll(() => server.stop());
const { made, formOf } = officeForms(() => server);

const CUSTOMER = { version: '0', language: 'fr', terms: '1', account: '1' } as const;
const newCustomer = (by: string, name: string, email: string): Promise<string> =>
  made(by, by === OPERATOR ? '/admin/customers' : '/customers', { ...CUSTOMER, name, email });

/** What waits in the outbox for this address, newest first. */
async function lettersTo(address: string) {
  const query = { state: null, channel: null, search: address, offset: 0, limit: 50 };
  return (await server.vigie.storage.post.list(query)).rows.filter(({ to }) => to === address);
}

/** By the link in the first letter. */
async function signedIn(address: string): Promise<string> {
  const link = (await lettersTo(address)).find(({ secret }) => secret !== null)?.secret ?? '';
  const chosen = { password: PASSPHRASE, again: PASSPHRASE };
  expect((await server.post(null, new URL(link).pathname, chosen)).status).toBe(303);
  await server.cookie(address, PASSPHRASE);
  return address;
}

/** Says, by the link in the latest letter, that the customer is he. */
async function join(username: string, address = username): Promise<void> {
  const [letter] = await lettersTo(address);
  const { pathname } = new URL(letter?.secret ?? '');
  expect((await server.get(username, pathname)).text).toContain('Relier une fiche de client');
  expect((await server.post(username, pathname)).location).toBe('/access');
  expect((await server.post(username, pathname)).status).toBe(404);
}

/** The headings of the levels on « Accès ». */
async function levelsOf(username: string): Promise<readonly (string | undefined)[]> {
  const { text } = await server.get(username, '/access');
  return [...text.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, name]) => name);
}

test('CPT-13, CPT-09: a customer may have an account: he gets his username by mail, and the list says so', async () => {
  await newCustomer(MERCHANT, 'Gaël Quéré', 'gael@client.example');
  const [letter] = await lettersTo('gael@client.example');
  expect(letter?.text).toContain('gael@client.example');
  await signedIn('gael@client.example');
  expect((await server.get('gael@client.example', '/')).location).toBe('/access');
  const { text } = await server.get(MERCHANT, '/customers?q=gael');
  expect(text).toMatch(/data-label="Compte utilisateur">Oui</);
});

test('MOD-18, CPT-14: one login is that of customers of several merchants and of a public one, by the mail address', async () => {
  const mail = 'maiwenn@client.example';
  await newCustomer(MERCHANT, 'Maïwenn Roudaut', mail);
  await signedIn(mail);
  await newCustomer(NEIGHBOUR, 'M. Roudaut', mail);
  expect(await levelsOf(mail)).toEqual(['Syndicat Mobilités du Ponant']);
  const [asked] = await lettersTo(mail);
  expect(asked?.subject).toBe('Êtes-vous client\u00a0: Régie de Concarneau\u00a0?');
  await join(mail);
  await newCustomer(OPERATOR, 'Maïwenn', mail);
  await join(mail);
  expect(await levelsOf(mail)).toEqual(['Régie de Concarneau', 'Syndicat Mobilités du Ponant', 'Client public']);
});

test('CPT-14: somebody who works for a subscriber keeps his login, and finds himself as a customer on « Accès »', async () => {
  await newCustomer(NEIGHBOUR, 'Camille comme cliente', 'camille.roux@ponant.example');
  expect((await server.get(MERCHANT, '/access')).status).toBe(404);
  await join(MERCHANT, 'camille.roux@ponant.example');
  expect(await levelsOf(MERCHANT)).toEqual(['Régie de Concarneau']);
  expect((await server.get(MERCHANT, '/customers')).status).toBe(200);
  // And with a login’s address nobody else gets one.
  const users = await server.get(OPERATOR, '/users?q=camille.roux');
  expect([...users.text.matchAll(/class="record-link"/g)]).toHaveLength(1);
});

test('a customer’s login opens his own pages and nothing else, and ends with the customer', async () => {
  const mail = 'tugdual@client.example';
  const path = await newCustomer(MERCHANT, 'Tugdual Caër', mail);
  await signedIn(mail);
  for (const closed of ['/customers', path, '/stations', '/fleet', '/users', '/bin', '/companies', '/events'])
    expect((await server.get(mail, closed)).status, closed).toBe(404);
  expect((await server.get(mail, '/account')).status).toBe(200);
  const own = await formOf(mail, '/account');
  expect((await server.post(mail, '/account', { ...own, mobile: '0612345678' })).status).toBe(303);
  const { account: _, ...without } = await formOf(MERCHANT, path);
  await made(MERCHANT, path, without);
  expect((await server.get(mail, '/access')).location).toMatch(/^\/login/);
});

test('without an address there is no account: the form says what is missing', async () => {
  const { status, text } = await server.post(MERCHANT, '/customers', { ...CUSTOMER, name: 'Sans adresse' });
  expect([status, /id="e-email"/.test(text)]).toEqual([422, true]);
});

test('CPT-13: a customer who gets his account later gets his letter then', async () => {
  const { account: _, ...fields } = CUSTOMER;
  const path = await made(MERCHANT, '/customers', { ...fields, name: 'Plus tard', email: 'tard@client.example' });
  expect(await lettersTo('tard@client.example')).toEqual([]);
  await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), account: '1' });
  expect(await lettersTo('tard@client.example')).toHaveLength(1);
  await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), city: 'Brest' });
  expect(await lettersTo('tard@client.example')).toHaveLength(1);
});

test('CPT-14: nobody else gets a customer by his address: not who has not its mail, nor who follows another’s link', async () => {
  const mail = 'aziliz@client.example';
  await newCustomer(MERCHANT, 'Aziliz Kerdoncuff', mail);
  await signedIn(mail);
  // Somebody puts an address into his account that is not his, before a customer has it.
  const own = await formOf(mail, '/account');
  const victim = 'victime@client.example';
  expect((await server.post(mail, '/account', { ...own, email: victim, old: PASSPHRASE })).status).toBe(303);
  const path = await newCustomer(NEIGHBOUR, 'Vraie Personne', victim);
  expect(await levelsOf(mail)).toEqual(['Syndicat Mobilités du Ponant']);
  const [asked] = await lettersTo(victim);
  const { pathname } = new URL(asked?.secret ?? '');
  for (const other of [MERCHANT, NEIGHBOUR]) expect((await server.get(other, pathname)).status).toBe(404);
  // A change of either address ends the question.
  await made(NEIGHBOUR, path, { ...(await formOf(NEIGHBOUR, path)), email: 'autre@client.example' });
  expect((await server.post(mail, pathname)).status).toBe(404);
  expect(await levelsOf(mail)).toEqual(['Syndicat Mobilités du Ponant']);
});

test('a customer whose account was taken away and given again signs in as before, once he has said that it is he', async () => {
  const mail = 'gwenn@client.example';
  const path = await newCustomer(MERCHANT, 'Gwenn Le Fur', mail);
  await signedIn(mail);
  const { account: _, ...without } = await formOf(MERCHANT, path);
  await made(MERCHANT, path, without);
  await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), account: '1' });
  expect(await levelsOf(mail)).toEqual([]);
  await join(mail);
  expect(await levelsOf(mail)).toEqual(['Syndicat Mobilités du Ponant']);
});
