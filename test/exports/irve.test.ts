import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { leftOutBecause, type OpenDataStation } from '#src/domain/office/open-data.ts';
import { csvStream, PLAIN_CSV } from '#src/exports/csv.ts';
import { IRVE_COLUMNS, irveRows } from '#src/exports/irve.ts';
import { aRecord, recordOf } from '../office/arbitraries.ts';
import { faultsOfRow, IRVE, readCsv } from './irve-schema.ts';

const VALUES = {
  name: 'Parking L1',
  access: 'public',
  address: '42 Avenue\nJean Jaurès',
  postcode: '33530',
  city: 'Bassens',
  position: '44.89864;-0.51624',
  contactPhone: '+33500000000',
  contactEmail: 'station@exemple.fr',
  siteType: 'public-car-park',
  schedule: 'Mo-Fr 08:00-19:00',
  accessibility: 'accessible',
  permanentPowerW: 22_080,
  identity: 'BAS-1',
  evses: 2,
};
const point = (number: number, values: Record<string, string | number | boolean>, inactive = false) =>
  aRecord(ENTITIES.evse, { id: `s1-evse-${number}`, inactive, values: { number, connectorId: number, ...values } });
const STATION: OpenDataStation = {
  station: aRecord(ENTITIES.station, { id: 's1', values: VALUES }),
  company: { name: 'Mairie d’Exempleville', siren: '130025265', contactEmail: 'contact@exemple.fr' },
  cpoId: 'FR*XYZ',
  points: [
    point(1, { outlet1Type: 'type-2', outlet2Type: 'domestic', outlet3Type: 'chademo', outlet3Inactive: true }),
    point(2, { outlet1Type: 'combo-2', outlet2Type: 'type-3' }),
    point(3, { outlet1Type: 'type-2' }, true),
  ],
};
const HEARD = { heardAtMs: 1 };
const MORE = { cpoId: 'FR*XYZ', communeCode: '33032', changedOn: '2026-03-02' };

