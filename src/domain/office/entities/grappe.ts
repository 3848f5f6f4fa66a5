import type { Entity } from '../entity.ts';

/** « Grappe »: stations behind one supply line, whose controller is software of the server (MOD-14, GRA-14). */
export const grappe: Entity = {
  name: 'grappe',
  section: 'station-maintenance',
  owner: 'subscriber',
  option: 'grappe',
  label: 'name',
  searched: ['name'],
  company: 'company',
  canBeInactive: true,
  fields: {
    company: { kind: 'ref', to: 'company', required: true },
    name: { kind: 'text', max: 100, required: true, unique: 'subscriber' },
  },
};
