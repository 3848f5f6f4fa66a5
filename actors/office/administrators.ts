import type { Scope } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import type { Office } from '#src/storage/office-port.ts';

/**
 * USR-11: an account is never without somebody who has all rights in it and may sign in for good. Whoever saves or
 * deletes asks here before; the office takes one message after the other, so that two at once cannot each leave the
 * other as the last.
 */

const ROLES_MAX = 1_000;
/** Users of an account who have all rights, are active, see everything and stay without an end. */
const FOR_GOOD = [
  { field: 'restriction', value: 'nothing' },
  { field: 'lastDay', value: null },
] as const;

type Standing = { readonly values: Values; readonly inactive: boolean };

/** Would the account of this user have nobody left who administers it, once he stands as `after`? */
export async function leavesNobody(office: Office, before: RecordRow, after: Standing | null): Promise<boolean> {
  const roles = await administratorRoles(office, before.subscriberId);
  if (!administers(before, roles) || (after !== null && administers(after, roles))) return false;
  return (await administratorsBy(office, before.subscriberId, roles)) <= 1;
}

/** The same of a role that would give all rights no more. */
export async function roleLeavesNobody(office: Office, role: RecordRow, after: Values): Promise<boolean> {
  if (!givesAll(role.values) || givesAll(after)) return false;
  const roles = await administratorRoles(office, role.subscriberId);
  const lost = await administratorsBy(office, role.subscriberId, [role.id]);
  return lost > 0 && (await administratorsBy(office, role.subscriberId, roles)) <= lost;
}

/** The same of users who would go together. */
export async function allLeave(office: Office, users: readonly RecordRow[]): Promise<boolean> {
  for (const [subscriberId, going] of Map.groupBy(users, (user) => user.subscriberId)) {
    const roles = await administratorRoles(office, subscriberId);
    const lost = going.filter((user) => administers(user, roles)).length;
    if (lost > 0 && (await administratorsBy(office, subscriberId, roles)) <= lost) return true;
  }
  return false;
}

function givesAll(role: Values): boolean {
  return role['administration'] === 'modify';
}

function administers({ values, inactive }: Standing, roles: readonly string[]): boolean {
  const isForGood = FOR_GOOD.every(({ field, value }) => (values[field] ?? null) === value);
  return !inactive && isForGood && roles.includes(String(values['role']));
}

/** USR-07: by id, the roles of an account that give all rights. */
async function administratorRoles(office: Office, subscriberId: string | null): Promise<readonly string[]> {
  if (subscriberId === null) return [];
  const { rows } = await office.list(ENTITIES.role, {
    scope: [{ subscriberIds: [subscriberId] }],
    text: '',
    sort: 'name',
    descending: false,
    filters: [{ field: 'administration', value: 'modify' }],
    offset: 0,
    limit: ROLES_MAX,
    fields: [],
  });
  return rows.map(({ id }) => id);
}

async function administratorsBy(
  office: Office,
  subscriberId: string | null,
  roles: readonly string[],
): Promise<number> {
  const scope: Scope = [{ subscriberIds: [String(subscriberId)], field: 'role', values: roles, activeOr: [] }];
  return office.count(ENTITIES.user, { scope, text: '', filters: FOR_GOOD });
}
