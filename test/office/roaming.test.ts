import { expect, test } from 'vitest';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { reportKeyStem, statusReport } from '#src/domain/roaming.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 9);
const record = (id: string, values: RecordRow['values']): RecordRow => ({
  id,
  subscriberId: 'ponant',
  version: 1,
  inactive: false,
  values,
  custom: {},
  createdAtMs: 1,
  changedAtMs: 1,
  changedBy: 'anne',
});
const station = record('pon-1', { name: 'Quai Nord' });
const connector = (connectorId: number, status: string | null, isCharging = false) => ({
  connectorId,
  status,
  statusAtMs: status === null ? null : NOW_MS,
  session: isCharging ? {} : null,
});
const report = (
  state: string,
  connectors: readonly ReturnType<typeof connector>[],
  cpoId: string | null = 'FR*PON',
) => ({
  station,
  chargePointId: 'PON-1',
  cpoId,
  points: [record('p1', { number: 2, connectorId: 1 })],
  live: { chargePointId: 'PON-1', state, connectors },
  atMs: NOW_MS,
});
const told = (of: ReturnType<typeof report>) =>
  JSON.parse(statusReport(of)) as { connectors: Record<string, unknown>[] };

test.each<[string | null, boolean, string]>([
  ['Available', false, 'available'],
  ['Available', true, 'occupied'],
  ['Preparing', false, 'occupied'],
  ['Charging', true, 'occupied'],
  ['SuspendedEV', true, 'occupied'],
  ['Finishing', false, 'occupied'],
  ['Reserved', false, 'reserved'],
  ['Unavailable', false, 'out-of-service'],
  ['Faulted', true, 'out-of-service'],
  [null, false, 'unknown'],
  [null, true, 'occupied'],
])('PRC-20: %s, with a session: %s, is %s for a driver of another company', (status, isCharging, word) => {
  expect(told(report('free', [connector(1, status, isCharging)])).connectors[0]?.['status']).toBe(word);
  // Of a charger that is silent nothing is known, whatever it said last.
  expect(told(report('offline', [connector(1, status, isCharging)])).connectors[0]?.['status']).toBe('unknown');
});

test('PRC-20: a connector that is no point’s, or of a company without an id, has no id of its own', () => {
  const [first, second] = told(report('free', [connector(1, 'Available'), connector(2, null)])).connectors;
  expect(first?.['evse']).toMatch(/^FRPONE[\dA-F]{12}2$/);
  expect(second).toMatchObject({ evse: null, since: null });
  expect(told(report('free', [connector(1, 'Available')], null)).connectors[0]?.['evse']).toBeNull();
});

test('PRC-20: two reports begin with one key when they tell the same, whenever they are made', () => {
  const free = report('free', [connector(1, 'Available')]);
  expect(reportKeyStem('gireve', { ...free, atMs: NOW_MS + 60_000 })).toBe(reportKeyStem('gireve', free));
  const others = [report('free', [connector(1, 'Faulted')]), { ...free, chargePointId: 'PON/2' }];
  const stems = [free, ...others].map((one) => reportKeyStem('gireve', one));
  expect(new Set([...stems, reportKeyStem('easyconnect', free)]).size).toBe(4);
});
