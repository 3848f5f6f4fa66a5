import { choiceScopeOf, scopeOf, type Scope } from '#src/domain/office/access.ts';
import { ENTITIES, referred } from '#src/domain/office/entities/all.ts';
import { isTestMerchant } from '#src/domain/office/entities/subscriber.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { Field, Value, Values } from '#src/domain/office/field.ts';
import { hasTestMerchant, type SubscriberKind, type Viewer } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { SaveFacts, SaveRequest } from './decide.ts';
import { grantFaults } from './grants.ts';
import { kitImposed, valuesOfCard } from './kits.ts';
import { maintainerNames } from './test-merchant.ts';
import type { Choice } from './messages.ts';
import { modelOfNewCharger, partsOf } from './points.ts';
import { quotaOf } from './quota.ts';

/** Choices offered by one field; beyond, a list is no way to choose any more. */
export const CHOICES_MAX = 5_000;
const EVERYTHING: Scope = [{}];
const collator = new Intl.Collator('fr');
const NO_QUERY = { text: '', sort: 'changedAtMs', descending: false, offset: 0, limit: 0 } as const;

/** Reads what a save must know. Nobody else saves meanwhile: the office takes one message after the other. */
export async function saveFacts(office: Office, request: SaveRequest): Promise<SaveFacts> {
  const { entity, viewer, id, values } = request;
  const before = id === null ? null : await office.find(entity, id, scopeOf(viewer, entity));
  const subscriberId = before === null ? viewer.subscriberId : before.subscriberId;
  const taken = await takenFields(office, { entity, values, subscriberId, exceptId: before?.id ?? null });
  // An administrator's username is one among all users'.
  const administrator = entity.name === 'subscriber' && id === null ? values['administrator'] : null;
  if (typeof administrator === 'string' && (await office.findBy(ENTITIES.user, 'username', administrator)) !== null) {
    taken.push('administrator');
  }
  // An account of the configuration goes first at the door: whoever else had its name could never sign in.
  const named = entity.name === 'user' ? 'username' : 'administrator';
  const name = entity.name === 'user' || entity.name === 'subscriber' ? values[named] : null;
  if (typeof name === 'string' && name !== before?.values[named] && (await office.isOperator(name))) taken.push(named);
  // It becomes his address, by which he is one among all users too.
  const email = entity.name === 'subscriber' && id === null ? values['contactEmail'] : null;
  if (typeof email === 'string' && (await office.findBy(ENTITIES.user, 'email', email)) !== null) {
    taken.push('contactEmail');
  }
  return {
    before,
    taken,
    missing: await missingReferences(office, { entity, viewer, values, before, subscriberId }),
    unseen: await unseenReferences(office, { entity, viewer, before }),
    denied: await grantFaults(office, request, before),
    quota: await quotaOf(office, request, before),
    given: id === null ? await givenTo(office, request) : {},
    imposed: await imposedBy(office, request, before),
    others: before === null ? [] : await otherParts(office, entity, before),
  };
}

/** The scope of what a reference field may point to. */
export function referenceScope(viewer: Viewer, to: string): { readonly entity: Entity; readonly scope: Scope } {
  const { entity, kind } = referred(to);
  // Subscribers are the platform's; a merchant may choose among maintainers all the same (MPU-01).
  if (kind !== null) return { entity, scope: [{ field: 'kind', values: [kind] }] };
  if (to === 'integrator-model') return { entity, scope: EVERYTHING };
  return { entity, scope: choiceScopeOf(viewer, entity) };
}

/** MOD-06: what is inactive is offered no more, but where it was chosen before (`kept`). */
async function offered(office: Office, of: { viewer: Viewer; to: string; kept: readonly string[] }) {
  const { entity, scope } = referenceScope(of.viewer, of.to);
  const active = scope.map((part) => ({ ...part, activeOr: of.kept }));
  if (of.to !== 'integrator-model') return { entity, scope: active };
  const subscribers = await office.names(ENTITIES.subscriber, [{ activeOr: [] }], CHOICES_MAX);
  const theirs = { subscriberIds: subscribers.map(({ id }) => id), activeOr: [] };
  return { entity, scope: [theirs, { ids: of.kept }] };
}

/** `kept` null: inactive ones too, for whoever looks for what is already there. */
export async function choicesOf(
  office: Office,
  of: { viewer: Viewer; to: string; kept: readonly string[] | null },
): Promise<readonly Choice[]> {
  const { viewer, to, kept } = of;
  const { entity, scope } = kept === null ? referenceScope(viewer, to) : await offered(office, { viewer, to, kept });
  const found = await office.names(entity, scope, CHOICES_MAX);
  if (to === 'maintainer') return byName(await maintainerNames(office, found));
  if (to !== 'integrator-model') return found;
  // The model that a charger was described by may be deleted since.
  const gone = (kept ?? []).filter((id) => !found.some((one) => one.id === id));
  const lost = [...(await office.namesOf(entity, gone))].map(([id, name]) => ({ id, name }));
  return [...(await modelNames(office, found)), ...lost];
}

/** STA-22: « Constructeur – Marque – Modèle ». */
async function modelNames(office: Office, models: readonly Choice[]): Promise<readonly Choice[]> {
  const ids = new Set(models.map(({ id }) => id));
  const query = { ...NO_QUERY, scope: [{ ids: [...ids] }], filters: [], limit: CHOICES_MAX };
  const { rows } = await office.list(ENTITIES['charger-model'], query);
  const named = rows.map(({ id, values }) => {
    const { manufacturer, make, name } = values;
    return { id, name: [...new Set([manufacturer, make, name])].join(' – ') };
  });
  return byName(named);
}

