import { describe, expect, test } from 'vitest';
import { placeOfConnector } from '#src/domain/office/points.ts';
import { chargeMode, isAbnormalEnd, parkedMs, parkingEndMs } from '#src/domain/recharge.ts';

describe('REC-12: a connectorId', () => {
  const point = {
    inactive: false,
    values: { number: 1, connectorId: 1, outlet1Type: 'type-2', outlet2Type: 'domestic' },
  };
  const other = {
    inactive: false,
    values: { number: 2, outlet1Type: 'combo-2', outlet1ConnectorId: 2, outlet2Type: 'chademo', outlet2ConnectorId: 3 },
  };
  const numbers = (connectorId: number) => {
    const place = placeOfConnector([point, other], connectorId);
    return place && [place.point, ...place.outlets.map(({ number }) => number)];
  };

  test('is a point with all of its sockets, or a socket of one, or nothing that anybody has described', () => {
    expect(numbers(1)).toEqual([1, 1, 2]);
    expect(numbers(2)).toEqual([2, 1]);
    expect(numbers(3)).toEqual([2, 2]);
    expect(numbers(4)).toBeNull();
  });
});

describe('REC-06: the mode of a charge', () => {
  test('is that of its sockets, and not known where there are none, or several that differ', () => {
    expect(chargeMode([{ type: 'domestic' }])).toBe(1);
    expect(chargeMode([{ type: 'type-2' }, { type: 'type-3' }])).toBe(3);
    expect(chargeMode([{ type: 'combo-2' }, { type: 'chademo' }])).toBe(4);
    expect(chargeMode([{ type: 'type-2' }, { type: 'domestic' }])).toBeNull();
    expect(chargeMode([{ type: 'unspecified' }])).toBeNull();
    expect(chargeMode([])).toBeNull();
  });
});

test('REC-07: an end is abnormal unless its driver ended it, or it has not come', () => {
  expect(isAbnormalEnd({ closing: 'open', stopReason: null })).toBe(false);
  expect(isAbnormalEnd({ closing: 'provisional', stopReason: null })).toBe(true);
  const isRed = (stopReason: string | null): boolean => isAbnormalEnd({ closing: 'final', stopReason });
  expect(['Local', 'EVDisconnected', null].map(isRed)).toEqual([false, false, false]);
  expect(['Remote', 'EmergencyStop', 'PowerLoss', 'Other'].map(isRed)).toEqual([true, true, true, true]);
});

test('REC-04: parking lasts until the vehicle is unplugged, or until the stop where nobody told of it', () => {
  const stay = { startedAtMs: 1_000, stoppedAtMs: 5_000, unpluggedAtMs: 8_000 };
  expect(parkingEndMs(stay)).toBe(8_000);
  expect(parkedMs(stay, 99_000)).toBe(7_000);
  expect(parkingEndMs({ ...stay, unpluggedAtMs: null })).toBe(5_000);
  // A stop that was kept offline comes with a time after the word of the free connector.
  expect(parkingEndMs({ ...stay, unpluggedAtMs: 4_000 })).toBe(5_000);
  const running = { startedAtMs: 1_000, stoppedAtMs: null, unpluggedAtMs: null };
  expect(parkingEndMs(running)).toBeNull();
  expect(parkedMs(running, 4_000)).toBe(3_000);
});
