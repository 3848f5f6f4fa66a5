import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPERATOR, PASSWORD, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';
const FIRST = 'Un-mot-de-passe-9';
const SECOND = 'Un-autre-secret-7';

type Made = { readonly path: string; readonly id: string };

/** A user of the merchant's subscription, or of whom `by` administers. */
async function newUser(username: string, more: Record<string, string | readonly string[]> = {}, by = MERCHANT) {
  const role = by === MERCHANT ? 'ponant-role-all' : 'concarneau-role-all';
  const given = { version: '0', name: username, username, language: 'fr', role, restriction: 'nothing' };
  const made = await server.post(by, '/users', { ...given, ...more });
  expect(made.status, made.text).toBe(303);
  const path = new URL(made.location ?? '', server.url).pathname;
  return { path, id: path.split('/').at(-1) ?? '', given: { ...given, ...more, version: '1' } };
}

async function choosePassword({ path }: Pick<Made, 'path'>, password: string, by = MERCHANT): Promise<void> {
  const shown = await server.post(by, `${path}/password-link`);
  const [, link = ''] = /<code id="password-link">([^<]+)</.exec(shown.text) ?? [];
  const chosen = await server.post(null, new URL(link).pathname, { password, again: password });
  expect(chosen.location).toBe('/login?chosen');
}

/** Is the login of this cookie still good? */
async function isIn(cookie: string, path = '/fleet'): Promise<boolean> {
  const answer = await fetch(server.url + path, { redirect: 'manual', headers: { Cookie: cookie } });
  await answer.text();
  return answer.status === 200;
}

describe('a login', () => {
  test('is never for a user with the platform operator’s name: nobody is given it', async () => {
    const given = { version: '0', name: 'Faux', language: 'fr', role: 'ponant-role-all', restriction: 'nothing' };
    const refused = await server.post(MERCHANT, '/users', { ...given, username: OPERATOR.toUpperCase() });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('href="#field-username"');
    const subscriber = { version: '0', kind: 'chain', language: 'fr', name: 'Faux', administrator: OPERATOR };
    expect((await server.post(OPERATOR, '/admin/subscribers', subscriber)).text).toContain(
      'href="#field-administrator"',
    );
    const operator = await server.cookie(OPERATOR, PASSWORD);
    expect(await isIn(operator, '/health')).toBe(true);
  });

  test('does not go over to whoever is given its name, next door', async () => {
    const user = await newUser('erwan');
    await choosePassword(user, FIRST);
    const cookie = await server.cookie('erwan', FIRST);
    expect(await isIn(cookie)).toBe(true);
    expect((await server.post(MERCHANT, user.path, { ...user.given, username: 'erwan.ponant' })).status).toBe(303);
    const { path } = await newUser('erwan', {}, NEIGHBOUR);
    await choosePassword({ path }, SECOND, NEIGHBOUR);
    expect(await isIn(cookie)).toBe(false);
  });

  test('AUT-09: ends when the password changes, but in the browser that changed it', async () => {
    const user = await newUser('gaelle');
    await choosePassword(user, FIRST);
    const stolen = await server.cookie('gaelle', FIRST);
    server.forgetLogins();
    await server.cookie('gaelle', FIRST);
    await choosePassword(user, SECOND);
    expect(await isIn(stolen)).toBe(false);
    server.forgetLogins();
    const mine = await server.cookie('gaelle', SECOND);
    const answer = await fetch(`${server.url}/password/change`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        Cookie: mine,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site': 'same-origin',
      },
      body: new URLSearchParams({ old: SECOND, password: FIRST, again: FIRST }).toString(),
    });
    expect(answer.status).toBe(303);
    expect(await isIn((answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '')).toBe(true);
    expect(await isIn(mine)).toBe(false);
  });
});

