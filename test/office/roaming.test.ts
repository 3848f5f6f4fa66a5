import { describe, expect, test } from 'vitest';
import { RETURN_MS } from '#actors/alert/watch.ts';
import type { ChargePointView, FleetState } from '#actors/fleet/messages.ts';
import { REPORT_CALM_MS, REPORT_EVERY_MS_MIN, StatusWatch } from '#actors/roaming/watch.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { reportKeyStem, statusReport } from '#src/domain/roaming.ts';
import type { ChargePointStatus } from '#src/wire/ocpp/messages.ts';

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

describe('PRC-20: the states of chargers that roam are told at each change', () => {
  const T0 = 1_800_000_000_000;
  const view = (state: FleetState, ...statuses: readonly ChargePointStatus[]) =>
    ({
      chargePointId: 'PON-1',
      state,
      connectors: statuses.map((status, index) => ({ connectorId: index + 1, status, session: null })),
    }) as unknown as ChargePointView;

  function watched() {
    const reports: number[] = [];
    let isRefused = false;
    const watch = new StatusWatch({
      startedAtMs: T0,
      async report(_chargePointId, atMs) {
        if (isRefused) throw new Error('the disk refuses');
        reports.push(atMs - T0);
      },
    });
    watch.changed(['PON-1'], new Set(['PON-1']));
    const turn = async (sinceMs: number) => {
      watch.drain(T0 + sinceMs);
      await new Promise(setImmediate);
      return [...reports];
    };
    return { watch, turn, refuses: (yes: boolean) => (isRefused = yes) };
  }

  test('once for what changes within a few seconds, and not when a partner would hear the same', async () => {
    const { watch, turn } = watched();
    watch.look(view('free', 'Available'), T0);
    watch.look(view('occupied', 'Preparing'), T0 + 1_000);
    expect(await turn(REPORT_CALM_MS - 1)).toEqual([]);
    expect(await turn(REPORT_CALM_MS)).toEqual([REPORT_CALM_MS]);
    for (const status of ['Charging', 'SuspendedEV', 'Finishing'] as const)
      watch.look(view('occupied', status), T0 + 60_000);
    expect(await turn(120_000)).toHaveLength(1);
    watch.look(view('free', 'Available'), T0 + 120_000);
    expect(await turn(120_000 + REPORT_CALM_MS)).toHaveLength(2);
  });

  test('of a charger that flaps at most every ten seconds', async () => {
    const { watch, turn } = watched();
    for (let ms = 0; ms < 60_000; ms += 500) {
      watch.look(
        view(ms % 1_000 === 0 ? 'free' : 'out-of-service', ms % 1_000 === 0 ? 'Available' : 'Faulted'),
        T0 + ms,
      );
      await turn(ms);
    }
    const reports = await turn(60_000);
    expect(reports).toHaveLength(Math.ceil((60_000 - REPORT_CALM_MS) / REPORT_EVERY_MS_MIN));
  });

  test('again when it could not be written, and never of one that does not roam', async () => {
    const { watch, turn, refuses } = watched();
    refuses(true);
    watch.look(view('free', 'Available'), T0);
    expect(await turn(REPORT_CALM_MS)).toEqual([]);
    refuses(false);
    expect(await turn(REPORT_CALM_MS + REPORT_EVERY_MS_MIN)).toHaveLength(1);
    watch.changed(['PON-1'], new Set());
    watch.look(view('occupied', 'Charging'), T0 + 60_000);
    expect(await turn(120_000)).toHaveLength(1);
  });

  test('its silence is told once chargers have had the time to come back after a start of the server', async () => {
    const { watch, turn } = watched();
    const fleet = { find: () => view('offline', 'Available') };
    watch.sweep(fleet, T0 + RETURN_MS - 1);
    expect(await turn(RETURN_MS - 1 + REPORT_CALM_MS)).toEqual([]);
    watch.sweep(fleet, T0 + RETURN_MS);
    expect(await turn(RETURN_MS + REPORT_CALM_MS)).toHaveLength(1);
  });
});
