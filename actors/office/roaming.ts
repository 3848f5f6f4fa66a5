import { replyWith, type Effect } from '#actors/decision.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { scopeOf } from '#src/domain/office/access.ts';
import { chargePointIdOf } from '#src/domain/office/charger.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { activePoints } from '#src/domain/office/open-data.ts';
import { mayCommand, type Viewer } from '#src/domain/office/viewer.ts';
import { kitSerialOf } from '#src/domain/kit.ts';
import type { PostMessage } from '#src/domain/post.ts';
import {
  reportKeyStem,
  reportsKeyStem,
  ROAMING_FIELDS,
  ROAMING_PARTNERS,
  statusReport,
  type RoamingPartner,
} from '#src/domain/roaming.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import type { KitDeps } from './kit-orders.ts';
import { OFFICE, type OfficeMessage, type RoamingCounts } from './messages.ts';
import { cpoIdOf } from './open-data.ts';
import { partsOf } from './points.ts';

/** What sending statuses needs beside the outbox, which is the office's. */
export type RoamingDeps = Pick<KitDeps, 'office' | 'note'> & {
  /** A charger as the fleet knows it. */
  readonly viewOf: (chargePointId: string) => ChargePointView | null;
};
type Message<T extends OfficeMessage['type']> = Extract<OfficeMessage, { type: T }>;
type Asked = Pick<Message<'send-more-statuses'>, 'viewer' | 'partner' | 'id' | 'atMs'>;
/** `sending`: what is under way, and for whom. */
type Sending = RoamingDeps & { readonly sending: Set<string> };

/** Stations whose reports are queued in one transaction: chargers are answered between two. */
const BITE_STATIONS = 50;

/** How many of his stations each partner's customers may charge at; null for whoever may send nothing. */
export async function roamingCounts(office: Office, viewer: Viewer): Promise<RoamingCounts | null> {
  if (!mayCommand(viewer)) return null;
  const scope = scopeOf(viewer, ENTITIES.station);
  const [gireve = 0, easyconnect = 0] = await Promise.all(
    ROAMING_PARTNERS.map((partner) =>
      office.count(ENTITIES.station, { scope, text: '', filters: [{ field: ROAMING_FIELDS[partner], value: '1' }] }),
    ),
  );
  return { gireve, easyconnect };
}

/**
 * PRC-20: the statuses of his chargers that roam are queued for the partner. Of one station at once; of all a bite at a
 * time, and whoever asks again meanwhile is told that it is under way.
 */
export async function sendStatuses(deps: Sending, message: Message<'send-statuses'>): Promise<readonly Effect[]> {
  const { office, sending } = deps;
  const { viewer, partner, stationId, replyTo } = message;
  if (!mayCommand(viewer)) return [replyWith(replyTo, null)];
  const { station } = ENTITIES;
  const field = ROAMING_FIELDS[partner];
  if (stationId !== null) {
    const one = await office.find(station, stationId, scopeOf(viewer, station));
    if (one === null) return [replyWith(replyTo, null)];
    const count = await queue(deps, message, one.values[field] === true ? [one] : []);
    return [replyWith(replyTo, { count, isUnderWay: false })];
  }
  const all = async () => (await roamingCounts(office, viewer))?.[partner] ?? 0;
  if (sending.has(nameOf(message))) return [replyWith(replyTo, { count: await all(), isUnderWay: true })];
  const { count, more } = await bite(deps, message, null);
  if (more.length === 0) return [replyWith(replyTo, { count, isUnderWay: false })];
  return [replyWith(replyTo, { count: await all(), isUnderWay: true }), ...more];
}

export async function sendMoreStatuses(
  deps: Sending,
  message: Message<'send-more-statuses'>,
): Promise<readonly Effect[]> {
  const { more } = await bite(deps, message, message.after);
  return more;
}

async function bite(
  deps: Sending,
  of: Asked,
  after: RecordRow | null,
): Promise<{ readonly count: number; readonly more: readonly Effect[] }> {
  const { office, sending } = deps;
  const { viewer, partner, id, atMs } = of;
  // Should this bite fail, whoever asks again begins anew.
  sending.delete(nameOf(of));
  const scope = scopeOf(viewer, ENTITIES.station);
  const filters = [{ field: ROAMING_FIELDS[partner], value: '1' }];
  const found = await office.next(ENTITIES.station, { scope, text: '', filters, after, limit: BITE_STATIONS });
  const count = await queue(deps, of, found);
  const last = found.at(-1);
  if (last === undefined || found.length < BITE_STATIONS) return { count, more: [] };
  sending.add(nameOf(of));
  const next: Message<'send-more-statuses'> = { type: 'send-more-statuses', viewer, partner, id, atMs, after: last };
  return { count, more: [{ type: 'tell', to: OFFICE, message: next }] };
}

/** The same for everyone who finds the same stations. */
function nameOf({ partner, viewer }: Asked): string {
  return `${partner} ${JSON.stringify(scopeOf(viewer, ENTITIES.station))}`;
}

