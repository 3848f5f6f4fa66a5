import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knock } from '../fixtures/charger.ts';
import { deskOver, INTEGRATOR, MERCHANT, NEIGHBOUR, STATION } from '../fixtures/office-desk.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const { choosePassword, namesOn } = deskOver(() => server);

describe('an integrator', () => {
  test('INT-01, INT-02: he declares models, which nobody else finds', async () => {
    const values = { version: '0', manufacturer: 'Volterre', make: 'Volterre', name: 'Parvis 3', outlet: 'type-2' };
    const made = await server.post(INTEGRATOR, '/models', { ...values, evses: '2', zeReady: '1' });
    expect(made.status, made.text).toBe(303);
    expect(await namesOn(INTEGRATOR, '/models')).toContain('Parvis 3');
    expect((await server.get(MERCHANT, '/models')).status).toBe(404);
    expect((await server.get(MERCHANT, new URL(made.location ?? '', server.url).pathname)).status).toBe(404);
  });
});

describe('the platform operator', () => {
  test('SUB-01, SUB-08, SUB-09, USR-02: a subscription comes with its company, roles and administrator, who chooses a password', async () => {
    const made = await server.post(OPERATOR, '/admin/subscribers', {
      version: '0',
      kind: 'merchant',
      name: 'Ville de Dinan',
      administrator: 'dinan',
      language: 'fr',
      options: ['mail'],
      chargersMax: '1',
    });
    expect(made.status, made.text).toBe(303);
    const id = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    await choosePassword(OPERATOR, `/users/${id}-administrator`, 'dinan');
    expect((await server.get('dinan', '/companies')).text).toContain('Ville de Dinan');
    expect(await namesOn('dinan', '/roles')).toEqual([
      'Clients',
      'Gestion de parking',
      'Gestion de société',
      'Maintenance',
      'Tous les droits',
      'Visualisation totale',
    ]);
    expect((await server.get('dinan', '/stations')).text).not.toContain('Quai Nord');
    // Roles of the same name are told apart by whose they are, for who sees all of them.
    const everyones = (await server.get(OPERATOR, '/roles')).text;
    expect(everyones).toMatch(/>Gestion de parking<\/a\s*>\s*<\/th>\s*<td data-label="Abonné">Ville de Dinan<\/td>/);
    expect((await server.get('dinan', '/roles')).text).not.toContain('Abonné');
    // Without a charger the fleet leads where one that is refused would be seen, which he may open.
    const [, next = ''] =
      /class="empty">.*?<a class="button" href="([^"]+)"/s.exec((await server.get('dinan', '/fleet')).text) ?? [];
    expect([next, (await server.get('dinan', next)).status]).toEqual(['/radar', 200]);
    expect((await server.get('dinan', '/bin')).text).toMatch(
      /class="empty">.*Rien n’a été supprimé.*peut être rétabli/s,
    );
    const taken = await server.post(OPERATOR, '/admin/subscribers', {
      version: '0',
      kind: 'chain',
      name: 'Autre',
      administrator: 'DINAN',
      language: 'fr',
    });
    expect(taken.status).toBe(422);
  });

  test('SUB-02, SUB-03: its administrator makes and deletes what he wants, but no charger beyond the contract', async () => {
    const made = await server.post('dinan', '/stations', { ...STATION, name: 'Vieux port', identity: 'DIN-1' });
    expect(made.status, made.text).toBe(303);
    const beyond = { ...STATION, name: 'Remparts', identity: 'DIN-2' };
    const refused = await server.post('dinan', '/stations', beyond);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('limité à 1');
    const id = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    expect((await server.post('dinan', '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    expect((await server.post('dinan', '/stations', beyond)).status).toBe(303);
  });

  test('MOD-06: an inactive subscription is as though it did not exist, and a deleted one goes with all it has, and comes back', async () => {
    const path = '/admin/subscribers/concarneau';
    const form = { kind: 'merchant', name: 'Régie de Concarneau', administrator: NEIGHBOUR, language: 'fr' };
    const dial = async (): Promise<boolean> => {
      const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/CON-1`);
      if (dialled.ok) dialled.charger.socket.close();
      return dialled.ok;
    };
    const save = async (more: Record<string, string>) => {
      const [, version = ''] = /name="version" value="(\d+)"/.exec((await server.get(OPERATOR, path)).text) ?? [];
      expect((await server.post(OPERATOR, path, { version, ...form, ...more })).status).toBe(303);
    };
    const isOnFleet = async () => (await server.get(OPERATOR, '/fleet')).text.includes('CON-1');
    await server.cookie(NEIGHBOUR);
    expect(await dial()).toBe(true);
    await save({ inactive: '1' });
    expect(await dial()).toBe(false);
    await until('its charger gone', async () => !(await isOnFleet()));
    expect((await server.get(NEIGHBOUR, '/fleet')).status).toBe(303);
    await save({});
    expect(await dial()).toBe(true);
    await until('its charger back', isOnFleet);

    const asked = await server.post(OPERATOR, '/admin/subscribers/delete', { id: 'concarneau' });
    expect(asked.text).toContain('1 stations de charge');
    const sure = { id: 'concarneau', confirmed: '1', word: 'supprimer' };
    expect((await server.post(OPERATOR, '/admin/subscribers/delete', sure)).status).toBe(303);
    expect(await dial()).toBe(false);
    await until('its charger deleted', async () => !(await isOnFleet()));
    expect((await server.get(OPERATOR, '/users')).text).not.toContain('concarneau-administrator');
    const [, deletionId = ''] = /action="\/bin\/([^"]+)"/.exec((await server.get(OPERATOR, '/bin')).text) ?? [];
    expect((await server.post(OPERATOR, `/bin/${deletionId}`)).location).toBe('/bin?restored');
    expect(await dial()).toBe(true);
    await until('its charger restored', isOnFleet);
    expect((await server.get(NEIGHBOUR, '/stations/con-1')).status).toBe(200);
  });

  test('every act is in the audit of its subscriber, with the names of what changed and none of the values', async () => {
    const made = await server.post(MERCHANT, '/stations', { ...STATION, contactPhone: '0298000001' });
    expect(made.status).toBe(303);
    const { text } = await server.get(MERCHANT, '/audit');
    expect(text).toContain('Création');
    expect(text).toContain('commercant');
    expect(text).not.toContain('0298000001');
    expect((await server.get(NEIGHBOUR, '/audit')).text).not.toContain('Quai Nord');
  });
});
