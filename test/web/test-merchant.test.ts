import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Saved } from '#actors/office/messages.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { isTestMerchant } from '#src/domain/office/entities/subscriber.ts';
import type { Values } from '#src/domain/office/field.ts';
import { sectionsOf, type Viewer } from '#src/domain/office/viewer.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const EVERYTHING = [{}] as const;

async function subscribe(kind: string, name: string): Promise<string> {
  const fields = { version: '0', kind, name, administrator: name.toLowerCase(), language: 'fr' };
  const made = await server.post(OPERATOR, '/admin/subscribers', fields);
  expect(made.status, made.text).toBe(303);
  return new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
}

async function subscriber(id: string) {
  return server.vigie.storage.office.find(ENTITIES.subscriber, id, EVERYTHING);
}

/** Whoever works in this account, with all rights. */
function within(subscriberId: string): Viewer {
  return {
    name: 'essais',
    kind: 'merchant',
    subscriberId,
    rights: Object.fromEntries(sectionsOf('merchant').map((section) => [section, 'modify' as const])),
    restriction: { to: 'nothing' },
    options: new Set(),
    merchantIds: new Set(),
    maintainedCompanyIds: new Set(),
  };
}

async function save(viewer: Viewer, entity: 'company' | 'station', id: string | null, values: Values): Promise<Saved> {
  const { office } = server.vigie.storage;
  const before = id === null ? null : await office.find(ENTITIES[entity], id, EVERYTHING);
  return server.vigie.chargers.supervision.directory.office(viewer).ask<Saved>((replyTo) => ({
    type: 'save',
    entity,
    id,
    newId: `new-${entity}`,
    version: before?.version ?? 0,
    values: { ...before?.values, ...values },
    custom: {},
    inactive: false,
    atMs: 9,
    replyTo,
  }));
}

describe('a test merchant', () => {
  test.each([
    ['maintainer', 'Loire'],
    ['integrator', 'Forges'],
    ['gateway', 'Relais'],
  ])('MPU-10, INT-07: comes with the subscription of a %s, with its company and roles', async (kind, name) => {
    const id = await subscribe(kind, name);
    const testMerchant = String((await subscriber(id))?.values['testMerchant']);
    const record = await subscriber(testMerchant);
    expect(record?.values).toMatchObject({ kind: 'merchant', testOf: id, name: `${name} – test` });
    expect(isTestMerchant(record?.values ?? {})).toBe(true);
    const company = await server.vigie.storage.office.find(ENTITIES.company, `${testMerchant}-company-1`, EVERYTHING);
    expect(company?.values).toMatchObject({ number: 1, name, visibleToPublic: false });
    const { text } = await server.get(OPERATOR, `/admin/subscribers/${id}`);
    expect(text).toContain(`href="/admin/subscribers/${testMerchant}"`);
  });

  test('a merchant and a chain have none', async () => {
    for (const kind of ['merchant', 'chain']) {
      const record = await subscriber(await subscribe(kind, `Sans-${kind}`));
      expect(record?.values['testMerchant']).toBeNull();
      expect(isTestMerchant(record?.values ?? {})).toBe(false);
    }
  });

  test('MPU-10: the name of its company 1 is what merchants see when they choose a maintainer', async () => {
    const chosen = await save(within('essai'), 'company', 'essai-company-1', { name: 'Atlantique dépannage' });
    expect(chosen).toMatchObject({ ok: true });
    const { text } = await server.get('commercant', '/companies/ponant-company-1');
    expect(text).toContain('Atlantique dépannage');
    expect(text).not.toContain('Atlantique Maintenance');
    expect((await server.get('commercant', '/companies')).text).toContain('Atlantique dépannage');
  });

  test('MPU-10: what it tries is never shown to the public, whatever its form says', async () => {
    const shown = { visibleToPublic: true, openData: true };
    const place = { name: 'Établi', company: 'essai-company-1', access: 'public', ...shown };
    const station = await save(within('essai'), 'station', null, place);
    expect(station).toMatchObject({ ok: true, record: { values: { visibleToPublic: false, openData: false } } });
    const own = await save(within('essai'), 'company', 'essai-company-1', shown);
    expect(own).toMatchObject({ ok: true, record: { values: { visibleToPublic: false, openData: false } } });
  });

  test('the platform makes one, once, for a subscription without; it goes with it, and comes back with it', async () => {
    const id = await subscribe('maintainer', 'Ancien');
    const first = String((await subscriber(id))?.values['testMerchant']);
    const sure = { id: first, confirmed: '1', word: 'supprimer' };
    expect((await server.post(OPERATOR, '/admin/subscribers/delete', sure)).status).toBe(303);
    const path = `/admin/subscribers/${id}`;
    expect((await server.get(OPERATOR, path)).text).toContain('Créer un commerçant de test');
    for (const user of ['commercant', 'mainteneur'])
      expect((await server.post(user, `${path}/test-merchant`)).status).toBe(404);
    expect((await server.post(OPERATOR, `${path}/test-merchant`)).status).toBe(303);
    expect((await server.post(OPERATOR, `${path}/test-merchant`)).status).toBe(404);
    const second = String((await subscriber(id))?.values['testMerchant']);
    expect((await subscriber(second))?.values).toMatchObject({ testOf: id });
    expect((await server.post(OPERATOR, '/admin/subscribers/delete', { ...sure, id })).status).toBe(303);
    expect(await subscriber(second)).toBeNull();
    const { text } = await server.get(OPERATOR, '/bin');
    const [, deletion = ''] = /Ancien <[\s\S]*?action="(\/bin\/[^"]+)"/.exec(text) ?? [];
    expect((await server.post(OPERATOR, deletion)).location).toBe('/bin?restored');
    expect((await subscriber(second))?.values).toMatchObject({ testOf: id });
  });

  test('ABO-02, MPU-10, INT-07: its owner’s users enter it by « Accès », and find there what is its own alone', async () => {
    for (const [user, account, home] of [
      ['mainteneur', 'essai', '/merchants'],
      ['integrateur', 'volterre-test', '/models'],
    ] as const) {
      expect((await server.get(user, '/access')).text, user).toContain(`value="${account}"`);
      expect((await server.post(user, '/access', { account })).status, user).toBe(303);
      const { text } = await server.get(user, '/companies');
      expect(text, user).toContain(`/companies/${account}-company-1`);
      expect(text, user).not.toContain('Ponant');
      expect((await server.get(user, home)).status, user).toBe(404);
      expect((await server.get(user, '/stations/pon-1')).status, user).toBe(404);
      expect((await server.get(user, '/stations/new')).status, user).toBe(200);
      expect((await server.post(user, '/access/leave')).status, user).toBe(303);
      expect((await server.get(user, home)).status, user).toBe(200);
    }
    expect((await server.post('integrateur', '/access', { account: 'essai' })).status).toBe(404);
  });
});
