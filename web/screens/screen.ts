import type { CustomField } from '#src/domain/office/custom.ts';
import { ENTITIES, type EntityName } from '#src/domain/office/entities/all.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { Fault, Field, Value, Values } from '#src/domain/office/field.ts';
import type { AccountKind, Option, Viewer } from '#src/domain/office/viewer.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import type { Aid } from './aids.ts';

/**
 * A list and a form, declared. Everything else comes with it: search, sorting, pages, inactive rows, selection, deletion
 * with what goes along, the bin, Excel and CSV, validation, errors that stay in view, two users at one form. Names are
 * texts of `web/i18n/*-office.ts` by rule: `field.station.city`, `hint.station.city`, `tab.station.general`,
 * `choice.station.access.public`.
 */
export type Screen = {
  readonly entity: EntityName;
  /**
   * `/companies`; its form is `/companies/new` and `/companies/:id`. Of a part: `/stations/:parent/evses`, where there
   * is no list, and each form is found by the number of the part.
   */
  readonly path: string;
  /** The one kind of account that has it, where another screen shows the same records to others. */
  readonly kind?: AccountKind;
  /** Fields shown in the list, and the only ones that it reads; the first is the link to the form. */
  readonly columns: readonly string[];
  /** Below the link in the first column: a choice as two letters, and a text. */
  readonly withName?: { readonly mark: string; readonly below: string };
  /** Columns that say something only beside this value of another field, which the list reads too. */
  readonly onlyWith?: Readonly<Record<string, readonly [field: string, value: string]>>;
  readonly tabs: readonly Tab[];
  /** Fields that the list can be narrowed by. */
  readonly filters?: readonly string[];
  readonly sort: string;
  /** What this subscriber added to it; a declared screen has none. */
  readonly custom?: readonly CustomField[];
  /** SOC-12: what a new one takes over from its company. */
  readonly inherited?: readonly string[];
  /** What helps to fill in some of its fields. */
  readonly aids?: Readonly<Record<string, Aid>>;
  /** What can be done about one row without opening it, by whoever may delete it. */
  readonly rowAction?: (t: Translate, row: RecordRow) => RowAction;
  /** Fields that refer to records, which the address of a new form may fill in: `/users/new?role=<id>`. */
  readonly asked?: readonly string[];
  /** What a new form begins with. */
  readonly fresh?: (viewer: Viewer, t: Translate) => Values;
  /** What its form shows where a record that holds these values has nothing yet. */
  readonly preset?: (values: Values) => Values;
};
export type RowAction = {
  /** Where it is posted to. */
  readonly path: string;
  readonly icon: string;
  /** The heading of its column, and what it does, with the name of whom or what it is done to. */
  readonly heading: string;
  readonly label: string;
};
export type Tab = {
  readonly name: string;
  readonly fields: readonly string[];
  /** Drawn as a table, these cells to a row; each names its heading, `column.<cell>` (GRA-18). */
  readonly cells?: readonly string[];
  /** What such a row is: its number is under `column.<rows>`. */
  readonly rows?: string;
  /** Left out without this option (SUB-03). */
  readonly option?: Option;
  /**
   * Left out unless each of these fields has one of its values. With script or without, the sheet of styles hides it
   * while something else is chosen; what it hides is not read.
   */
  readonly when?: Readonly<Record<string, readonly string[]>>;
};

export function entityOf(screen: Screen): Entity {
  return ENTITIES[screen.entity];
}

/** Where the form of a record is. */
export function formPath(screen: Screen, record: RecordRow): string {
  const { partOf } = entityOf(screen);
  if (partOf === undefined) return `${screen.path}/${encodeURIComponent(record.id)}`;
  const parent = encodeURIComponent(String(record.values[partOf.field]));
  return `${screen.path.replace(':parent', parent)}/${String(record.values['number'])}`;
}

/** The screen as one subscriber has extended it: a tab more, and the columns that he asked for (INF-07, LST-11). */
export function withCustom(screen: Screen, custom: readonly CustomField[]): Screen {
  if (custom.length === 0) return screen;
  return {
    ...screen,
    custom,
    columns: [...screen.columns, ...custom.filter(({ shownInLists }) => shownInLists).map(({ name }) => name)],
    tabs: [...screen.tabs, { name: 'custom', fields: custom.map(({ name }) => name) }],
  };
}

/** The tabs that this viewer's options open (SUB-03). */
export function tabsFor(screen: Screen, viewer: Viewer): readonly Tab[] {
  return screen.tabs.filter(({ option }) => option === undefined || viewer.options.has(option));
}

