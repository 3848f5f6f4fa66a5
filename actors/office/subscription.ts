import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { emptyOf, type Entity, type RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import { sectionsOf, type Section, type SubscriberKind } from '#src/domain/office/viewer.ts';
import type { OfficeWrite } from '#src/storage/office-port.ts';

/** USR-02, SUB-08: the roles that a new subscription begins with; they can be changed like any other. */
const ROLES: readonly { readonly key: string; readonly name: string; readonly sections: readonly Section[] }[] = [
  { key: 'customers', name: 'Clients', sections: ['customers', 'sessions'] },
  { key: 'companies', name: 'Gestion de société', sections: ['companies', 'custom-fields'] },
  { key: 'parking', name: 'Gestion de parking', sections: ['station-management', 'sessions'] },
  { key: 'maintenance', name: 'Maintenance', sections: ['station-maintenance', 'merchants'] },
];

/**
 * What comes with a new subscription: company 1 for whoever has stations (SUB-09), the default roles (SUB-08), and an
 * administrator with all rights (SUB-01, SUB-02). Ids follow from the subscriber's own, so that it happens once.
 */
export function subscriptionWrites(subscriber: RecordRow, by: string): readonly OfficeWrite[] {
  const { values } = subscriber;
  const kind = values['kind'] as SubscriberKind;
  const put = (entity: Entity, key: string, given: Values): OfficeWrite => ({
    type: 'put',
    entity,
    record: recordOf(entity, { id: `${subscriber.id}-${key}`, subscriber, by, given }),
  });
  const writes: OfficeWrite[] = [
    put(ENTITIES.role, 'role-all', { name: 'Tous les droits', administration: 'modify', isAdministrator: true }),
    put(ENTITIES.role, 'role-view', { name: 'Visualisation totale', administration: 'view' }),
    put(ENTITIES.user, 'administrator', {
      name: values['contactName'] ?? values['name'] ?? null,
      username: values['administrator'] ?? null,
      email: values['contactEmail'] ?? null,
      mobile: values['contactPhone'] ?? null,
      language: values['language'] ?? 'fr',
      role: `${subscriber.id}-role-all`,
      restriction: 'nothing',
      isAdministrator: true,
    }),
  ];
  for (const { key, name, sections } of ROLES) {
    const own = sections.filter((section) => sectionsOf(kind).includes(section));
    if (own.length === 0) continue;
    const rights = own.map((section) => `${section}:modify`);
    writes.push(put(ENTITIES.role, `role-${key}`, { name, administration: 'none', rights }));
  }
  if (kind !== 'merchant' && kind !== 'maintainer') return writes;
  const company = put(ENTITIES.company, 'company-1', {
    number: 1,
    name: values['name'] ?? null,
    address: values['address'] ?? null,
    postcode: values['postcode'] ?? null,
    city: values['city'] ?? null,
    country: 'France',
    contactName: values['contactName'] ?? null,
    contactEmail: values['contactEmail'] ?? null,
    contactPhone: values['contactPhone'] ?? null,
    publicCustomers: true,
    visibleToPublic: kind === 'merchant',
  });
  return [company, ...writes];
}

function recordOf(entity: Entity, of: { id: string; subscriber: RecordRow; by: string; given: Values }): RecordRow {
  const values: Record<string, Value> = {};
  for (const [name, field] of Object.entries(entity.fields)) values[name] = of.given[name] ?? emptyOf(field);
  const { createdAtMs, id: subscriberId } = of.subscriber;
  return {
    id: of.id,
    subscriberId,
    version: 1,
    inactive: false,
    values,
    custom: {},
    createdAtMs,
    changedAtMs: createdAtMs,
    changedBy: of.by,
  };
}
