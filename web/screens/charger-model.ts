import type { Screen } from './screen.ts';

/** « Modèles de borne » of an integrator (INT-01, INT-02). */
export const chargerModelScreen: Screen = {
  entity: 'charger-model',
  path: '/models',
  sort: 'name',
  columns: ['name', 'manufacturer', 'make', 'evses', 'permanentPowerW', 'zeReady'],
  tabs: [{ name: 'general', fields: ['manufacturer', 'make', 'name', 'evses', 'permanentPowerW', 'zeReady'] }],
  fresh: () => ({ evses: 1 }),
};
