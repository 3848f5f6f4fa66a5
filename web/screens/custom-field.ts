import type { Screen } from './screen.ts';

/** « Informations complémentaires » (INF-01..07). */
export const customFieldScreen: Screen = {
  entity: 'custom-field',
  path: '/custom-fields',
  sort: 'name',
  filters: ['form'],
  columns: ['name', 'form', 'input', 'order', 'shownInLists', 'isRequired'],
  tabs: [
    {
      name: 'general',
      fields: ['form', 'name', 'shownInLists', 'order', 'input', 'isRequired', 'lengthMax', 'decimals', 'choices'],
    },
  ],
  fresh: () => ({ form: 'station', input: 'text', order: 1, lengthMax: 100, decimals: 0 }),
};
