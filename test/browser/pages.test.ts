import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listening } from '../fixtures/web-server.ts';
import { axeFaults, launch, signIn, watchedPage, type Watched } from './browser.ts';
import { until } from '../fixtures/until.ts';

let browser: Browser;
let server: Awaited<ReturnType<typeof listening>>;
/** Of the operator, who signs in once, by the page. */
let cookie: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), listening()]);
  const { page } = await watchedPage(browser, { url: server.url });
  await signIn(page);
  const [login] = await page.context().cookies();
  cookie = `${login?.name}=${login?.value}`;
  await page.context().close();
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** The fleet, or another page, of the operator. */
async function visit(
  options: Partial<Parameters<typeof watchedPage>[1]> & { readonly path?: string },
  act: (page: Page, watched: Watched) => Promise<void>,
): Promise<void> {
  const watched = await watchedPage(browser, { url: server.url, cookie, ...options });
  try {
    await watched.page.goto(options.path ?? '/fleet');
    await act(watched.page, watched);
    expect(watched.complaints).toEqual([]);
  } finally {
    await watched.page.context().close();
  }
}

function focused(page: Page, property: 'id' | 'className'): Promise<string> {
  return page
    .locator(':focus')
    .first()
    .evaluate((element, name) => element[name], property);
}

test('PRC-01, PRC-04: a station is offered while it is typed; its charger is reloaded from its drawer', () =>
  visit({}, async (page) => {
    const station = page.getByLabel('Station de charge');
    await station.pressSequentially('joliette 2');
    await expect.poll(() => page.locator('#d-station option').count()).toBe(1);
    expect(await station.inputValue()).toBe('joliette 2');
    await page.locator('.row-link').click();
    await page.locator('.drawer').getByRole('button', { name: 'Recharger l’état de la borne' }).click();
    await page.locator('.drawer').getByText('Demander un message · StatusNotification').first().waitFor();
  }));

test('a row changes within a second of the fleet, in place, without a reload', () =>
  visit({}, async (page) => {
    const before = await page.locator('.fleet tbody tr').evaluateAll((rows) => rows.map((row) => row.id));
    await page.waitForSelector('#pulse:not([hidden])');
    const changedAtMs = Date.now();
    server.directory.change('MAD-1740', { stationName: 'Seen at once' });
    await page.getByText('Seen at once').waitFor({ timeout: 3000 });
    expect(Date.now() - changedAtMs).toBeLessThan(1000);
    expect(await page.locator('.fleet tbody tr').evaluateAll((rows) => rows.map((row) => row.id))).toEqual(before);
  }));

test('a new fault flashes its row, moves the counters and is said to a screen reader', () =>
  visit({}, async (page) => {
    await page.waitForSelector('#pulse:not([hidden])');
    const faults = Number(await page.locator('#n-fault').textContent());
    const calm =
      server.directory.ids().find((id) => !server.directory.view(id).fault && server.directory.view(id).linked) ?? '';
    server.directory.change(calm, { fault: true, errorCode: 'OverVoltage' });
    await page.locator('tr.flash').waitFor({ timeout: 3000 });
    await expect.poll(() => page.locator('#n-fault').textContent()).toBe(String(faults + 1));
    expect(await page.locator('#announcer').textContent()).toContain('Défaut sur');
  }));

test('a fault outside the list is counted beside the refresh button and said aloud; refreshing brings it', () =>
  visit({ path: '/fleet?q=annecy' }, async (page) => {
    await page.waitForSelector('#pulse:not([hidden])');
    const { directory } = server;
    const id = directory.ids().find((one) => directory.view(one).city === 'Lyon' && !directory.view(one).fault) ?? '';
    const { city, stationName } = directory.view(id);
    directory.change(id, { fault: true, stationName: 'Faulty elsewhere' });
    await expect.poll(() => page.locator('#announcer').textContent()).toContain('Faulty elsewhere');
    expect(await page.locator('#outside').textContent()).toBe('');
    const place = await page.locator('.fleet').boundingBox();
    directory.change(id, { fault: false });
    directory.change(id, { fault: true, city: 'Annecy', stationName: 'Annecy at last' });
    await expect.poll(() => page.locator('#outside').textContent()).toBe('1 changement hors liste — rafraîchissez');
    expect(await page.locator('.fleet tbody').getByText('Annecy at last').count()).toBe(0);
    expect(await page.locator('.fleet').boundingBox()).toEqual(place);
    await page.locator('[data-refresh]').click();
    await page.locator('.fleet tbody').getByText('Annecy at last').waitFor();
    expect(await page.locator('#outside').textContent()).toBe('');
    directory.change(id, { city, stationName, fault: false });
  }));

