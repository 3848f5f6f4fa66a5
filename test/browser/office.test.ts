import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GROUND } from '../fixtures/alert.ts';
import { knock } from '../fixtures/charger.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { ALL } from '../fixtures/post.ts';
import { until } from '../fixtures/until.ts';
import { aSession, storeRows } from '../storage/rows.ts';
import { axeFaults, launch, misfits, watchedPage, type Watched } from './browser.ts';

let browser: Browser;
let server: OfficeServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startOfficeServer()]);
  await tellOfFault(server);
  await tellOfRecharge(server);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** An alert, and the messages about it: pages that hold nothing are too easy. */
async function tellOfFault({ vigie }: OfficeServer): Promise<void> {
  const message = { type: 'observed', facts: GROUND, atMs: Date.now() };
  vigie.chargers.supervision.engine.tell('alert/PON-1', message);
  const { post } = vigie.storage;
  const [first] = await until('a message', async () => {
    const { rows } = await post.list(ALL);
    return rows.length > 0 ? rows : null;
  });
  await post.tried(first?.key ?? '', { state: 'failed', atMs: Date.now(), error: '550 5.1.1 no such user here' });
}

/** One that ended badly, with all that a line may say. */
async function tellOfRecharge({ vigie }: OfficeServer): Promise<void> {
  const session = aSession({
    transactionId: 900_001,
    chargePointId: 'PON-1',
    startedAtMs: Date.now() - 7_200_000,
    closing: 'provisional',
    stoppedAtMs: Date.now() - 3_600_000,
    energyWh: 12_345,
    driver: 'Jean-Baptiste de La Rochefoucauld',
    freeService: true,
    verdict: 'Invalid',
    review: 'implausible-energy',
    chargedMs: 3_000_000,
  });
  await storeRows(vigie.storage, { type: 'session', session });
}

async function visit(
  username: string,
  options: { readonly width?: number; readonly height?: number; readonly dark?: boolean; readonly script?: boolean },
  act: (page: Page, complaints: string[]) => Promise<void>,
): Promise<void> {
  const cookie = await server.cookie(username);
  const { page, complaints } = await watchedPage(browser, { url: server.url, cookie, ...options });
  // A label that is not there fails with its name, not with the whole test.
  page.setDefaultTimeout(4_000);
  try {
    await act(page, complaints);
    expect(complaints).toEqual([]);
  } finally {
    await page.context().close();
  }
}

/** Each kind of page once, by a user who has it. */
const PAGES: readonly (readonly [path: string, username: string])[] = [
  ['/companies', 'commercant'],
  ['/companies/ponant-company-1', 'commercant'],
  ['/stations', 'commercant'],
  ['/recharges', 'commercant'],
  ['/recharges/900001', 'commercant'],
  ['/stations?q=zzz', 'commercant'],
  ['/stations/new', 'commercant'],
  ['/stations/data-gouv', 'commercant'],
  ['/stations/pon-1', 'mainteneur'],
  ['/stations/pon-1/evses/1', 'commercant'],
  ['/models/model-Parvis-22-2', 'integrateur'],
  ['/stations/ponant-kit', 'mainteneur'],
  ['/grappes/ponant-grappe', 'commercant'],
  ['/kits', 'integrateur'],
  ['/kits/assign', 'integrateur'],
  ['/kits/assign?model=model-Parvis-22-2', 'integrateur'],
  ['/admin/kits/new', OPERATOR],
  ['/admin/sims/new', OPERATOR],
  ['/admin/firmwares', OPERATOR],
  ['/admin/servers/new', OPERATOR],
  ['/customers', 'commercant'],
  ['/customers/customer-1', 'commercant'],
  ['/customers/new', 'commercant'],
  ['/admin/customers', OPERATOR],
  ['/access', 'cliente'],
  ['/me', 'cliente'],
  ['/me/sessions', 'cliente'],
  ['/users', 'commercant'],
  ['/users/new', 'commercant'],
  ['/roles', 'commercant'],
  ['/roles/new', 'commercant'],
  ['/custom-fields/new', 'commercant'],
  ['/models/new', 'integrateur'],
  ['/bin', 'commercant'],
  ['/audit', 'commercant'],
  ['/outbox', OPERATOR],
  ['/outbox?q=zzz', 'commercant'],
  ['/alerts', 'mainteneur'],
  ['/alerts?state=past', 'commercant'],
  ['/stations/pon-1?recipients', 'mainteneur'],
  ['/merchants', 'mainteneur'],
  ['/admin/subscribers', OPERATOR],
  ['/admin/subscribers/new', OPERATOR],
  ['/password/change', 'commercant'],
  ['/dev/components', OPERATOR],
  ['/account', 'mainteneur'],
  ['/account', OPERATOR],
  ['/account/second-factor', 'commercant'],
  ['/users/ponant-administrator', OPERATOR],
  ['/terms', 'commercant'],
  ['/legal', 'commercant'],
  ['/privacy', 'commercant'],
];

/** One window for each user. */
const windows = new Map<string, Promise<Watched>>();

