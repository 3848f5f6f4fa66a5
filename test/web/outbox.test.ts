import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOfHtml } from '../fixtures/html.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { aMessage } from '../fixtures/post.ts';

const LINK = 'https://vigie.example/password/reset/t0ken-of-anne';
const letters = [
  aMessage({ key: 'ponant/1', subject: 'Défaut de PON-1', text: 'Voir https://vigie.example/fleet/PON-1 vite.' }),
  aMessage({ key: 'ponant/2', channel: 'sms', to: '+33612345678', subject: 'Stationnement trop long' }),
  aMessage({ key: 'ponant/3', subject: 'Votre mot de passe', text: 'Choisissez-le : {secret}', secret: LINK }),
  aMessage({ key: 'concarneau/1', subject: 'Défaut de CON-1', subscriberId: 'concarneau' }),
  aMessage({ key: 'nobody/1', subject: '<script>alert(1)</script>', subscriberId: null }),
];

let server: OfficeServer;
/** No mail server is configured; SMS go to a port where nobody listens. */
beforeAll(async () => {
  server = await startOfficeServer({ smsUrl: 'http://127.0.0.1:9/send?to={to}&text={text}' });
  for (const letter of letters) await server.vigie.storage.post.queue(letter);
}, 30_000);
afterAll(() => server.stop());

const subjects = async (user: string, path = '/outbox'): Promise<readonly string[]> => {
  const { text } = await server.get(user, path);
  return letters.map(({ subject }) => subject).filter((subject) => text.includes(subject));
};

test('the operator sees every message, an administrator those of his subscription, others have no such page', async () => {
  expect(await subjects(OPERATOR)).toHaveLength(4);
  expect(await subjects('commercant')).toEqual(letters.slice(0, 3).map(({ subject }) => subject));
  expect(await subjects('voisin')).toEqual(['Défaut de CON-1']);
  expect((await server.get(null, '/outbox')).location).toMatch(/^\/login/);
});

test('the outbox is valid, hostile text in it is text, and its filters stand in its address', async () => {
  const { text } = await server.get(OPERATOR, '/outbox');
  expect(await faultsOfHtml(text)).toEqual([]);
  expect(text).not.toContain('<script>alert');
  expect(text).toContain('<a href="https://vigie.example/fleet/PON-1" rel="noreferrer">');
  expect(await subjects('commercant', '/outbox?channel=sms')).toEqual(['Stationnement trop long']);
  expect(await subjects('commercant', '/outbox?q=mot+de+passe')).toEqual(['Votre mot de passe']);
  expect(await subjects('commercant', '/outbox?state=failed')).toEqual([]);
  expect((await server.get('commercant', '/outbox?state=x&channel=y&page=-4')).status).toBe(200);
});

test('a single-use link is shown to the operator alone, and only while mails cannot leave', async () => {
  expect((await server.get(OPERATOR, '/outbox')).text).toContain(LINK);
  expect((await server.get('commercant', '/outbox')).text).not.toContain('t0ken');
  const configured = await startOfficeServer({ mailUrl: 'smtp://127.0.0.1:9' });
  try {
    for (const letter of letters) await configured.vigie.storage.post.queue(letter);
    const { text } = await configured.get(OPERATOR, '/outbox');
    expect(text).toContain('Votre mot de passe');
    expect(text).not.toContain('t0ken');
  } finally {
    await configured.stop();
  }
}, 30_000);

test('a message that was given up is sent again by whose it is', async () => {
  const key = 'ponant/1';
  await server.vigie.storage.post.tried(key, { state: 'failed', atMs: Date.now(), error: '550 no such user' });
  expect((await server.get('commercant', '/outbox')).text).toContain('550 no such user');
  expect((await server.post('voisin', '/outbox/retry', { key })).status).toBe(404);
  expect((await server.post('commercant', '/outbox/retry', { key })).location).toBe('/outbox?retried');
  expect((await server.get('commercant', '/outbox')).text).not.toContain('550 no such user');
});
