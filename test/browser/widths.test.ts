import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR, PASSWORD, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { launch, misfits, signIn, watchedPage } from './browser.ts';

let browser: Browser;
let server: OfficeServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startOfficeServer()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** The widest pages of each user. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  [OPERATOR]: ['/admin/subscribers', '/admin/kits', '/admin/sims', '/outbox', '/users', '/stations', '/audit'],
  commercant: ['/recharges', '/stations', '/users', '/companies/ponant-company-1'],
  mainteneur: ['/merchants', '/stations', '/alerts'],
};

test.each([1280, 1000, 700])('at %i px no list scrolls sideways', async (width) => {
  for (const [username, paths] of Object.entries(PAGES)) {
    const { page } = await watchedPage(browser, { url: server.url, width });
    await signIn(page, username, PASSWORD);
    for (const path of paths) {
      await page.goto(path);
      expect(await misfits(page), `${username} ${path}`).toEqual([]);
    }
    await page.context().close();
  }
});
