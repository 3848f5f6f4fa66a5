import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { officeForms, PLACE } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';
const MAINTAINER = 'mainteneur';
const { made, formOf } = officeForms(() => server);

describe('a contract', () => {
  test('SUB-04, SUB-05: what comes back from the bin counts, kits and chargers alike', async () => {
    const fields = { version: '0', kind: 'merchant', name: 'Ville de Dol', administrator: 'dol', language: 'fr' };
    const path = await made(OPERATOR, '/admin/subscribers', { ...fields, chargersMax: '1', companiesMax: '1' });
    const link = await server.post(OPERATOR, `/users/${path.split('/').at(-1)}-administrator/password-link`);
    const [, url = ''] = /<code id="password-link">([^<]+)</.exec(link.text) ?? [];
    const chosen = { password: 'Saint-Malo-Cancale-35', again: 'Saint-Malo-Cancale-35' };
    expect((await server.post(null, new URL(url).pathname, chosen)).status).toBe(303);
    await server.cookie('dol', chosen.password);

    const kit = { ...PLACE, protocol: 'lafon-pulse', evses: '1', udpPort: '1080', mediaType: 'ethernet' };
    const first = await made('dol', '/stations', { ...kit, name: 'Mont', kitSerial: '00777' });
    const beyond = { ...PLACE, name: 'Marais', identity: 'DOL-2', evses: '1' };
    expect((await server.post('dol', '/stations', beyond)).text).toContain('limité à 1');
    const id = first.split('/').at(-1) ?? '';
    expect((await server.post('dol', '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    const second = await made('dol', '/stations', beyond);
    const [, deletion = ''] = /action="(\/bin\/[^"]+)"/.exec((await server.get('dol', '/bin')).text) ?? [];
    expect((await server.post('dol', deletion)).location).toBe('/bin?quota');
    expect((await server.get('dol', '/bin?quota')).text).toContain('Votre contrat ne permet plus');
    expect((await server.get('dol', first)).status).toBe(404);
    const other = second.split('/').at(-1) ?? '';
    expect((await server.post('dol', '/stations/delete', { id: other, confirmed: '1' })).status).toBe(303);
    expect((await server.post('dol', deletion)).location).toBe('/bin?restored');
    expect((await server.get('dol', first)).status).toBe(200);
  });
});

describe('what is inactive', () => {
  test('MOD-06: a company or a maintainer is offered no more, but where it was chosen before', async () => {
    const company = await made(MERCHANT, '/companies', { version: '0', name: 'En sommeil' });
    const companyId = company.split('/').at(-1) ?? '';
    const station = await made(MERCHANT, '/stations', { ...PLACE, name: 'Dormante', company: companyId });
    expect((await server.get(MERCHANT, '/stations/new')).text).toContain('>En sommeil<');
    await made(MERCHANT, company, { ...(await formOf(MERCHANT, company)), inactive: '1' });
    expect((await server.get(MERCHANT, '/stations/new')).text).not.toContain('>En sommeil<');
    expect((await formOf(MERCHANT, station))['company']).toBe(companyId);
    await made(MERCHANT, station, { ...(await formOf(MERCHANT, station)), city: 'Lorient' });
    const moved = { ...PLACE, name: 'Endormie', company: companyId };
    expect((await server.post(MERCHANT, '/stations', moved)).status).toBe(422);

    const subscriber = { version: '0', kind: 'maintainer', name: 'Veille', administrator: 'veille', language: 'fr' };
    const path = await made(OPERATOR, '/admin/subscribers', subscriber);
    expect((await server.get(MERCHANT, company)).text).toContain('>Veille<');
    await made(OPERATOR, path, { ...(await formOf(OPERATOR, path)), inactive: '1' });
    expect((await server.get(MERCHANT, company)).text).not.toContain('>Veille<');
    await server.post(MERCHANT, '/companies/delete', { id: companyId, confirmed: '1', word: 'supprimer' });
  });
});

describe('a grappe', () => {
  test('MOD-14, GRA-01, GRA-14: with its option it is kept, and a station is attached to it in « Contrôleur de grappe »', async () => {
    const path = await made(MERCHANT, '/grappes', { version: '0', name: 'Quai des Grues' });
    const id = path.split('/').at(-1) ?? '';
    const station = await made(MERCHANT, '/stations', {
      ...PLACE,
      name: 'Grue',
      identity: 'GRUE-1',
      evses: '1',
      grappe: id,
    });
    for (const user of [MERCHANT, MAINTAINER]) expect((await formOf(user, station))['grappe'], user).toBe(id);
    expect((await server.get(MAINTAINER, '/grappes')).text).toContain('Quai des Grues');
    const inUse = await server.post(MERCHANT, '/grappes/delete', { id, confirmed: '1' });
    expect(inUse.status).toBe(422);
    expect(inUse.text).toContain('détachez-les d’abord');
    await made(MERCHANT, station, { ...(await formOf(MERCHANT, station)), grappe: '' });
    expect((await server.post(MERCHANT, '/grappes/delete', { id, confirmed: '1' })).status).toBe(303);
  });

  test('GRA-01: without the option there is neither list nor field, and a posted one is not read', async () => {
    expect((await server.get(NEIGHBOUR, '/grappes')).status).toBe(404);
    expect((await server.get(NEIGHBOUR, '/stations/con-1')).text).not.toContain('name="grappe"');
    const form = await formOf(NEIGHBOUR, '/stations/con-1');
    await made(NEIGHBOUR, '/stations/con-1', { ...form, grappe: 'ponant-grappe', city: 'Trégunc' });
    const found = await server.vigie.storage.office.find(ENTITIES.station, 'con-1', [{}]);
    expect(found?.values).toMatchObject({ grappe: null, city: 'Trégunc' });
  });

  test('a station is not attached to a grappe of another merchant, by a maintainer of both either', async () => {
    const { office } = server.vigie.storage;
    const accepted = { offeredAtMs: 1, acceptedAtMs: 1 };
    const row = { companyId: 'concarneau-company-1', maintainerId: 'atlantique', ...accepted };
    await office.write([{ type: 'maintenance', row }]);
    const form = await formOf(MAINTAINER, '/stations/con-1');
    const refused = await server.post(MAINTAINER, '/stations/con-1', { ...form, grappe: 'ponant-grappe' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('id="e-grappe"');
    await office.write([{ type: 'maintenance-gone', companyId: row.companyId, maintainerId: row.maintainerId }]);
  });
});
