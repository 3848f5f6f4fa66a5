import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knock, type Charger } from '../fixtures/charger.ts';
import { startMailServer, type MailServer } from '../fixtures/mail-server.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';
import { launch, signIn, watchedPage } from './browser.ts';

/**
 * A day of each kind of subscriber, in a real browser, with a real charger and a real mail server. Each test goes on
 * where the one before it ended.
 */
const MERCHANT = 'voisin';
const NEXT_DOOR = 'commercant';
const MAINTAINER = 'mainteneur';
const PASSPHRASE = 'Belle-Île-en-Mer-2026';

let browser: Browser;
let mail: MailServer;
let server: OfficeServer;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  mail = await startMailServer((stop) => void ends.push(stop));
  [browser, server] = await Promise.all([launch(), startOfficeServer({ mailUrl: mail.url })]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
  for (const end of ends) await end();
});

/** With a password, he signs in by the page. */
async function as(username: string, act: (page: Page) => Promise<void>, password?: string): Promise<void> {
  const who = password === undefined ? { cookie: await server.cookie(username) } : {};
  const { page } = await watchedPage(browser, { url: server.url, ...who });
  page.setDefaultTimeout(5_000);
  try {
    if (password !== undefined) await signIn(page, username, password);
    await act(page);
  } finally {
    await page.context().close();
  }
}

/** `Valider` of the form on the page, which then says that it is saved. */
async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Valider' }).click();
  await page.getByRole('status').getByText('Enregistré').waitFor();
}

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]`).fill(value);
}

/** Opens the folds of a form, so that its fields can be filled in. */
async function unfold(page: Page, ...tabs: readonly string[]): Promise<void> {
  for (const tab of tabs) {
    const fold = page.locator(`[data-tab="${tab}"]`);
    if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click();
  }
}

async function makeStation(page: Page, name: string): Promise<string> {
  await page.goto('/stations/new');
  await fill(page, {
    name,
    address: '2 passage Lanriec',
    postcode: '29900',
    city: 'Concarneau',
    position: '47.8736;-3.9177',
    contactName: 'Soizic Kervella',
    contactPhone: '0298000001',
    contactEmail: 'port@concarneau.example',
  });
  await save(page);
  return new URL(page.url()).pathname;
}

/** The mails to this address, whose server has nothing more to say. */
const mailsTo = (address: string) =>
  mail.mails.filter((one) => one.to?.some((to) => 'address' in to && to.address === address));

let lanriec = '';
let quai = '';
let charger: Charger;

describe('a merchant', () => {
  test('makes stations without chargers, and names who is to maintain them', () =>
    as(MERCHANT, async (page) => {
      lanriec = await makeStation(page, 'Passage Lanriec');
      quai = await makeStation(page, 'Quai Carnot');
      await page.goto('/companies/concarneau-company-1');
      await page.locator('summary', { hasText: 'Mainteneurs publics' }).click();
      await page.locator('.dual select').first().selectOption({ label: 'Atlantique Maintenance' });
      await page.getByRole('button', { name: 'Ajouter' }).click();
      await save(page);
    }));
});

describe('a public maintainer', () => {
  test('finds no station of a merchant before he has accepted him, and all of his after', () =>
    as(MAINTAINER, async (page) => {
      await page.goto('/stations?q=lanriec');
      expect(await page.locator('.records').count()).toBe(0);
      await page.goto('/merchants');
      await page.locator('tr', { hasText: 'Régie de Concarneau' }).getByRole('button', { name: 'Accepter' }).click();
      await page.goto('/stations?q=lanriec');
      await page.getByRole('link', { name: 'Passage Lanriec', exact: true }).waitFor();
    }));

  test('installs an OCPP charger from an integrator’s model, and sees it live', () =>
    as(MAINTAINER, async (page) => {
      await page.goto(lanriec);
      await unfold(page, 'charger', 'ocpp');
      await page.locator('[name="integratorModel"]').selectOption({ label: 'Volterre – Parvis 22-2' });
      await fill(page, { identity: 'LANRIEC-1', permanentPowerW: '22' });
      await save(page);
      await unfold(page, 'charger');
      expect(await page.locator('[name="model"]').inputValue()).toBe('Parvis 22-2');
      expect(await page.locator('[name="evses"]').inputValue()).toBe('2');

      await page.goto('/fleet?q=LANRIEC-1');
      const row = page.locator('tr', { hasText: 'LANRIEC-1' });
      await row.getByText('Non connectée').waitFor();
      const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/LANRIEC-1`);
      if (!dialled.ok) throw new Error('the charger was refused');
      charger = dialled.charger;
      await charger.boot({ chargePointVendor: 'Volterre', chargePointModel: 'Parvis 22-2' });
      await charger.status(1, 'Available');
      await row.getByText('Libre', { exact: true }).waitFor();
    }));

  test('fills in the form of a LafonPulse kit', () =>
    as(MAINTAINER, async (page) => {
      await page.goto(quai);
      await unfold(page, 'charger');
      await page.locator('[name="protocol"]').selectOption('lafon-pulse');
      await unfold(page, 'kit', 'sim');
      await fill(page, {
        kitSerial: '2019-00417',
        udpPort: '1081',
        permanentPowerW: '7,4',
        simIccid: '8933012345678901234',
      });
      await save(page);
      await unfold(page, 'kit');
      expect(await page.locator('[name="udpPort"]').inputValue()).toBe('1081');
      expect(await page.locator('[data-tab="ocpp"]').isVisible()).toBe(false);
    }));

  test('names himself for the faults of this station, is told of one by mail, and takes it in charge', async () => {
    await as(MAINTAINER, async (page) => {
      await page.goto(lanriec);
      await page.locator('#recipients summary').first().click();
      await page.getByRole('checkbox', { name: 'Défaut par mail à Yann Guillou' }).check();
      await page.locator('#recipients').getByRole('button').click();
      await page.waitForURL('**recipients**');
    });
    await charger.status(1, 'Faulted', { errorCode: 'GroundFailure' });
    await until('the mail', () => mailsTo('yann.guillou@atlantique.example').length === 1);
    expect(mailsTo('yann.guillou@atlantique.example')[0]?.subject).toContain('Passage Lanriec');
    await as(MAINTAINER, async (page) => {
      await page.goto('/alerts');
      const row = page.locator('tr', { hasText: 'Passage Lanriec' });
      await row.getByRole('button', { name: 'Prendre en charge' }).click();
      await page.locator('tr', { hasText: 'Passage Lanriec' }).getByText('Yann Guillou').first().waitFor();
    });
  });
});

