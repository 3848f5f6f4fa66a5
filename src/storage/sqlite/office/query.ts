import { sql, type RawBuilder } from 'kysely';
import type { Scope, ScopePart } from '#src/domain/office/access.ts';
import { customId } from '#src/domain/office/custom.ts';
import { referred } from '#src/domain/office/entities/all.ts';
import type { Entity } from '#src/domain/office/entity.ts';
import { folded } from '#src/domain/office/field.ts';
import type { RecordQuery } from '../../office-port.ts';
import { columnOf, tableOf } from './table.ts';

type Part = RawBuilder<unknown>;

const OWN_COLUMNS: ReadonlySet<string> = new Set([
  'id',
  'version',
  'inactive',
  'changedAtMs',
  'createdAtMs',
  'changedBy',
]);
/** Words looked for at once; whoever types more means a sentence. */
const WORDS_MAX = 8;

/** What narrows a list, whatever its order. */
export type Narrowing = Pick<RecordQuery, 'scope' | 'text' | 'filters'>;

/** The live records of a query, without their order. */
export function matching(entity: Entity, query: Narrowing): Part {
  const found = [narrowed(entity, query), ...wordsOf(query.text).map(holds)];
  return sql`from ${sql.table(tableOf(entity))} where deletion_id is null and ${sql.join(found, sql` and `)}`;
}

/** By scope and filters alone. */
export function narrowed(entity: Entity, { scope, filters }: Omit<Narrowing, 'text'>): Part {
  const chosen = filters.map(({ field, value }) => sql`${columnNamed(entity, field)} is ${value}`);
  return sql.join([within(entity, scope), ...chosen], sql` and `);
}

/** The words of a search, as records hold them. */
export function wordsOf(text: string): readonly string[] {
  return folded(text)
    .split(/\s+/)
    .filter((one) => one !== '')
    .slice(0, WORDS_MAX);
}

/** An index of trigrams knows no shorter word. */
const TRIGRAM = 3;

export function isIndexed(word: string): boolean {
  return [...word].length >= TRIGRAM;
}

/** What an index of trigrams is asked for: each of these words, anywhere. */
export function phrases(words: readonly string[]): string {
  return words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' ');
}

/** Any part of what is searched may be the word. */
export function holds(word: string): Part {
  return sql`search like ${`%${word.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`} escape '\\'`;
}

export function within(entity: Entity, scope: Scope): Part {
  const [only, ...others] = scope.map((part) => conditionOf(entity, part));
  if (only === undefined) return sql`0`;
  if (others.length === 0) return sql`(${only})`;
  // Each part says once more what the indexes are of: of what stands beside an OR, SQLite sees nothing within it.
  const each = [only, ...others].map((part) => sql`(deletion_id is null and ${part})`);
  return sql`(${sql.join(each, sql` or `)})`;
}

/** By a text without its letter case and accents, by a number as it is; the id breaks ties, so that pages never overlap. */
export function ordered(key: Part, descending: boolean): Part {
  const way = descending ? sql`desc` : sql`asc`;
  return sql`order by ${key} ${way}, id ${way}`;
}

/** @throws for a name that is neither a field nor a column of every record: names never come from outside unchecked. */
export function columnNamed(entity: Entity, field: string): Part {
  if (!OWN_COLUMNS.has(field) && !Object.hasOwn(entity.fields, field)) {
    throw new Error(`${entity.name} has no field ${field}`);
  }
  return sql.ref(columnOf(field));
}

/** `columns`: of its table; a reference is sorted by the column that keeps the other's name, where there is one. */
export function sortKey(entity: Entity, sort: string, columns: ReadonlySet<string>): Part {
  if (sort === entity.label) return sql`sort_name`;
  const custom = customId(sort);
  if (custom !== null) return sql`json_extract(custom, ${`$.${JSON.stringify(custom)}`}) collate nocase`;
  const field = entity.fields[sort];
  const column = columnNamed(entity, sort);
  if (field?.kind === 'ref') {
    const kept = `sort_${columnOf(sort)}`;
    if (columns.has(kept)) return sql.ref(kept);
    const table = sql.table(tableOf(referred(field.to).entity));
    return sql`(select other.sort_name from ${table} as other where other.id = ${column})`;
  }
  return field?.kind === 'text' || field?.kind === 'choice' ? sql`${column} collate nocase` : column;
}

function conditionOf(
  entity: Entity,
  { subscriberIds, ids, field, values, activeOr, part, companyOf }: ScopePart,
): Part {
  const parts: Part[] = [];
  if (subscriberIds !== undefined) parts.push(oneOf(sql.ref('subscriber_id'), subscriberIds));
  if (ids !== undefined) parts.push(oneOf(sql.ref('id'), ids));
  if (field !== undefined) parts.push(oneOf(columnNamed(entity, field), values ?? []));
  if (activeOr !== undefined) parts.push(sql`(inactive = 0 or ${oneOf(sql.ref('id'), activeOr)})`);
  if (part !== undefined) {
    const live = sql`deletion_id is null and ${within(part.of, part.scope)}`;
    parts.push(
      sql`${columnNamed(entity, part.field)} in (select id from ${sql.table(tableOf(part.of))} where ${live})`,
    );
  }
  if (companyOf !== undefined) {
    const these = sql`deletion_id is null and ${oneOf(sql.ref('id'), companyOf.ids)}`;
    parts.push(
      sql`${columnNamed(entity, companyOf.field)} in (select company from ${sql.table(tableOf(companyOf.of))} where ${these})`,
    );
  }
  return parts.length === 0 ? sql`1` : sql`(${sql.join(parts, sql` and `)})`;
}

/** As one bound value, so that a long list is no long statement. */
function oneOf(column: Part, values: readonly string[]): Part {
  const [only] = values;
  if (values.length === 1) return sql`${column} = ${only}`;
  return sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;
}
