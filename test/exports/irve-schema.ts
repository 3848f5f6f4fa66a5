/**
 * The national schema « IRVE statique », version 2.3.0 of etalab/schema-irve: names, order, types and constraints of its
 * columns, and what Validata finds wrong by them.
 */
type Column = {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'integer' | 'number' | 'date' | 'geopoint';
  readonly required: boolean;
  readonly values?: readonly string[];
  readonly pattern?: RegExp;
  readonly email?: true;
};
export const IRVE: readonly Column[] = [
  { name: 'nom_amenageur', type: 'string', required: false },
  { name: 'siren_amenageur', type: 'string', required: false, pattern: /^(?:^\d{9}$)$/ },
  { name: 'contact_amenageur', type: 'string', required: false, email: true },
  { name: 'nom_operateur', type: 'string', required: false },
  { name: 'contact_operateur', type: 'string', required: true, email: true },
  { name: 'telephone_operateur', type: 'string', required: false },
  { name: 'nom_enseigne', type: 'string', required: true },
  {
    name: 'id_station_itinerance',
    type: 'string',
    required: true,
    pattern: /^(?:(?:(?:^|,)(^[A-Z]{2}[A-Z0-9]{4,33}$|Non concerné))+$)$/,
  },
  { name: 'id_station_local', type: 'string', required: false },
  { name: 'nom_station', type: 'string', required: true },
  {
    name: 'implantation_station',
    type: 'string',
    required: true,
    values: [
      'Voirie',
      'Parking public',
      'Parking privé à usage public',
      'Parking privé réservé à la clientèle',
      'Station dédiée à la recharge rapide',
    ],
  },
  { name: 'adresse_station', type: 'string', required: true },
  { name: 'code_insee_commune', type: 'string', required: false, pattern: /^(?:^([013-9]\d|2[AB1-9])\d{3}$)$/ },
  { name: 'coordonneesXY', type: 'geopoint', required: true },
  { name: 'nbre_pdc', type: 'integer', required: true },
  {
    name: 'id_pdc_itinerance',
    type: 'string',
    required: true,
    pattern: /^(?:(?:(?:^|,)(^[A-Z]{2}[A-Z0-9]{4,33}$|Non concerné))+$)$/,
  },
  { name: 'id_pdc_local', type: 'string', required: false },
  { name: 'puissance_nominale', type: 'number', required: true },
  { name: 'prise_type_ef', type: 'boolean', required: true },
  { name: 'prise_type_2', type: 'boolean', required: true },
  { name: 'prise_type_combo_ccs', type: 'boolean', required: true },
  { name: 'prise_type_chademo', type: 'boolean', required: true },
  { name: 'prise_type_autre', type: 'boolean', required: true },
  { name: 'gratuit', type: 'boolean', required: false },
  { name: 'paiement_acte', type: 'boolean', required: true },
  { name: 'paiement_cb', type: 'boolean', required: false },
  { name: 'paiement_autre', type: 'boolean', required: false },
  { name: 'tarification', type: 'string', required: false },
  { name: 'condition_acces', type: 'string', required: true, values: ['Accès libre', 'Accès réservé'] },
  { name: 'reservation', type: 'boolean', required: true },
  { name: 'horaires', type: 'string', required: true, pattern: /^(?:(.*?)((\d{1,2}:\d{2})-(\d{1,2}:\d{2})|24\/7))$/ },
  {
    name: 'accessibilite_pmr',
    type: 'string',
    required: true,
    values: ['Réservé PMR', 'Accessible mais non réservé PMR', 'Non accessible', 'Accessibilité inconnue'],
  },
  { name: 'restriction_gabarit', type: 'string', required: true },
  { name: 'station_deux_roues', type: 'boolean', required: true },
  { name: 'raccordement', type: 'string', required: false, values: ['Direct', 'Indirect'] },
  { name: 'num_pdl', type: 'string', required: false },
  { name: 'date_mise_en_service', type: 'date', required: false },
  { name: 'observations', type: 'string', required: false },
  { name: 'date_maj', type: 'date', required: true },
  { name: 'cable_t2_attache', type: 'boolean', required: false },
];

const TYPES: Readonly<Record<Column['type'], (value: string) => boolean>> = {
  string: () => true,
  boolean: (value) => value === 'true' || value === 'false',
  integer: (value) => /^-?\d+$/.test(value) && Number(value) >= 0,
  number: (value) => /^-?\d+(\.\d+)?$/.test(value) && Number(value) >= 0,
  date: (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)),
  geopoint(value) {
    const [, longitude, latitude] = /^\[(-?\d+(?:\.\d+)?), ?(-?\d+(?:\.\d+)?)\]$/.exec(value) ?? [];
    return Math.abs(Number(longitude)) <= 180 && Math.abs(Number(latitude)) <= 90;
  },
};

/** What is wrong with the cells of one row, one sentence each. */
export function faultsOfRow(cells: readonly string[]): readonly string[] {
  if (cells.length !== IRVE.length) return [`${cells.length} cells`];
  return IRVE.flatMap(({ name, type, required, values, pattern, email }, index) => {
    const value = cells[index] ?? '';
    if (value === '') return required ? [`${name} is missing`] : [];
    const isRight =
      TYPES[type](value) &&
      (values?.includes(value) ?? true) &&
      (pattern?.test(value) ?? true) &&
      (email !== true || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value));
    return isRight ? [] : [`${name}: ${value}`];
  });
}

/** The rows of a file with commas, as RFC 4180 reads it. */
export function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '' && rows.at(-1)?.length === 0) break;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 0);
}
