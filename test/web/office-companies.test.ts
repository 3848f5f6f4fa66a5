import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deskOver, MAINTAINER, MERCHANT, NEIGHBOUR } from '../fixtures/office-desk.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const { newStation, namesOn } = deskOver(() => server);

describe('a deletion', () => {
  test('LST-08: it asks first, by name, and says that it can be brought back', async () => {
    const id = (await newStation('À supprimer')).split('/').at(-1) ?? '';
    const asked = await server.post(MERCHANT, '/stations/delete', { id });
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('À supprimer');
    expect(asked.text).toContain('corbeille');
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(200);
    expect((await server.post(MERCHANT, '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(404);
    const bin = await server.get(MERCHANT, '/bin');
    const [, deletionId = ''] = /action="\/bin\/([^"]+)"/.exec(bin.text) ?? [];
    expect(bin.text).toContain('À supprimer');
    expect((await server.post(NEIGHBOUR, `/bin/${deletionId}`)).status).toBe(404);
    expect((await server.post(MERCHANT, `/bin/${deletionId}`)).location).toBe('/bin?restored');
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(200);
  });

  test('what belongs to something deleted is brought back after it, not before', async () => {
    const company = await server.post(MERCHANT, '/companies', { version: '0', name: 'Port' });
    const companyId = new URL(company.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    const id = (await newStation('Capitainerie', { company: companyId })).split('/').at(-1) ?? '';
    expect((await server.post(MERCHANT, '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    expect((await server.post(MERCHANT, '/companies/delete', { id: companyId, confirmed: '1' })).status).toBe(303);
    const { text } = await server.get(MERCHANT, '/bin');
    const deletionOf = (label: string): string =>
      new RegExp(`<th scope="row">\\s*${label} [\\s\\S]*?action="(/bin/[^"]+)"`).exec(text)?.[1] ?? '';
    expect((await server.post(MERCHANT, deletionOf('Capitainerie'))).location).toBe('/bin?orphan');
    expect((await server.get(MERCHANT, '/bin?orphan')).text).toContain('rétablissez d’abord celui-là');
    expect((await server.post(MERCHANT, deletionOf('Port'))).location).toBe('/bin?restored');
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(404);
    expect((await server.post(MERCHANT, deletionOf('Capitainerie'))).location).toBe('/bin?restored');
    expect((await server.get(MERCHANT, `/stations/${id}`)).status).toBe(200);
    await server.post(MERCHANT, '/companies/delete', { id: companyId, confirmed: '1' });
  });

  test('SOC-04: what goes with it is counted, and more than ten losses ask for a word', async () => {
    const company = await server.post(MERCHANT, '/companies', { version: '0', name: 'Éphémère' });
    const companyId = new URL(company.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    for (let index = 0; index < 11; index++) await newStation(`Éphémère ${index}`, { company: companyId });
    const asked = await server.post(MERCHANT, '/companies/delete', { id: companyId });
    expect(asked.text).toContain('11 stations de charge');
    expect((await server.post(MERCHANT, '/companies/delete', { id: companyId, confirmed: '1' })).status).toBe(422);
    const sure = { id: companyId, confirmed: '1', word: 'Supprimer' };
    expect((await server.post(MERCHANT, '/companies/delete', sure)).status).toBe(303);
    expect((await server.get(MERCHANT, '/stations?q=ephemere')).text).toContain('aucune donnée');
  });

  test('SUB-09, USR-11: company 1, the administrator and his role stay', async () => {
    for (const [path, id] of [
      ['/companies/delete', 'ponant-company-1'],
      ['/users/delete', 'ponant-administrator'],
      ['/roles/delete', 'ponant-role-all'],
    ] as const) {
      const word = { word: 'supprimer' };
      const answer = await server.post(MERCHANT, path, { id, confirmed: '1', ...word });
      expect(answer.status, path).toBe(422);
      expect(answer.text, path).toContain('ne peuvent pas être supprimés');
    }
  });
});

describe('a company', () => {
  test('SOC-05..08: it keeps its CPO ID, EASYCONNECT key and message, in the tabs of the manual', async () => {
    const values = { version: '0', name: 'Fiche', cpoId: 'fr-pon', easyconnectKey: 'K-7', chargerMessage: 'Bienvenue' };
    const made = await server.post(MERCHANT, '/companies', values);
    const path = new URL(made.location ?? '', server.url).pathname;
    const { text } = await server.get(MERCHANT, path);
    for (const kept of ['FR*PON', 'K-7']) expect(text).toContain(`value="${kept}"`);
    expect(text).toContain('Bienvenue</textarea>');
    for (const tab of ['Informations générales', 'Contact', 'Informations pour les bornes', 'Mainteneurs publics'])
      expect(text).toContain(`<h2>${tab}</h2>`);
    // With a second company a station would have to name its own.
    const id = path.split('/').at(-1) ?? '';
    expect((await server.post(MERCHANT, '/companies/delete', { id, confirmed: '1' })).status).toBe(303);
  });

  test('SOC-09..11, SOC-13: a setting is applied to all of its stations when asked, not before', async () => {
    const path = await newStation('À l’heure', { publicCustomers: '1' });
    const company = '/companies/ponant-company-1';
    const isTicked = async () =>
      /name="publicCustomers"\s+value="1"\s+checked/.test((await server.get(MERCHANT, path)).text);
    expect(await isTicked()).toBe(true);
    const form = await server.get(MERCHANT, company);
    const [, version = ''] = /name="version" value="(\d+)"/.exec(form.text) ?? [];
    const values = { version, name: 'Syndicat Mobilités du Ponant', maintainers: 'atlantique' };
    expect((await server.post(MERCHANT, company, values)).status).toBe(303);
    expect(await isTicked()).toBe(true);
    const applied = await server.post(MERCHANT, `${company}/apply`, { field: 'publicCustomers' });
    expect(applied.location).toMatch(/\?applied=[1-9]/);
    expect(await isTicked()).toBe(false);
    expect((await server.post(NEIGHBOUR, `${company}/apply`, { field: 'publicCustomers' })).status).toBe(404);
  });

  test('SOC-12: a new station begins with the settings of its company, which is chosen first where there are several', async () => {
    const made = await server.post(MERCHANT, '/companies', { version: '0', name: 'Estran', openData: '1' });
    const id = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
    const asked = (await server.get(MERCHANT, '/stations/new')).text;
    for (const one of ['ponant-company-1', id]) expect(asked).toContain(`href="/stations/new?company=${one}"`);
    const ticked = async (company: string) => {
      const { text } = await server.get(MERCHANT, `/stations/new?company=${company}`);
      expect(text).toContain(`<option value="${company}"  selected`);
      return /name="openData"\s+value="1"\s+checked/.test(text);
    };
    expect([await ticked('ponant-company-1'), await ticked(id)]).toEqual([false, true]);
    expect((await server.get(MERCHANT, '/stations/new?company=concarneau-company-1')).text).toContain(
      'Pour quelle société',
    );
    await server.post(MERCHANT, '/companies/delete', { id, confirmed: '1' });
  });
});

describe('a maintainer', () => {
  const own = '/companies/concarneau-company-1';

  test('MPU-01, MPU-02, MPU-06, MPU-07: he is offered a company, sees nothing of it before he accepts, and nothing once it is withdrawn', async () => {
    const offer = async (maintainers: readonly string[]) => {
      const form = await server.get(NEIGHBOUR, own);
      const [, version = ''] = /name="version" value="(\d+)"/.exec(form.text) ?? [];
      return server.post(NEIGHBOUR, own, { version, name: 'Régie de Concarneau', maintainers });
    };
    expect((await server.get(MAINTAINER, '/fleet/CON-1')).status).toBe(404);
    expect((await offer(['atlantique'])).status).toBe(303);
    expect((await server.get(MAINTAINER, '/merchants')).text).toContain('Régie de Concarneau');
    expect((await server.get(MAINTAINER, '/fleet/CON-1')).status).toBe(404);
    expect((await server.post(MAINTAINER, '/merchants/concarneau-company-1', { accept: '1' })).status).toBe(303);
    expect((await server.get(MAINTAINER, '/fleet/CON-1')).status).toBe(200);
    expect((await server.get(MAINTAINER, '/stations/con-1')).status).toBe(200);
    expect((await offer([])).status).toBe(303);
    expect((await server.get(MAINTAINER, '/fleet/CON-1')).status).toBe(404);
    expect((await server.post(MAINTAINER, '/merchants/concarneau-company-1', { accept: '1' })).status).toBe(404);
    expect((await offer(['atlantique'])).status).toBe(303);
    expect((await server.get(MAINTAINER, '/stations/con-1')).status).toBe(404);
  });

  test('MPU-03, MPU-04: he completes a station that a merchant made, and can neither make nor delete one', async () => {
    expect((await server.get(MAINTAINER, '/stations/new')).status).toBe(404);
    expect((await server.post(MAINTAINER, '/stations/delete', { id: 'pon-1', confirmed: '1' })).status).toBe(404);
    const path = await newStation('À équiper');
    const form = await server.get(MAINTAINER, path);
    expect(form.text).toContain('name="serialNumber"');
    expect(form.text).not.toContain('name="address"');
    const filled = { version: '1', serialNumber: 'SN-9', evses: '2', name: 'Renommée' };
    expect((await server.post(MAINTAINER, path, filled)).status).toBe(303);
    const after = await server.get(MERCHANT, path);
    expect(after.text).toContain('SN-9');
    expect(after.text).toContain('value="À équiper"');
  });

  test('MPU-08, MPU-09: the stations of all his merchants are in one list, by company when asked, and in one fleet', async () => {
    expect(await namesOn(MAINTAINER, '/stations?company=ponant-company-1')).toContain('Quai Nord');
    expect(await namesOn(MAINTAINER, '/stations')).toContain('Quai Nord');
    expect(await namesOn(MAINTAINER, '/stations?company=essai-company-1')).toEqual([]);
    expect((await server.get(MAINTAINER, '/stations')).text).toContain('<option value="essai-company-1"');
    expect((await server.get(MAINTAINER, '/fleet')).text).toContain('Quai Nord');
  });
});
