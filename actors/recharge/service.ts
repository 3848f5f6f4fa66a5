import { replyWith, type Effect } from '#actors/decision.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { choiceScopeOf, rechargeScopeOf } from '#src/domain/office/access.ts';
import { badgesOf } from '#src/domain/office/badges.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { folded, type Values } from '#src/domain/office/field.ts';
import { placeOfConnector } from '#src/domain/office/points.ts';
import { mayDeleteRecharges, seesEverything, type Viewer } from '#src/domain/office/viewer.ts';
import { RECHARGE, type Office, type OfficeWrite } from '#src/storage/office-port.ts';
import type { ActorId } from '#src/storage/ports.ts';
import { rechargeMark } from '#src/domain/recharge.ts';
import { tokenKindOf } from '#src/domain/token-kind.ts';
import type { RechargeRow, RechargeStore } from '#src/storage/recharge-port.ts';
import type { OwnRecharges, Recharge, RechargeMessage, RechargeScope } from './messages.ts';

/** Several, so that a search for what few recharges have keeps nobody else waiting. */
export const RECHARGES: readonly ActorId[] = Array.from({ length: 2 }, (_, n) => `recharges/${n}`);

/** More stations than any subscription has. */
const STATIONS_MAX = 100_000;
/** Recharges deleted by one message; more go in bites. */
const DELETED_AT_ONCE_MAX = 50;
/** Choices of a list; whoever has more types a part of the name. */
const CHOICES_MAX = 200;

export type RechargeDeps = {
  readonly store: RechargeStore;
  readonly office: Office;
  /** A charger as it is now. */
  readonly viewOf: (chargePointId: string) => ChargePointView | null;
};

/** Answers lists and exports of recharges, each of the stations that the asker finds. */
export function rechargeService(deps: RechargeDeps): (message: RechargeMessage) => Promise<readonly Effect[]> {
  const { store } = deps;
  return async (message) => {
    const { viewer } = message;
    switch (message.type) {
      case 'list': {
        const { query } = message;
        const [among, stations, companies] = await Promise.all([
          stationsWith(deps, viewer, query),
          stationNames(deps, viewer),
          companyChoices(deps, viewer),
        ]);
        const { rows, ...found } = await store.page({ ...query, among, customers: customersFor(viewer) });
        return [replyWith(message.replyTo, { ...found, stations, companies, rows: await told(deps, rows) })];
      }
      case 'next': {
        const among = await stationsWith(deps, viewer, message.query);
        const order = { sort: 'start', descending: true, offset: 0 } as const;
        const { rows, lookedTo } = await store.page({
          ...message.query,
          ...order,
          among,
          customers: customersFor(viewer),
        });
        const last = rows.length < message.query.limit ? undefined : rows.at(-1);
        const next = lookedTo ?? (last === undefined ? null : rechargeMark(last, 'after'));
        return [replyWith(message.replyTo, { rows: await told(deps, rows), next })];
      }
      case 'own':
        return [replyWith(message.replyTo, await ownRecharges(deps, message))];
      case 'delete':
        return [replyWith(message.replyTo, await remove(deps, message))];
      case 'find': {
        const row = await store.find(message.transactionId);
        const isHis = row !== null && (await finds(deps, viewer, row));
        return [replyWith(message.replyTo, isHis ? ((await told(deps, [row]))[0] ?? null) : null)];
      }
    }
  };
}

/** Of every customer whose login this user has, at whatever station it was. */
async function ownRecharges(
  deps: RechargeDeps,
  { userId, query }: Extract<RechargeMessage, { type: 'own' }>,
): Promise<OwnRecharges> {
  const { office, store } = deps;
  const customers = await office.customersOf(userId);
  const wanted = folded(query.station.trim());
  const named = wanted === '' ? [] : await office.names(ENTITIES.station, [{}], STATIONS_MAX);
  const among = wanted === '' ? null : named.filter(({ name }) => folded(name).includes(wanted)).map(({ id }) => id);
  const order = { sort: 'start', descending: true, state: null } as const;
  const { rows, ...found } = await store.page({ ...query, ...order, among, customers: customers.map(({ id }) => id) });
  const badges = new Set(customers.flatMap(({ values }) => badgesOf(values).map(({ value }) => value)));
  return { ...found, rows: await told(deps, rows), badges: [...badges] };
}