test('USR-12: a link made behind a proxy that speaks TLS begins with https', async () => {
  const { path } = await newUser('tanguy');
  const headers = {
    Cookie: await server.cookie(MERCHANT),
    'X-Forwarded-Proto': 'https',
    'Sec-Fetch-Site': 'same-origin',
  };
  const shown = await fetch(`${server.url}${path}/password-link`, { method: 'POST', headers });
  expect(await shown.text()).toContain(
    `<code id="password-link">${server.url.replace('http:', 'https:')}/password/reset/`,
  );
});

describe('whoever keeps users without having every right', () => {
  let cookieOf: (username: string) => Promise<string>;
  const KEEPER = 'tenante';
  const LOCAL = 'locale';
  let ownPath = '';
  let ownGiven: Record<string, string | readonly string[]> = {};
  let roleId = '';

  beforeAll(async () => {
    const made = await server.post(MERCHANT, '/roles', {
      version: '0',
      name: 'Accueil',
      administration: 'none',
      'rights:users': 'users:modify',
      'rights:companies': 'companies:view',
    });
    roleId = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    const keeper = await newUser(KEEPER, { role: roleId });
    ownPath = keeper.path;
    ownGiven = keeper.given;
    await choosePassword(keeper, FIRST);
    const local = await newUser(LOCAL, { restriction: 'companies', companies: 'ponant-company-1' });
    await choosePassword(local, FIRST);
    cookieOf = (username) => server.cookie(username, FIRST);
    await Promise.all([KEEPER, LOCAL].map(cookieOf));
  });

  test('gives no role with more than his own, to himself or to others', async () => {
    const more = { role: 'ponant-role-all' };
    expect((await server.post(KEEPER, ownPath, { ...ownGiven, ...more })).status).toBe(422);
    const other = { ...ownGiven, version: '0', name: 'Paille', username: 'paille' };
    expect((await server.post(KEEPER, '/users', { ...other, ...more })).status).toBe(422);
    const refused = await server.post(KEEPER, '/roles', { version: '0', name: 'Tout', administration: 'modify' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('plus de droits que vous');
    const raised = { name: 'Accueil', administration: 'none', 'rights:users': 'users:modify' };
    const rights = { ...raised, version: '1', 'rights:companies': 'companies:modify' };
    expect((await server.post(KEEPER, `/roles/${roleId}`, rights)).status).toBe(422);
    expect((await server.post(KEEPER, '/users', other)).status).toBe(303);
  });

  test('makes no password link for who has more, changes nothing of his, and does not delete him', async () => {
    const administrator = '/users/ponant-administrator';
    expect((await server.post(KEEPER, `${administrator}/password-link`)).status).toBe(404);
    const strong = await newUser('forte');
    const renamed = { ...strong.given, username: 'forte2' };
    expect((await server.post(KEEPER, strong.path, renamed)).status).toBe(422);
    expect((await server.post(KEEPER, '/users/delete', { id: strong.id, confirmed: '1' })).status).toBe(422);
    expect((await server.post(MERCHANT, strong.path, renamed)).status).toBe(303);
  });

  test('USR-14: a restricted one neither lifts his restriction nor makes anybody without one', async () => {
    const free = { version: '0', name: 'Libre', username: 'libre', language: 'fr', role: 'ponant-role-view' };
    expect((await server.post(LOCAL, '/users', { ...free, restriction: 'nothing' })).status).toBe(422);
    expect((await server.post(LOCAL, '/users/ponant-administrator/password-link')).status).toBe(404);
    const narrowed = { ...free, restriction: 'stations', stations: 'pon-1' };
    expect((await server.post(LOCAL, '/users', narrowed)).status).toBe(303);
  });

  test('brings nothing back from the bin that he could not have made', async () => {
    const { location } = await server.post(MERCHANT, '/companies', { version: '0', name: 'Annexe' });
    const id = new URL(location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    await server.post(MERCHANT, '/companies/delete', { id, confirmed: '1' });
    const [, deletionId = ''] = /action="\/bin\/([^"]+)"/.exec((await server.get(MERCHANT, '/bin')).text) ?? [];
    expect((await server.get(KEEPER, '/bin')).text).not.toContain('Annexe');
    expect((await server.post(KEEPER, `/bin/${deletionId}`)).status).toBe(404);
  });
});

describe('an administrator', () => {
  const own = '/users/ponant-administrator';
  const given = { name: 'Camille Roux', username: MERCHANT, language: 'fr', role: 'ponant-role-all' };

  test('cannot lock himself out, whatever he changes of himself or of his role', async () => {
    const { text } = await server.get(MERCHANT, own);
    const [, version = ''] = /name="version" value="(\d+)"/.exec(text) ?? [];
    const as = { ...given, version, restriction: 'nothing' };
    for (const change of [
      { role: 'ponant-role-view' },
      { restriction: 'companies' },
      { lastDay: '2020-01-01' },
      { inactive: '1' },
    ] as const) {
      const answer = await server.post(MERCHANT, own, { ...as, ...change });
      expect(answer.status, JSON.stringify(change)).toBe(422);
      expect(answer.text).toContain('ne se changent pas ici');
    }
    const role = { version: '1', name: 'Tous les droits', administration: 'none' };
    expect((await server.post(MERCHANT, '/roles/ponant-role-all', role)).status).toBe(422);
    expect((await server.post(MERCHANT, own, { ...as, name: 'Camille Le Roux' })).status).toBe(303);
  });
});

test('USR-04: whoever may only look sends no command, and finds no form for one', async () => {
  const user = await newUser('regarde', { role: 'ponant-role-view' });
  await choosePassword(user, FIRST);
  await server.cookie('regarde', FIRST);
  const page = await server.get('regarde', '/fleet/PON-1');
  expect(page.status).toBe(200);
  expect(page.text).not.toContain('/commands/');
  expect((await server.get(MERCHANT, '/fleet/PON-1')).text).toContain('/commands/');
  const reset = { type: 'Hard', understood: '1' };
  expect((await server.post('regarde', '/fleet/PON-1/commands/reset', reset)).status).toBe(404);
  expect((await server.post(MERCHANT, '/fleet/PON-1/commands/reset', reset)).status).not.toBe(404);
});

test('USR-14: who is restricted to stations finds no company, whose settings reach all of its stations', async () => {
  const user = await newUser('deux', { restriction: 'stations', stations: 'pon-1' });
  await choosePassword(user, FIRST);
  await server.cookie('deux', FIRST);
  const isOpen = async (id: string) =>
    /name="openData"\s+value="1"\s+checked/.test((await server.get(MERCHANT, `/stations/${id}`)).text);
  expect([await isOpen('pon-1'), await isOpen('pon-2')]).toEqual([true, true]);
  const answer = await server.post('deux', '/companies/ponant-company-1/apply', { field: 'openData' });
  expect(answer.status).toBe(404);
  expect((await server.get('deux', '/companies/ponant-company-1')).status).toBe(404);
  expect([await isOpen('pon-1'), await isOpen('pon-2')]).toEqual([true, true]);
});

test('a subscription whose contact has the address of a user is refused beside that field', async () => {
  const subscriber = { version: '0', kind: 'chain', language: 'fr', contactEmail: 'direction@reseau.example' };
  const first = { ...subscriber, name: 'Réseau A', administrator: 'reseau.a' };
  expect((await server.post(OPERATOR, '/admin/subscribers', first)).status).toBe(303);
  const second = { ...subscriber, name: 'Réseau B', administrator: 'reseau.b' };
  const refused = await server.post(OPERATOR, '/admin/subscribers', second);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('href="#field-contactEmail"');
});

test('the platform operator makes no user, role or company of nobody, and is offered none', async () => {
  for (const path of ['/users', '/roles']) {
    expect((await server.get(OPERATOR, `${path}/new`)).status).toBe(404);
    const form = { version: '0', name: 'Personne', username: 'personne', language: 'fr', role: 'ponant-role-all' };
    const more = { restriction: 'nothing', administration: 'none' };
    expect((await server.post(OPERATOR, path, { ...form, ...more })).status).toBe(404);
    expect((await server.get(OPERATOR, path)).text).not.toContain(`href="${path}/new"`);
  }
});
