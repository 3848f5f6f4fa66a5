import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import { searchText } from '#src/domain/office/entity.ts';
import { folded, type Field, type Value } from '#src/domain/office/field.ts';

/** A row as SQLite holds it: lists are JSON, truths 0/1. */
export type Cells = Readonly<Record<string, string | number | null>>;

/** `custom-field` is kept in `office_custom_field`. */
export function tableOf(entity: Entity): string {
  return `office_${entity.name.replaceAll('-', '_')}`;
}

/** `contactEmail` is kept in `contact_email`; `id` and what every record has are spelled out by the same rule. */
export function columnOf(field: string): string {
  const known = columns.get(field) ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  // Names of fields are declared: there are so many and no more.
  columns.set(field, known);
  return known;
}
const columns = new Map<string, string>();

/** What is written of a record; what the storage keeps by itself is not. */
export function cellsOf(entity: Entity, record: RecordRow): Cells {
  const cells: Record<string, string | number | null> = {
    id: record.id,
    subscriber_id: record.subscriberId,
    version: record.version,
    inactive: record.inactive ? 1 : 0,
    created_at_ms: record.createdAtMs,
    changed_at_ms: record.changedAtMs,
    changed_by: record.changedBy,
    search: searchText(entity, record.values),
    sort_name: sortName(entity, record),
    custom: JSON.stringify(record.custom),
  };
  for (const name of Object.keys(entity.fields))
    if (entity.derived?.includes(name) !== true) cells[columnOf(name)] = cellOf(record.values[name] ?? null);
  return cells;
}

/** The name that it is sorted by. */
export function sortName(entity: Entity, record: RecordRow): string {
  return folded(String(record.values[entity.label] ?? ''));
}

/** What every record has beside its fields. */
export const RECORD_COLUMNS = [
  'id',
  'subscriber_id',
  'version',
  'inactive',
  'custom',
  'created_at_ms',
  'changed_at_ms',
  'changed_by',
] as const;

/** `names`: the fields that were read. */
export function recordOf(
  entity: Entity,
  cells: Cells,
  names: readonly string[] = Object.keys(entity.fields),
): RecordRow {
  const values: Record<string, Value> = {};
  for (const name of names) {
    const field = entity.fields[name];
    if (field !== undefined) values[name] = valueOf(field, cells[columnOf(name)] ?? null);
  }
  return {
    id: String(cells['id']),
    subscriberId: cells['subscriber_id'] === null ? null : String(cells['subscriber_id']),
    version: Number(cells['version']),
    inactive: cells['inactive'] === 1,
    values,
    custom: JSON.parse(String(cells['custom'])) as RecordRow['custom'],
    createdAtMs: Number(cells['created_at_ms']),
    changedAtMs: Number(cells['changed_at_ms']),
    changedBy: String(cells['changed_by']),
  };
}

function cellOf(value: Value): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : value;
}

function valueOf(field: Field, cell: string | number | null): Value {
  switch (field.kind) {
    case 'flag':
      return cell === 1;
    case 'refs':
    case 'many':
    case 'levels':
      return cell === null ? [] : (JSON.parse(String(cell)) as string[]);
    default:
      return cell;
  }
}
