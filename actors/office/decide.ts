import { emptyOf, type Entity, type FaultsByField, type RecordRow } from '#src/domain/office/entity.ts';
import { fieldsFor, mayAdd, mayRest } from '#src/domain/office/access.ts';
import type { Fault, Value, Values } from '#src/domain/office/field.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import type { OfficeWrite } from '#src/storage/office-port.ts';
import type { Saved } from './messages.ts';

/** What was read from disk for one save, while nobody else saves. */
export type SaveFacts = {
  /** The record as it stands; null for a new one, and for one that this viewer does not find. */
  readonly before: RecordRow | null;
  /** Fields whose value another record has. */
  readonly taken: readonly string[];
  /** `ref` and `refs` fields that name something this viewer does not find. */
  readonly missing: readonly string[];
  /** What `refs` fields name that this viewer does not find, deleted or not his: it stays. */
  readonly unseen: Readonly<Record<string, readonly string[]>>;
  /** What this viewer may not hand on or take away, by field. */
  readonly denied: FaultsByField;
  /** How many there may be, and how many there are, counting what this save would add; null without a limit. */
  readonly quota: { readonly max: number; readonly after: number } | null;
  /** What the server fills in by itself for a new record. */
  readonly given: Values;
  /** What follows from what was chosen, whatever else was typed. */
  readonly imposed: Values;
  /** For a part of a record: what its other parts hold. */
  readonly others: readonly Values[];
};
export type SaveRequest = {
  readonly entity: Entity;
  readonly viewer: Viewer;
  readonly id: string | null;
  readonly newId: string;
  readonly version: number;
  readonly values: Values;
  readonly custom: Values;
  readonly inactive: boolean;
  readonly atMs: number;
};
export type SaveDecision = { readonly outcome: Saved; readonly writes: readonly OfficeWrite[] };

/** What a save comes to. Pure: what it needs to know was read before. */
export function decideSave(request: SaveRequest, facts: SaveFacts): SaveDecision {
  const { entity, viewer, id, atMs } = request;
  const { before } = facts;
  if (id !== null && before === null) return refused({ ok: false, why: 'not-found' });
  if (id === null && !mayAdd(viewer, entity)) return refused({ ok: false, why: 'not-found' });
  const { changed } = fieldsFor(viewer, entity, before?.values ?? null);
  if (changed.size === 0) return refused({ ok: false, why: 'not-found' });
  if (before !== null && before.version !== request.version) {
    return refused({ ok: false, why: 'stale', record: before });
  }
  const values = merged(entity, { before, typed: request.values, changed, facts });
  const faults = { ...within(changed, rulesOf(entity, values, facts)), ...faultsOf(facts) };
  if (Object.keys(faults).length > 0) return refused({ ok: false, why: 'faults', faults });
  if (facts.quota !== null && facts.quota.after > facts.quota.max) {
    return refused({ ok: false, why: 'quota', max: facts.quota.max });
  }
  const isHis = mayRest(viewer, entity);
  const record: RecordRow = {
    id: before?.id ?? request.newId,
    subscriberId: before === null ? ownerOf(request) : before.subscriberId,
    version: (before?.version ?? 0) + 1,
    inactive: isHis ? request.inactive && entity.canBeInactive : (before?.inactive ?? false),
    values,
    // What a definition that is gone was filled with stays: the definition may come back from the bin.
    custom: isHis ? { ...before?.custom, ...request.custom } : (before?.custom ?? {}),
    createdAtMs: before?.createdAtMs ?? atMs,
    changedAtMs: atMs,
    changedBy: viewer.name,
  };
  const fields = changedFields(entity, before, record);
  if (before !== null && fields.length === 0) return { outcome: { ok: true, record: before }, writes: [] };
  return {
    outcome: { ok: true, record },
    writes: [
      { type: 'put', entity, record },
      {
        type: 'audit',
        audit: {
          atMs,
          by: viewer.name,
          subscriberId: record.subscriberId,
          act: before === null ? 'created' : 'changed',
          entity: entity.name,
          recordId: record.id,
          label: labelOf(entity, record),
          fields,
        },
      },
    ],
  };
}

export function labelOf(entity: Entity, record: RecordRow): string {
  return String(record.values[entity.label] ?? record.id);
}

/** What the form did not show, and what this user may not change, stays as it was. */
function merged(
  entity: Entity,
  of: { before: RecordRow | null; typed: Values; changed: ReadonlySet<string>; facts: SaveFacts },
): Values {
  const { given, unseen, imposed } = of.facts;
  const values: Record<string, Value> = {};
  for (const [name, field] of Object.entries(entity.fields)) {
    const old = of.before?.values[name] ?? given[name] ?? emptyOf(field);
    const isFixed = entity.fixed?.includes(name) === true;
    const mayChange = of.changed.has(name) && !isFixed;
    const isTyped = mayChange && name in of.typed;
    values[name] = isTyped ? withUnseen(of.typed[name] ?? emptyOf(field), unseen[name]) : old;
    if (name in imposed && (mayChange || isFixed)) values[name] = imposed[name] ?? emptyOf(field);
  }
  return values;
}

function rulesOf(entity: Entity, values: Values, { others }: SaveFacts): FaultsByField {
  return { ...entity.check?.(values), ...entity.partOf?.check(values, others) };
}

/** Nobody is held up by what he may not change. */
function within(changed: ReadonlySet<string>, faults: FaultsByField): FaultsByField {
  return Object.fromEntries(Object.entries(faults).filter(([name]) => changed.has(name)));
}

function withUnseen(value: Value, unseen: readonly string[] = []): Value {
  if (unseen.length === 0 || !Array.isArray(value)) return value;
  return [...new Set([...(value as readonly string[]), ...unseen])];
}

function ownerOf({ entity, viewer }: SaveRequest): string | null {
  return entity.owner === 'platform' ? null : viewer.subscriberId;
}

function faultsOf({ taken, missing, denied }: SaveFacts): FaultsByField {
  const faults: Record<string, Fault> = { ...denied };
  for (const name of taken) faults[name] = { why: 'taken' };
  for (const name of missing) faults[name] = { why: 'not-found' };
  return faults;
}

/** The names of what differs, for the audit; never the values, which may be personal. */
function changedFields(entity: Entity, before: RecordRow | null, after: RecordRow): readonly string[] {
  const names = Object.keys(entity.fields).filter(
    (name) => JSON.stringify(before?.values[name] ?? null) !== JSON.stringify(after.values[name] ?? null),
  );
  if ((before?.inactive ?? false) !== after.inactive) names.push('inactive');
  if (JSON.stringify(before?.custom ?? {}) !== JSON.stringify(after.custom)) names.push('custom');
  return names;
}

function refused(outcome: Saved): SaveDecision {
  return { outcome, writes: [] };
}
