import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultsAmongPoints, faultsOfPoint } from '#src/domain/office/connectors.ts';
import { defaultPoint, EVSES_MAX } from '#src/domain/office/points.ts';
import {
  differencesOf,
  proposedChanges,
  toldPoints,
  withChanges,
  type DescribedPoint,
  type ToldPoints,
} from '#src/domain/office/points-told.ts';

/** Points with these connectorIds of their own, from the left; null: the point has none. */
function points(...connectorIds: readonly (number | null)[]): readonly DescribedPoint[] {
  return connectorIds.map((connectorId, index) => ({
    inactive: false,
    values: { ...defaultPoint(index + 1), connectorId },
  }));
}

function charger(spokenOf: readonly number[], counted: number | null = null): ToldPoints {
  return { spokenOf, counted, sockets: null };
}

const kit = (sockets: Readonly<Record<number, readonly number[]>>): ToldPoints => ({
  spokenOf: Object.keys(sockets).map(Number),
  counted: null,
  sockets: new Map(Object.entries(sockets).map(([point, numbers]) => [Number(point), numbers])),
});

describe('STA-25: what a charger has told', () => {
  test('is the connectors that it spoke of and its key NumberOfConnectors, whatever its letter case', () => {
    const configuration = [{ key: 'numberofconnectors', value: ' 2 ' }];
    const told = toldPoints({ isKit: false, spokenOf: [0, 3, 1], configuration, told: {} });
    expect(told).toEqual({ spokenOf: [1, 3], counted: 2, sockets: null });
  });

  test.each(['', '0', '-1', '2.5', '1000', 'two'])('is no number of connectors where its key says « %s »', (value) => {
    const configuration = [{ key: 'NumberOfConnectors', value }];
    expect(toldPoints({ isKit: false, spokenOf: [], configuration, told: {} }).counted).toBeNull();
  });

  test('is of a Pulse kit its points and their sockets, of which what cannot be read is left out', () => {
    const told = { 'point/1': '{"sockets":[{"socket":2},{"socket":1},null,{"socket":"x"}]}', 'point/2': '{' };
    const { spokenOf, sockets } = toldPoints({ isKit: true, spokenOf: [1], configuration: [], told });
    expect(spokenOf).toEqual([1, 2]);
    expect([...(sockets ?? [])]).toEqual([
      [1, [1, 2]],
      [2, []],
    ]);
  });
});

describe('STA-25: the points beside it', () => {
  test.each<[string, readonly DescribedPoint[], ToldPoints, readonly unknown[], readonly unknown[]]>([
    ['are the same', points(1, 2), charger([1, 2], 2), [], []],
    ['are compared with nothing where it has told nothing', points(1, 2), charger([]), [], []],
    [
      'lack one that it speaks of, which becomes a point',
      points(1),
      charger([1, 2]),
      [{ why: 'not-declared', connectorIds: [2] }],
      [{ type: 'add', point: 2, connectorId: 2 }],
    ],
    [
      'lack one, and a point without a connector takes it',
      points(1, null),
      charger([1, 2]),
      [{ why: 'not-declared', connectorIds: [2] }],
      [{ type: 'connector', point: 2, outlet: null, from: null, to: 2 }],
    ],
    [
      'have one that it does not have, which becomes the one that they lack',
      points(1, 3),
      charger([1, 2], 2),
      [
        { why: 'not-declared', connectorIds: [2] },
        { why: 'not-counted', connectorIds: [3], counted: 2 },
      ],
      [{ type: 'connector', point: 2, outlet: null, from: 3, to: 2 }],
    ],
    [
      'have one too many, whose point goes out of use and is kept',
      points(1, 2, 3),
      charger([1], 2),
      [{ why: 'not-counted', connectorIds: [3], counted: 2 }],
      [{ type: 'inactive', point: 3, outlet: null }],
    ],
    [
      'have one of which it has told nothing yet: it is said, and nothing is proposed',
      points(1, 2),
      charger([1]),
      [{ why: 'not-spoken-of', connectorIds: [2] }],
      [],
    ],
    [
      'are fewer than a kit has, and lack a socket of it',
      points(1),
      kit({ 1: [1, 2], 3: [1] }),
      [
        { why: 'not-declared', connectorIds: [3] },
        { why: 'socket-not-declared', point: 1, sockets: [2] },
      ],
      [
        { type: 'add', point: 2, connectorId: 2 },
        { type: 'add', point: 3, connectorId: 3 },
        { type: 'outlet', point: 1, outlet: 2 },
      ],
    ],
  ])('%s', (_, described, told, differences, changes) => {
    expect(differencesOf(described, told)).toEqual(differences);
    expect(proposedChanges(described, told)).toEqual(changes);
  });

  test('a socket that the charger does not have goes out of use by itself, and what is out of use is no difference', () => {
    const [point] = points(null);
    const values = { ...point?.values, outlet1ConnectorId: 1, outlet2Type: 'type-2', outlet2ConnectorId: 2 };
    const described = [{ inactive: false, values }];
    const changes = proposedChanges(described, charger([1], 1));
    expect(changes).toEqual([{ type: 'inactive', point: 1, outlet: 2 }]);
    expect(differencesOf(withChanges(described, changes) ?? [], charger([1], 1))).toEqual([]);
  });

  test('there are never more than four points, and changes that do not fit any more are refused', () => {
    expect(proposedChanges(points(1, 2, 3, 4), charger([1, 2, 3, 4, 5]))).toEqual([]);
    const changes = proposedChanges(points(1), charger([1, 2]));
    expect(withChanges(points(1, 2), changes)).toBeNull();
    expect(withChanges(points(1, 5), [{ type: 'connector', point: 2, outlet: null, from: 3, to: 2 }])).toBeNull();
    expect(withChanges(points(1), [{ type: 'inactive', point: 3, outlet: null }])).toBeNull();
    expect(withChanges(points(1), [{ type: 'outlet', point: 1, outlet: 1 }])).toBeNull();
  });

  test('what is proposed fits, makes no fault, and leaves only what has no place or was not told yet', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: EVSES_MAX });
    const spoken = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 5 });
    const counted = fc.option(fc.integer({ min: 1, max: 6 }), { nil: null });
    fc.assert(
      fc.property(ids, spoken, counted, (connectorIds, spokenOf, count) => {
        const told = charger(spokenOf, count);
        const before = points(...connectorIds);
        const after = withChanges(before, proposedChanges(before, told));
        expect(after).not.toBeNull();
        for (const point of after ?? []) {
          const others = (after ?? []).filter((one) => one !== point).map(({ values }) => values);
          expect({ ...faultsOfPoint(point.values), ...faultsAmongPoints(point.values, others) }).toEqual({});
        }
        const left = differencesOf(after ?? [], told);
        expect(left.filter(({ why }) => why === 'not-counted')).toEqual([]);
        if (left.some(({ why }) => why === 'not-declared')) expect(after).toHaveLength(EVSES_MAX);
      }),
      { numRuns: 500 },
    );
  });
});
