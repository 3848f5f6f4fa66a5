import type { FaultsByField, RecordRow } from './entity.ts';
import type { Field, Values } from './field.ts';

/** One « information complémentaire » as its subscriber defined it, made into a field of his forms (INF-01..06). */
export type CustomField = {
  /** Of its definition: what `RecordRow.custom` keeps its value under. */
  readonly id: string;
  /** What forms and lists call it: `custom-<id>`. */
  readonly name: string;
  readonly label: string;
  readonly field: Field;
  readonly shownInLists: boolean;
};

/** On one form; more is a form of its own. */
export const CUSTOM_FIELDS_MAX = 50;
const PREFIX = 'custom-';
/** Of a number as it is kept, whatever its decimals: what a double holds exactly. */
const NUMBER_MAX = 999_999_999_999;
const LENGTH_MAX = 100;

export function customName(id: string): string {
  return PREFIX + id;
}

/** The id of the definition behind such a name; null for a field of the entity itself. */
export function customId(name: string): string | null {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null;
}

/** Definitions in their order on the form, made into fields. */
export function customFieldsOf(definitions: readonly RecordRow[]): readonly CustomField[] {
  return definitions.map(({ id, values }) => ({
    id,
    name: customName(id),
    label: String(values['name']),
    field: fieldOf(values),
    shownInLists: values['shownInLists'] === true,
  }));
}

/** INF-04: what a definition lacks for its kind of input. */
export function faultsOfDefinition(values: Values): FaultsByField {
  const wanted = { text: 'lengthMax', number: 'decimals', choice: 'choices' }[String(values['input'])];
  if (wanted === undefined || (values[wanted] ?? null) !== null) return {};
  return { [wanted]: { why: 'required' } };
}

function fieldOf(values: Values): Field {
  const required = values['isRequired'] === true ? ({ required: true } as const) : {};
  switch (values['input']) {
    case 'flag':
      return { kind: 'flag' };
    case 'date':
      return { kind: 'date', ...required };
    case 'number': {
      const decimals = Number(values['decimals'] ?? 0);
      return { kind: 'number', decimals, min: -NUMBER_MAX, max: NUMBER_MAX, ...required };
    }
    case 'choice':
      return { kind: 'choice', values: linesOf(String(values['choices'] ?? '')), ...required };
    default:
      return { kind: 'text', max: Number(values['lengthMax'] ?? LENGTH_MAX), ...required };
  }
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}
