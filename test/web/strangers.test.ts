import { afterAll, beforeAll, expect, test } from 'vitest';
import { knock } from '../fixtures/charger.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

const MERCHANT = 'commercant';
let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer({ welcomeStrangers: true });
}, 30_000);
afterAll(() => server.stop());

const dial = (identity: string) => knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);

test('a charger whose station is in the bin is not adopted by others, so that it can come back', async () => {
  expect((await dial('INCONNUE-1')).ok).toBe(true);
  const deleted = await server.post(MERCHANT, '/stations/delete', { id: 'pon-1', confirmed: '1' });
  expect(deleted.status).toBe(303);
  expect(await dial('pon-1')).toEqual({ ok: false, status: 404 });
  const [, path = ''] = /action="(\/bin\/[^"]+)"/.exec((await server.get(MERCHANT, '/bin')).text) ?? [];
  expect((await server.post(MERCHANT, path)).location).toBe('/bin?restored');
  expect((await dial('PON-1')).ok).toBe(true);
});
