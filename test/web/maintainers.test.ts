import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOfHtml } from '../fixtures/html.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

const MERCHANT = 'commercant';
const MAINTAINER = 'mainteneur';
const COMPANY = '/companies/ponant-company-1';
let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const panel = async () => {
  const { text } = await server.get(MERCHANT, COMPANY);
  return /<section class="panel" id="maintainers">[^]*?<\/section>/.exec(text)?.[0].replace(/\s+/g, ' ') ?? '';
};

test('MPU-05: the company shows each maintainer with his contact, his answer, and the stations that he has by it', async () => {
  const shown = await panel();
  for (const text of ['Atlantique Maintenance', 'Yann Guillou', '44000 Nantes', 'yann.guillou@atlantique.example'])
    expect(shown).toContain(text);
  expect(shown).toMatch(/Accepté la maintenance">[^]*Oui/);
  expect(shown).toMatch(/href="\/stations\?company=ponant-company-1"\s*>[1-9]/);
  expect(await faultsOfHtml((await server.get(MERCHANT, COMPANY)).text)).toEqual([]);
});

test('MPU-05: one who has not accepted, or no longer does, has no station by it', async () => {
  await server.post(MAINTAINER, '/merchants/ponant-company-1', { accept: '0' });
  expect(await panel()).toMatch(/Accepté la maintenance"><span class="badge">Non<[^]*Stations de charge">0</);
  await server.post(MAINTAINER, '/merchants/ponant-company-1', { accept: '1' });
  expect(await panel()).toMatch(/>[1-9]\d*<\/a>/);
});

test('MPU-05: a company next door shows none of it', async () => {
  expect((await server.get('voisin', COMPANY)).status).toBe(404);
  expect((await server.get('voisin', '/companies/concarneau-company-1')).text).not.toContain('id="maintainers"');
});
