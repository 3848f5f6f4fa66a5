import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CODE_ATTEMPTS_MAX } from '#web/door/attempts.ts';
import { ownerIdOf } from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { OPERATOR, PASSWORD, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { databasePath } from '../storage/files.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const FIRST = 'Un-mot-de-passe-9';
const SECOND = 'Un-autre-secret-7';

/** A user with a password of his own, signed in. */
async function newUser(username: string, more: Record<string, string> = {}) {
  const given = { name: username, username, language: 'fr', role: 'ponant-role-customers', restriction: 'nothing' };
  const made = await server.post(MERCHANT, '/users', { version: '0', ...given, ...more });
  expect(made.status, made.text).toBe(303);
  const path = new URL(made.location ?? '', server.url).pathname;
  const shown = await server.post(MERCHANT, `${path}/password-link`);
  const [, link = ''] = /<code id="password-link">([^<]+)</.exec(shown.text) ?? [];
  const chosen = await server.post(null, new URL(link).pathname, { password: FIRST, again: FIRST });
  expect(chosen.location).toBe('/login?chosen');
  await server.cookie(username, FIRST);
  return { path, id: path.split('/').at(-1) ?? '' };
}

/** Another browser of his: the cookie of a login that the others know nothing of. */
async function anotherBrowser(username: string, password: string): Promise<string> {
  const answer = await signIn({ username, password });
  expect(answer.status).toBe(303);
  return answer.cookie;
}

async function signIn(
  fields: Record<string, string>,
  path = '/login',
  userAgent = 'Mozilla/5.0 (X11; Linux) Firefox/150.0',
) {
  const answer = await fetch(server.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Site': 'same-origin',
      'User-Agent': userAgent,
    },
    body: new URLSearchParams(fields).toString(),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { status: answer.status, text: await answer.text(), cookie, location: answer.headers.get('location') };
}

/** What the server answers to this cookie at this address, and where it sends. */
async function seenBy(cookie: string, path = '/account') {
  const answer = await fetch(server.url + path, { redirect: 'manual', headers: { Cookie: cookie } });
  return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') };
}

async function accountForm(username: string): Promise<Record<string, string>> {
  const { text } = await server.get(username, '/account');
  const value = (name: string) => new RegExp(`name="${name}"[^>]*?value="([^"]*)"`, 's').exec(text)?.[1] ?? '';
  const [, language = 'fr'] = /<option value="(\w+)"\s+selected/.exec(text) ?? [];
  return {
    ...Object.fromEntries(['version', 'name', 'username', 'email', 'mobile'].map((one) => [one, value(one)])),
    language,
  };
}

describe('« Mon compte »', () => {
  test('ABO-04: shows and changes what a user may change of himself, without any right to users', async () => {
    await newUser('aline');
    const { text } = await server.get('aline', '/account');
    for (const word of [
      'Nom',
      'Identifiant',
      'Nouveau mot de passe',
      'Confirmer le mot de passe',
      'Email',
      'No mobile',
      'Langue',
      'Restrictions',
    ])
      expect(text).toContain(word);
    expect(text).toContain('<output>Clients</output>');
    expect((await server.get('aline', '/users')).status).toBe(404);
    const form = await accountForm('aline');
    const saved = await server.post('aline', '/account', { ...form, name: 'Aline Le Goff', mobile: '06 12 34 56 78' });
    expect(saved.location).toBe('/account?saved');
    expect(await accountForm('aline')).toMatchObject({ name: 'Aline Le Goff', mobile: '0612345678' });
    expect((await server.get(MERCHANT, '/audit')).text).toContain('Aline Le Goff');
  });

  test('ABO-04: gives nobody another role, and no longer life, whatever is posted', async () => {
    const { id } = await newUser('bruno');
    const form = await accountForm('bruno');
    const more = {
      role: 'ponant-role-all',
      restriction: 'companies',
      lastDay: '2040-01-01',
      isAdministrator: '1',
      inactive: '1',
    };
    expect((await server.post('bruno', '/account', { ...form, ...more, name: 'Bruno' })).status).toBe(303);
    const user = await server.vigie.storage.office.find(ENTITIES.user, id, [{}]);
    expect(user?.inactive).toBe(false);
    expect(user?.values).toMatchObject({
      name: 'Bruno',
      role: 'ponant-role-customers',
      restriction: 'nothing',
      lastDay: null,
      isAdministrator: false,
    });
  });

  test('ABO-04: a name or address that another has is refused beside its field', async () => {
    await newUser('claire');
    const form = await accountForm('claire');
    for (const username of [MERCHANT, 'voisin', OPERATOR]) {
      const refused = await server.post('claire', '/account', { ...form, username });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('href="#field-username"');
    }
    const email = 'soizic.kervella@concarneau.example';
    expect((await server.post('claire', '/account', { ...form, email, old: FIRST })).text).toContain(
      'href="#field-email"',
    );
  });

  test('ABO-04: what somebody else has changed meanwhile is told, and nothing of it is lost', async () => {
    const { path } = await newUser('denis');
    const form = await accountForm('denis');
    const theirs = { ...form, role: 'ponant-role-customers', restriction: 'nothing', mobile: '+33600000000' };
    expect((await server.post(MERCHANT, path, theirs)).status).toBe(303);
    const late = await server.post('denis', '/account', { ...form, name: 'Denis B.' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('No mobile');
    expect(await accountForm('denis')).toMatchObject({ name: 'denis', mobile: '+33600000000' });
  });

  test('ABO-05: a password is never shown, left alone when empty, and changed with the present one', async () => {
    await newUser('elise');
    const form = await accountForm('elise');
    expect((await server.get('elise', '/account')).text).not.toMatch(/type="password"[^>]*value=/);
    const wrong = await server.post('elise', '/account', {
      ...form,
      password: SECOND,
      again: SECOND,
      old: 'not it at all',
    });
    expect(wrong.text).toContain('Le mot de passe actuel est incorrect');
    expect(wrong.text).not.toContain(SECOND);
    const differs = await server.post('elise', '/account', { ...form, password: SECOND, again: FIRST, old: FIRST });
    expect(differs.text).toContain('Les deux saisies sont différentes');
    expect((await server.post('elise', '/account', { ...form, name: 'Élise' })).status).toBe(303);
    const other = await anotherBrowser('elise', FIRST);
    const version = (await accountForm('elise'))['version'] ?? '';
    const changed = await server.post('elise', '/account', {
      ...form,
      version,
      password: SECOND,
      again: SECOND,
      old: FIRST,
    });
    expect(changed.location).toBe('/account?saved');
    expect((await seenBy(other)).location).toContain('/login');
    expect((await signIn({ username: 'elise', password: FIRST })).status).toBe(422);
    expect((await signIn({ username: 'elise', password: SECOND })).status).toBe(303);
  });

  test('ABO-05: an address, to which a forgotten password goes, is changed with the password alone', async () => {
    await newUser('fanny');
    const form = { ...(await accountForm('fanny')), email: 'fanny@ponant.example' };
    expect((await server.post('fanny', '/account', form)).status).toBe(422);
    expect((await server.post('fanny', '/account', { ...form, old: FIRST })).status).toBe(303);
  });

  test('a new name goes on in the browser where it was chosen', async () => {
    await newUser('gael');
    const cookie = await anotherBrowser('gael', FIRST);
    const { version = '' } = await accountForm('gael');
    const answer = await fetch(`${server.url}/account`, {
      method: 'POST',
      redirect: 'manual',
      headers: { Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
      body: new URLSearchParams({
        version,
        name: 'Gaël',
        username: 'gael.m',
        language: 'fr',
        email: '',
        mobile: '',
      }).toString(),
    });
    const next = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect((await seenBy(next)).text).toContain('value="gael.m"');
    expect((await seenBy(cookie)).status).toBe(303);
  });

  test('GEN-06, GEN-07: a user’s language goes with him to any browser, and is changed in the bar of any page', async () => {
    const { id } = await newUser('hugo', { language: 'en' });
    expect((await server.get('hugo', '/account')).text).toContain('My account');
    const home = await server.post('hugo', '/language', { language: 'fr' });
    expect(home.location).toBe('/');
    const elsewhere = await anotherBrowser('hugo', FIRST);
    expect((await seenBy(`${elsewhere}; language=en`)).text).toContain('Mon compte');
    expect((await server.vigie.storage.office.find(ENTITIES.user, id, [{}]))?.values['language']).toBe('fr');
    expect((await seenBy('language=en', '/login')).text).toContain('Sign in');
  });

  test('the operator of the configuration has one too, without a form', async () => {
    const { status, text } = await server.get(OPERATOR, '/account');
    expect(status).toBe(200);
    expect(text).toContain('vient de la configuration');
    expect((await server.post(OPERATOR, '/account', {})).status).toBe(404);
  });
});

describe('AUT-12: a temporary password', () => {
  test('is drawn and shown once, ends his logins, and is changed before anything else', async () => {
    const { path } = await newUser('irene');
    const old = await anotherBrowser('irene', FIRST);
    const shown = await server.post(MERCHANT, `${path}/temporary-password`);
    const [, password = ''] = /<code id="temporary-password">([^<]+)</.exec(shown.text) ?? [];
    expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){4}$/);
    expect((await server.get(MERCHANT, path)).text).not.toContain(password);
    expect((await seenBy(old)).location).toContain('/login');
    const cookie = await anotherBrowser('irene', password);
    for (const page of ['/', '/account', '/sessions', '/fleet'])
      expect((await seenBy(cookie, page)).location, page).toBe('/password/change');
    const changed = await fetch(`${server.url}/password/change`, {
      method: 'POST',
      redirect: 'manual',
      headers: { Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
      body: new URLSearchParams({ old: password, password: SECOND, again: SECOND }).toString(),
    });
    expect(changed.status).toBe(303);
    const next = (changed.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect((await seenBy(next)).status).toBe(200);
    expect((await server.get(MERCHANT, '/audit')).text).toContain('Mot de passe temporaire donné');
  });

  test('may be typed, twice the same and strong enough', async () => {
    const { path } = await newUser('jean');
    const refused = await server.post(MERCHANT, `${path}/temporary-password`, { password: 'court', again: 'court' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Au moins 12 caractères.');
    const typed = { password: SECOND, again: SECOND };
    expect((await server.post(MERCHANT, `${path}/temporary-password`, typed)).location).toContain('did=password-set');
    const cookie = await anotherBrowser('jean', SECOND);
    expect((await seenBy(cookie)).location).toBe('/password/change');
  });

  test('is given by nobody to himself, to a stranger’s user, or to who has more rights', async () => {
    const { path } = await newUser('karim');
    expect((await server.post(MERCHANT, '/users/ponant-administrator/temporary-password')).status).toBe(404);
    for (const act of ['temporary-password', 'password-link', 'second-factor/off', 'logins/end']) {
      expect((await server.post('voisin', `${path}/${act}`)).status, act).toBe(404);
      expect((await server.post('karim', `/users/ponant-administrator/${act}`)).status, act).toBe(404);
    }
  });
});

describe('a second factor', () => {
  const codeAt = (secret: string, atMs: number) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: atMs });

  /** Turns it on, and returns what his telephone and his paper hold. */
  async function enrol(username: string) {
    const { text } = await server.get(username, '/account/second-factor');
    const [, secret = ''] = /name="secret" value="([A-Z2-7]{32})"/.exec(text) ?? [];
    expect(text.includes('class="qr-code"')).toBe(true);
    const done = await server.post(username, '/account/second-factor', {
      secret,
      code: codeAt(secret, Date.now()),
      old: FIRST,
    });
    const codes = [...done.text.matchAll(/<li><code>([a-z2-7-]{19})<\/code>/g)].map(([, code = '']) => code);
    expect(codes).toHaveLength(8);
    return { secret, codes };
  }

  async function ticketOf(username: string): Promise<string> {
    const { status, text, cookie } = await signIn({ username, password: FIRST });
    expect([status, cookie]).toEqual([200, '']);
    return /name="ticket" value="([^"]+)"/.exec(text)?.[1] ?? '';
  }

  test('is asked for after the password; no code passes twice, a recovery code passes once', async () => {
    await newUser('lea');
    const { secret, codes } = await enrol('lea');
    const code = codeAt(secret, Date.now() + 30_000);
    const first = await signIn({ ticket: await ticketOf('lea'), code }, '/login/code');
    expect(first.status).toBe(303);
    expect((await seenBy(first.cookie)).status).toBe(200);
    expect((await signIn({ ticket: await ticketOf('lea'), code }, '/login/code')).status).toBe(422);
    const [recovery = ''] = codes;
    const typed = recovery.toUpperCase().replaceAll('-', ' ');
    expect((await signIn({ ticket: await ticketOf('lea'), code: typed }, '/login/code')).status).toBe(303);
    expect((await signIn({ ticket: await ticketOf('lea'), code: recovery }, '/login/code')).status).toBe(422);
    expect((await server.get('lea', '/account/second-factor')).text).toContain('7 codes de secours');
    expect((await server.get(MERCHANT, '/audit')).text).toContain('Connexion par code de secours');
  });

  test('is not turned on with a wrong code or a wrong password, and nothing of it is in the record or its export', async () => {
    const { id } = await newUser('malo');
    const { text } = await server.get('malo', '/account/second-factor');
    const [, secret = ''] = /name="secret" value="([A-Z2-7]{32})"/.exec(text) ?? [];
    const good = { secret, code: codeAt(secret, Date.now()), old: FIRST };
    const late = { ...good, code: codeAt(secret, Date.now() - 300_000) };
    for (const wrong of [late, { ...good, old: SECOND }, { ...good, secret: 'hello' }])
      expect((await server.post('malo', '/account/second-factor', wrong)).status).toBe(422);
    expect(await server.vigie.storage.office.credentials.factor(id)).toBeNull();
    expect((await server.post('malo', '/account/second-factor', good)).status).toBe(200);
    const csv = await server.get(MERCHANT, '/users.csv');
    expect(csv.text).toContain('malo');
    expect(csv.text).not.toContain(secret);
    expect(JSON.stringify(await server.vigie.storage.office.find(ENTITIES.user, id, [{}]))).not.toContain(secret);
  });

  test('codes are limited like passwords, whatever the address: even the right one waits', async () => {
    await newUser('nora');
    const { secret } = await enrol('nora');
    const ticket = await ticketOf('nora');
    for (let at = 0; at < CODE_ATTEMPTS_MAX; at++)
      expect((await signIn({ ticket, code: '000000' }, '/login/code')).status).toBe(422);
    const locked = await signIn({ ticket, code: codeAt(secret, Date.now() + 30_000) }, '/login/code');
    expect(locked.status).toBe(429);
    expect(locked.text).toContain('Réessayez dans 15 minutes');
  });

  test('without a ticket there is no second step', async () => {
    const answer = await signIn({ ticket: 'made up', code: '123456' }, '/login/code');
    expect([answer.status, answer.cookie]).toEqual([422, '']);
  });

  test('is turned off with the password, and by an administrator for who has lost his telephone', async () => {
    const { path } = await newUser('oscar');
    await enrol('oscar');
    expect((await server.post('oscar', '/account/second-factor/off', { old: SECOND })).status).toBe(422);
    expect((await server.post('oscar', '/account/second-factor/off', { old: FIRST })).location).toBe('/account');
    expect((await signIn({ username: 'oscar', password: FIRST })).status).toBe(303);
    await enrol('oscar');
    expect((await server.get(MERCHANT, path)).text).toContain('Double authentification\u00a0: activée');
    expect((await server.post(MERCHANT, `${path}/second-factor/off`)).location).toContain('did=factor-off');
    expect((await signIn({ username: 'oscar', password: FIRST })).status).toBe(303);
    expect((await server.get(MERCHANT, '/audit')).text).toContain('Double authentification retirée');
  });

  test('is the operator’s too', async () => {
    const { text } = await server.get(OPERATOR, '/account/second-factor');
    const [, secret = ''] = /name="secret" value="([A-Z2-7]{32})"/.exec(text) ?? [];
    const form = { secret, code: codeAt(secret, Date.now()), old: PASSWORD };
    expect((await server.post(OPERATOR, '/account/second-factor', form)).text).toContain('codes de secours');
    expect((await signIn({ username: OPERATOR, password: PASSWORD })).text).toContain('name="ticket"');
    await server.post(OPERATOR, '/account/second-factor/off', { old: PASSWORD });
    expect((await signIn({ username: OPERATOR, password: PASSWORD })).status).toBe(303);
  });
});

test(
  'a start takes the second factor off an operator who has lost his telephone; one with a new password ends his logins',
  { timeout: 60_000 },
  async () => {
    const database = await databasePath();
    const ownerId = ownerIdOf(null, OPERATOR);
    const first = await startOfficeServer({ database });
    const { office, registry } = first.vigie.storage;
    const factor = { secret: 'A'.repeat(32), sinceMs: 1, lastStep: 1 };
    await office.write([{ type: 'factor-on', ownerId, factor, recoveryHashes: ['a', 'b'] }]);
    const open = { tokenHash: 'open', username: OPERATOR, userId: null, createdAtMs: Date.now(), expiresAtMs: 9e15 };
    await registry.putLogin({ ...open, address: null, browser: null, enteredId: null });
    await expect(first.cookie(OPERATOR)).rejects.toThrow('cannot sign in: 200');
    await first.stop();
    const second = await startOfficeServer({ database, operatorForgetsFactor: true });
    expect(await second.cookie(OPERATOR)).toBeTruthy();
    expect(await second.vigie.storage.office.credentials.recoveryCodes(ownerId)).toBe(0);
    expect(await second.vigie.storage.registry.login('open')).not.toBeNull();
    await second.stop();
    const third = await startOfficeServer({ database, operatorPassword: SECOND });
    expect(await third.vigie.storage.registry.login('open')).toBeNull();
    expect(await third.cookie(OPERATOR, SECOND)).toBeTruthy();
    await third.stop();
  },
);

test('a login leads each kind of account to its own first page', async () => {
  for (const username of ['integrateur', MERCHANT]) {
    const { location } = await signIn({ username, password: PASSWORD });
    expect(location).toBe('/');
    expect((await server.get(username, '/')).location).toBe(username === MERCHANT ? '/fleet' : '/models');
  }
});

describe('the logins of a user', () => {
  test('are listed with when, where and which browser; one, or all others, can be ended', async () => {
    await newUser('paul');
    const phone = await signIn(
      { username: 'paul', password: FIRST },
      '/login',
      'Mozilla/5.0 (iPhone) Version/19.0 Safari/604.1',
    );
    const third = await anotherBrowser('paul', FIRST);
    const { text } = await server.get('paul', '/account');
    expect(text).toContain('Safari, iOS');
    expect(text).toContain('127.0.0.1');
    expect(text.match(/Celle-ci/g)).toHaveLength(1);
    const handles = [...text.matchAll(/\/account\/logins\/(\w+)\/end/g)].map(([, handle = '']) => handle);
    expect(handles).toHaveLength(2);
    const [newest = ''] = handles;
    expect((await server.post('paul', `/account/logins/${newest}/end`)).status).toBe(303);
    expect((await seenBy(third)).status).toBe(303);
    expect((await seenBy(phone.cookie)).status).toBe(200);
    await server.post('paul', '/account/logins/end');
    expect((await seenBy(phone.cookie)).status).toBe(303);
    expect((await server.get('paul', '/account')).status).toBe(200);
  });

  test('are ended by nobody else for knowing what they are called', async () => {
    await newUser('rose');
    const other = await anotherBrowser('rose', FIRST);
    const { text } = await server.get('rose', '/account');
    const [, handle = ''] = /\/account\/logins\/(\w+)\/end/.exec(text) ?? [];
    expect((await server.post('voisin', `/account/logins/${handle}/end`)).status).toBe(404);
    expect((await seenBy(other)).status).toBe(200);
  });

  test('are all ended by an administrator, with their open streams', async () => {
    const { path } = await newUser('sami', { role: 'ponant-role-all' });
    const cookie = await anotherBrowser('sami', FIRST);
    const stream = await fetch(`${server.url}/fleet/live?since=0`, {
      headers: { Cookie: cookie, Accept: 'text/event-stream' },
    });
    const reader = stream.body?.getReader();
    await reader?.read();
    expect((await server.get(MERCHANT, path)).text).toContain('2 connexions ouvertes');
    expect((await server.post(MERCHANT, `${path}/logins/end`)).location).toContain('did=logins-ended');
    let last = await reader?.read();
    while (last?.done === false) last = await reader?.read();
    expect(last?.done).toBe(true);
    expect((await seenBy(cookie)).status).toBe(303);
  });
});
