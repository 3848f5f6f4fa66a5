import type { Screen } from './screen.ts';

/** « Utilisateurs » (USR-01, USR-09..14). */
export const userScreen: Screen = {
  entity: 'user',
  path: '/users',
  sort: 'name',
  filters: ['role'],
  columns: ['name', 'username', 'email', 'mobile', 'role', 'restriction', 'lastDay'],
  tabs: [
    { name: 'general', fields: ['name', 'username', 'email', 'mobile', 'language', 'lastDay', 'role'] },
    { name: 'restrictions', fields: ['restriction', 'companies', 'stations'] },
  ],
  fresh: (_viewer, t) => ({ language: t.language, restriction: 'nothing' }),
};
