import { Workbook } from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOfHtml } from '../fixtures/html.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

const MERCHANT = 'commercant';
const MAINTAINER = 'mainteneur';
const COMPANY = '/companies/ponant-company-1';
let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());
const { made, formOf } = officeForms(() => server);

const panel = async () => {
  const { text } = await server.get(MERCHANT, COMPANY);
  return /<section class="panel" id="maintainers">[^]*?<\/section>/.exec(text)?.[0].replace(/\s+/g, ' ') ?? '';
};

test('MPU-05: the company shows each maintainer with his contact, his answer, and the stations that he has by it', async () => {
  const shown = await panel();
  for (const text of [
    'Atlantique Maintenance',
    'Yann Guillou',
    '44000 Nantes',
    'yann.guillou<wbr />@atlantique.example',
  ])
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

test('MPU-05: the table goes out as Excel and as CSV, with the days of the offer and of the answer', async () => {
  expect(await panel()).toContain(`href="${COMPANY}/maintainers.xlsx"`);
  const { text } = await server.get(MERCHANT, `${COMPANY}/maintainers.csv`);
  expect(text).toContain('Raison sociale;Contact;Adresse;');
  expect(text).toMatch(/Atlantique Maintenance;Yann Guillou;[^\n]*44000 Nantes;[^\n]*;Oui;[1-9]\d*;[^;\n]+;[^;\n]+/);
  const cookie = await server.cookie(MERCHANT);
  const file = await fetch(`${server.url}${COMPANY}/maintainers.xlsx`, { headers: { Cookie: cookie } });
  const book = new Workbook();
  await book.xlsx.load(await file.arrayBuffer());
  expect(book.worksheets[0]?.getCell('A2').value).toBe('Atlantique Maintenance');
  expect(book.worksheets[0]?.getCell('I2').value).toBeInstanceOf(Date);
});

test('MPU-05: a company next door shows none of it', async () => {
  expect((await server.get('voisin', `${COMPANY}/maintainers.csv`)).status).toBe(404);
  expect((await server.get('voisin', COMPANY)).status).toBe(404);
  expect((await server.get('voisin', '/companies/concarneau-company-1')).text).not.toContain('id="maintainers"');
});

test('MPU-07, LST-04, LST-05: merchants stand on pages, and any text finds some of them', async () => {
  const contract = '/admin/subscribers/ponant';
  await made(OPERATOR, contract, { ...(await formOf(OPERATOR, contract)), companiesMax: '60' });
  for (let number = 1; number <= 50; number++) {
    const name = `Quartier ${String(number).padStart(2, '0')}`;
    await made(MERCHANT, '/companies', { version: '0', name, maintainers: ['atlantique'] });
  }
  const first = await server.get(MAINTAINER, '/merchants');
  expect(first.text).toContain('Lignes 1 à 50 sur 52');
  expect(first.text).toContain('href="/merchants?page=2"');
  expect(first.text).not.toContain('Quartier 50');
  const second = await server.get(MAINTAINER, '/merchants?page=2');
  expect(second.text).toContain('Lignes 51 à 52 sur 52');
  expect(second.text).toContain('Quartier 50');
  const some = await server.get(MAINTAINER, '/merchants?q=UARTIER');
  expect(some.text).toContain('Lignes 1 à 50 sur 50');
  expect(await faultsOfHtml(some.text)).toEqual([]);
  // MPU-07: its letters stand for a logo that no company has.
  expect(some.text).toMatch(/class="monogram tint-\d" aria-hidden="true">Q0</);
  const none = await server.get(MAINTAINER, '/merchants?q=rien');
  expect(none.text).toContain('href="/merchants"');
  expect(none.text).not.toContain('Quartier');
});
