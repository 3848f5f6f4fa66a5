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

/** The live records of a query, without their order. */
export function matching(entity: Entity, query: Pick<RecordQuery, 'scope' | 'text' | 'filters'>): Part {
  const parts: Part[] = [sql`deletion_id is null`, within(entity, query.scope)];
  for (const word of folded(query.text)
    .split(/\s+/)
    .filter((one) => one !== '')
    .slice(0, WORDS_MAX)) {
    parts.push(sql`search like ${`%${word.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`} escape '\\'`);
  }
  for (const { field, value } of query.filters) parts.push(sql`${columnNamed(entity, field)} is ${value}`);
  return sql`from ${sql.table(tableOf(entity))} where ${sql.join(parts, sql` and `)}`;
}

export function within(entity: Entity, scope: Scope): Part {
  if (scope.length === 0) return sql`0`;
  return sql`(${sql.join(
    scope.map((part) => conditionOf(entity, part)),
    sql` or `,
  )})`;
}

/** By a text without its letter case and accents, by a number as it is; the id breaks ties, so that pages never overlap. */
export function ordered(entity: Entity, sort: string, descending: boolean): Part {
  const way = descending ? sql`desc` : sql`asc`;
  return sql`order by ${sortKey(entity, sort)} ${way}, id ${way}`;
}

/** @throws for a name that is neither a field nor a column of every record: names never come from outside unchecked. */
export function columnNamed(entity: Entity, field: string): Part {
  if (!OWN_COLUMNS.has(field) && !Object.hasOwn(entity.fields, field)) {
    throw new Error(`${entity.name} has no field ${field}`);
  }
  return sql.ref(columnOf(field));
}

function sortKey(entity: Entity, sort: string): Part {
  if (sort === entity.label) return sql`sort_name`;
  const custom = customId(sort);
  if (custom !== null) return sql`json_extract(custom, ${`$.${JSON.stringify(custom)}`}) collate nocase`;
  const field = entity.fields[sort];
  const column = columnNamed(entity, sort);
  if (field?.kind === 'ref') {
    const table = sql.table(tableOf(referred(field.to).entity));
    return sql`(select other.sort_name from ${table} as other where other.id = ${column})`;
  }
  return field?.kind === 'text' || field?.kind === 'choice' ? sql`${column} collate nocase` : column;
}

function conditionOf(entity: Entity, { subscriberIds, ids, field, values, activeOr, part }: ScopePart): Part {
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
  return parts.length === 0 ? sql`1` : sql`(${sql.join(parts, sql` and `)})`;
}

/** As one bound value, so that a long list is no long statement. */
function oneOf(column: Part, values: readonly string[]): Part {
  const [only] = values;
  if (values.length === 1) return sql`${column} = ${only}`;
  return sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;
}
