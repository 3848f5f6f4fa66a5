import { mayCreate, scopeOf, type Scope } from '#src/domain/office/access.ts';
import { ENTITIES, entityNamed } from '#src/domain/office/entities/all.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import { administers, mayDeleteRecharges, type Viewer } from '#src/domain/office/viewer.ts';
import { RECHARGE, type BinLine, type Deletion, type Office, type OfficeWrite } from '#src/storage/office-port.ts';
import { allLeave } from './administrators.ts';
import { identitiesOf, stationsAffected } from './affected.ts';
import { labelOf } from './decide.ts';
import { isProtected } from './grants.ts';
import { DELETED_AT_ONCE_MAX, type OfficeMessage, type Removed, type Restored, type RestoredAll } from './messages.ts';
import { exceedsOnReturn } from './quota.ts';

/** What goes to the bin, and what comes back from it (LST-08). */

type Message<T extends OfficeMessage['type']> = Extract<OfficeMessage, { type: T }>;
export type DeletionDeps = {
  readonly office: Office;
  /** Stations whose roster may have changed: the fleet must hear of it. */
  readonly changed: (stationIds: readonly string[], identitiesBefore: readonly string[]) => Promise<void>;
};
const DELETIONS_SHOWN = 200;

export async function dependants(office: Office, message: Message<'dependants'>) {
  const entity = ENTITIES[message.entity];
  const counts: Record<string, number> = {};
  const labels: string[] = [];
  for (const id of message.ids.slice(0, DELETED_AT_ONCE_MAX)) {
    const record = await office.find(entity, id, scopeOf(message.viewer, entity));
    if (record === null) continue;
    labels.push(labelOf(entity, record));
    for (const [name, count] of Object.entries(await office.dependants(entity, id))) {
      counts[name] = (counts[name] ?? 0) + count;
    }
  }
  return { labels, counts };
}

/** All of these or none. */
export async function remove(deps: DeletionDeps, message: Message<'delete'>): Promise<Removed> {
  const { office } = deps;
  const { viewer, atMs, batchId } = message;
  const entity = ENTITIES[message.entity];
  if (!mayCreate(viewer, entity)) return { ok: false, why: 'not-found' };
  const writes: OfficeWrite[] = [];
  const users: RecordRow[] = [];
  for (const [index, id] of message.ids.slice(0, DELETED_AT_ONCE_MAX).entries()) {
    const record = await office.find(entity, id, scopeOf(viewer, entity));
    const deletionId = message.deletionIds[index];
    if (record === null || deletionId === undefined) return { ok: false, why: 'not-found' };
    if (await isProtected(office, viewer, { entity, record })) return { ok: false, why: 'protected' };
    if (await isInUse(office, entity, record)) return { ok: false, why: 'in-use' };
    if (entity.name === 'user') users.push(record);
    const { subscriberId } = record;
    const label = labelOf(entity, record);
    const deletion = { deletionId, batchId, subscriberId, entity: entity.name, label, atMs, by: viewer.name };
    const audit = { atMs, by: viewer.name, subscriberId, entity: entity.name, recordId: id, label, fields: [] };
    writes.push({ type: 'delete', entity, id, deletion }, { type: 'audit', audit: { ...audit, act: 'deleted' } });
  }
  if (await allLeave(office, users)) return { ok: false, why: 'protected' };
  const affected = await stationsAffected(office, entity, message.ids);
  if ((await office.write(writes)) !== 'ok') return { ok: false, why: 'not-found' };
  if (affected.length > 0)
    await deps.changed(
      affected.map((one) => one.id),
      identitiesOf(affected),
    );
  return { ok: true, count: writes.length / 2 };
}

/** A role that users have cannot go before they have another, nor a grappe before its stations are detached. */
async function isInUse(office: Office, entity: Entity, record: RecordRow): Promise<boolean> {
  if (entity.name !== 'role' && entity.name !== 'grappe') return false;
  const by = entity.name === 'role' ? ENTITIES.user : ENTITIES.station;
  const scope: Scope = [{ field: entity.name, values: [record.id] }];
  return (await office.count(by, { scope, text: '', filters: [] })) > 0;
}

/** What of his account this viewer may bring back. */
export async function binOf(office: Office, viewer: Viewer): Promise<readonly BinLine[]> {
  if (!administers(viewer)) return [];
  const all = await office.deletions(viewer.subscriberId, DELETIONS_SHOWN);
  return all.filter(({ entity }) => mayRestore(viewer, entity));
}

/** The deletions behind a line of his bin: what is left of a batch, or the one that this is. */
export async function deletionsBehind(office: Office, viewer: Viewer, id: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const deletionId of await office.batch(id)) if (await his(office, viewer, deletionId)) found.push(deletionId);
  return found;
}

/** As many of these as can be: each whose return is refused stays in the bin. */
export async function restore(deps: DeletionDeps, message: Message<'restore'>): Promise<RestoredAll> {
  const { office } = deps;
  const { viewer } = message;
  const known: Deletion[] = [];
  for (const id of message.deletionIds.slice(0, DELETED_AT_ONCE_MAX)) {
    const deletion = await his(office, viewer, id);
    if (deletion !== null) known.push(deletion);
  }
  const isMissing = known.length < message.deletionIds.length;
  // A contract counts companies and chargers one after the other.
  const isCounted = known.some(({ counts }) => counts['station'] !== undefined || counts['company'] !== undefined);
  if (!isCounted && !isMissing && (await restoreTogether(deps, message, known)) === 'ok')
    return { count: known.length, refused: null };
  let count = 0;
  let refused: RestoredAll['refused'] = isMissing ? 'not-found' : null;
  for (const deletion of known) {
    const isBeyond = await exceedsOnReturn(office, deletion);
    const outcome = isBeyond ? 'quota' : await restoreTogether(deps, message, [deletion]);
    if (outcome === 'ok') count += 1;
    else refused = outcome;
  }
  return { count, refused };
}

async function restoreTogether(
  { office, changed }: DeletionDeps,
  { viewer, atMs }: Message<'restore'>,
  deletions: readonly Deletion[],
): Promise<Restored> {
  const writes: OfficeWrite[] = [];
  const stationIds: string[] = [];
  for (const { deletionId, subscriberId, entity, label, counts } of deletions) {
    const audit = { atMs, by: viewer.name, subscriberId, entity, recordId: deletionId, label, fields: [] };
    writes.push({ type: 'restore', deletionId, atMs }, { type: 'audit', audit: { ...audit, act: 'restored' } });
    if (counts['station'] !== undefined)
      stationIds.push(...(await office.inBin(ENTITIES.station, deletionId)).map(({ id }) => id));
  }
  const written = await office.write(writes);
  if (written !== 'ok') return written === 'stale' ? 'not-found' : written;
  if (stationIds.length > 0) await changed(stationIds, []);
  return 'ok';
}

/** A deletion of his own account that he may bring back. */
async function his(office: Office, viewer: Viewer, deletionId: string): Promise<Deletion | null> {
  const deletion = await office.deletion(deletionId);
  if (deletion === null || !administers(viewer) || !mayRestore(viewer, deletion.entity)) return null;
  return deletion.subscriberId === viewer.subscriberId ? deletion : null;
}

function mayRestore(viewer: Viewer, name: string): boolean {
  if (name === RECHARGE) return mayDeleteRecharges(viewer);
  const entity = entityNamed(name);
  return entity !== null && mayCreate(viewer, entity);
}
