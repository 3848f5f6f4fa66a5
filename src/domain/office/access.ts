import { customer as customers } from './entities/customer.ts';
import { station as stations } from './entities/station.ts';
import type { Entity } from './entity.ts';
import type { Values } from './field.ts';
import { may, readsRecharges, type Section, type Viewer } from './viewer.ts';

/**
 * The one place that decides which records a viewer finds, and what he may change of them. Lists, forms, exports,
 * choices and deletions all ask here.
 */

/** Any of these must hold; within one, all that is said. `[{}]` is everything, `[]` nothing. */
export type Scope = readonly ScopePart[];
export type ScopePart = {
  readonly subscriberIds?: readonly string[];
  /** These records alone. */
  readonly ids?: readonly string[];
  /** `id`, or a field of the entity. */
  readonly field?: string;
  readonly values?: readonly string[];
  /** What is inactive is left out, but for these. */
  readonly activeOr?: readonly string[];
  /** Parts of a record, which their field names, that is itself within a scope. */
  readonly part?: { readonly field: string; readonly of: Entity; readonly scope: Scope };
  /** Those whose `field`, or `id`, is the company of one of these records. */
  readonly companyOf?: { readonly field: string; readonly of: Entity; readonly ids: readonly string[] };
};

const EVERYTHING: Scope = [{}];
const NOTHING: Scope = [];

/** The records that he finds. */
export function scopeOf(viewer: Viewer, entity: Entity): Scope {
  if (!hasOption(viewer, entity)) return NOTHING;
  if (!sectionsOf(entity).some((section) => may(viewer, section, 'view'))) return NOTHING;
  // What is set on a company or a grappe reaches all of its stations, and he has but some, or none.
  const isToSome = viewer.restriction.to === 'stations' || viewer.restriction.to === 'customers';
  if (isOfMany(entity) && isToSome) return [{ ids: [] }];
  return reach(viewer, entity);
}

/**
 * The records that he may choose from in a form, such as the companies of a station: what is his, whether or not he
 * may open its own form.
 */
export function choiceScopeOf(viewer: Viewer, entity: Entity): Scope {
  return reach(viewer, entity);
}

/** The stations whose recharges he finds; those of one company alone, when it is named (REC-02). */
export function rechargeScopeOf(viewer: Viewer, station: Entity, companyId: string | null): Scope {
  if (!readsRecharges(viewer)) return NOTHING;
  const scope = viewer.kind === 'chain' ? ofChain(viewer) : reach(anywhere(viewer), station);
  return companyId === null ? scope : scope.flatMap((part) => ofCompany(part, companyId));
}

/**
 * Customers charge anywhere: whoever is restricted to some finds theirs at every station of his account (USR-14). They
 * are a merchant's; whoever else is so restricted has nobody, and no station.
 */
function anywhere(viewer: Viewer): Viewer {
  return viewer.kind === 'merchant' && viewer.restriction.to === 'customers'
    ? { ...viewer, restriction: { to: 'nothing' } }
    : viewer;
}

/** A chain's own are its merchants' stations, as far as its user is let (MOD-13). */
function ofChain({ merchantIds, restriction }: Viewer): Scope {
  const own = { subscriberIds: [...merchantIds] };
  if (restriction.to === 'companies') return [{ ...own, field: 'company', values: [...restriction.ids] }];
  return [restriction.to === 'stations' ? { ...own, ids: [...restriction.ids] } : own];
}

function ofCompany(part: ScopePart, companyId: string): Scope {
  if (part.field !== 'company') return [{ ...part, field: 'company', values: [companyId] }];
  return part.values?.includes(companyId) === true ? [{ ...part, values: [companyId] }] : NOTHING;
}

function reach(viewer: Viewer, entity: Entity): Scope {
  if (viewer.kind === 'platform') return EVERYTHING;
  if (entity.partOf !== undefined) {
    const { field, of } = entity.partOf;
    return [{ part: { field, of, scope: reach(viewer, of) } }];
  }
  if (viewer.subscriberId === null) return NOTHING;
  if (entity.owner === 'platform') {
    const { kind, field = 'id' } = entity.grantedTo ?? {};
    return kind === viewer.kind ? [{ field, values: [viewer.subscriberId] }] : NOTHING;
  }
  // Nobody else finds the customers of a merchant, whatever he maintains for him.
  if (entity.name === 'customer' && viewer.kind !== 'merchant') return NOTHING;
  const own = { subscriberIds: [viewer.subscriberId] };
  const narrow = restrictionOn(viewer, entity);
  // His lists are there, and empty.
  if (narrow === 'nothing') return [{ ids: [] }];
  const mine = narrow === null ? own : { ...own, ...narrow };
  if (viewer.kind === 'maintainer' && entity.company !== undefined) {
    return [mine, maintained(viewer, entity.company, narrow)];
  }
  return [mine];
}

