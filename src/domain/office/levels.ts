import { may, sectionsOf, type Rights, type Section, type SubscriberKind, type Viewer } from './viewer.ts';

/** « Accès »: somebody may work in an account below his own. What he may do there follows from what he may do here. */

/** The section by which each kind of account serves its test merchant (MPU-10, INT-07). */
const SERVED_BY: Partial<Readonly<Record<Viewer['kind'], Section>>> = {
  maintainer: 'station-maintenance',
  integrator: 'models',
  gateway: 'kits',
};

/**
 * His rights in an account below his, of this kind; null: he has no business there. The platform operator enters as the
 * administrator of the account; others have there the level that they have in what they serve it by.
 */
export function rightsBelow(viewer: Viewer, kind: SubscriberKind): Rights | null {
  if (viewer.kind === 'platform') return all(kind, 'modify');
  const section = SERVED_BY[viewer.kind];
  if (section === undefined || viewer.restriction.to !== 'nothing' || !may(viewer, section, 'view')) return null;
  const rights = all(kind, may(viewer, section, 'modify') ? 'modify' : 'view');
  return { ...rights, users: viewer.rights.users ?? 'none' };
}

function all(kind: SubscriberKind, level: 'view' | 'modify'): Rights {
  return Object.fromEntries(sectionsOf(kind).map((section) => [section, level]));
}