function windowOf(username: string): Promise<Watched> {
  const known = windows.get(username);
  if (known !== undefined) return known;
  const opened = server.cookie(username).then((cookie) => watchedPage(browser, { url: server.url, cookie }));
  windows.set(username, opened);
  return opened;
}

test.each(PAGES)('%s of %s is accessible and fits: light, dark, and on a phone', async (path, username) => {
  const { page, complaints } = await windowOf(username);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(path);
  expect(await axeFaults(page)).toEqual([]);
  expect(await misfits(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFaults(page, ['color-contrast'])).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await axeFaults(page)).toEqual([]);
  expect(await misfits(page)).toEqual([]);
  expect(complaints.splice(0)).toEqual([]);
});

test('a merchant makes a station, corrects what is wrong, finds it in the list, deletes it and takes it back', () =>
  visit('commercant', {}, async (page, complaints) => {
    await page.goto('/stations');
    await page.getByRole('link', { name: 'Nouveau' }).click();
    await page.getByRole('textbox', { name: 'Identification' }).fill('Port de commerce');
    await page.getByRole('button', { name: 'Valider' }).click();
    const faults = page.getByRole('alert');
    await faults.getByText('7 champs').waitFor();
    await faults.getByRole('link', { name: 'Ville' }).click();
    expect(complaints.splice(0).join()).toContain('422');
    const values = {
      Adresse: '1 rue de Siam',
      'Code postal': '29200',
      Ville: 'Brest',
      'Coordonnées GPS': '48.39;-4.48',
      'Nom du responsable': 'Camille Roux',
      Téléphone: '02 98 00 00 01',
      Email: 'camille@ponant.example',
    };
    for (const [label, value] of Object.entries(values)) await page.getByLabel(label).first().fill(value);
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByRole('status').getByText('Enregistré').waitFor();
    await page.goto('/stations');
    await page.getByRole('searchbox').fill('port de com');
    await expect.poll(() => page.locator('.records tbody tr').count()).toBe(1);
    expect(page.url()).toContain('q=port');
    expect(await page.getByRole('button', { name: 'Supprimer la sélection' }).isVisible()).toBe(false);
    await page.getByRole('checkbox', { name: /Port de commerce/ }).check();
    await page.getByRole('button', { name: 'Supprimer la sélection' }).click();
    await page.getByRole('button', { name: 'Supprimer', exact: true }).click();
    await page.waitForURL('**/stations?deleted=1');
    await page.goto('/bin');
    await page.locator('tr', { hasText: 'Port de commerce' }).getByRole('button', { name: 'Rétablir' }).click();
    await page.waitForURL('**/bin?restored');
    await page.goto('/stations?q=port+de+commerce');
    expect(await page.locator('.records tbody tr').count()).toBe(1);
  }));

test('FIC-04: with script a list of choices is two lists with arrows; what is moved is what is saved', () =>
  visit('commercant', {}, async (page) => {
    await page.goto('/companies/ponant-company-1');
    await page.locator('summary', { hasText: 'Mainteneurs publics' }).click();
    const [available, chosen] = [page.locator('.dual select').first(), page.locator('.dual select').nth(1)];
    const name = 'Atlantique Maintenance';
    await chosen.selectOption({ label: name });
    await page.getByRole('button', { name: 'Retirer' }).click();
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByRole('status').getByText('Enregistré').waitFor();
    await page.locator('summary', { hasText: 'Mainteneurs publics' }).click();
    expect(await chosen.locator('option').count()).toBe(0);
    await available.selectOption({ label: name });
    await page.getByRole('button', { name: 'Ajouter' }).click();
    expect(await chosen.locator('option').allTextContents()).toEqual([name]);
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByRole('status').getByText('Enregistré').waitFor();
    // Offered anew, he accepts anew.
    await server.post('mainteneur', '/merchants/ponant-company-1', { accept: '1' });
  }));

test('leaving a form with unsaved changes asks first', () =>
  visit('commercant', {}, async (page) => {
    await page.goto('/stations/new');
    await page.getByRole('textbox', { name: 'Identification' }).fill('Presque');
    const asked = new Promise<string>((resolve) => {
      page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.dismiss();
      });
    });
    void page.goto('/stations').catch(() => undefined);
    expect(await asked).toBe('beforeunload');
    expect(await page.getByRole('textbox', { name: 'Identification' }).inputValue()).toBe('Presque');
  }));

test('LST-04, LST-06: a user without script makes and finds a role all the same', () =>
  visit('commercant', { script: false }, async (page) => {
    await page.goto('/roles/new');
    await page.getByLabel('Libellé').fill('Accueil du matin');
    await page.getByLabel('Sociétés : Visualisation').check();
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByText('Enregistré').waitFor();
    await page.goto('/roles');
    await page.getByRole('searchbox').fill('matin');
    await page.getByRole('button', { name: 'Trouver' }).click();
    await page.waitForURL('**/roles?*matin*');
    await expect.poll(() => page.locator('.records tbody tr').count()).toBe(1);
  }));

