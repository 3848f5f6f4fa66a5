import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { launch, misfits, watchedPage } from './browser.ts';

let browser: Browser;
let server: OfficeServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startOfficeServer()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const WIDTHS = [1280, 1000, 700];
/** The widest pages of each user. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  [OPERATOR]: ['/admin/subscribers', '/admin/kits', '/admin/sims', '/outbox', '/users', '/stations', '/audit'],
  commercant: ['/recharges', '/stations', '/users', '/companies/ponant-company-1'],
  mainteneur: ['/merchants', '/stations', '/alerts'],
};

describe.each(Object.entries(PAGES))('%s', (username, paths) => {
  let page: Page;
  beforeAll(async () => {
    const cookie = await server.cookie(username);
    ({ page } = await watchedPage(browser, { url: server.url, cookie }));
  });
  afterAll(() => page.context().close());

  test.each(paths)(`at ${WIDTHS.join(', ')} px %s does not scroll sideways`, async (path) => {
    await page.goto(path);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      expect(await misfits(page), `${width} px`).toEqual([]);
    }
  });

  test('at every width each entry of the bar shows its word or its icon', async () => {
    await page.goto(paths[0] ?? '');
    for (const width of [...WIDTHS, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const shown = await page
        .locator('.masthead nav a')
        .evaluateAll((entries) =>
          entries.map((entry) => [...entry.children].some((part) => part.getBoundingClientRect().width > 5)),
        );
      expect(shown.length, `${width} px`).toBeGreaterThan(2);
      expect(shown, `${width} px`).not.toContain(false);
    }
  });
});
