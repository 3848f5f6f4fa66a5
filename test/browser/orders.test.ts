import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { dial, type Charger } from '../fixtures/charger.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { axeFaults, launch, watchedPage } from './browser.ts';

let browser: Browser;
let server: OfficeServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startOfficeServer()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function booted(identity: string): Promise<Charger> {
  const charger = await dial(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
  await charger.boot();
  await charger.status(1, 'Available');
  return charger;
}

async function maintainer(options: { dark?: boolean; width?: number } = {}): Promise<{
  page: Page;
  complaints: readonly string[];
}> {
  const cookie = await server.cookie('mainteneur');
  const { page, complaints } = await watchedPage(browser, { url: server.url, cookie, ...options });
  onTestFinished(() => page.context().close());
  return { page, complaints };
}

test('chargers are ticked on a fleet that moves, commanded together, and their rows move to their end', async () => {
  const [north, south] = [await booted('PON-1'), await booted('PON-2')];
  const { page, complaints } = await maintainer();
  await page.goto('/fleet');
  const row = (name: string) => page.locator('.fleet tbody tr', { hasText: name });
  await row('PON-1').locator('input[name=id]').check();
  // What the charger says redraws its row: what was ticked stays ticked.
  await north.status(1, 'Preparing');
  await row('PON-1').getByText('Préparation').waitFor();
  expect(await row('PON-1').locator('input[name=id]').isChecked()).toBe(true);
  await row('PON-2').locator('input[name=id]').check();
  await page.getByText('2 bornes choisies').waitFor();
  await page.getByRole('button', { name: 'Commander les bornes choisies' }).click();
  await page.waitForURL((url) => url.pathname === '/commands/new');
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('summary', { hasText: 'Redémarrer' }).click();
  const reset = page.locator('form[action="/commands/reset"]');
  await reset.locator('input[name=confirm]').check();
  await reset.locator('button').click();
  await page.getByText('0 sur 2 terminées').waitFor();
  for (const charger of [north, south]) charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
  await page.getByText('2 sur 2 terminées').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
}, 60_000);

test('OCP-19, OCP-20: a key is clicked, its value forced, and the charger’s word comes to the page', async () => {
  const charger = await booted('PON-1');
  const { page, complaints } = await maintainer({ dark: true, width: 390 });
  await page.goto('/fleet/PON-1');
  await page.locator('#cp-configuration a', { hasText: 'MeterValueSampleInterval' }).click();
  await page.locator('#key-value').fill('60');
  await page.locator('#key-force').check();
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('.key-form button').click();
  const call = await charger.nextCall();
  expect(call.payload).toEqual({ key: 'MeterValueSampleInterval', value: '60' });
  await page.locator('#key-form form').waitFor({ state: 'detached' });
  charger.reply(call.id, { status: 'Accepted' });
  await page.locator('.key-phase.p-in-force').waitFor();
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(overflow).toBe(0);
  expect(complaints).toEqual([]);
}, 60_000);
