import type { Screen } from './screen.ts';

/** « Profils » (USR-02..08). */
export const roleScreen: Screen = {
  entity: 'role',
  path: '/roles',
  sort: 'name',
  columns: ['name', 'administration', 'rights'],
  tabs: [{ name: 'general', fields: ['name', 'administration', 'rights'] }],
  fresh: () => ({ administration: 'none' }),
};
