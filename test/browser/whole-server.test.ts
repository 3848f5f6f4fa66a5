import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { WalletView } from '#actors/wallet/messages.ts';
import { readConfig } from '#src/config.ts';
import { startVigie, type Vigie } from '#src/vigie.ts';
import { dial, type Charger } from '../fixtures/charger.ts';
import { PASSWORD, USERNAME } from '../fixtures/web-server.ts';
import { launch, signIn, watchedPage } from './browser.ts';
import { ANY_PORTS } from '../fixtures/ports.ts';

/** What a maintainer may wait for a charger's word to be on the screen (product decision: live everywhere). */
const LIVE_WITHIN_MS = 1_000;

let browser: Browser;
let folder: string;
let vigie: Vigie;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-whole-'));
  [browser, vigie] = await Promise.all([launch(), start()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await vigie.stop();
  await rm(folder, { recursive: true });
});

/** The server that `npm start` runs, on ports of the system's choice. */
function start(): Promise<Vigie> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return startVigie({
    config: {
      ...readConfig({}),
      host: '127.0.0.1',
      ...ANY_PORTS,
      database: join(folder, 'vigie.sqlite'),
      operatorUser: USERNAME,
      operatorPassword: PASSWORD,
      apiToken: '',
      welcomeStrangers: true,
      logLevel: 'silent',
    },
    log,
    version: 'test',
    onFenced: () => expect.fail('nobody else opens this file'),
  });
}

async function newCharger(identity: string): Promise<Charger> {
  const charger = await dial(`ws://127.0.0.1:${vigie.ocppJsonPort}/${identity}`);
  await charger.boot({ chargePointSerialNumber: identity });
  await charger.status(1, 'Available');
  return charger;
}

async function signedIn(): Promise<{ page: Page; loads: () => number; complaints: readonly string[] }> {
  const { page, complaints } = await watchedPage(browser, { url: `http://127.0.0.1:${vigie.webPort}` });
  onTestFinished(() => page.context().close());
  await signIn(page);
  let loads = 0;
  page.on('load', () => loads++);
  return { page, loads: () => loads, complaints };
}

/** How long until the words stand in the row, counted from before the charger speaks. */
async function msUntilShown(page: Page, words: string, speak: () => Promise<unknown>): Promise<number> {
  const saidAtMs = performance.now();
  const shown = page.locator('.fleet tbody tr', { hasText: words }).waitFor({ timeout: 5_000 });
  await Promise.all([speak(), shown]);
  return performance.now() - saidAtMs;
}

test('PRC-01: what a charger says stands on the fleet page within a second, without a reload', async () => {
  const charger = await newCharger('LIVE-1');
  const { page, loads, complaints } = await signedIn();
  await page.locator('.fleet tbody tr', { hasText: 'LIVE-1' }).waitFor();
  await page.waitForSelector('#pulse:not([hidden])');

  const fault = () => charger.status(1, 'Faulted', { errorCode: 'GroundFailure' });
  expect(await msUntilShown(page, 'défaut de terre', fault)).toBeLessThan(LIVE_WITHIN_MS);

  await charger.status(1, 'Preparing');
  let transactionId = 0;
  const started = async () => ({ transactionId } = await charger.start({ idTag: 'TEST-1', meterStart: 0 }));
  expect(await msUntilShown(page, 'TEST-1', started)).toBeLessThan(LIVE_WITHIN_MS);

  const metered = () => charger.meter(1, transactionId, 240);
  expect(await msUntilShown(page, '0,2 kWh', metered)).toBeLessThan(LIVE_WITHIN_MS);

  expect(loads()).toBe(0);
  expect(complaints).toEqual([]);
});

test('a charger that nobody declared is counted on an open page at once', async () => {
  const { page, loads } = await signedIn();
  await page.waitForSelector('#pulse:not([hidden])');
  const total = async () => Number(await page.locator('#n-total').textContent());
  const before = await total();
  await newCharger('LIVE-2');
  await expect.poll(total, { timeout: 3_000 }).toBe(before + 1);
  expect(loads()).toBe(0);
});