/** The cells of one row by the names of their columns. */
function cellsOf(row: readonly string[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(IRVE_COLUMNS.map((column, index) => [column, row?.[index] ?? '']));
}

async function fileOf(rows: readonly (readonly string[])[]): Promise<string> {
  const columns = IRVE_COLUMNS.map((header) => ({ header, widthCharacters: 10 }));
  const pages = (async function* () {
    yield rows;
  })();
  return new Response(csvStream({ name: 'irve', columns, pages }, PLAIN_CSV)).text();
}

describe('STA-05: the national file', () => {
  test('has the columns of the schema in its order', () => {
    expect(IRVE_COLUMNS).toEqual(IRVE.map(({ name }) => name));
  });

  test('has one row for each point in use, with its own sockets and what is of the station', () => {
    const rows = irveRows({ ...STATION, ...MORE });
    expect(rows.map(faultsOfRow)).toEqual([[], []]);
    expect(cellsOf(rows[0])).toMatchObject({
      nom_amenageur: 'Mairie d’Exempleville',
      siren_amenageur: '130025265',
      contact_operateur: 'contact@exemple.fr',
      telephone_operateur: '0500000000',
      implantation_station: 'Parking public',
      adresse_station: '42 Avenue Jean Jaurès 33530 Bassens',
      code_insee_commune: '33032',
      coordonneesXY: '[-0.51624,44.89864]',
      nbre_pdc: '2',
      id_pdc_local: 'BAS-1-1',
      puissance_nominale: '22.08',
      prise_type_ef: 'true',
      prise_type_2: 'true',
      prise_type_combo_ccs: 'false',
      prise_type_chademo: 'false',
      prise_type_autre: 'false',
      condition_acces: 'Accès libre',
      horaires: 'Mo-Fr 08:00-19:00',
      accessibilite_pmr: 'Accessible mais non réservé PMR',
      date_maj: '2026-03-02',
    });
    expect(cellsOf(rows[1])).toMatchObject({
      prise_type_combo_ccs: 'true',
      prise_type_autre: 'true',
      observations: 'Autres prises : Type 3',
    });
  });

  test('its ids begin with the operator’s, differ from point to point, and outlast a new name, place and charger', () => {
    const ids = (of: OpenDataStation) =>
      irveRows({ ...of, ...MORE }).map((row) => [
        cellsOf(row)['id_station_itinerance'],
        cellsOf(row)['id_pdc_itinerance'],
      ]);
    const [first, second] = ids(STATION);
    expect(first?.[0]).toMatch(/^FRXYZP[A-Z\d]{12}$/);
    expect(first?.[1]).toMatch(/^FRXYZE[A-Z\d]{12}1$/);
    expect(second).toEqual([first?.[0], first?.[1]?.replace(/1$/, '2')]);
    const values = { ...STATION.station.values, name: 'Autre nom', postcode: '29200', identity: 'NEW-1' };
    expect(ids({ ...STATION, station: { ...STATION.station, values } })).toEqual([first, second]);
    expect(ids({ ...STATION, station: { ...STATION.station, id: 's2' } })[0]?.[0]).not.toBe(first?.[0]);
  });

  test('ids that people chose stand in it, and the means of payment that they checked', () => {
    const [first, second] = STATION.points;
    const chosen = (record: RecordRow | undefined, values: Values) => ({
      ...aRecord(ENTITIES.evse, { id: 'none' }),
      ...record,
      values: { ...record?.values, ...values },
    });
    const paid = { paidAtOnce: true, paidByCard: true, paidOtherwise: false };
    const station = chosen(STATION.station, { roamingId: 'FRXYZPQUAI', ...paid });
    const points = [chosen(first, { roamingId: 'FRXYZEQUAI1' }), chosen(second, {})];
    const rows = irveRows({ ...STATION, ...MORE, station, points });
    expect(rows.flatMap(faultsOfRow)).toEqual([]);
    const payment = { paiement_acte: 'true', paiement_cb: 'true', paiement_autre: 'false' };
    expect(cellsOf(rows[0])).toMatchObject({
      id_station_itinerance: 'FRXYZPQUAI',
      id_pdc_itinerance: 'FRXYZEQUAI1',
      ...payment,
    });
    expect(cellsOf(rows[1])['id_station_itinerance']).toBe('FRXYZPQUAI');
    expect(cellsOf(rows[1])['id_pdc_itinerance']).toMatch(/^FRXYZE[A-F\d]{12}2$/);
    const others = { ...STATION, station: chosen(station, { roamingId: 'FRABCPQUAI' }) };
    expect(leftOutBecause(others, HEARD)).toEqual(['roaming-id']);
    const foreign = chosen(first, { roamingId: 'FRABCEQUAI1' });
    expect(leftOutBecause({ ...STATION, points: [foreign] }, HEARD)).toEqual(['roaming-id']);
    expect(leftOutBecause({ ...STATION, points: [...STATION.points, { ...foreign, inactive: true }] }, HEARD)).toEqual(
      [],
    );
  });

  test('whatever people have written, a station is left out with its reason, or all of its rows follow the schema', () => {
    const points = fc.array(recordOf(ENTITIES.evse), { maxLength: 4 });
    fc.assert(
      fc.property(recordOf(ENTITIES.station), recordOf(ENTITIES.company), points, (station, company, described) => {
        const numbered = described.map((one, index) => ({ ...one, values: { ...one.values, number: index + 1 } }));
        const cpoId = typeof company.values['cpoId'] === 'string' ? company.values['cpoId'] : null;
        const of: OpenDataStation = { station, company: company.values, cpoId, points: numbered };
        if (leftOutBecause(of, HEARD).length > 0 || cpoId === null) return;
        const rows = irveRows({ ...of, ...MORE, cpoId });
        expect(rows.length).toBe(numbered.filter(({ inactive }) => !inactive).length);
        expect(rows.flatMap(faultsOfRow)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is written with commas and no mark, and reads back cell by cell', async () => {
    const odd = {
      ...STATION.station,
      values: { ...VALUES, name: 'Le "Quai", nord', customerInfo: 'Portail vert,\nà droite' },
    };
    const rows = irveRows({ ...STATION, ...MORE, station: odd });
    const text = await fileOf(rows);
    expect(text.startsWith('nom_amenageur,siren_amenageur,')).toBe(true);
    expect(readCsv(text)).toEqual([[...IRVE_COLUMNS], ...rows]);
  });

  test('no cell is a formula, and a telephone number stays a number', async () => {
    const values = { ...VALUES, name: '=1+1', contactPhone: '+4912345678' };
    const station = { ...STATION.station, values };
    const [, row] = readCsv(await fileOf(irveRows({ ...STATION, ...MORE, company: {}, station })));
    expect(cellsOf(row)).toMatchObject({ nom_station: "'=1+1", telephone_operateur: '004912345678' });
    expect(row?.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
  });
});

describe('STA-04: in the file is what', () => {
  test.each([
    ['has no charger', { values: { ...VALUES, identity: null } }, {}, HEARD, ['no-charger']],
    ['is inactive', {}, {}, null, ['inactive']],
    ['has never connected', {}, {}, { heardAtMs: null }, ['never-heard']],
    ['has no CPO id', {}, { cpoId: null }, HEARD, ['cpo-id']],
    [
      'says no site, no hours and no power',
      { values: { ...VALUES, siteType: null, schedule: null, permanentPowerW: null } },
      {},
      HEARD,
      ['site-type', 'schedule', 'power'],
    ],
    ['has no point in use', {}, { points: [] }, HEARD, ['points']],
  ] as const)('not what %s', (_, station, change, live, why) => {
    const of = { ...STATION, ...change, station: { ...STATION.station, ...station } };
    expect(leftOutBecause(of, live)).toEqual(why);
  });

  test('all the rest', () => {
    expect(leftOutBecause(STATION, HEARD)).toEqual([]);
  });
});
