import { replyWith, type Effect } from '#actors/decision.ts';
import { choiceScopeOf, mayCreate, scopeOf } from '#src/domain/office/access.ts';
import { CUSTOM_FIELDS_MAX } from '#src/domain/office/custom.ts';
import { STATION_DEFAULTS } from '#src/domain/office/entities/company.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { isCustomer } from '#src/domain/office/entities/customer.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { Value } from '#src/domain/office/field.ts';
import { administers, may, type Viewer } from '#src/domain/office/viewer.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import type { ActorId } from '#src/storage/ports.ts';
import { UntilWritten } from '#src/storage/until-written.ts';
import { identitiesOf, stationsAffected, stationsWithin } from './affected.ts';
import { decideSave, labelOf, type SaveRequest } from './decide.ts';
import { choicesOf, saveFacts } from './facts.ts';
import { binOf, deletionsBehind, dependants, remove, restore } from './deletion.ts';
import { beyondOf } from './grants.ts';
import { cardDetected, makeKitKey, sendApn, type KitDeps } from './kit-orders.ts';
import { assignKits, kitAssignment, kitState } from './kits.ts';
import { customerFacts, loginWrites } from './customers.ts';
import { answerOffer, maintainersOf, maintenanceWrites, offersTo } from './maintenance.ts';
import { openDataOf } from './open-data.ts';
import { ownCustomer, saveOwnCustomer } from './own-customer.ts';
import { own, saveOwn, saveOwnLanguage } from './own.ts';
import { namesIn } from './names.ts';
import { partsOf, pointWrites } from './points.ts';
import { setPoints } from './points-told.ts';
import { possibleKits, type KnockingDeps } from './possible-kits.ts';
import { reportStatuses, roamingCounts, sendMoreStatuses, sendStatuses, type RoamingDeps } from './roaming.ts';
import { zoneOf } from './zone.ts';
import { subscriptionWrites } from './subscription.ts';
import { lacksTestMerchant, makeTestMerchant } from './test-merchant.ts';
import type { OfficeMessage, Saved } from './messages.ts';

/**
 * What only reads is answered by these, several at a time; what decides waits its turn at the one office. They are few:
 * between two turns of the loop each answers one page, and a charger waits as long.
 */
export const OFFICE_READERS: readonly ActorId[] = Array.from({ length: 3 }, (_, n) => `office-reader/${n}`);
const AUDITS_SHOWN = 500;

type Message<T extends OfficeMessage['type']> = Extract<OfficeMessage, { type: T }>;
export type OfficeDeps = KitDeps &
  KnockingDeps &
  RoamingDeps & {
    /** IANA name: where days begin and end. */
    readonly timeZone: string;
    /** Stations whose roster may have changed: the fleet must hear of it. */
    readonly changed: (stationIds: readonly string[], identitiesBefore: readonly string[]) => Promise<void>;
  };

/**
 * Keeps what people declare. It takes one message after the other, so that what was read for a decision is still true
 * when its writes are committed; `decideSave` is pure, and nothing is answered before it is on disk.
 */
