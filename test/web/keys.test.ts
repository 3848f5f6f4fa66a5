import { expect, test } from 'vitest';
import { oneLine } from '../fixtures/one-line.ts';
import { fixtureWeb, signedIn } from '../fixtures/web-server.ts';

async function maintainer() {
  const web = fixtureWeb({ manual: true });
  const cookie = await signedIn(web.app);
  const script = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' };
  const get = async (path: string, withScript = false) =>
    web.app.request(`/fleet/${path}`, { headers: { Cookie: cookie, ...(withScript ? script : {}) } });
  const send = async (fields: Record<string, string>, withScript = false) =>
    web.app.request('/fleet/MAD-1000/keys', {
      method: 'POST',
      headers: {
        Cookie: cookie,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site': 'same-origin',
        ...(withScript ? script : {}),
      },
      body: new URLSearchParams(fields).toString(),
    });
  return { ...web, get, send };
}

test('OCP-18, OCP-19: each key’s name opens the form that changes its value', async () => {
  const { get } = await maintainer();
  const page = oneLine(await (await get('MAD-1000')).text());
  expect(page).toContain('Récupération configuration');
  const [, href = ''] = /<a class="key-link" href="\/fleet\/(MAD-1000\/keys\?key=HeartbeatInterval)"/.exec(page) ?? [];
  const form = oneLine(await (await get(href)).text());
  expect(form).toContain('Changer la clé HeartbeatInterval');
  expect(form).toContain('name="value" value="300"');
  expect(form).toContain('Forcer cette valeur');
  expect(form).not.toMatch(/id="key-force"[^>]* checked/);
  expect(oneLine(await (await get('MAD-1000/keys?key=NumberOfConnectors')).text())).toContain('lecture seule');
});

test('OCP-20: a forced value is shown as awaiting until the charger has answered, and is ticked in its form', async () => {
  const { get, send, directory } = await maintainer();
  const answer = await send({ key: 'LightIntensity', value: '20', force: 'on' });
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/fleet/MAD-1000#configuration']);
  expect(directory.asked.get('command')).toBeUndefined();
  const page = oneLine(await (await get('MAD-1000')).text());
  expect(page).toMatch(/forcée par \S+<\/span><\/dt><dd>20 <span class="key-phase p-awaiting"/);
  expect(oneLine(await (await get('MAD-1000/keys?key=lightintensity')).text())).toMatch(/id="key-force"[^>]* checked/);
});

test('OCP-20: unticked, the value is sent once as a command, and forced no longer', async () => {
  const { get, send, directory } = await maintainer();
  await send({ key: 'LightIntensity', value: '20', force: 'on' });
  const text = oneLine(await (await send({ key: 'LightIntensity', value: '30' }, true)).text());
  expect(text).toContain('<hx-partial hx-target="#cp-recent"');
  expect(text).toContain('LightIntensity = 30');
  expect(directory.asked.get('command')).toBe(1);
  expect(await (await get('MAD-1000')).text()).not.toContain('key-phase');
});

test.each([
  [{ key: '', value: '1' }, 'Ce champ est obligatoire.'],
  [{ key: 'k'.repeat(51), value: '1' }, 'Au plus 50 caractères.'],
  [{ key: 'k', value: 'v'.repeat(501) }, 'Au plus 500 caractères.'],
  [{ key: 'AuthorizationKey', value: 's', force: 'on' }, 'ne peut pas être forcée'],
] as const)('a key posted as %o is answered 422: %s', async (fields, sentence) => {
  const { send, directory } = await maintainer();
  const [whole, fragment] = [await send({ ...fields }), await send({ ...fields }, true)];
  expect([whole.status, fragment.status]).toEqual([422, 422]);
  const text = await whole.text();
  expect(text).toContain('<title>Erreur\u00a0:');
  expect(text).toContain(sentence);
  expect(await fragment.text()).toContain('aria-invalid="true"');
  expect(directory.asked.get('force-key')).toBeUndefined();
});

test('OCP-20: in the absence of the charger a value can be forced, but not sent once', async () => {
  const { send, directory } = await maintainer();
  directory.change('MAD-1000', { linked: false });
  const refused = await send({ key: 'LightIntensity', value: '30' });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('La borne est absente');
  expect((await send({ key: 'LightIntensity', value: '30', force: 'on' })).status).toBe(303);
});