/** Does this tab belong to what is chosen? `chosen` gives the text that a field has in the form. */
export function fits({ when = {} }: Tab, chosen: (field: string) => string): boolean {
  return Object.entries(when).every(([field, values]) => values.includes(chosen(field)));
}

/** Every field of the form by name, those that its subscriber added last. */
export function fieldsOf(screen: Screen): Readonly<Record<string, Field>> {
  const added = (screen.custom ?? []).map(({ name, field }) => [name, field] as const);
  return { ...entityOf(screen).fields, ...Object.fromEntries(added) };
}

export function fieldOf(screen: Screen, name: string): Field | undefined {
  return entityOf(screen).fields[name] ?? customOf(screen, name)?.field;
}

/** What a record holds, by the names of `fieldsOf`. */
export function valuesOf(screen: Screen, row: Pick<RecordRow, 'values' | 'custom'>): Values {
  const added = (screen.custom ?? []).map(({ id, name }) => [name, row.custom[id] ?? null] as const);
  return { ...row.values, ...Object.fromEntries(added) };
}

/** One of them. */
export function valueOf(screen: Screen, row: Pick<RecordRow, 'values' | 'custom'>, field: string): Value {
  const custom = customOf(screen, field);
  return (custom === undefined ? row.values[field] : row.custom[custom.id]) ?? null;
}

/** What was read from a form, back into the two that a record keeps. */
export function splitValues(screen: Screen, values: Values): { readonly values: Values; readonly custom: Values } {
  const custom: Record<string, Value> = {};
  for (const { id, name } of screen.custom ?? []) custom[id] = values[name] ?? null;
  const own = Object.entries(values).filter(([name]) => customOf(screen, name) === undefined);
  return { values: Object.fromEntries(own), custom };
}

function customOf(screen: Screen, name: string): CustomField | undefined {
  return screen.custom?.find((one) => one.name === name);
}

/** « Sociétés »: the title of the list. */
export function listTitle(t: Translate, screen: Screen): string {
  return textOf(t, `list.${screen.entity}`);
}

export function labelOf(t: Translate, screen: Screen, field: string): string {
  const own = customOf(screen, field)?.label ?? translated(t, `field.${screen.entity}.${field}`);
  return own ?? textOf(t, `field.${field}`);
}

/** The heading of a column, which may say less than the label of its field. */
export function columnLabel(t: Translate, screen: Screen, field: string): string {
  return translated(t, `column.${screen.entity}.${field}`) ?? labelOf(t, screen, field);
}

export function isSortable(screen: Screen, field: string): boolean {
  const kind = fieldOf(screen, field)?.kind;
  return kind !== 'refs' && kind !== 'many' && kind !== 'levels';
}

/** The fields of a record that its list reads. */
export function fieldsOfList(screen: Screen): readonly string[] {
  const beside = [
    ...Object.values(screen.onlyWith ?? {}).map(([field]) => field),
    ...Object.values(screen.withName ?? {}),
  ];
  const own = entityOf(screen).fields;
  return [...new Set([...screen.columns, ...beside])].filter((name) => Object.hasOwn(own, name));
}

export function hintOf(t: Translate, screen: Screen, field: string): string | null {
  return translated(t, `hint.${screen.entity}.${field}`);
}

export function tabTitle(t: Translate, screen: Screen, tab: Tab): string {
  return translated(t, `tab.${screen.entity}.${tab.name}`) ?? textOf(t, `tab.${tab.name}`);
}

export function choiceText(t: Translate, screen: Screen, field: string, value: string): string {
  if (customOf(screen, field) !== undefined) return value;
  return translated(t, `choice.${screen.entity}.${field}.${value}`) ?? textOf(t, `choice.${field}.${value}`);
}

/** One sentence that says what to do about it. */
export function faultText(t: Translate, fault: Fault): string {
  switch (fault.why) {
    case 'too-long':
      return t('fault.too-long', fault.max);
    case 'shape':
      return t(`fault.shape.${fault.shape}`);
    case 'decimals':
      return fault.decimals === 0 ? t('fault.whole') : t('fault.decimals', fault.decimals);
    case 'out-of-range': {
      const scaled = (value: number): string => String(value / 10 ** fault.decimals);
      return t('fault.out-of-range', scaled(fault.min), scaled(fault.max));
    }
    case 'connector-shared':
      return t('fault.connector-shared', fault.evse);
    case 'rule':
      return t(`fault.rule.${fault.rule}`);
    default:
      return t(`fault.${fault.why}`);
  }
}

/** @throws for a declaration without its text; a test looks for every one of them in both languages. */
export function textOf(t: Translate, key: string): string {
  const text = translated(t, key);
  if (text === null) throw new Error(`there is no text ${key}`);
  return text;
}
