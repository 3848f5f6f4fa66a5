import { afterAll, beforeAll, expect, test } from 'vitest';
import { MERCHANT, NEIGHBOUR } from '../fixtures/office-desk.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

/** A login that is there already, with a password: the merchant’s own administrator is a customer next door. */
const MAIL = 'camille.roux@ponant.example';
const CUSTOMER = { version: '0', language: 'fr', terms: '1', account: '1', email: MAIL } as const;

let server: OfficeServer;
let own: string;
beforeAll(async () => {
  server = await startOfficeServer();
  const fields = { ...CUSTOMER, name: 'Camille Roux', city: 'Brest', badge1Value: '0AAA01', expiresOn: '2199-12-31' };
  own = (await made(NEIGHBOUR, '/customers', fields)).replace('/customers/', '/me/');
  await join();
});
afterAll(() => server.stop());
const { made, formOf } = officeForms(() => server);

/** By the link in the latest letter to the address. */
async function join(): Promise<void> {
  const query = { state: null, channel: null, search: MAIL, offset: 0, limit: 1 };
  const [letter] = (await server.vigie.storage.post.list(query)).rows;
  expect((await server.post(MERCHANT, new URL(letter?.secret ?? '').pathname)).location).toBe('/access');
}

test('CLI-06, CPT-13: a customer changes his own data, and his merchant sees it', async () => {
  expect((await server.get(MERCHANT, '/me')).location).toBe(own);
  const form = await formOf(MERCHANT, own);
  const more = { city: 'Concarneau', mobile: '06 12 34 56 78', vehicle1Model: 'Zoé', vehicle1Outlet: 'type-2' };
  expect(await made(MERCHANT, own, { ...form, ...more })).toBe(own);
  const theirs = await formOf(NEIGHBOUR, own.replace('/me/', '/customers/'));
  expect(theirs).toMatchObject({ city: 'Concarneau', mobile: '0612345678', vehicle1Model: 'Zoé' });
  const { text } = await server.get(MERCHANT, own);
  expect(await faultsOfHtml(text)).toEqual([]);
});

test('he changes neither his name, his badges, his last day nor his account, whatever he posts', async () => {
  const form = await formOf(MERCHANT, own);
  const forged = {
    name: 'Un autre',
    badge1Value: 'FFFF',
    expiresOn: '',
    email: 'x@y.example',
    balance: '100',
    inactive: '1',
  };
  await made(MERCHANT, own, { ...form, ...forged, city: 'Trégunc' });
  const theirs = await formOf(NEIGHBOUR, own.replace('/me/', '/customers/'));
  expect(theirs).toMatchObject({ name: 'Camille Roux', badge1Value: '0AAA01', expiresOn: '2199-12-31', email: MAIL });
  expect(theirs).toMatchObject({ city: 'Trégunc', account: '1' });
  expect(theirs['inactive']).toBeUndefined();
});

test('what is wrong is said beside its field, and of two who save at once the second is told', async () => {
  const form = await formOf(MERCHANT, own);
  const wrong = await server.post(MERCHANT, own, { ...form, mobile: 'aucun' });
  expect([wrong.status, /id="e-mobile"/.test(wrong.text)]).toEqual([422, true]);
  const { terms: _, ...disagrees } = form;
  expect((await server.post(MERCHANT, own, disagrees)).status).toBe(422);
  await made(MERCHANT, own, { ...form, city: 'Pont-Aven' });
  const late = await server.post(MERCHANT, own, { ...form, city: 'Nizon' });
  expect([late.status, late.text.includes('value="Nizon"')]).toEqual([409, true]);
});

test('CLI-07, CLI-15: of several customers each has its data; those of the public one come first', async () => {
  const publicly = await made(OPERATOR, '/admin/customers', { ...CUSTOMER, name: 'Camille' });
  const path = publicly.replace('/admin/customers/', '/me/');
  await join();
  expect((await server.get(MERCHANT, '/me')).location).toBe(path);
  const { text } = await server.get(MERCHANT, path);
  expect(text).toContain(`href="${own}"`);
  await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), city: 'Nantes' });
  expect(await formOf(MERCHANT, own)).toMatchObject({ city: 'Pont-Aven' });
});

test('the customers of others are not found, nor one’s own once the account is taken away', async () => {
  expect((await server.get(MERCHANT, '/me/customer-17')).status).toBe(404);
  expect((await server.get(NEIGHBOUR, own)).status).toBe(404);
  expect((await server.post(NEIGHBOUR, own, { version: '1', terms: '1' })).status).toBe(404);
  const path = own.replace('/me/', '/customers/');
  const { account: _, ...without } = await formOf(NEIGHBOUR, path);
  await made(NEIGHBOUR, path, without);
  expect((await server.get(MERCHANT, own)).status).toBe(404);
});
