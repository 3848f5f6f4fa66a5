import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { knock } from '../fixtures/charger.ts';
import { until } from '../fixtures/until.ts';

const MERCHANT = 'commercant';
const MAINTAINER = 'mainteneur';
/** Streams are looked at again every few seconds. */
const RECHECKED_MS = 12_000;

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

async function join(username: string, path: string) {
  const answer = await fetch(server.url + path, {
    headers: { Cookie: await server.cookie(username), Accept: 'text/event-stream' },
  });
  expect(answer.status).toBe(200);
  const heard = { text: '', ended: false };
  const pump = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const bytes of answer.body ?? []) heard.text += decoder.decode(bytes as Uint8Array);
  };
  void pump()
    .catch(() => undefined) // The server stops at the end of the tests.
    .finally(() => {
      heard.ended = true;
    });
  return heard;
}

async function offerTo(maintainers: readonly string[]): Promise<void> {
  const path = '/companies/ponant-company-1';
  const [, version = ''] = /name="version" value="(\d+)"/.exec((await server.get(MERCHANT, path)).text) ?? [];
  const saved = await server.post(MERCHANT, path, { version, name: 'Syndicat Mobilités du Ponant', maintainers });
  expect(saved.status).toBe(303);
}

test('a merchant’s open page of a charger is told the new lines of its journal', async () => {
  const [, url = ''] =
    /hx-sse:connect="(\/fleet\/PON-1\/live[^"]+)"/.exec((await server.get(MERCHANT, '/fleet/PON-1')).text) ?? [];
  const page = await join(MERCHANT, url.replaceAll('&amp;', '&'));
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PON-1`);
  if (!dialled.ok) throw new Error('the charger was refused');
  await dialled.charger.boot();
  await until('the boot in the journal', () => /hx-target="#events/.test(page.text));
});

test(
  'MPU-06: the streams of a maintainer end when the maintenance is withdrawn, whoever else looks',
  { timeout: 30_000 },
  async () => {
    const operators = await join(OPERATOR, '/fleet/PON-2/live');
    const theirs = [await join(MAINTAINER, '/fleet/PON-2/live'), await join(MAINTAINER, '/fleet/live?since=0')];
    await offerTo([]);
    await until('their end', () => theirs.every(({ ended }) => ended), RECHECKED_MS);
    expect(operators.ended).toBe(false);
  },
);

test('AUT-13: the streams of a user end when he is set inactive', { timeout: 30_000 }, async () => {
  const given = {
    name: 'Nolwenn',
    username: 'nolwenn',
    language: 'fr',
    role: 'ponant-role-view',
    restriction: 'nothing',
  };
  const made = await server.post(MERCHANT, '/users', { version: '0', ...given });
  const path = new URL(made.location ?? '', server.url).pathname;
  const [, link = ''] =
    /<code id="password-link">([^<]+)</.exec((await server.post(MERCHANT, `${path}/password-link`)).text) ?? [];
  const password = 'Un-mot-de-passe-9';
  await server.post(null, new URL(link).pathname, { password, again: password });
  await server.cookie('nolwenn', password);
  const page = await join('nolwenn', '/fleet/PON-1/live');
  const merchants = await join(MERCHANT, '/fleet/PON-1/live');
  expect((await server.post(MERCHANT, path, { version: '1', ...given, inactive: '1' })).status).toBe(303);
  await until('its end', () => page.ended, RECHECKED_MS);
  expect(merchants.ended).toBe(false);
});
