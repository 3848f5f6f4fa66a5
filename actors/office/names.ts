import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import { choicesOf, referenceScope } from './facts.ts';
import type { Names } from './messages.ts';
import { maintainerNames } from './test-merchant.ts';

/** The names that its references stand for, read once for each entity. */
export async function namesIn(
  office: Office,
  { viewer, entity, rows }: { viewer: Viewer; entity: Entity; rows: readonly RecordRow[] },
): Promise<Names> {
  const ids: Record<string, Set<string>> = {};
  for (const [name, field] of Object.entries(entity.fields)) {
    if (field.kind !== 'ref' && field.kind !== 'refs') continue;
    const wanted = (ids[field.to] ??= new Set());
    for (const { values } of rows) {
      const value = values[name] ?? null;
      for (const id of Array.isArray(value) ? (value as readonly string[]) : [value]) if (id) wanted.add(String(id));
    }
  }
  const names: Record<string, ReadonlyMap<string, string>> = {};
  for (const [to, wanted] of Object.entries(ids)) {
    if (wanted.size === 0) continue;
    // USR-14: what others are restricted to is none of a restricted user's business.
    if (entity.name === 'user' && to !== 'role' && viewer.restriction.to !== 'nothing') {
      const his = await choicesOf(office, { viewer, to, kept: null });
      names[to] = new Map(his.filter(({ id }) => wanted.has(id)).map(({ id, name }) => [id, name]));
      continue;
    }
    const found = await office.namesOf(referenceScope(PLATFORM, to).entity, [...wanted]);
    names[to] = to === 'maintainer' ? await namesOfMaintainers(office, found) : found;
  }
  return names;
}

async function namesOfMaintainers(office: Office, names: ReadonlyMap<string, string>) {
  const found = await maintainerNames(
    office,
    [...names].map(([id, name]) => ({ id, name })),
  );
  return new Map(found.map(({ id, name }) => [id, name]));
}

/** Only the entity behind a reference is asked of it. */
const PLATFORM = { kind: 'platform', subscriberId: null, restriction: { to: 'nothing' } } as Viewer;
