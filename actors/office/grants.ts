import { choiceScopeOf } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Entity, FaultsByField, RecordRow } from '#src/domain/office/entity.ts';
import type { Fault, Values } from '#src/domain/office/field.ts';
import { givesMore, restrictionOf } from '#src/domain/office/grant.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import { leavesNobody, roleLeavesNobody } from './administrators.ts';
import type { SaveRequest } from './decide.ts';

/** Whoever keeps users must not rise by it: nobody hands on more than he has, nor changes who has more than he. */

const EVERYTHING = [{}] as const;
/** What decides whether somebody gets in, and how far. */
const STANDING = ['role', 'restriction', 'companies', 'stations', 'customers', 'lastDay'] as const;

/** What of this save he may not do, by field. */
export async function grantFaults(
  office: Office,
  { entity, viewer, values, inactive }: SaveRequest,
  before: RecordRow | null,
): Promise<FaultsByField> {
  const faults: Record<string, Fault> = {};
  if (entity.name === 'role') {
    const isMore = givesMore(values, viewer) || (before !== null && givesMore(before.values, viewer));
    if (isMore) faults[values['administration'] === 'none' ? 'rights' : 'administration'] = { why: 'beyond-own' };
    if (before?.values['isAdministrator'] === true && values['administration'] !== 'modify')
      faults['administration'] = { why: 'administrators-role' };
    else if (before !== null && (await roleLeavesNobody(office, before, values)))
      faults['administration'] = { why: 'last-administrator' };
  }
  if (entity.name === 'user') {
    const beyond =
      (await beyondOf(office, viewer, values)) ?? (before && (await beyondOf(office, viewer, before.values)));
    if (beyond !== null) faults[beyond] = { why: 'beyond-own' };
    if (before !== null && isFixed(viewer, before)) {
      for (const name of changedIn(STANDING, before.values, values)) faults[name] = { why: 'protected' };
      if (inactive && !before.inactive) faults['inactive'] = { why: 'protected' };
    }
    // What the form left out stays: a save without a change of it takes nothing away.
    const after = { values: { ...before?.values, ...values }, inactive };
    const isFine = Object.keys(faults).length === 0;
    if (before !== null && isFine && (await leavesNobody(office, before, after))) {
      const [by = 'inactive'] = inactive ? [] : changedIn(STANDING, before.values, after.values);
      faults[by] = { why: 'last-administrator' };
    }
  }
  return faults;
}

/** USR-11: company 1, the administrator and his role stay; and nobody deletes himself, or who has more than he. */
export async function isProtected(
  office: Office,
  viewer: Viewer,
  { entity, record }: { entity: Entity; record: RecordRow },
): Promise<boolean> {
  if (entity.name === 'company') return record.values['number'] === 1;
  if (record.values['isAdministrator'] === true) return true;
  if (entity.name === 'role') return givesMore(record.values, viewer);
  return (
    entity.name === 'user' && (isHimself(viewer, record) || (await beyondOf(office, viewer, record.values)) !== null)
  );
}

/** The field by which a user has more than this viewer; null when he has not. */
export async function beyondOf(office: Office, viewer: Viewer, user: Values): Promise<'role' | 'restriction' | null> {
  const role = await office.find(ENTITIES.role, String(user['role']), EVERYTHING);
  if (role !== null && givesMore(role.values, viewer)) return 'role';
  if (viewer.restriction.to === 'nothing') return null;
  const restriction = restrictionOf(user);
  // A company is all of its stations, those that are still to come included.
  if (restriction.to === 'nothing') return 'restriction';
  if (viewer.restriction.to !== 'companies' && restriction.to !== viewer.restriction.to) return 'restriction';
  const of = RESTRICTED_TO[restriction.to];
  for (const id of restriction.ids)
    if ((await office.find(of, id, choiceScopeOf(viewer, of))) === null) return 'restriction';
  return null;
}

const RESTRICTED_TO = {
  companies: ENTITIES.company,
  stations: ENTITIES.station,
  customers: ENTITIES.customer,
} as const;

/** USR-11: an account always has its administrator, whoever asks; and nobody locks himself out, or lifts his own restriction. */
function isFixed(viewer: Viewer, user: RecordRow): boolean {
  return user.values['isAdministrator'] === true || (viewer.kind !== 'platform' && isHimself(viewer, user));
}

function changedIn<Name extends string>(names: readonly Name[], before: Values, after: Values): readonly Name[] {
  return names.filter((name) => JSON.stringify(after[name] ?? null) !== JSON.stringify(before[name] ?? null));
}

function isHimself(viewer: Viewer, user: RecordRow): boolean {
  return user.values['username'] === viewer.name;
}
