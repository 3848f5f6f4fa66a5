import { describe, expect, test } from 'vitest';
import { placeOfConnector } from '#src/domain/office/points.ts';
import { TOKEN_TYPES, tokenKindOf } from '#src/domain/token-kind.ts';
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

test.each([
  ['04A1B2C3', 'rfid'],
  ['04a1b2c3d4e5f6', 'rfid-long'],
  ['04A1B2C3D4E5F6071829', 'rfid-long'],
  ['4006381333931', 'barcode'],
  ['+33612345678', 'sms'],
])('OCP-15: the format of %s tells that it is %s, whatever the station says', (idTag, kind) => {
  for (const declared of [...TOKEN_TYPES, null]) expect(tokenKindOf(idTag, declared)).toBe(kind);
});

test.each(['12345678', '4006381333932', '04A1B2', 'ALICE', 'A00700001A7AD380', ''])(
  'OCP-15: the format of %j does not tell: its station does, or nobody',
  (idTag) => {
    for (const declared of [...TOKEN_TYPES, null]) expect(tokenKindOf(idTag, declared)).toBe(declared);
    expect(tokenKindOf(idTag, 'unheard-of')).toBeNull();
  },
);