export function officeService(deps: OfficeDeps): (message: OfficeMessage) => Promise<readonly Effect[]> {
  const { office } = deps;
  const definitions = new UntilWritten<readonly RecordRow[]>(office);
  const stations = new UntilWritten<RecordRow>(office);
  const sending = new Set<string>();
  return async (message) => {
    const { viewer } = message;
    switch (message.type) {
      case 'list':
        return [replyWith(message.replyTo, await list(office, message))];
      case 'next': {
        const entity = ENTITIES[message.entity];
        const rows = await office.next(entity, { ...message.query, scope: scopeOf(viewer, entity) });
        return [replyWith(message.replyTo, { rows, names: await namesIn(office, { viewer, entity, rows }) })];
      }
      case 'find': {
        const entity = ENTITIES[message.entity];
        return [replyWith(message.replyTo, await office.find(entity, message.id, scopeOf(viewer, entity)))];
      }
      case 'admit': {
        const user = await office.find(ENTITIES.user, message.id, scopeOf(viewer, ENTITIES.user));
        const isHis = user !== null && mayCreate(viewer, ENTITIES.user);
        const mayAdmit = isHis && (await beyondOf(office, viewer, user.values)) === null;
        return [replyWith(message.replyTo, mayAdmit ? user : null)];
      }
      case 'make-kit-key':
        return [replyWith(message.replyTo, await makeKitKey(deps, message))];
      case 'send-apn':
        return [replyWith(message.replyTo, await sendApn(deps, message))];
      case 'card-detected': {
        const before = await cardDetected(office, message);
        if (before !== null) await deps.changed([before.id], identitiesOf([before]));
        return [];
      }
      case 'zone-of':
        return [replyWith(message.replyTo, await zoneOf({ office, stations }, viewer, message.identity))];
      case 'own':
        return [replyWith(message.replyTo, await own(office, message.userId))];
      case 'save-own':
        return [replyWith(message.replyTo, await saveOwn(office, message))];
      case 'save-own-language':
        return [replyWith(message.replyTo, await saveOwnLanguage(office, message))];
      case 'own-customer':
        return [replyWith(message.replyTo, await ownCustomer(office, message.userId, message.id))];
      case 'save-own-customer':
        return [replyWith(message.replyTo, await saveOwnCustomer(office, message, deps.timeZone))];
      case 'choices':
        return [replyWith(message.replyTo, await choicesOf(office, message))];
      case 'points': {
        const entity: Entity = ENTITIES[message.of];
        const isHis = entity.partOf !== undefined && scopeOf(viewer, entity).length > 0;
        const parent = isHis
          ? await office.find(entity.partOf.of, message.id, scopeOf(viewer, entity.partOf.of))
          : null;
        return [replyWith(message.replyTo, parent === null ? [] : await partsOf(office, entity, message.id))];
      }
      case 'set-points':
        return [replyWith(message.replyTo, await setPoints(deps, message))];
      case 'roaming-counts':
        return [replyWith(message.replyTo, await roamingCounts(office, viewer))];
      case 'send-statuses':
        return sendStatuses({ ...deps, sending }, message);
      case 'send-more-statuses':
        return sendMoreStatuses({ ...deps, sending }, message);
      case 'report-statuses':
        return reportStatuses(deps, message);
      case 'open-data':
        return [replyWith(message.replyTo, await openDataOf(office, viewer, message))];
      case 'custom-fields':
        return [replyWith(message.replyTo, await definitionsFor(office, definitions, message))];
      case 'save':
        return [replyWith(message.replyTo, await save(deps, message))];
      case 'dependants':
        return [replyWith(message.replyTo, await dependants(office, message))];
      case 'delete':
        return [replyWith(message.replyTo, await remove(deps, message))];
      case 'deletions':
        return [replyWith(message.replyTo, await binOf(office, viewer))];
      case 'deletions-behind':
        return [replyWith(message.replyTo, await deletionsBehind(office, viewer, message.id))];
      case 'restore':
        return [replyWith(message.replyTo, await restore(deps, message))];
      case 'audits':
        return [
          replyWith(message.replyTo, administers(viewer) ? await office.audits(viewer.subscriberId, AUDITS_SHOWN) : []),
        ];
      case 'suggestions':
        return [replyWith(message.replyTo, await possibleKits(deps, message))];
      case 'kit-state': {
        const found = await findStation(office, viewer, message.stationId);
        return [replyWith(message.replyTo, found === null ? 'none' : await kitState(office, found))];
      }
      case 'kit-assignment': {
        const isHis = viewer.kind === 'integrator' && may(viewer, 'kits', 'view');
        return [replyWith(message.replyTo, isHis ? await kitAssignment(office, viewer, message.modelId) : null)];
      }
      case 'assign-kits':
        return [replyWith(message.replyTo, await assignKits(office, message))];
      case 'lacks-test-merchant': {
        const owner = await office.find(
          ENTITIES.subscriber,
          message.subscriberId,
          scopeOf(viewer, ENTITIES.subscriber),
        );
        return [replyWith(message.replyTo, owner !== null && (await lacksTestMerchant(office, owner)))];
      }
      case 'make-test-merchant':
        return [replyWith(message.replyTo, await makeTestMerchant(office, message))];
      case 'apply-to-stations':
        return [replyWith(message.replyTo, await applyToStations(deps, message))];
      case 'offers':
        return [replyWith(message.replyTo, await offersTo(office, viewer, message.query))];
      case 'maintainers':
        return [replyWith(message.replyTo, await maintainersOf(office, viewer, message.companyId))];
      case 'answer-offer':
        return [replyWith(message.replyTo, await answerOffer(office, message))];
    }
  };
}

function findStation(office: Office, viewer: Viewer, id: string): Promise<RecordRow | null> {
  return office.find(ENTITIES.station, id, scopeOf(viewer, ENTITIES.station));
}

async function list(office: Office, message: Message<'list'>) {
  const entity = ENTITIES[message.entity];
  const scope = scopeOf(message.viewer, entity);
  if (scope.length === 0) return null;
  const page = await office.list(entity, { ...message.query, scope });
  return { ...page, names: await namesIn(office, { viewer: message.viewer, entity, rows: page.rows }) };
}

