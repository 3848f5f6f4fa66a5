import type { RecordRow } from '#src/domain/office/entity.ts';
import {
  activePoints,
  outletTypes,
  type Accessibility,
  type OpenDataStation,
  type SiteType,
} from '#src/domain/office/open-data.ts';
import { pointRoamingId, stationRoamingId } from '#src/domain/roaming.ts';

/** The columns of the national schema « IRVE statique » 2.3, in its order (STA-05). */
export const IRVE_COLUMNS = [
  'nom_amenageur',
  'siren_amenageur',
  'contact_amenageur',
  'nom_operateur',
  'contact_operateur',
  'telephone_operateur',
  'nom_enseigne',
  'id_station_itinerance',
  'id_station_local',
  'nom_station',
  'implantation_station',
  'adresse_station',
  'code_insee_commune',
  'coordonneesXY',
  'nbre_pdc',
  'id_pdc_itinerance',
  'id_pdc_local',
  'puissance_nominale',
  'prise_type_ef',
  'prise_type_2',
  'prise_type_combo_ccs',
  'prise_type_chademo',
  'prise_type_autre',
  'gratuit',
  'paiement_acte',
  'paiement_cb',
  'paiement_autre',
  'tarification',
  'condition_acces',
  'reservation',
  'horaires',
  'accessibilite_pmr',
  'restriction_gabarit',
  'station_deux_roues',
  'raccordement',
  'num_pdl',
  'date_mise_en_service',
  'observations',
  'date_maj',
  'cable_t2_attache',
] as const;
type Column = (typeof IRVE_COLUMNS)[number];

const SITES: Readonly<Record<SiteType, string>> = {
  street: 'Voirie',
  'public-car-park': 'Parking public',
  'open-car-park': 'Parking privé à usage public',
  'customers-car-park': 'Parking privé réservé à la clientèle',
  'fast-charging-station': 'Station dédiée à la recharge rapide',
};
const ACCESSIBILITY: Readonly<Record<Accessibility, string>> = {
  reserved: 'Réservé PMR',
  accessible: 'Accessible mais non réservé PMR',
  'not-accessible': 'Non accessible',
};
/** Sockets with a column of their own; any other is « autre », and named among the remarks. */
const OUTLETS: Readonly<Record<string, Column>> = {
  domestic: 'prise_type_ef',
  'type-2': 'prise_type_2',
  'combo-2': 'prise_type_combo_ccs',
  chademo: 'prise_type_chademo',
};
const OTHER_OUTLETS: Readonly<Record<string, string>> = { 'type-1': 'Type 1', 'type-3': 'Type 3' };

export type IrveStation = OpenDataStation & {
  readonly cpoId: string;
  readonly communeCode: string | null;
  /** `YYYY-MM-DD`, of its last change. */
  readonly changedOn: string;
};

/** One row for each point in use; what is of the station is the same in all of them. */
export function irveRows(of: IrveStation): readonly (readonly string[])[] {
  const points = activePoints(of.points);
  const station = stationCells(of, points.length);
  return points.map((point) => {
    const cells = { ...station, ...pointCells(of, point) };
    return IRVE_COLUMNS.map((column) => cells[column] ?? '');
  });
}

function stationCells(of: IrveStation, count: number): Partial<Record<Column, string>> {
  const { values, id } = of.station;
  const text = (name: string): string => oneLine(values[name]);
  const own = (name: string): string => oneLine(of.company[name]);
  const [latitude = '', longitude = ''] = text('position').split(';');
  return {
    nom_amenageur: own('name'),
    siren_amenageur: own('siren'),
    contact_amenageur: own('contactEmail'),
    nom_operateur: own('name'),
    contact_operateur: own('contactEmail') || text('contactEmail'),
    telephone_operateur: national(own('contactPhone') || text('contactPhone')),
    nom_enseigne: own('name'),
    id_station_itinerance: stationRoamingId(of),
    id_station_local: id,
    nom_station: text('name'),
    implantation_station: SITES[values['siteType'] as SiteType],
    adresse_station: `${text('address')} ${text('postcode')} ${text('city')}`,
    code_insee_commune: of.communeCode ?? '',
    // Longitude first, which is not how a position is written here.
    coordonneesXY: `[${longitude},${latitude}]`,
    nbre_pdc: String(count),
    paiement_acte: String(values['paidAtOnce'] === true),
    paiement_cb: String(values['paidByCard'] === true),
    paiement_autre: String(values['paidOtherwise'] === true),
    condition_acces: values['access'] === 'private' ? 'Accès réservé' : 'Accès libre',
    reservation: 'false',
    horaires: text('schedule'),
    accessibilite_pmr: ACCESSIBILITY[values['accessibility'] as Accessibility] ?? 'Accessibilité inconnue',
    restriction_gabarit: 'inconnu',
    station_deux_roues: 'false',
    date_maj: of.changedOn,
  };
}

function pointCells(of: IrveStation, point: RecordRow): Partial<Record<Column, string>> {
  const { values } = of.station;
  const number = String(point.values['number']);
  const types = outletTypes(point);
  const has = Object.entries(OUTLETS).map(([type, column]) => [column, String(types.has(type))] as const);
  const others = [...types].filter((type) => !Object.hasOwn(OUTLETS, type));
  const named = others.flatMap((type) => OTHER_OUTLETS[type] ?? []);
  const remarks = [oneLine(values['customerInfo']), named.length > 0 && `Autres prises : ${named.join(', ')}`];
  return {
    ...Object.fromEntries(has),
    id_pdc_itinerance: pointRoamingId({ ...of, point }),
    id_pdc_local: `${String(values['identity'])}-${number}`,
    puissance_nominale: String(Number(values['permanentPowerW']) / 1000),
    prise_type_autre: String(others.length > 0 || types.size === 0),
    observations: remarks.filter(Boolean).join('. '),
  };
}

function oneLine(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
}

/** A number without its +, which a spreadsheet would take for a formula. */
function national(phone: string): string {
  return phone.replace(/^\+33/, '0').replace(/^\+/, '00');
}
