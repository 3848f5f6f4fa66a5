import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dial } from '../fixtures/charger.ts';
import { PASSWORD, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { axeFaults, launch, misfits, signIn, watchedPage } from './browser.ts';

let browser: Browser;
let server: OfficeServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startOfficeServer()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function as(
  username: string,
  options: { readonly width?: number; readonly height?: number; readonly script?: boolean },
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, complaints } = await watchedPage(browser, { url: server.url, ...options });
  page.setDefaultTimeout(6_000);
  try {
    await signIn(page, username, PASSWORD);
    await act(page);
    // A browser complains of a form that comes back with what is wrong in it.
    expect(complaints.filter((one) => !one.includes('status of 422'))).toEqual([]);
  } finally {
    await page.context().close();
  }
}

test('a merchant makes a customer, corrects what is wrong, and a charger takes the badge at once', () =>
  as('commercant', {}, async (page) => {
    const charger = await dial(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PON-1`);
    await charger.boot();
    await page.goto('/fleet');
    await page.getByRole('link', { name: 'Gestion' }).click();
    await page.getByRole('link', { name: 'Clients', exact: true }).click();
    await page.getByRole('link', { name: 'Nouveau' }).click();
    await page.getByLabel('Nom').fill('Armelle Gourmelon');
    await page.getByLabel('Support 1 : numéro').fill('04:aa:bb:01');
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByRole('alert').getByText('Cochez l’accord').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect(await page.getByLabel('Support 1 : numéro').inputValue()).toBe('04:aa:bb:01');
    await page.getByLabel('Accepte les conditions').check();
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByRole('status').getByText('Enregistré').waitFor();
    const { idTagInfo } = await charger.call('Authorize', { idTag: '04AABB01' });
    expect(idTagInfo).toMatchObject({ status: 'Accepted' });
    await page.goto('/customers');
    await page.locator('#q').fill('gourm');
    await page.getByText('Lignes 1 à 1 sur 1').waitFor();
    expect(await page.locator('.record-link').allTextContents()).toEqual(['Armelle Gourmelon']);
  }));

test.each([
  ['on a phone', { width: 390, height: 844 }],
  ['without script', { script: false }],
] as const)('a customer changes her own data %s', (_how, options) =>
  as('cliente', options, async (page) => {
    await page.getByRole('link', { name: 'Mes informations personnelles' }).first().click();
    if (!('script' in options)) expect(await misfits(page)).toEqual([]);
    await page.getByLabel('Ville').fill('Landerneau');
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByRole('status').getByText('Enregistré').waitFor();
    expect(await page.getByLabel('Ville').inputValue()).toBe('Landerneau');
  }),
);
