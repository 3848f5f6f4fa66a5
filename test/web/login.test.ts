import { expect, test } from 'vitest';
import {
  ATTEMPTS_MAX,
  ATTEMPTS_PER_ADDRESS_MAX,
  ATTEMPTS_PER_NAME_MAX,
  LOCK_MS,
  LoginAttempts,
  REMEMBERED_MAX,
} from '#web/door/attempts.ts';
import { browserFamily } from '#web/door/browser.ts';
import { LOGIN_MS } from '#web/door/login.ts';
import { TICKET_MS, Tickets, TICKETS_MAX } from '#web/door/tickets.ts';
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

test('AUT-07: many addresses cannot try many passwords on one name', () => {
  const attempts = new LoginAttempts();
  for (let at = 0; at < ATTEMPTS_PER_NAME_MAX; at++) attempts.begun('Ada', `198.51.100.${at}`, 0);
  expect(attempts.lockedMs('ada', '203.0.113.9', 0)).toBe(LOCK_MS);
  expect(attempts.lockedMs('bob', '203.0.113.9', 0)).toBe(0);
  attempts.succeeded('ada', '203.0.113.9');
  expect(attempts.lockedMs('ada', '203.0.113.9', 0)).toBe(0);
});

test('AUT-07: a hundred passwords tried at once are a hundred, and not as many as there is time for', async () => {
  const { app } = fixtureWeb({ manual: true });
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, at) => app.request('/login', attempt(`no ${at}`))),
  );
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(ATTEMPTS_MAX);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(100 - ATTEMPTS_MAX);
});

test('right passwords from one address lock nobody out', () => {
  const attempts = new LoginAttempts();
  for (let at = 0; at < 2 * ATTEMPTS_PER_ADDRESS_MAX; at++) {
    attempts.begun(`user-${at}`, 'office', 0);
    attempts.succeeded(`user-${at}`, 'office');
  }
  expect(attempts.lockedMs('another', 'office', 0)).toBe(0);
});

test('who is between two steps is remembered for a while, and not without bound', () => {
  const tickets = new Tickets();
  const ticket = { username: 'ada', passwordSinceMs: 0, next: '/' };
  tickets.put('first', ticket, 0);
  expect(tickets.find('first', TICKET_MS - 1)).toMatchObject(ticket);
  expect(tickets.find('first', TICKET_MS)).toBeNull();
  for (let at = 0; at < TICKETS_MAX; at++) tickets.put(`other-${at}`, ticket, 0);
  expect(tickets.find('first', 0)).toBeNull();
  tickets.use('other-9');
  expect(tickets.find('other-9', 0)).toBeNull();
});

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox, Windows'],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36 Edg/150.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile Safari/537.36',
    'Chrome, Android',
  ],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1', 'Safari, iOS'],
  ['curl/8.9', null],
  ['', null],
])('%s is %s to its user', (userAgent, family) => {
  expect(browserFamily(userAgent)).toBe(family);
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

test('behind a proxy that is configured, attempts are counted by who is in front of it, and a forged header changes nothing', async () => {
  const from = (forwarded: string, proxies: number) => {
    const { app } = fixtureWeb({ manual: true, proxies });
    return async (at: number) => {
      const request = attempt('not it', { username: `user-${at}` });
      const headers = { ...request.headers, 'X-Forwarded-For': forwarded.replace('#', String(at)) };
      return (await app.request('/login', { ...request, headers })).status;
    };
  };
  const last = async (ask: (at: number) => Promise<number>): Promise<number> => {
    for (let at = 0; at < ATTEMPTS_PER_ADDRESS_MAX; at++) await ask(at);
    return ask(ATTEMPTS_PER_ADDRESS_MAX);
  };
  expect(await last(from('203.0.113.#', 1))).toBe(422);
  expect(await last(from('198.51.100.#, 203.0.113.9', 1))).toBe(429);
  expect(await last(from('203.0.113.#', 0))).toBe(429);
  expect(await last(from('not an address #', 1))).toBe(429);
});
