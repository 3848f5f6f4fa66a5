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
  test('is never the platform operator’s for having had his name', async () => {
    const user = await newUser(OPERATOR);
    await choosePassword(user, FIRST);
    await expect(server.cookie(OPERATOR, FIRST)).rejects.toThrow('cannot sign in');
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
