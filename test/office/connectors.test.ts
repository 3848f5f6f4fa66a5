import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultsAmongPoints, faultsOfPoint } from '#src/domain/office/connectors.ts';
import type { Values } from '#src/domain/office/field.ts';
import { defaultPoint, highestConnectorId, OUTLET_NUMBERS, outletsOf } from '#src/domain/office/points.ts';

/** A point with few connectorIds to choose from, so that they often clash. */
function aPoint(number: number): fc.Arbitrary<Values> {
  const connectorId = fc.option(fc.integer({ min: 1, max: 4 }), { nil: null });
  const outlet = fc.record({ Type: fc.option(fc.constant('type-2'), { nil: null }), ConnectorId: connectorId });
  return fc.record({ connectorId, outlets: fc.array(outlet, { minLength: 2, maxLength: 2 }) }).map((point) => ({
    number,
    connectorId: point.connectorId,
    ...Object.fromEntries(
      point.outlets.flatMap((cells, index) =>
        Object.entries(cells).map(([cell, value]) => [`outlet${index + 1}${cell}`, value] as const),
      ),
    ),
  }));
}

describe('OCP-06: connectorIds', () => {
  test('where no fault is found, each is one point’s: its own, one socket’s or that of several of its sockets', () => {
    fc.assert(
      fc.property(aPoint(1), aPoint(2), (left, right) => {
        const faults = [faultsOfPoint(left), faultsOfPoint(right), faultsAmongPoints(left, [right])];
        if (faults.some((one) => Object.keys(one).length > 0)) return;
        const ids = (point: Values) =>
          new Set([point['connectorId'], ...outletsOf(point).map((outlet) => outlet.connectorId)].filter(Boolean));
        expect([...ids(left)].filter((id) => ids(right).has(id))).toEqual([]);
        for (const point of [left, right])
          if (typeof point['connectorId'] === 'number') expect(ids(point).size).toBe(1);
      }),
      { numRuns: 2_000 },
    );
  });

  test('several sockets of one point may share one', () => {
    const point = {
      outlet1Type: 'type-2',
      outlet1ConnectorId: 2,
      outlet2Type: 'domestic',
      outlet2ConnectorId: 2,
    };
    expect(faultsOfPoint(point)).toEqual({});
  });

  test('the fault stands beside the field that has it, and names the other point', () => {
    const left = { number: 1, connectorId: 1 };
    const right = { number: 2, connectorId: null, outlet3Type: 'chademo', outlet3ConnectorId: 1 };
    expect(faultsAmongPoints(right, [left])).toEqual({ outlet3ConnectorId: { why: 'connector-shared', evse: 1 } });
    expect(faultsAmongPoints(left, [right])).toEqual({ connectorId: { why: 'connector-shared', evse: 2 } });
  });

  test('a point has one, or its sockets have; a socket that is not there has none', () => {
    expect(faultsOfPoint({ connectorId: 1, outlet1Type: 'type-2', outlet1ConnectorId: 2 })).toEqual({
      outlet1ConnectorId: { why: 'rule', rule: 'connector-of-point' },
    });
    expect(faultsOfPoint({ outlet1ConnectorId: 2 })).toEqual({
      outlet1ConnectorId: { why: 'rule', rule: 'no-outlet' },
    });
  });
});

test('GRA-16: the most of a point is not below its least', () => {
  const faults = { currentMaxMa: { why: 'rule', rule: 'current-below-minimum' } };
  expect(faultsOfPoint({ currentMinMa: 13_200, currentMaxMa: 32_000 })).toEqual({});
  expect(faultsOfPoint({ currentMinMa: 13_200, currentMaxMa: 13_199 })).toEqual(faults);
});

test('STA-24: points as they are first made break no rule, whatever their number', () => {
  const points = [1, 2, 3, 4].map(defaultPoint);
  for (const [index, point] of points.entries()) {
    expect(faultsOfPoint(point)).toEqual({});
    expect(faultsAmongPoints(point, points.toSpliced(index, 1))).toEqual({});
    expect(outletsOf(point)).toMatchObject([{ number: 1, type: 'type-2', inactive: false }]);
  }
  expect(highestConnectorId(points.map((values) => ({ inactive: false, values })))).toBe(4);
  expect(OUTLET_NUMBERS).toHaveLength(6);
});