test('LAF-03, OCP-07: of the two protocols only the one that is chosen is on the form, with script or without', () =>
  visit('commercant', { script: false }, async (page) => {
    await page.goto('/stations/new');
    const tab = (name: string) => page.locator(`[data-tab="${name}"]`).isVisible();
    expect([await tab('ocpp'), await tab('soap'), await tab('kit'), await tab('sim')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    await page.getByLabel('Version OCPP').selectOption('1.5-soap');
    expect(await tab('soap')).toBe(true);
    await page.getByLabel('Protocole').selectOption('lafon-pulse');
    expect([await tab('ocpp'), await tab('soap'), await tab('kit'), await tab('sim')]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    await page.getByLabel('Type media').selectOption('ethernet');
    expect(await tab('sim')).toBe(false);
  }));

test('STA-23, MPU-04, OCP-05: a maintainer installs a charger of an integrator’s model, and sees it connect', () =>
  visit('mainteneur', {}, async (page) => {
    await page.goto('/stations?q=halles');
    await page.getByRole('link', { name: 'Halles Saint-Louis' }).click();
    for (const tab of ['charger', 'ocpp']) await page.locator(`[data-tab="${tab}"] > summary`).click();
    await page.getByLabel('Modèle d’un intégrateur abonné').selectOption({ label: 'Volterre – Mistral DC50' });
    await page.getByLabel('ChargeBoxIdentity').fill('HALLES-1');
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByRole('status').getByText('Enregistré').waitFor();
    const points = page.locator('#points tbody tr');
    expect(await points.count()).toBe(3);
    expect(await points.first().innerText()).toContain('Combo2');
    await points.last().getByRole('link', { name: 'Point 2' }).click();
    await page.getByLabel('Prise 1 : type').selectOption({ label: 'Domestique EU' });
    await page.getByRole('button', { name: 'Valider' }).click();
    await page.getByRole('status').getByText('Enregistré').waitFor();
    await page.getByRole('link', { name: 'Halles Saint-Louis' }).click();
    expect(await points.last().innerText()).toContain('Domestique EU');

    await page.goto('/fleet?q=HALLES-1');
    const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/HALLES-1`);
    if (!dialled.ok) throw new Error('the charger was refused');
    await dialled.charger.boot();
    for (const connectorId of [1, 2, 3]) await dialled.charger.status(connectorId, 'Available');
    await page.locator('tr', { hasText: 'HALLES-1' }).getByText('Libre').first().waitFor();
  }));

test.each([true, false])(
  'GEN-05: the languages unfold from the current one and fold at a second click, with script: %s',
  (script) =>
    visit('voisin', { script, width: 390 }, async (page) => {
      await page.goto('/companies');
      const menu = page.locator('details.language > summary');
      const english = page.getByRole('button', { name: 'English' });
      expect(await menu.innerText()).toContain('FR');
      expect(await english.isVisible()).toBe(false);
      for (const act of [() => menu.click(), () => menu.press('Enter'), () => menu.press(' ')]) {
        await act();
        await english.waitFor();
        await act();
        await english.waitFor({ state: 'hidden' });
      }
      if (script) {
        await menu.press('Enter');
        await english.focus();
        await page.keyboard.press('Escape');
        await english.waitFor({ state: 'hidden' });
        await menu.click();
        await page.locator('h1').click();
        await english.waitFor({ state: 'hidden' });
      }
      await menu.click();
      expect(await page.getByRole('button', { name: 'Français' }).getAttribute('aria-pressed')).toBe('true');
      if (script) expect(await axeFaults(page)).toEqual([]);
      await english.click();
      await page.locator('html[lang="en"]').waitFor();
      await menu.click();
      await page.getByRole('button', { name: 'Français' }).click();
      await page.locator('html[lang="fr"]').waitFor();
    }),
);

test('FIC-03: a mark beside a field shows its help to who points at it, reaches it or touches it, and Escape hides it', () =>
  visit('commercant', {}, async (page) => {
    await page.goto('/users/ponant-administrator');
    const mark = page.getByRole('button', { name: 'Aide : Email' });
    const help = page.getByText('Sans adresse, seul un administrateur');
    expect(await help.isVisible()).toBe(false);
    const describedBy = await page.locator('#f-email').getAttribute('aria-describedby');
    expect(await help.getAttribute('id')).toBe(describedBy);
    await mark.hover();
    await help.waitFor();
    // Who points at it may go on to read it.
    await help.hover();
    expect(await help.isVisible()).toBe(true);
    await page.locator('h1').hover();
    await help.waitFor({ state: 'hidden' });
    await page.locator('#f-username').focus();
    await page.keyboard.press('Tab');
    await help.waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await mark.click();
    await help.waitFor();
  }));

test('FIC-03: without script there is no mark, and the help stands below its field', () =>
  visit('commercant', { script: false }, async (page) => {
    await page.goto('/users/ponant-administrator');
    expect(await page.locator('.help:visible').count()).toBe(0);
    const [field, help] = await Promise.all(['#f-email', '#h-email'].map((which) => page.locator(which).boundingBox()));
    expect(help?.y ?? 0).toBeGreaterThan((field?.y ?? 0) + (field?.height ?? 0) - 1);
  }));