test('searching filters as one types, keeps the focus, and Back leads to where one was', () =>
  visit({}, async (page) => {
    // The first beat tells that htmx listens: keys that come before it are not heard.
    await page.waitForSelector('#pulse:not([hidden])');
    await page.keyboard.press('/');
    await page.keyboard.type('brest');
    await expect.poll(() => page.locator('.fleet tbody tr').count()).toBe(6);
    expect(await focused(page, 'id')).toBe('q');
    expect(page.url()).toContain('q=brest');
    await page.locator('.counter.st-free').click();
    await page.waitForURL(/state=free/);
    await page.goBack();
    await expect.poll(() => page.url()).not.toContain('state=free');
    await expect.poll(() => page.locator('.fleet tbody tr').count()).toBe(6);
    expect(await page.locator('#q').inputValue()).toBe('brest');
  }));

test('after a filter the rows that came are still alive', () =>
  visit({}, async (page) => {
    await page.fill('#q', 'annecy');
    await expect.poll(() => page.locator('.fleet tbody tr').count()).toBe(6);
    const id = server.directory.ids().find((one) => server.directory.view(one).city === 'Annecy') ?? '';
    server.directory.change(id, { stationName: 'Alive after the filter' });
    await page.getByText('Alive after the filter').waitFor({ timeout: 3000 });
  }));

test('j and Enter open the drawer; it lives; Escape closes it, ends its stream and gives the focus back', () =>
  visit({}, async (page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const link = page.locator('tr.selected .row-link');
    const id = (await link.getAttribute('href'))?.split('/').at(-1) ?? '';
    await page.keyboard.press('Enter');
    await page.locator('#drawer[open] .cp-head').waitFor();
    server.directory.change(id, { stationName: 'Moved in the drawer' });
    await page.locator('#drawer').getByText('Moved in the drawer').waitFor({ timeout: 3000 });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('#drawer[open]').count()).toBe(0);
    expect(await page.locator('#drawer-body > *').count()).toBe(0);
    expect(await focused(page, 'className')).toBe('row-link');
  }));

test('field-32: a command is sent from the page, and its steps appear as they happen', () =>
  visit({ path: '/fleet/WAL-1185' }, async (page, watched) => {
    await page.locator('#connector-3 summary').click();
    await page.fill('#f-remote-start-3-idTag', 'has space');
    await page.locator('#f-remote-start-3 button').click();
    await page.locator('#f-remote-start-3 .errors').waitFor();
    expect(await focused(page, 'className')).toBe('errors');
    await page.fill('#f-remote-start-3-idTag', '04A2B3C4');
    await page.locator('#f-remote-start-3 button').click();
    const progress = page.locator('#cp-recent .progress').first();
    await progress.waitFor();
    const commandId = (await progress.getAttribute('id'))?.replace('command-', '') ?? '';
    server.directory.progress(commandId, 'sent');
    server.directory.progress(commandId, 'accepted');
    await progress.locator('li.reached', { hasText: 'acceptée' }).waitFor({ timeout: 3000 });
    await progress.locator('li.ahead', { hasText: 'véhicule branché' }).waitFor();
    // The browser itself notes the 422 that the form was meant to get.
    watched.complaints.splice(0, 1);
  }));

test('a live change leaves an open fold and a half-typed field as they are', () =>
  visit({ path: '/fleet/WAL-1185' }, async (page) => {
    await page.waitForSelector('#pulse:not([hidden])');
    await page.locator('#connector-3 summary').click();
    await page.fill('#f-remote-start-3-idTag', '04A2');
    const view = server.directory.view('WAL-1185');
    server.directory.change('WAL-1185', {
      connectors: view.connectors.map((one) => (one.connectorId === 3 ? { ...one, status: 'Preparing' } : one)),
    });
    await page.locator('#connector-3', { hasText: 'Préparation' }).waitFor({ timeout: 3000 });
    expect(await page.inputValue('#f-remote-start-3-idTag')).toBe('04A2');
    expect(await focused(page, 'id')).toBe('f-remote-start-3-idTag');
  }));

test('new events appear on top of the journal', () =>
  visit({ path: '/fleet/WAL-1185' }, async (page) => {
    await page.waitForSelector('#pulse:not([hidden])');
    server.directory.journal({
      chargePointId: 'WAL-1185',
      name: 'link-down',
      kind: 'link',
      level: 'problem',
      note: 'code 4000',
    });
    await page.getByText('Liaison fermée — remplacée par une liaison plus récente').waitFor({ timeout: 3000 });
    expect(await page.locator('#events .event').first().textContent()).toContain('remplacée');
  }));

