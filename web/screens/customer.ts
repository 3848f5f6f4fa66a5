import { BADGE_CELLS, BADGE_NUMBERS, VEHICLE_CELLS, VEHICLE_NUMBERS } from '#src/domain/office/badges.ts';
import type { Aid } from './aids.ts';
import type { Screen, Tab } from './screen.ts';
import { COMMUNE_SUGGESTIONS } from './station-place.ts';

const CONTACT = ['name', 'language', 'mobile', 'email', 'address', 'postcode', 'city', 'country', 'expiresOn'] as const;
/** CPT-11; what a merchant adds of his own comes after them, as on every form. */
const TABS: readonly Tab[] = [
  { name: 'account', fields: ['account'] },
  {
    name: 'badges',
    fields: BADGE_NUMBERS.flatMap((number) => BADGE_CELLS.map((cell) => `badge${number}${cell}`)),
    cells: BADGE_CELLS.map((cell) => `badge${cell}`),
    rows: 'badge',
  },
  {
    name: 'vehicles',
    fields: VEHICLE_NUMBERS.flatMap((number) => VEHICLE_CELLS.map((cell) => `vehicle${number}${cell}`)),
    cells: VEHICLE_CELLS.map((cell) => `vehicle${cell}`),
    rows: 'vehicle',
  },
  { name: 'tariff', fields: ['balance'] },
  { name: 'terms', fields: ['terms'] },
];
const AIDS: Readonly<Record<string, Aid>> = {
  ...COMMUNE_SUGGESTIONS,
  // CPT-16
  balance: { remark: { text: (t) => t('customer.no-tariff') } },
};
const COLUMNS = ['mobile', 'email', 'address', 'city', 'balance', 'account', 'language'];

/** « Mes informations personnelles » (CLI-06), of either kind of customer: their fields are the same. */
export const ownCustomerScreen: Screen = {
  entity: 'public-customer',
  path: '/me',
  sort: 'name',
  aids: COMMUNE_SUGGESTIONS,
  columns: [],
  tabs: [{ name: 'coordinates', fields: CONTACT }, ...TABS.filter(({ name }) => name !== 'account')],
};

/** « Clients en compte » (CPT-01..20). */
export const customerScreen: Screen = {
  entity: 'customer',
  path: '/customers',
  sort: 'name',
  filters: ['company'],
  aids: AIDS,
  columns: ['name', 'createdOn', 'company', ...COLUMNS],
  tabs: [{ name: 'coordinates', fields: ['company', ...CONTACT] }, ...TABS],
  fresh: (_viewer, t) => ({ language: t.language, country: 'France' }),
};

/** « Clients publics », which are the platform's (MOD-12). */
export const publicCustomerScreen: Screen = {
  entity: 'public-customer',
  path: '/admin/customers',
  kind: 'platform',
  sort: 'name',
  aids: AIDS,
  columns: ['name', 'createdOn', ...COLUMNS],
  tabs: [{ name: 'coordinates', fields: CONTACT }, ...TABS],
  fresh: (_viewer, t) => ({ language: t.language, country: 'France' }),
};
