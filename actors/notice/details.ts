import { cpoIdOf } from '#actors/office/open-data.ts';
import { partsOf } from '#actors/office/points.ts';
import { ADVENIR_FIELD, chargeDetail, chargeDetailKey, isTold } from '#src/domain/charge-detail.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { activePoints } from '#src/domain/office/open-data.ts';
import type { PostMessage } from '#src/domain/post.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { SessionRow } from '#src/storage/ports.ts';
import type { RechargeStore } from '#src/storage/recharge-port.ts';

/** How long after its start a recharge is still looked for: a charger that was offline tells of it days later. */
export const DETAILS_MS_MAX = 7 * 86_400_000;
/** Stations looked at in one sweep, and recharges of each. */
export const SWEEP_STATIONS = 5;
const SWEEP_RECHARGES = 500;

type Deps = { readonly office: Office; readonly recharges: RechargeStore };

/** What Girève is told of this recharge; null where nothing is to be told, not yet, or not again. */
export async function detailOf(
  office: Office,
  { station, session, atMs }: { readonly station: RecordRow; readonly session: SessionRow; readonly atMs: number },
): Promise<PostMessage | null> {
  if (station.values[ADVENIR_FIELD] !== true || !isTold(session, atMs)) return null;
  const key = chargeDetailKey(session);
  if (await office.isPosted(key, { ended: true })) return null;
  const points = activePoints(await partsOf(office, ENTITIES.evse, station.id));
  return {
    key,
    channel: 'gireve',
    to: 'gireve',
    subject: `${session.chargePointId} — ${String(station.values['name'])}`,
    text: chargeDetail({ station, cpoId: await cpoIdOf(office, station), points, session, atMs }),
    secret: null,
    subscriberId: station.subscriberId,
    createdAtMs: atMs,
  };
}

/**
 * Looks through the recharges of the next few stations for what was not told: the end was seen by a life of the server
 * that ended, a stop came late, a person has answered a doubt. Returns where to go on; null: from the beginning.
 */
export async function sweepDetails(
  { office, recharges }: Deps,
  after: RecordRow | null,
  atMs: number,
): Promise<RecordRow | null> {
  const filters = [{ field: ADVENIR_FIELD, value: '1' }];
  const stations = await office.next(ENTITIES.station, {
    scope: [{}],
    text: '',
    filters,
    after,
    limit: SWEEP_STATIONS,
  });
  for (const station of stations) {
    const { rows } = await recharges.page({
      among: [station.id],
      customers: null,
      fromMs: atMs - DETAILS_MS_MAX,
      toMs: null,
      text: '',
      state: null,
      sort: 'start',
      descending: true,
      offset: 0,
      limit: SWEEP_RECHARGES,
      mark: null,
    });
    const found = await Promise.all(rows.map((session) => detailOf(office, { station, session, atMs })));
    const messages = found.filter((one) => one !== null);
    if (messages.length === 0) continue;
    const written = await office.write(messages.map((message) => ({ type: 'post', message })));
    if (written !== 'ok') throw new Error(`what is told of recharges is ${written}`);
  }
  return stations.length < SWEEP_STATIONS ? null : (stations.at(-1) ?? null);
}