/** All together, or where some may not go, each that may. */
async function remove(deps: RechargeDeps, message: Extract<RechargeMessage, { type: 'delete' }>): Promise<number> {
  const { viewer, transactionIds, deletionIds, batchId, atMs } = message;
  if (!mayDeleteRecharges(viewer)) return 0;
  const found: RechargeRow[] = [];
  for (const id of transactionIds.slice(0, DELETED_AT_ONCE_MAX)) {
    const row = await deps.store.find(id);
    if (row !== null && (await finds(deps, viewer, row))) found.push(row);
  }
  const named = await told(deps, found);
  const writes = named.map(({ transactionId, stationName, chargePointId }, index): readonly OfficeWrite[] => {
    const label = stationName ?? chargePointId;
    const { subscriberId, name: by } = viewer;
    const deletionId = deletionIds[index] ?? `${batchId}-${transactionId}`;
    const audit = { atMs, by, subscriberId, entity: RECHARGE, recordId: String(transactionId), label, fields: [] };
    return [
      { type: 'delete-recharge', transactionId, deletion: { deletionId, batchId, subscriberId, label, atMs, by } },
      { type: 'audit', audit: { ...audit, act: 'deleted' } },
    ];
  });
  if (writes.length > 0 && (await deps.office.write(writes.flat())) === 'ok') return writes.length;
  let removed = 0;
  for (const one of writes) if ((await deps.office.write(one)) === 'ok') removed += 1;
  return removed;
}

/** The stations that a question is about, as far as he finds them; null for all there are, known or not. */
async function stationsWith(
  { office }: RechargeDeps,
  viewer: Viewer,
  { company, station }: Pick<RechargeScope, 'company' | 'station'>,
): Promise<readonly string[] | null> {
  const wanted = folded(station.trim());
  if (seesEverything(viewer) && company === null && wanted === '') return null;
  const his = await office.names(ENTITIES.station, rechargeScopeOf(viewer, ENTITIES.station, company), STATIONS_MAX);
  const named = wanted === '' ? his : his.filter(({ name }) => folded(name).includes(wanted));
  return named.map(({ id }) => id);
}

/** USR-14: null for whoever is not restricted to some. */
function customersFor({ restriction }: Viewer): readonly string[] | null {
  return restriction.to === 'customers' ? [...restriction.ids] : null;
}

async function finds({ office }: RechargeDeps, viewer: Viewer, row: RechargeRow): Promise<boolean> {
  if (seesEverything(viewer)) return true;
  const { stationId, walletId } = row;
  const customers = customersFor(viewer);
  if (customers !== null && (walletId === null || !customers.includes(walletId))) return false;
  const scope = rechargeScopeOf(viewer, ENTITIES.station, null);
  return stationId !== null && (await office.find(ENTITIES.station, stationId, scope)) !== null;
}

async function stationNames({ office }: RechargeDeps, viewer: Viewer): Promise<readonly string[]> {
  const scope = rechargeScopeOf(viewer, ENTITIES.station, null);
  const names = await office.names(ENTITIES.station, scope, CHOICES_MAX + 1);
  return names.length > CHOICES_MAX ? [] : [...new Set(names.map(({ name }) => name))];
}

async function companyChoices({ office }: RechargeDeps, viewer: Viewer) {
  const companies = await office.names(ENTITIES.company, choiceScopeOf(viewer, ENTITIES.company), CHOICES_MAX + 1);
  return companies.length < 2 || companies.length > CHOICES_MAX ? [] : companies;
}

/** With the names and places that only the back office knows, and what only its connector knows of one that runs. */
async function told({ office, viewOf }: RechargeDeps, rows: readonly RechargeRow[]): Promise<readonly Recharge[]> {
  const ids = [...new Set(rows.flatMap(({ stationId }) => stationId ?? []))];
  if (rows.length === 0) return [];
  const [stations, points] = await Promise.all([stationsOf(office, ids), pointsOf(office, ids)]);
  return rows.map((row) => {
    const { stationId, connectorId, chargePointId, transactionId, closing } = row;
    const own = points.filter(({ values }) => values['station'] === stationId);
    const station = stationId === null ? undefined : stations.get(stationId);
    const connectors = closing === 'open' ? (viewOf(chargePointId)?.connectors ?? []) : [];
    return {
      ...row,
      stationName: station === undefined ? null : String(station['name']),
      place: placeOfConnector(own, connectorId),
      tokenKind: row.freeService ? null : tokenKindOf(row.idTag, station?.['tokenType']),
      live: connectors.find(({ session }) => session?.transactionId === transactionId)?.session ?? null,
    };
  });
}

/** What they say that is shown with a recharge. */
async function stationsOf(office: Office, ids: readonly string[]): Promise<ReadonlyMap<string, Values>> {
  const query = { text: '', filters: [], sort: 'name', descending: false, offset: 0, limit: null };
  const fields = ['name', 'tokenType'];
  const { rows } = await office.list(ENTITIES.station, { ...query, scope: [{ ids }], fields });
  return new Map(rows.map(({ id, values }) => [id, values]));
}

async function pointsOf(office: Office, stationIds: readonly string[]) {
  const scope = [{ field: 'station', values: stationIds }];
  const query = { scope, text: '', filters: [], sort: 'number', descending: false, offset: 0, limit: null };
  return (await office.list(ENTITIES.evse, query)).rows;
}
