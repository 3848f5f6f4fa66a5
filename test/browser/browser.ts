import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
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
    /** Of a login, as `name=value`: most tests are about what comes after the door. */
    readonly cookie?: string;
  },
): Promise<Watched> {
  const context = await browser.newContext({
    baseURL: options.url,
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    javaScriptEnabled: options.script ?? true,
    locale: 'fr-FR',
  });
  if (options.cookie !== undefined) {
    const [name = '', value = ''] = options.cookie.split('=');
    await context.addCookies([{ name, value, url: options.url }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

/** Signs in through the login page, as a person does. */
export async function signIn(page: Page, username = USERNAME, password = PASSWORD): Promise<void> {
  await page.goto('/login');
  await page.fill('#username', username);
  await page.fill('#password', password);
  await page.click('#login button');
  await page.waitForURL((url) => url.pathname !== '/login');
}

/** Leaves first the page that is open: its live stream would ask once more, without a login. */
export async function forgetLogin(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.context().clearCookies();
}

/** What axe finds, of all its rules or of these, as one line per rule and place. Run through the debugger, which the content policy does not bind. */
export async function axeFaults(page: Page, rules: readonly string[] = []): Promise<readonly string[]> {
  // One injection for each document, and of what is well only the count: the page itself is read no less.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source);
  return page.evaluate(async (only) => {
    const run = (
      globalThis as unknown as {
        axe: {
          run(
            options: object,
          ): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }>;
        };
      }
    ).axe.run({ resultTypes: ['violations'], ...(only.length > 0 && { runOnly: only }) });
    return (await run).violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    );
  }, rules);
}

/** What does not fit or cannot be hit: sideways scrolling, and on a phone targets lower than a thumb. */
export async function misfits(page: Page): Promise<readonly string[]> {
  const tooWide = await page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
  const wide = tooWide > 0 ? [`${tooWide} px too wide`] : [];
  if ((page.viewportSize()?.width ?? 0) > 600) return wide;
  const low = await page
    .locator('a:visible, button:visible, select:visible, summary:visible, input:visible, textarea:visible')
    .evaluateAll((targets) =>
      targets.flatMap((target) => {
        // The link of a row covers the whole of it.
        const { getComputedStyle: styleOf } = globalThis as unknown as {
          getComputedStyle(of: unknown, pseudo: string): { readonly position: string };
        };
        const row = styleOf(target, '::after').position === 'absolute' ? target.closest('tr') : null;
        const { height } = (row ?? target.closest('label') ?? target).getBoundingClientRect();
        if (height >= 44 || target.matches('.skip, [tabindex="-1"], p a')) return [];
        return [`${target.tagName} ${target.className} ${target.textContent.trim()}: ${height} px high`];
      }),
    );
  return [...wide, ...low];
}
