import type { Screen } from './screen.ts';
import { COMMUNE_SUGGESTIONS } from './station-place.ts';

/** « Abonnements » of the platform operator (SUB-01..05, MOD-13). */
export const subscriberScreen: Screen = {
  entity: 'subscriber',
  path: '/admin/subscribers',
  sort: 'name',
  aids: COMMUNE_SUGGESTIONS,
  filters: ['kind'],
  columns: ['name', 'kind', 'administrator', 'contactEmail', 'city', 'options', 'chargersMax', 'testOf'],
  tabs: [
    { name: 'general', fields: ['kind', 'name', 'administrator', 'language'] },
    { name: 'contact', fields: ['contactName', 'contactEmail', 'contactPhone', 'address', 'postcode', 'city'] },
    { name: 'contract', fields: ['options', 'companiesMax', 'chargersMax', 'merchants'] },
  ],
  fresh: (_viewer, t) => ({ kind: 'merchant', language: t.language }),
};
