import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { dial, type Charger } from '../fixtures/charger.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { ALL } from '../fixtures/post.ts';
import { until } from '../fixtures/until.ts';

const MAINTAINER = 'atlantique-administrator';
const MERCHANT = 'ponant-administrator';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

function connect(identity: string): Promise<Charger> {
  return dial(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
}

async function fault(identity: string, errorCode: string): Promise<void> {
  const charger = await connect(identity);
  await charger.boot();
  await charger.status(1, 'Faulted', { errorCode });
  await until(`the alert of ${identity}`, async () => {
    const { rows } = await server.vigie.storage.alerts.list({ open: true, offset: 0, limit: 99 });
    return rows.some((row) => row.chargePointId === identity && row.code === errorCode);
  });
  await charger.close();
}

const box = (name: string, userId: string, isChecked: boolean): RegExp =>
  new RegExp(`name="${name}"\\s+value="${userId}"\\s+${isChecked ? 'checked' : '/>'}`);

test('STA-27: each account names its own people for faults and parking, by mail and SMS, and finds them named', async () => {
  const path = '/stations/pon-1/recipients';
  const saved = { 'fault.mail': [MAINTAINER], 'fault.sms': [MAINTAINER], 'parking.mail': [MERCHANT] };
  expect((await server.post('mainteneur', path, saved)).location).toBe('/stations/pon-1?recipients#recipients');
  expect((await server.post('commercant', path, { 'parking.mail': [MERCHANT] })).status).toBe(303);
  expect(await server.vigie.storage.alerts.recipients('pon-1')).toEqual([
    { userId: MAINTAINER, fault: ['mail', 'sms'], parking: [] },
    { userId: MERCHANT, fault: [], parking: ['mail'] },
  ]);
  const his = (await server.get('mainteneur', '/stations/pon-1?recipients')).text;
  expect(await faultsOfHtml(his)).toEqual([]);
  expect(his).toMatch(box('fault.mail', MAINTAINER, true));
  expect(his).toMatch(box('parking.mail', MAINTAINER, false));
  expect(his).not.toContain(MERCHANT);
  const hers = (await server.get('commercant', '/stations/pon-1')).text;
  expect(hers).toMatch(box('parking.mail', MERCHANT, true));
  expect(hers).not.toContain(MAINTAINER);
  const audits = await server.vigie.storage.office.audits('ponant', 9);
  expect(audits[0]).toMatchObject({ act: 'changed', entity: 'station', fields: ['recipients'], by: 'commercant' });
});

test('STA-27: nobody is named at a station that is not the asker’s, nor a user who may not maintain it', async () => {
  const path = '/stations/con-1/recipients';
  expect((await server.post('mainteneur', path, { 'fault.mail': [MAINTAINER] })).status).toBe(404);
  expect((await server.post('integrateur', path, { 'fault.mail': ['volterre-administrator'] })).status).toBe(404);
  const forged = { 'fault.mail': [MAINTAINER, 'nobody', '', 'concarneau-administrator'], 'fault.fax': ['x'] };
  expect((await server.post('voisin', path, forged)).status).toBe(303);
  expect((await server.vigie.storage.alerts.recipients('con-1')).map(({ userId }) => userId)).toEqual([
    'concarneau-administrator',
  ]);
  const { office } = server.vigie.storage;
  const role = await office.find(ENTITIES.role, 'ponant-role-customers', [{}]);
  const user = await office.find(ENTITIES.user, MERCHANT, [{}]);
  if (role === null || user === null) throw new Error('the demonstration has changed');
  const values = { ...user.values, username: 'guichet', email: 'guichet@ponant.example', role: role.id };
  const record = { ...user, id: 'guichet', version: 1, values: { ...values, isAdministrator: false } };
  await office.write([{ type: 'put', entity: ENTITIES.user, record }]);
  expect((await server.get('commercant', '/stations/pon-1')).text).not.toContain('guichet');
  await server.post('commercant', '/stations/pon-1/recipients', {
    'fault.mail': ['guichet'],
    'parking.mail': [MERCHANT],
  });
  expect((await server.vigie.storage.alerts.recipients('pon-1')).map(({ userId }) => userId)).not.toContain('guichet');
});

test('alerts are seen by whoever finds the station, and names of people by their own account alone', async () => {
  await fault('PON-1', 'GroundFailure');
  await fault('CON-1', 'HighTemperature');
  const pageOf = async (user: string) => (await server.get(user, '/alerts')).text;
  expect(await faultsOfHtml(await pageOf('mainteneur'))).toEqual([]);
  expect(await pageOf('mainteneur')).toMatch(
    /Quai Nord[\s\S]*défaut de terre \(point 1\)[\s\S]*Yann Guillou, par mail/,
  );
  expect(await pageOf('mainteneur')).not.toContain('Ville close');
  expect(await pageOf('commercant')).toContain('une personne d’un autre abonné');
  expect(await pageOf('commercant')).not.toContain('Yann Guillou');
  expect(await pageOf('voisin')).toContain('Ville close');
  expect(await pageOf('voisin')).not.toContain('Quai Nord');
  expect(await pageOf(OPERATOR)).toContain('Yann Guillou');
  expect((await server.get('integrateur', '/alerts')).status).toBe(404);
  expect((await server.get('commercant', '/alerts?state=past&page=-1')).text).toContain('Aucune alerte terminée');
});

test('ABO-07, ABO-08: his own subscription’s options decide, whatever the merchant has paid for', async () => {
  const { rows } = await server.vigie.storage.post.list(ALL);
  // The neighbour has no option: he is named, and gets nothing. The maintainer has both.
  expect(rows.map(({ to, subscriberId }) => `${to} ${subscriberId}`).toSorted()).toEqual([
    '+33612345678 atlantique',
    'yann.guillou@atlantique.example atlantique',
  ]);
  const mail = rows.find(({ channel }) => channel === 'mail');
  expect(mail?.text).toMatch(/http:\/\/localhost:\d+\/fleet\/PON-1/);
  expect((await server.get('mainteneur', '/outbox')).text).toContain('Défaut – Quai Nord (PON-1)');
  expect((await server.get('voisin', '/stations/con-1')).text).toContain('Votre abonnement n’a pas l’option mail');
});

test('an alert is taken in charge once, by who may command the charger', async () => {
  const { rows } = await server.vigie.storage.alerts.list({ open: true, offset: 0, limit: 9 });
  const alert = rows.find(({ chargePointId }) => chargePointId === 'PON-1');
  const fields = { alert: alert?.alertId ?? '' };
  const take = (user: string) => server.post(user, '/alerts/acknowledge', fields);
  expect((await take('voisin')).status).toBe(404);
  expect((await take('integrateur')).status).toBe(404);
  expect((await take('mainteneur')).location).toBe('/alerts?done');
  expect((await take('commercant')).location).toBe('/alerts?already');
  expect((await server.get('commercant', '/alerts')).text).toMatch(/Yann Guillou, le \d\d\/\d\d\/\d{4}/);
  expect((await server.post('mainteneur', '/alerts/acknowledge', { alert: 'nothing' })).status).toBe(404);
});

test('ALR-04: chargers of a test merchant, and of who is no merchant, raise no alert', async () => {
  const { office, alerts, reader } = server.vigie.storage;
  const station = await office.find(ENTITIES.station, 'pon-2', [{}]);
  if (station === null) throw new Error('the demonstration has changed');
  for (const [id, subscriberId, company] of [
    ['essai-1', 'essai', 'essai-company-1'],
    ['forge-1', 'volterre-test', 'volterre-test-company-1'],
    ['atl-1', 'atlantique', 'atlantique-company-1'],
  ] as const) {
    const values = { ...station.values, name: id, identity: id.toUpperCase(), company };
    await office.write([
      { type: 'put', entity: ENTITIES.station, record: { ...station, id, subscriberId, version: 1, values } },
      { type: 'recipients', stationId: id, recipients: [{ userId: MAINTAINER, fault: ['mail'], parking: [] }] },
    ]);
    const roster = await reader.rosterEntry(id.toUpperCase());
    if (roster === null) throw new Error('not in the roster');
    server.vigie.chargers.supervision.declare(roster);
    const charger = await connect(id.toUpperCase());
    await charger.boot();
    await charger.status(1, 'Faulted', { errorCode: 'GroundFailure' });
  }
  // Told after them, by the same ways: when it is open, theirs would be.
  await fault('PON-2', 'PowerMeterFailure');
  const { rows } = await alerts.list({ open: true, offset: 0, limit: 99 });
  expect(rows.map(({ chargePointId }) => chargePointId).toSorted()).toEqual(['CON-1', 'PON-1', 'PON-2']);
}, 15_000);
