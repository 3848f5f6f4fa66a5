import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { REAL_CLOCK } from '#src/simulator/fleet.ts';
import { KitMemory } from '#src/simulator/kit/memory.ts';
import { KitSpeaker } from '#src/simulator/kit/speaker.ts';
import { knock } from '../fixtures/charger.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { axeFaults, launch, misfits, watchedPage } from './browser.ts';

let browser: Browser;
let server: OfficeServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startOfficeServer()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function onNewStation(
  options: { readonly width?: number; readonly height?: number; readonly dark?: boolean; readonly script?: boolean },
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const cookie = await server.cookie('commercant');
  const { page, complaints } = await watchedPage(browser, { url: server.url, cookie, ...options });
  page.setDefaultTimeout(4_000);
  try {
    await page.goto('/stations/new');
    await act(page);
    expect(complaints).toEqual([]);
  } finally {
    await page.context().close();
  }
}
const field = (page: Page, name: string) =>
  page.getByRole('textbox', { name }).or(page.getByRole('combobox', { name })).first();

test('STA-10: the position is filled in from the address in place: nothing typed is lost, and the button keeps the focus', () =>
  onNewStation({}, async (page) => {
    await field(page, 'Identification').fill('Presque');
    await field(page, 'Code postal').fill('33530');
    await field(page, 'Ville').fill('Bassens');
    await field(page, 'Coordonnées GPS').fill('1;2');
    const button = page.getByRole('button', { name: 'Trouver la position' });
    await button.click();
    await page.getByRole('status').getByText('Position du centre de 33530 Bassens').waitFor();
    expect(await field(page, 'Coordonnées GPS').inputValue()).toMatch(/^44\.9\d*;-0\.5\d*$/);
    expect(await field(page, 'Identification').inputValue()).toBe('Presque');
    expect(await button.evaluate((element) => element.ownerDocument.activeElement === element)).toBe(true);
    expect(new URL(page.url()).pathname).toBe('/stations/new');
    expect(await axeFaults(page)).toEqual([]);
  }));