test('events of one moment all appear, on a day that the list had not begun yet', () =>
  visit({ path: '/fleet/ABB-1074?level=critical&q=burst' }, async (page) => {
    await page.waitForSelector('#pulse:not([hidden])');
    for (let at = 0; at < 5; at++)
      server.directory.journal({ chargePointId: 'ABB-1074', name: 'link-up', level: 'critical', note: `burst ${at}` });
    await expect.poll(() => page.locator('#events .event').count(), { timeout: 3000 }).toBe(5);
    expect(await page.locator('#events .event').first().textContent()).toContain('burst 4');
    expect(await page.locator('#events .day').count()).toBe(1);
  }));

test('a filter keeps the page of the charger and its cards, through a reload too; no box ticked shows nothing', () =>
  visit({ path: '/fleet/WAL-1185' }, async (page) => {
    await page.locator('.levels .lv-info input').uncheck();
    await page.waitForURL('**/fleet/WAL-1185?level=problem&level=critical');
    await page.reload();
    await page.locator('#connector-1').waitFor();
    expect(await page.locator('.levels .lv-info input').isChecked()).toBe(false);
    for (const level of ['problem', 'critical']) await page.locator(`.levels .lv-${level} input`).uncheck();
    await page.waitForURL('**/fleet/WAL-1185?level=none');
    await page.getByText('Aucun niveau n’est coché').waitFor();
    expect(await page.locator('.levels input:checked').count()).toBe(0);
  }));

test('the journal of all chargers grows by itself', () =>
  visit({ path: '/events' }, async (page) => {
    await page.waitForSelector('#pulse:not([hidden])');
    server.directory.journal({ name: 'STRANGER-9', kind: 'refused', level: 'problem', note: 'inactive' });
    await page.locator('#events .event', { hasText: 'STRANGER-9' }).waitFor({ timeout: 3000 });
  }));

test(
  'when the server falls silent a banner says since when, and the page comes back by itself',
  () =>
    visit({}, async (page) => {
      await page.waitForSelector('#pulse:not([hidden])');
      server.silence(true);
      await page.locator('#banner:not([hidden])').waitFor({ timeout: 15_000 });
      server.silence(false);
      await page.locator('#banner[hidden]').waitFor({ state: 'attached', timeout: 15_000 });
    }),
  45_000,
);

test('without script the same pages filter, open a charger and send a command', () =>
  visit({ script: false }, async (page) => {
    await page.fill('#q', 'brest');
    await page.locator('.filters button').click();
    expect(await page.locator('.fleet tbody tr').count()).toBe(6);
    await page.goto('/fleet/WAL-1185');
    await page.locator('#commands-configuration > summary').click();
    await page.locator('#f-clear-cache-box button').click();
    expect(page.url()).toContain('#command-');
    await page.locator('#cp-recent').getByText('Vider le cache des badges').waitFor();
  }));

const PATHS = [
  '/fleet',
  '/fleet/MAD-1000',
  '/fleet/MAD-1000?at=2026-11-26T10:00:00',
  '/quirks',
  '/demo/simulator',
  '/reviews',
  '/reviews?state=resolved',
  '/events',
  '/health',
  '/login',
];

describe.each(PATHS)('%s', (path) => {
  let page: Page;
  let complaints: readonly string[];
  beforeAll(async () => {
    const who = path === '/login' ? {} : { cookie };
    ({ page, complaints } = await watchedPage(browser, { url: server.url, ...who }));
    await page.goto(path);
  });
  afterAll(async () => {
    await page.context().close();
    expect(complaints).toEqual([]);
  });

  test('has no fault that axe knows, light or dark', async () => {
    expect(await axeFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFaults(page, ['color-contrast'])).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test.each([760, 1024, 1280, 1440, 2200])('at %i px wide nothing scrolls sideways', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.locator('html').evaluate((root) => root.scrollWidth)).toBeLessThanOrEqual(width);
  });

  test('fits a phone of 390 px without sideways scroll, with targets that a thumb can hit', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.locator('html').evaluate((root) => root.scrollWidth)).toBeLessThanOrEqual(390);
    const small = await page
      .locator('.button:visible, .icon-button:visible, .segments button:visible, .masthead nav a:visible')
      .evaluateAll((targets) =>
        targets.flatMap((target) =>
          target.getBoundingClientRect().height < 44 ? [`${target.className} ${target.textContent}`] : [],
        ),
      );
    expect(small).toEqual([]);
    const tiny = await page
      .locator('a:visible, button:visible, select:visible, summary:visible, label:has(input):visible')
      .evaluateAll((targets) =>
        targets.flatMap((target) =>
          target.getBoundingClientRect().height < 24 && !target.matches('.skip, .sub a, p a')
            ? [`${target.className} ${target.textContent}`]
            : [],
        ),
      );
    expect(tiny).toEqual([]);
  });
});

