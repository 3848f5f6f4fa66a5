import { OWN_FIELDS } from '#actors/office/own.ts';
import type { Screen } from './screen.ts';

/** « Utilisateurs » (USR-01, USR-09..14). */
export const userScreen: Screen = {
  entity: 'user',
  path: '/users',
  sort: 'name',
  filters: ['role'],
  columns: ['name', 'email', 'mobile', 'lastLoginAtMs', 'role', 'companies', 'stations', 'customers'],
  withName: { mark: 'language', below: 'username' },
  onlyWith: {
    companies: ['restriction', 'companies'],
    stations: ['restriction', 'stations'],
    customers: ['restriction', 'customers'],
  },
  tabs: [
    {
      name: 'general',
      fields: ['name', 'username', 'email', 'mobile', 'language', 'lastDay', 'role', 'lastLoginAtMs'],
    },
    { name: 'restrictions', fields: ['restriction', 'companies', 'stations', 'customers'] },
  ],
  // USR-03: the list of roles makes a user with one of them.
  asked: ['role'],
  // USR-12
  rowAction: (t, row) => ({
    path: `/users/${encodeURIComponent(row.id)}/password-link`,
    icon: 'key-round',
    heading: t('password.link.recovery'),
    label: t('password.link.for', String(row.values['name'])),
  }),
  fresh: (_viewer, t) => ({ language: t.language, restriction: 'nothing' }),
};

/** « Mon compte » (ABO-04): what everybody may change of himself, and what of him he may only look at. */
export const ownScreen: Screen = {
  ...userScreen,
  path: '/account',
  tabs: [
    { name: 'general', fields: OWN_FIELDS },
    { name: 'restrictions', fields: ['role', 'lastDay', 'restriction', 'companies', 'stations', 'customers'] },
  ],
};