test('STA-02: the state of a charger moves beside its station, and a search goes on being told', async () => {
  const cookie = await server.cookie('commercant');
  const { page, complaints } = await watchedPage(browser, { url: server.url, cookie });
  onTestFinished(() => page.context().close());
  page.setDefaultTimeout(4_000);
  await page.goto('/stations');
  const state = page.locator('#state-PON-2');
  await state.getByText('Non connectée').waitFor();
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PON-2`);
  if (!dialled.ok) throw new Error('the charger was refused');
  const { charger } = dialled;
  await charger.boot();
  await charger.status(1, 'Available');
  await state.getByText('Libre').waitFor();
  await page.getByRole('searchbox').fill('Sud');
  await page.locator('#results tbody tr').nth(1).waitFor({ state: 'detached' });
  await charger.status(1, 'Faulted', { errorCode: 'GroundFailure' });
  await state.getByText('Hors-service').waitFor();
  expect(complaints).toEqual([]);
  await charger.close();
});

test('LAF-02: the kits that call with a card of the merchant are shown in place, by a button that keeps the focus', async () => {
  const { made } = officeForms(() => server);
  const iccid = '8933012345678900019';
  await made(OPERATOR, '/admin/sims', { version: '0', iccid, apn: 'm2m', merchant: 'ponant' });
  const kit = await made(OPERATOR, '/admin/kits', { version: '0', serialNumber: 'K200' });
  const { text } = await server.post(OPERATOR, `${kit}/key`);
  const key = Buffer.from(/data-copy="([0-9a-f]{64})"/.exec(text)?.[1] ?? '', 'hex');
  const at = { host: '127.0.0.1', port: server.vigie.lafonPulsePort, serial: 'K200', key, iccid };
  const memory = new KitMemory();
  const said = { obey: () => ({}), greeted: () => undefined };
  const speaker = new KitSpeaker({ ...at, clock: REAL_CLOCK, memory, patience: 0.1, ...said });
  onTestFinished(() => speaker.close());
  await speaker.open();
  await onNewStation({}, async (page) => {
    await field(page, 'Protocole').selectOption('lafon-pulse');
    await field(page, 'Numéro de série du kit').fill('K2');
    const button = page.getByRole('button', { name: 'Rafraîchir les numéros possibles' });
    await expect
      .poll(async () => {
        await button.click();
        await page.locator('#said-kits p').waitFor();
        return page.getByRole('list', { name: 'Kits qui appellent' }).locator('code').allTextContents();
      })
      .toEqual(['K200']);
    expect(await field(page, 'Numéro de série du kit').inputValue()).toBe('K2');
    expect(await button.evaluate((element) => element.ownerDocument.activeElement === element)).toBe(true);
    expect(await axeFaults(page)).toEqual([]);
    expect(await misfits(page)).toEqual([]);
  });
}, 30_000);

test.each([true, false])('Enter saves a form that has buttons to fill it in (script: %s)', async (script) => {
  const cookie = await server.cookie('commercant');
  const { page } = await watchedPage(browser, { url: server.url, script, cookie });
  await page.goto('/stations/new');
  await field(page, 'Identification').press('Enter');
  await page.getByRole('alert').getByText('8 champs').waitFor();
  await page.context().close();
});

test('STA-10: without script the address is filled in from the position by the same button', () =>
  onNewStation({ script: false }, async (page) => {
    await field(page, 'Identification').fill('Presque');
    await field(page, 'Coordonnées GPS').fill('48,39;-4,48');
    await page.getByRole('button', { name: 'Trouver l’adresse' }).click();
    await page.getByText('Commune la plus proche : 29200 Brest').waitFor();
    expect(await field(page, 'Ville').inputValue()).toBe('Brest');
    expect(await field(page, 'Identification').inputValue()).toBe('Presque');
  }));

test('STA-12, STA-13: another zone is chosen, and its next change of clocks is said', () =>
  onNewStation({}, async (page) => {
    const zone = page.getByRole('combobox', { name: 'Fuseau horaire' });
    await zone.selectOption('America/Miquelon');
    await page.getByText(/UTC-0[23]:00\s; passage à l’heure d’/).waitFor();
    await zone.selectOption('Indian/Reunion');
    await page.getByText('UTC+04:00 toute l’année.').waitFor();
  }));

describe.each([
  ['light', { width: 1440 }],
  ['dark', { width: 1440, dark: true }],
  ['a phone', { width: 390, height: 844 }],
] as const)('%s', (_, options) => {
  test('towns are suggested as one types, and the one that is taken brings its postcode', () =>
    onNewStation(options, async (page) => {
      const city = field(page, 'Ville');
      await city.pressSequentially('st-etienne du r', { delay: 5 });
      const option = page.getByRole('option', { name: '76800 Saint-Étienne-du-Rouvray' });
      await option.waitFor();
      expect(await city.getAttribute('aria-expanded')).toBe('true');
      expect(await axeFaults(page)).toEqual([]);
      expect(await misfits(page)).toEqual([]);
      await city.press('ArrowDown');
      expect(await city.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
      await city.press('Enter');
      expect(await city.inputValue()).toBe('Saint-Étienne-du-Rouvray');
      expect(await field(page, 'Code postal').inputValue()).toBe('76800');
      expect(await option.isVisible()).toBe(false);
      expect(new URL(page.url()).pathname).toBe('/stations/new');
    }));
});

test('a suggestion is taken with a click too, and Escape leaves what was typed', () =>
  onNewStation({}, async (page) => {
    const postcode = field(page, 'Code postal');
    await postcode.fill('7501');
    const paris = page.getByRole('option', { name: /Paris/ });
    await paris.waitFor();
    await postcode.press('Escape');
    expect(await paris.isVisible()).toBe(false);
    expect(await postcode.inputValue()).toBe('7501');
    await postcode.fill('75011');
    await paris.click();
    expect([await postcode.inputValue(), await field(page, 'Ville').inputValue()]).toEqual(['75011', 'Paris']);
  }));