test('PRC-17: on a phone each group of commands opens by the keyboard, fits, and stays open while the charger speaks', () =>
  visit({ width: 390, height: 844 }, async (page) => {
    await page.goto('/fleet/WAL-1185');
    await page.waitForSelector('#pulse:not([hidden])', { state: 'attached' });
    for (const group of ['charge', 'configuration', 'energy', 'security']) {
      await page.locator(`#commands-${group} > summary`).focus();
      await page.keyboard.press('Enter');
    }
    const summary = page.locator('#commands-energy .command > summary').first();
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.fill('#f-set-profile-box-limit', '16');
    const low = await page
      .locator('#cp-commands :is(summary, .button, input:not([type=checkbox]), select):visible')
      .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML));
    expect(low).toEqual([]);
    expect(await page.locator('html').evaluate((root) => root.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await axeFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFaults(page, ['color-contrast'])).toEqual([]);
    // The region is drawn anew when the link is lost: what was opened and typed is kept.
    server.directory.change('WAL-1185', { linked: false });
    await page.locator('#cp-commands').getByText('La borne n’a pas de liaison ouverte').first().waitFor();
    expect(await page.locator('#commands-energy[open]').count()).toBe(1);
    expect(await page.inputValue('#f-set-profile-box-limit')).toBe('16');
    server.directory.change('WAL-1185', { linked: true });
  }));

test.each([700, 1000, 1440])('at %i px wide every link of the menu has a name', (width) =>
  visit({ width }, async (page) => {
    for (const name of ['État du parc', 'Événements', 'Santé du serveur'])
      expect(await page.getByRole('navigation').getByRole('link', { name }).count(), name).toBe(1);
    expect(await axeFaults(page)).toEqual([]);
  }),
);

test.each([760, 1280, 1440])('at %i px wide the driver of every running session can be read', (width) =>
  visit({ width }, async (page) => {
    const cut = await page
      .locator('.figures .owner')
      .evaluateAll((owners) =>
        owners.flatMap((owner) => (owner.scrollWidth > owner.clientWidth + 1 ? [owner.textContent] : [])),
      );
    expect(cut).toEqual([]);
  }),
);

test('a permanent link leads to a line that is not under a heading', () =>
  visit({}, async (page) => {
    for (const path of ['/fleet/MAD-1000', '/fleet/MAD-1000/events']) {
      await page.goto(path);
      const id = (await page.locator('.event').nth(30).getAttribute('id')) ?? '';
      await page.goto(`${path}#${id}`);
      const covered = await page.locator(`#${id}`).evaluate((line) => {
        const { left, top } = line.getBoundingClientRect();
        return !line.contains(line.ownerDocument.elementFromPoint(left + 5, top + 5));
      });
      expect(covered, path).toBe(false);
    }
  }));

test('after a command is sent its progress is in sight and the focus is where it was, on a phone too', () =>
  visit({ width: 390, height: 844, path: '/fleet/WAL-1185' }, async (page) => {
    const unlock = page.locator('#f-unlock-3 button');
    await unlock.click();
    await page.locator('#latest-3 .progress').waitFor();
    expect(await focused(page, 'id')).toBe('');
    await until('the focus to be where it was', () =>
      unlock.evaluate((button) => button === button.ownerDocument.activeElement),
    );
    const box = await page.locator('#latest-3').boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844);
  }));

test('a stale button leads to the form that fits, with the reason, which the live view leaves in place', () =>
  visit({ path: '/fleet/MAD-1000' }, async (page, watched) => {
    await page.waitForSelector('#pulse:not([hidden])');
    const { connectors } = server.directory.view('MAD-1000');
    await page.locator('#f-remote-stop-1').evaluate((form) => form.setAttribute('hx-morph-skip', 'true'));
    await page
      .locator('#f-remote-stop-1 input[name=transactionId]')
      .evaluate((field) => field.setAttribute('value', '7'));
    await page.locator('#f-remote-stop-1 button').click();
    await page.locator('#connector-1').getByText('une autre est en cours').waitFor();
    server.directory.change('MAD-1000', {
      connectors: connectors.map((one) => ({ ...one, statusAtMs: Date.now() - 61_000 })),
    });
    await page.locator('#connector-1', { hasText: '1 min' }).waitFor();
    expect(await page.locator('#connector-1').getByText('une autre est en cours').count()).toBe(1);
    watched.complaints.splice(0, 1);
  }));