/** The partners that hear of this station: by its box, and EASYCONNECT by the key of its company too (SOC-07). */
async function partnersOf(office: Office, { values }: RecordRow): Promise<readonly RoamingPartner[]> {
  const checked = ROAMING_PARTNERS.filter((partner) => values[ROAMING_FIELDS[partner]] === true);
  if (!checked.includes('easyconnect')) return checked;
  const company = await office.find(ENTITIES.company, String(values['company']), [{}]);
  return typeof company?.values['easyconnectKey'] === 'string' ? checked : checked.filter((one) => one === 'gireve');
}

/** Which of these chargers a partner hears of; `null`: of all there are. For whoever watches their states. */
export async function roamingChargers(office: Office, among: readonly string[] | null): Promise<ReadonlySet<string>> {
  const stations =
    among === null
      ? await stationsWithBox(office)
      : (await Promise.all(among.map((one) => stationOf(office, one)))).filter((one) => one !== null);
  const roaming = new Set<string>();
  for (const station of stations) {
    const chargePointId = chargePointIdOf(station.values);
    if (chargePointId !== null && (await partnersOf(office, station)).length > 0) roaming.add(chargePointId);
  }
  return roaming;
}

async function stationsWithBox(office: Office): Promise<readonly RecordRow[]> {
  const query = { scope: [{}], text: '', sort: 'name', descending: false, offset: 0, limit: null };
  const fields = ['identity', 'kitSerial', 'protocol', 'company', ...Object.values(ROAMING_FIELDS)];
  const pages = await Promise.all(
    Object.values(ROAMING_FIELDS).map((field) =>
      office.list(ENTITIES.station, { ...query, fields, filters: [{ field, value: '1' }] }),
    ),
  );
  return [...new Map(pages.flatMap(({ rows }) => rows.map((row) => [row.id, row]))).values()];
}

function stationOf(office: Office, chargePointId: string): Promise<RecordRow | null> {
  const serial = kitSerialOf(chargePointId);
  return serial === null
    ? office.findBy(ENTITIES.station, 'identity', chargePointId)
    : office.findBy(ENTITIES.station, 'kitSerial', serial);
}

/**
 * PRC-20: the state of one charger has changed, and its partners are told what it is now. It takes the place of whatever
 * was told before, sent or not, so that a partner who is away finds one report of each charger when he is back.
 */
export async function reportStatuses(
  deps: RoamingDeps,
  { chargePointId, id, atMs, replyTo }: Message<'report-statuses'>,
): Promise<readonly Effect[]> {
  const { office } = deps;
  const station = await stationOf(office, chargePointId);
  const writes: OfficeWrite[] = [];
  for (const partner of station === null ? [] : await partnersOf(office, station)) {
    const of = station === null ? null : await reportOf(deps, station, atMs);
    if (of === null) continue;
    const message = messageOf(of, { partner, id, atMs });
    // Told before a start of the server, or by hand.
    if (await office.isPosted(reportKeyStem(partner, of), { ended: true })) continue;
    writes.push({ type: 'post', message, inPlaceOf: reportsKeyStem(partner, of.chargePointId) });
  }
  const written = writes.length === 0 ? 'ok' : await office.write(writes);
  if (written !== 'ok') throw new Error(`the statuses are ${written}`);
  return [replyWith(replyTo, true)];
}

type Report = Parameters<typeof statusReport>[0];

/** Null for a charger that is not there. */
async function reportOf(
  { office, viewOf }: Pick<RoamingDeps, 'office' | 'viewOf'>,
  station: RecordRow,
  atMs: number,
): Promise<Report | null> {
  const chargePointId = chargePointIdOf(station.values);
  // MOD-06: what is inactive is treated as though it were not there.
  if (station.inactive || station.values['chargerInactive'] === true || chargePointId === null) return null;
  const live = viewOf(chargePointId);
  const points = activePoints(await partsOf(office, ENTITIES.evse, station.id));
  return { station, chargePointId, cpoId: await cpoIdOf(office, station), points, live, atMs };
}

function messageOf(report: Report, { partner, id, atMs }: Pick<Asked, 'partner' | 'id' | 'atMs'>): PostMessage {
  const { station, chargePointId } = report;
  return {
    key: reportKeyStem(partner, report) + id,
    channel: partner,
    to: partner,
    subject: `${chargePointId} — ${String(station.values['name'])}`,
    text: statusReport(report),
    secret: null,
    subscriberId: station.subscriberId,
    createdAtMs: atMs,
  };
}

/** How many of them have statuses to tell; what already waits to tell the same is not queued again. */
async function queue(deps: RoamingDeps, of: Asked, stations: readonly RecordRow[]): Promise<number> {
  const { office, note } = deps;
  const { viewer, partner, atMs } = of;
  const messages: PostMessage[] = [];
  const told: string[] = [];
  let count = 0;
  for (const station of stations) {
    const report = (await partnersOf(office, station)).includes(partner) ? await reportOf(deps, station, atMs) : null;
    if (report === null) continue;
    count += 1;
    if (await office.isPosted(reportKeyStem(partner, report))) continue;
    told.push(report.chargePointId);
    messages.push(messageOf(report, of));
  }
  if (messages.length === 0) return count;
  const written = await office.write(messages.map((message) => ({ type: 'post', message })));
  if (written !== 'ok') throw new Error(`the statuses are ${written}`);
  for (const chargePointId of told)
    note({ chargePointId, name: `${partner}-statuses`, kind: partner, atMs, note: `by ${viewer.name}` });
  return count;
}
