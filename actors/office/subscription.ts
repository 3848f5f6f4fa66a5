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
 * What comes with a new subscription: company 1 for whoever has stations (SUB-09), the default roles (SUB-08), an
 * administrator with all rights (SUB-01, SUB-02), and the test merchant that it names (MPU-10). Ids follow from the
 * subscriber's own, so that it happens once.
 */
export function subscriptionWrites(subscriber: RecordRow, by: string): readonly OfficeWrite[] {
  const { values } = subscriber;
  const kind = values['kind'] as SubscriberKind;
  const { testMerchant } = values;
  return [
    ...(hasCompany(kind) ? [companyWrite(subscriber, by, { name: values['name'] ?? null, isVisible: true })] : []),
    ...roleWrites(subscriber, by),
    putOf(subscriber, by)(ENTITIES.user, 'administrator', {
      name: values['contactName'] ?? values['name'] ?? null,
      username: values['administrator'] ?? null,
      email: values['contactEmail'] ?? null,
      mobile: values['contactPhone'] ?? null,
      language: values['language'] ?? 'fr',
      role: `${subscriber.id}-role-all`,
      restriction: 'nothing',
      isAdministrator: true,
    }),
    ...(typeof testMerchant === 'string' ? testMerchantWrites(subscriber, { id: testMerchant, by }) : []),
  ];
}

/**
 * MPU-10, INT-07: a merchant to try chargers with, apart from any other. It has no users: those of its owner enter it by
 * « Accès ». Its company 1 carries the owner's name, for that is what merchants see when they choose a maintainer.
 */
export function testMerchantWrites(
  owner: RecordRow,
  { id, by, atMs = owner.createdAtMs }: { readonly id: string; readonly by: string; readonly atMs?: number },
): readonly OfficeWrite[] {
  const { name, language, options, address, postcode, city } = owner.values;
  const values = {
    kind: 'merchant',
    name: `${String(name).slice(0, NAME_KEPT)} – test`,
    // Nobody signs in by it.
    administrator: `test.${id}`.slice(0, USERNAME_MAX),
    testOf: owner.id,
    language: language ?? 'fr',
    options: options ?? [],
    address: address ?? null,
    postcode: postcode ?? null,
    city: city ?? null,
  };
  const subscriber = { ...owner, createdAtMs: atMs };
  const record = { ...recordOf(ENTITIES.subscriber, { id, subscriber, by, given: values }), subscriberId: null };
  return [
    { type: 'put', entity: ENTITIES.subscriber, record },
    companyWrite(record, by, { name: name ?? null, isVisible: false }),
    ...roleWrites(record, by),
  ];
}

/** With « – test » behind it, a name still fits. */
const NAME_KEPT = 90;
const USERNAME_MAX = 50;

function hasCompany(kind: SubscriberKind): boolean {
  return kind === 'merchant' || kind === 'maintainer';
}

function companyWrite(
  subscriber: RecordRow,
  by: string,
  { name, isVisible }: { readonly name: Value; readonly isVisible: boolean },
): OfficeWrite {
  const { values } = subscriber;
  return putOf(subscriber, by)(ENTITIES.company, 'company-1', {
    number: 1,
    name,
    address: values['address'] ?? null,
    postcode: values['postcode'] ?? null,
    city: values['city'] ?? null,
    country: 'France',
    contactName: values['contactName'] ?? null,
    contactEmail: values['contactEmail'] ?? null,
    contactPhone: values['contactPhone'] ?? null,
    publicCustomers: true,
    visibleToPublic: isVisible && values['kind'] === 'merchant',
  });
}

function roleWrites(subscriber: RecordRow, by: string): readonly OfficeWrite[] {
  const put = putOf(subscriber, by);
  const kind = subscriber.values['kind'] as SubscriberKind;
  const writes = [
    put(ENTITIES.role, 'role-all', { name: 'Tous les droits', administration: 'modify', isAdministrator: true }),
    put(ENTITIES.role, 'role-view', { name: 'Visualisation totale', administration: 'view' }),
  ];
  for (const { key, name, sections } of ROLES) {
    const own = sections.filter((section) => sectionsOf(kind).includes(section));
    if (own.length === 0) continue;
    const rights = own.map((section) => `${section}:modify`);
    writes.push(put(ENTITIES.role, `role-${key}`, { name, administration: 'none', rights }));
  }
  return writes;
}

function putOf(subscriber: RecordRow, by: string) {
  return (entity: Entity, key: string, given: Values): OfficeWrite => ({
    type: 'put',
    entity,
    record: recordOf(entity, { id: `${subscriber.id}-${key}`, subscriber, by, given }),
  });
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
