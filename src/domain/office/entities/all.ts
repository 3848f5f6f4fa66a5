import type { Entity } from '../entity.ts';
import { chargerModel } from './charger-model.ts';
import { company } from './company.ts';
import { customField } from './custom-field.ts';
import { customer, publicCustomer } from './customer.ts';
import { evse, modelEvse } from './evse.ts';
import { grappe } from './grappe.ts';
import { kit } from './kit.ts';
import { role } from './role.ts';
import { station } from './station.ts';
import { subscriber } from './subscriber.ts';
import { firmware, server, sim } from './supplies.ts';
import { user } from './user.ts';

/** Every entity by its name: a new one is listed here, gets a table in a migration, and a screen. */
export const ENTITIES = {
  subscriber,
  company,
  station,
  role,
  user,
  customer,
  'public-customer': publicCustomer,
  'custom-field': customField,
  'charger-model': chargerModel,
  evse,
  'model-evse': modelEvse,
  grappe,
  kit,
  sim,
  firmware,
  server,
} as const satisfies Readonly<Record<string, Entity>>;

export type EntityName = keyof typeof ENTITIES;

/** Null for a name that no entity has. */
export function entityNamed(name: string): Entity | null {
  return Object.hasOwn(ENTITIES, name) ? ENTITIES[name as EntityName] : null;
}

/** The entity behind a reference: some are a part of another, such as the maintainers among the subscribers. */
export function referred(to: string): { readonly entity: Entity; readonly kind: string | null } {
  if (to === 'maintainer' || to === 'merchant' || to === 'integrator') return { entity: subscriber, kind: to };
  // Of every integrator, for whoever installs a charger (STA-23).
  if (to === 'integrator-model') return { entity: chargerModel, kind: null };
  const entity = entityNamed(to);
  if (entity === null) throw new Error(`no entity is called ${to}`);
  return { entity, kind: null };
}
