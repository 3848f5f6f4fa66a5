import { afterAll, beforeAll, expect, test } from 'vitest';
import { LINKS_MAX, LINKS_PER_ADDRESS_MAX } from '#web/door/attempts.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer({ publicUrl: 'https://vigie.example' });
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const ADDRESS = 'camille.roux@ponant.example';
const FIRST = 'Un-mot-de-passe-9';
const SECOND = 'Un-autre-secret-7';

/** What waits in the outbox for this address, newest first. */
async function lettersTo(address: string) {
  const query = { state: null, channel: 'mail', search: address, offset: 0, limit: 50 } as const;
  return (await server.vigie.storage.post.list(query)).rows.filter(({ to }) => to === address);
}

async function waitFor(address: string, subject: string) {
  return until(subject, async () => (await lettersTo(address)).find((letter) => letter.subject === subject));
}

/** Chooses a password by the link of a letter, as its reader would. */
async function follow(secret: string | null, password: string) {
  const url = new URL(secret ?? '');
  expect(url.origin).toBe('https://vigie.example');
  return server.post(null, url.pathname, { password, again: password });
}

test('AUT-06, AUT-08: whoever forgot gets his username and a link by mail, which works once', async () => {
  expect((await server.get(null, '/login')).text).toContain('href="/password/forgotten"');
  const page = await server.get(null, '/password/forgotten');
  for (const word of ['Identifiants oubliés', 'Email', 'Recevoir']) expect(page.text).toContain(word);
  const answer = await server.post(null, '/password/forgotten', { email: ` ${ADDRESS.toUpperCase()} ` });
  expect(answer.status).toBe(200);
  const letter = await waitFor(ADDRESS, 'Vos identifiants Vigie');
  expect(letter.text).toContain(MERCHANT);
  expect(letter.text).not.toContain('https://');
  const cookie = await server.cookie(MERCHANT);
  expect((await follow(letter.secret, FIRST)).location).toBe('/login?chosen');
  expect((await follow(letter.secret, SECOND)).status).toBe(404);
  const old = await fetch(`${server.url}/account`, { redirect: 'manual', headers: { Cookie: cookie } });
  expect(old.status).toBe(303);
  server.forgetLogins();
  expect(await server.cookie(MERCHANT, FIRST)).toBeTruthy();
  const notice = await waitFor(ADDRESS, 'Votre compte Vigie a changé');
  expect(notice.text).toContain('Votre mot de passe a été changé.');
});

test('AUT-08: the answer is the same for an address that nobody has, and for who may not sign in', async () => {
  const seen = async (email: string) => {
    const { status, text } = await server.post(null, '/password/forgotten', { email });
    return [status, text.replaceAll(email, '').replaceAll(/data-now="\d+"/g, '')];
  };
  const given = {
    version: '0',
    username: 'parti',
    name: 'Parti',
    language: 'fr',
    role: 'ponant-role-all',
    restriction: 'nothing',
  };
  const gone = { ...given, email: 'parti@ponant.example', inactive: '1' };
  expect((await server.post(MERCHANT, '/users', gone)).status).toBe(303);
  const before = (await lettersTo('parti@ponant.example')).length;
  const known = await seen('soizic.kervella@concarneau.example');
  expect(await seen('nobody@nowhere.example')).toEqual(known);
  expect(await seen('parti@ponant.example')).toEqual(known);
  await waitFor('soizic.kervella@concarneau.example', 'Vos identifiants Vigie');
  expect(await lettersTo('nobody@nowhere.example')).toEqual([]);
  expect((await lettersTo('parti@ponant.example')).length).toBe(before);
});

test('AUT-08: what is no address is refused, and asking is limited for each address and for each asker', async () => {
  const ask = async (email: string) => (await server.post(null, '/password/forgotten', { email })).status;
  for (const typed of ['', 'nobody', 'a@b', 'a@b.example\nBcc: c@d.example']) expect(await ask(typed), typed).toBe(422);
  for (let at = 0; at < LINKS_MAX; at++) expect(await ask('limited@nowhere.example')).toBe(200);
  expect(await ask('limited@nowhere.example')).toBe(429);
  let last = 200;
  for (let at = 0; at < LINKS_PER_ADDRESS_MAX && last === 200; at++) last = await ask(`another-${at}@nowhere.example`);
  expect(last).toBe(429);
});

test('SUB-01: a new subscription’s administrator gets his username, a link and a recap of the options', async () => {
  const made = await server.post(OPERATOR, '/admin/subscribers', {
    version: '0',
    kind: 'merchant',
    name: 'Pays de Dinan',
    administrator: 'dinan',
    contactName: 'Erwan Le Goff',
    contactEmail: 'erwan@dinan.example',
    language: 'en',
    options: ['sms', 'mail'],
    chargersMax: '12',
  });
  expect(made.status).toBe(303);
  const [letter] = await lettersTo('erwan@dinan.example');
  expect(letter?.subject).toBe('Your Vigie subscription: Pays de Dinan');
  for (const word of ['Erwan Le Goff', 'dinan', 'Merchant', 'SMS, Mail', '12', 'no limit'])
    expect(letter?.text).toContain(word);
  expect((await follow(letter?.secret ?? null, FIRST)).location).toBe('/login?chosen');
  expect(await server.cookie('dinan', FIRST)).toBeTruthy();
});

test('a new user with an address gets a link, in his language, and hears of what changes about his way in', async () => {
  const given = {
    version: '0',
    username: 'aela',
    name: 'Aela',
    language: 'fr',
    role: 'ponant-role-all',
    restriction: 'nothing',
  };
  const made = await server.post(MERCHANT, '/users', { ...given, email: 'aela@ponant.example' });
  const path = new URL(made.location ?? '', server.url).pathname;
  const letter = await waitFor('aela@ponant.example', 'Votre compte Vigie');
  expect((await follow(letter.secret, FIRST)).location).toBe('/login?chosen');
  await server.post(MERCHANT, `${path}/second-factor/off`);
  await server.cookie('aela', FIRST);
  const { text } = await server.get('aela', '/account');
  const [, version = ''] = /name="version" value="(\d+)"/.exec(text) ?? [];
  const mine = {
    version,
    name: 'Aela',
    username: 'aela',
    language: 'fr',
    mobile: '',
    email: 'ailleurs@ponant.example',
    old: FIRST,
  };
  expect((await server.post('aela', '/account', mine)).location).toBe('/account?saved');
  const told = (await lettersTo('aela@ponant.example')).map((one) => one.text).join();
  for (const word of [
    'mot de passe a été changé',
    'authentification a été retirée',
    'adresse de votre compte a été changée',
  ])
    expect(told).toContain(word);
});

test('a link that an administrator makes has the configured address', async () => {
  const shown = await server.post(MERCHANT, '/users/ponant-administrator/password-link');
  expect(shown.text).toContain('<code id="password-link">https://vigie.example/password/reset/');
});
