import { afterAll, beforeAll, expect, test } from 'vitest';
import { knock } from '../fixtures/charger.ts';
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
