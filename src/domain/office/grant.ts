import type { Values } from './field.ts';
import {
  LEVELS,
  sectionsOf,
  type AccountKind,
  type Level,
  type Restriction,
  type Rights,
  type Section,
  type Viewer,
} from './viewer.ts';

/** What a role gives, and to whom a user is narrowed: how records become rights, and who may hand them on. */

/** USR-07: « Administration » is complete rights without ticking sections. */
export function rightsOf(role: Values, kind: AccountKind): Rights {
  const all = role['administration'];
  if (all === 'modify' || all === 'view') {
    return Object.fromEntries(sectionsOf(kind).map((section) => [section, all]));
  }
  const given = (role['rights'] ?? []) as readonly string[];
  return Object.fromEntries(given.map((one) => one.split(':') as [Section, Level]));
}

export function restrictionOf(user: Values): Restriction {
  const to = user['restriction'];
  if (to !== 'companies' && to !== 'stations' && to !== 'customers') return { to: 'nothing' };
  return { to, ids: new Set((user[to] ?? []) as readonly string[]) };
}

/** Does this role give more than he has himself? The platform operator hands on what subscribers have, not what he has. */
export function givesMore(role: Values, viewer: Viewer): boolean {
  if (viewer.kind === 'platform') return false;
  const rights = rightsOf(role, viewer.kind);
  const rank = (level: Level | undefined): number => LEVELS.indexOf(level ?? 'none');
  return sectionsOf(viewer.kind).some((section) => rank(rights[section]) > rank(viewer.rights[section]));
}
