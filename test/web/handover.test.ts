import { afterAll, beforeAll, expect, test } from 'vitest';
import { knock, type Charger } from '../fixtures/charger.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

/** An identity that passes from one merchant to his neighbour, and back: each sees what was under his own station. */
const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';
const IDENTITY = 'PON-1';
const PAGE = `/fleet/${IDENTITY}`;

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

async function dial(model: string): Promise<Charger> {
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${IDENTITY}`);
  if (!dialled.ok) throw new Error('the charger was refused');
  await dialled.charger.boot({ chargePointVendor: 'Fabrique', chargePointModel: model });
  return dialled.charger;
}

async function badge(idTag: string): Promise<void> {
  await server.vigie.storage.registry.putIdToken({
    key: idTag,
    idTag,
    blocked: false,
    expiresAtMs: null,
    walletId: null,
    driver: `Conductrice ${idTag}`,
    freeService: true,
  });
}

async function remove(username: string, id: string): Promise<void> {
  expect((await server.post(username, '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
  await until('it gone', async () => (await server.get(username, PAGE)).status === 404);
}

/** The page of the charger and its whole journal, as this user reads them once it is there for him. */
async function readBy(username: string): Promise<string> {
  await until('it there', async () => (await server.get(username, PAGE)).status === 200);
  const journal = `${PAGE}/events?level=debug&level=info&level=problem&level=critical`;
  return (await server.get(username, PAGE)).text + (await server.get(username, journal)).text;
}

test('what happened under an identity stays with the station that had it, when the identity goes to another subscriber', async () => {
  await Promise.all(['AVANT', 'APRES'].map(badge));
  const sold = await dial('MODELE-AVANT');
  await sold.status(1, 'Preparing');
  await sold.start({ idTag: 'AVANT' });
  // Nobody knows this transaction: it waits for somebody to look at it.
  await sold.call('StopTransaction', {
    transactionId: 4_000_000,
    idTag: 'AVANT',
    meterStop: 9,
    timestamp: '2026-01-01T00:00:00Z',
  });
  const before = await until('its session', async () => {
    const text = await readBy(MERCHANT);
    return text.includes('Conductrice AVANT') && text.includes('MODELE-AVANT') && text;
  });
  expect(before).toContain('4000000');
  expect((await server.get(MERCHANT, '/reviews')).text).toContain(IDENTITY);

  await remove(MERCHANT, 'pon-1');
  const made = await server.post(NEIGHBOUR, '/stations', {
    version: '0',
    name: 'Reprise',
    access: 'public',
    address: '3 rue du Port',
    postcode: '29900',
    city: 'Concarneau',
    country: 'France',
    position: '47.87;-3.91',
    contactName: 'Anne Le Bris',
    contactPhone: '0298000001',
    contactEmail: 'anne@concarneau.example',
    language: 'fr',
    timeZone: 'Europe/Paris',
    identity: IDENTITY,
    evses: '1',
    permanentPowerW: '22',
  });
  expect(made.status, made.text).toBe(303);
  for (const secret of ['AVANT', '4000000']) expect(await readBy(NEIGHBOUR)).not.toContain(secret);
  expect((await server.get(NEIGHBOUR, '/reviews')).text).not.toContain(IDENTITY);

  const bought = await dial('MODELE-APRES');
  await bought.status(1, 'Preparing');
  await bought.start({ idTag: 'APRES' });
  const after = await until('the session of the new station', async () => {
    const text = await readBy(NEIGHBOUR);
    return text.includes('Conductrice APRES') && text.includes('MODELE-APRES') && text;
  });
  expect(after).not.toContain('AVANT');
  // Whoever runs the server sees all of it.
  const whole = await readBy(OPERATOR);
  for (const one of ['Conductrice AVANT', 'Conductrice APRES']) expect(whole).toContain(one);

  await remove(NEIGHBOUR, new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '');
  const [, path = ''] = /action="(\/bin\/[^"]+)"/.exec((await server.get(MERCHANT, '/bin')).text) ?? [];
  expect((await server.post(MERCHANT, path)).location).toBe('/bin?restored');
  const back = await readBy(MERCHANT);
  expect(back).not.toContain('APRES');
});

test('a session that was open when its station went is closed, and what it was stays on record', async () => {
  const sessions = await server.vigie.storage.reader.sessions({ chargePointId: IDENTITY, limit: 9 });
  expect(sessions.map(({ idTag, closing }) => [idTag, closing])).toEqual([
    ['APRES', 'provisional'],
    ['AVANT', 'provisional'],
  ]);
});
