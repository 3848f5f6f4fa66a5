import { folded, readField, type Fault, type Field, type Value, type Values } from './field.ts';
import type { Option, Section, SubscriberKind } from './viewer.ts';

/**
 * Something that people keep in lists and forms: companies, stations, users. One declaration gives its table, its
 * rights, its form and its list. Every record also has an id, its subscriber, a version, `inactive`, and who changed it
 * when.
 */
export type Entity = {
  readonly name: string;
  /** What one must be allowed to see or modify; to create and delete, this one's `modify`. */
  readonly section: Section;
  /** For merchants it exists with this option alone (SUB-03). */
  readonly option?: Option;
  /** Fields that belong to another section (USR-08). */
  readonly sections?: Readonly<Record<string, Section>>;
  /** Whose it is: a subscriber's own, or the platform's, which only its operator sees. */
  readonly owner: 'subscriber' | 'platform';
  /** To whom the platform lends its own: he whom this field names finds it, and changes nothing of it. */
  readonly grantedTo?: { readonly kind: SubscriberKind; readonly field: string };
  /** Set by the server alone: never read from a form. */
  readonly fixed?: readonly string[];
  /** Kept by the storage itself as other rows come and go: read, never written. */
  readonly derived?: readonly string[];
  readonly fields: Readonly<Record<string, Field>>;
  /** The field that people call it by: its link in the list, its name in questions. */
  readonly label: string;
  /** The fields that « Rechercher » looks into (LST-04). */
  readonly searched: readonly string[];
  /** What is deleted with it: an entity, and the field there that points here, or `subscriberId`. */
  readonly dependants?: readonly { readonly entity: string; readonly field: string }[];
  /** The field that says to which company a record belongs, for users who are restricted to some (USR-13). */
  readonly company?: string;
  /** Does it have « Inactif » (FIC-05)? */
  readonly canBeInactive: boolean;
  /** What its fields must say of one another, beyond each by itself. */
  readonly check?: (values: Values) => FaultsByField;
  /**
   * It is a part of another record, which this field names: found, made and deleted with it. `check` is what its fields
   * must say of those of the other parts.
   */
  readonly partOf?: {
    readonly field: string;
    readonly of: Entity;
    readonly check: (values: Values, others: readonly Values[]) => FaultsByField;
  };
  /** Fields that cannot be changed any more, once a record holds these values. */
  readonly settled?: (values: Values) => readonly string[];
  /** May its forms be extended by « Informations complémentaires » (INF-01)? */
  readonly custom?: 'customer' | 'station' | 'company' | 'vehicle';
};

/** One record, as its form and its list show it. */
export type RecordRow = {
  readonly id: string;
  readonly subscriberId: string | null;
  readonly version: number;
  readonly inactive: boolean;
  readonly values: Values;
  /** Values of custom fields, by the id of their definition. */
  readonly custom: Values;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly changedBy: string;
};

export type FaultsByField = Readonly<Record<string, Fault>>;
export type ReadForm =
  | { readonly ok: true; readonly values: Values }
  | { readonly ok: false; readonly faults: FaultsByField };

/**
 * Reads a posted form by its fields. A field that was not posted at all keeps its value of `before` when the form did
 * not show it (`shown`), so that a form may show a part of an entity.
 */
export function readForm(
  fields: Readonly<Record<string, Field>>,
  posted: ReadonlyMap<string, readonly string[]>,
  before: Values | null,
  shown: ReadonlySet<string> = new Set(Object.keys(fields)),
): ReadForm {
  const values: Record<string, Value> = {};
  const faults: Record<string, Fault> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!shown.has(name)) {
      values[name] = before?.[name] ?? emptyOf(field);
      continue;
    }
    const read = readField(field, posted.get(name) ?? []);
    if (read.ok) values[name] = read.value;
    else faults[name] = read.fault;
  }
  return Object.keys(faults).length === 0 ? { ok: true, values } : { ok: false, faults };
}

export function emptyOf(field: Field): Value {
  if (field.kind === 'flag') return false;
  if (field.kind === 'choice') return field.fallback ?? null;
  return field.kind === 'refs' || field.kind === 'many' || field.kind === 'levels' ? [] : null;
}

/** The text that is searched in, one word of the reader after the other. */
export function searchText(entity: Entity, values: Values): string {
  return folded(entity.searched.map((name) => String(values[name] ?? '')).join(' '));
}
