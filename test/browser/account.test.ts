import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPERATOR, PASSWORD, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { axeFaults, forgetLogin, launch, misfits, signIn, watchedPage } from './browser.ts';

let browser: Browser;
let server: OfficeServer;
/** The form of a user whom no other test signs in. */
let helperPath = '';
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startOfficeServer()]);
  const given = { name: 'Aide', username: 'aide', language: 'fr', role: 'ponant-role-all', restriction: 'nothing' };
  const { location } = await server.post('commercant', '/users', { version: '0', ...given });
  helperPath = new URL(location ?? '', server.url).pathname;
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function visit(
  options: { readonly width?: number; readonly height?: number; readonly dark?: boolean; readonly script?: boolean },
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, complaints } = await watchedPage(browser, { url: server.url, ...options });
  page.setDefaultTimeout(4_000);
  try {
    await act(page);
    expect(complaints).toEqual([]);
  } finally {
    await page.context().close();
  }
}

const isWell = async (page: Page): Promise<void> => {
  expect(await axeFaults(page)).toEqual([]);
  expect(await misfits(page)).toEqual([]);
};
const codeIn = (secret: string, inMs: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({ timestamp: Date.now() + inMs });

/** Turns the second factor on by what the page shows, and returns the key and the first recovery code. */
async function enrol(page: Page): Promise<{ readonly secret: string; readonly recovery: string }> {
  await page.goto('/account');
  await page.getByRole('link', { name: 'Activer la double authentification' }).click();
  const secret = await page.locator('code.secret').innerText();
  await page.getByLabel('Code à six chiffres').fill(codeIn(secret, 0));
  await page.getByLabel('Mot de passe actuel').fill(PASSWORD);
  await page.getByRole('button', { name: 'Activer la double authentification' }).click();
  const recovery = await page.locator('.recovery-codes code').first().innerText();
  return { secret, recovery };
}

async function toTheCode(page: Page, username: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Identifiant').fill(username);
  await page.getByLabel('Mot de passe').fill(PASSWORD);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { name: 'Votre code' }).waitFor();
}

describe.each([
  ['light', { width: 1280 }, 'commercant'],
  ['dark', { width: 1280, dark: true }, 'voisin'],
  ['a phone', { width: 390, height: 844 }, 'integrateur'],
] as const)('%s', (_, options, username) => {
  test('a user turns a second factor on, signs in by a code, and turns it off; each page is accessible and fits', () =>
    visit(options, async (page) => {
      await signIn(page, username, PASSWORD);
      const { secret } = await enrol(page);
      await isWell(page);
      await page.getByRole('link', { name: 'Je les ai gardés' }).click();
      await page.getByRole('button', { name: 'Se déconnecter' }).click();
      await page.waitForURL('**/login');
      await toTheCode(page, username);
      await isWell(page);
      await page.getByLabel('Code à six chiffres').fill(codeIn(secret, 30_000));
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await page.waitForURL((url) => !url.pathname.startsWith('/login'));
      await page.goto('/account/second-factor');
      await isWell(page);
      await page.getByLabel('Mot de passe actuel').fill(PASSWORD);
      await page.getByRole('button', { name: 'Désactiver' }).click();
      await page.getByText('Elle n’est pas activée').waitFor();
    }));

  test('« Mot de passe oublié ? » leads to an answer that is accessible and fits', () =>
    visit(options, async (page) => {
      await page.goto('/login');
      await page.getByRole('link', { name: 'Mot de passe oublié ?' }).click();
      await isWell(page);
      await page.getByLabel('Email').fill('nobody@nowhere.example');
      await page.getByRole('button', { name: 'Recevoir' }).click();
      await page.getByText('Si un compte a l’adresse').waitFor();
      await isWell(page);
    }));

  test('the operator enters an account, sees whose it is on every page, and comes back by « Accueil »', () =>
    visit(options, async (page) => {
      await signIn(page, OPERATOR, PASSWORD);
      await page.goto('/admin/subscribers/ponant');
      await isWell(page);
      await page.getByRole('button', { name: 'Entrer dans ce compte' }).click();
      await page.waitForURL('**/fleet');
      await page.goto('/companies');
      await page.getByText('Vous êtes dans le compte de Syndicat Mobilités du Ponant.').waitFor();
      await isWell(page);
      await page.getByRole('button', { name: 'Accueil' }).click();
      await page.waitForURL('**/fleet');
      expect(await page.getByText('Vous êtes dans le compte').count()).toBe(0);
    }));

  test('an administrator gives a temporary password, shown once on a page that is accessible and fits', () =>
    visit(options, async (page) => {
      await signIn(page, OPERATOR, PASSWORD);
      await page.goto(helperPath);
      await isWell(page);
      await page.getByRole('button', { name: 'Donner un mot de passe temporaire' }).click();
      expect(await page.locator('#temporary-password').innerText()).toMatch(/^[a-z2-9-]{24}$/);
      await isWell(page);
    }));
});

test('a user without script uses a recovery code, and ends his logins elsewhere', () =>
  visit({ script: false }, async (page) => {
    await signIn(page, 'mainteneur', PASSWORD);
    const { recovery } = await enrol(page);
    await forgetLogin(page);
    await toTheCode(page, 'mainteneur');
    await page.getByLabel('Code à six chiffres').fill(recovery);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.waitForURL('**/fleet');
    await page.goto('/account');
    expect(await page.locator('#logins tbody tr').count()).toBe(2);
    await page.getByRole('button', { name: 'Mettre fin à toutes les autres' }).click();
    await expect.poll(() => page.locator('#logins tbody tr').count()).toBe(1);
  }));

test.each([true, false])('USR-12: the icon in the list makes the link of that user, with script: %s', (script) =>
  visit({ script }, async (page) => {
    await signIn(page, 'commercant', PASSWORD);
    await page.goto('/users');
    await page.getByRole('button', { name: 'Créer un lien de mot de passe pour Camille Roux' }).click();
    await page.getByRole('heading', { name: 'Lien de mot de passe de Camille Roux' }).waitFor();
    expect(await page.locator('#password-link').innerText()).toContain('/password/reset/');
  }),
);

test('GEN-02: a desk shows the mobile version when it is chosen, and the other one again', () =>
  visit({ width: 1280 }, async (page) => {
    await page.goto('/legal');
    const widthOf = () => page.locator('body').evaluate((body) => body.getBoundingClientRect().width);
    await page.getByRole('button', { name: 'Version mobile' }).click();
    await expect.poll(widthOf, { timeout: 4_000 }).toBeLessThan(500);
    await isWell(page);
    await page.getByRole('button', { name: 'Version bureau' }).click();
    await expect.poll(widthOf, { timeout: 4_000 }).toBeGreaterThan(1_000);
  }));
