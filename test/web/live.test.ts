import { expect, test } from 'vitest';
import { STREAMS_MAX } from '#web/live/stream.ts';
import { fixtureWeb, signedIn } from '../fixtures/web-server.ts';

const DEADLINE_MS = 2000;

/** A stream as text that grows, read as a browser reads. */
function listen(response: Response) {
  let text = '';
  let ended = false;
  const reader = response.body?.getReader();
  const pump = async (): Promise<void> => {
    for (;;) {
      const read = await reader?.read();
      if (read === undefined || read.done) break;
      text += new TextDecoder().decode(read.value);
    }
    ended = true;
  };
  void pump();
  return {
    text: () => text,
    clear: () => (text = ''),
    ended: () => ended,
    close: () => reader?.cancel(),
  };
}

async function until(fact: () => boolean): Promise<void> {
  const giveUp = Date.now() + DEADLINE_MS;
  while (!fact()) {
    if (Date.now() > giveUp) throw new Error('it did not happen in time');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function open() {
  const web = fixtureWeb({ manual: true });
  const cookie = await signedIn(web.app);
  const join = async (path: string, headers: Record<string, string> = {}) =>
    listen(await web.app.request(path, { headers: { Cookie: cookie, ...headers } }));
  /** Turns the hubs, and gives every answer the time to come. */
  const turn = async () => {
    web.turn();
    for (let at = 0; at < 20; at++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { ...web, cookie, join, turn };
}

test('STA-02: a list of stations is told the state of the chargers beside them, and nothing else of the fleet', async () => {
  const { directory, join, turn } = await open();
  const page = await join('/fleet/live?since=60&draw=state&show=MAD-1000,WAL-1037');
  await turn();
  page.clear();
  directory.change('WAL-1037', { state: 'out-of-service', fault: true });
  directory.change('ABB-1074', { state: 'out-of-service', fault: true });
  await turn();
  expect(page.text()).toContain('hx-target="#state-WAL-1037" hx-swap="outerMorph"');
  expect(page.text()).toContain('Hors-service');
  for (const other of ['ABB-1074', '#r-WAL-1037', '#verdict', 'event: moved']) expect(page.text()).not.toContain(other);
});

test('a changed charger reaches the pages that show it, and no other page', async () => {
  const { directory, join, turn } = await open();
  const both = await join('/fleet/live?since=60&show=MAD-1000,WAL-1037');
  const other = await join('/fleet/live?since=60&show=ABB-1074');
  const all = await join('/fleet/live?since=60');
  await turn();
  for (const page of [both, other, all]) page.clear();
  directory.change('WAL-1037', { state: 'out-of-service' });
  await turn();
  expect(both.text()).toContain('hx-target="#r-WAL-1037" hx-swap="outerMorph"');
  expect(both.text()).toMatch(/\nid: 61\n\n$/);
  expect(all.text()).toContain('#r-WAL-1037');
  expect(other.text()).not.toContain('WAL-1037');
});

test('two hundred pages cost one question to the fleet per turn, and a still fleet sends nothing', async () => {
  const { directory, join, turn } = await open();
  const pages = await Promise.all(Array.from({ length: 200 }, () => join('/fleet/live?since=60&show=MAD-1000')));
  await turn();
  directory.asked.clear();
  for (const page of pages) page.clear();
  await turn();
  expect(directory.asked.get('changes')).toBe(1);
  expect(pages.every((page) => page.text() === '')).toBe(true);
});

test('a page gets what changed between its drawing and its connection', async () => {
  const { directory, join, turn } = await open();
  directory.change('MAD-1000', { stationName: 'Renamed meanwhile' });
  const page = await join('/fleet/live?since=60&show=MAD-1000');
  await turn();
  await turn();
  expect(page.text()).toContain('Renamed meanwhile');
});

test('a reconnection begins where the last event left off', async () => {
  const { directory, join, turn } = await open();
  directory.change('MAD-1000', { stationName: 'Before' });
  directory.change('WAL-1037', { stationName: 'After' });
  const page = await join('/fleet/live?since=60', { 'Last-Event-ID': '61' });
  await turn();
  await turn();
  expect(page.text()).toContain('After');
  expect(page.text()).not.toContain('Before');
});

test('a page from another life of the server is told to draw itself anew', async () => {
  const { directory, join, turn } = await open();
  directory.forget();
  const page = await join('/fleet/live?since=60');
  await turn();
  await until(() => page.ended());
  expect(page.text()).toContain('event: stale');
});

test('counters are sent when they change', async () => {
  const { directory, join, turn } = await open();
  const page = await join('/fleet/live?since=60&show=MAD-1000');
  await turn();
  page.clear();
  directory.change('WAL-1037', { state: 'offline' });
  await turn();
  expect(page.text()).toContain('<hx-partial hx-target="#n-offline" hx-swap="innerHTML">5</hx-partial>');
});

test('a browser that does not keep up gets the newest state of a charger, once', async () => {
  const { app, cookie, directory, turn } = await open();
  const answer = await app.request('/fleet/live?since=60&show=MAD-1000', { headers: { Cookie: cookie } });
  for (let at = 0; at < 40; at++) {
    directory.change('MAD-1000', { stationName: `Name ${at}` });
    await turn();
  }
  const page = listen(answer);
  await turn();
  await turn();
  await until(() => page.text().includes('Name 39'));
  expect(page.text().match(/Name \d+/g)?.length).toBeLessThan(12);
});

test('a closed page is forgotten', async () => {
  const { directory, join, turn } = await open();
  const page = await join('/fleet/live?since=60');
  await turn();
  await page.close();
  directory.asked.clear();
  await turn();
  expect(directory.asked.get('changes')).toBeUndefined();
});

test('past the most streams there may be, one more is told to come back later', async () => {
  const { app, cookie, join } = await open();
  await Promise.all(Array.from({ length: STREAMS_MAX }, () => join('/fleet/live?since=60&show=x')));
  const answer = await app.request('/fleet/live?since=60', { headers: { Cookie: cookie } });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('Retry-After')).toBe('30');
});

test('a charger’s page is told its parts once, then only what changed', async () => {
  const { directory, join, turn } = await open();
  const page = await join('/fleet/MAD-1000/live?after=81&day=2026-01-01');
  await turn();
  expect(page.text()).toContain('hx-target="#cp-head"');
  page.clear();
  await turn();
  expect(page.text()).toBe('');
  directory.change('MAD-1000', { stationName: 'New name' });
  await turn();
  expect(page.text()).toContain('New name');
  expect(page.text()).not.toContain('hx-target="#cp-recent"');
});

test('new events go on top of their day, and a new day brings its heading', async () => {
  const { directory, join, turn } = await open();
  const page = await join('/fleet/MAD-1000/live?after=81');
  directory.journal({ chargePointId: 'MAD-1000', name: 'Heartbeat', level: 'debug' });
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-up', kind: 'link', note: 'line one\nline two' });
  await turn();
  expect(page.text()).toMatch(/hx-target="#events" hx-swap="afterbegin"><section class="day"><h3>/);
  expect(page.text()).toContain('data: line two');
  expect(page.text()).not.toContain('Signe de vie');
  expect(page.text()).toMatch(/id: 100002\/\d{4}-\d\d-\d\d\n/);
  page.clear();
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-down', kind: 'link', level: 'problem' });
  await turn();
  expect(page.text()).toMatch(/hx-target="#events-\d{4}-\d\d-\d\d" hx-swap="afterbegin"><li id="e100003"/);
});

test('the events of one turn come as one part for each day, so that none looks for a list that is not there yet', async () => {
  const { directory, join, turn } = await open();
  const page = await join('/fleet/MAD-1000/live?after=81');
  for (const name of ['Heartbeat', 'Authorize', 'link-up']) directory.journal({ chargePointId: 'MAD-1000', name });
  await turn();
  expect(page.text().match(/hx-target="#events[^"]*"/g)).toEqual(['hx-target="#events"']);
  expect(page.text().match(/<li id="e\d+"/g)).toEqual(['<li id="e100003"', '<li id="e100002"', '<li id="e100001"']);
});

test('a list that a filter left empty begins at the newest event, and is told only what fits its filter', async () => {
  const { app, cookie, directory, join, turn } = await open();
  directory.journal({ chargePointId: 'MAD-1000', name: 'Heartbeat', level: 'debug' });
  const text = await (await app.request('/fleet/MAD-1000?q=nowhere', { headers: { Cookie: cookie } })).text();
  const url = /hx-sse:connect="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(url).toBe('/fleet/MAD-1000/live?q=nowhere&after=100001');
  const page = await join(url);
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-up' });
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-down', note: 'from nowhere' });
  await turn();
  expect(page.text().match(/<li id="e\d+"/g)).toEqual(['<li id="e100003"']);
});

test('a page that is far behind keeps no other page of its charger waiting', async () => {
  const { directory, join, turn } = await open();
  for (let at = 0; at < 400; at++) directory.journal({ chargePointId: 'MAD-1000', name: 'link-up', kind: 'link' });
  const behind = await join('/fleet/MAD-1000/live?after=0');
  const upToDate = await join('/fleet/MAD-1000/live?after=100400');
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-down', kind: 'link' });
  await turn();
  expect(upToDate.text().match(/<li id="e\d+"/g)).toEqual(['<li id="e100401"']);
  expect(behind.text().match(/<li id="e\d+"/g)).toHaveLength(100);
  for (let at = 0; at < 5; at++) await turn();
  expect(behind.text()).toContain('<li id="e100401"');
});

test('a hundred pages that show the same journal cost two questions to the archive per turn', async () => {
  const { directory, join, turn } = await open();
  await Promise.all(Array.from({ length: 100 }, () => join('/events/live?after=81')));
  directory.asked.clear();
  directory.journal({ name: 'link-up' });
  await turn();
  expect(directory.asked.get('events')).toBe(2);
});

test('the period of a list is that of its stream, and a period that is over has none', async () => {
  const { app, cookie, directory, clock, join, turn } = await open();
  const streamOf = async (search: string) => {
    const text = await (await app.request(`/fleet/MAD-1000${search}`, { headers: { Cookie: cookie } })).text();
    return /hx-sse:connect="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  };
  expect(await streamOf('?to=2020-01-31')).not.toContain('after=');
  expect(await streamOf('?to=2999-01-31')).toContain('to=2999-01-31&after=');
  const page = await join('/fleet/MAD-1000/live?to=2999-01-31&after=81');
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-up' });
  await turn();
  expect(page.text()).toContain('<li id="e100001"');
  page.clear();
  clock.offsetMs = Date.UTC(2999, 1, 2) - Date.now();
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-up' });
  await turn();
  expect(page.text()).not.toContain('<li');
});

test('a page that reconnects says how far it is, also through lines that it does not show', async () => {
  const { directory, join, turn } = await open();
  const quiet = await join('/fleet/MAD-1000/live?level=critical&after=81');
  directory.journal({ chargePointId: 'MAD-1000', name: 'Heartbeat', level: 'debug' });
  for (let at = 0; at < 9; at++) await turn();
  expect(quiet.text()).toMatch(/id: 100001\nevent: beat\n/);
  const again = await join('/fleet/MAD-1000/live?after=81', { 'Last-Event-ID': '100001/2026-01-02' });
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-up', atMs: Date.UTC(2026, 0, 2, 12) });
  await turn();
  expect(again.text()).toContain('hx-target="#events-2026-01-02"');
  expect(again.text()).not.toContain('<li id="e100001"');
});

test('the journal of all chargers is live too, and names the charger; a refused connection is part of it', async () => {
  const { app, cookie, directory, join, turn } = await open();
  const text = await (await app.request('/events', { headers: { Cookie: cookie } })).text();
  const page = await join(/hx-sse:connect="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '');
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-up', kind: 'link' });
  directory.journal({ name: 'STRANGER-7', kind: 'refused', level: 'problem', note: 'unknown-identity 203.0.113.9' });
  directory.journal({ chargePointId: 'MAD-1000', name: 'Heartbeat', level: 'debug' });
  await turn();
  expect(page.text().match(/<li id="e\d+"/g)).toEqual(['<li id="e100002"', '<li id="e100001"']);
  expect(page.text()).toContain('href="/fleet/MAD-1000"');
  expect(page.text()).toContain('STRANGER-7');
});

test('a session that starts, counts on or ends while the page is open moves its row', async () => {
  const { directory, join, turn } = await open();
  const page = await join('/fleet/MAD-1000/live');
  await turn();
  page.clear();
  const connectors = directory.view('MAD-1000').connectors;
  const session = connectors.find((one) => one.session !== null)?.session ?? null;
  const change = (next: typeof session) =>
    directory.change('MAD-1000', {
      connectors: connectors.map((one) => (one.connectorId === 2 ? { ...one, session: next } : one)),
    });
  const running = session && { ...session, transactionId: 9001, energyWh: 3_400, powerW: 7_200 };
  change(running);
  await turn();
  const row = () => /<tr id="session-9001">[\s\S]*?<\/tr>/.exec(page.text())?.[0] ?? '';
  expect(page.text()).toContain('hx-target="#cp-sessions" hx-swap="outerMorph"');
  expect(row()).toContain('3,4\u00a0kWh');
  expect(row()).toContain('7,2\u00a0kW');
  page.clear();
  change(running && { ...running, energyWh: 5_100 });
  await turn();
  expect(row()).toContain('5,1\u00a0kWh');
  page.clear();
  change(null);
  await turn();
  expect(page.text()).toContain('hx-target="#cp-sessions"');
  expect(row()).toBe('');
});

/** What a page was told to have moved in its list, each charger as `name fault? listed?`. */
function movedIn(text: string): string[] {
  return [...text.matchAll(/event: moved\ndata: (.*)\n/g)].flatMap(([, json]) =>
    (JSON.parse(json ?? '[]') as { row: string; fault: boolean; listed: boolean }[]).map(
      ({ row, fault, listed }) => `${row}${fault ? ' fault' : ''}${listed ? ' listed' : ''}`,
    ),
  );
}

test('a list that would now hold another charger is told so; a new fault is told wherever it is', async () => {
  const { directory, join, turn } = await open();
  const [calm = '', other = ''] = directory.ids().filter((id) => {
    const view = directory.view(id);
    return !view.fault && view.state === 'free' && view.linked;
  });
  const faults = await join('/fleet/live?since=60&fault=1&show=');
  const everything = await join(`/fleet/live?since=60&show=${directory.ids().join(',')}`);
  await turn();
  for (const page of [faults, everything]) page.clear();
  directory.change(calm, { fault: true });
  directory.change(other, { stationName: 'A new name moves no list' });
  await turn();
  expect(movedIn(faults.text())).toEqual([`r-${calm} fault listed`]);
  expect(movedIn(everything.text())).toEqual([`r-${calm} fault`]);
  for (const page of [faults, everything]) page.clear();
  directory.change(calm, { stationName: 'Still at fault' });
  directory.adopt('NEW-1');
  await turn();
  expect(movedIn(faults.text())).toEqual([]);
  expect(movedIn(everything.text())).toEqual(['r-NEW-1 listed']);
});

test('what moved between the drawing of a page and its stream is told too', async () => {
  const { directory, join, turn } = await open();
  directory.adopt('NEW-1');
  const page = await join('/fleet/live?since=60&show=MAD-1000');
  await turn();
  await turn();
  expect(movedIn(page.text())).toEqual(['r-NEW-1 listed']);
});

test('a charger that is no longer there keeps its place in the list, and says so; pages that do not show it are told nothing', async () => {
  const { directory, join, turn } = await open();
  const page = await join('/fleet/live?since=60&show=MAD-1000,WAL-1037');
  const other = await join('/fleet/live?since=60&show=ABB-1074');
  await turn();
  for (const one of [page, other]) one.clear();
  directory.remove('WAL-1037');
  await turn();
  expect(page.text()).toContain('hx-target="#r-WAL-1037" hx-swap="outerMorph"');
  expect(page.text()).toContain('n’est plus dans votre parc');
  expect(other.text()).not.toContain('WAL-1037');
});

test('an address that is badly encoded shows no charger, and breaks nothing', async () => {
  const { app, cookie } = await open();
  const answer = await app.request('/fleet/live?since=60&show=%zz,MAD-1000', { headers: { Cookie: cookie } });
  expect(answer.status).toBe(200);
  await answer.body?.cancel();
});

test('the page of a charger that is no longer there is told to draw itself anew', async () => {
  const { directory, join, turn } = await open();
  const page = await join('/fleet/WAL-1037/live');
  await turn();
  directory.remove('WAL-1037');
  await turn();
  expect(page.text()).toContain('event: stale');
  expect(page.ended()).toBe(true);
});
