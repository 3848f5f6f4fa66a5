import { faultsOfDefinition } from '../custom.ts';
import type { Entity } from '../entity.ts';

/** « Information complémentaire » (INF-01..07): one more field on a form of this subscriber. */
export const customField: Entity = {
  name: 'custom-field',
  section: 'custom-fields',
  owner: 'subscriber',
  label: 'name',
  searched: ['name', 'form'],
  canBeInactive: false,
  check: faultsOfDefinition,
  fields: {
    form: { kind: 'choice', values: ['customer', 'station', 'company', 'vehicle'], required: true },
    name: { kind: 'text', max: 60, required: true },
    shownInLists: { kind: 'flag' },
    order: { kind: 'number', decimals: 0, min: 1, max: 999, required: true },
    input: { kind: 'choice', values: ['text', 'date', 'number', 'flag', 'choice'], required: true },
    isRequired: { kind: 'flag' },
    lengthMax: { kind: 'number', decimals: 0, min: 1, max: 500 },
    decimals: { kind: 'number', decimals: 0, min: 0, max: 4 },
    choices: { kind: 'text', max: 2_000, lines: 8 },
  },
};
