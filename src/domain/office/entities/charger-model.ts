import type { Entity } from '../entity.ts';
import { EVSES_MAX } from '../points.ts';

/**
 * « Modèle de borne » of an integrator (INT-01, INT-02): what a new charger of this model is described by. Changing or
 * deleting one never touches chargers that exist.
 */
export const chargerModel: Entity = {
  name: 'charger-model',
  section: 'models',
  owner: 'subscriber',
  label: 'name',
  searched: ['name', 'make', 'manufacturer'],
  canBeInactive: true,
  dependants: [{ entity: 'model-evse', field: 'model' }],
  fields: {
    manufacturer: { kind: 'text', max: 50, required: true },
    make: { kind: 'text', max: 50, required: true },
    name: { kind: 'text', max: 50, required: true, unique: 'subscriber' },
    zeReady: { kind: 'flag' },
    evses: { kind: 'number', decimals: 0, min: 1, max: EVSES_MAX, required: true },
    permanentPowerW: { kind: 'number', decimals: 3, min: 0, max: 1_000_000, unit: 'kW' },
  },
};
