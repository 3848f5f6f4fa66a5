import { choiceScopeOf, scopeOf } from '#src/domain/office/access.ts';
import { isPulse } from '#src/domain/office/charger.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import { may, type Viewer } from '#src/domain/office/viewer.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import type { KitAssignment, KitState, OfficeMessage } from './messages.ts';

const { kit, sim, 'charger-model': chargerModel } = ENTITIES;
const ALL = { text: '', sort: 'serialNumber', descending: false, filters: [], offset: 0, limit: null } as const;

/** INT-05: his kits that are built into no model of his yet, and those of the one that he looks at. */
export async function kitAssignment(office: Office, viewer: Viewer, modelId: string | null): Promise<KitAssignment> {
  const models = (await office.list(chargerModel, { ...ALL, sort: 'name', scope: choiceScopeOf(viewer, chargerModel) }))
    .rows;
  const kits = (await office.list(kit, { ...ALL, scope: scopeOf(viewer, kit) })).rows;
  const live = new Set(models.map(({ id }) => id));
  const model = models.find(({ id }) => id === modelId) ?? null;
  return {
    models,
    model,
    free: kits.filter(({ values }) => !live.has(String(values['chargerModel']))),
    own: model === null ? [] : kits.filter(({ values }) => values['chargerModel'] === model.id),
  };
}

/** Exactly these kits are built into that model from now on; chargers that exist stay as they are (INT-06). */
export async function assignKits(
  office: Office,
  message: Extract<OfficeMessage, { type: 'assign-kits' }>,
): Promise<boolean> {
  const { viewer, modelId, kitIds, atMs } = message;
  if (viewer.kind !== 'integrator' || !may(viewer, 'kits', 'modify')) return false;
  const { model, free, own } = await kitAssignment(office, viewer, modelId);
  const offered = [...free, ...own];
  if (model === null || kitIds.some((id) => !offered.some((one) => one.id === id))) return false;
  const changed = offered.filter((one) => kitIds.includes(one.id) !== own.includes(one));
  const writes = changed.flatMap((one): OfficeWrite[] => {
    const values = { ...one.values, chargerModel: own.includes(one) ? null : model.id };
    const record = { ...one, values, version: one.version + 1, changedAtMs: atMs, changedBy: viewer.name };
    const label = String(one.values['serialNumber']);
    const audit = { atMs, by: viewer.name, subscriberId: viewer.subscriberId, recordId: one.id, label };
    return [
      { type: 'put', entity: kit, record },
      { type: 'audit', audit: { ...audit, act: 'changed', entity: 'kit', fields: ['chargerModel'] } },
    ];
  });
  return (await office.write(writes)) === 'ok';
}

/** LAF-04: a kit whose card the platform granted to somebody else, or to nobody, belongs to no charger. */
export async function kitState(office: Office, of: RecordRow): Promise<KitState> {
  const { values, subscriberId } = of;
  if (!isPulse(values) || (values['kitSerial'] ?? null) === null) return 'none';
  const card = values['mediaType'] === 'gprs' ? await cardOf(office, values['simIccid']) : null;
  return card === null || card.values['merchant'] === subscriberId ? 'attached' : 'card-not-granted';
}

/** What the card of a kit says by itself, where nothing was typed: it was granted to this merchant. */
export async function valuesOfCard(office: Office, values: Values, subscriberId: string | null): Promise<Values> {
  const card = isPulse(values) ? await cardOf(office, values['simIccid']) : null;
  if (card === null || card.values['merchant'] !== subscriberId) return {};
  const known: readonly (readonly [field: string, value: Value])[] = [
    ['simApn', card.values['apn'] ?? null],
    ['simLogin', card.values['login'] ?? null],
    ['simPassword', card.values['password'] ?? null],
    ['simPhone', card.values['phone'] ?? null],
  ];
  return Object.fromEntries(known.filter(([field, value]) => (values[field] ?? null) === null && value !== null));
}

async function cardOf(office: Office, iccid: Value | undefined): Promise<RecordRow | null> {
  if (typeof iccid !== 'string') return null;
  const card = await office.findBy(sim, 'iccid', iccid);
  return card === null || card.inactive ? null : card;
}

/** A kit that goes to another integrator is in none of the models of the one before. */
export function kitImposed(before: RecordRow | null, after: Values): Values {
  return before !== null && before.values['integrator'] !== after['integrator'] ? { chargerModel: null } : {};
}
