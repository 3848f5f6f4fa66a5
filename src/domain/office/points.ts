import type { Values } from './field.ts';

/** What is said of a charger's points and their sockets (MOD-03..05): numbered from the left, and from the top. */

export const EVSES_MAX = 4;
export const OUTLET_NUMBERS = [1, 2, 3, 4, 5, 6] as const;
export type OutletNumber = (typeof OUTLET_NUMBERS)[number];
export const OUTLET_CELLS = ['Inactive', 'Type', 'Speed', 'ConnectorId'] as const;
export type OutletCell = (typeof OUTLET_CELLS)[number];

/** One socket of a point, as far as it is described. */
export type Outlet = {
  readonly number: OutletNumber;
  readonly inactive: boolean;
  readonly type: string;
  readonly speed: string | null;
  readonly connectorId: number | null;
};

/** The sockets that a point has, from the top. */
export function outletsOf(point: Values): readonly Outlet[] {
  return OUTLET_NUMBERS.flatMap((number) => {
    const cell = (name: OutletCell) => point[`outlet${number}${name}`] ?? null;
    const type = cell('Type');
    if (typeof type !== 'string') return [];
    const inactive = cell('Inactive') === true;
    return [{ number, inactive, type, speed: textOf(cell('Speed')), connectorId: numberOf(cell('ConnectorId')) }];
  });
}

/** STA-24: what a point is until somebody describes it: one socket, its number as connectorId. */
export function defaultPoint(number: number): Values {
  return {
    number,
    connectorId: number,
    supply: 'three-phase',
    scanOrder: number,
    outlet1Type: 'type-2',
    outlet1Speed: 'normal',
  };
}

/** The id of a point of this station or model: a point is found by its number. */
export function partId(parentId: string, number: number): string {
  return `${parentId}-evse-${number}`;
}

/**
 * The highest connectorId of what is in use, which is how many connectors the charger is expected to speak of; what is
 * inactive is treated as though it were not there (MOD-06). 0 where nothing has a connectorId.
 */
export function highestConnectorId(points: readonly { readonly inactive: boolean; readonly values: Values }[]): number {
  const ids = points.flatMap(({ inactive, values }) => {
    if (inactive) return [];
    const outlets = outletsOf(values).flatMap((outlet) => (outlet.inactive ? [] : [outlet.connectorId ?? 0]));
    return [numberOf(values['connectorId'] ?? null) ?? 0, ...outlets];
  });
  return Math.max(0, ...ids);
}

type PointRow = { readonly inactive: boolean; readonly values: Values };

/** REC-12: the point and the sockets that a connectorId stands for (OCP-06); null where nobody has described it. */
export function placeOfConnector(
  points: readonly PointRow[],
  connectorId: number,
): { readonly point: number; readonly outlets: readonly Outlet[] } | null {
  for (const { values } of points) {
    const outlets = outletsOf(values);
    const point = Number(values['number']);
    if (values['connectorId'] === connectorId) return { point, outlets };
    const own = outlets.filter((outlet) => outlet.connectorId === connectorId);
    if (own.length > 0) return { point, outlets: own };
  }
  return null;
}

function textOf(value: Values[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: Values[string] | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
