import type { FaultsByField } from './entity.ts';
import type { Fault, Values } from './field.ts';
import { OUTLET_NUMBERS } from './points.ts';

/** OCP-06: a connectorId is a point, a socket, or a group of sockets of one point. */

/** What a point says of itself: its connectorId or those of its sockets, currents that fit. */
export function faultsOfPoint(point: Values): FaultsByField {
  const faults: Record<string, Fault> = {};
  const { currentMinMa, currentMaxMa } = point;
  if (typeof currentMinMa === 'number' && typeof currentMaxMa === 'number' && currentMinMa > currentMaxMa)
    faults['currentMaxMa'] = { why: 'rule', rule: 'current-below-minimum' };
  for (const number of OUTLET_NUMBERS) {
    const name = `outlet${number}ConnectorId`;
    if ((point[name] ?? null) === null) continue;
    if ((point[`outlet${number}Type`] ?? null) === null) faults[name] = { why: 'rule', rule: 'no-outlet' };
    else if ((point['connectorId'] ?? null) !== null) faults[name] = { why: 'rule', rule: 'connector-of-point' };
  }
  return faults;
}

/** What it says of the other points of its charger: no two points share a connectorId, inactive or not. */
export function faultsAmongPoints(point: Values, others: readonly Values[]): FaultsByField {
  const faults: Record<string, Fault> = {};
  for (const [name, connectorId] of connectorIds(point)) {
    const other = others.find((one) => connectorIds(one).some(([, id]) => id === connectorId));
    if (other !== undefined) faults[name] = { why: 'connector-shared', evse: Number(other['number']) };
  }
  return faults;
}

function connectorIds(point: Values): readonly (readonly [name: string, connectorId: number])[] {
  const names = ['connectorId', ...OUTLET_NUMBERS.map((number) => `outlet${number}ConnectorId`)];
  return names.flatMap((name) => {
    const value = point[name];
    return typeof value === 'number' ? [[name, value] as const] : [];
  });
}
