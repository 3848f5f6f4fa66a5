import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOfRow, IRVE, readCsv } from '../exports/irve-schema.ts';
import { knock, type Charger } from '../fixtures/charger.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

const MERCHANT = 'commercant';
let server: OfficeServer;
let charger: Charger;
beforeAll(async () => {
  server = await startOfficeServer();
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PON-1`);
  if (!dialled.ok) throw new Error('the charger was refused');
  charger = dialled.charger;
  await charger.boot({ chargePointVendor: 'Fabrique', chargePointModel: 'Duo' });
}, 30_000);
afterAll(async () => {
  charger.socket.terminate();
  await server.stop();
});

/** Changes some fields of a form, as a browser would: with all that the form holds; null is a box that is not ticked. */
async function change(path: string, fields: Readonly<Record<string, string | null>>): Promise<void> {
  const { text } = await server.get(MERCHANT, path);
  const [, form = ''] = /<form\s[^>]*class="record-form"[^>]*>([^]*?)<\/form>/.exec(text) ?? [];
  const held: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const [, name = ''] = /\sname="([^"]+)"/.exec(input) ?? [];
    const [, value = ''] = /\svalue="([^"]*)"/.exec(input) ?? [];
    if (!input.includes('type="checkbox"') || /\schecked/.test(input)) held[name] = value;
  }
  for (const [, name = '', value = ''] of form.matchAll(/<textarea[^>]*?name="([^"]+)"[^>]*>\n?([^<]*)</g))
    held[name] = value;
  for (const [, name = '', options = ''] of form.matchAll(/<select[^>]*?name="([^"]+)"[^>]*>([^]*?)<\/select>/g))
    held[name] = /<option value="([^"]*)"\s+selected/.exec(options)?.[1] ?? '';
  const answer = await server.post(
    MERCHANT,
    path,
    Object.fromEntries(
      Object.entries({ ...held, ...fields }).filter((field): field is [string, string] => field[1] !== null),
    ),
  );
  expect(answer.status, answer.text).toBe(303);
}
const rowsOf = async (username: string) => readCsv((await server.get(username, '/stations/data-gouv.csv')).text);

describe('STA-04: « Export DataGouv »', () => {
  test('holds what is checked, has a CPO id and was connected, and tells what the others lack', async () => {
    for (const path of ['/stations/pon-1', '/stations/pon-2']) await change(path, { siteType: '', schedule: '' });
    expect((await rowsOf(MERCHANT)).length).toBe(1);
    const before = await server.get(MERCHANT, '/stations/data-gouv');
    expect(before.text).toContain('Aucune station n’est dans le fichier');
    expect(before.text).toMatch(/Quai Nord<\/a[^]*l’implantation, les horaires/);
    expect(before.text).toMatch(/Quai Sud<\/a[^]*une première connexion/);
    expect(await faultsOfHtml(before.text)).toEqual([]);

    await change('/companies/ponant-company-1', { siren: '130 025 265' });
    const site = { siteType: 'street', schedule: 'Lu-Ve 08:00-19:00, sa 09:00-12:00', permanentPowerW: '22' };
    for (const path of ['/stations/pon-1', '/stations/pon-2']) await change(path, { ...site, openData: '1' });
    await until('it in the file', async () => (await rowsOf(MERCHANT)).length > 1);
    const [header, ...rows] = await rowsOf(MERCHANT);
    expect(header).toEqual(IRVE.map(({ name }) => name));
    expect(rows.flatMap(faultsOfRow)).toEqual([]);
    const column = (name: string) => rows.map((row) => row[IRVE.findIndex((one) => one.name === name)]);
    expect(new Set(column('nom_station'))).toEqual(new Set(['Quai Nord']));
    expect(column('siren_amenageur')[0]).toBe('130025265');
    expect(column('horaires')[0]).toBe('Mo-Fr 08:00-19:00,Sa 09:00-12:00');
    expect(column('code_insee_commune')[0]).toBe('29039');
    expect(column('coordonneesXY')[0]).toBe('[-3.91,47.87]');
    const { text } = await server.get(MERCHANT, '/stations/data-gouv');
    expect(text).toContain('1 station dans le fichier');
    expect(text).toContain('Une station laissée de côté');
  });

  test('STA-05: the ids that people choose are kept without their separators, and no two stations have one', async () => {
    await change('/stations/pon-1', { roamingId: 'fr*pon*p*quai 1', paidByCard: '1' });
    await change('/stations/pon-1/evses/1', { roamingId: 'FR-PON-E-QUAI-1' });
    const [header = [], row = []] = await rowsOf(MERCHANT);
    const cell = (name: string) => row[header.indexOf(name)];
    expect(cell('id_station_itinerance')).toBe('FRPONPQUAI1');
    expect(cell('id_pdc_itinerance')).toBe('FRPONEQUAI1');
    expect([cell('paiement_acte'), cell('paiement_cb')]).toEqual(['false', 'true']);
    const { formOf } = officeForms(() => server);
    const taken = { ...(await formOf(MERCHANT, '/stations/pon-2')), roamingId: 'FRPONPQUAI1' };
    const refused = await server.post(MERCHANT, '/stations/pon-2', taken);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('id="e-roamingId"');
  });

  test('a station whose box is not checked is not in it, nor one of an inactive company', async () => {
    const names = async () => (await rowsOf(MERCHANT)).slice(1).map((row) => row[9]);
    const points = (await names()).length;
    expect(points).toBeGreaterThan(0);
    await change('/companies/ponant-company-1', { inactive: '1' });
    await until('it left out', async () => (await names()).length === 0);
    const [, version = ''] =
      /name="version" value="(\d+)"/.exec((await server.get(MERCHANT, '/companies/ponant-company-1')).text) ?? [];
    const company = { version, name: 'Syndicat Mobilités du Ponant', cpoId: 'FR*PON' };
    expect((await server.post(MERCHANT, '/companies/ponant-company-1', company)).status).toBe(303);
    await until('it is back', async () => (await names()).length === points);
    await change('/stations/pon-1', { openData: null });
    expect(await names()).toEqual([]);
    expect((await server.get(MERCHANT, '/stations/data-gouv')).text).not.toContain('Quai Nord');
  });

  test('is for who manages stations, of what is his alone', async () => {
    for (const path of ['/stations/data-gouv', '/stations/data-gouv.csv']) {
      expect((await server.get('mainteneur', path)).status).toBe(404);
      expect((await server.get('integrateur', path)).status).toBe(404);
    }
    const next = await server.get('voisin', '/stations/data-gouv');
    expect(next.text).toMatch(/Ville close<\/a[^]*une première connexion, le CPO ID de la société/);
    expect(next.text).not.toContain('Quai');
    expect((await server.get(MERCHANT, '/stations')).text).toContain('href="/stations/data-gouv"');
    expect((await server.get('mainteneur', '/stations')).text).not.toContain('href="/stations/data-gouv"');
  });

  test.each([
    ['siren', '/companies', { name: 'Seconde', siren: '130025266' }],
    ['siren', '/companies', { name: 'Seconde', siren: '12' }],
    ['schedule', '/stations/pon-1', { schedule: 'de 6 h à 22 h' }],
    ['schedule', '/stations/pon-1', { schedule: '24/7,08:00-12:00' }],
    ['roamingId', '/stations/pon-1', { roamingId: 'FR*PON*E*1' }],
    ['roamingId', '/stations/pon-1/evses/1', { roamingId: 'PON1' }],
  ])('a %s that the schema would refuse is refused beside its field', async (field, path, typed) => {
    const { status, text } = await server.post(MERCHANT, path, { version: '0', ...typed });
    expect(status).toBe(422);
    expect(text).toContain(`href="#field-${field}"`);
  });
});
