import { createHash } from 'node:crypto';
import type { RecordRow } from './office/entity.ts';
import { outletsOf } from './office/points.ts';

/** Whom the statuses of chargers are sent to (PRC-20; manual, « Girève » and « EASYCONNECT »). */
export const ROAMING_PARTNERS = ['gireve', 'easyconnect'] as const;
export type RoamingPartner = (typeof ROAMING_PARTNERS)[number];

/** The box of a station's form that lets a partner's customers charge there. ADVENIR alone sends no status. */
export const ROAMING_FIELDS: Readonly<Record<RoamingPartner, string>> = {
  gireve: 'gireveCustomers',
  easyconnect: 'easyconnectCustomers',
};

const ID_DIGITS = 12;
const DIGEST_DIGITS = 16;

/**
 * AFIREV: the prefix of the operating unit (`FR*PON`), P for a station and E for a point, then letters and digits
 * without separators. What follows comes from the id of the station, which no change of its name, place or charger
 * touches.
 */
function roamingId(of: { readonly cpoId: string; readonly stationId: string }, kind: 'P' | 'E', suffix: string) {
  const digest = createHash('sha256').update(of.stationId).digest('hex').slice(0, ID_DIGITS);
  return `${of.cpoId.replace('*', '')}${kind}${digest.toUpperCase()}${suffix}`;
}

/** Of a station: the one that people chose, else the one that follows from it. */
export function stationRoamingId({ station, cpoId }: { readonly station: RecordRow; readonly cpoId: string }): string {
  return chosenIn(station) ?? roamingId({ cpoId, stationId: station.id }, 'P', '');
}

/** The same of one of its points. */
export function pointRoamingId(of: {
  readonly station: RecordRow;
  readonly cpoId: string;
  readonly point: RecordRow;
}): string {
  const { station, cpoId, point } = of;
  return chosenIn(point) ?? roamingId({ cpoId, stationId: station.id }, 'E', String(point.values['number']));
}

function chosenIn({ values }: RecordRow): string | null {
  return typeof values['roamingId'] === 'string' ? values['roamingId'] : null;
}

type Report = {
  readonly station: RecordRow;
  readonly chargePointId: string;
  readonly cpoId: string | null;
  readonly points: readonly RecordRow[];
  readonly live: Live | null;
  readonly atMs: number;
};
type Live = {
  readonly chargePointId: string;
  readonly state: string;
  readonly connectors: readonly {
    readonly connectorId: number;
    readonly status: string | null;
    readonly statusAtMs: number | null;
    readonly session: object | null;
  }[];
};

/** Connectors of one report: more than any charger has (MOD-03, MOD-04). */
export const REPORT_CONNECTORS_MAX = 24;

/**
 * The statuses of one charger, as docs/protocols/roaming-statuses.md says: JSON of one line. `live`: as the fleet knows
 * it; null for a charger that was never heard of.
 */
export function statusReport(of: Report): string {
  const { station, chargePointId, cpoId, points, live } = of;
  const state = live?.state ?? 'offline';
  return JSON.stringify({
    type: 'charger-statuses',
    version: 1,
    at: new Date(of.atMs).toISOString(),
    operator: cpoId,
    station: {
      id: cpoId === null ? null : stationRoamingId({ station, cpoId }),
      localId: station.id,
      name: station.values['name'],
    },
    charger: { id: chargePointId, state },
    connectors: (live?.connectors ?? []).slice(0, REPORT_CONNECTORS_MAX).map((connector) => {
      const { connectorId, statusAtMs } = connector;
      const point = pointOf(points, connectorId);
      return {
        connectorId,
        evse: point === null || cpoId === null ? null : pointRoamingId({ station, cpoId, point }),
        status: state === 'offline' ? 'unknown' : availability(connector),
        since: statusAtMs === null ? null : new Date(statusAtMs).toISOString(),
      };
    }),
  });
}

/** The point that has this connectorId, itself or by a socket; null where none says so. */
export function pointOf(points: readonly RecordRow[], connectorId: number): RecordRow | null {
  const point = points.find(
    ({ values }) =>
      values['connectorId'] === connectorId || outletsOf(values).some((outlet) => outlet.connectorId === connectorId),
  );
  return point ?? null;
}

/** For a driver of another company: may he charge there now? By the statuses of OCPP 1.6 §7.7. */
function availability({ status, session }: Live['connectors'][number]): string {
  switch (status) {
    case null:
      return session === null ? 'unknown' : 'occupied';
    case 'Available':
      return session === null ? 'available' : 'occupied';
    case 'Reserved':
      return 'reserved';
    case 'Unavailable':
    case 'Faulted':
      return 'out-of-service';
    default:
      return 'occupied';
  }
}

/** What a partner is told of a charger, without the times: two that are alike are no change of state. */
export function statusMark({ state, connectors }: Pick<Live, 'state' | 'connectors'>): string {
  const parts = connectors.slice(0, REPORT_CONNECTORS_MAX);
  return [state, ...parts.map((one) => `${one.connectorId}=${availability(one)}`)].join(' ');
}

/** How the keys of all reports about this charger begin in the outbox. */
export function reportsKeyStem(partner: RoamingPartner, chargePointId: string): string {
  return `${partner}/${encodeURIComponent(chargePointId)}/`;
}

/**
 * How the keys of reports begin that tell the partner the same of this charger, whenever they were made and whenever
 * it was told so. What follows makes each its own.
 */
export function reportKeyStem(partner: RoamingPartner, report: Report): string {
  const { live } = report;
  const connectors = live?.connectors.map((one) => ({ ...one, statusAtMs: null })) ?? [];
  const told = createHash('sha256')
    .update(statusReport({ ...report, live: live === null ? null : { ...live, connectors }, atMs: 0 }))
    .digest('hex');
  return `${reportsKeyStem(partner, report.chargePointId)}${told.slice(0, DIGEST_DIGITS)}/`;
}

/** The charger that a report is about. @throws for a key that does not begin as `reportKeyStem` says. */
export function chargePointOfReport(key: string): string {
  const [, chargePointId] = key.split('/');
  if (chargePointId === undefined) throw new Error(`not the key of a report: ${key}`);
  return decodeURIComponent(chargePointId);
}
