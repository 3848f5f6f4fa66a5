import type { Screen } from './screen.ts';
import { COMMUNE_SUGGESTIONS } from './station-place.ts';

/** « Sociétés » (SOC-01..13, MPU-01). */
export const companyScreen: Screen = {
  entity: 'company',
  path: '/companies',
  sort: 'name',
  aids: COMMUNE_SUGGESTIONS,
  columns: ['name', 'city', 'contactName', 'contactEmail', 'cpoId', 'maintainers'],
  tabs: [
    { name: 'general', fields: ['name', 'address', 'postcode', 'city', 'country', 'siren', 'cpoId', 'easyconnectKey'] },
    { name: 'contact', fields: ['contactName', 'contactEmail', 'contactPhone'] },
    { name: 'chargers', fields: ['chargerMessage', 'publicCustomers', 'chargesBeforeRegistration'] },
    {
      name: 'sms',
      option: 'sms',
      fields: ['smsIdentification', 'smsToAccountCustomers', 'smsToPublicCustomers'],
    },
    { name: 'publication', fields: ['visibleToPublic', 'openData'] },
    { name: 'maintainers', fields: ['maintainers'] },
  ],
  fresh: () => ({ country: 'France', publicCustomers: true, visibleToPublic: true }),
};