function byName(choices: readonly Choice[]): readonly Choice[] {
  return choices.toSorted((a, b) => collator.compare(a.name, b.name));
}

async function takenFields(
  office: Office,
  of: { entity: Entity; values: Values; subscriberId: string | null; exceptId: string | null },
): Promise<string[]> {
  const taken: string[] = [];
  for (const [field, declared] of Object.entries(of.entity.fields)) {
    const value = of.values[field];
    if (declared.kind !== 'text' || declared.unique === undefined || typeof value !== 'string') continue;
    const subscriberId = declared.unique === 'server' ? null : of.subscriberId;
    if (await office.isTaken({ entity: of.entity, field, value, subscriberId, exceptId: of.exceptId }))
      taken.push(field);
  }
  return taken;
}

/** What was named before may stay, even if this user would not find it. */
async function missingReferences(
  office: Office,
  of: {
    entity: Entity;
    viewer: Viewer;
    values: Values;
    before: RecordRow | null;
    subscriberId: string | null;
  },
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [name, field] of Object.entries(of.entity.fields)) {
    if (field.kind !== 'ref' && field.kind !== 'refs') continue;
    const known = new Set(idsIn(field, of.before?.values[name] ?? null));
    const asked = idsIn(field, of.values[name] ?? null).filter((id) => !known.has(id));
    if (asked.length === 0) continue;
    const { entity, scope } = await offered(office, { viewer: of.viewer, to: field.to, kept: [] });
    for (const id of asked) {
      const found = await office.find(entity, id, scope);
      // A maintainer finds those of several merchants.
      const isApart = field.to === 'grappe' && found?.subscriberId !== of.subscriberId;
      if (found !== null && !isApart) continue;
      missing.push(name);
      break;
    }
  }
  return missing;
}

/** His form does not show what he does not find, and so never posts it: he cannot take it away either. */
async function unseenReferences(
  office: Office,
  of: { entity: Entity; viewer: Viewer; before: RecordRow | null },
): Promise<Readonly<Record<string, readonly string[]>>> {
  const unseen: Record<string, readonly string[]> = {};
  for (const [name, field] of Object.entries(of.entity.fields)) {
    const ids = field.kind === 'refs' ? idsIn(field, of.before?.values[name] ?? null) : [];
    if (field.kind !== 'refs' || ids.length === 0) continue;
    const { entity, scope } = referenceScope(of.viewer, field.to);
    const found = await Promise.all(ids.map(async (id) => (await office.find(entity, id, scope)) !== null));
    unseen[name] = ids.filter((_, index) => !found[index]);
  }
  return unseen;
}

function idsIn(field: Field, value: Value): readonly string[] {
  if (field.kind === 'refs') return Array.isArray(value) ? (value as readonly string[]) : [];
  return typeof value === 'string' ? [value] : [];
}

/** Companies are numbered from 1 within their subscription (SUB-09); some subscriptions have a test merchant (MPU-10). */
async function givenTo(office: Office, { entity, viewer, values, newId }: SaveRequest): Promise<Values> {
  if (entity.name === 'subscriber')
    return hasTestMerchant(values['kind'] as SubscriberKind) ? { testMerchant: `${newId}-test` } : {};
  if (entity.name !== 'company' || viewer.subscriberId === null) return {};
  const scope: Scope = [{ subscriberIds: [viewer.subscriberId] }];
  const query = { ...NO_QUERY, scope, filters: [], sort: 'number', descending: true, limit: 1 };
  const [last] = (await office.list(entity, query)).rows;
  return { number: Number(last?.values['number'] ?? 0) + 1 };
}

/** What follows from what was chosen. */
async function imposedBy(office: Office, request: SaveRequest, before: RecordRow | null): Promise<Values> {
  const { entity, viewer, values } = request;
  if (entity.name === 'kit') return kitImposed(before, values);
  if (entity.name === 'company') return unseenByPublic(office, before?.subscriberId ?? viewer.subscriberId);
  if (entity.name !== 'station') return {};
  const subscriberId = before === null ? viewer.subscriberId : before.subscriberId;
  const card = await valuesOfCard(office, values, subscriberId);
  return { ...(await unseenByPublic(office, subscriberId)), ...card, ...(await valuesOfModel(office, values, before)) };
}

/** What a test merchant tries is never shown to the public (MPU-10). */
async function unseenByPublic(office: Office, subscriberId: string | null): Promise<Values> {
  if (subscriberId === null) return {};
  const owner = await office.find(ENTITIES.subscriber, subscriberId, EVERYTHING);
  return owner !== null && isTestMerchant(owner.values) ? { visibleToPublic: false, openData: false } : {};
}

/** STA-23: a model that is chosen for a new charger says what it is, and how many points it has. */
async function valuesOfModel(office: Office, values: Values, before: RecordRow | null): Promise<Values> {
  const model = await modelOfNewCharger(office, { before: before?.values ?? null, after: values });
  if (model === null) return {};
  const { manufacturer = null, make = null, name: type = null, evses = null, permanentPowerW = null } = model.values;
  return { manufacturer, make, model: type, evses, ...(permanentPowerW !== null && { permanentPowerW }) };
}

/** The parts of the same record beside this one. */
async function otherParts(office: Office, entity: Entity, part: RecordRow): Promise<readonly Values[]> {
  if (entity.partOf === undefined) return [];
  const all = await partsOf(office, entity, String(part.values[entity.partOf.field]));
  return all.filter(({ id }) => id !== part.id).map(({ values }) => values);
}
