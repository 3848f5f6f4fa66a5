import { expect, test } from 'vitest';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { fleetOfSixty } from '../fixtures/fleet-of-sixty.ts';
import { oneLine } from '../fixtures/one-line.ts';
import { API_TOKEN, fixtureWeb, signedIn } from '../fixtures/web-server.ts';

const posted = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin', ...headers },
  body: new URLSearchParams(fields).toString(),
});

async function visitor() {
  const web = fixtureWeb({ manual: true });
  const cookie = await signedIn(web.app);
  const get = (path: string, headers: Record<string, string> = {}) =>
    web.app.request(path, { headers: { Cookie: cookie, ...headers } });
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    web.app.request(path, posted(fields, { Cookie: cookie, ...headers }));
  return { ...web, cookie, get, post };
}

test('the fleet page is a whole French document with every charger, trouble first', async () => {
  const { get } = await visitor();
  const answer = await get('/fleet');
  const text = oneLine(await answer.text());
  expect(answer.status).toBe(200);
  expect(text).toMatch(/^<!DOCTYPE html><html lang="fr"/);
  expect(text).toContain('7 bornes en défaut');
  expect(text.match(/<tr id="r-/g)).toHaveLength(60);
  expect(text.indexOf(' has-fault')).toBeLessThan(text.indexOf('<tr id="r-MAD-1000" class="st-free"'));
});

test('filters, order and page size live in the address, whatever the form posts beside them', async () => {
  const { get } = await visitor();
  const answer = await get('/fleet?state=offline&q=&access=&sort=name&size=50', { 'HX-Source': 'form#filters' });
  const text = oneLine(await answer.text());
  expect(answer.headers.get('HX-Replace-Url')).toBe('/fleet?state=offline&sort=name&size=50');
  expect(text.match(/<tr id="r-/g)).toHaveLength(4);
  expect(text).toContain('aria-current="true"><b id="n-offline">');
});

test('PRC-01: a status and a station are chosen; the stations that fit are offered as one types', async () => {
  const { get } = await visitor();
  const isCharging = ({ connectors }: ChargePointView) => connectors.some(({ status }) => status === 'Charging');
  const { stationName = '' } = fleetOfSixty(0).find(isCharging) ?? {};
  const typed = stationName.slice(0, -2).toUpperCase();
  const text = oneLine(await (await get(`/fleet?status=Charging&station=${encodeURIComponent(typed)}`)).text());
  expect(text).toMatch(/<option value="Charging" selected\s*>En charge<\/option>/);
  const [, list = ''] = /<datalist\s+id="d-station"\s*>(.*?)<\/datalist>/.exec(text) ?? [];
  const offered = [...list.matchAll(/value="([^"]*)"/g)].map(([, name]) => name);
  expect(offered).toContain(stationName);
  const fits = fleetOfSixty(0).filter(
    (view) => isCharging(view) && view.stationName.startsWith(stationName.slice(0, -2)),
  );
  expect(text.match(/<tr id="r-/g)).toHaveLength(fits.length);
  expect(new Set(offered)).toEqual(new Set(fits.map((view) => view.stationName)));
});

test('a filter that nothing fits says so and offers the way out', async () => {
  const { get } = await visitor();
  const text = await (await get('/fleet?q=introuvable&state=free')).text();
  expect(text).toContain('Aucune borne ne correspond à ces filtres.');
  expect(text).toContain('Libre · «\u00a0introuvable\u00a0»');
  expect(text).toContain('Le parc compte 60 bornes');
});

test('a page past the end of the list says so, and leads back to its start', async () => {
  const { get } = await visitor();
  const text = await (await get('/fleet?page=9&sort=name')).text();
  expect(text).toContain('la liste s’arrête à 60 bornes');
  expect(text).toContain('href="/fleet?sort=name">Revenir au début');
});

test('the login card of a demonstration gives what one needs to try it: badges, a test badge, the API token', async () => {
  const { app } = fixtureWeb({ manual: true });
  const text = await (await app.request('/login')).text();
  for (const given of ['04A2B6F23C5D80', 'TEST-1', API_TOKEN, 'ws://localhost:8189/']) expect(text).toContain(given);
});

test('PRC-05, PRC-06: a charger’s page shows its connectors, ICCID, SIM number and address', async () => {
  const { get } = await visitor();
  const text = await (await get('/fleet/MAD-1000')).text();
  expect(text).toContain('89330123456789012345');
  expect(text).toContain('234567890123 <span class="sub">clé 4');
  expect(text).toContain('203.0.113.24');
  expect(text).toContain('id="connector-4"');
});

test('field-20: a clock that is off by more than five minutes is said on the charger’s page', async () => {
  const { get } = await visitor();
  expect(await (await get('/fleet/MAD-1000')).text()).toContain('Horloge décalée de +7');
  expect(await (await get('/fleet/WAL-1037')).text()).not.toContain('Horloge décalée');
});

test('htmx gets the bare fragment, a reload of the same address the whole page, and caches are told why', async () => {
  const { get } = await visitor();
  const fragment = await get('/fleet/MAD-1000/drawer', { 'HX-Request': 'true', 'HX-Request-Type': 'partial' });
  const whole = await get('/fleet/MAD-1000/drawer');
  expect(await fragment.text()).not.toContain('<html');
  expect(await whole.text()).toContain('<html');
  expect(fragment.headers.get('Vary')).toContain('HX-Request-Type');
});

test('a charger that is not there and a page that is not there answer 404 with a reference', async () => {
  const { get } = await visitor();
  for (const path of [
    '/fleet/NOWHERE',
    '/fleet/NOWHERE/drawer',
    '/fleet/NOWHERE/events',
    '/fleet/NOWHERE/live',
    '/nothing',
  ]) {
    const answer = await get(path);
    expect(answer.status, path).toBe(404);
    expect(await answer.text(), path).toContain(answer.headers.get('X-Request-Id') ?? 'missing');
  }
});

test('signed out, pages lead to the login and back, and scripts are told by a header', async () => {
  const { app } = fixtureWeb({ manual: true });
  const page = await app.request('/fleet/MAD-1000?level=debug');
  expect(page.status).toBe(303);
  expect(page.headers.get('Location')).toBe('/login?next=%2Ffleet%2FMAD-1000%3Flevel%3Ddebug');
  for (const headers of [{ 'HX-Request': 'true' }, { Accept: 'text/html, text/event-stream' }]) {
    const fetched = await app.request('/fleet/live?since=1', { headers });
    expect(fetched.status).toBe(401);
    expect(fetched.headers.get('HX-Redirect')).toBe('/login');
  }
});

test('every page carries a strict policy and its own request id', async () => {
  const { get } = await visitor();
  const { headers } = await get('/fleet');
  const policy = headers.get('Content-Security-Policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(headers.get('X-Request-Id')).not.toBe((await get('/fleet')).headers.get('X-Request-Id'));
});

test('a form from another site is refused, and logged', async () => {
  const { post, logged } = await visitor();
  const answer = await post(
    '/fleet/MAD-1000/commands/clear-cache',
    {},
    { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  );
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('Rien n’a été enregistré');
  expect(logged.at(-1)).toMatchObject({
    details: { path: '/fleet/MAD-1000/commands/clear-cache', origin: 'https://evil.example' },
    message: 'a form of another site was refused',
  });
});

test('a body beyond the limit is refused before it is read, and logged', async () => {
  const { post, logged } = await visitor();
  expect(
    (await post('/fleet/MAD-1000/commands/data-transfer', { data: 'x'.repeat(70_000) }, { 'Content-Length': '70100' }))
      .status,
  ).toBe(413);
  expect(logged.at(-1)?.message).toBe('a body beyond the limit was refused');
});

test('GEN-06: language and theme are kept in cookies; a theme leads back to where it was chosen, a language home', async () => {
  const { post, get, cookie } = await visitor();
  const theme = await post('/theme', { theme: 'dark', next: '/fleet?state=free' });
  expect(theme.headers.get('Location')).toBe('/fleet?state=free');
  expect(theme.headers.get('Set-Cookie')).toContain('theme=dark');
  const answer = await post('/language', { language: 'en' });
  expect(answer.headers.get('Location')).toBe('/');
  expect(answer.headers.get('Set-Cookie')).toContain('language=en');
  const english = await (await get('/fleet', { Cookie: `${cookie}; language=en; theme=dark` })).text();
  expect(english).toContain('<html lang="en" data-theme="dark"');
  expect(english).toContain('7 chargers with a fault');
});

test('a choice never leads to another server', async () => {
  const { post } = await visitor();
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/\t/evil.example']) {
    expect((await post('/theme', { theme: 'dark', next })).headers.get('Location'), next).toBe('/');
  }
});

test('the journal pages on, and the next lines come under the day they belong to', async () => {
  const { get } = await visitor();
  const first = await (await get('/fleet/MAD-1000/events')).text();
  const more = /hx-get="([^"]*before=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const next = await (await get(more, { 'HX-Request': 'true', 'HX-Request-Type': 'partial' })).text();
  expect(first.match(/class="event /g)).toHaveLength(50);
  expect(next).not.toContain('<html');
  expect(next.startsWith('<section class="day"><ol class="events">')).toBe(true);
});

test('PRC-02: Debug is off until asked for, and a permanent link shows its line whatever its level', async () => {
  const { get } = await visitor();
  const usual = await (await get('/fleet/MAD-1000/events')).text();
  const id = /id="(e\d+)"/.exec(await (await get('/fleet/MAD-1000/events?level=debug')).text())?.[1] ?? '';
  expect(usual).not.toContain(`id="${id}"`);
  expect(await (await get(`/fleet/MAD-1000/events?at=${id.slice(1)}`)).text()).toContain(`id="${id}"`);
});

test('a filter on a charger’s page stays on that page, and its address holds only what was chosen', async () => {
  const { get } = await visitor();
  const page = await (await get('/fleet/MAD-1000')).text();
  expect(page).toMatch(/id="journal-filters"[^>]*action="\/fleet\/MAD-1000"/s);
  const answer = await get('/fleet/MAD-1000?level=none&level=problem&from=&to=&q=', {
    'HX-Request': 'true',
    'HX-Source': 'form#journal-filters',
  });
  expect(answer.headers.get('HX-Replace-Url')).toBe('/fleet/MAD-1000?level=problem');
  expect(await answer.text()).toContain('id="cp-connectors"');
});

test('with no level ticked the list is empty and says why, and no box is ticked', async () => {
  const { get } = await visitor();
  const answer = await get('/events?level=none&from=&to=&q=', { 'HX-Source': 'form#journal-filters' });
  const text = await answer.text();
  expect(answer.headers.get('HX-Replace-Url')).toBe('/events?level=none');
  expect(text).toContain('Aucun niveau n’est coché');
  expect(text).not.toContain('class="event ');
  expect(text).not.toMatch(/<input type="checkbox"[^>]*checked/);
});

test('from the permanent link of a line there is a way to what came after it', async () => {
  const { get } = await visitor();
  const ids = (text: string) => [...text.matchAll(/<li id="e(\d+)"/g)].map(([, id]) => Number(id));
  const linked = await (await get('/fleet/MAD-1000/events?at=20')).text();
  expect(ids(linked)[0]).toBe(20);
  const newer = /href="([^"]*since=20)"/.exec(linked)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const above = await (await get(newer)).text();
  expect(ids(above)).toEqual(Array.from({ length: 50 }, (_, at) => 70 - at));
  expect(above).toContain('since=70');
  expect(await (await get('/fleet/MAD-1000/events?since=70&level=debug&level=info')).text()).not.toMatch(
    /class="button" href="[^"]*since=/,
  );
});

test('PRC-08: beside the exports stands how many lines they will hold', async () => {
  const web = fixtureWeb({ manual: true, exportEvents: async function* () {} });
  const cookie = await signedIn(web.app);
  const text = async (path: string) => (await web.app.request(path, { headers: { Cookie: cookie } })).text();
  expect((await text('/fleet/MAD-1000/events')).replace(/\s/g, ' ')).toContain(
    'Exporter les 20 000 dernières lignes au plus',
  );
  expect(await text('/fleet/MAD-1000/events?level=critical')).toContain('Exporter 1 ligne<');
});

test('a refused connection appears in the journal of all chargers with its reason', async () => {
  const { get, directory } = await visitor();
  directory.journal({
    name: 'STRANGER-7',
    kind: 'refused',
    level: 'problem',
    request: '/STRANGER-7',
    note: 'unknown-identity 203.0.113.9',
  });
  expect(await (await get('/events')).text()).toContain('Connexion refusée\u00a0: STRANGER-7 — identité inconnue');
});

test('the health page and the probes answer 503 when the disk refuses', async () => {
  const storage = {
    writable: false,
    lastError: 'disk I/O error',
    failedSinceMs: 1,
    commits: 1,
    groups: 1,
    epoch: 1,
    fenced: false,
    notesDropped: 0,
  };
  const { app } = fixtureWeb({
    manual: true,
    health: () => ({ storage, linkedChargePoints: 0, startedAtMs: 0, version: '1' }),
  });
  const cookie = await signedIn(app);
  expect((await app.request('/readyz')).status).toBe(503);
  expect((await app.request('/healthz')).status).toBe(503);
  const page = await app.request('/health', { headers: { Cookie: cookie } });
  expect(page.status).toBe(503);
  expect(await page.text()).toContain('disk I/O error');
});

test('PRC-07, PRC-08: an export gets the latest events of one charger, as many as the limit', async () => {
  const names: string[] = [];
  const lines: (string | null)[][] = [];
  const web = fixtureWeb({
    manual: true,
    exportEvents: async function* ({ events, format }) {
      for await (const event of events) {
        names.push(event.name);
        if (event.name === 'Liaison') lines.push([event.kind, event.sentence, event.note]);
      }
      yield new TextEncoder().encode(format);
    },
  });
  const cookie = await signedIn(web.app);
  const answer = await web.app.request('/fleet/MAD-1000/events.csv', { headers: { Cookie: cookie } });
  expect(await answer.text()).toBe('csv');
  expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename="vigie-MAD-1000.csv"');
  expect(names).toHaveLength(81);
  expect(lines).toEqual([
    ['Liaison', 'Liaison ouverte — 203.0.113.24', '203.0.113.24'],
    ['Liaison', 'Liaison fermée — coupée sans prévenir', 'coupée sans prévenir'],
  ]);
});

test('an actor that fails gives an error page with a reference, and the log the reason', async () => {
  const web = fixtureWeb({ manual: true });
  const failing = fixtureWeb({
    manual: true,
    actors: {
      ...web.directory,
      fleet: () => ({ id: 'fleet', tell: () => undefined, ask: () => Promise.reject(new Error('no answer in time')) }),
    },
  });
  const answer = await failing.app.request('/fleet', { headers: { Cookie: await signedIn(failing.app) } });
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain(answer.headers.get('X-Request-Id'));
  expect(JSON.stringify(failing.logged)).toContain('no answer in time');
});

test('assets are versioned by their contents, kept for a year, and compressed', async () => {
  const { app } = fixtureWeb({ manual: true });
  const page = await (await app.request('/login')).text();
  const [sheet] = /\/assets\/styles\.css\?v=[0-9a-f]+/.exec(page) ?? [''];
  const answer = await app.request(sheet, { headers: { 'Accept-Encoding': 'br' } });
  expect(answer.headers.get('Cache-Control')).toContain('immutable');
  expect(answer.headers.get('Content-Encoding')).toBe('br');
  expect((await app.request('/assets/styles.css')).headers.get('Cache-Control')).toBe('no-cache');
  expect((await app.request('/assets/../app.ts')).status).not.toBe(200);
});

test('the script that makes pages live comes in one piece, of at most 60 kB', async () => {
  const { app, get } = await visitor();
  const script = await (await app.request('/assets/app.js')).text();
  expect(script.length).toBeLessThanOrEqual(60_000);
  // An extension in a file of its own may come after htmx has gone over the page, which then is never live.
  expect(script).toMatch(/var htmx=[^]*registerExtension\("sse"/);
  const page = await (await get('/events')).text();
  expect([...page.matchAll(/<script src="\/assets\/([\w-]+\.js)/g)].map(([, name]) => name)).toEqual(['app.js']);
});

test('older sessions are pages away, each one once', async () => {
  const { get } = await visitor();
  const ids = (text: string) => [...text.matchAll(/<tr id="session-(\d+)"/g)].map(([, id]) => id);
  const first = await (await get('/fleet/MAD-1000')).text();
  expect(ids(first)).toHaveLength(20);
  const link = /href="([^"]*\/sessions\?before=\d+)"/.exec(first)?.[1] ?? '';
  const older = await (await get(link)).text();
  expect(older).toContain('<title>Recharges ·');
  expect(ids(older).length).toBeGreaterThan(10);
  expect(ids(older).filter((id) => ids(first).includes(id))).toEqual([]);
  expect(older).not.toContain('Recharges précédentes');
  expect((await get('/fleet/NOWHERE/sessions')).status).toBe(404);
  expect(ids(await (await get('/fleet/MAD-1000/sessions?before=x')).text()).length).toBeGreaterThan(20);
});

test('an open session shows what it has taken so far, not the zero it was written with', async () => {
  const { get, directory } = await visitor();
  const session = directory.view('MAD-1000').connectors[0]?.session;
  const text = await (await get('/fleet/MAD-1000')).text();
  const row = new RegExp(`<tr id="session-${session?.transactionId}">[\\s\\S]*?</tr>`).exec(text)?.[0] ?? '';
  const energyKwh = ((session?.energyWh ?? 0) / 1000).toFixed(1).replace('.', ',');
  expect(row).toContain(`${energyKwh}\u00a0kWh`);
  expect(row).not.toMatch(/>\s*0,0\u00a0kWh/);
});

test('a fault shows its own age beside that of the state', async () => {
  const { get, directory } = await visitor();
  const id = directory.ids().find((one) => directory.view(one).fault) ?? '';
  const { faultSinceMs } = directory.view(id);
  const text = oneLine(await (await get(`/fleet?q=${id}`)).text());
  expect(text).toMatch(new RegExp(`Défaut\\s*<time data-age="${faultSinceMs}"`));
});

test('field-21: pages show the clocks of the configured zone', async () => {
  const web = fixtureWeb({ manual: true, timeZone: 'Pacific/Noumea' });
  const cookie = await signedIn(web.app);
  const [login] = web.logins.values();
  const clock = new Intl.DateTimeFormat('fr-FR', {
    timeZone: 'Pacific/Noumea',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const page = await (await web.app.request('/account', { headers: { Cookie: cookie } })).text();
  expect(page).toContain(clock.format(login?.createdAtMs));
});