/** Of the subscriber whose record it is, whoever looks at it: his maintainer sees the same form. */
async function definitionsFor(
  office: Office,
  kept: UntilWritten<readonly RecordRow[]>,
  message: Message<'custom-fields'>,
): Promise<readonly RecordRow[]> {
  const { viewer, id } = message;
  const entity: Entity = ENTITIES[message.entity];
  const { custom } = entity;
  const record = id === null ? null : await office.find(entity, id, scopeOf(viewer, entity));
  const subscriberId = id === null ? viewer.subscriberId : (record?.subscriberId ?? null);
  if (custom === undefined || subscriberId === null) return [];
  const found = await kept.get(`${custom} ${subscriberId}`, async () => {
    const page = await office.list(ENTITIES['custom-field'], {
      scope: [{ subscriberIds: [subscriberId] }],
      text: '',
      filters: [{ field: 'form', value: custom }],
      sort: 'order',
      descending: false,
      offset: 0,
      limit: CUSTOM_FIELDS_MAX,
    });
    return page.rows;
  });
  return found ?? [];
}

async function save(deps: OfficeDeps, message: Message<'save'>): Promise<Saved> {
  const { office } = deps;
  const request: SaveRequest = { ...message, entity: ENTITIES[message.entity] };
  const { entity } = request;
  const known = await saveFacts(office, request);
  const facts = await customerFacts(office, request, { facts: known, timeZone: deps.timeZone });
  const { outcome, writes } = decideSave(request, facts);
  if (!outcome.ok || writes.length === 0) return outcome;
  const more = await consequences(office, request, { before: facts.before, record: outcome.record });
  const affected = await stationsAffected(office, entity, facts.before === null ? [] : [ownerOf(entity, facts.before)]);
  const written = await office.write([...writes, ...more]);
  if (written === 'stale') {
    const now = await office.find(entity, outcome.record.id, scopeOf(message.viewer, entity));
    return now === null ? { ok: false, why: 'not-found' } : { ok: false, why: 'stale', record: now };
  }
  // Two at once cannot pass the check before; a unique index says the same of what came in by another way.
  if (written === 'taken') return { ok: false, why: 'faults', faults: { [entity.label]: { why: 'taken' } } };
  const stationIds = entity.name === 'station' ? [outcome.record.id] : affected.map((one) => one.id);
  if (stationIds.length > 0) await deps.changed(stationIds, identitiesOf(affected));
  return outcome;
}

/** What else a saved record brings about, in the same transaction. */
async function consequences(
  office: Office,
  request: SaveRequest,
  { before, record }: { before: RecordRow | null; record: RecordRow },
): Promise<readonly OfficeWrite[]> {
  const { entity: by } = request;
  if (isCustomer(by)) return loginWrites(office, request, record);
  if (by.name === 'company') return maintenanceWrites(office, request, record);
  if (by.name === 'station' || by.name === 'charger-model') return pointWrites(office, { before, record, by });
  if (request.entity.name === 'subscriber' && record.version === 1)
    return subscriptionWrites(record, request.viewer.name);
  return [];
}

async function applyToStations(deps: OfficeDeps, message: Message<'apply-to-stations'>): Promise<number | null> {
  const { office } = deps;
  const { viewer, companyId, field, atMs } = message;
  const { company, station } = ENTITIES;
  const record = await office.find(company, companyId, scopeOf(viewer, company));
  if (record === null || !may(viewer, 'companies', 'modify') || !STATION_DEFAULTS.some((one) => one === field))
    return null;
  const value: Value = record.values[field] ?? null;
  // Of this company and his: a restricted user changes the stations that he finds.
  const his = await stationsWithin(office, choiceScopeOf(viewer, station));
  const stations = his.filter(({ values }) => values['company'] === companyId);
  const writes = stations
    .filter((one) => one.values[field] !== value)
    .map((one): OfficeWrite => {
      const values = { ...one.values, [field]: value };
      const changed = { version: one.version + 1, changedAtMs: atMs, changedBy: viewer.name };
      return { type: 'put', entity: station, record: { ...one, ...changed, values } };
    });
  const { subscriberId } = record;
  const audit = { atMs, by: viewer.name, subscriberId, entity: 'company', recordId: companyId, fields: [field] };
  const label = labelOf(company, record);
  const written = await office.write([...writes, { type: 'audit', audit: { ...audit, act: 'changed', label } }]);
  return written === 'ok' ? writes.length : null;
}

/** The record that a part belongs to; any other is its own. */
function ownerOf({ partOf }: Entity, record: RecordRow): string {
  return partOf === undefined ? record.id : String(record.values[partOf.field]);
}
