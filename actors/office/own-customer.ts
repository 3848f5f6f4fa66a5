import { VEHICLE_FIELDS } from '#src/domain/office/badges.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import { customerFacts } from './customers.ts';
import { decideSave, type SaveRequest } from './decide.ts';
import { saveFacts } from './facts.ts';
import type { OfficeMessage, Saved } from './messages.ts';

/**
 * « Mes informations personnelles » (CPT-13, CLI-06): what a customer may change of himself. His name, his address for
 * mail, by which his login was found, and his badges are his merchant's to change.
 */
export const OWN_CUSTOMER_FIELDS: readonly string[] = [
  'language',
  'mobile',
  'address',
  'postcode',
  'city',
  'country',
  ...Object.keys(VEHICLE_FIELDS),
  'terms',
];

/** One of the customers whose login this user has; null for any other. */
export async function ownCustomer(office: Office, userId: string, id: string): Promise<RecordRow | null> {
  return (await office.customersOf(userId)).find((one) => one.id === id) ?? null;
}

/** Saves it by the rules of every save. */
export async function saveOwnCustomer(
  office: Office,
  message: Extract<OfficeMessage, { type: 'save-own-customer' }>,
  timeZone: string,
): Promise<Saved> {
  const { userId, id, version, values, viewer, atMs } = message;
  const before = await ownCustomer(office, userId, id);
  if (before === null) return { ok: false, why: 'not-found' };
  const mine = Object.fromEntries(OWN_CUSTOMER_FIELDS.map((name) => [name, values[name] ?? null]));
  const request: SaveRequest = {
    entity: before.subscriberId === null ? ENTITIES['public-customer'] : ENTITIES.customer,
    viewer: standIn(viewer, before),
    id,
    newId: id,
    version,
    values: { ...before.values, ...mine },
    custom: {},
    inactive: before.inactive,
    atMs,
  };
  const facts = await customerFacts(office, request, { facts: await saveFacts(office, request), timeZone });
  const { login = null } = before.values;
  // Whose login it is was decided by whoever gave it.
  const { outcome, writes } = decideSave(request, { ...facts, imposed: { ...facts.imposed, login } });
  if (!outcome.ok || writes.length === 0) return outcome;
  if ((await office.write(writes)) === 'ok') return outcome;
  const now = await ownCustomer(office, userId, id);
  return now === null ? { ok: false, why: 'not-found' } : { ok: false, why: 'stale', record: now };
}

/** Of himself, and under his own name, he is what his merchant is. */
function standIn(viewer: Viewer, { subscriberId }: RecordRow): Viewer {
  const kind = subscriberId === null ? 'platform' : 'merchant';
  return { ...viewer, kind, subscriberId, rights: { customers: 'modify' }, restriction: { to: 'nothing' } };
}
