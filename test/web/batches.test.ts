import { expect, test } from 'vitest';
import { BATCH_MAX } from '#web/views/batch.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { oneLine } from '../fixtures/one-line.ts';
import { fixtureWeb, signedIn } from '../fixtures/web-server.ts';

/** What is not about one connector, one session or one person. */
const FOR_MANY = [
  'reset',
  'availability',
  'trigger-message',
  'data-transfer',
  'get-configuration',
  'change-configuration',
  'list-version',
  'send-list',
  'clear-cache',
  'set-profile',
  'clear-profile',
  'composite',
  'extended-trigger',
  'certificate-ids',
  'install-certificate',
  'delete-certificate',
];

async function maintainer() {
  const web = fixtureWeb({ manual: true });
  const cookie = await signedIn(web.app);
  const get = async (path: string) => (await web.app.request(path, { headers: { Cookie: cookie } })).text();
  const send = (path: string, ids: readonly string[], fields: Record<string, string> = {}) =>
    web.app.request(path, {
      method: 'POST',
      headers: {
        Cookie: cookie,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site': 'same-origin',
      },
      body: new URLSearchParams([...ids.map((id) => ['id', id]), ...Object.entries(fields)]).toString(),
    });
  return { ...web, get, send };
}

test('each row of the fleet can be chosen, without a script too', async () => {
  const { get, send, directory } = await maintainer();
  const page = oneLine(await get('/fleet'));
  expect(page).toMatch(/<form method="post" action="\/commands\/new" data-selection/);
  expect(page.match(/<input type="checkbox" name="id" value="[^"]+"/g)?.length).toBeGreaterThan(10);
  const [first = '', second = ''] = directory.ids();
  const forms = oneLine(await (await send('/commands/new', [first, second, 'NOWHERE'])).text());
  expect(forms).toContain('2 bornes choisies');
  expect(forms).not.toContain('NOWHERE');
  expect(await faultsOfHtml(forms)).toEqual([]);
  const offered = [...forms.matchAll(/action="\/commands\/([\w-]+)"/g)].map(([, name]) => name);
  expect(new Set(offered)).toEqual(new Set(FOR_MANY));
});

test('the same command goes to each of them, and one table says what became of it', async () => {
  const { get, send, directory } = await maintainer();
  const [first = '', second = '', absent = ''] = directory.ids();
  directory.change(absent, { linked: false });
  for (const id of [first, second]) directory.change(id, { linked: true });
  const answer = await send('/commands/clear-cache', [first, second, absent]);
  expect(answer.status).toBe(303);
  const path = answer.headers.get('Location') ?? '';
  const before = oneLine(await get(path));
  expect(before).toContain('1 sur 3 terminées');
  expect(before).toContain('la borne n’a pas de liaison ouverte');
  expect(await faultsOfHtml(before)).toEqual([]);
  const page = oneLine(await get(`/fleet/${first}`));
  const [, id = ''] = /id="command-([\w-]+)"/.exec(page) ?? [];
  directory.progress(id, 'done', { detail: 'Accepted' });
  expect(oneLine(await get(path))).toContain('2 sur 3 terminées');
});

test('absent chargers wait as long as the form says, and what waits is withdrawn at once', async () => {
  const { get, send, directory } = await maintainer();
  const [absent = ''] = directory.ids();
  directory.change(absent, { linked: false });
  const answer = await send('/commands/clear-cache', [absent], { wait: '24' });
  const path = answer.headers.get('Location') ?? '';
  expect(await get(path)).toContain('attend la borne jusqu’au');
  expect((await send(`${path}/withdraw`, [])).status).toBe(303);
  const after = await get(path);
  expect(after).toContain('la commande a été retirée');
  expect(after).not.toContain('Retirer celles qui attendent');
  expect((await send('/commands/none/withdraw', [])).status).toBe(404);
});

test('OCP-20: a value is forced on each of them, and sent once to each', async () => {
  const { send, directory } = await maintainer();
  const ids = directory.ids().slice(0, 3);
  const answer = await send('/commands/change-configuration', ids, { key: 'Delay', value: '3', force: 'on' });
  expect(answer.status).toBe(303);
  expect([directory.asked.get('force-key'), directory.asked.get('command')]).toEqual([3, 3]);
});

test.each([
  ['send-list', { updateType: 'Full', listVersion: '3', tags: '04A2' }, 'Envoyer la liste locale · complète · 1 badge'],
  [
    'set-profile',
    { purpose: 'ChargePointMaxProfile', connectorId: '0', limit: '32', unit: 'A', stackLevel: '0', profileId: '1' },
    'Limiter la puissance',
  ],
  ['certificate-ids', { certificateType: 'CentralSystemRootCertificate' }, 'Lire les certificats installés'],
] as const)('%s with %o goes to many, and waits for those that are absent', async (name, fields, title) => {
  const { get, send, directory } = await maintainer();
  const ids = directory.ids().slice(0, 3);
  directory.change(ids[0] ?? '', { linked: false });
  const answer = await send(`/commands/${name}`, ids, { ...fields, wait: '8' });
  expect(answer.status).toBe(303);
  const table = oneLine(await get(answer.headers.get('Location') ?? ''));
  expect(table).toContain(title);
  expect(table).toContain('0 sur 3 terminées');
});

test('the form that was wrong stands open in its group, with what was typed; nobody’s session can be limited for many', async () => {
  const { send, directory } = await maintainer();
  const answer = await send('/commands/set-profile', directory.ids().slice(0, 2), { limit: 'beaucoup', unit: 'W' });
  const text = oneLine(await answer.text());
  expect(answer.status).toBe(422);
  expect(text).toMatch(/<details id="commands-energy" class="command-group" +open ?>/);
  expect(text).toMatch(/<details id="commands-security" class="command-group" ?>/);
  expect(text).toContain('value="beaucoup"');
  const form = /<form[^>]*action="\/commands\/set-profile".*?<\/form>/.exec(text)?.[0] ?? '';
  expect(form).toContain('value="TxDefaultProfile"');
  expect(form).not.toContain('value="TxProfile"');
});

test.each([
  ['reset', { type: 'Soft' }, 'Cochez la case pour confirmer.'],
  ['change-configuration', { key: '', value: '1' }, 'Ce champ est obligatoire.'],
  ['change-configuration', { key: 'AuthorizationKey', value: '1', force: 'on' }, 'ne peut pas être forcée'],
] as const)('%s with %o to many is answered 422, and nothing is sent', async (name, fields, sentence) => {
  const { send, directory } = await maintainer();
  const answer = await send(`/commands/${name}`, directory.ids().slice(0, 2), fields);
  expect(answer.status).toBe(422);
  const text = oneLine(await answer.text());
  expect(text).toContain(sentence);
  expect(text).toContain('<title>Erreur :');
  expect(text).toContain('2 bornes choisies');
  expect([directory.asked.get('force-key'), directory.asked.get('command')]).toEqual([undefined, undefined]);
});

test(`at most ${BATCH_MAX} chargers are commanded at once, and at least one`, async () => {
  const { send } = await maintainer();
  const many = Array.from({ length: BATCH_MAX + 1 }, (_, index) => `CP${index}`);
  for (const path of ['/commands/new', '/commands/clear-cache']) {
    const answer = await send(path, many);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(`au plus ${BATCH_MAX} bornes`);
    expect((await send(path, [])).status).toBe(422);
  }
});

test('what is about one connector or one person is not for many, nor files without a drop, and an unknown batch is not found', async () => {
  const { app, send, directory } = await maintainer();
  for (const name of ['remote-start', 'unlock', 'reserve', 'explode', 'firmware', 'logs'])
    expect((await send(`/commands/${name}`, directory.ids().slice(0, 1), { connectorId: '1' })).status).toBe(404);
  const cookie = await signedIn(app);
  for (const path of ['/commands/none', '/commands/none/live'])
    expect((await app.request(path, { headers: { Cookie: cookie } })).status).toBe(404);
});