test('a merchant next door is refused: the station, its charger and its alert are not there', () =>
  as(NEXT_DOOR, async (page) => {
    for (const path of [lanriec, '/fleet/LANRIEC-1']) {
      expect((await page.goto(path))?.status()).toBe(404);
      expect(await page.content()).not.toContain('Passage Lanriec');
    }
    await page.goto('/alerts');
    expect(await page.content()).not.toContain('Passage Lanriec');
  }));

test('an integrator describes a model with its points', () =>
  as('integrateur', async (page) => {
    await page.goto('/models/new');
    await fill(page, { name: 'Estacade', manufacturer: 'Volterre', make: 'Volterre', evses: '2' });
    await save(page);
    await page.locator('#points').getByRole('link').last().click();
    await unfold(page, 'outlets');
    await page.locator('[name="outlet1Type"]').selectOption('combo-2');
    await save(page);
    await page.goto('/models');
    await page.getByRole('link', { name: 'Estacade' }).waitFor();
  }));

/** Declared by the platform, with a mail from which its administrator chooses his password. */
async function declare(kind: string, name: string, more: (page: Page) => Promise<void> = async () => undefined) {
  const address = `${kind}@reseau.example`;
  await as(OPERATOR, async (page) => {
    await page.goto('/admin/subscribers/new');
    await page.locator('[name="kind"]').selectOption(kind);
    await fill(page, { name, administrator: `admin.${kind}`, contactName: name, contactEmail: address });
    await more(page);
    await save(page);
  });
  const [letter] = await until('the mail', () => mailsTo(address).length > 0 && mailsTo(address));
  const [link] = /https?:\/\/\S+password\/reset\/\S+/.exec(letter?.text ?? '') ?? [];
  const { page } = await watchedPage(browser, { url: server.url });
  await page.goto(new URL(link ?? '').pathname);
  await fill(page, { password: PASSPHRASE, again: PASSPHRASE });
  await page.locator('main form button').click();
  await page.waitForURL('**/login**');
  await page.context().close();
}

test('the platform operator declares a chain, whose administrator signs in from his mail and sees the chargers of its merchants alone', async () => {
  await declare('chain', 'Réseau Cornouaille', async (page) => {
    await unfold(page, 'contract');
    await page.locator('.dual select').first().selectOption({ label: 'Régie de Concarneau' });
    await page.getByRole('button', { name: 'Ajouter' }).click();
  });
  await as(
    'admin.chain',
    async (page) => {
      await page.goto('/fleet');
      await page.getByText('LANRIEC-1').waitFor();
      expect(await page.content()).not.toContain('PON-1');
      expect((await page.goto('/stations'))?.status()).toBe(404);
    },
    PASSPHRASE,
  );
});

test('a gateway subscriber signs in from his mail to his own pages, and has no fleet', async () => {
  await declare('gateway', 'Passerelle Ouest');
  await as(
    'admin.gateway',
    async (page) => {
      expect((await page.goto('/'))?.status()).toBe(200);
      expect((await page.goto('/users'))?.status()).toBe(200);
      expect((await page.goto('/fleet'))?.status()).toBe(404);
    },
    PASSPHRASE,
  );
});
