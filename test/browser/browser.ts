import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { PASSWORD, USERNAME } from '../fixtures/web-server.ts';

/** A real Chromium, from the npm package: no browser of the system is needed. */
export async function launch(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    headless: true,
  });
}

export type Watched = {
  readonly page: Page;
  /** Console errors, page errors and policy violations so far. */
  readonly complaints: string[];
};

/** A page that remembers what the console complained about. */
export async function watchedPage(
  browser: Browser,
  options: {
    readonly url: string;
    readonly width?: number;
    readonly height?: number;
    readonly dark?: boolean;
    readonly script?: boolean;
  },
): Promise<Watched> {
  const context = await browser.newContext({
    baseURL: options.url,
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    javaScriptEnabled: options.script ?? true,
    locale: 'fr-FR',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

/** Signs in through the login page, as a person does. */
export async function signIn(page: Page): Promise<void> {
  await page.goto('/login');
  await page.fill('#username', USERNAME);
  await page.fill('#password', PASSWORD);
  await page.click('#login button');
  await page.waitForURL('**/fleet');
}
