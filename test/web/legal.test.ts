import { expect, test } from 'vitest';
import { LEGAL_PAGES } from '#web/i18n/legal-text.ts';
import { fixtureWeb, signedIn } from '../fixtures/web-server.ts';

const SITE = {
  publicUrl: null,
  publisher: 'Syndicat d’énergie <29>, Camille Roux',
  publisherAddress: '12 quai de la Douane, 29200 Brest',
  contact: 'contact@energie.example',
  host: 'Hébergeur du Ponant, Brest',
};
const PHONE = 'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36';
const DESK = 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/150.0';

test.each(LEGAL_PAGES)(
  'SUB-06: /%s is read without a login, in both languages, and linked below every page',
  async (page) => {
    const { app } = fixtureWeb({ manual: true, site: SITE });
    const french = await app.request(`/${page}`);
    expect(french.status).toBe(200);
    expect(await french.text()).toContain('contact@energie.example');
    const english = await (await app.request(`/${page}`, { headers: { Cookie: 'language=en' } })).text();
    expect(english).toContain('<html lang="en"');
    for (const path of ['/login', '/fleet', '/nowhere']) {
      const text = await (await app.request(path, { headers: { Cookie: await signedIn(app) } })).text();
      if (path !== '/login') expect(text, path).toContain(`href="/${page}"`);
    }
    expect(await (await app.request('/login')).text()).toContain(`href="/${page}"`);
  },
);

test('SUB-06: the legal notice names who runs and hosts the server, and whose open data it uses', async () => {
  const { app } = fixtureWeb({ manual: true, site: SITE });
  const text = await (await app.request('/legal')).text();
  for (const word of [
    'Syndicat d’énergie &lt;29&gt;',
    '29200 Brest',
    'Hébergeur du Ponant',
    'INSEE, La Poste',
    'GeoNames, CC BY 4.0',
  ])
    expect(text).toContain(word);
  const bare = fixtureWeb({ manual: true });
  expect(await (await bare.app.request('/legal')).text()).toContain('non renseigné dans la configuration');
});

test('a legal page keeps the menu of whoever is signed in', async () => {
  const { app } = fixtureWeb({ manual: true, site: SITE });
  const text = await (await app.request('/privacy', { headers: { Cookie: await signedIn(app) } })).text();
  expect(text).toContain('href="/fleet"');
  expect(await (await app.request('/privacy')).text()).not.toContain('href="/fleet"');
});

test('GEN-02: a device gets its version by itself, and the link below every page switches to the other and back', async () => {
  const { app } = fixtureWeb({ manual: true });
  const see = async (userAgent: string, cookie = '') =>
    (await app.request('/login', { headers: { 'User-Agent': userAgent, Cookie: cookie } })).text();
  const wide = 'content="width=1280"';
  expect(await see(PHONE)).toContain('Version bureau');
  expect(await see(PHONE)).not.toContain(wide);
  expect(await see(DESK)).toContain('Version mobile');
  const chosen = await app.request('/layout', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams({ layout: 'desktop', next: '/privacy' }).toString(),
  });
  expect([chosen.status, chosen.headers.get('Location')]).toEqual([303, '/privacy']);
  expect(chosen.headers.get('Set-Cookie')).toMatch(/^layout=desktop; Max-Age=\d+/);
  expect(await see(PHONE, 'layout=desktop')).toContain(wide);
  expect(await see(PHONE, 'layout=desktop')).toContain('Version mobile');
  expect(await see(PHONE, 'layout=mobile')).not.toContain(wide);
  const small = await see(DESK, 'layout=mobile');
  expect(small).toContain('Version bureau');
  const [, sheet = ''] = /href="(\/assets\/styles-mobile\.css[^"]+)"/.exec(small) ?? [];
  const css = await (await app.request(sheet)).text();
  expect(css).toContain('@media all {');
  expect(css).not.toMatch(/@media \(m(?:ax|in)-width/);
});
