import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dial } from '../fixtures/charger.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { launch, watchedPage } from './browser.ts';

let browser: Browser;
let server: OfficeServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startOfficeServer()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

test('a maintainer names himself, sees the fault of a charger come in, takes it in charge and reads his message', async () => {
  const cookie = await server.cookie('mainteneur');
  const { page, complaints } = await watchedPage(browser, { url: server.url, cookie });
  await page.goto('/stations');
  await page.getByRole('link', { name: 'Quai Nord' }).click();
  await page.getByRole('heading', { name: 'Destinataires des alertes' }).click();
  await page.getByRole('checkbox', { name: 'Défaut par SMS à Yann Guillou' }).uncheck();
  await page.getByRole('checkbox', { name: 'Défaut par mail à Yann Guillou' }).check();
  await page.getByRole('button', { name: 'Enregistrer les destinataires' }).click();
  await page.getByText('Les destinataires sont enregistrés.').waitFor();

  await page.getByRole('link', { name: 'Alertes' }).click();
  await page.getByText('Aucune alerte en cours.').waitFor();
  const charger = await dial(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PON-1`);
  await charger.boot();
  await charger.status(1, 'Faulted', { errorCode: 'GroundFailure' });
  // Nobody reloads the page.
  const row = page.getByRole('row', { name: 'Quai Nord' });
  await row.getByText('défaut de terre (point 1)').waitFor();
  await row.getByRole('button', { name: 'Prendre en charge' }).click();
  await page.getByText('Vous avez pris l’alerte en charge').waitFor();
  expect(await row.getByRole('cell').nth(2).textContent()).toContain('Yann Guillou, le');
  await row.locator('summary').click();
  await row.getByText('Yann Guillou, par mail : début').waitFor();

  await page.goto('/outbox');
  const message = page.getByRole('row', { name: 'yann.guillou@atlantique.example' });
  await message.getByText('Lire le message').click();
  await message.getByText('Défaut de terre (point 1).').waitFor();
  expect(await page.getByRole('row').count()).toBe(2);
  expect(complaints).toEqual([]);
}, 30_000);
