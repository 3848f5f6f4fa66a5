import type { Entity } from '../entity.ts';

/**
 * « Kit Pulse »: the terminal that is built into a charger and speaks LafonPulse. The platform operator grants it to an
 * integrator (INT-04), who says into which of his models it is built (INT-05).
 */
export const kit: Entity = {
  name: 'kit',
  section: 'kits',
  owner: 'platform',
  grantedTo: { kind: 'integrator', field: 'integrator' },
  fixed: ['chargerModel'],
  label: 'serialNumber',
  searched: ['serialNumber', 'make', 'model', 'hardVersion', 'softwareVersion'],
  canBeInactive: true,
  fields: {
    serialNumber: { kind: 'text', max: 20, required: true, unique: 'server' },
    make: { kind: 'text', max: 50 },
    model: { kind: 'text', max: 50 },
    zeReady: { kind: 'flag' },
    hardVersion: { kind: 'text', max: 20 },
    softwareVersion: { kind: 'text', max: 30 },
    softwareDate: { kind: 'date' },
    integrator: { kind: 'ref', to: 'integrator' },
    chargerModel: { kind: 'ref', to: 'charger-model' },
  },
};