test('field-32: a stop that is asked on the page reaches the charger, and its progress is seen', async () => {
  const charger = await newCharger('LIVE-3');
  const { transactionId } = await charger.start({ idTag: 'TEST-3', meterStart: 0 });
  await charger.status(1, 'Charging');
  const { page } = await signedIn();
  await page.goto('/fleet/LIVE-3');
  await page.waitForSelector('#pulse:not([hidden])');
  const row = page.locator(`#session-${transactionId}`);
  await charger.meter(1, transactionId, 1_200);
  await row.getByText('1,2\u00a0kWh').waitFor({ timeout: 3_000 });
  await page.getByRole('button', { name: 'Arrêter la recharge' }).click();

  const call = await charger.nextCall();
  expect(call).toMatchObject({ action: 'RemoteStopTransaction', payload: { transactionId } });
  charger.reply(call.id, { status: 'Accepted' });
  await charger.stop(transactionId, { meterStop: 1_400, reason: 'Remote' });
  await charger.status(1, 'Available');

  const progress = page.locator('#cp-recent .progress').first();
  await expect.poll(() => progress.locator('li.ahead').count(), { timeout: 5_000 }).toBe(0);
  await page.locator('#connector-1', { hasText: 'Aucune recharge en cours' }).waitFor({ timeout: 3_000 });
  await page.locator('#latest-1 .progress.good').waitFor();
  await row.getByText('1,4\u00a0kWh').waitFor({ timeout: 3_000 });
  expect(await row.getByText('en cours').count()).toBe(0);
});

test('field-22: held energy is billed on the page in place, and the number in the menu goes down', async () => {
  const charger = await newCharger('LIVE-4');
  const { storage, chargers } = vigie;
  // Strangers are adopted without a known power, of whom anything is believed: this one is declared.
  const adopted = await storage.reader.rosterEntry('LIVE-4');
  if (adopted === null) throw new Error('it was adopted');
  const { station: _station, heardAtMs: _heardAtMs, ...declared } = adopted;
  await storage.registry.putChargePoint({ ...declared, powerMaxW: 22_000, energyPriceMillsPerKwh: 350 });
  await storage.registry.putIdToken({
    key: 'PAYER',
    idTag: 'PAYER',
    blocked: false,
    expiresAtMs: null,
    walletId: 'payer',
    driver: 'Ada Le Bihan',
    freeService: false,
  });
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const { transactionId } = await charger.start({ idTag: 'PAYER', meterStart: 0, timestamp: hourAgo });
  await charger.stop(transactionId, { meterStop: 910_000 });

  const { page, loads, complaints } = await signedIn();
  await page.getByRole('link', { name: 'À vérifier' }).click();
  await page.waitForURL('**/reviews');
  expect(await page.locator('#waiting').textContent()).toBe('1');
  const before = loads();
  const card = page.locator('article', { hasText: 'Ada Le Bihan' });
  await card.getByLabel('Énergie à facturer').fill('9999');
  await card.getByRole('button', { name: 'Facturer cette énergie' }).click();
  await card.locator('.errors').waitFor();
  expect(await card.getByLabel('Énergie à facturer').inputValue()).toBe('9999');
  await card.getByLabel('Énergie à facturer').fill('12,4');
  await card.getByRole('button', { name: 'Facturer cette énergie' }).click();
  await card.getByText('Énergie fixée à 12,4 kWh').waitFor();
  expect(await page.locator(':focus').getAttribute('role')).toBe('status');
  await expect.poll(() => page.locator('#waiting').isHidden()).toBe(true);
  await page.locator('#reviews-waiting', { hasText: 'Rien n’attend votre décision.' }).waitFor();
  const wallet = () =>
    chargers.supervision.engine.ask<WalletView>('wallet/payer', (replyTo) => ({ type: 'view', replyTo }));
  await expect.poll(async () => (await wallet()).balance).toBe(-434);
  expect(loads()).toBe(before);
  // The browser itself notes the 422 that the form was meant to get.
  expect(complaints).toHaveLength(1);
});
