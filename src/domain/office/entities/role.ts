import type { Entity } from '../entity.ts';
import { SECTIONS } from '../viewer.ts';

/** « Profil » (USR-02..08): what its users may see and modify, section by section. */
export const role: Entity = {
  name: 'role',
  section: 'users',
  owner: 'subscriber',
  fixed: ['isAdministrator'],
  label: 'name',
  searched: ['name'],
  canBeInactive: false,
  fields: {
    name: { kind: 'text', max: 60, required: true, unique: 'subscriber' },
    /** USR-07: complete rights, whatever is ticked below. */
    administration: { kind: 'choice', values: ['none', 'view', 'modify'], required: true },
    rights: { kind: 'levels', of: SECTIONS },
    /** The administrator's own role, which cannot be deleted (USR-11). */
    isAdministrator: { kind: 'flag' },
  },
};
