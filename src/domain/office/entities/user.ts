import type { Entity } from '../entity.ts';

/** « Utilisateur » of a subscriber (USR-09..14). His password is kept apart, and never in a record (ABO-05). */
export const user: Entity = {
  name: 'user',
  section: 'users',
  owner: 'subscriber',
  fixed: ['isAdministrator'],
  derived: ['lastLoginAtMs'],
  label: 'name',
  searched: ['name', 'username', 'email', 'mobile'],
  canBeInactive: true,
  fields: {
    name: { kind: 'text', max: 100, required: true },
    username: { kind: 'text', max: 50, shape: 'username', required: true, unique: 'server' },
    email: { kind: 'text', max: 254, shape: 'email', unique: 'server' },
    mobile: { kind: 'text', max: 20, shape: 'phone' },
    language: { kind: 'choice', values: ['fr', 'en'], required: true },
    lastDay: { kind: 'date' },
    lastLoginAtMs: { kind: 'instant' },
    role: { kind: 'ref', to: 'role', required: true },
    restriction: { kind: 'choice', values: ['nothing', 'companies', 'stations', 'customers'], required: true },
    companies: { kind: 'refs', to: 'company' },
    stations: { kind: 'refs', to: 'station' },
    customers: { kind: 'refs', to: 'customer' },
    isAdministrator: { kind: 'flag' },
  },
};
