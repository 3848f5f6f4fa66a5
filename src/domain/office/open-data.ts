import { hasCharger } from './charger.ts';
import type { RecordRow } from './entity.ts';
import type { Values } from './field.ts';
import { outletsOf } from './points.ts';

/** What the national list of charging stations (« IRVE », data.gouv.fr) asks of a station (STA-04, STA-05). */

export const SITE_TYPES = [
  'street',
  'public-car-park',
  'open-car-park',
  'customers-car-park',
  'fast-charging-station',
] as const;
export type SiteType = (typeof SITE_TYPES)[number];
export const ACCESSIBILITIES = ['reserved', 'accessible', 'not-accessible'] as const;
export type Accessibility = (typeof ACCESSIBILITIES)[number];

/** A station whose box is checked, with what the list says of it beside itself. */
export type OpenDataStation = {
  readonly station: RecordRow;
  readonly company: Values;
  /** Of its company, else of the first company of its merchant (GIR-02): `FR*ABC`. */
  readonly cpoId: string | null;
  /** From the left, inactive ones too. */
  readonly points: readonly RecordRow[];
};

/** Why a station whose box is checked is not in the file. */
export const LEFT_OUT = [
  'no-charger',
  'inactive',
  'never-heard',
  'cpo-id',
  'site-type',
  'schedule',
  'power',
  'points',
  'roaming-id',
] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

/** `live`: its charger as the fleet knows it; null for one that is treated as non-existent (MOD-06). */
export function leftOutBecause(
  { station, cpoId, points }: OpenDataStation,
  live: { readonly heardAtMs: number | null } | null,
): readonly LeftOut[] {
  const { values } = station;
  if (!hasCharger(values)) return ['no-charger'];
  if (live === null) return ['inactive'];
  const is: Readonly<Partial<Record<LeftOut, boolean>>> = {
    'never-heard': live.heardAtMs === null,
    'cpo-id': cpoId === null,
    'site-type': (values['siteType'] ?? null) === null,
    schedule: (values['schedule'] ?? null) === null,
    power: typeof values['permanentPowerW'] !== 'number',
    points: activePoints(points).length === 0,
    'roaming-id': cpoId !== null && [station, ...activePoints(points)].some((one) => isOfAnother(one, cpoId)),
  };
  return LEFT_OUT.filter((why) => is[why] === true);
}

/** Has it an id that people chose, of another operator's unit? The list refuses it: an id begins as its operator's. */
function isOfAnother({ values }: RecordRow, cpoId: string): boolean {
  const { roamingId } = values;
  return typeof roamingId === 'string' && !roamingId.startsWith(cpoId.replace('*', ''));
}

/** MOD-06: an inactive point is treated as though it were not there. */
export function activePoints(points: readonly RecordRow[]): readonly RecordRow[] {
  return points.filter(({ inactive }) => !inactive);
}

/** The kinds of its sockets that are in use, each once. */
export function outletTypes(point: RecordRow): ReadonlySet<string> {
  return new Set(outletsOf(point.values).flatMap(({ inactive, type }) => (inactive ? [] : [type])));
}
