import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BADGES, CUSTOMER_LOGIN } from '#src/demo/customers.ts';
import { knock } from '../fixtures/charger.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { MERCHANT } from '../fixtures/office-desk.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

const HOUR_MS = 3_600_000;
const NOON_MS = Date.UTC(2026, 9, 14, 12);

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
  const { storage, chargers } = server.vigie;
  const row = await storage.reader.chargePoint('PON-1');
  if (row === null) throw new Error('the charger is declared');
  await storage.registry.putChargePoint({ ...row, energyPriceMillsPerKwh: 400 });
  const topUp = { type: 'top-up', key: 'first', amount: 1_000, atMs: NOON_MS };
  chargers.supervision.engine.tell('wallet/customer-1', topUp);
  // Two as a customer of the merchant, one next door as a public customer; and somebody else's.
  await charge('PON-1', { idTag: BADGES.accepted, fromMs: NOON_MS, energyWh: 5_000 });
  await charge('PON-1', { idTag: BADGES.accepted, fromMs: NOON_MS + 48 * HOUR_MS, energyWh: 7_000 });
  await charge('CON-1', { idTag: BADGES.accepted, fromMs: NOON_MS + 72 * HOUR_MS, energyWh: 11_000 });
  await charge('PON-2', { idTag: '043B66D33180', fromMs: NOON_MS, energyWh: 90_000 });
}, 60_000);
afterAll(() => server.stop());

/** An hour's recharge, told of afterwards. */
async function charge(
  identity: string,
  { idTag, fromMs, energyWh }: { readonly idTag: string; readonly fromMs: number; readonly energyWh: number },
): Promise<void> {
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
  if (!dialled.ok) throw new Error(`${identity} was refused`);
  const { charger } = dialled;
  await charger.boot();
  const timestamp = new Date(fromMs).toISOString();
  const { transactionId } = await charger.start({ idTag, meterStart: 1_000, timestamp });
  const ended = new Date(fromMs + HOUR_MS).toISOString();
  await charger.stop(transactionId, { meterStop: 1_000 + energyWh, timestamp: ended });
  await charger.close();
}

/** The stations of the rows, from top to bottom. */
async function stationsOn(path: string): Promise<readonly (string | undefined)[]> {
  const { text } = await server.get(CUSTOMER_LOGIN, path);
  return [...text.matchAll(/<th scope="row">([^<]+)<\/th>/g)].map(([, name]) => name);
}

test('CLI-10: a customer follows his own recharges, at every merchant, and nobody else’s', async () => {
  expect(await stationsOn('/me/sessions')).toEqual(['Ville close', 'Quai Nord', 'Quai Nord']);
  expect((await server.get(CUSTOMER_LOGIN, '/access')).text).toContain('href="/me/sessions"');
  expect((await server.get(MERCHANT, '/me/sessions')).status).toBe(404);
  expect((await server.get(MERCHANT, '/me/sessions.xlsx')).status).toBe(404);
  expect((await server.get(CUSTOMER_LOGIN, '/recharges')).status).toBe(404);
});

test('CLI-10: by period, by mode of identification and by station', async () => {
  expect(await stationsOn('/me/sessions?from=2026-10-16&to=2026-10-16')).toEqual(['Quai Nord']);
  expect(await stationsOn('/me/sessions?station=ville')).toEqual(['Ville close']);
  expect(await stationsOn(`/me/sessions?q=${BADGES.accepted}`)).toHaveLength(3);
  expect(await stationsOn('/me/sessions?q=043B66D33180')).toEqual([]);
});

test('CLI-11, CLI-12, CLI-14: the columns of the manual, its dates and durations, and the sum of what is found', async () => {
  const { text } = await server.get(CUSTOMER_LOGIN, '/me/sessions?station=quai');
  expect(await faultsOfHtml(text)).toEqual([]);
  for (const heading of ['Valeur de charge (Wh)', 'Durée de stationnement', 'Mode de charge', 'Prise', 'Montant TTC'])
    expect(text).toContain(`<th scope="col">${heading}</th>`);
  expect(text).toContain('14/10/2026 14:00:00');
  expect(text).toContain('01:00:00');
  const [, total = ''] = /Mon cumul de charge([\s\S]*?)<\/section>/.exec(text) ?? [];
  expect(total).toContain('<dd>02:00:00</dd>');
  expect(total).toMatch(/12[^<]*kWh/);
  expect(text).toContain('<td data-label="Montant TTC">2,80\u00a0€</td>');
  expect(total).toContain('4,80\u00a0€');
  // What is left of ten euros.
  await expect.poll(async () => (await server.get(CUSTOMER_LOGIN, '/access')).text).toContain('5,20\u00a0€');
});

test('CLI-13: the Excel file holds all that the filters find', async () => {
  const answer = await fetch(`${server.url}/me/sessions.xlsx?station=quai`, {
    headers: { Cookie: await server.cookie(CUSTOMER_LOGIN) },
  });
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(await answer.arrayBuffer());
  const sheet = book.worksheets[0];
  expect(sheet?.getColumn(1).values.slice(1)).toEqual(['Station de charge', 'Quai Nord', 'Quai Nord']);
  expect(sheet?.getColumn(4).values.slice(2)).toEqual([7_000, 5_000]);
});
