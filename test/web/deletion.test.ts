import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { OfficeWrite } from '#src/storage/office-port.ts';
import { knock } from '../fixtures/charger.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

const MERCHANT = 'commercant';
const SESSIONS = 11;
let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
  const badge = { blocked: false, expiresAtMs: null, walletId: null, driver: null, freeService: true };
  await server.vigie.storage.registry.putIdToken({ key: 'TEST-1', idTag: 'TEST-1', ...badge });
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PON-1`);
  if (!dialled.ok) throw new Error('the charger was refused');
  const { charger } = dialled;
  await charger.boot({ chargePointVendor: 'Fabrique', chargePointModel: 'Duo' });
  for (let index = 0; index < SESSIONS; index++) {
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, index, minute)).toISOString();
    const session = { connectorId: 1, idTag: 'TEST-1', meterStart: index, timestamp: at(0) };
    const started = await charger.call('StartTransaction', session);
    const { transactionId } = started as { transactionId: number };
    await charger.call('StopTransaction', { transactionId, meterStop: index, timestamp: at(30) });
  }
  await charger.close();
}, 30_000);
afterAll(() => server.stop());

test.each([
  [MERCHANT, '/stations', 'pon-1'],
  [MERCHANT, '/companies', 'ponant-company-1'],
  [OPERATOR, '/admin/subscribers', 'ponant'],
])('STA-07: %s is asked at %s before sessions go, with their number and a word to type', async (user, path, id) => {
  const { status, text } = await server.post(user, `${path}/delete`, { id });
  expect(status).toBe(200);
  expect(text).toContain('11 recharges');
  expect(text).toContain('effacées pour de bon');
  expect(text).toContain('name="word"');
  const clicked = await server.post(user, `${path}/delete`, { id, confirmed: '1' });
  expect(clicked.status).toBe(422);
});

test('STA-07: of a station without sessions nothing is said about any', async () => {
  const { text } = await server.post(MERCHANT, '/stations/delete', { id: 'pon-2' });
  expect(text).not.toMatch(/\d\s*recharge/);
  expect(text).not.toContain('name="word"');
  expect(text).not.toContain('effacées pour de bon');
});

test('STA-07: sessions go from sight with their station, and come back with it', async () => {
  const page = '/fleet/PON-1/sessions';
  expect((await server.get(MERCHANT, page)).text).toContain('TEST-1');
  const sure = { id: 'pon-1', confirmed: '1', word: 'supprimer' };
  expect((await server.post(MERCHANT, '/stations/delete', sure)).status).toBe(303);
  await until('it gone', async () => (await server.get(MERCHANT, page)).status === 404);
  const [, deletion = ''] = /action="(\/bin\/[^"]+)"/.exec((await server.get(MERCHANT, '/bin')).text) ?? [];
  expect((await server.post(MERCHANT, deletion)).location).toBe('/bin?restored');
  await until('it back', async () => (await server.get(MERCHANT, page)).text.includes('TEST-1'));
});

test('SOC-09: a badge that is nobody’s charges so often before its driver registers, at whatever station of the company', async () => {
  const { formOf } = officeForms(() => server);
  for (const id of ['pon-1', 'pon-2']) {
    const form = await formOf(MERCHANT, `/stations/${id}`);
    const saved = await server.post(MERCHANT, `/stations/${id}`, {
      ...form,
      publicCustomers: '1',
      chargesBeforeRegistration: '2',
    });
    expect(saved.status, saved.text).toBe(303);
  }
  const charge = async (identity: string, meterStart: number) => {
    const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
    if (!dialled.ok) throw new Error('the charger was refused');
    const { charger } = dialled;
    await charger.boot();
    const { idTagInfo } = (await charger.call('Authorize', { idTag: '04NOBODY' })) as {
      idTagInfo: { status: string };
    };
    const start = { idTag: '04NOBODY', meterStart, timestamp: new Date().toISOString() };
    const { transactionId, verdict } = await charger.start(start);
    // A start that is sent again is the same charge.
    const again = await charger.start(start);
    expect(again.verdict).toBe(verdict);
    await charger.stop(transactionId, { meterStop: meterStart + 1_000 });
    await charger.close();
    return [idTagInfo.status, verdict];
  };
  expect(await charge('PON-1', 1)).toEqual(['Accepted', 'Accepted']);
  expect(await charge('PON-2', 2_000)).toEqual(['Accepted', 'Accepted']);
  expect(await charge('PON-1', 4_000)).toEqual(['Invalid', 'Invalid']);
  expect((await server.get(MERCHANT, '/fleet/PON-1/events')).text).toContain('plus de charge sans inscription');
});

describe('LST-08: more than a page of a list', () => {
  const MANY = 620;
  const sure = { confirmed: '1', word: 'supprimer' };

  /** So many customers of the merchant, each with this word in his name. */
  async function customers(word: string, count = MANY): Promise<readonly string[]> {
    const made = await server.post(MERCHANT, '/customers', {
      version: '0',
      name: `${word} modèle`,
      language: 'fr',
      company: 'ponant-company-1',
      country: 'France',
      terms: '1',
    });
    expect(made.status, made.text).toBe(303);
    const { office } = server.vigie.storage;
    const model = await office.findBy(ENTITIES.customer, 'name', `${word} modèle`);
    if (model === null) throw new Error('there is no customer');
    const ids = Array.from({ length: count - 1 }, (_, index) => `${word}-${index}`);
    const writes = ids.map((id, index): OfficeWrite => {
      const values = { ...model.values, name: `${word} ${String(index).padStart(4, '0')}` };
      return { type: 'put', entity: ENTITIES.customer, record: { ...model, id, values } };
    });
    await office.write(writes);
    return [model.id, ...ids];
  }
  const hidden = (text: string, name: string): string =>
    new RegExp(`name="${name}"\\s+value="([^"]+)"`).exec(text)?.[1] ?? '';
  const left = async (word: string): Promise<number> => {
    const scope = [{ subscriberIds: ['ponant'] }];
    return server.vigie.storage.office.count(ENTITIES.customer, { scope, text: word, filters: [] });
  };

  test('all that the filter finds goes bite by bite, others are served meanwhile, and one line of the bin brings it back', async () => {
    await customers('Goéland');
    expect((await server.get(MERCHANT, '/customers?q=goeland')).text).toContain(`Supprimer les ${MANY} résultats`);
    const asked = await server.post(MERCHANT, '/customers/delete', { all: '1', q: 'goeland' });
    expect(asked.status).toBe(200);
    expect(asked.text).toContain(`Supprimer ${MANY} éléments`);
    expect(asked.text).toContain('et 612 autres');
    const selection = hidden(asked.text, 'selection');
    // Without the word nothing goes, and the question stands.
    const again = await server.post(MERCHANT, '/customers/delete', { selection, confirmed: '1', word: 'oui' });
    expect(again.status).toBe(422);
    expect(hidden(again.text, 'selection')).toBe(selection);
    // Who came since the question was not asked about, and nobody else may answer it.
    await customers('Goéland tardif', 1);
    const stranger = await server.post('voisin', '/customers/delete', { selection, ...sure });
    expect(stranger.status).toBe(422);
    expect(await left('goeland')).toBe(MANY + 1);

    const seen: number[] = [];
    const progress = { isDone: false };
    const deletion = server
      .post(MERCHANT, '/customers/delete', { selection, ...sure })
      .finally(() => (progress.isDone = true));
    while (!progress.isDone) {
      seen.push(await left('goeland'));
      expect((await server.get('voisin', '/customers?q=rien')).status).toBe(200);
    }
    expect((await deletion).location).toBe(`/customers?deleted=${MANY}`);
    expect(seen.some((count) => count > 1 && count < MANY)).toBe(true);
    expect(await left('goeland')).toBe(1);
    const twice = await server.post(MERCHANT, '/customers/delete', { selection, ...sure });
    expect(twice.text).toContain('n’est plus connue');

    const bin = await server.get(MERCHANT, '/bin');
    expect(bin.text).toContain(`et ${MANY - 1} de plus`);
    const [, line = ''] = /action="(\/bin\/[^"]+)"/.exec(bin.text) ?? [];
    expect((await server.post('voisin', line)).status).toBe(404);
    // A name that is taken meanwhile holds back nobody but itself.
    const taken = { version: '0', name: 'Goéland 0007', language: 'fr', company: 'ponant-company-1', terms: '1' };
    expect((await server.post(MERCHANT, '/customers', taken)).status).toBe(303);
    expect((await server.post(MERCHANT, line)).location).toBe(`/bin?restored=${MANY - 1}&taken`);
    expect(await left('goeland')).toBe(MANY + 1);
    expect((await server.get(MERCHANT, '/bin')).text).toContain(line);
  }, 30_000);

  test('boxes of a whole list are as good, and what may not go stays and is told', async () => {
    const { office } = server.vigie.storage;
    const role = await office.find(ENTITIES.role, 'ponant-role-view', [{}]);
    if (role === null) throw new Error('there is no role');
    const ids = Array.from({ length: 230 }, (_, index) => `rôle-${index}`.normalize('NFD').replace(/[^\w-]/g, ''));
    await office.write(
      ids.map((id): OfficeWrite => {
        const values = { ...role.values, name: `Saison ${id}`, isAdministrator: false };
        return { type: 'put', entity: ENTITIES.role, record: { ...role, id, version: 1, values } };
      }),
    );
    const asked = await server.post(MERCHANT, '/roles/delete', { id: [...ids, 'ponant-role-all'] });
    expect(asked.text).toContain('Supprimer 231 éléments');
    const done = await server.post(MERCHANT, '/roles/delete', { selection: hidden(asked.text, 'selection'), ...sure });
    expect(done.location).toBe('/roles?deleted=230&left=1');
    expect((await server.get(MERCHANT, done.location ?? '')).text).toContain('Un élément reste');
    expect(await office.find(ENTITIES.role, 'ponant-role-all', [{}])).not.toBeNull();
  });
});