/** What he was entrusted with, as far as his own restriction lets him (USR-14). */
function maintained(viewer: Viewer, company: string, narrow: ScopePart | null): ScopePart {
  const { restriction, maintainedCompanyIds } = viewer;
  const companies = [...maintainedCompanyIds].filter((id) => restriction.to !== 'companies' || restriction.ids.has(id));
  return { ...narrow, field: company, values: companies };
}

/** Does a record of it gather stations? */
function isOfMany(entity: Entity): boolean {
  return entity.name === 'company' || entity.name === 'grappe';
}

/** USR-14: lists and forms of a restricted user are narrowed by themselves. */
function restrictionOn(viewer: Viewer, entity: Entity): ScopePart | 'nothing' | null {
  const { restriction } = viewer;
  switch (restriction.to) {
    case 'nothing':
      return null;
    case 'companies':
      return entity.company === undefined ? null : { field: entity.company, values: [...restriction.ids] };
    case 'stations':
      if (entity.name === 'station') return { ids: [...restriction.ids] };
      if (entity.company === undefined) return null;
      return isOfMany(entity) ? withCompanyOf(entity.company, stations, restriction.ids) : 'nothing';
    case 'customers':
      if (entity.name === 'customer') return { ids: [...restriction.ids] };
      if (entity.name === 'company') return withCompanyOf('id', customers, restriction.ids);
      return entity.name === 'station' || entity.name === 'grappe' ? 'nothing' : null;
  }
}

/** What he may choose for his stations or customers is of their companies. */
function withCompanyOf(field: string, of: Entity, ids: ReadonlySet<string>): ScopePart {
  return { companyOf: { field, of, ids: [...ids] } };
}

/** May he have new ones, and delete them? A maintainer completes stations, he never makes any (MPU-04). */
export function mayCreate(viewer: Viewer, entity: Entity): boolean {
  // What belongs to a company belongs to its merchant.
  const isHis = viewer.kind !== 'maintainer' || entity.company === undefined;
  return isHis && entity.partOf === undefined && hasOption(viewer, entity) && mayRest(viewer, entity);
}

/** May he make them inactive, and fill in what subscribers added to them? */
export function mayRest(viewer: Viewer, entity: Entity): boolean {
  return may(viewer, entity.section, 'modify') && isOwner(viewer, entity);
}

/** Whoever maintains for others finds what their options gave them. */
function hasOption(viewer: Viewer, { option }: Entity): boolean {
  return option === undefined || viewer.kind !== 'merchant' || viewer.options.has(option);
}

/** What the platform lends stays its own. */
function isOwner(viewer: Viewer, entity: Entity): boolean {
  return entity.owner !== 'platform' || viewer.kind === 'platform';
}

/**
 * May he make a new one here? What belongs to a subscriber is made in his account: the platform operator enters it
 * first, for he has none of his own.
 */
export function mayAdd(viewer: Viewer, entity: Entity): boolean {
  // A new customer would be out of sight for whoever is restricted to some, or to stations.
  const { to } = viewer.restriction;
  if (entity.name === 'customer' && (to === 'customers' || to === 'stations')) return false;
  return mayCreate(viewer, entity) && (entity.owner === 'platform' || viewer.subscriberId !== null);
}

/** The fields that he sees, and those of them that he may change; `before` is the record as it stands. */
export function fieldsFor(
  viewer: Viewer,
  entity: Entity,
  before: Values | null = null,
): { readonly seen: ReadonlySet<string>; readonly changed: ReadonlySet<string> } {
  const names = Object.keys(entity.fields).filter((name) => entity.fixed?.includes(name) !== true);
  const section = (name: string): Section => entity.sections?.[name] ?? entity.section;
  const isHis = isOwner(viewer, entity);
  const settled = before === null ? [] : (entity.settled?.(before) ?? []);
  const unchanged = new Set([...settled, ...(entity.derived ?? [])]);
  // Whoever maintains a charger must know where it stands.
  const readable = entity.sections !== undefined && sectionsOf(entity).some((one) => may(viewer, one, 'view'));
  return {
    seen: new Set(names.filter((name) => readable || may(viewer, section(name), 'view'))),
    changed: new Set(names.filter((name) => isHis && !unchanged.has(name) && may(viewer, section(name), 'modify'))),
  };
}

function sectionsOf(entity: Entity): readonly Section[] {
  return [...new Set([entity.section, ...Object.values(entity.sections ?? {})])];
}
