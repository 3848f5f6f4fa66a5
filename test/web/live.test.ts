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
  expect(page.text()).toMatch(/id: 100002\n/);
  page.clear();
  directory.journal({ chargePointId: 'MAD-1000', name: 'link-down', kind: 'link', level: 'problem' });
  await turn();
  expect(page.text()).toMatch(/hx-target="#events-\d{4}-\d\d-\d\d" hx-swap="afterbegin"><li id="e100003"/);
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
