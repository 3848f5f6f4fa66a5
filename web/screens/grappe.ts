import type { Screen } from './screen.ts';

/** « Contrôleurs de grappe » (MOD-14): what stations are attached to; how it shares is still to come. */
export const grappeScreen: Screen = {
  entity: 'grappe',
  path: '/grappes',
  sort: 'name',
  filters: ['company'],
  columns: ['name', 'company'],
  tabs: [{ name: 'general', fields: ['company', 'name'] }],
};
