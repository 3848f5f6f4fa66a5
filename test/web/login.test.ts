import { expect, test } from 'vitest';
import { ATTEMPTS_MAX, ATTEMPTS_PER_ADDRESS_MAX, LOCK_MS, LoginAttempts, REMEMBERED_MAX } from '#web/door/attempts.ts';
import { LOGIN_MS } from '#web/door/login.ts';
import { fixtureWeb, PASSWORD, signedIn, USERNAME } from '../fixtures/web-server.ts';

const attempt = (password: string, more: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
  body: new URLSearchParams({ username: USERNAME, password, ...more }).toString(),
});

test('a right password opens the page that was asked for, with a cookie that scripts and other sites cannot use', async () => {
  const { app, logins } = fixtureWeb({ manual: true });
  const answer = await app.request('/login', attempt(PASSWORD, { next: '/fleet/MAD-1000' }));
  const cookie = answer.headers.get('Set-Cookie') ?? '';
  expect(answer.headers.get('Location')).toBe('/fleet/MAD-1000');
  expect(cookie).toMatch(/^vigie=.+HttpOnly/);
  expect(cookie).toContain('SameSite=Lax');
  expect(cookie).not.toContain('Secure');
  const token = /^vigie=([^;]+)/.exec(cookie)?.[1] ?? '';
  expect([...logins.keys()].join()).not.toContain(token);
});

test('the cookie travels over TLS alone where the page did', async () => {
  const { app } = fixtureWeb({ manual: true });
  expect((await app.request('https://vigie.example/login', attempt(PASSWORD))).headers.get('Set-Cookie')).toContain(
    'Secure',
  );
});

test('a wrong password is answered 422 in the same form, without saying which half was wrong', async () => {
  const { app } = fixtureWeb({ manual: true });
  const wrong = await app.request('/login', attempt('not it'));
  const unknown = await app.request('/login', attempt('not it', { username: 'nobody' }));
  expect(wrong.status).toBe(422);
  const sentence = 'Identifiant ou mot de passe incorrect.';
  expect(await wrong.text()).toContain(sentence);
  expect(await unknown.text()).toContain(sentence);
});

test('after too many wrong passwords even the right one waits, and the page says how long', async () => {
  const { app, clock } = fixtureWeb({ manual: true });
  for (let at = 0; at < ATTEMPTS_MAX; at++) await app.request('/login', attempt('not it'));
  const locked = await app.request('/login', attempt(PASSWORD));
  expect(locked.status).toBe(429);
  expect(await locked.text()).toContain('Réessayez dans 15 minutes');
  clock.offsetMs = LOCK_MS + 1;
  expect((await app.request('/login', attempt(PASSWORD))).status).toBe(303);
});

test('one address cannot try one password on many names', () => {
  const attempts = new LoginAttempts();
  for (let at = 0; at < ATTEMPTS_PER_ADDRESS_MAX; at++) attempts.begun(`user-${at}`, '203.0.113.9', 0);
  expect(attempts.lockedMs('another', '203.0.113.9', 0)).toBe(LOCK_MS);
  expect(attempts.lockedMs('another', '203.0.113.10', 0)).toBe(0);
});

test('the memory of wrong passwords is bounded', () => {
  const attempts = new LoginAttempts();
  for (let at = 0; at < ATTEMPTS_MAX; at++) attempts.begun('first', 'a', 0);
  for (let at = 0; at < REMEMBERED_MAX; at++) attempts.begun('other', `address-${at}`, 0);
  expect(attempts.lockedMs('first', 'a', 0)).toBe(0);
});

test('signing out ends the login and its open streams', async () => {
  const { app } = fixtureWeb({ manual: true });
  const cookie = await signedIn(app);
  const stream = await app.request('/fleet/live?since=60', { headers: { Cookie: cookie } });
  const reader = stream.body?.getReader();
  await reader?.read();
  await app.request('/logout', {
    method: 'POST',
    headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  expect((await reader?.read())?.done).toBe(true);
  expect((await app.request('/fleet', { headers: { Cookie: cookie } })).headers.get('Location')).toBe('/login');
});

test('a login ends by itself', async () => {
  const { app, clock } = fixtureWeb({ manual: true });
  const cookie = await signedIn(app);
  clock.offsetMs = LOGIN_MS + 1;
  expect((await app.request('/fleet', { headers: { Cookie: cookie } })).status).toBe(303);
});

test('the demonstration shows its credentials, another server nothing', async () => {
  const demo = fixtureWeb({ manual: true });
  const real = fixtureWeb({ manual: true, demo: null });
  expect(await (await demo.app.request('/login')).text()).toContain(PASSWORD);
  expect(await (await real.app.request('/login')).text()).not.toContain('démonstration');
});
